//! What a digest is told beside the numbers: whose it is, as of when, and by which definitions.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::followup::FollowUp;
use super::restated::Restated;
use crate::config::language::Language;
use crate::config::rules::{AttributionModel, FunnelBase};
use crate::metrics::ads::Ads;
use crate::metrics::slices::SliceTables;
use crate::model::calendar::Calendar;
use crate::model::nameless::Nameless;
use crate::model::period::Period;
use crate::model::record_links::RecordLinks;
use crate::model::role::Role;

/// Everything beside the scorecard.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestMeta {
    /// Whose digest it is.
    pub pipeline: PipelineInfo,
    /// Knowledge time of the numbers.
    pub as_of: DateTime<Utc>,
    /// Names the state of the lake.
    pub snapshot_id: String,
    /// Number of this report of the period, from 1.
    pub report_version: u32,
    /// Version of the program.
    pub program_version: String,
    /// Days of work from the report on, on which causes are to be checked.
    pub check_days: Vec<NaiveDate>,
    /// Rows that could not be read, by export and reason.
    pub rejects: Vec<Reject>,
    /// What stands where a person's key is expected and identifies nobody.
    pub nameless: Vec<Nameless>,
    /// Counts that differ from what earlier reports said, newest period first.
    pub restated: Vec<Restated>,
    /// What became of what the report before had found.
    pub followup: Option<FollowUp>,
    /// Advertising in detail.
    pub ads: Ads,
    /// Visits and deals by dimension and attribute.
    pub slices: SliceTables,
    /// The settings that a reader could dispute.
    pub definitions: Definitions,
}

impl DigestMeta {
    /// The meta of a pipeline's first report of a period, made by this program, with nothing rejected.
    pub fn new(
        pipeline: PipelineInfo,
        definitions: Definitions,
        as_of: DateTime<Utc>,
        snapshot_id: impl Into<String>,
    ) -> Self {
        Self {
            pipeline,
            as_of,
            snapshot_id: snapshot_id.into(),
            report_version: 1,
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
            check_days: Vec::new(),
            rejects: Vec::new(),
            nameless: Vec::new(),
            restated: Vec::new(),
            followup: None,
            ads: Ads::default(),
            slices: SliceTables::default(),
            definitions,
        }
    }
}

/// More causes than this are checked on the last of the days.
const CHECK_DAYS: usize = 10;
/// No holidays last longer than so many days.
const LONGEST_HOLIDAYS: usize = 60;

/// The days of work from a report of a period on, by the business's calendar.
pub fn check_days(calendar: &Calendar, reported: NaiveDate, period: &Period) -> Vec<NaiveDate> {
    // A Monday's report is read on that Monday; one made in the middle of its period is no reason to hurry before its end.
    let from = reported.max(period.to + Days::new(1));
    let worked = from
        .iter_days()
        .take(LONGEST_HOLIDAYS)
        .filter(|day| calendar.kind(*day).is_worked());
    worked.take(CHECK_DAYS).collect()
}

/// Whose digest it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PipelineInfo {
    /// Short name.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// Language of the digest.
    pub language: Language,
    /// ISO 4217 code of every amount.
    pub currency: String,
    /// IANA zone of business days.
    #[serde(with = "crate::model::zone::by_name")]
    pub time_zone: Tz,
    /// Names of telephone lines by number, as the lake keeps numbers.
    pub lines: BTreeMap<String, String>,
    /// What people call each export, by its name in the pipeline.
    #[serde(default)]
    pub exports: BTreeMap<String, String>,
    /// Who does what in the firm.
    #[serde(default)]
    pub people: BTreeMap<Role, String>,
    /// Whether an answer to the mail reaches somebody: an address for replies is set.
    #[serde(default)]
    pub takes_replies: bool,
    /// Address that the folder of the reports is served at.
    #[serde(default)]
    pub reports_at: Option<String>,
    /// Whether letters bring the printed report.
    #[serde(default)]
    pub attaches_pdf: bool,
    /// What part of the firm the digest is of; absent is all of it.
    #[serde(default)]
    pub view: Option<ViewInfo>,
    /// Addresses of the records that the report names.
    #[serde(default, skip_serializing_if = "RecordLinks::is_empty")]
    pub records: RecordLinks,
}

