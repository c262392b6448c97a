//! The table of costs column by column, and which of its rows tell of the same.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use chrono::NaiveDate;

use crate::marts::rows::Rows;
use crate::model::facts::Spend;
use crate::model::money::Minor;
use crate::model::origin::Origin;

/// What a row of costs is of inside its channel; empty is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CostAd {
    /// Title of the campaign.
    pub campaign: String,
    /// Its number in the advertising system.
    pub number: String,
    /// Group of ads.
    pub group: String,
    /// Ad.
    pub content: String,
    /// Phrase.
    pub term: String,
}

/// Rows whose spans must not overlap when they are added up, numbered.
///
/// Usually these are the rows of one campaign: another may be told of by the month, beside it. Where an advertising system
/// is told of by several breakdowns, a campaign of one is a part of the rows of another, and all of them are one series.
pub(super) struct Series<'a> {
    /// Advertising systems of exports that are told of by several breakdowns.
    mixed: BTreeSet<(&'a str, &'a str)>,
    placements: Vec<String>,
    numbers: HashMap<Vec<String>, usize>,
}

impl<'a> Series<'a> {
    pub(super) fn of(columns: &'a Columns, rows: &Rows) -> Result<Self> {
        let breakdowns = rows.texts("breakdown")?;
        let mut of_systems: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
        for (row, breakdown) in breakdowns.iter().enumerate() {
            let known = of_systems.entry(columns.system(row)).or_default();
            // Rows from before breakdowns were kept may be of any.
            if !breakdown.is_empty() {
                known.insert(breakdown);
            }
        }
        of_systems.retain(|_, breakdowns| breakdowns.len() > 1);
        Ok(Self {
            mixed: of_systems.into_keys().collect(),
            placements: rows.texts("placement")?,
            numbers: HashMap::new(),
        })
    }

    pub(super) fn number(&mut self, columns: &Columns, row: usize) -> usize {
        let (export, engine) = columns.system(row);
        let mut name = vec![export.to_owned(), engine.to_owned()];
        if !self.mixed.contains(&(export, engine)) {
            // A campaign keeps its number when it gets another name.
            let campaign = match columns.campaign_ids[row].as_str() {
                "" => format!("name {}", columns.campaigns[row]),
                id => format!("id {id}"),
            };
            let placement = self.placements[row].clone();
            let (source, medium) = (columns.sources[row].clone(), columns.media[row].clone());
            let CostAd {
                group,
                content,
                term,
                ..
            } = columns.ad(row);
            name.extend([campaign, placement, source, medium, group, content, term]);
        }
        let next = self.numbers.len();
        *self.numbers.entry(name).or_insert(next)
    }
}

/// The table of costs, column by column.
pub(super) struct Columns {
    pub(super) from: Vec<NaiveDate>,
    pub(super) to: Vec<NaiveDate>,
    pub(super) exports: Vec<String>,
    engines: Vec<String>,
    campaigns: Vec<String>,
    campaign_ids: Vec<String>,
    groups: Vec<String>,
    contents: Vec<String>,
    terms: Vec<String>,
    sources: Vec<String>,
    media: Vec<String>,
    pub(super) currencies: Vec<String>,
    impressions: Vec<Option<u32>>,
    clicks: Vec<Option<u32>>,
    pub(super) costs: Vec<Option<i64>>,
}

impl Columns {
    pub(super) fn read(rows: &Rows) -> Result<Self> {
        Ok(Self {
            from: rows.days("from_day")?,
            to: rows.days("day")?,
            exports: rows.texts("export")?,
            engines: rows.texts("engine")?,
            campaigns: rows.texts("campaign")?,
            campaign_ids: rows.texts("campaign_id")?,
            groups: rows.texts("ad_group")?,
            contents: rows.texts("utm_content")?,
            terms: rows.texts("utm_term")?,
            sources: rows.texts("utm_source")?,
            media: rows.texts("utm_medium")?,
            currencies: rows.texts("currency")?,
            impressions: rows.counts("impressions")?,
            clicks: rows.counts("clicks")?,
            costs: rows.longs("cost")?,
        })
    }

    /// The export of a row and its advertising system.
    fn system(&self, row: usize) -> (&str, &str) {
        (&self.exports[row], &self.engines[row])
    }

    pub(super) fn ad(&self, row: usize) -> CostAd {
        CostAd {
            campaign: self.campaigns[row].clone(),
            number: self.campaign_ids[row].clone(),
            group: self.groups[row].clone(),
            content: self.contents[row].clone(),
            term: self.terms[row].clone(),
        }
    }

    pub(super) fn origin(&self, row: usize) -> AdOrigin<'_> {
        AdOrigin {
            engine: &self.engines[row],
            campaign: &self.campaigns[row],
            source: &self.sources[row],
            medium: &self.media[row],
        }
    }

    pub(super) fn spend(&self, row: usize) -> Spend {
        Spend {
            impressions: u64::from(self.impressions[row].unwrap_or(0)),
            clicks: u64::from(self.clicks[row].unwrap_or(0)),
            cost: Minor(self.costs[row].unwrap_or(0)),
        }
    }
}

/// What a row of costs says about where its clicks came from; empty is not known.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct AdOrigin<'a> {
    engine: &'a str,
    campaign: &'a str,
    source: &'a str,
    medium: &'a str,
}

impl AdOrigin<'_> {
    /// As the channel rules take it: the traffic that money was paid for is advertising.
    pub(super) fn as_origin(self) -> Origin {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Origin {
            traffic_type: Some("ad".to_owned()),
            engine: some(self.engine),
            campaign: some(self.campaign),
            source: some(self.source),
            medium: some(self.medium),
            ..Origin::default()
        }
    }
}
