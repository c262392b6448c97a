//! Channel rules, compiled; the ids that the rest of the pipeline may name.

use std::collections::BTreeSet;

use crate::config::channels::{BadPattern, ChannelRules};
use crate::config::hint::{expected_one_of, nearest};
use crate::config::settings::{ChannelRule, Channels};
use crate::config::shipped;
use crate::config::source::SettingsText;
use crate::config::value::{Check, kebab, last_line, title};
use crate::model::channel::ChannelId;
use crate::model::fault::Fault;

/// Compiled rules and the channels that there are.
pub(super) struct Resolved {
    pub rules: ChannelRules,
    pub ids: BTreeSet<String>,
}

pub(super) fn resolve(source: &SettingsText<'_>, channels: Channels) -> Result<Resolved, Fault> {
    let Some(base) = shipped::set(&channels.base) else {
        let message = format!("unknown channel set \"{}\"", channels.base);
        let hint = expected_one_of(&channels.base, &shipped::set_names());
        return Err(source.refuse("channels.base", message).hint(hint));
    };
    let mut ids: BTreeSet<String> = base.titles.keys().cloned().collect();
    ids.insert(ChannelId::UNASSIGNED.to_owned());
    for (place, rule) in channels.rules.iter().enumerate() {
        leads_somewhere(source, &format!("channels.rules.{place}"), rule)?;
        ids.insert(rule.channel.clone());
    }
    let rules = ChannelRules::compile(&channels.rules, channels.titles.clone(), base)
        .map_err(|bad| bad_pattern(source, &bad))?;
    for (id, text) in channels.titles {
        let path = format!("channels.titles.{id}");
        kebab(source, &path, &id)?;
        title(source, &path, &text)?;
        ids.insert(id);
    }
    Ok(Resolved { rules, ids })
}

/// A rule gives a channel and has a condition.
fn leads_somewhere(source: &SettingsText<'_>, at: &str, rule: &ChannelRule) -> Check {
    kebab(source, &format!("{at}.channel"), &rule.channel)?;
    let without_condition = ChannelRule {
        channel: rule.channel.clone(),
        ..ChannelRule::default()
    };
    if *rule == without_condition {
        let message = format!(
            "the rule for \"{}\" has no condition, so every session would fit it",
            rule.channel
        );
        return Err(source.refuse(at, message));
    }
    Ok(())
}

fn bad_pattern(source: &SettingsText<'_>, bad: &BadPattern) -> Fault {
    let BadPattern { rule, key, error } = bad;
    let message = format!("\"{key}\" is no regular expression: {}", last_line(error));
    source.refuse(&format!("channels.rules.{rule}.{key}"), message)
}

/// A channel that a line or an export names must be one that a rule gives or that has a title.
pub(super) fn known(
    source: &SettingsText<'_>,
    path: &str,
    id: String,
    ids: &BTreeSet<String>,
) -> Result<ChannelId, Fault> {
    if ids.contains(&id) {
        return Ok(ChannelId::new(id));
    }
    let all: Vec<&str> = ids.iter().map(String::as_str).collect();
    let near = nearest(&id, &all).map(|near| format!("did you mean \"{near}\"? "));
    let near = near.unwrap_or_default();
    let hint = format!("{near}a channel of your own needs a title: [channels.titles] {id} = \"…\"");
    Err(source
        .refuse(path, format!("unknown channel \"{id}\""))
        .hint(hint))
}
