//! Funnel stages before the inquiry.

use std::collections::BTreeSet;

use crate::config::rules::Stage;
use crate::config::source::SettingsText;
use crate::config::value::{Check, kebab, title};

pub(super) fn check(source: &SettingsText<'_>, stages: &[Stage]) -> Check {
    let mut codes = BTreeSet::new();
    for (place, stage) in stages.iter().enumerate() {
        let at = |key: &str| format!("stages.{place}.{key}");
        kebab(source, &at("code"), &stage.code)?;
        if !codes.insert(&stage.code) {
            let message = format!("a second stage has the code \"{}\"", stage.code);
            return Err(source.refuse(&at("code"), message));
        }
        title(source, &at("title"), &stage.title)?;
        if stage.goals.is_empty() {
            let message = format!("stage \"{}\" has no goals", stage.code);
            return Err(source.refuse(&at("goals"), message));
        }
    }
    Ok(())
}
