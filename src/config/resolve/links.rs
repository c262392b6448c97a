//! Where readers find the reports.

use crate::config::settings::Links;
use crate::config::source::SettingsText;
use crate::model::fault::Fault;

/// The address of the folder of the reports: a whole one, since a letter has no page to start from.
pub(super) fn resolve(source: &SettingsText<'_>, links: Links) -> Result<Option<String>, Fault> {
    let Some(base) = links.base else {
        return Ok(None);
    };
    let rest = base
        .strip_prefix("https://")
        .or_else(|| base.strip_prefix("http://"));
    let is_address = rest.is_some_and(|rest| {
        let is_fit = |symbol: char| !symbol.is_whitespace() && !"\"'<>?#".contains(symbol);
        !rest.starts_with('/') && !rest.is_empty() && rest.chars().all(is_fit)
    });
    if !is_address {
        return Err(source
            .refuse(
                "links.base",
                format!("\"{base}\" is no address of a folder"),
            )
            .hint("expected an address such as \"https://reports.firm.example/weekly\""));
    }
    Ok(Some(base.trim_end_matches('/').to_owned()))
}
