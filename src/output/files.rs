//! A report's files on disk: whole or not at all.

use std::fs;
use std::path::Path;

use anyhow::Context;

use super::form::Rendered;
use crate::disk::{remove_drafts, write_whole};

/// Writes all forms into `dir`. Each file appears under its name only when it is whole; charts come first, so that a
/// page never points at a picture that is not there, and `digest.json` comes last.
///
/// # Errors
/// When the folder or a file cannot be written; what was there before stays.
pub fn write_all(rendered: &Rendered, dir: &Path) -> anyhow::Result<()> {
    let charts = dir.join("charts");
    fs::create_dir_all(&charts)
        .with_context(|| format!("cannot make the folder {}", charts.display()))?;
    [dir, &charts].into_iter().for_each(remove_drafts);
    for chart in &rendered.charts {
        write_whole(&charts.join(chart.file_name()), &chart.png)?;
    }
    rendered
        .files
        .iter()
        .try_for_each(|file| write_whole(&dir.join(file.name), &file.bytes))
}
