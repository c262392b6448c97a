//! Columns that are otherwise than in the export's earlier files: renamed, gone, new, or empty all at once.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::lake::catalog::{Catalog, FileAccount};
use crate::lake::seen;
use crate::model::seen::Seen;

/// What is otherwise in a file than in those before it.
pub(super) struct Drift {
    /// Its place among the files.
    pub file: usize,
    /// What it is, with the file that it is compared with.
    pub text: String,
    /// Whether something is read no longer: then numbers may be other ones.
    pub is_loss: bool,
}

/// What is otherwise in new files, which are in the order of their content, than in those before them.
///
/// # Errors
/// When the catalog cannot be read.
pub(super) fn told(catalog: &Catalog, export: &str, files: &[FileAccount]) -> Result<Vec<Drift>> {
    let mut known: BTreeMap<&str, Vec<(String, Seen)>> = BTreeMap::new();
    let mut told = Vec::new();
    for (at, file) in files.iter().enumerate() {
        if file.seen.header.is_empty() {
            continue;
        }
        let format = file.format.as_str();
        if !known.contains_key(format) {
            known.insert(format, seen::last(catalog.connection(), export, format)?);
        }
        let earlier = known.entry(format).or_default();
        if let Some((name, before)) = nearest(earlier, &file.seen) {
            let drift = |is_loss: bool| {
                move |what: String| Drift {
                    file: at,
                    text: format!("{what} (since {name})"),
                    is_loss,
                }
            };
            told.extend(file.seen.told_since(before).into_iter().map(drift(false)));
            told.extend(file.seen.lost_since(before).into_iter().map(drift(true)));
        }
        earlier.insert(0, (file.file.clone(), file.seen.clone()));
    }
    Ok(told)
}

/// The newest of earlier files with the same header: an export may be of several reports in turn. Else the newest of all.
fn nearest<'a>(earlier: &'a [(String, Seen)], seen: &Seen) -> Option<&'a (String, Seen)> {
    let same = earlier.iter().find(|(_, other)| other.has_header_of(seen));
    same.or_else(|| earlier.first())
}
