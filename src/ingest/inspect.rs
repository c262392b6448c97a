//! What a file is, without taking it in: the format that fits, the columns found, a sample of what would be rejected,
//! and a draft format for a file that nothing fits.

use anyhow::Result;

use super::detect::{self, HeadRow, Layout};
use super::format::Format;
use super::records::Dialect;
use super::source::{self, Head, Source};
use super::{ExportRules, FileOutcome, Planned, input_table};

/// What `inspect` found out about a file.
pub struct Inspection {
    /// The file.
    pub source: Source,
    /// Its encoding, by its usual name.
    pub encoding: &'static str,
    /// The layout, or why no format fits.
    pub layout: Result<Layout>,
    /// Rows and rejects of a full reading, when a format fits.
    pub outcome: Option<FileOutcome>,
    /// A format to start from, when none fits.
    pub draft: Option<String>,
}

/// Looks at one source.
///
/// # Errors
/// When it cannot be read at all.
pub fn inspect(source: Source, formats: &[Format], rules: &ExportRules<'_>) -> Result<Inspection> {
    let head = source::head(&source)?;
    let encoding = head.encoding.name();
    let layout = match detect::detect(&source, &head, formats, rules.format) {
        Ok(layout) => layout,
        Err(error) => {
            return Ok(Inspection {
                draft: draft(&source, &head),
                source,
                encoding,
                layout: Err(error),
                outcome: None,
            });
        }
    };
    let file = Planned {
        source,
        encoding: head.encoding,
        layout,
        // These two put several files in order; here is one.
        first: 0,
        beginning: 0,
    };
    let outcome = read_through(&file, formats, rules)?;
    Ok(Inspection {
        source: file.source,
        encoding,
        layout: Ok(file.layout),
        outcome: Some(outcome),
        draft: None,
    })
}

/// What reading the whole file comes to.
fn read_through(
    file: &Planned,
    formats: &[Format],
    rules: &ExportRules<'_>,
) -> Result<FileOutcome> {
    let format = &formats[file.layout.format];
    let table = input_table(format)?;
    let mut context = super::context(format, table, rules);
    // The rows are of no use here: only what became of them is.
    super::read_file(
        file,
        format,
        table,
        &mut context,
        &mut |_, _| Ok(()),
        &|_| {},
    )
}

/// Rows among which the header of an unknown file is looked for: fewer than for a known format, since the widest of more
/// rows might be one of the data.
const DRAFT_ROWS: usize = 20;
/// Columns by which a drafted format is recognised. A judgement: enough to tell a file, few enough to outlive its changes.
const DRAFT_HEADER: usize = 3;

/// A format file that names every column of the widest row near the top; the user says where each goes.
fn draft(source: &Source, head: &Head) -> Option<String> {
    let (delimiter, row) = widest_row(head)?;
    let delimiter = match delimiter {
        b'\t' => "tab".to_owned(),
        delimiter => char::from(delimiter).to_string(),
    };
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let cells = row.cells.iter().filter(|cell| !cell.is_empty());
    let names: Vec<String> = cells.map(|cell| quoted(cell)).collect();
    let telling = &names[..names.len().min(DRAFT_HEADER)];
    let mut text = format!(
        "# Draft for {}: say which table it feeds and where each column goes (docs/FORMATS.md).\n\
         name = \"my-format\"\ntitle = \"\"\ntable = \"forms\"\n\n[recognise]\nheader = [{}]\n\n[bytes]\ndelimiters = [{}]\n",
        source.label,
        telling.join(", "),
        quoted(&delimiter)
    );
    for name in names {
        text.push_str(&format!(
            "\n# [[column]]\n# to = \"\"\n# from = [{name}]\n# read = \"text\"\n"
        ));
    }
    Some(text)
}

/// The row near the top that looks most like a header, and the delimiter that makes the most cells of it.
fn widest_row(head: &Head) -> Option<(u8, HeadRow)> {
    let mut widest: Option<(u8, HeadRow)> = None;
    for delimiter in [b',', b';', b'\t', b'|'] {
        let dialect = Dialect {
            delimiter,
            quoting: true,
            line_end: head.line_end,
        };
        let rows = detect::rows(head, &dialect, DRAFT_ROWS);
        let filled = |row: &HeadRow| row.cells.iter().filter(|cell| !cell.is_empty()).count();
        // Of equally wide rows the first: `max_by_key` takes the last, so they are asked backwards.
        let Some(row) = rows.into_iter().rev().max_by_key(filled) else {
            continue;
        };
        let is_wider = |(_, other): &(u8, HeadRow)| row.cells.len() >= other.cells.len();
        if widest.as_ref().is_none_or(is_wider) {
            widest = Some((delimiter, row));
        }
    }
    widest
}
