//! Lines of a file that are no data: repeated headers, totals, `sep=`, and what stands behind the end of the table.

use super::messages;
use super::no_rows::says_no_rows;
use crate::ingest::detect::{BYTE_ORDER_MARK, Layout, names_delimiter};
use crate::ingest::format::Format;
use crate::ingest::records::Chunk;
use crate::model::tables::{CALLS, Replace};

/// Words of totals rows in any export, in lower case. They count where they are all of a cell, or where a colon or a number
/// follows: `Total: Account`, `Итого: 12`. A campaign may begin with any of them.
pub(in crate::ingest) const TOTALS: &[&str] = &[
    "total",
    "totals",
    "grand total",
    "grand totals",
    "total rows",
    "итого",
    "всего",
    "итог",
    "общий итог",
    "итого и средние",
];

/// Beginnings of the words that mark a subtotal whatever follows them, in lower case.
const SUBTOTALS: &[&str] = &[
    "subtotal",
    "sub-total",
    "sub total",
    "итого за ",
    "итого по ",
    "итого на ",
    "итог за ",
    "итог по ",
    "промежуточный итог",
    "промежуточные итоги",
    "подытог",
    "подитог",
];

/// Beginnings that mark a subtotal when a span of days follows: «Всего за 990 рублей» is a campaign.
const TOTALS_OF_SPANS: &[&str] = &[
    "всего за ",
    "total for ",
    "totals for ",
    "total of ",
    "day total",
    "daily total",
    "weekly total",
    "monthly total",
];

/// Beginnings of the words for a span of days.
const SPANS: &[&str] = &[
    "день",
    "дня",
    "сутки",
    "недел",
    "месяц",
    "период",
    "смен",
    "квартал",
    "год",
    "январ",
    "феврал",
    "март",
    "апрел",
    "май",
    "мая",
    "июн",
    "июл",
    "август",
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
    "day",
    "the day",
    "week",
    "the week",
    "month",
    "the month",
    "period",
    "the period",
    "quarter",
    "year",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Names of the header that make a row another header: no row of data holds two of them.
const FEWEST_NAMES: usize = 2;

/// Knows the lines of one file that are no data.
pub(super) struct NoData<'a> {
    layout: &'a Layout,
    /// Beginnings of totals rows of the format, in lower case.
    totals: Vec<String>,
    /// What begins another table.
    ends: &'a [String],
    /// The name of each wanted cell, in slot order, in lower case; empty in a file without a header.
    names: Vec<String>,
    /// The names of all cells, in lower case; empty in a file without a header.
    header: Vec<String>,
    /// Whether the rows are added up: records of deals or plans may hold the word "total" in any cell.
    has_totals: bool,
    /// Whether the rows are calls, among which there may be messages.
    has_messages: bool,
}

impl<'a> NoData<'a> {
    /// For a file whose `wanted` cells are kept, in slot order.
    pub(super) fn new(format: &'a Format, layout: &'a Layout, wanted: &[usize]) -> Self {
        let lower = |text: &String| text.to_lowercase();
        let named = wanted.iter().filter(|_| layout.has_header);
        Self {
            layout,
            totals: format.rows.totals.iter().map(lower).collect(),
            ends: &format.rows.ends,
            names: named.map(|cell| lower(&layout.header[*cell])).collect(),
            header: layout
                .header
                .iter()
                .filter(|name| layout.has_header && !name.is_empty())
                .map(lower)
                .collect(),
            has_totals: format.table().replace == Replace::Group,
            // The files of switches that have no header hold no messages, and are the large ones.
            has_messages: layout.has_header && format.table().name == CALLS.name,
        }
    }

    /// Line of the first row, or of the first that could not be taken apart, that begins another table.
    pub(super) fn end_of_table(&self, chunk: &Chunk) -> Option<u32> {
        if self.ends.is_empty() {
            return None;
        }
        let faults = chunk.faults.iter().map(|(row, _)| row);
        let all = chunk.rows.iter().chain(faults);
        let begins = |bytes: &[u8]| {
            self.ends
                .iter()
                .any(|end| bytes.starts_with(end.as_bytes()))
        };
        let other_tables = all.filter(|row| begins(bare(chunk.bytes_of(row))));
        other_tables.map(|row| row.line).min()
    }

