//! What speaks for or against a cause: numbers with a name, and their weight in nats.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::money::Minor;

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

/// One piece of evidence. Its sentence is the string `evidence.<code>` with the values in their places.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Name of the sentence, `cause.what`: `telephony.silence`.
    pub code: String,
    /// Raw numbers by the name of their place in the sentence.
    pub values: BTreeMap<String, Value>,
    /// Log Bayes factor of what was seen, this cause against "nothing happened", in nats; negative speaks against.
    pub weight: f64,
}

impl Evidence {
    /// Evidence of a weight with its numbers.
    pub fn new<const N: usize>(code: &str, weight: f64, values: [(&str, Value); N]) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { code: code.to_owned(), values, weight }
    }
}

/// Corroboration that many quiet periods would show as well ("the others came as usual") is worth no more than a tenth
/// of the main evidence, the first one, and nothing without it; evidence without weight goes.
pub fn temper(evidence: &mut Vec<Evidence>, common: impl Fn(&Evidence) -> bool) {
    let most = evidence.first().map_or(0.0, |main| (main.weight * 0.1).max(0.0));
    for one in evidence.iter_mut().skip(1).filter(|one| common(one)) {
        one.weight = one.weight.min(most);
    }
    evidence.retain(|one| one.weight != 0.0);
}
