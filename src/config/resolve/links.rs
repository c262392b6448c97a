//! Where readers find the reports, and the records that these name.

use std::collections::BTreeMap;

use crate::config::plan::ExportPlan;
use crate::config::settings::Links;
use crate::config::source::SettingsText;
use crate::model::fault::Fault;
use crate::model::record_links::{ID, RecordLinks};

/// The address of the folder of the reports: a whole one, since a letter has no page to start from.
pub(super) fn base(source: &SettingsText<'_>, base: Option<&str>) -> Result<Option<String>, Fault> {
    let Some(base) = base else {
        return Ok(None);
    };
    if !is_address(base, "?#") {
        return Err(source
            .refuse(
                "links.base",
                format!("\"{base}\" is no address of a folder"),
            )
            .hint("expected an address such as \"https://reports.firm.example/weekly\""));
    }
    Ok(Some(base.trim_end_matches('/').to_owned()))
}

/// The addresses of deals and of records of exports.
pub(super) fn records(
    source: &SettingsText<'_>,
    links: Links,
    exports: &[ExportPlan],
) -> Result<RecordLinks, Fault> {
    if let Some(crm) = &links.crm {
        template(source, "links.crm", crm)?;
    }
    for (name, written) in &links.exports {
        let path = format!("links.exports.{name}");
        if !exports.iter().any(|export| export.name == *name) {
            let known: Vec<&str> = exports.iter().map(|export| export.name.as_str()).collect();
            let message = format!("no export is called \"{name}\"");
            let hint = match known.is_empty() {
                true => "the pipeline has no [[exports]]".to_owned(),
                false => format!("the exports of this pipeline are {}", known.join(", ")),
            };
            return Err(source.refuse(&path, message).hint(hint));
        }
        template(source, &path, written)?;
    }
    let exports: BTreeMap<String, String> = links.exports;
    Ok(RecordLinks {
        crm: links.crm,
        exports,
    })
}

fn template(source: &SettingsText<'_>, path: &str, written: &str) -> Result<(), Fault> {
    if written.contains(ID) && is_address(written, "") {
        return Ok(());
    }
    let message = format!("\"{written}\" is no address with {ID} in it");
    Err(source
        .refuse(path, message)
        .hint("expected an address such as \"https://firm.amocrm.ru/leads/detail/{id}\""))
}

/// Whether it is a whole address of the web, without the symbols that it may not hold.
fn is_address(written: &str, forbidden: &str) -> bool {
    let rest = written
        .strip_prefix("https://")
        .or_else(|| written.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let is_fit = |symbol: char| {
            !symbol.is_whitespace() && !"\"'<>".contains(symbol) && !forbidden.contains(symbol)
        };
        !rest.starts_with(['/', '{']) && !rest.is_empty() && rest.chars().all(is_fit)
    })
}
