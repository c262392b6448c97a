//! Tables kept by hand in which the day stands once for several rows.

use super::detect::Layout;
use super::format::Format;
use super::outcome::FileOutcome;
use super::reject::Reject;
use crate::model::fault::Fault;
use crate::model::tables::TableSchema;

/// Rows without a day from which on they are a way of writing. A judgement: one is a slip.
const FEWEST: usize = 2;
/// Of so many rows one must lack its day: where every other or third one does, the day is meant for those below.
const OF_ROWS: usize = 3;

/// Why a file is of no use: rows below a day have none of their own, and without them its sums are too small.
pub(super) fn fault(
    outcome: &FileOutcome,
    format: &Format,
    layout: &Layout,
    table: &TableSchema,
) -> Option<Fault> {
    let days = names_of_days(format, layout, table);
    let has_none =
        |reject: &&Reject| reject.value.is_empty() && days.contains(&reject.column.as_str());
    let without: Vec<&Reject> = outcome.rejects.iter().filter(has_none).collect();
    let first = without.iter().min_by_key(|reject| reject.line)?;
    let are_many = without.len() >= FEWEST && without.len() * OF_ROWS >= outcome.read as usize;
    if !are_many || first.line <= layout.first_line {
        return None;
    }
    let message = format!(
        "{}: {} of {} rows have none, as where a day stands once for several rows",
        first.column,
        without.len(),
        outcome.read
    );
    let hint = format!(
        "fill \"{}\" in each row: in a spreadsheet select the column, go to its blank cells, and enter = with the cell above by Ctrl+Enter",
        first.column
    );
    let place = format!("{}:{}", first.file, first.line);
    Some(Fault::new(message).at(place).hint(hint))
}

/// The header cells of the day of a row, or of its time.
fn names_of_days<'a>(format: &Format, layout: &'a Layout, table: &TableSchema) -> Vec<&'a str> {
    let rules = format.columns.iter().zip(&layout.feeds);
    let of_days = rules.filter(|(rule, _)| {
        let is_time = table.time.is_some_and(|time| rule.to == time);
        is_time || rule.to == table.day || rule.to == "from_day"
    });
    let cells = of_days.filter_map(|(_, feeds)| feeds.first());
    cells
        .filter_map(|cell| layout.header.get(*cell))
        .map(String::as_str)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::ingest::identity::IdentityKey;
    use crate::ingest::{ExportRules, formats, inspect, source};

    /// What is said of a table of costs; nothing when it is read.
    fn refused(text: &str) -> Option<String> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("costs.csv");
        std::fs::write(&path, text).expect("the file is written");
        let options: BTreeMap<String, toml::Value> = BTreeMap::new();
        let rules = ExportRules {
            format: None,
            zone: None,
            business_zone: chrono_tz::Europe::Moscow,
            spam_words: &[],
            spam_contacts: &[],
            options: &options,
            key: &IdentityKey::new([1; 32]),
            now: "2027-01-01T00:00:00Z".parse().expect("a time"),
        };
        let formats = formats::load_all(std::path::Path::new("")).expect("the built-in formats");
        let source = source::sources(&path).expect("a source").remove(0);
        let said = inspect::inspect(source, &formats, &rules).and_then(|found| found.layout);
        said.err().map(|error| error.to_string())
    }

    #[test]
    fn a_day_that_stands_once_for_several_rows_is_refused_and_a_slip_is_not() {
        let once = "Дата;Площадка;Расход\n02.11.2026;Директ;1000\n;VK;300\n;Google;200\n03.11.2026;Директ;700\n;VK;300\n";
        let said = refused(once).expect("three of five");
        assert_eq!(
            said,
            "costs.csv:3: Дата: 3 of 5 rows have none, as where a day stands once for several rows"
        );
        let slip = "Дата;Площадка;Расход\n02.11.2026;Директ;1000\n;VK;300\n03.11.2026;VK;300\n";
        assert_eq!(refused(slip), None);
    }
}
