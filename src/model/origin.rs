//! Where a session or a contact came from, as the exports say it.

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

    /// The values in lower case, in the order of the fields.
    pub fn folded(&self) -> [String; 7] {
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
