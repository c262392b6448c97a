//! The exports: where their files lie and how they are read.

use std::collections::BTreeSet;
use std::path::Path;

use super::channels;
use crate::config::files::FilePattern;
use crate::config::plan::ExportPlan;
use crate::config::rules::Words;
use crate::config::settings::Export;
use crate::config::source::SettingsText;
use crate::config::value::{Check, currency, kebab, zone};
use crate::model::fault::Fault;

pub(super) fn resolve(
    source: &SettingsText<'_>,
    exports: Vec<Export>,
    channel_ids: &BTreeSet<String>,
    folder: &Path,
) -> Result<Vec<ExportPlan>, Fault> {
    let mut names = BTreeSet::new();
    let mut resolved = Vec::with_capacity(exports.len());
    for (place, export) in exports.into_iter().enumerate() {
        let at = |key: &str| format!("exports.{place}.{key}");
        kebab(source, &at("name"), &export.name)?;
        if !names.insert(export.name.clone()) {
            let message = format!("a second export is named \"{}\"", export.name);
            let hint = "rows of one name replace each other by key; list all files of one system in one [[exports]]";
            return Err(source.refuse(&at("name"), message).hint(hint));
        }
        resolved.push(resolve_one(source, &at, export, channel_ids, folder)?);
    }
    Ok(resolved)
}

fn resolve_one(
    source: &SettingsText<'_>,
    at: &dyn Fn(&str) -> String,
    export: Export,
    channel_ids: &BTreeSet<String>,
    folder: &Path,
) -> Result<ExportPlan, Fault> {
    names_files(source, &at("files"), &export)?;
    if let Some(code) = &export.currency {
        currency(source, &at("currency"), code)?;
    }
    let channel = export
        .channel
        .map(|id| channels::known(source, &at("channel"), id, channel_ids))
        .transpose()?;
    fits_not_everything(
        source,
        &at("spam_words"),
        "spam_words",
        &export.name,
        &export.spam_words,
    )?;
    fits_not_everything(
        source,
        &at("spam_contacts"),
        "spam_contacts",
        &export.name,
        &export.spam_contacts,
    )?;
    let zone = export
        .time_zone
        .map(|name| zone(source, &at("time_zone"), &name))
        .transpose()?;
    Ok(ExportPlan {
        title: export.title,
        name: export.name,
        base: folder.to_path_buf(),
        patterns: export.files.into_iter().map(FilePattern::new).collect(),
        format: export.format,
        zone,
        currency: export.currency,
        channel,
        spam_words: Words::from(export.spam_words),
        spam_contacts: export.spam_contacts,
        is_contact: export.is_contact,
        complete: export.complete,
        crm: export.crm,
        options: export.options,
    })
}

fn names_files(source: &SettingsText<'_>, path: &str, export: &Export) -> Check {
    let is_blank = |pattern: &String| pattern.trim().is_empty();
    if !export.files.is_empty() && !export.files.iter().any(is_blank) {
        return Ok(());
    }
    let message = format!("export \"{}\" names no files", export.name);
    Err(source
        .refuse(path, message)
        .hint("for example files = [\"../exports/calls-*.csv\"]"))
}

/// An empty word would make every row spam.
fn fits_not_everything(
    source: &SettingsText<'_>,
    path: &str,
    key: &str,
    export: &str,
    words: &[String],
) -> Check {
    if words.iter().all(|word| !word.trim().is_empty()) {
        return Ok(());
    }
    let message =
        format!("\"{key}\" of export \"{export}\" holds an empty text, which fits every row");
    Err(source.refuse(path, message))
}