    /// Whether a chunk of calls may hold messages.
    pub(super) fn may_hold_messages(&self, chunk: &Chunk) -> bool {
        self.has_messages && messages::may_hold_message(&chunk.data)
    }

    /// Whether a cell of a row says that it is a message or a fax, and no call.
    pub(super) fn is_message(&self, row: &[u8]) -> bool {
        messages::may_hold_message(row) && self.cells(row).any(|cell| messages::is_message(&cell))
    }

    /// Whether the header stands in a row once more, as where several exports were joined into one file: in another case,
    /// with other quotes or behind a byte-order mark, too.
    pub(super) fn is_header(&self, chunk: &Chunk, row: usize) -> bool {
        let mut names = self.names.iter().enumerate();
        !self.names.is_empty() && names.all(|(slot, name)| is_name(chunk.cell(row, slot), name))
    }

    /// Whether a row is made of names of the header, but in another order or beside others: what follows it would be
    /// misread.
    pub(super) fn is_turned_header(&self, chunk: &Chunk, row: usize) -> bool {
        let cells: Vec<String> = self.cells(chunk.row_bytes(row)).collect();
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        let known = self
            .header
            .iter()
            .filter(|name| cells.contains(name))
            .count();
        known >= FEWEST_NAMES && known * 2 > filled
    }

    /// Whether a row of a file whose rows are all of one period is marked as totals by its first cell.
    pub(super) fn is_undated_total(&self, row: &[u8]) -> bool {
        if self.layout.is_dated {
            return false;
        }
        let first = self.cells(row).find(|cell| !cell.is_empty());
        first.is_some_and(|cell| self.begins_total(&cell))
    }

    /// Whether a row that does not fit, or lacks what each row must have, is none of data: totals wherever they are
    /// marked, the name of the delimiter, or words for a report without rows.
    pub(super) fn is_no_data(&self, row: &[u8]) -> bool {
        if names_delimiter(row) {
            return true;
        }
        let mut cells = self.cells(row).filter(|cell| !cell.is_empty());
        let Some(first) = cells.next() else {
            return false;
        };
        let is_alone = cells.clone().next().is_none();
        self.begins_total(&first)
            || is_total(&first)
            || (is_alone && says_no_rows(&first))
            || (self.has_totals && cells.any(|cell| is_total(&cell)))
    }

    /// Whether the first cell of a record that is no date marks a row of totals: `02.11.2026;Итого за день;2`.
    pub(super) fn is_marked_total(&self, row: &[u8]) -> bool {
        let mut cells = self.cells(row);
        let first = cells.find(|cell| !cell.is_empty() && !is_date(cell));
        first.is_some_and(|cell| is_total(&cell))
    }

    fn begins_total(&self, cell: &str) -> bool {
        is_total(cell)
            || self
                .totals
                .iter()
                .any(|total| cell.starts_with(total.as_str()))
    }

    /// The cells of a row in lower case. Quoted delimiters are not looked for: no word of totals has one.
    fn cells<'r>(&self, row: &'r [u8]) -> impl Iterator<Item = String> + Clone + use<'r> {
        let delimiter = self.layout.dialect.delimiter;
        let cells = bare(row).split(move |byte| *byte == delimiter);
        cells.map(|cell| {
            let text = String::from_utf8_lossy(cell).to_lowercase();
            text.trim_matches(|symbol: char| symbol == '"' || symbol.is_whitespace())
                .to_owned()
        })
    }
}

/// A line without the byte-order mark that may stand before it.
fn bare(row: &[u8]) -> &[u8] {
    row.strip_prefix(BYTE_ORDER_MARK)
        .unwrap_or(row)
        .trim_ascii_start()
}

