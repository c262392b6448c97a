//! What of a header line is a format's own: the cells that it is known by, and those that make it another report.

use std::collections::BTreeSet;

use super::columns::same_but_unit;
use super::zone::same_but_zone;
use super::{HeadRow, same};
use crate::ingest::format::{Format, Recognise};
use crate::model::tables::Replace;

/// By what a format knows a file. Of two claims the one with more of the same is the more specific.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    /// Positions of the header cells; empty for a file without a header.
    pub(super) cells: BTreeSet<usize>,
    /// Patterns of cells in a file without a header, by position.
    pub(super) patterns: BTreeSet<usize>,
    /// Whether a text above the header was asked for, too.
    pub(super) by_preamble: bool,
}

impl Claim {
    /// Whether the claim rests on all that the other rests on, and on something more.
    pub(super) fn is_more_specific_than(&self, other: &Self) -> bool {
        let has_all = self.cells.is_superset(&other.cells)
            && self.by_preamble >= other.by_preamble
            // A header says more than the look of some cells.
            && (!self.cells.is_empty() || self.patterns.is_superset(&other.patterns));
        has_all && self != other
    }
}

/// The cells of a line that are the wanted ones of a format, each wanted name by a cell of its own; `None` when the line
/// is not the format's header.
pub(super) fn claimed(recognise: &Recognise, cells: &[String]) -> Option<BTreeSet<usize>> {
    // Hardly any line of a file is the header of most formats: that is told by the first name that has no cell.
    if cells.len() < recognise.header.len() || !begins_well(recognise, cells) {
        return None;
    }
    let mut taken = BTreeSet::new();
    for want in names_first(recognise) {
        taken.insert(free_cell(want, cells, &taken)?);
    }
    let is_one = |cell: &String| recognise.any_of.iter().any(|want| same(want, cell));
    let own: Vec<usize> = (0..cells.len()).filter(|at| is_one(&cells[*at])).collect();
    taken.extend(&own);
    let is_claimed = !taken.is_empty() && (recognise.any_of.is_empty() || !own.is_empty());
    is_claimed.then_some(taken)
}

/// Whether the first cell of a line is the one that the format asks for.
fn begins_well(recognise: &Recognise, cells: &[String]) -> bool {
    let is_first = |want: &String| cells.first().is_some_and(|cell| same(want, cell));
    recognise.first.as_ref().is_none_or(is_first)
}

/// The wanted names that have no cell of their own in a line.
pub(super) fn missing(recognise: &Recognise, cells: &[String]) -> Vec<String> {
    let mut missing = lacking(recognise, cells);
    if let Some(first) = &recognise.first
        && !begins_well(recognise, cells)
    {
        missing.push(format!("\"{first}\" as the first column"));
    }
    let is_there = |want: &String| cells.iter().any(|cell| same(want, cell));
    if !recognise.any_of.is_empty() && !recognise.any_of.iter().any(is_there) {
        missing.push(one_of_these(&recognise.any_of));
    }
    missing
}

fn lacking(recognise: &Recognise, cells: &[String]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut lacking = Vec::new();
    for want in names_first(recognise) {
        match free_cell(want, cells, &taken) {
            Some(at) => {
                taken.insert(at);
            }
            None => lacking.push(format!("\"{want}\"")),
        }
    }
    lacking
}

/// The wanted names, whole ones first: a pattern must not take the cell that another name needs.
fn names_first(recognise: &Recognise) -> impl Iterator<Item = &String> {
    let is_pattern = |want: &&String| want.contains('*');
    let names = recognise
        .header
        .iter()
        .filter(move |want| !is_pattern(want));
    names.chain(recognise.header.iter().filter(is_pattern))
}

/// The first cell that is the wanted one and that no other name has taken.
fn free_cell(want: &str, cells: &[String], taken: &BTreeSet<usize>) -> Option<usize> {
    let mut free = (0..cells.len()).filter(|at| !taken.contains(at));
    let is_called = free.clone().find(|at| same(want, &cells[*at]));
    let is_nearly = |cell: &str| same_but_zone(want, cell) || same_but_unit(want, cell);
    is_called.or_else(|| free.find(|at| is_nearly(&cells[*at])))
}

/// Names that are told of a long list: the first are the usual ones.
const TOLD_NAMES: usize = 3;

fn one_of_these(names: &[String]) -> String {
    let told = names.iter().take(TOLD_NAMES);
    let quoted: Vec<String> = told.map(|name| format!("\"{name}\"")).collect();
    format!("(one of {})", quoted.join(", "))
}

/// The header cell that makes a file another report than the format's, if there is one.
pub(super) fn stranger(
    format: &Format,
    header: &[String],
    unused: &[usize],
    rows: &[HeadRow],
) -> Option<String> {
    let recognise = &format.recognise;
    let is_forbidden = |cell: &&String| recognise.not_header.iter().any(|not| same(not, cell));
    if let Some(cell) = header.iter().find(is_forbidden) {
        return Some(cell.clone());
    }
    // Rows of other tables are records with a key: what is not read of them changes no number.
    if format.table().replace != Replace::Group {
        return None;
    }
    let may_pass = |cell: &String| recognise.passed_over.iter().any(|name| same(name, cell));
    let of_table = |row: &&HeadRow| row.cells.len() >= header.len();
    let holds_words = |at: usize| {
        let mut cells = rows.iter().filter(of_table).map(|row| &row.cells[at]);
        cells.any(|cell| is_words(cell))
    };
    let is_end = |at: usize| {
        let mut cells = rows.iter().filter(of_table).map(|row| &row.cells[at]);
        is_end_name(&header[at]) && cells.any(|cell| looks_like_date(cell))
    };
    let mut unread = unused.iter().copied();
    let is_strange = |at: &usize| {
        let is_named = !header[*at].is_empty() && !may_pass(&header[*at]);
        is_named && (holds_words(*at) || is_end(*at))
    };
    let at = unread.find(is_strange)?;
    Some(header[at].clone())
}

