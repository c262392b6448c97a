//! A report's files on disk: whole or not at all.

use std::fs;
use std::path::Path;

use anyhow::Context;

use super::form::Rendered;

/// Writes all forms into `dir`. Each file appears under its name only when it is whole; charts come first, so that a
/// page never points at a picture that is not there, and `digest.json` comes last.
///
/// # Errors
/// When the folder or a file cannot be written; what was there before stays.
pub fn write_all(rendered: &Rendered, dir: &Path) -> anyhow::Result<()> {
    let charts = dir.join("charts");
    fs::create_dir_all(&charts)
        .with_context(|| format!("cannot make the folder {}", charts.display()))?;
    for chart in &rendered.charts {
        write_whole(&charts.join(chart.file_name()), &chart.png)?;
    }
    rendered
        .files
        .iter()
        .try_for_each(|file| write_whole(&dir.join(file.name), &file.bytes))
}

/// Writes a file beside its place, then moves it there.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let written = fs::File::create(&part).and_then(|mut file| {
        std::io::Write::write_all(&mut file, bytes)?;
        file.sync_all()
    });
    written
        .and_then(|()| fs::rename(&part, path))
        .map_err(|error| {
            // The half-written file is of no use to anybody; that it could not be removed either changes nothing.
            let _ = fs::remove_file(&part);
            anyhow::Error::new(error).context(format!("cannot write {}", path.display()))
        })
}
