//! Times of day that stand in a cell of their own beside the date: `Дата;Время`.

use super::{HeadRow, same, zone};
use crate::ingest::cells::{Moment, moment, time_of_day};
use crate::ingest::format::{ColumnRule, Format, Reading};

/// Names of columns that hold the time of day of a row, where no format says so.
const CLOCKS: &[&str] = &[
    "время",
    "время*(мск)",
    "время звонка",
    "время вызова",
    "время начала",
    "время заявки",
    "время создания",
    "время поступления",
    "time",
    "time of day",
    "call time",
    "start time",
    "created time",
];

/// Whether a column of this name holds times of day that belong to the date beside it.
pub fn is_clock_name(name: &str) -> bool {
    CLOCKS.iter().any(|known| same(known, name))
}

/// For each column rule the cell with the time of day of its date; none where the date has its own, or the file has no such
/// cell.
pub(super) fn clock_cells(
    format: &Format,
    header: &[String],
    feeds: &[Vec<usize>],
    rows: &[HeadRow],
) -> Vec<Option<usize>> {
    let is_fed = |at: &usize| feeds.iter().flatten().any(|fed| fed == at);
    let rules = format.columns.iter().zip(feeds);
    let clocks = rules.map(|(rule, cells)| {
        let date = *cells.first().filter(|_| rule.read == Reading::Time)?;
        let mut clocks = (0..header.len()).filter(|at| zone::is_clock(rule, &header[*at]));
        let clock = clocks.find(|at| !is_fed(at))?;
        let is_stated = !rule.clock.is_empty();
        (is_stated || is_parted(rule, date, clock, rows)).then_some(clock)
    });
    clocks.collect()
}

/// Whether a column of this name holds the time of day of a rule's date.
pub(super) fn is_clock_of(rule: &ColumnRule, name: &str) -> bool {
    if rule.clock.is_empty() {
        return is_clock_name(name);
    }
    rule.clock.iter().any(|known| same(known, name))
}

/// For each column rule the cell that says which half of the day its hours are of, where that stands apart: `10:10;PM`.
pub(super) fn half_cells(
    format: &Format,
    header: &[String],
    feeds: &[Vec<usize>],
    clocks: &[Option<usize>],
    rows: &[HeadRow],
) -> Vec<Option<usize>> {
    let is_fed = |at: &usize| feeds.iter().flatten().any(|fed| fed == at);
    let mut free = (0..header.len()).filter(|at| !is_fed(at));
    let half = free.find(|at| are_halves(rows, *at));
    let rules = format.columns.iter().zip(feeds).zip(clocks);
    let halves = rules.map(|((rule, cells), clock)| {
        let date = cells.first().filter(|_| rule.read == Reading::Time)?;
        let hours = clock.unwrap_or(*date);
        // Hours that say it themselves need no other cell.
        let has_words = |row: &HeadRow| cell(row, hours).contains(char::is_alphabetic);
        half.filter(|_| !rows.iter().any(has_words))
    });
    halves.collect()
}

/// Whether a column holds halves of the day and nothing else.
fn are_halves(rows: &[HeadRow], at: usize) -> bool {
    let cells = rows.iter().map(|row| cell(row, at));
    let mut filled = cells.filter(|cell| !cell.is_empty()).peekable();
    let is_half = |cell: &str| {
        let letters = cell.replace(['.', ' '], "").to_lowercase();
        matches!(letters.as_str(), "am" | "pm")
    };
    filled.peek().is_some() && filled.all(is_half)
}

/// What is said of inquiries whose dates have no time of day: none where one has.
pub(super) fn note(
    format: &Format,
    header: &[String],
    feeds: &[Vec<usize>],
    clocks: &[Option<usize>],
    rows: &[HeadRow],
) -> Option<String> {
    let is_inquiry = matches!(format.table.as_str(), "forms" | "calls");
    // The one time without which a row is none: of a call the start, of a form its sending.
    let is_main = |rule: &ColumnRule| rule.read == Reading::Time && rule.required;
    let at = format.columns.iter().position(is_main)?;
    let date = *feeds[at]
        .first()
        .filter(|_| is_inquiry && clocks[at].is_none())?;
    let dates = rows.iter().map(|row| cell(row, date));
    let mut dates = dates.filter(|date| !date.is_empty()).peekable();
    dates.peek()?;
    let is_alone = |date: &str| is_date_alone(&format.columns[at], date.as_bytes());
    dates.all(is_alone).then(|| {
        format!(
            "{}: no time of day: all rows fall on midnight, and visits of the same day count as later ones",
            header[date]
        )
    })
}

/// Whether most first rows have a date alone in the one cell, and a time of day in the other.
fn is_parted(rule: &ColumnRule, date: usize, clock: usize, rows: &[HeadRow]) -> bool {
    let filled = |row: &&HeadRow| [date, clock].iter().all(|at| !cell(row, *at).is_empty());
    let filled = rows.iter().filter(filled);
    let is_parted = |row: &HeadRow| {
        let is_clock = time_of_day(cell(row, clock).as_bytes()).is_some();
        is_clock && is_date_alone(rule, cell(row, date).as_bytes())
    };
    // A row of totals or notes has neither.
    let rows = filled.clone().count();
    filled.filter(|row| is_parted(row)).count() * 2 > rows
}

fn cell(row: &HeadRow, at: usize) -> &str {
    row.cells.get(at).map_or("", String::as_str)
}

/// A date at midnight: as text without a time, or as spreadsheets write a date that has none.
fn is_date_alone(rule: &ColumnRule, cell: &[u8]) -> bool {
    match moment(cell, rule.order) {
        Some(Moment::Local(at)) => at.time() == chrono::NaiveTime::MIN,
        Some(Moment::Instant(_)) | None => false,
    }
}
