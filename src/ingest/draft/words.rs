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
    ("нет ответа", "no"),
    ("занят", "no"),
    ("сброш", "no"),
    ("отклон", "no"),
    ("недозвон", "no"),
    ("не дозвон", "no"),
    ("не состоял", "no"),
    ("голосовая почта", "no"),
    ("voicemail", "no"),
    ("abandoned", "no"),
    ("busy", "no"),
    ("cancel", "no"),
    ("failed", "no"),
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
    ("разговор", "yes"),
    ("дозвон", "yes"),
    ("успеш", "yes"),
    ("answered", "yes"),
    ("completed", "yes"),
    ("success", "yes"),
];

/// How a deal ended. The words for "lost", and for "not yet", come first: they hold those for "won".
pub(super) const ENDINGS: Meanings = &[
    ("не оплачен", "open"),
    ("неоплачен", "open"),
    ("unpaid", "open"),
    ("not paid", "open"),
    ("возврат", "returned"),
    ("refund", "returned"),
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
