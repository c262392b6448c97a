//! What kind of site a source is, by Google's list of sources.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

const SOURCE_CATEGORIES: &str = include_str!("../../pipelines/channels/source_categories.csv");

/// What a source is in Google's list of sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceCategory {
    /// A search engine.
    Search,
    /// A social network.
    Social,
    /// A marketplace or a price comparison.
    Shopping,
    /// A video service.
    Video,
}

impl SourceCategory {
    /// The category of its word in the list.
    fn parse(word: &str) -> Option<Self> {
        match word {
            "search" => Some(Self::Search),
            "social" => Some(Self::Social),
            "shopping" => Some(Self::Shopping),
            "video" => Some(Self::Video),
            _ => None,
        }
    }
}

/// The category of a source (in lower case) in Google's list.
pub(super) fn of(source: &str) -> Option<SourceCategory> {
    static BY_SOURCE: LazyLock<HashMap<&str, SourceCategory>> =
        LazyLock::new(|| listed_sources().collect());
    BY_SOURCE.get(source).copied()
}

/// The sources of the list with their categories; its first line is a heading.
fn listed_sources() -> impl Iterator<Item = (&'static str, SourceCategory)> {
    SOURCE_CATEGORIES.lines().skip(1).filter_map(|line| {
        let (source, category) = line.split_once(',')?;
        Some((source, SourceCategory::parse(category)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_has_a_known_category() {
        use SourceCategory::{Search, Shopping, Social, Video};
        let counts = [Search, Social, Shopping, Video].map(|category| {
            listed_sources()
                .filter(|(_, known)| *known == category)
                .count()
        });
        assert_eq!(counts, [129, 592, 52, 46]);
        assert_eq!(
            SOURCE_CATEGORIES.lines().count() - 1,
            counts.iter().sum::<usize>()
        );
    }
}
