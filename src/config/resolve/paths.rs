//! The pipeline's folders, from its own place.

use std::path::{Component, Path, PathBuf};

use crate::config::settings::Paths;
use crate::config::source::SettingsText;
use crate::model::fault::Fault;

/// The folders, absolute.
pub(super) struct Folders {
    pub lake: PathBuf,
    pub out: PathBuf,
    pub formats: PathBuf,
    pub templates: PathBuf,
}

pub(super) fn resolve(
    source: &SettingsText<'_>,
    paths: &Paths,
    name: &str,
    folder: &Path,
) -> Result<Folders, Fault> {
    let place = |key: &str, path: &str| {
        if path.trim().is_empty() {
            let message = format!("\"{key}\" in [paths] is empty");
            return Err(source.refuse(&format!("paths.{key}"), message));
        }
        Ok(tidy(&folder.join(path.replace("{name}", name))))
    };
    Ok(Folders {
        lake: place("lake", &paths.lake)?,
        out: place("out", &paths.out)?,
        formats: place("formats", &paths.formats)?,
        templates: place("templates", &paths.templates)?,
    })
}

/// The path without `.` and, as far as its own names allow, without `..`: `a/b/../c` is `a/c`.
fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for step in path.components() {
        match step {
            Component::CurDir => {}
            Component::ParentDir if tidy.file_name().is_some() => {
                tidy.pop();
            }
            _ => tidy.push(step),
        }
    }
    tidy
}
