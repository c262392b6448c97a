//! A file seen through one format: the header, the cells behind each column rule, fraction mark and period.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::amountless;
use super::claim::{Claim, claimed, missing, odd_column, stranger};
use super::clock_cell::{self, clock_cells, half_cells};
use super::columns::{either, feeds};
use super::converted;
use super::head::{HeadRows, dialects};
use super::misfit::Misfit;
use super::usual::tells;
use super::{
    HEADER_ROWS, HeadRow, Layout, Search, order, part, period, rival, said_currency, same, zone,
};
use crate::ingest::format::{ColumnRule, Format, Reading};
use crate::ingest::records::Dialect;
use crate::ingest::source::Numbers;

/// The layout of a file that is of the format, which is `at` in the list that is searched, and by what it is known; else
/// how near it came. `label` is what people call the file.
pub(super) fn layout(
    rows: &mut HeadRows<'_>,
    at: usize,
    format: &Format,
    label: &str,
    search: Search,
) -> Result<(Layout, Claim), Misfit> {
    let head = rows.head();
    // Told at once for most files: the formats that ask for it look at hundreds of lines.
    let preamble = format.recognise.preamble.as_ref();
    if preamble.is_some_and(|text| memchr::memmem::find(&head.bytes, text.as_bytes()).is_none()) {
        return Err(Misfit::Unlike);
    }
    let numbers = head.numbers;
    let most = format.recognise.within.unwrap_or(HEADER_ROWS);
    let mut nearest = Misfit::Unlike;
    for dialect in dialects(head, &format.bytes) {
        if is_headerless(format) && is_of_another_width(format, rows.of(&dialect, 1)) {
            continue;
        }
        let rows = rows.of(&dialect, most);
        let placed = if is_headerless(format) {
            headerless(format, rows).ok_or(Misfit::Unlike)
        } else {
            with_header(format, rows, search)
        };
        match placed.and_then(|placed| build(at, format, dialect, rows, placed, label, numbers)) {
            Ok(found) => return Ok(found),
            Err(misfit) => nearest = nearest.or_nearer(misfit),
        }
    }
    Err(nearest)
}

pub(super) fn is_headerless(format: &Format) -> bool {
    format.recognise.header.is_empty() && format.recognise.any_of.is_empty()
}

/// Where the data begins, how its cells are called, and by what the format knows them.
struct Placed {
    header: Vec<String>,
    /// Rows before the first one of data: the header, and what stands above it.
    above: usize,
    /// Whether the last of them is the header.
    has_header: bool,
    claim: Claim,
}

/// The first row that has all header cells of the format is the header.
fn with_header(format: &Format, rows: &[HeadRow], search: Search) -> Result<Placed, Misfit> {
    let recognise = &format.recognise;
    let claim_of = |(at, row): (usize, &HeadRow)| Some((at, claimed(recognise, &row.cells)?));
    let Some((at, cells)) = rows.iter().enumerate().find_map(claim_of) else {
        return Err(match search {
            Search::Fit => Misfit::Unlike,
            Search::Near => nearly(format, rows),
        });
    };
    if let Some(text) = &recognise.preamble
        && !stands_in(text, &rows[..at])
    {
        return Err(Misfit::Unlike);
    }
    Ok(Placed {
        header: rows[at].cells.clone(),
        above: at + 1,
        has_header: true,
        claim: Claim {
            cells,
            patterns: BTreeSet::new(),
            by_preamble: recognise.preamble.is_some(),
        },
    })
}

/// What the row that has most of the format's header cells lacks.
fn nearly(format: &Format, rows: &[HeadRow]) -> Misfit {
    let lacks = |row: &HeadRow| missing(&format.recognise, &row.cells);
    // Of equally good rows the first.
    let Some(row) = rows.iter().min_by_key(|row| lacks(row).len()) else {
        return Misfit::Unlike;
    };
    let missing = lacks(row);
    let recognise = &format.recognise;
    let wanted = recognise.header.len() + usize::from(!recognise.any_of.is_empty());
    // What stands above the header is as telling as a cell of it.
    let has_preamble = recognise
        .preamble
        .as_ref()
        .is_some_and(|text| stands_in(text, rows));
    Misfit::Lacks {
        line: row.line,
        found: wanted.saturating_sub(missing.len()) + usize::from(has_preamble),
        missing,
        tells: has_preamble || tells(format, |name| row.cells.iter().any(|cell| same(name, cell))),
        header: row.cells.clone(),
    }
}

