//! The words by which columns of unknown files are told, in Russian and English, in lower case.

use crate::model::table::Table;

/// Beginnings of rows of totals, the longer before those that they begin with.
pub(super) const TOTALS: [&str; 7] = [
    "Итого и средние",
    "Итого",
    "ИТОГО",
    "Всего",
    "Grand total",
    "Total",
    "TOTAL",
];

/// What a column of a table may look like in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looks {
    Date,
    Phone,
    /// A number of the business itself, or its name.
    Line,
    Email,
    Address,
    /// Seconds or `HH:MM:SS`.
    Seconds,
    Count,
    Amount,
    /// Text or a number: names, states, ids.
    Any,
}

/// How a column is found where no word of the header tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unnamed {
    /// Not at all.
    Never,
    /// The first that looks like it.
    First,
    /// The first whose values are all different: an id.
    Distinct,
    /// The last whose values are few and come again and again: a state.
    Repeated,
}

/// A column of a table, and how it is found in a file.
pub(super) struct Want {
    pub(super) to: &'static str,
    pub(super) looks: Looks,
    /// Words of the header, the most telling first.
    pub(super) words: &'static [&'static str],
    pub(super) unnamed: Unnamed,
    /// How much a column found by its name speaks for the table.
    pub(super) weight: u32,
}

/// A table with the columns by which it is known.
pub(super) struct Known {
    pub(super) table: Table,
    pub(super) wants: &'static [Want],
}

const fn want(
    to: &'static str,
    looks: Looks,
    weight: u32,
    unnamed: Unnamed,
    words: &'static [&'static str],
) -> Want {
    Want {
        to,
        looks,
        words,
        unnamed,
        weight,
    }
}

/// Every kind of file has it: it tells nothing of the table.
const USUAL: u32 = 1;
/// Files of two or three tables have it.
const TELLING: u32 = 3;
/// Files of this table alone have it.
const OWN: u32 = 6;

const AT: &[&str] = &[
    "дата и время",
    "отметка времени",
    "timestamp",
    "submitted",
    "calldate",
    "время начала",
    "начало",
    "start",
    "дата создания",
    "created",
    "create date",
    "дата",
    "date",
    "день",
    "day",
    "время",
    "time",
];
const PHONE: &[&str] = &["телефон", "phone", "mobile", "тел."];
const EMAIL: &[&str] = &["e-mail", "email", "почта", "mail"];
const CLIENT: &[&str] = &[
    "clientid",
    "client id",
    "client_id",
    "_ym_uid",
    "ym_uid",
    "visitor",
];
const UTM_SOURCE: &[&str] = &["utm_source", "utm source"];
const UTM_MEDIUM: &[&str] = &["utm_medium", "utm medium"];
const UTM_CAMPAIGN: &[&str] = &["utm_campaign", "utm campaign"];
const CURRENCY: &[&str] = &["валюта", "currency"];

/// Requests of sites.
const FORMS: &[Want] = &[
    want(
        "form_id",
        Looks::Any,
        USUAL,
        Unnamed::Never,
        &[
            "id заявки",
            "номер заявки",
            "tranid",
            "submission id",
            "request id",
            "id",
        ],
    ),
    want("at", Looks::Date, USUAL, Unnamed::First, AT),
    want("form", Looks::Any, OWN, Unnamed::Never, &["форма", "form"]),
    want(
        "page",
        Looks::Address,
        TELLING,
        Unnamed::First,
        &["страница", "page", "url", "адрес", "landing"],
    ),
    want("phone", Looks::Phone, TELLING, Unnamed::First, PHONE),
    want("email", Looks::Email, TELLING, Unnamed::First, EMAIL),
    want("client", Looks::Any, USUAL, Unnamed::Never, CLIENT),
    want(
        "device",
        Looks::Any,
        USUAL,
        Unnamed::Never,
        &["устройство", "device"],
    ),
    want("utm_source", Looks::Any, USUAL, Unnamed::Never, UTM_SOURCE),
    want("utm_medium", Looks::Any, USUAL, Unnamed::Never, UTM_MEDIUM),
    want(
        "utm_campaign",
        Looks::Any,
        USUAL,
        Unnamed::Never,
        UTM_CAMPAIGN,
    ),
];

