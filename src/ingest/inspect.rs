//! What a file is, without taking it in: the format that fits, the columns found, a sample of what would be rejected,
//! and a draft format for a file that nothing fits.

use anyhow::Result;

use super::detect::{self, Layout};
use super::format::Format;
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
    match detect::detect(&source, &head, formats, rules.format) {
        Ok(layout) => {
            let file = Planned {
                source,
                encoding: head.encoding,
                layout,
                first: 0,
                beginning: 0,
            };
            let outcome = read_through(&file, formats, rules)?;
            let Planned { source, layout, .. } = file;
            Ok(Inspection {
                source,
                encoding,
                layout: Ok(layout),
                outcome: Some(outcome),
                draft: None,
            })
        }
        Err(error) => {
            let draft = draft(&source, &head);
            Ok(Inspection {
                source,
                encoding,
                layout: Err(error),
                outcome: None,
                draft,
            })
        }
    }
}

fn read_through(
    file: &Planned,
    formats: &[Format],
    rules: &ExportRules<'_>,
) -> Result<FileOutcome> {
    let format = &formats[file.layout.format];
    let table = input_table(format)?;
    let mut context = super::context(format, table, rules);
    let mut outcome = FileOutcome::default();
    super::read_file(
        file,
        format,
        table,
        &mut context,
        &mut outcome,
        &mut |_, _| Ok(()),
        &|_| {},
    )?;
    Ok(outcome)
}

/// A format file that names every column of the widest row near the top; the user says where each goes.
fn draft(source: &Source, head: &Head) -> Option<String> {
    let dialects = [b',', b';', b'\t', b'|'].map(|delimiter| super::records::Dialect {
        delimiter,
        quoting: true,
        line_end: head.line_end,
    });
    let (dialect, row) = dialects
        .into_iter()
        .filter_map(|dialect| {
            let rows = detect::rows(head, &dialect, 20);
            let widest = rows
                .into_iter()
                .rev()
                .max_by_key(|row| row.cells.iter().filter(|cell| !cell.is_empty()).count())?;
            Some((dialect, widest))
        })
        .max_by_key(|(_, row)| row.cells.len())?;
    let delimiter = if dialect.delimiter == b'\t' {
        "tab".to_owned()
    } else {
        char::from(dialect.delimiter).to_string()
    };
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let names: Vec<String> = row
        .cells
        .iter()
        .filter(|cell| !cell.is_empty())
        .map(|cell| quoted(cell))
        .collect();
    let mut text = format!(
        "# Draft for {}: say which table it feeds and where each column goes (docs/FORMATS.md).\n\
         name = \"my-format\"\ntitle = \"\"\ntable = \"forms\"\n\n[recognise]\nheader = [{}]\n\n[bytes]\ndelimiters = [{}]\n",
        source.label,
        names.iter().take(3).cloned().collect::<Vec<_>>().join(", "),
        quoted(&delimiter)
    );
    for name in names {
        text.push_str(&format!(
            "\n# [[column]]\n# to = \"\"\n# from = [{name}]\n# read = \"text\"\n"
        ));
    }
    Some(text)
}
