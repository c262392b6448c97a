//! What a file is, without taking it in: the format that fits, the columns found, a sample of what would be rejected.

use anyhow::Result;

use super::account;
use super::collect::Collected;
use super::detect::{self, Headers, Layout};
use super::draft::draft;
use super::format::Format;
use super::newness::Newness;
pub use super::shown::Shown;
use super::source::{self, Source};
use super::{ExportRules, FileError, FileOutcome, Planned, input_table};
use crate::model::fault::Fault;
use crate::model::tables::CALLS;

/// What `inspect` found out about a file.
pub struct Inspection {
    /// The file.
    pub source: Source,
    /// Its encoding by its usual name, or what else carries its rows.
    pub encoding: &'static str,
    /// The layout, or why no format fits.
    pub layout: Result<Layout>,
    /// Rows and rejects of a full reading, when a format fits.
    pub outcome: Option<FileOutcome>,
    /// What the rows come to, a line each; of calls only.
    pub account: Vec<String>,
    /// Its first rows, and the days of all.
    pub shown: Shown,
}

/// Looks at one source.
///
/// # Errors
/// When it cannot be read at all.
pub fn inspect(source: Source, formats: &[Format], rules: &ExportRules<'_>) -> Result<Inspection> {
    let head = source::head(&source)?;
    let encoding = source.carrier.title().unwrap_or(head.encoding.name());
    let layout =
        match super::survey::layout(&source, &head, formats, rules, &mut Headers::default()) {
            Ok(layout) => layout,
            Err(error) => {
                return Ok(Inspection {
                    source,
                    encoding,
                    layout: Err(error),
                    outcome: None,
                    account: Vec::new(),
                    shown: Shown::default(),
                });
            }
        };
    let mut file = Planned {
        source,
        encoding: head.encoding,
        layout,
        // These two put several files in order; here is one.
        newness: Newness::default(),
        beginning: 0,
    };
    super::pages::note(std::slice::from_mut(&mut file));
    let (outcome, account, shown) = read_through(&file, formats, rules)?;
    Ok(Inspection {
        source: file.source,
        encoding,
        layout: Ok(file.layout),
        outcome: Some(outcome),
        account,
        shown,
    })
}

/// What reading the whole file comes to: of its rows, of its calls, and of the first of them.
fn read_through(
    file: &Planned,
    formats: &[Format],
    rules: &ExportRules<'_>,
) -> Result<(FileOutcome, Vec<String>, Shown)> {
    let format = &formats[file.layout.format];
    let table = input_table(format)?;
    let mut context = super::context(format, table, rules);
    context
        .clock
        .read_by(super::zone_of_file(file, format, rules));
    let mut shown = Shown::default();
    // Calls are put together of all rows; of rows of other tables only what became of them is of use here.
    let mut calls = (format.table == CALLS.name).then(|| Collected::empty(table));
    let outcome = super::read_file(
        file,
        format,
        table,
        &mut context,
        &mut |parsed, context| {
            match calls.as_mut() {
                Some(calls) => calls.add(0, &parsed),
                None => shown.add(&parsed.columns, &context.dictionaries),
            }
            Ok(())
        },
        &|_| {},
    )?;
    let Some(calls) = calls else {
        return Ok((outcome, Vec::new(), shown));
    };
    let spreads = super::group::spreads(std::slice::from_ref(file), formats);
    let made = super::put_together(calls, format, &spreads, rules, &mut context);
    let mut made = made.map_err(|error| {
        let error = super::outcome::of_file(error, std::slice::from_ref(file));
        match error.downcast::<FileError>() {
            Ok(of_file) => of_file.error,
            Err(error) => error,
        }
    })?;
    super::clock::date_rows(&mut made.columns, &mut context.clock);
    shown.add(&made.columns, &made.texts);
    Ok((outcome, account::of_calls(&made), shown))
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
    if let Ok(layout) = detect::detect(
        source,
        &head,
        formats,
        rules.format,
        &mut Headers::default(),
    ) {
        let message = format!(
            "is known already: the format {} fits",
            formats[layout.format].name
        );
        let hint = "run without --draft and --save to see how it is read";
        return Err(Fault::usage(message).at(&source.label).hint(hint).into());
    }
    draft(&source.label, &head, name).ok_or_else(|| {
        let fault =
            Fault::new("holds no table: no row of its beginning has two cells").at(&source.label);
        fault
            .hint("download the export as CSV or as an Excel workbook")
            .into()
    })
}
