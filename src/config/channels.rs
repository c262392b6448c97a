//! Which channel a session, a tag on a contact or a cost row belongs to: ordered rules, the first that fits wins.

use std::collections::BTreeMap;

use regex::Regex;

use super::categories::{self, SourceCategory};
use super::language::Language;
use super::settings::ChannelRule;
use super::shipped::{ShippedChannels, Title};
use crate::model::channel::ChannelId;
use crate::model::origin::Origin;

/// A pipeline's rules and the shipped ones after them, ready to be asked.
#[derive(Debug, Clone)]
pub struct ChannelRules {
    rules: Vec<Rule>,
    own_titles: BTreeMap<String, String>,
    titles: BTreeMap<String, Title>,
}

#[derive(Debug, Clone)]
struct Rule {
    channel: ChannelId,
    conditions: Vec<Condition>,
}

#[derive(Debug, Clone)]
enum Condition {
    OneOf(Field, Vec<String>),
    Matches(Field, Regex),
    SourceCategory(SourceCategory),
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

/// A condition that is no regular expression.
#[derive(Debug)]
pub(super) struct BadPattern {
    /// Place of the rule in the pipeline's list.
    pub rule: usize,
    /// The setting that holds it.
    pub key: &'static str,
    /// What the expression's parser said.
    pub error: regex::Error,
}

impl ChannelRules {
    /// Compiles the pipeline's own rules and, after them, those of a shipped set.
    pub(super) fn compile(
        own: &[ChannelRule],
        own_titles: BTreeMap<String, String>,
        base: ShippedChannels,
    ) -> Result<Self, BadPattern> {
        let mut rules = Vec::with_capacity(own.len() + base.rules.len());
        for (place, written) in own.iter().enumerate() {
            let rule = Rule::compile(written);
            let bad = |(key, error)| BadPattern {
                rule: place,
                key,
                error,
            };
            rules.push(rule.map_err(bad)?);
        }
        for written in &base.rules {
            rules.push(Rule::compile(written).expect("the compiled-in patterns are valid"));
        }
        Ok(Self {
            rules,
            own_titles,
            titles: base.titles,
        })
    }

    /// The rules of a shipped set alone.
    #[cfg(test)]
    pub(crate) fn shipped(name: &str) -> Self {
        let base = super::shipped::set(name).expect("a shipped set");
        Self::compile(&[], BTreeMap::new(), base).expect("no rules of one's own")
    }

    /// The channel of the first rule that fits, or `unassigned`.
    ///
    /// Costs some microseconds: ask it once per distinct origin, not once per session.
    pub fn classify(&self, origin: &Origin) -> ChannelId {
        let values = origin.folded();
        let fitting = self.rules.iter().find(|rule| rule.fits(&values));
        match fitting {
            Some(rule) => rule.channel.clone(),
            None => ChannelId::new(ChannelId::UNASSIGNED),
        }
    }

    /// The channel's name that the pipeline gives it.
    pub fn own_title(&self, channel: &ChannelId) -> Option<&str> {
        self.own_titles.get(channel.as_str()).map(String::as_str)
    }

    /// The channel that has this title, the pipeline's own or a shipped one, in any language; case does not matter.
    pub fn titled(&self, text: &str) -> Option<ChannelId> {
        let wanted = text.to_lowercase();
        let own = self.own_titles.iter();
        let own = own.filter(|(_, title)| title.to_lowercase() == wanted);
        let shipped = self.titles.iter();
        let shipped = shipped.filter(|(_, title)| title.is(&wanted));
        let mut ids = own.map(|(id, _)| id).chain(shipped.map(|(id, _)| id));
        ids.next().map(ChannelId::new)
    }

    /// The channel's name for people: the pipeline's own, else the shipped one, else the id.
    pub fn title(&self, channel: &ChannelId, language: Language) -> String {
        let shipped = || self.titles.get(channel.as_str())?.of(language);
        self.own_title(channel)
            .or_else(shipped)
            .unwrap_or(channel.as_str())
            .to_owned()
    }
}

impl Rule {
    /// Compiles a rule; an error names the setting that is no regular expression.
    fn compile(written: &ChannelRule) -> Result<Self, (&'static str, regex::Error)> {
        let mut conditions = lists(written);
        conditions.extend(patterns(written)?);
        conditions.extend(written.source_category.map(Condition::SourceCategory));
        Ok(Self {
            channel: ChannelId::new(&written.channel),
            conditions,
        })
    }

    fn fits(&self, values: &[String; 7]) -> bool {
        self.conditions.iter().all(|one| one.holds(values))
    }
}

fn lists(written: &ChannelRule) -> Vec<Condition> {
    let lists = [
        (Field::TrafficType, &written.traffic_type),
        (Field::Engine, &written.engine),
        (Field::Group, &written.group),
        (Field::Source, &written.source),
        (Field::Medium, &written.medium),
        (Field::Campaign, &written.campaign),
    ];
    let mut conditions = Vec::new();
    for (field, values) in lists {
        let Some(values) = values else { continue };
        let folded = values.iter().map(|value| value.trim().to_lowercase());
        conditions.push(Condition::OneOf(field, folded.collect()));
    }
    conditions
}

fn patterns(written: &ChannelRule) -> Result<Vec<Condition>, (&'static str, regex::Error)> {
    let patterns = [
        ("source_matches", Field::Source, &written.source_matches),
        ("medium_matches", Field::Medium, &written.medium_matches),
        (
            "campaign_matches",
            Field::Campaign,
            &written.campaign_matches,
        ),
        (
            "referrer_matches",
            Field::Referrer,
            &written.referrer_matches,
        ),
    ];
    let mut conditions = Vec::new();
    for (key, field, pattern) in patterns {
        let Some(pattern) = pattern else { continue };
        let compiled = Regex::new(pattern).map_err(|error| (key, error))?;
        conditions.push(Condition::Matches(field, compiled));
    }
    Ok(conditions)
}

impl Condition {
    fn holds(&self, values: &[String; 7]) -> bool {
        match self {
            Self::OneOf(field, allowed) => allowed.contains(&values[*field as usize]),
            Self::Matches(field, pattern) => pattern.is_match(&values[*field as usize]),
            Self::SourceCategory(category) => {
                categories::of(&values[Field::Source as usize]) == Some(*category)
            }
        }
    }
}

#[cfg(test)]
#[path = "channels_tests.rs"]
mod tests;
