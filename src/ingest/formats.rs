//! The formats that there are: the built-in ones, and the user's own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use anyhow::{Context, Result};

use super::format::{ColumnRule, Format};
use super::format_check;
use crate::config::hint::expected_one_of;
use crate::config::source::SettingsText;
use crate::model::fault::Fault;

/// Reads a format and checks all that it states.
///
/// # Errors
/// When the TOML is wrong, or something in it is not what the reader will need: with file, line and a hint.
pub fn parse(text: &str, place: &str) -> Result<Format, Fault> {
    let (source, mut format) = SettingsText::parse::<Format>(place, text)?;
    if let Some(name) = format.like.clone() {
        let model = built_in(&name).ok_or_else(|| {
            let message = format!("there is no built-in format \"{name}\"");
            source
                .refuse("like", message)
                .hint("docs/FORMATS.md lists the built-in ones")
        })?;
        take_columns(&mut format, model?);
    }
    format_check::all(&source, &mut format)?;
    Ok(format)
}

/// The built-in format of that name, when there is one.
fn built_in(name: &str) -> Option<Result<Format, Fault>> {
    let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
    Some(parse(text, name))
}

/// What another format says of the columns goes for this one, too; what it says itself of one goes before it.
fn take_columns(format: &mut Format, model: Format) {
    format.adapter = format.adapter.take().or(model.adapter);
    let is_own = |rule: &ColumnRule| format.columns.iter().any(|own| own.to == rule.to);
    let others = model.columns.into_iter().filter(|rule| !is_own(rule));
    let others: Vec<ColumnRule> = others.collect();
    format.columns.extend(others);
}

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("formats/", $name, ".toml")))),*]
    };
}

/// The built-in formats: one file and one line here each.
const BUILT_IN: &[(&str, &str)] = built_in![
    "yandex-metrika-visits",
    "ga4-traffic-acquisition",
    "ga4-traffic-acquisition-ru",
    "ga4-sessions-by-day",
    "metrika-sources",
    "metrika-days",
    "matomo-days",
    "plausible-visitors",
    "plausible-sources",
    "own-traffic",
    "own-traffic-ru",
    "asterisk-cdr",
    "asterisk-cdr-20",
    "asterisk-cdr-20-userfield",
    "asterisk-cdr-19",
    "asterisk-cdr-18",
    "asterisk-cdr-16",
    "asterisk-cdr-custom",
    "ringostat-calls",
    // Its rows look like those of the table without a header.
    "asterisk-cdr-report",
    "asterisk-cdr-table-linked",
    "asterisk-cdr-table",
    "freeswitch-cdr",
    "grandstream-ucm",
    "3cx-call-log",
    "yeastar-cdr",
    "mango-calls",
    "mango-stats",
    "uis-calls",
    "calltouch-calls",
    "zadarma-pbx",
    "avito-calls",
    "operator-pbx-history",
    "operator-pbx-history-bare",
    "callrail-calls",
    "roistat-calls",
    "twilio-calls",
    "call-totals",
    "call-tracking-links",
    "tilda-leads",
    "site-forms",
    "google-forms-ru",
    "google-forms-en",
    "yandex-forms",
    "flamingo-inbound",
    "meta-lead-ads",
    "amocrm-leads",
    "bitrix24-deals",
    "amocrm-leads-api",
    "bitrix24-deals-api",
    "hubspot-deals",
    "bitrix24-leads",
    "bitrix24-leads-api",
    "kommo-leads",
    "pipedrive-deals",
    "salesforce-opportunities",
    "salesforce-opportunity-report",
    "zoho-deals",
    "metrika-simple-orders",
    "getcourse-orders",
    "orders-1c",
    "orders-1c-list",
    "commerceml-orders",
    "shopify-orders",
    "shopify-orders-plain",
    "shopify-checkouts",
    "deals-plain-en",
    "deals-plain-ru",
    "leads-by-id",
    "won-deals-by-id",
    "crm-status-utm",
    "yandex-direct-report",
    "yandex-direct-wizard",
    "google-ads-campaigns",
    "google-ads-period",
    "google-ads-time-series",
    "microsoft-ads",
    "yandex-direct-api",
    "yandex-direct-api-units",
    "metrika-expenses",
    "vk-ads",
    "meta-ads",
    "meta-ads-ru",
    "own-costs",
    "own-costs-en",
    "own-costs-periods",
    "own-costs-months-en",
    "plan-targets",
    "plan-targets-ru",
    "calendar-days",
    "annotations",
    // Plain headers that anybody may write: all others are asked before.
    "surveys",
    "bitrix24-stage-history",
    "amocrm-stage-events",
    "stage-history-ru",
    "stage-history-en",
    "calls-table",
    "calls-table-ru",
    "calls-table-number",
];

/// The user's formats of a folder, then the built-in ones; a user's format hides a built-in one of the same name.
///
/// # Errors
/// When a format cannot be read.
pub fn load_all(folder: &Path) -> Result<Vec<Format>> {
    let mut formats = Vec::new();
    if folder.is_dir() {
        for path in toml_files(folder)? {
            let place = path.display().to_string();
            let text = fs::read_to_string(&path).with_context(|| format!("read {place}"))?;
            formats.push(parse(&text, &place)?);
        }
    }
    for (name, text) in BUILT_IN {
        let format = parse(text, name)?;
        if formats.iter().all(|own: &Format| own.name != format.name) {
            formats.push(format);
        }
    }
    Ok(formats)
}

/// The titles of the user's own formats, by name.
pub fn own_titles(folder: &Path) -> Result<BTreeMap<String, String>> {
    let is_own = |format: &Format| BUILT_IN.iter().all(|(name, _)| *name != format.name);
    let formats = load_all(folder)?.into_iter().filter(is_own);
    Ok(formats.map(|format| (format.name, format.title)).collect())
}

/// The TOML text of a format: the user's own of that name, else the built-in one.
///
/// # Errors
/// When a format cannot be read, or there is none of that name.
pub fn text_of(folder: &Path, name: &str) -> Result<String> {
    if folder.is_dir() {
        for path in toml_files(folder)? {
            let place = path.display().to_string();
            let text = fs::read_to_string(&path).with_context(|| format!("read {place}"))?;
            if parse(&text, &place)?.name == name {
                return Ok(text);
            }
        }
    }
    let built_in = BUILT_IN.iter().find(|(built_in, _)| *built_in == name);
    let Some((_, text)) = built_in else {
        let known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
        let fault = Fault::usage(format!("there is no format \"{name}\""));
        return Err(fault.hint(expected_one_of(name, &known)).into());
    };
    Ok((*text).to_owned())
}

/// The TOML files of a folder by name.
fn toml_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_format_is_sound_and_named_like_its_file() {
        for (name, text) in BUILT_IN {
            let format = parse(text, name).expect("a built-in format");
            assert_eq!(format.name, *name);
        }
    }
}
