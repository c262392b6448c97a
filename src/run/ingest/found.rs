//! Which files are whose: each export's own, as its patterns find them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::config::{ExportPlan, Plan, files};
use crate::model::fault::Fault;

/// The files of an export, and why some could not be looked for.
pub(super) struct Found<'a> {
    pub(super) export: &'a ExportPlan,
    pub(super) paths: Vec<PathBuf>,
    pub(super) errors: Vec<anyhow::Error>,
}

impl<'a> Found<'a> {
    /// A folder that cannot be read keeps no file of another one out.
    fn of(export: &'a ExportPlan) -> Self {
        let found = files(export);
        let no_looks = found.errors.into_iter();
        Self {
            export,
            paths: found.paths,
            errors: no_looks
                .map(|error| no_look(export, error).into())
                .collect(),
        }
    }
}

fn no_look(export: &ExportPlan, error: std::io::Error) -> Fault {
    let message = format!("cannot look for files of the export \"{}\"", export.name);
    let hint = "let the account that runs voronka read the folder";
    Fault::new(message).because(error).hint(hint)
}

/// The files of each export; with `only`, just these files.
///
/// # Errors
/// When a given file belongs to no export.
pub(super) fn files_by_export<'a>(plan: &'a Plan, only: &[PathBuf]) -> Result<Vec<Found<'a>>> {
    let mut found: Vec<Found<'a>> = plan.exports.iter().map(Found::of).collect();
    if only.is_empty() {
        return Ok(found);
    }
    let wanted: Vec<PathBuf> = only
        .iter()
        .map(|path| absolute(path))
        .collect::<Result<_>>()?;
    for path in &wanted {
        if !found
            .iter()
            .any(|found| found.paths.iter().any(|known| same_file(known, path)))
        {
            let message = format!("belongs to no export of the pipeline {}", plan.name);
            let hint = format!(
                "add its folder or name to `files` of an [[exports]] in {}",
                plan.file.display()
            );
            let fault = Fault::usage(message).at(path.display().to_string());
            return Err(fault.hint(hint).into());
        }
    }
    for Found { paths, .. } in &mut found {
        paths.retain(|known| wanted.iter().any(|path| same_file(known, path)));
    }
    found.retain(|found| !found.paths.is_empty());
    Ok(found)
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("open {}", path.display()))
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}
