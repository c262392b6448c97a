//! What a file is, without taking it in: the format that fits, the columns found, a sample of what would be rejected.

use anyhow::Result;

use super::detect::{self, Layout};
use super::draft::draft;
use super::format::Format;
use super::newness::Newness;
use super::source::{self, Source};
use super::{ExportRules, FileOutcome, Planned, input_table};
use crate::model::fault::Fault;

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
}

/// Looks at one source.
///
/// # Errors
/// When it cannot be read at all.
pub fn inspect(source: Source, formats: &[Format], rules: &ExportRules<'_>) -> Result<Inspection> {
    let head = source::head(&source)?;
    let encoding = head.encoding.name();
    let layout = match super::survey::layout(&source, &head, formats, rules) {
        Ok(layout) => layout,
        Err(error) => {
            return Ok(Inspection {
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
        newness: Newness::default(),
        beginning: 0,
    };
    let outcome = read_through(&file, formats, rules)?;
    Ok(Inspection {
        source: file.source,
        encoding,
        layout: Ok(file.layout),
        outcome: Some(outcome),
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

/// A format of that name to begin with for a source that no format fits.
///
/// # Errors
/// When the source cannot be read, a format fits already, or it holds no table.
pub fn drafted(
    source: &Source,
    formats: &[Format],
    rules: &ExportRules<'_>,
    name: &str,
) -> Result<String> {
    let head = source::head(source)?;
    if let Ok(layout) = detect::detect(source, &head, formats, rules.format) {
        let message = format!(
            "is known already: the format {} fits",
            formats[layout.format].name
        );
        let hint = "run without --draft and --save to see how it is read";
        return Err(Fault::usage(message).at(&source.label).hint(hint).into());
    }
    draft(source, &head, name).ok_or_else(|| {
        let fault =
            Fault::new("holds no table: no row of its beginning has two cells").at(&source.label);
        fault
            .hint("download the export as CSV or as an Excel workbook")
            .into()
    })
}
