//! Which files are new to an export, and which known ones are to be read again.

use std::path::PathBuf;

use anyhow::Result;

use super::{ExportOutcome, Fresh};
use crate::ingest::source::{self, Source};
use crate::lake::catalog::{Catalog, FileReading};
use crate::lake::stamps::Stamp;

/// A file of the export, and how it was read before.
struct ReadBefore {
    file: Fresh,
    before: Option<FileReading>,
}

/// The sources to read: those whose content the lake does not hold yet. Copies of one file count once.
///
/// When rows that lay after an earlier reading have come by `now`, their file is read again, and so is every file that was
/// read with it or later: what is read later wins, and an old file alone would win over newer ones.
pub(super) fn fresh(
    catalog: &Catalog,
    export: &str,
    paths: &[PathBuf],
    now: i64,
    outcome: &mut ExportOutcome,
) -> Result<Vec<Fresh>> {
    let found = found(catalog, export, paths, outcome)?;
    let is_due = |reading: &&FileReading| reading.due_at.is_some_and(|due| due <= now);
    let readings = found.iter().filter_map(|found| found.before.as_ref());
    let again_from = readings.filter(is_due).map(|reading| reading.batch).min();
    let mut fresh: Vec<Fresh> = Vec::new();
    for ReadBefore { file, before } in found {
        let is_copy = file.hash.is_some() && fresh.iter().any(|other| other.hash == file.hash);
        let is_known =
            before.is_some_and(|before| again_from.is_none_or(|from| before.batch < from));
        if is_copy || is_known {
            outcome.known += 1;
        } else {
            fresh.push(file);
        }
    }
    Ok(fresh)
}

/// Only a file as long as another one can be its copy, so most files are hashed while they are read, not before.
fn found(
    catalog: &Catalog,
    export: &str,
    paths: &[PathBuf],
    outcome: &mut ExportOutcome,
) -> Result<Vec<ReadBefore>> {
    let length_of = |path: &PathBuf| std::fs::metadata(path).ok().map(|found| found.len());
    let lengths: Vec<u64> = paths.iter().filter_map(length_of).collect();
    let mut found = Vec::new();
    for path in paths {
        let sources = match source::sources(path) {
            Ok(sources) => sources,
            Err(error) => {
                outcome.errors.push(error);
                continue;
            }
        };
        let length = length_of(path).unwrap_or(0);
        let has_twin = lengths.iter().filter(|other| **other == length).count() > 1;
        let may_be_known = has_twin || catalog.knows_size(export, length)?;
        let stamp = Stamp::of(path);
        for source in sources {
            found.push(looked_up(
                catalog,
                export,
                (source, stamp.clone()),
                may_be_known,
            )?);
        }
    }
    Ok(found)
}

fn looked_up(
    catalog: &Catalog,
    export: &str,
    (source, stamp): (Source, Option<Stamp>),
    may_be_known: bool,
) -> Result<ReadBefore> {
    let stamped = match &stamp {
        Some(stamp) => catalog.hash_of(export, &source.label, stamp)?,
        None => None,
    };
    // The size of a member is not that of its archive.
    let hash = if stamped.is_some() {
        stamped
    } else if may_be_known || !source.is_hashed_while_read() {
        Some(source.content_hash()?)
    } else {
        None
    };
    let before = match &hash {
        Some(hash) => catalog.reading_of(export, hash)?,
        None => None,
    };
    Ok(ReadBefore {
        file: Fresh {
            source,
            hash,
            stamp,
        },
        before,
    })
}