/// What the readers of a view see, in names for people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewInfo {
    /// Short name.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// Channels; none: all.
    pub channels: Vec<String>,
    /// Telephone lines; none: all.
    pub lines: Vec<String>,
    /// Cities; none: all.
    pub cities: Vec<String>,
    /// Managers; none: all.
    pub managers: Vec<String>,
    /// Sections, by code; none: all.
    pub sections: Vec<String>,
}

impl ViewInfo {
    /// Whether rows are left out, and not sections alone.
    pub fn is_of_a_part(&self) -> bool {
        let lists = [&self.channels, &self.lines, &self.cities, &self.managers];
        lists.iter().any(|list| !list.is_empty())
    }
}

/// Rows of one export that could not be read for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// The export's name in the pipeline.
    pub source: String,
    /// Why, as a code.
    pub reason: String,
    /// How many rows.
    pub rows: u64,
}

/// The settings that a reader could dispute; each is printed in "how to read".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Definitions {
    /// Contacts of one person within so many days are one inquiry.
    pub uniqueness_days: u32,
    /// An answered call counts from so many seconds of talk.
    pub target_call_min_s: u32,
    /// Whether a missed call is an inquiry.
    pub count_missed_calls: bool,
    /// How credit for an inquiry is given.
    pub attribution_model: AttributionModel,
    /// Sessions up to so many days before the contact count.
    pub lookback_days: u32,
    /// Half-life of the `time_decay` model, days.
    pub half_life_days: u32,
    /// Share of the first and last session each in the `position_based` model, percent.
    pub position_ends_percent: u32,
    /// A deal belongs to the last inquiry up to so many days before it.
    pub deal_window_days: u32,
    /// Later sales no longer count for a cohort.
    pub horizon_days: u32,
    /// A cohort is called mature after so many days.
    pub mature_days: u32,
    /// Fewer events than this: no rate, no change.
    pub min_events: u32,
    /// No percentage change on a smaller base.
    pub min_base: u32,
    /// One-sided false alarm rate of a single test.
    pub alpha: f64,
    /// False discovery rate over the channels.
    pub channels_fdr: f64,
    /// Periods that the usual range is learnt from.
    pub base_periods: u32,
    /// Fewer lost inquiries than these are not worth a word.
    #[serde(default)]
    pub smallest_loss: f64,
    /// What stages of the funnel are shown as a share of.
    #[serde(default)]
    pub funnel_base: FunnelBase,
    /// Gross margin as a share of revenue, for sales that carry no cost of goods.
    #[serde(default)]
    pub margin: Option<f64>,
    /// A buyer who has not bought for longer than so many days is silent.
    #[serde(default)]
    pub silence_days: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(period: &str, reported: &str) -> Vec<String> {
        let calendar = Calendar::shipped("ru").expect("the calendar is shipped");
        let period = Period::parse(period, NaiveDate::MIN).expect("a period");
        check_days(&calendar, reported.parse().expect("a day"), &period)
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    // 2026: 8 March is a Sunday, the day off is Monday the 9th; 4 November is a Wednesday.
    #[test]
    fn nothing_is_due_on_a_public_holiday_or_a_weekend() {
        assert_eq!(
            days("2026-W10", "2026-03-09")[..2],
            ["2026-03-10", "2026-03-11"]
        );
        assert_eq!(
            days("2026-W44", "2026-11-03")[..3],
            ["2026-11-03", "2026-11-05", "2026-11-06"]
        );
        assert_eq!(days("2026-W46", "2026-11-21")[0], "2026-11-23");
    }

    #[test]
    fn nothing_is_due_before_the_period_ends() {
        assert_eq!(days("2026-W46", "2026-11-12")[0], "2026-11-16");
    }
}
