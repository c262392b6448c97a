//! What speaks for or against a cause: numbers with a name, and their weight in nats.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::config::words::{self, Key};
use crate::model::money::Minor;

/// Share of the main evidence that corroboration is worth at most. A judgement.
const MOST_OF_MAIN: f64 = 0.1;

/// One number or text of an evidence, with what it is, so that every language can write it in its own way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Value {
    /// A count; may be a fraction when it is an expectation.
    Count(f64),
    /// A share from 0 to 1, shown in percent.
    Share(f64),
    /// Seconds.
    Seconds(f64),
    /// A relative change: −0.4 is "40 % less".
    Change(f64),
    /// A factor: 2.1 is "2.1 times".
    Times(f64),
    /// Days.
    Days(f64),
    /// An amount.
    Money(Minor),
    /// A day.
    Day(NaiveDate),
    /// An instant, shown on the pipeline's clock.
    Time(DateTime<Utc>),
    /// A text of an export or of the pipeline: hostile, never translated.
    Text(String),
    /// A word of the program that each language translates: a dimension, a holiday, a table.
    Word(String),
}

/// What a piece of evidence is evidence of. What it is worth is learnt by cause and role, and never depends on how it is
/// worded.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The thing itself: contacts of a place are missing, sessions doubled, closings not entered.
    #[default]
    Main,
    /// The same in the periods before: it may have begun earlier and last.
    Before,
    /// What came was bad: calls that fail or break off, visitors who leave at once, short talks.
    Quality,
    /// What others did in the same hours: other contacts, other channels, other managers.
    Others,
    /// Whether people still wanted to: taps on a number, begun forms, paid clicks.
    Demand,
    /// How people were answered: missed calls, late call-backs, untouched deals.
    Answering,
    /// What came of it: inquiries of the visitors, sales of the inquiries.
    Outcome,
    /// Why deals were lost.
    Reasons,
    /// Rows of exports: holes, halves, contacts that another export knows.
    Rows,
    /// A sign of another cause that looks alike.
    Rival,
    /// What a person wrote down.
    Note,
}

impl Role {
    /// All roles, in order.
    #[cfg(test)]
    pub const ALL: [Self; 11] = [
        Self::Main,
        Self::Before,
        Self::Quality,
        Self::Others,
        Self::Demand,
        Self::Answering,
        Self::Outcome,
        Self::Reasons,
        Self::Rows,
        Self::Rival,
        Self::Note,
    ];
}

/// One piece of evidence. Its sentence is the string `code` with the values in their places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Its sentence; written as `cause.what`: `telephony.silence_line`.
    #[serde(with = "crate::config::words::of_evidence")]
    pub code: Key,
    /// What it is evidence of.
    #[serde(default)]
    pub role: Role,
    /// Raw numbers by the name of their place in the sentence.
    pub values: BTreeMap<String, Value>,
    /// Log Bayes factor of what was seen, this cause against "nothing happened", in nats; negative speaks against.
    pub weight: f64,
}

impl Evidence {
    /// Evidence of the thing itself, of a weight, with its numbers.
    pub fn new<const N: usize>(code: Key, weight: f64, values: [(&str, Value); N]) -> Self {
        let values = values
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        Self {
            code,
            role: Role::Main,
            values,
            weight,
        }
    }

    /// The same evidence, told of some days of the period alone: the first and the last of them.
    #[must_use]
    pub fn on_days(mut self, first: NaiveDate, last: NaiveDate) -> Self {
        self.values.insert("first".to_owned(), Value::Day(first));
        self.values.insert("last".to_owned(), Value::Day(last));
        self
    }

    /// The same evidence in another role.
    #[must_use]
    pub fn of(self, role: Role) -> Self {
        Self { role, ..self }
    }
}

/// What the periods before the reported one say: it was so then already. `None` when they say nothing.
pub fn before(weight: f64) -> Option<Evidence> {
    (weight > 0.0)
        .then(|| Evidence::new(words::evidence::before::SAME, weight, []).of(Role::Before))
}

/// Corroboration that many quiet periods would show as well ("the others came as usual", "people still tap") is worth no
/// more than a tenth of the main evidence, the first one, and nothing without it; evidence without weight goes.
pub fn temper(evidence: &mut Vec<Evidence>) {
    let main_weight = evidence.first().map_or(0.0, |main| main.weight);
    let most = (main_weight * MOST_OF_MAIN).max(0.0);
    for one in evidence.iter_mut().skip(1) {
        if matches!(one.role, Role::Others | Role::Demand) {
            one.weight = one.weight.min(most);
        }
    }
    evidence.retain(|one| one.weight != 0.0);
}