/// Whether a column is called as the last day of a span is: its row is not of one day.
fn is_end_name(name: &str) -> bool {
    const WHOLE: &[&str] = &["end", "to", "stop", "по", "до", "finish"];
    const PARTS: &[&str] = &[
        "окончан",
        "конец",
        "конца",
        "end date",
        "end_date",
        "date end",
        "date_to",
        "date to",
    ];
    let name = name.trim().to_lowercase();
    WHOLE.contains(&name.as_str()) || PARTS.iter().any(|part| name.contains(part))
}

/// Whether a cell may be a date: digits parted by two marks.
fn looks_like_date(cell: &str) -> bool {
    let is_mark = |symbol: &char| matches!(symbol, '.' | '-' | '/');
    let marks = cell.chars().filter(is_mark).count();
    let begins_well = cell.starts_with(|symbol: char| symbol.is_ascii_digit());
    begins_well && marks >= 2
}

/// The column whose cells do not look as the format says, if there is one. Empty cells say nothing.
pub(super) fn odd_column(format: &Format, header: &[String], rows: &[HeadRow]) -> Option<String> {
    let patterns = &format.recognise.value_patterns;
    let of_table = |row: &&HeadRow| row.cells.len() >= header.len();
    let mut odd = patterns.iter().filter(|(name, pattern)| {
        let Some(at) = header.iter().position(|cell| same(name, cell)) else {
            return true;
        };
        let mut cells = rows.iter().filter(of_table).map(|row| &row.cells[at]);
        cells.any(|cell| !cell.is_empty() && !pattern.is_match(cell))
    });
    odd.next().map(|(name, _)| name.clone())
}

/// Letters that an amount or a duration may have: `US$`, `руб.`, `сек`. More are a word.
const LETTERS_OF_UNITS: usize = 3;

/// Whether a cell tells rows apart by words. Numbers with signs, units and marks do not: they are measures.
fn is_words(cell: &str) -> bool {
    const NO_NUMBER: &[&str] = &["n/a", "nan", "null", "none", "не определено"];
    let letters = cell.chars().filter(|symbol| symbol.is_alphabetic()).count();
    let has_digit = cell.chars().any(|symbol| symbol.is_ascii_digit());
    // The start page of a site has no letter, but is a page.
    if cell.starts_with('/') {
        return true;
    }
    if letters == 0 || NO_NUMBER.contains(&cell.to_lowercase().as_str()) {
        return false;
    }
    let is_measure = has_digit && letters <= LETTERS_OF_UNITS && !cell.contains('/');
    // `1 min 35 s` begins with its number, a name with its letters.
    let begins_as_number = cell.starts_with(|symbol: char| symbol.is_ascii_digit());
    let is_duration = begins_as_number && cell.contains(' ') && !cell.contains('/');
    !is_measure && !is_duration
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn wanted(header: &[&str], any_of: &[&str]) -> Recognise {
        Recognise {
            header: cells(header),
            any_of: cells(any_of),
            ..Recognise::default()
        }
    }

    #[test]
    fn each_wanted_name_has_a_cell_of_its_own() {
        let ga4 = wanted(&["Session*", "Sessions"], &[]);
        assert_eq!(claimed(&ga4, &cells(&["Landing page", "Sessions"])), None);
        let both = claimed(&ga4, &cells(&["Session source", "Sessions"]));
        assert_eq!(both, Some([0, 1].into()));
    }

    #[test]
    fn one_of_several_names_is_enough_and_all_of_them_are_claimed() {
        let traffic = wanted(&["Sessions"], &["Session source", "Session medium"]);
        assert_eq!(claimed(&traffic, &cells(&["Country", "Sessions"])), None);
        let header = cells(&["Session medium", "Country", "Session source", "Sessions"]);
        assert_eq!(claimed(&traffic, &header), Some([0, 2, 3].into()));
        let lacks = missing(&traffic, &cells(&["Country"]));
        assert_eq!(
            lacks,
            [
                "\"Sessions\"",
                "(one of \"Session source\", \"Session medium\")"
            ]
        );
    }

    #[test]
    fn of_two_claims_the_one_with_more_of_the_same_is_more_specific() {
        let claim = |cells: &[usize]| Claim {
            cells: cells.iter().copied().collect(),
            patterns: BTreeSet::new(),
            by_preamble: false,
        };
        assert!(claim(&[0, 1, 2]).is_more_specific_than(&claim(&[0, 1])));
        assert!(!claim(&[0, 1]).is_more_specific_than(&claim(&[0, 1])));
        assert!(!claim(&[0, 2, 3]).is_more_specific_than(&claim(&[0, 1])));
        let headerless = Claim {
            patterns: [9].into(),
            ..claim(&[])
        };
        assert!(claim(&[0]).is_more_specific_than(&headerless));
        assert!(!headerless.is_more_specific_than(&claim(&[0])));
    }

    #[test]
    fn words_tell_rows_apart_and_measures_do_not() {
        for cell in [
            "Avito",
            "/price",
            "yandex / cpc",
            "Nov 2 - Nov 8, 2026",
            "/",
        ] {
            assert!(is_words(cell), "{cell}");
        }
        for cell in [
            "",
            "--",
            "12,5 %",
            "US$1.92",
            "1 234 руб.",
            "00:01:35",
            "1 мин. 35 сек.",
        ] {
            assert!(!is_words(cell), "{cell}");
        }
    }
}
