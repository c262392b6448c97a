//! The result of a diagnosis: what changed, the likely causes in order, what was checked and not confirmed.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::codes::{CauseCode, Conversion, Scope};
use super::daily::Daily;
use super::hours::Hours;
use super::weigh::evidence::Evidence;
use super::weigh::features::{Features, Shortfall};
use crate::config::words::Key;
use crate::metrics::values::Estimate;
use crate::model::change::Change;
use crate::model::metric::Metric;

/// Everything that a diagnosis says about one period.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// Probability that anything happened beyond chance and the calendar, to either conversion, 0 to 1.
    pub incident_probability: f64,
    /// The same for the first conversion alone.
    #[serde(default)]
    pub first_probability: f64,
    /// The same for the second conversion alone.
    #[serde(default)]
    pub second_probability: f64,
    /// What was found, most important first; empty in a quiet period.
    pub findings: Vec<Finding>,
    /// Every other cause with the reason why it is not named: ruled out or not assessable.
    pub checked: Vec<Checked>,
    /// Who is right when the second conversion falls: colder inquiries, or managers losing them.
    pub dispute: Option<Dispute>,
    /// Cohorts of the weeks before the period that are clearly short of sales by now, however they looked at the time.
    #[serde(default)]
    pub matured: Vec<Matured>,
    /// The smallest places whose sessions brought fewer inquiries than usual, the strongest first.
    pub segments: Vec<LostSegment>,
    /// What was tested, with the result of each test.
    pub tests: Vec<Tested>,
    /// Inquiries and sessions of the whole firm by day; empty where the period is too long for single days.
    #[serde(default)]
    pub days: Vec<Daily>,
    /// The first conversion's loss given the sessions and their mix.
    pub deficit: Shortfall,
    /// Uncalibrated evidence of every cause, for calibration and for those who check; not shown to readers.
    pub scores: Vec<Score>,
}

/// A change that was looked into, with its causes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The conversion that suffers.
    pub conversion: Conversion,
    /// Where the change is.
    pub scope: Scope,
    /// Inquiries of the whole firm in the period, for the first conversion.
    pub observed: Option<f64>,
    /// Those to be expected given the sessions and their mix.
    pub expected: Option<f64>,
    /// When it began, as far as that can be told.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended; absent while it goes on or when that cannot be told.
    pub ended_at: Option<DateTime<Utc>>,
    /// What it cost in the reported period.
    pub estimated_loss: Loss,
    /// The days of the first cause's place; absent when it is none of single days.
    #[serde(default)]
    pub daily: Option<Daily>,
    /// The calls of the first cause's lines by hour; absent where it is not about telephony.
    #[serde(default)]
    pub hours: Option<Hours>,
    /// Candidates, most probable first.
    pub causes: Vec<RankedCause>,
}

/// What was lost, each with its 95 % range; negative is a gain. Absent = cannot be told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Loss {
    /// Inquiries.
    pub inquiries: Option<Estimate>,
    /// Sales that these inquiries would have become, or that were lost from inquiries that came.
    pub sales: Option<Estimate>,
    /// Revenue of those sales, major units of the pipeline's currency.
    pub revenue: Option<Estimate>,
}

/// How sure a cause is, in one word that follows the calibrated probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Probability over 0.8.
    Likely,
    /// Over 0.5.
    Probable,
    /// One of several.
    Candidate,
}

/// The answers about a cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Evidence was found.
    Found,
    /// Not found, and too likely to be ruled out.
    NotExcluded,
    /// Looked for and not there.
    RuledOut,
    /// The exports cannot tell.
    NotAssessable,
}

/// One candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankedCause {
    /// Which cause.
    pub code: CauseCode,
    /// Calibrated probability that it was at work, 0 to 1. Several may be at work at once.
    pub probability: f64,
    /// The answer.
    pub verdict: Answer,
    /// The word for the probability.
    pub certainty: Certainty,
    /// Where.
    pub scope: Scope,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The part of the loss that it explains.
    pub explains: Loss,
    /// What speaks for it, strongest first.
    pub evidence: Vec<Evidence>,
    /// What speaks against it.
    pub against: Vec<Evidence>,
    /// What to do, in order: names of strings `check.<code>`.
    #[serde(with = "crate::config::words::of_checks")]
    pub checks: Vec<Key>,
}