/// Calls, one row each.
const CALLS: &[Want] = &[
    want(
        "call_id",
        Looks::Any,
        USUAL,
        Unnamed::Distinct,
        &["id звонка", "call id", "call_id", "uniqueid", "id"],
    ),
    want("at", Looks::Date, USUAL, Unnamed::First, AT),
    want(
        "talk_s",
        Looks::Seconds,
        OWN,
        Unnamed::First,
        &[
            "длительность разговора",
            "разговор",
            "talk",
            "billsec",
            "длительность",
            "duration",
        ],
    ),
    want(
        "wait_s",
        Looks::Seconds,
        OWN,
        Unnamed::Never,
        &["ожидани", "wait", "дозвон"],
    ),
    want(
        "direction",
        Looks::Any,
        TELLING,
        Unnamed::Never,
        &["направление", "direction", "тип звонка", "call type", "тип"],
    ),
    want(
        "phone",
        Looks::Phone,
        TELLING,
        Unnamed::First,
        &[
            "номер абонента",
            "номер клиента",
            "кто звонил",
            "звонящ",
            "caller",
            "откуда",
            "from",
            "телефон",
            "phone",
            "номер",
        ],
    ),
    want(
        "line",
        Looks::Line,
        TELLING,
        Unnamed::Never,
        &[
            "номер линии",
            "виртуальный номер",
            "вызываем",
            "called",
            "dialled",
            "куда",
            "линия",
            "line",
            "to",
        ],
    ),
    want(
        "disposition",
        Looks::Any,
        USUAL,
        Unnamed::Repeated,
        &["результат", "disposition", "статус", "status", "состояние"],
    ),
    want(
        "operator",
        Looks::Any,
        TELLING,
        Unnamed::Never,
        &[
            "сотрудник",
            "оператор",
            "ответил",
            "employee",
            "operator",
            "agent",
        ],
    ),
    want("client", Looks::Any, USUAL, Unnamed::Never, CLIENT),
    want("utm_source", Looks::Any, USUAL, Unnamed::Never, UTM_SOURCE),
    want("utm_medium", Looks::Any, USUAL, Unnamed::Never, UTM_MEDIUM),
    want(
        "utm_campaign",
        Looks::Any,
        USUAL,
        Unnamed::Never,
        UTM_CAMPAIGN,
    ),
];

