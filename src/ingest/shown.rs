//! Some rows as they would be stored, for people: what a mapping comes to is seen in three rows, and not in its columns.

use chrono::{DateTime, NaiveDate, TimeDelta};

use crate::model::columns::{Columns, Dictionary, Values};
use crate::model::tables::{ColumnKind, Field};

/// Rows that are shown.
const ROWS: usize = 3;
/// What stands for a key: keys name people.
const HIDDEN: &str = "(hidden)";

/// What was seen of the rows of a file.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// The first rows: the filled columns with their values, in the order of the table.
    pub rows: Vec<Vec<(&'static str, String)>>,
    /// First and last day of all rows.
    pub span: Option<(NaiveDate, NaiveDate)>,
}

impl Shown {
    /// Looks at the next rows; `texts` are the dictionaries of their columns.
    pub(super) fn add(&mut self, columns: &Columns, texts: &[Dictionary]) {
        let missing = ROWS.saturating_sub(self.rows.len());
        for row in 0..columns.rows().min(missing) {
            self.rows.push(filled(columns, texts, row));
        }
        let Values::Day(days) = columns.column(columns.table.day) else {
            return;
        };
        // A row of a period begins before its last day.
        let firsts = match columns.table.position("from_day") {
            Some(at) => &columns.values[at],
            None => columns.column(columns.table.day),
        };
        let Values::Day(firsts) = firsts else { return };
        if let (Some(first), Some(last)) = (firsts.iter().min(), days.iter().max()) {
            let (first, last) = (day_from_number(*first), day_from_number(*last));
            let (from, to) = self.span.unwrap_or((first, last));
            self.span = Some((from.min(first), to.max(last)));
        }
    }
}

fn day_from_number(number: i32) -> NaiveDate {
    DateTime::UNIX_EPOCH.date_naive() + TimeDelta::days(i64::from(number))
}

fn filled(columns: &Columns, texts: &[Dictionary], row: usize) -> Vec<(&'static str, String)> {
    let mut shown = Vec::new();
    for (at, (field, values)) in columns.table.fields.iter().zip(&columns.values).enumerate() {
        if !values.is_absent(row) && !is_of_ours(field) {
            shown.push((field.name, value(field.kind, values, &texts[at], row)));
        }
    }
    shown
}

/// Columns that no cell of the file feeds.
fn is_of_ours(field: &Field) -> bool {
    matches!(
        field.name,
        "origin" | "spam" | "breakdown" | "telling" | "more_keys"
    )
}

fn value(kind: ColumnKind, values: &Values, texts: &Dictionary, row: usize) -> String {
    match (kind, values) {
        (_, Values::Text(codes)) => texts.text(codes[row]).to_owned(),
        (_, Values::Key(_)) => HIDDEN.to_owned(),
        (_, Values::Count(counts)) => counts[row].to_string(),
        (_, Values::Flag(flags)) => if flags[row] == 1 { "yes" } else { "no" }.to_owned(),
        (_, Values::Day(days)) => day_from_number(days[row]).to_string(),
        (ColumnKind::Time, Values::Long(times)) => {
            let at = DateTime::from_timestamp_millis(times[row]).unwrap_or_default();
            at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
        }
        (ColumnKind::Milli, Values::Long(list)) => decimal(list[row], 1000, 3),
        (_, Values::Long(list)) => decimal(list[row], 100, 2),
    }
}

/// A whole number of parts as a decimal: 123450 hundredths are `1234.50`.
fn decimal(parts: i64, in_one: u64, places: usize) -> String {
    let sign = if parts < 0 { "-" } else { "" };
    let (whole, rest) = (parts.unsigned_abs() / in_one, parts.unsigned_abs() % in_one);
    format!("{sign}{whole}.{rest:0places$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_shown_to_their_last_unit() {
        assert_eq!(decimal(123_450, 100, 2), "1234.50");
        assert_eq!(decimal(-5, 100, 2), "-0.05");
        assert_eq!(decimal(1_250, 1000, 3), "1.250");
    }
}