fn stands_in(text: &str, rows: &[HeadRow]) -> bool {
    let has_text = |row: &HeadRow| String::from_utf8_lossy(&row.bytes).contains(text);
    rows.iter().any(has_text)
}

/// First rows by which a file without a header is known: one broken row among five must not hide the format.
const SAMPLE_ROWS: usize = 5;

/// How many cells a row of a format without a header may have.
fn widths(format: &Format) -> RangeInclusive<usize> {
    format.recognise.min_cells.unwrap_or(1)..=format.recognise.names.len()
}

/// Whether the first row, where it is one of data, tells that a file without a header is none of the format: most files
/// are told so, and no other row of theirs has to be taken apart.
fn is_of_another_width(format: &Format, first: &[HeadRow]) -> bool {
    let is_data =
        |row: &&HeadRow| !row.bytes.trim_ascii().is_empty() && !names_delimiter(&row.bytes);
    let data = first.iter().find(is_data);
    data.is_some_and(|row| !widths(format).contains(&row.cells.len()))
}

/// Without a header, most of the first rows that are not empty must match the patterns.
fn headerless(format: &Format, rows: &[HeadRow]) -> Option<Placed> {
    // Spreadsheets name the delimiter in a line of its own.
    let above = usize::from(rows.first().is_some_and(|row| names_delimiter(&row.bytes)));
    let rows = &rows[above..];
    let is_filled = |row: &&HeadRow| !row.bytes.trim_ascii().is_empty();
    let samples: Vec<_> = rows.iter().filter(is_filled).take(SAMPLE_ROWS).collect();
    let width = samples.first()?.cells.len();
    let names = &format.recognise.names;
    let matching = samples.iter().filter(|row| matches(row, format)).count();
    let most_match = matching * 2 > samples.len();
    let patterns = format.recognise.patterns.iter();
    let claim = Claim {
        cells: BTreeSet::new(),
        patterns: patterns.map(|(cell, _)| *cell).collect(),
        by_preamble: false,
    };
    (widths(format).contains(&width) && most_match).then(|| Placed {
        header: names[..width].to_vec(),
        above,
        has_header: false,
        claim,
    })
}

fn matches(row: &HeadRow, format: &Format) -> bool {
    let mut patterns = format.recognise.patterns.iter();
    patterns.all(|(cell, pattern)| {
        let text = row.cells.get(*cell);
        text.is_some_and(|text| pattern.is_match(text))
    })
}

fn build(
    at: usize,
    format: &Format,
    dialect: Dialect,
    rows: &[HeadRow],
    placed: Placed,
    label: &str,
    numbers: Numbers,
) -> Result<(Layout, Claim), Misfit> {
    let mut header = placed.header;
    // A delimiter at the end of every line makes one more cell that has neither name nor value.
    while header.last().is_some_and(String::is_empty) {
        header.pop();
    }
    let (above, data_rows) = rows.split_at(placed.above);
    let last_above = above.last();
    let line = last_above.map_or(1, |row| row.line);
    let mut feeds = feeds(format, &header).map_err(|missing| Misfit::Lacks {
        line,
        found: placed.claim.cells.len(),
        missing: vec![missing],
        tells: tells(format, |name| header.iter().any(|cell| same(name, cell))),
        header: header.clone(),
    })?;
    if let Some(columns) = either(format, &header) {
        return Err(Misfit::Either { line, columns });
    }
    if let Some(column) = odd_column(format, &header, data_rows) {
        return Err(Misfit::OddValues { line, column });
    }
    let clocks = clock_cells(format, &header, &feeds, data_rows);
    let halves = half_cells(format, &header, &feeds, &clocks, data_rows);
    let unused = unused(&header, &feeds, [&clocks, &halves]);
    if let Some(column) = stranger(format, &header, &unused, data_rows) {
        return Err(Misfit::OtherReport { line, column });
    }
    if format.recognise.preamble.is_some()
        && let Some((line, part)) = part::cut_down_to(&above[..above.len().saturating_sub(1)])
    {
        return Err(Misfit::Part { line, part });
    }
    let told = || period::above(above).or_else(|| period::of_name(label));
    let titles = &above[..above.len().saturating_sub(usize::from(placed.has_header))];
    let converted = converted::settle(format, &header, &mut feeds, data_rows);
    let two = |said| Misfit::Currencies { line, said };
    let said = said_currency::of_file(format, &header, &feeds, titles, label).map_err(two)?;
    let period = may_want_period(format).then(told).flatten();
    if period.is_none() && needs_period(format, &feeds) {
        return Err(Misfit::NoPeriod { line });
    }
    let mut claim = placed.claim;
    if placed.has_header {
        claim.cells.extend(required_cells(format, &feeds));
    }
    // Where numbers are typed, the format's mark is that of another carrier.
    let decimal = match numbers {
        Numbers::Written => format.bytes.decimal,
        Numbers::Typed => None,
    };
    let no_time = clock_cell::note(format, &header, &feeds, &clocks, data_rows);
    let rival = rival::note(format, &header, &feeds, data_rows);
    let vat = said_currency::vat_note(titles);
    let amountless = amountless::note(format, &header, &feeds, &unused);
    let layout = Layout {
        format: at,
        decimals: vec![decimal; format.columns.len()],
        orders: order::orders(format, &feeds, data_rows),
        notes: [
            no_time,
            rival,
            amountless,
            vat,
            converted.as_ref().map(|told| told.note.clone()),
            said.note,
        ]
        .into_iter()
        .flatten()
        .collect(),
        has_header: placed.has_header,
        data_at: last_above.map_or(0, |row| row.end),
        first_line: last_above.map_or(1, |row| row.line + 1),
        is_dated: !needs_period(format, &feeds),
        name: own_name(label).to_owned(),
        period,
        currency: converted.and_then(|told| told.currency).or(said.currency),
        zone: zone::said(format, &header, &feeds, &clocks, above),
        unused: unused
            .iter()
            .map(|at| header[*at].clone())
            .filter(|name| {
                let mut read = format.rows.robots.iter().chain(&format.rows.accounts);
                !read.any(|read| same(read, name))
            })
            .collect(),
        dialect,
        header,
        feeds,
        clocks,
        halves,
    };
    Ok((layout, claim))
}

