//! One campaign goes by several names: costs have its title and its number, visits a tag that may be either.

use std::collections::{BTreeMap, BTreeSet};

use crate::marts::costs::Costs;
use crate::model::channel::ChannelId;

/// Digits that a number of a campaign has at least; fewer are years and versions.
const DIGITS_OF_NUMBER: usize = 6;

/// Names of campaigns by what visits are tagged with, and groups of phrases.
pub(in crate::marts) struct CampaignNames {
    titles: BTreeSet<String>,
    by_number: BTreeMap<String, String>,
    /// The group of each phrase of a campaign; `None` where it is in several.
    groups: BTreeMap<(ChannelId, String, String), Option<String>>,
}

impl CampaignNames {
    /// The names that the costs have.
    pub(in crate::marts) fn of(costs: &Costs) -> Self {
        let mut names = Self {
            titles: BTreeSet::new(),
            by_number: BTreeMap::new(),
            groups: BTreeMap::new(),
        };
        for (channel, ad) in costs.ads() {
            names.titles.insert(ad.campaign.clone());
            if !ad.number.is_empty() && !ad.campaign.is_empty() {
                // Of a campaign that was renamed the last title by name stands: any, but always the same.
                names
                    .by_number
                    .insert(ad.number.clone(), ad.campaign.clone());
            }
            if ad.group.is_empty() {
                continue;
            }
            let key = (channel.clone(), ad.campaign.clone(), phrase(&ad.term));
            let known = names.groups.entry(key).or_insert(Some(ad.group.clone()));
            if known.as_ref() != Some(&ad.group) {
                *known = None;
            }
        }
        names
    }

    /// The title of a tagged campaign: of its number, alone or within a longer tag (`poisk_12345678`), else the tag itself.
    pub(in crate::marts) fn of_tag(&self, tag: &str) -> String {
        if self.titles.contains(tag) {
            return tag.to_owned();
        }
        let numbers = tag.split(|letter: char| !letter.is_ascii_digit());
        let mut numbers = numbers.filter(|number| number.len() >= DIGITS_OF_NUMBER);
        let titled = numbers.find_map(|number| self.by_number.get(number));
        let titled = self.by_number.get(tag).or(titled);
        titled.map_or(tag, String::as_str).to_owned()
    }

    /// The group that a phrase of a campaign is in; empty where it is not known.
    pub(super) fn group(&self, channel: &ChannelId, campaign: &str, phrase: &str) -> String {
        let key = (channel.clone(), campaign.to_owned(), phrase.to_owned());
        self.groups.get(&key).cloned().flatten().unwrap_or_default()
    }
}

/// A phrase in the one form that visits and costs share: small letters, without the words that it is not shown for
/// (`окна -бесплатно`).
pub(super) fn phrase(written: &str) -> String {
    let words = written.split_whitespace();
    let kept: Vec<&str> = words
        .filter(|word| !word.starts_with('-') || word.starts_with("--"))
        .collect();
    kept.join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_title_or_has_the_number_in_it() {
        let names = CampaignNames {
            titles: BTreeSet::from(["окна поиск".to_owned()]),
            by_number: BTreeMap::from([("12345678".to_owned(), "окна поиск".to_owned())]),
            groups: BTreeMap::new(),
        };
        for tag in [
            "окна поиск",
            "12345678",
            "poisk_12345678",
            "12345678|search",
        ] {
            assert_eq!(names.of_tag(tag), "окна поиск", "{tag}");
        }
        assert_eq!(names.of_tag("leto-2026"), "leto-2026");
    }

    #[test]
    fn minus_words_are_no_part_of_a_phrase() {
        assert_eq!(phrase("Окна Дёшево -бесплатно -бу"), "окна дёшево");
        assert_eq!(phrase("---autotargeting"), "---autotargeting");
    }
}
