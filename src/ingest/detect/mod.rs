//! Which format a file is of, and where in the file everything stands: the layout.

mod build;
mod head;
mod misfit;

use anyhow::Result;

use self::build::layout;
pub use self::head::{HeadRow, rows};
pub use self::misfit::mask_contacts;
use self::misfit::{misfit, no_format_fits};
use super::cells::{DateOrder, Decimal};
use super::format::Format;
use super::records::Dialect;
use super::source::{Head, Source};
use crate::model::fault::Fault;

/// Rows at the beginning of a file among which the header is looked for. A judgement: reports put titles, a period and
/// filters before it, a dozen lines at most in the exports that are known.
const HEADER_ROWS: usize = 40;

/// A file seen through a format: everything that parsing needs to know.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The format, by position in the list that was searched.
    pub format: usize,
    /// Delimiter, quoting, line ends.
    pub dialect: Dialect,
    /// Cells of the header (or of a row, without a header).
    pub header: Vec<String>,
    /// The header's bytes, to pass over repeated headers; empty without one.
    pub header_bytes: Vec<u8>,
    /// Bytes of the file before the first data row.
    pub data_at: usize,
    /// Line of the first data row.
    pub first_line: u32,
    /// For each column rule of the format, the cells that feed it.
    pub feeds: Vec<Vec<usize>>,
    /// Header cells that nothing is read from.
    pub unused: Vec<String>,
    /// For each column rule the fraction mark, when the format states it or the survey of the file has told it.
    pub decimals: Vec<Option<Decimal>>,
    /// For each column rule the order of its dates: the rule's own, or the one that the file shows.
    pub orders: Vec<DateOrder>,
    /// What was told from the file and is otherwise than the format says, in words for people.
    pub notes: Vec<String>,
    /// Dates found in the preamble: first and last day of the period.
    pub period: Option<(String, String)>,
}

/// Finds the layout of a file: the named format's, or that of the first format that fits.
///
/// # Errors
/// When no format fits, or the named one does not: says what is missing.
pub fn detect(
    source: &Source,
    head: &Head,
    formats: &[Format],
    wanted: Option<&str>,
) -> Result<Layout> {
    if let Some(name) = wanted {
        let Some(at) = formats.iter().position(|format| format.name == name) else {
            return Err(unknown_format(name, formats).into());
        };
        let format = &formats[at];
        return layout(head, at, format).ok_or_else(|| misfit(source, head, format).into());
    }
    // The order of formats is that of recognition: the first that fits is it.
    for (at, format) in formats.iter().enumerate() {
        if let Some(layout) = layout(head, at, format) {
            return Ok(layout);
        }
    }
    Err(no_format_fits(source, head).into())
}

fn unknown_format(name: &str, formats: &[Format]) -> Fault {
    let known: Vec<_> = formats.iter().map(|format| format.name.as_str()).collect();
    let hint = format!("formats are {}", known.join(", "));
    Fault::usage(format!("there is no format \"{name}\"")).hint(hint)
}

/// Whether a header cell is the wanted one: case does not matter, `*` stands for any text.
pub fn same(wanted: &str, cell: &str) -> bool {
    let wanted = wanted.to_lowercase();
    let cell = cell.to_lowercase();
    let Some((first, rest)) = wanted.split_once('*') else {
        return wanted == cell;
    };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let between = cell
        .strip_prefix(first)
        .and_then(|behind| behind.strip_suffix(last));
    between.is_some_and(|between| holds_in_order(between, middle))
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