/// Endings of names that tell the kind of a file.
const ENDINGS: &[&str] = &[
    "csv", "tsv", "txt", "xlsx", "xlsb", "xls", "ods", "json", "jsonl", "ndjson", "html", "htm",
    "xml", "parquet", "gz", "zst",
];

/// The name of a sheet, or of a file without its endings: `ВК` of `costs.xlsx/ВК`, `vk` of `vk.csv.gz`.
fn own_name(label: &str) -> &str {
    let mut name = label.rsplit('/').next().unwrap_or(label);
    while let Some((bare, ending)) = name.rsplit_once('.')
        && ENDINGS.contains(&ending.to_lowercase().as_str())
    {
        name = bare;
    }
    name.trim()
}

/// Whether a line is `sep=;`, by which spreadsheets are told the delimiter.
pub fn names_delimiter(line: &[u8]) -> bool {
    let line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
    let line = line
        .trim_ascii()
        .strip_prefix(b"\"")
        .unwrap_or(line.trim_ascii());
    let beginning = line.get(..4).unwrap_or_default();
    beginning.eq_ignore_ascii_case(b"sep=") && line.len() <= LONGEST_SEP
}

/// `sep=;` in quotes, and the delimiters that a spreadsheet adds for its empty cells are not counted: a longer line is no
/// such one.
const LONGEST_SEP: usize = 6;
/// What stands before the text of a file, and in its middle where files were put together.
pub const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The cells of the columns without which the file is none of the format: it is known by them, too.
fn required_cells(format: &Format, feeds: &[Vec<usize>]) -> Vec<usize> {
    let rules = format.columns.iter().zip(feeds);
    let required = rules.filter(|(rule, _)| rule.required);
    required.flat_map(|(_, cells)| cells).copied().collect()
}

/// Whether any day may be that of the whole report, or counted from its first.
fn may_want_period(format: &Format) -> bool {
    let mut rules = format.columns.iter();
    rules.any(|rule| rule.read == Reading::NthDay || is_of_report(rule))
}

/// Whether the days of the rows stand nowhere else.
fn needs_period(format: &Format, feeds: &[Vec<usize>]) -> bool {
    let mut rules = format.columns.iter().zip(feeds);
    rules.any(|(rule, cells)| is_of_report(rule) && cells.is_empty())
}

fn is_of_report(rule: &ColumnRule) -> bool {
    rule.from.iter().any(|name| name.starts_with("@period"))
}

/// The header cells that no rule reads.
fn unused(header: &[String], feeds: &[Vec<usize>], beside: [&Vec<Option<usize>>; 2]) -> Vec<usize> {
    let beside = beside.into_iter().flatten().flatten();
    let used = feeds.iter().flatten().chain(beside);
    let is_used = |at: &usize| used.clone().any(|used| used == at);
    (0..header.len()).filter(|at| !is_used(at)).collect()
}