/// Deals and orders.
const DEALS: &[Want] = &[
    want(
        "deal_id",
        Looks::Any,
        USUAL,
        Unnamed::Distinct,
        &[
            "id сделки",
            "deal id",
            "record id",
            "номер заказа",
            "order id",
            "номер",
            "number",
            "id",
        ],
    ),
    want(
        "created_at",
        Looks::Date,
        USUAL,
        Unnamed::First,
        &[
            "дата создания",
            "создан",
            "created",
            "create date",
            "дата заказа",
            "дата",
            "date",
        ],
    ),
    want(
        "updated_at",
        Looks::Date,
        TELLING,
        Unnamed::Never,
        &[
            "дата изменения",
            "дата редактирования",
            "изменен",
            "обновл",
            "modified",
            "updated",
        ],
    ),
    want(
        "closed_at",
        Looks::Date,
        TELLING,
        Unnamed::Never,
        &[
            "дата закрытия",
            "дата оплаты",
            "закрыт",
            "closed",
            "close date",
            "won date",
            "won_date",
        ],
    ),
    want(
        "pipeline",
        Looks::Any,
        OWN,
        Unnamed::Never,
        &["воронка", "pipeline"],
    ),
    want(
        "stage",
        Looks::Any,
        TELLING,
        Unnamed::Repeated,
        &["стадия", "этап", "stage", "статус", "status", "состояние"],
    ),
    want(
        "amount",
        Looks::Amount,
        TELLING,
        Unnamed::First,
        &[
            "сумма",
            "бюджет",
            "amount",
            "стоимость",
            "value",
            "price",
            "sum",
            "total",
        ],
    ),
    want("currency", Looks::Any, USUAL, Unnamed::Never, CURRENCY),
    want(
        "manager",
        Looks::Any,
        TELLING,
        Unnamed::Never,
        &["ответственный", "менеджер", "owner", "manager"],
    ),
    want("phone", Looks::Phone, USUAL, Unnamed::First, PHONE),
    want("email", Looks::Email, USUAL, Unnamed::First, EMAIL),
    want("client", Looks::Any, USUAL, Unnamed::Never, CLIENT),
    want(
        "loss_reason",
        Looks::Any,
        OWN,
        Unnamed::Never,
        &["причина", "lost reason", "loss reason"],
    ),
    want("utm_source", Looks::Any, USUAL, Unnamed::Never, UTM_SOURCE),
    want("utm_medium", Looks::Any, USUAL, Unnamed::Never, UTM_MEDIUM),
    want(
        "utm_campaign",
        Looks::Any,
        USUAL,
        Unnamed::Never,
        UTM_CAMPAIGN,
    ),
    want(
        "lead_source",
        Looks::Any,
        USUAL,
        Unnamed::Never,
        &["источник", "source", "origin"],
    ),
];

/// Costs by day.
const COSTS: &[Want] = &[
    want(
        "day",
        Looks::Date,
        USUAL,
        Unnamed::First,
        &["дата", "date", "день", "day"],
    ),
    want(
        "cost",
        Looks::Amount,
        OWN,
        Unnamed::Never,
        &[
            "расход",
            "затраты",
            "потрачено",
            "amount spent",
            "cost",
            "spend",
            "стоимость",
        ],
    ),
    want(
        "impressions",
        Looks::Count,
        OWN,
        Unnamed::Never,
        &["показы", "impressions", "impr"],
    ),
    want(
        "clicks",
        Looks::Count,
        TELLING,
        Unnamed::Never,
        &["клики", "clicks", "переходы"],
    ),
    want(
        "campaign_id",
        Looks::Any,
        TELLING,
        Unnamed::Never,
        &["id кампании", "№ кампании", "номер кампании", "campaign id"],
    ),
    want(
        "campaign",
        Looks::Any,
        TELLING,
        Unnamed::Never,
        &["кампания", "campaign"],
    ),
    want("utm_source", Looks::Any, USUAL, Unnamed::Never, UTM_SOURCE),
    want("utm_medium", Looks::Any, USUAL, Unnamed::Never, UTM_MEDIUM),
    want(
        "engine",
        Looks::Any,
        USUAL,
        Unnamed::Never,
        &[
            "площадка",
            "рекламная система",
            "источник",
            "platform",
            "source",
        ],
    ),
    want("currency", Looks::Any, USUAL, Unnamed::Never, CURRENCY),
];

/// Visits by day and source.
const TRAFFIC: &[Want] = &[
    want(
        "day",
        Looks::Date,
        USUAL,
        Unnamed::First,
        &["дата", "date", "день", "day"],
    ),
    want(
        "sessions",
        Looks::Count,
        OWN,
        Unnamed::Never,
        &["визиты", "сеансы", "sessions", "visits"],
    ),
    want(
        "users",
        Looks::Count,
        OWN,
        Unnamed::Never,
        &["посетители", "пользователи", "users", "visitors"],
    ),
    want("utm_source", Looks::Any, USUAL, Unnamed::Never, UTM_SOURCE),
    want("utm_medium", Looks::Any, USUAL, Unnamed::Never, UTM_MEDIUM),
    want(
        "utm_campaign",
        Looks::Any,
        USUAL,
        Unnamed::Never,
        UTM_CAMPAIGN,
    ),
    want(
        "group",
        Looks::Any,
        USUAL,
        Unnamed::Never,
        &["канал", "источник", "channel", "source"],
    ),
];

