//! Which format a file is of, and where in the file everything stands: the layout.

mod amountless;
mod build;
mod claim;
mod clock_cell;
mod columns;
mod converted;
mod head;
mod headers;
mod misfit;
mod order;
mod part;
mod period;
mod rival;
mod said_currency;
mod unit_name;
mod usual;
mod zone;

use anyhow::Result;

use self::build::layout;
pub use self::build::{BYTE_ORDER_MARK, names_delimiter};
use self::claim::Claim;
pub use self::clock_cell::is_clock_name;
use self::head::HeadRows;
pub use self::head::{HeadRow, rows};
pub use self::headers::Headers;
use self::headers::may_be_of_header;
pub use self::misfit::mask_contacts;
use self::misfit::{Misfit, misfit, no_format_fits, several_fit};
pub use self::zone::SaidZone;
use super::cells::{DateOrder, Decimal};
use super::format::Format;
use super::records::Dialect;
use super::source::{Head, Source};
use crate::model::fault::Fault;

/// Rows at the beginning of a file among which the header is looked for. A judgement: reports put titles, a period and
/// filters before it, a dozen lines at most in the exports that are known.
const HEADER_ROWS: usize = 40;

/// Whether the lines above a header, or the name of its file, say which days a report is of.
pub fn tells_period(above: &[HeadRow], label: &str) -> bool {
    period::above(above)
        .or_else(|| period::of_name(label))
        .is_some()
}

/// A file seen through a format: everything that parsing needs to know.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The format, by position in the list that was searched.
    pub format: usize,
    /// Delimiter, quoting, line ends.
    pub dialect: Dialect,
    /// Cells of the header (or of a row, without a header).
    pub header: Vec<String>,
    /// Whether the names of the cells stand in the file, perhaps more than once.
    pub has_header: bool,
    /// Bytes of the file before the first data row.
    pub data_at: usize,
    /// Line of the first data row.
    pub first_line: u32,
    /// For each column rule of the format, the cells that feed it.
    pub feeds: Vec<Vec<usize>>,
    /// For each column rule the cell with the time of day, where it stands apart from the date.
    pub clocks: Vec<Option<usize>>,
    /// For each column rule the cell with the half of the day, `AM` or `PM`, where it stands apart from the hours.
    pub halves: Vec<Option<usize>>,
    /// Header cells that nothing is read from.
    pub unused: Vec<String>,
    /// For each column rule the fraction mark, when the format states it or the survey of the file has told it.
    pub decimals: Vec<Option<Decimal>>,
    /// For each column rule the order of its dates: the rule's own, or the one that the file shows. Day first for a rule of
    /// the year first where a spreadsheet has put it last: the survey of the file tells.
    pub orders: Vec<DateOrder>,
    /// What was told from the file and is otherwise than the format says, in words for people.
    pub notes: Vec<String>,
    /// Whether each row says by itself of which day it is.
    pub is_dated: bool,
    /// First and last day of the period that the lines above the header or the file's name tell, as `2026-11-09`.
    pub period: Option<(String, String)>,
    /// Currency that the header gives its amounts.
    pub currency: Option<String>,
    /// What the sheet or the file is called, without the ending that tells its kind.
    pub name: String,
    /// Zone that the file gives its times.
    pub zone: Option<SaidZone>,
}

/// Finds the layout of a file: the named format's, or that of the one format that fits. `met` are the headers of the files
/// before it.
///
/// # Errors
/// When no format fits, several do, or the named one does not: says what is missing.
pub fn detect(
    source: &Source,
    head: &Head,
    formats: &[Format],
    wanted: Option<&str>,
    met: &mut Headers,
) -> Result<Layout> {
    let mut rows = HeadRows::new(head);
    if let Some(name) = wanted {
        let at = named(name, formats)?;
        let format = &formats[at];
        let found = layout(&mut rows, at, format, &source.label, Search::Near);
        return match found {
            Ok((layout, _)) => Ok(layout),
            Err(near) => Err(misfit(source, format, &near).into()),
        };
    }
    if let Some(known) = met.formats_of(head) {
        let (fits, _) = fitting(&mut rows, formats, known.iter().copied(), &source.label);
        if !fits.is_empty() {
            return only(source, fits, formats);
        }
    }
    let (fits, of_header) = fitting(&mut rows, formats, 0..formats.len(), &source.label);
    if fits.is_empty() {
        let nearest = nearest(&mut rows, formats, &source.label);
        return Err(no_format_fits(source, head, nearest).into());
    }
    let found = only(source, fits, formats)?;
    met.keep(head, &found, of_header);
    Ok(found)
}

/// Of the formats at these places those that fit, with their layouts, and those that the header may be of.
fn fitting(
    rows: &mut HeadRows<'_>,
    formats: &[Format],
    places: impl Iterator<Item = usize>,
    label: &str,
) -> (Vec<(Layout, Claim)>, Vec<usize>) {
    let (mut fits, mut of_header) = (Vec::new(), Vec::new());
    for at in places {
        let found = layout(rows, at, &formats[at], label, Search::Fit);
        if may_be_of_header(&formats[at], &found) {
            of_header.push(at);
        }
        fits.extend(found);
    }
    (fits, of_header)
}

