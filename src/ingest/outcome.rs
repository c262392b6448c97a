//! What became of the files of an export.

use std::collections::BTreeSet;

use super::Planned;
use super::adapters::FileFault;
use super::format::Format;
use super::nameless::Nameless;
use super::records::Padded;
use super::reject::Reject;
use crate::model::seen::{ReadColumn, Seen};
use crate::model::tables::{COSTS, DEALS, FORMS};

/// What reading one file came to, before it is known which rows newer ones stand for.
#[derive(Debug, Clone, Default)]
pub struct FileOutcome {
    /// Hash of the file as it lies on disk, hexadecimal; empty for members of archives.
    pub hash: String,
    /// Data rows.
    pub read: u64,
    /// Totals, repeated headers and blank rows.
    pub skipped: u64,
    /// Rows whose record another row of the same batch stands for.
    pub replaced: u64,
    /// Rows that could not be taken.
    pub rejects: Vec<Reject>,
    /// Those of them that lie after the reading, and are to be read again.
    pub ahead: u64,
    /// When the first of the moments that lie after the reading can be believed, UTC milliseconds: the file is to be read
    /// again then.
    pub due: Option<i64>,
    /// Cells that name nobody, where a person was expected.
    pub nameless: Nameless,
    /// Its columns.
    pub seen: Seen,
    /// Whose its rows are, where each says so.
    pub accounts: BTreeSet<String>,
    /// What had to be concluded without the file's own word, for people.
    pub doubts: Vec<String>,
    /// What may make its numbers other ones than were meant, for people and for the report.
    pub remarks: Vec<String>,
}

/// What is said of messages and faxes among calls.
pub(super) fn messages_told(rows: u64) -> Option<String> {
    match rows {
        0 => None,
        1 => Some("1 row is a message or a fax, no call: passed over".to_owned()),
        rows => Some(format!(
            "{rows} rows are messages or faxes, no calls: passed over"
        )),
    }
}

/// Remarks on the files of an export that are not all of one account, by what each brings beside the ones before it.
pub(super) fn tell_accounts(outcomes: &mut [FileOutcome]) {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for outcome in outcomes {
        let is_new = outcome
            .accounts
            .iter()
            .any(|account| !known.contains(account));
        known.extend(outcome.accounts.iter().cloned());
        if is_new && known.len() > 1 {
            let names: Vec<&str> = known.iter().map(String::as_str).collect();
            outcome.remarks.push(format!(
                "its visits and those before it are of {} counters ({}): two counters of one site tell each visit twice, and one may have \
                 the number of another; make an [[exports]] of each",
                names.len(),
                names.join(", ")
            ));
        }
    }
}

/// What is said of visits of robots.
pub(super) fn robots_told(rows: u64) -> Option<String> {
    match rows {
        0 => None,
        1 => Some("1 row is a visit of a robot: passed over".to_owned()),
        rows => Some(format!("{rows} rows are visits of robots: passed over")),
    }
}

/// What is said of requests by which somebody has tried a form.
pub(super) fn trials_told(rows: u64) -> Option<String> {
    match rows {
        0 => None,
        1 => Some("1 row is a test of the form: kept as spam, no inquiry".to_owned()),
        rows => Some(format!(
            "{rows} rows are tests of the form: kept as spam, no inquiries"
        )),
    }
}

/// What is said of rows that are longer than most, by an empty cell at their end.
pub(super) fn padded_told(padded: &Padded) -> Option<String> {
    let (rows, line) = padded.longer()?;
    let are = if rows == 1 { "row is" } else { "rows are" };
    Some(format!(
        "{rows} {are} longer than the others by an empty cell, the first in line {line}: a mark between cells that stands inside of one \
         moves all behind it; put such cells in quotes"
    ))
}

