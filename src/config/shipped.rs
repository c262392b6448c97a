//! The channel rules that come with the program: data files, compiled in.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::language::Language;
use super::settings::ChannelRule;

const SETS: &[(&str, &str)] = &[
    (
        "ru-default",
        include_str!("../../pipelines/channels/ru-default.toml"),
    ),
    (
        "ga4-default",
        include_str!("../../pipelines/channels/ga4-default.toml"),
    ),
];

/// A shipped set of channel rules with the titles of its channels.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShippedChannels {
    /// Titles by channel id.
    pub titles: BTreeMap<String, Title>,
    /// Rules in order.
    pub rules: Vec<ChannelRule>,
}

/// A channel's name for people, by language code.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Title(BTreeMap<String, String>);

impl Title {
    /// The title in a language, in English where it has none.
    pub fn of(&self, language: Language) -> Option<&str> {
        self.0
            .get(language.code())
            .or_else(|| self.0.get("en"))
            .map(String::as_str)
    }

    /// Whether it is this text, in lower case, in any language.
    pub fn is(&self, text: &str) -> bool {
        self.0.values().any(|title| title.to_lowercase() == text)
    }
}

/// Names of the shipped sets.
pub fn set_names() -> Vec<&'static str> {
    SETS.iter().map(|(name, _)| *name).collect()
}

/// A shipped set by name.
pub fn set(name: &str) -> Option<ShippedChannels> {
    let (_, text) = SETS.iter().find(|(known, _)| *known == name)?;
    Some(toml::from_str(text).expect("the compiled-in channel sets are valid"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_a_shipped_set_leads_to_a_titled_channel() {
        for name in set_names() {
            let set = set(name).expect("a shipped set");
            for rule in &set.rules {
                for language in Language::all_shipped() {
                    let title = set
                        .titles
                        .get(&rule.channel)
                        .and_then(|title| title.0.get(language.code()));
                    assert!(
                        title.is_some(),
                        "{name}: {} has no title in {language}",
                        rule.channel
                    );
                }
            }
        }
    }
}
