//! A pipeline file into a plan.

use std::path::{Path, PathBuf};

use super::plan::Plan;
use super::resolve;
use super::source::SettingsText;
use crate::model::fault::Fault;

/// Reads a pipeline file, lays it over the defaults, checks and resolves it.
///
/// # Errors
/// A [`Fault`] with the file, the line and what is wrong there; the first one found in the file's order of checks.
pub fn load(path: &Path) -> Result<Plan, Fault> {
    let shown = path.display().to_string();
    let cannot = |error: std::io::Error| {
        Fault::usage(format!("cannot read the pipeline: {error}")).at(&shown)
    };
    let bytes = std::fs::read(path).map_err(cannot)?;
    let text = String::from_utf8(bytes).map_err(|error| not_utf8(&shown, &error))?;
    let file = std::path::absolute(path).map_err(cannot)?;
    from_text(&shown, text.trim_start_matches('\u{feff}'), file)
}

/// Whether a file states times at which digests are due. One that cannot be read may, so that whoever asks goes on to
/// [`load`] it and learns why.
pub fn is_scheduled(path: &Path) -> bool {
    let Some(written) = std::fs::read_to_string(path)
        .ok()
        .and_then(|text| text.parse::<toml::Table>().ok())
    else {
        return true;
    };
    let schedule = written.get("schedule").and_then(toml::Value::as_table);
    let times = [
        "daily",
        "weekly",
        "month_to_date",
        "monthly",
        "quarterly",
        "yearly",
    ];
    schedule.is_some_and(|schedule| times.iter().any(|key| schedule.contains_key(*key)))
}

fn not_utf8(shown: &str, error: &std::string::FromUtf8Error) -> Fault {
    let line = error.as_bytes()[..error.utf8_error().valid_up_to()]
        .split(|byte| *byte == b'\n')
        .count();
    Fault::usage("the text is not UTF-8")
        .at(format!("{shown}:{line}"))
        .hint("save the file as UTF-8")
}

/// Makes the plan of a text; `shown` is the file's name in errors, `file` its absolute path.
pub(super) fn from_text(shown: &str, text: &str, file: PathBuf) -> Result<Plan, Fault> {
    let (source, settings) = SettingsText::read(shown, text)?;
    resolve::plan(&source, settings, file)
}