/// What is said of costs of which some name their advertising system and some do not: a cell that is merged with those
/// below it names one row when the sheet is saved as text, and the money of the others is of no channel.
pub(super) fn nameless_systems(seen: &Seen, format: &Format) -> Option<String> {
    let of_system = |column: &&ReadColumn| column.to == "engine";
    let system = seen.read.iter().find(of_system)?;
    let nameless = seen.rows - system.filled;
    let is_told = format.table().name == COSTS.name && nameless > 0 && system.filled > 0;
    is_told.then(|| {
        format!(
            "{nameless} of {} rows name no advertising system in \"{}\", and belong to no channel: were its cells merged? fill them in",
            seen.rows,
            system.from.join("\", \"")
        )
    })
}

/// What is said of columns of telephones or addresses in which there is not one, and something else is: the header stands
/// over other cells, or the export hides them in its own words.
pub(super) fn no_contacts(seen: &Seen, nameless: &Nameless, format: &Format) -> Vec<String> {
    let is_contact = |column: &&ReadColumn| matches!(column.to.as_str(), "phone" | "email");
    let empty = seen
        .read
        .iter()
        .filter(|column| is_contact(column) && column.filled == 0);
    let is_of_people = [FORMS.name, DEALS.name].contains(&format.table().name);
    let told = |column: &ReadColumn| {
        let names = column.from.iter();
        let rows: u64 = names.filter_map(|name| nameless.of_nobody(name)).sum();
        let what = if column.to == "phone" {
            "a telephone number"
        } else {
            "an e-mail address"
        };
        (rows > 0 && is_of_people).then(|| {
            format!(
                "none of the {rows} filled cells of \"{}\" holds {what}: does the header stand over another column?",
                column.from.join("\", \"")
            )
        })
    };
    empty.filter_map(told).collect()
}

/// What an adapter says of one of its files, as it is said of a file by its name.
pub(super) fn of_file(error: anyhow::Error, planned: &[Planned]) -> anyhow::Error {
    match error.downcast::<FileFault>() {
        Ok(FileFault { file, fault }) => {
            let file = file as usize;
            let error = fault.at(&planned[file].source.label).into();
            FileError { file, error }.into()
        }
        Err(error) => error,
    }
}

/// An error in one file of several: the others may still be read without it.
#[derive(Debug, thiserror::Error)]
#[error("{error:#}")]
pub struct FileError {
    /// Position of the file in the plan.
    pub file: usize,
    /// What is wrong.
    pub error: anyhow::Error,
}

#[cfg(test)]
mod tests {
    use super::super::formats;
    use super::*;

    #[test]
    fn files_of_two_counters_are_told_once() {
        let of = |accounts: &[&str]| FileOutcome {
            accounts: accounts.iter().map(ToString::to_string).collect(),
            ..FileOutcome::default()
        };
        let told = |mut outcomes: Vec<FileOutcome>| {
            tell_accounts(&mut outcomes);
            let remarks = outcomes.iter().map(|outcome| outcome.remarks.len());
            remarks.collect::<Vec<_>>()
        };
        assert_eq!(told(vec![of(&["1"]), of(&["1"]), of(&[])]), [0, 0, 0]);
        assert_eq!(told(vec![of(&["1"]), of(&["2"]), of(&["2"])]), [0, 1, 0]);
        assert_eq!(told(vec![of(&["1", "2"])]), [1]);
    }

    #[test]
    fn costs_that_name_no_system_beside_others_that_do_are_told() {
        let formats = formats::load_all(std::path::Path::new("no/formats")).expect("formats");
        let costs = formats.iter().find(|format| format.name == "own-costs");
        let costs = costs.expect("a built-in format");
        let seen = |filled| Seen {
            rows: 4,
            header: Vec::new(),
            read: vec![ReadColumn {
                to: "engine".to_owned(),
                from: vec!["Площадка".to_owned()],
                filled,
            }],
        };
        let told = nameless_systems(&seen(3), costs).expect("one is nameless");
        assert!(told.starts_with("1 of 4 rows name no advertising system in \"Площадка\""));
        assert_eq!(nameless_systems(&seen(4), costs), None);
        assert_eq!(nameless_systems(&seen(0), costs), None);
    }
}
