//! Files that are recognised and put in the order in which they are read, and what they are called in the lake.

use anyhow::Result;

use super::detect::{Headers, Layout};
use super::format::Format;
use super::newness::{self, Newness};
use super::source::{self, Source};
use super::{ExportRules, pages, sheets, survey};

/// The columns that say which days a row of totals is of, and not of what it is a total.
const DAYS: &[&str] = &["from_day", "day"];

/// The breakdown of a file that has none. Nothing at all would mean that it is not known.
const WHOLE: &str = "-";

/// A file whose format and layout are known.
pub struct Planned {
    /// Where its bytes come from.
    pub source: Source,
    /// How they are encoded.
    pub(super) encoding: &'static encoding_rs::Encoding,
    /// Where everything stands.
    pub layout: Layout,
    /// How new it is; files are read in this order, so that what is newer comes later.
    pub(super) newness: Newness,
    /// Names its first bytes, which alone tell apart files that are equal in everything else.
    pub(super) beginning: u64,
}

/// Recognises files and puts them in reading order, the newest last: what is read later stands for what was read before.
/// The order of arguments does not matter, and names do only where the content does not tell.
pub fn plan(
    sources: Vec<Source>,
    formats: &[Format],
    rules: &ExportRules<'_>,
) -> (Vec<Planned>, Vec<anyhow::Error>) {
    let mut planned = Vec::new();
    let mut failed = Vec::new();
    let is_alone = sources.len() == 1;
    let mut met = Headers::default();
    for source in sources {
        match plan_one(source.clone(), formats, rules, &mut met, is_alone) {
            Ok(file) => planned.push(file),
            Err(error) => failed.push((source, error)),
        }
    }
    let errors = sheets::told(failed, &planned);
    planned.sort_by_key(|file| (file.newness, file.beginning));
    pages::note(&mut planned);
    (planned, errors)
}

fn plan_one(
    source: Source,
    formats: &[Format],
    rules: &ExportRules<'_>,
    met: &mut Headers,
    is_alone: bool,
) -> Result<Planned> {
    let head = source::head(&source)?;
    let layout = survey::layout(&source, &head, formats, rules, met)?;
    let format = &formats[layout.format];
    let newness = if is_alone {
        Newness::default()
    } else {
        newness::newness(&source, &head, format, &layout, rules)?
    };
    // Of many files only what is needed of each stays in memory.
    let beginning = xxhash_rust::xxh3::xxh3_64(&head.bytes);
    Ok(Planned {
        source,
        encoding: head.encoding,
        layout,
        newness,
        beginning,
    })
}

impl Planned {
    /// A number that the file keeps under every name.
    pub fn number(&self) -> u64 {
        // Zero stands for "not known" in the lake.
        self.beginning.max(1)
    }

    /// The key columns of the table that the file has cells for: by these it breaks its totals down. A file of totals alone
    /// breaks them down by nothing, and says so.
    pub fn breakdown(&self, format: &Format) -> String {
        let is_filled = |name: &&&str| {
            let rules = format.columns.iter().zip(&self.layout.feeds);
            let mut rules = rules.filter(|(rule, _)| rule.to == **name);
            !DAYS.contains(*name) && rules.any(|(_, cells)| !cells.is_empty())
        };
        let names: Vec<&str> = format
            .table()
            .key
            .iter()
            .filter(is_filled)
            .copied()
            .collect();
        if names.is_empty() {
            return WHOLE.to_owned();
        }
        names.join(" ")
    }

    /// The header cell that should tell the rows of the file apart; the table's name for it where no cell is read.
    pub fn key_cell(&self, format: &Format) -> &str {
        let key = format.table().key[0];
        let rules = format.columns.iter().zip(&self.layout.feeds);
        let mut rules = rules.filter(|(rule, _)| rule.to == key);
        let cell = rules.find_map(|(_, cells)| self.layout.header.get(*cells.first()?));
        cell.map_or(key, String::as_str)
    }
}
