//! What a section is built from: the numbers, the words, and the way numbers are written.

use super::blocks::Tone;
use super::causes;
use super::contract::Digest;
use super::figures::Figures;
use super::fitness::hides_channels;
use super::language::{Rich, Strings};
use super::verdict::VerdictKind;
use crate::config::words::Key;
use crate::metrics::scorecard::{ChannelRow, RowVerdict};
use crate::model::data_fault::DataFault;
use crate::model::facts::SourceState;
use crate::model::table::Table;

/// What a section is built from.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The numbers.
    pub digest: &'a Digest,
    /// The words.
    pub strings: &'a Strings,
    /// The way numbers are written.
    pub figures: Figures<'a>,
}

impl<'a> Page<'a> {
    /// A page of a digest in the words of a language.
    pub fn of(digest: &'a Digest, strings: &'a Strings) -> Self {
        let figures = Figures::new(strings, &digest.pipeline.currency, event_decimals(digest));
        Self {
            digest,
            strings,
            figures,
        }
    }

    /// Whether the firm tells of no visits at all: of what nobody collects nothing is missing.
    pub fn is_without_traffic(&self) -> bool {
        let exports = &self.digest.data_health;
        let is_other = |table: Table| !table.is_of_traffic();
        let are_others = exports.iter().all(|one| one.table.is_some_and(is_other));
        are_others && !exports.is_empty() && self.digest.totals.measures.sessions.is_none()
    }

    /// Whether anything may be called better or worse: not while the data are incomplete.
    pub fn may_judge(&self) -> bool {
        self.digest.verdict.kind != VerdictKind::DataNotFit
    }

    /// Whether inquiries may be held against their traffic: not while a fault of the counter hides the visits.
    pub fn may_judge_rates(&self) -> bool {
        let lead = self.digest.lead();
        self.may_judge() && !lead.is_some_and(causes::distorts_sessions)
    }

    /// Whether channels may be: not while their inquiries have lost them, either.
    pub fn may_judge_channels(&self) -> bool {
        let lead = self.digest.lead();
        let is_lost = lead.is_some_and(causes::loses_channels);
        self.may_judge_rates() && !is_lost && !hides_channels(&self.digest.data_health)
    }

    /// Whether something is wrong with rows that did arrive.
    pub fn has_data_faults(&self) -> bool {
        let mut sources = self.digest.data_health.iter();
        sources.any(|source| !source.data_faults.is_empty())
    }

    /// Whether the revenue of the period is no fact: amounts or days of closing of the sales are in doubt, or some are not added.
    pub fn doubts_revenue(&self) -> bool {
        let sources = self.digest.data_health.iter();
        let mut of_deals = sources.filter(|source| source.table == Some(Table::Deals));
        of_deals.any(SourceState::doubts_revenue)
    }

    /// Whether even the number of sales of the period is none.
    pub fn doubts_sales(&self) -> bool {
        let sources = self.digest.data_health.iter();
        let mut faults = sources.flat_map(|source| &source.data_faults);
        faults.any(DataFault::is_of_closing)
    }

    /// What people call an export; one without a title that is named as its rows are, by their word.
    pub fn export<'n>(&self, name: &'n str) -> &'n str
    where
        'a: 'n,
    {
        let title = self.digest.pipeline.exports.get(name).map(String::as_str);
        // Where the export's format has no title either, the title is the name.
        let title = title.filter(|title| *title != name);
        title.or_else(|| self.strings.word(name)).unwrap_or(name)
    }

    /// The tone of a row's first conversion.
    pub fn tone(&self, row: &ChannelRow) -> Tone {
        match row.verdict {
            RowVerdict::Worse if self.may_judge_channels() => Tone::Bad,
            RowVerdict::Better if self.may_judge_channels() => Tone::Good,
            RowVerdict::Worse
            | RowVerdict::Better
            | RowVerdict::Noise
            | RowVerdict::TooFew
            | RowVerdict::Unknown => Tone::Neutral,
        }
    }

    /// A string by key.
    pub fn text(&self, key: Key) -> String {
        self.strings.fill(key, &[])
    }

    /// A string with values.
    pub fn fill(&self, key: Key, values: &[(&str, &str)]) -> String {
        self.strings.fill(key, values)
    }

    /// A string with values and emphasis.
    pub fn rich(&self, key: Key, values: &[(&str, &str)]) -> Rich {
        self.strings.rich(key, values)
    }
}

/// One digit after the mark when an attribution model splits inquiries, in every cell alike; none otherwise.
fn event_decimals(digest: &Digest) -> usize {
    let rows = digest.channels.iter().chain([&digest.totals]);
    let events = rows.flat_map(|row| {
        [
            row.measures.inquiries,
            row.measures.sales,
            row.measures.sales_closed,
        ]
    });
    usize::from(
        events
            .flatten()
            .any(|value| (value - value.round()).abs() > 1e-6),
    )
}