/// What is looked for in a file. How near a format comes that does not fit is of use only when none does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Search {
    Fit,
    Near,
}

/// The format that comes nearest to a file which none fits.
fn nearest<'a>(
    rows: &mut HeadRows<'_>,
    formats: &'a [Format],
    label: &str,
) -> Option<(&'a Format, Misfit)> {
    let mut nearest = None;
    // Who is told to add a column must not be refused after that.
    let read = |(_, format): &(usize, &Format)| format.refuse.is_none();
    for (at, format) in formats.iter().enumerate().filter(read) {
        if let Err(near) = layout(rows, at, format, label, Search::Near) {
            nearest = Some(nearer(nearest, format, near));
        }
    }
    nearest
}

fn nearer<'a>(
    nearest: Option<(&'a Format, Misfit)>,
    format: &'a Format,
    misfit: Misfit,
) -> (&'a Format, Misfit) {
    match nearest {
        Some((other, known)) if known.clone().or_nearer(misfit.clone()) == known => (other, known),
        _ => (format, misfit),
    }
}

/// The one of several fitting formats that knows the file by more than all others do.
fn only(source: &Source, fits: Vec<(Layout, Claim)>, formats: &[Format]) -> Result<Layout> {
    let is_outdone = |claim: &Claim| {
        let mut others = fits.iter().map(|(_, other)| other);
        others.any(|other| other.is_more_specific_than(claim))
    };
    let left: Vec<&Layout> = fits
        .iter()
        .filter(|(_, claim)| !is_outdone(claim))
        .map(|(layout, _)| layout)
        .collect();
    if let [layout] = left[..] {
        return Ok(layout.clone());
    }
    let names: Vec<&str> = left
        .iter()
        .map(|layout| formats[layout.format].name.as_str())
        .collect();
    Err(several_fit(source, &names).into())
}

/// Where a format of a name stands.
///
/// # Errors
/// When there is none.
pub fn named(name: &str, formats: &[Format]) -> Result<usize, Fault> {
    let at = formats.iter().position(|format| format.name == name);
    at.ok_or_else(|| unknown_format(name, formats))
}

fn unknown_format(name: &str, formats: &[Format]) -> Fault {
    let known: Vec<_> = formats.iter().map(|format| format.name.as_str()).collect();
    let hint = format!("formats are {}", known.join(", "));
    Fault::usage(format!("there is no format \"{name}\"")).hint(hint)
}

/// Whether a header cell is the wanted one: case does not matter, `*` stands for any text.
pub fn same(wanted: &str, cell: &str) -> bool {
    if begins_otherwise(wanted, cell) {
        return false;
    }
    let Some((first, _)) = wanted.split_once('*') else {
        return wanted.is_ascii() == cell.is_ascii() && lower(wanted).eq(lower(cell));
    };
    // Most cells are told by their first letters, and nothing has to be copied.
    let begins = lower(cell)
        .zip(lower(first))
        .all(|(one, other)| one == other);
    if !begins {
        return false;
    }
    let wanted = wanted.to_lowercase();
    let cell = cell.to_lowercase();
    let (first, rest) = wanted.split_once('*').unwrap_or((&wanted, ""));
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let between = cell
        .strip_prefix(first)
        .and_then(|behind| behind.strip_suffix(last));
    between.is_some_and(|between| holds_in_order(between, middle))
}

/// Whether the first letters are other ones, as far as plain bytes tell: of thousands of pairs nearly all are told so.
fn begins_otherwise(wanted: &str, cell: &str) -> bool {
    let (Some(one), Some(other)) = (wanted.bytes().next(), cell.bytes().next()) else {
        return false;
    };
    let is_plain = one != b'*' && one.is_ascii() && other.is_ascii();
    is_plain && !one.eq_ignore_ascii_case(&other)
}

/// The letters of a name in lower case, those that look alike as one: Latin `a` in a Russian word is a slip of the keyboard
/// that nobody sees, and «ё» is written as «е» by most.
fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase).map(as_seen)
}

fn as_seen(letter: char) -> char {
    match letter {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' | 'ё' => 'е',
        'h' => 'н',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        letter => letter,
    }
}

/// Whether a text holds the parts of a pattern (separated by `*`), one behind the other. Each is taken where it first
/// occurs: that leaves the most room for the next.
fn holds_in_order(text: &str, parts: &str) -> bool {
    let mut rest = text;
    for part in parts.split('*').filter(|part| !part.is_empty()) {
        let Some((_, behind)) = rest.split_once(part) else {
            return false;
        };
        rest = behind;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_are_the_same_within_one_script() {
        // Latin `a` and `e`, and a missing diaeresis.
        assert!(same("Этап сделки", "Этaп сдeлки"));
        assert!(same("Отчёт", "отчет"));
        assert!(same("Телефон*", "Телефон клиента"));
        assert!(!same("Этап сделки", "Этап сделка"));
        // A word of Latin letters alone is another word.
        assert!(!same("СТОП", "CTOP"));
        assert!(same("Cost", "cost"));
    }
}