/// Whether a cell is a name, which is in lower case.
fn is_name(cell: &[u8], name: &str) -> bool {
    let cell = bare(cell).trim_ascii_end();
    // Letters of both cases take the same bytes in the languages of exports: other lengths need no look at the text.
    if cell.len() != name.len() {
        return false;
    }
    std::str::from_utf8(cell).is_ok_and(|text| text.to_lowercase() == name)
}

/// Whether a text holds letters of a word of totals at all. Quick: most files hold none.
pub(in crate::ingest) fn may_hold_total(text: &[u8]) -> bool {
    const LETTERS: [&str; 6] = ["тог", "ТОГ", "сего", "СЕГО", "otal", "OTAL"];
    let mut letters = LETTERS.iter();
    letters.any(|part| memchr::memmem::find(text, part.as_bytes()).is_some())
}

/// Whether a cell, in lower case, marks a row of totals, of the whole table or of a part of it.
pub(in crate::ingest) fn is_total(cell: &str) -> bool {
    is_total_word(cell) || is_subtotal(cell)
}

/// Whether a cell, in lower case, marks the totals of a part of the table: of a day, of a group.
pub(in crate::ingest) fn is_subtotal(cell: &str) -> bool {
    let behind = |words: &[&str]| words.iter().find_map(|word| cell.strip_prefix(word));
    let of_span = |rest: &str| {
        let rest = rest.trim_start_matches([' ', ':']);
        rest.is_empty() || is_date(rest) || SPANS.iter().any(|span| rest.starts_with(span))
    };
    // «02.11.2026 итого»
    let dated = TOTALS.iter().find_map(|word| cell.strip_suffix(word));
    behind(SUBTOTALS).is_some()
        || behind(TOTALS_OF_SPANS).is_some_and(of_span)
        || dated.is_some_and(|date| is_date(date.trim_end_matches([' ', ':', ','])))
}

/// Whether a cell looks like a date, with a time of day or without.
fn is_date(cell: &str) -> bool {
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    let is_part = |symbol: char| {
        symbol.is_ascii_digit() || matches!(symbol, '.' | '-' | '/' | ' ' | ':' | 't' | 'z')
    };
    digits >= 4 && cell.contains(['.', '-', '/']) && cell.chars().all(is_part)
}

/// Whether a cell, in lower case, is one of the words of totals, alone or with what it counts.
pub(in crate::ingest) fn is_total_word(cell: &str) -> bool {
    TOTALS.iter().any(|word| {
        let Some(rest) = cell.strip_prefix(word) else {
            return false;
        };
        let rest = rest.trim_start();
        rest.is_empty() || rest.starts_with([':', '(']) || rest.parse::<f64>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_begins_like_totals_is_none() {
        for cell in [
            "total",
            "total: account",
            "total : campagnes",
            "итого",
            "total rows: 12",
            "grand totals (3 records)",
            "всего 12",
        ] {
            assert!(is_total_word(cell), "{cell}");
        }
        for cell in [
            "total comfort windows",
            "totally new doors",
            "итоговая скидка",
            "brand total",
            "",
        ] {
            assert!(!is_total_word(cell), "{cell}");
        }
    }

    #[test]
    fn subtotals_are_told_from_names_that_begin_like_them() {
        for cell in [
            "итого за день",
            "итого за 02.11.2026",
            "итого по менеджеру анна",
            "subtotal",
            "subtotal: 3",
            "промежуточный итог",
            "всего за ноябрь",
            "total for 2026-11-02",
            "02.11.2026 итого",
        ] {
            assert!(is_subtotal(cell), "{cell}");
        }
        for cell in [
            "всего за 990 рублей",
            "total for you",
            "окна итого",
            "02.11.2026",
            "итоговая скидка за день",
            "",
        ] {
            assert!(!is_subtotal(cell), "{cell}");
        }
    }

    #[test]
    fn a_repeated_header_is_known_in_another_case_and_behind_a_mark() {
        assert!(is_name("\u{feff}ДАТА ".as_bytes(), "дата"));
        assert!(is_name(b"Clicks", "clicks"));
        assert!(!is_name(b"Clicks ", "click"));
    }
}
