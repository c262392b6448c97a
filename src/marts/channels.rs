//! Which channel a session, a tag on a contact or a cost row belongs to: ordered rules, the first that fits wins.

use std::collections::BTreeMap;

use regex::Regex;

use crate::config::language::Language;
use crate::config::settings::{ChannelRule, Channels};
use crate::config::shipped::{self, Title};
use crate::model::channel::ChannelId;

/// What is known of where a session or a contact came from. Absent and empty are the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// The analytics' own traffic type: `organic`, `ad`, `direct`, …
    pub traffic_type: Option<String>,
    /// The analytics' own detail: advertising engine, search engine, network, messenger.
    pub engine: Option<String>,
    /// The analytics' own channel group, in exports that carry only groups.
    pub group: Option<String>,
    /// UTM source.
    pub source: Option<String>,
    /// UTM medium.
    pub medium: Option<String>,
    /// UTM campaign.
    pub campaign: Option<String>,
    /// Host of the referring page.
    pub referrer_host: Option<String>,
}

impl Origin {
    /// Whether anything but a referrer is known: a referrer alone is no tag, it may be the site's own page.
    pub fn has_tag(&self) -> bool {
        [
            &self.traffic_type,
            &self.engine,
            &self.group,
            &self.source,
            &self.medium,
            &self.campaign,
        ]
        .into_iter()
        .flatten()
        .any(|value| !value.trim().is_empty())
    }

    /// The values in lower case, in the order of [`Field`].
    fn folded(&self) -> [String; 7] {
        [
            &self.traffic_type,
            &self.engine,
            &self.group,
            &self.source,
            &self.medium,
            &self.campaign,
            &self.referrer_host,
        ]
        .map(|value| value.as_deref().unwrap_or_default().trim().to_lowercase())
    }
}

/// A pipeline's rules and the shipped ones after them, ready to be asked.
#[derive(Debug, Clone)]
pub struct ChannelRules {
    rules: Vec<(ChannelId, Vec<Condition>)>,
    own_titles: BTreeMap<String, String>,
    titles: BTreeMap<String, Title>,
}

/// Rules that cannot be used. A plan that was loaded from a file has been checked for both.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// No shipped set has this name.
    #[error("unknown channel set \"{0}\"")]
    UnknownBase(String),
    /// A condition of the channel's rule is no regular expression.
    #[error("the rule for channel \"{channel}\" holds no regular expression")]
    Pattern {
        /// The channel of the rule.
        channel: String,
        /// What the expression's parser said.
        source: regex::Error,
    },
}

/// Place of a value in a folded origin.
#[derive(Debug, Clone, Copy)]
enum Field {
    TrafficType,
    Engine,
    Group,
    Source,
    Medium,
    Campaign,
    Referrer,
}

#[derive(Debug, Clone)]
enum Condition {
    OneOf(Field, Vec<String>),
    Matches(Field, Regex),
    SourceCategory(String),
}

impl Condition {
    fn holds(&self, origin: &[String; 7]) -> bool {
        match self {
            Self::OneOf(field, values) => values.contains(&origin[*field as usize]),
            Self::Matches(field, pattern) => pattern.is_match(&origin[*field as usize]),
            Self::SourceCategory(category) => {
                shipped::source_category(&origin[Field::Source as usize]) == Some(category.as_str())
            }
        }
    }
}

impl ChannelRules {
    /// Compiles the pipeline's own rules and, after them, those of the shipped set that it names.
    ///
    /// # Errors
    /// [`RulesError`] when the set is unknown or a pattern is no regular expression.
    pub fn compile(channels: &Channels) -> Result<Self, RulesError> {
        let base = shipped::set(&channels.base)
            .ok_or_else(|| RulesError::UnknownBase(channels.base.clone()))?;
        let rules = channels.rules.iter().chain(&base.rules).map(|rule| {
            conditions(rule)
                .map(|conditions| (ChannelId::new(&rule.channel), conditions))
                .map_err(|source| RulesError::Pattern {
                    channel: rule.channel.clone(),
                    source,
                })
        });
        let rules = rules.collect::<Result<_, _>>()?;
        Ok(Self {
            rules,
            own_titles: channels.titles.clone(),
            titles: base.titles,
        })
    }

    /// The channel of the first rule that fits, or `unassigned`.
    ///
    /// Costs some microseconds: ask it once per distinct origin, not once per session.
    pub fn classify(&self, origin: &Origin) -> ChannelId {
        let origin = origin.folded();
        let fitting = self
            .rules
            .iter()
            .find(|(_, conditions)| conditions.iter().all(|one| one.holds(&origin)));
        fitting.map_or_else(
            || ChannelId::new(ChannelId::UNASSIGNED),
            |(channel, _)| channel.clone(),
        )
    }

    /// The channel's name for people: the pipeline's own, else the shipped one, else the id.
    pub fn title(&self, channel: &ChannelId, language: Language) -> String {
        let own = self.own_titles.get(channel.as_str()).cloned();
        let shipped = || {
            self.titles
                .get(channel.as_str())
                .and_then(|title| title.of(language))
                .map(str::to_owned)
        };
        own.or_else(shipped).unwrap_or_else(|| channel.0.clone())
    }
}

fn conditions(rule: &ChannelRule) -> Result<Vec<Condition>, regex::Error> {
    use Field::{Campaign, Engine, Group, Medium, Referrer, Source, TrafficType};
    let lists = [
        (TrafficType, &rule.traffic_type),
        (Engine, &rule.engine),
        (Group, &rule.group),
        (Source, &rule.source),
        (Medium, &rule.medium),
        (Campaign, &rule.campaign),
    ];
    let patterns = [
        (Source, &rule.source_matches),
        (Medium, &rule.medium_matches),
        (Campaign, &rule.campaign_matches),
        (Referrer, &rule.referrer_matches),
    ];
    let mut conditions = Vec::new();
    for (field, values) in lists {
        let folded = |values: &Vec<String>| {
            values
                .iter()
                .map(|value| value.trim().to_lowercase())
                .collect()
        };
        conditions.extend(
            values
                .as_ref()
                .map(|values| Condition::OneOf(field, folded(values))),
        );
    }
    for (field, pattern) in patterns {
        if let Some(pattern) = pattern {
            conditions.push(Condition::Matches(field, Regex::new(pattern)?));
        }
    }
    conditions.extend(rule.source_category.clone().map(Condition::SourceCategory));
    Ok(conditions)
}

#[cfg(test)]
#[path = "channels_tests.rs"]
mod tests;