/// From this probability on a cause is not excluded, and below it is. A judgement: of ten causes excluded with less, at most
/// one is there all the same.
pub const NOT_EXCLUDED: f64 = 0.10;

/// A cause that is not named, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// Which cause.
    pub code: CauseCode,
    /// Not excluded, ruled out or not assessable.
    pub verdict: Answer,
    /// Its probability all the same.
    pub probability: f64,
    /// Where it was most noticeable; empty is everywhere.
    pub scope: Scope,
    /// The strongest reason, with numbers: of a cause that is not excluded what speaks for it, of one that is what speaks
    /// against it, else what is missing.
    pub reason: Option<Evidence>,
}

/// Cold inquiries or managers: the answer to the oldest dispute, whenever the second conversion falls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dispute {
    /// Who is right.
    pub answer: DisputeAnswer,
    /// Calibrated probability of colder inquiries.
    pub lead_quality: f64,
    /// Calibrated probability of managers losing them.
    pub managers: f64,
    /// The numbers that decide it.
    pub evidence: Vec<Evidence>,
}

/// The answers to the dispute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisputeAnswer {
    /// The inquiries are colder.
    Leads,
    /// Managers lose them.
    Managers,
    /// Both.
    Both,
    /// The exports cannot tell the two apart.
    Undecided,
}

/// A cohort of an earlier week, judged again now that more of its sales are known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Matured {
    /// First day of the week.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
    /// Where: a channel, a manager, or everywhere.
    pub scope: Scope,
    /// Sales so far.
    pub observed: f64,
    /// Sales due by now.
    pub expected: f64,
    /// Log evidence, nats, the choice among places taken off.
    pub weight: f64,
}

/// A place among the sessions that brought fewer inquiries than it usually does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LostSegment {
    /// Where: channel, device, page, region; what is not named may be any.
    pub scope: Scope,
    /// Inquiries seen.
    pub observed: f64,
    /// Inquiries to be expected of its sessions.
    pub expected: f64,
    /// Log evidence, nats, the choice among all other places taken off.
    pub score: f64,
}

/// One test of one number of one scope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    /// What was tested: `sessions`, `conv1`.
    pub metric: Metric,
    /// Where.
    pub scope: Scope,
    /// Seen.
    pub observed: f64,
    /// Expected.
    pub expected: f64,
    /// One-sided tail probability, on the side it fell to.
    pub p_value: f64,
    /// Whether it is believed among all tests of its dimension (false discovery rate).
    pub is_significant: bool,
    /// Smallest relative change that would have been noticed with power 0.8, a share; absent when none would.
    pub detectable: Option<f64>,
}

/// The causes that were found, with the conversion that they hurt, in the order of the findings.
pub fn found(findings: &[Finding]) -> impl Iterator<Item = (Conversion, &RankedCause)> {
    let causes = findings.iter().flat_map(|finding| {
        let causes = finding.causes.iter();
        causes.map(|cause| (finding.conversion, cause))
    });
    causes.filter(|(_, cause)| cause.verdict == Answer::Found)
}

impl Tested {
    /// Whether it is of the sessions of the whole firm.
    pub fn is_of_all_sessions(&self) -> bool {
        self.metric == Metric::Sessions && self.scope.is_empty()
    }

    /// Whether it is of the inquiries of the whole firm, given its sessions where it has any.
    pub fn is_of_all_inquiries(&self) -> bool {
        self.metric == Metric::Conv1 && self.scope.is_empty()
    }

    /// What was seen against what was expected, in percent; absent where nothing was expected.
    pub fn change(&self) -> Option<Change> {
        let relative = self.observed / self.expected - 1.0;
        (self.expected > 0.0).then_some(Change::Percent {
            value: relative * 100.0 + 0.0,
            beyond_noise: self.is_significant,
        })
    }
}

/// The uncalibrated evidence of one cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Which cause.
    pub code: CauseCode,
    /// Which conversion it hurts.
    pub conversion: Conversion,
    /// Sum of the evidence, nats; absent when it cannot be assessed.
    pub log_odds: Option<f64>,
    /// The evidence by role, nats.
    pub evidence: Features,
    /// The best scope.
    pub scope: Scope,
    /// Inquiries of the first-conversion deficit that it explains.
    pub explains: f64,
    /// Causes whose evidence is worth nothing if this one is true.
    pub voids: Vec<(Conversion, CauseCode)>,
}
