//! Columns that are otherwise than in the export's earlier files: renamed, gone, new, or empty all at once.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::lake::catalog::{Catalog, FileAccount};
use crate::lake::seen;
use crate::model::seen::Seen;

/// What is otherwise in new files, which are in the order of their content, than in those before them.
///
/// # Errors
/// When the catalog cannot be read.
pub(super) fn told(catalog: &Catalog, export: &str, files: &[FileAccount]) -> Result<Vec<String>> {
    let mut known: BTreeMap<&str, Vec<(String, Seen)>> = BTreeMap::new();
    let mut told = Vec::new();
    for file in files.iter().filter(|file| !file.seen.header.is_empty()) {
        let format = file.format.as_str();
        if !known.contains_key(format) {
            known.insert(format, seen::last(catalog.connection(), export, format)?);
        }
        let earlier = known.entry(format).or_default();
        if let Some((name, before)) = nearest(earlier, &file.seen) {
            let since = file.seen.told_since(before);
            told.extend(
                since
                    .iter()
                    .map(|what| format!("ingest {export}: {}: {what} (since {name})", file.file)),
            );
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
