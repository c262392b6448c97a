//! The words by which columns of unknown files are told, and what the words in them mean.

use std::sync::LazyLock;

use serde::Deserialize;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
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
    /// Text or a whole number, each value once: what tells rows apart.
    Id,
    /// Text, or numbers that stand for it: names, states.
    Word,
    /// Text or a number.
    Any,
}

/// How a column is found where no word of the header tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Unnamed {
    /// Not at all.
    #[default]
    Never,
    /// The first that looks like it.
    First,
    /// The first whose values are all different: an id.
    Distinct,
    /// The last whose values are few and come again and again: a state.
    Repeated,
}

/// A column of a table, and how it is found in a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Want {
    pub(super) to: String,
    pub(super) looks: Looks,
    /// Words of the header, the most telling first.
    pub(super) words: Vec<String>,
    /// Words of the header that make a column another one.
    #[serde(default)]
    pub(super) not: Vec<String>,
    #[serde(default)]
    pub(super) unnamed: Unnamed,
    /// Whether the table is hardly the one where the column is not found.
    #[serde(default)]
    pub(super) must: bool,
    /// How much a column found by its name speaks for the table.
    pub(super) weight: u32,
}

/// A table with the columns by which it is known.
pub(super) struct Known {
    pub(super) table: Table,
    pub(super) wants: Vec<Want>,
}

/// The file of words.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    forms: Vec<Want>,
    deals: Vec<Want>,
    calls: Vec<Want>,
    costs: Vec<Want>,
    traffic_daily: Vec<Want>,
    sessions: Vec<Want>,
    deal_stages: Vec<Want>,
}

/// The tables that a file may feed; of two that fit equally well the first counts.
pub(super) static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let words: Words =
        toml::from_str(include_str!("words.toml")).expect("a test reads the file of words");
    let known = |table, wants| Known { table, wants };
    vec![
        known(Table::Forms, words.forms),
        known(Table::Deals, words.deals),
        known(Table::Calls, words.calls),
        known(Table::Costs, words.costs),
        known(Table::TrafficDaily, words.traffic_daily),
        known(Table::Sessions, words.sessions),
        known(Table::DealStages, words.deal_stages),
    ]
});

/// Words, in lower case and with е for ё, and what they mean.
type Meanings = &'static [(&'static str, &'static str)];

/// What the values of a column may mean.
pub(super) struct Vocabulary {
    /// Whole values.
    pub(super) whole: Meanings,
    /// Beginnings of words that a value may hold; the first that it holds counts.
    pub(super) parts: Meanings,
}

/// Words before another that deny it. "Not answered" is in the lists by itself, since it says as much as "answered".
pub(super) const NEGATIONS: [&str; 7] = ["не", "нет", "без", "not", "no", "un", "non"];

/// What stands beside the word of a state, in capitals too: `Missed Call`.
pub(super) const BESIDE: [&str; 8] = [
    "call",
    "calls",
    "deal",
    "order",
    "звонок",
    "вызов",
    "сделка",
    "заказ",
];

/// Which way a call went. One that was missed came in.
pub(super) const DIRECTIONS: Vocabulary = Vocabulary {
    whole: &[
        ("in", "inbound"),
        ("out", "outbound"),
        ("local", "internal"),
        ("intern", "internal"),
    ],
    parts: &[
        ("внутр", "internal"),
        ("internal", "internal"),
        ("исход", "outbound"),
        ("outgoing", "outbound"),
        ("outbound", "outbound"),
        ("ausgehend", "outbound"),
        ("вход", "inbound"),
        ("incoming", "inbound"),
        ("inbound", "inbound"),
        ("eingehend", "inbound"),
        ("пропущ", "inbound"),
        ("missed", "inbound"),
    ],
};

/// Whether somebody answered. The words for "no" come first: they hold those for "yes".
pub(super) const ANSWERS: Vocabulary = Vocabulary {
    whole: &[
        ("да", "yes"),
        ("нет", "no"),
        ("yes", "yes"),
        ("no", "no"),
        ("y", "yes"),
        ("n", "no"),
        ("true", "yes"),
        ("false", "no"),
        ("1", "yes"),
        ("0", "no"),
        ("ivr", "no"),
        ("ок", "yes"),
        ("ok", "yes"),
    ],
    parts: &[
        ("не принят", "no"),
        ("неприн", "no"),
        ("не отвеч", "no"),
        ("не ответ", "no"),
        ("неотвеч", "no"),
        ("без ответа", "no"),
        ("нет ответа", "no"),
        ("занят", "no"),
        ("сброш", "no"),
        ("отклон", "no"),
        ("недозвон", "no"),
        ("не дозвон", "no"),
        ("не состоял", "no"),
        ("голосовая почта", "no"),
        ("голосовое меню", "no"),
        ("автоответчик", "no"),
        ("автосекретарь", "no"),
        ("voicemail", "no"),
        ("voice mail", "no"),
        ("abandoned", "no"),
        ("busy", "no"),
        ("cancel", "no"),
        ("failed", "no"),
        ("declined", "no"),
        ("rejected", "no"),
        ("hang up", "no"),
        ("hung up", "no"),
        ("пропущ", "no"),
        ("потерян", "no"),
        ("неуспеш", "no"),
        ("не успеш", "no"),
        ("no answer", "no"),
        ("noanswer", "no"),
        ("no-answer", "no"),
        ("no_answer", "no"),
        ("not answered", "no"),
        ("unanswered", "no"),
        ("missed", "no"),
        ("принят", "yes"),
        ("отвеч", "yes"),
        ("состоял", "yes"),
        ("разговор", "yes"),
        ("дозвон", "yes"),
        ("успеш", "yes"),
        ("answered", "yes"),
        ("accepted", "yes"),
        ("connected", "yes"),
        ("completed", "yes"),
        ("success", "yes"),
    ],
};

/// How a deal ended. The words for "lost", and for "not yet", come first: they hold those for "won"; those of a deal that
/// goes on come last, since a new order may be paid.
pub(super) const ENDINGS: Vocabulary = Vocabulary {
    whole: &[
        ("продажа", "won"),
        ("успех", "won"),
        ("sold", "won"),
        ("closedwon", "won"),
        ("closedlost", "lost"),
        ("payment done", "won"),
        ("payed", "won"),
        ("open", "open"),
        ("открыто", "open"),
        ("открыта", "open"),
        ("открыт", "open"),
    ],
    parts: &[
        ("не оплачен", "open"),
        ("неоплачен", "open"),
        ("unpaid", "open"),
        ("not paid", "open"),
        ("возврат", "returned"),
        ("refund", "returned"),
        ("не реализован", "lost"),
        ("неуспешн", "lost"),
        ("провал", "lost"),
        ("проигр", "lost"),
        ("отказ", "lost"),
        ("отмен", "lost"),
        ("некачеств", "lost"),
        ("lost", "lost"),
        ("cancel", "lost"),
        ("успешн", "won"),
        ("выигр", "won"),
        ("продан", "won"),
        ("оплачен", "won"),
        ("выполнен", "won"),
        ("доставлен", "won"),
        ("завершен", "won"),
        ("won", "won"),
        ("paid", "won"),
        ("complete", "won"),
        ("новый", "open"),
        ("новая", "open"),
        ("новое", "open"),
        ("новые", "open"),
        ("в работе", "open"),
        ("в обработке", "open"),
        ("в процессе", "open"),
        ("ожида", "open"),
        ("неразобран", "open"),
        ("new", "open"),
        ("in progress", "open"),
        ("processing", "open"),
        ("pending", "open"),
        ("on hold", "open"),
    ],
};