/// Single visits.
const SESSIONS: &[Want] = &[
    want(
        "session_id",
        Looks::Any,
        OWN,
        Unnamed::Never,
        &[
            "visitid",
            "visit_id",
            "visit id",
            "session_id",
            "sessionid",
            "session id",
            "id визита",
        ],
    ),
    want("client", Looks::Any, TELLING, Unnamed::Never, CLIENT),
    want("start_at", Looks::Date, USUAL, Unnamed::First, AT),
    want(
        "landing",
        Looks::Address,
        USUAL,
        Unnamed::First,
        &["страница входа", "landing", "starturl", "page", "url"],
    ),
    want(
        "page_views",
        Looks::Count,
        TELLING,
        Unnamed::Never,
        &["просмотры", "глубина", "pageviews", "page views"],
    ),
    want(
        "device",
        Looks::Any,
        USUAL,
        Unnamed::Never,
        &["устройство", "device"],
    ),
    want("utm_source", Looks::Any, USUAL, Unnamed::Never, UTM_SOURCE),
    want("utm_medium", Looks::Any, USUAL, Unnamed::Never, UTM_MEDIUM),
    want(
        "utm_campaign",
        Looks::Any,
        USUAL,
        Unnamed::Never,
        UTM_CAMPAIGN,
    ),
];

/// The tables that a file may feed; of two that fit equally well the first counts.
pub(super) const KNOWN: &[Known] = &[
    Known {
        table: Table::Forms,
        wants: FORMS,
    },
    Known {
        table: Table::Deals,
        wants: DEALS,
    },
    Known {
        table: Table::Calls,
        wants: CALLS,
    },
    Known {
        table: Table::Costs,
        wants: COSTS,
    },
    Known {
        table: Table::TrafficDaily,
        wants: TRAFFIC,
    },
    Known {
        table: Table::Sessions,
        wants: SESSIONS,
    },
];

/// Words of values, in lower case, and what they mean; the first that a value holds counts.
pub(super) type Meanings = &'static [(&'static str, &'static str)];

/// Which way a call went.
pub(super) const DIRECTIONS: Meanings = &[
    ("внутр", "internal"),
    ("internal", "internal"),
    ("local", "internal"),
    ("исход", "outbound"),
    ("out", "outbound"),
    ("вход", "inbound"),
    ("in", "inbound"),
];

/// Whether somebody answered. The words for "no" come first: they hold those for "yes".
pub(super) const ANSWERS: Meanings = &[
    ("не принят", "no"),
    ("неприн", "no"),
    ("не отвеч", "no"),
    ("неотвеч", "no"),
    ("без ответа", "no"),
    ("пропущ", "no"),
    ("потерян", "no"),
    ("неуспеш", "no"),
    ("no answer", "no"),
    ("no-answer", "no"),
    ("not answered", "no"),
    ("unanswered", "no"),
    ("missed", "no"),
    ("принят", "yes"),
    ("отвеч", "yes"),
    ("состоял", "yes"),
    ("успеш", "yes"),
    ("answered", "yes"),
    ("completed", "yes"),
    ("success", "yes"),
];

/// How a deal ended. The words for "lost" come first: they hold those for "won".
pub(super) const ENDINGS: Meanings = &[
    ("не реализован", "lost"),
    ("провал", "lost"),
    ("отказ", "lost"),
    ("отмен", "lost"),
    ("некачеств", "lost"),
    ("lost", "lost"),
    ("cancel", "lost"),
    ("успешно", "won"),
    ("успешна", "won"),
    ("оплачен", "won"),
    ("выполнен", "won"),
    ("доставлен", "won"),
    ("завершен", "won"),
    ("won", "won"),
    ("paid", "won"),
    ("complete", "won"),
];
