//! What the headline says: a closed set of kinds, decided from the scorecard by one ordered list of questions.

use serde::{Deserialize, Serialize};

use super::fitness::{doubts_rise, judged_channels, lacks_traffic, unfit_sources};
use super::{profit_verdict, stage_verdict};

use crate::diagnosis::Diagnosis;
use crate::diagnosis::codes::{CauseCode, Conversion};
use crate::diagnosis::finding::{LostSegment, RankedCause, Tested, found};
use crate::metrics::money::ProfitFall;
use crate::metrics::scorecard::{ChannelRow, MatureCohort, RowVerdict, Scorecard};
use crate::metrics::stages::{StageBreak, StageTime};
use crate::metrics::values::Estimate;
use crate::model::change::Change;
use crate::model::channel::ChannelId;
use crate::model::metric::Metric;
use crate::model::observations::Dimension;

/// The kinds of headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictKind {
    /// Something fell beyond noise.
    Drop,
    /// Something rose beyond noise and nothing fell.
    Rise,
    /// A fault was found although the totals stayed within noise.
    Incident,
    /// Nothing can be told from noise.
    NothingSignificant,
    /// A source that the conclusions need did not arrive whole.
    DataNotFit,
    /// There is nothing to compare with yet.
    FirstPeriod,
    /// Not one session, and the source of sessions is whole.
    NoTraffic,
    /// Too few events for any statement, in total and so in every channel.
    AllTooSmall,
}

/// What the change is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// What was to be expected from the periods before.
    Usual,
    /// The period before.
    Previous,
    /// The mature cohort before.
    PreviousCohort,
}

/// The headline as data: every number in it is one of the contract's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Kind of headline.
    pub kind: VerdictKind,
    /// What changed; for drops and rises only.
    pub metric: Option<Metric>,
    /// The one channel that the change is seen in, when the total shows none.
    pub channel: Option<ChannelId>,
    /// What the change is measured against.
    pub base: Option<Base>,
    /// The change. Of `conv1` against the usual: inquiries against those that the traffic usually brings, in percent.
    pub change: Option<Change>,
    /// What was expected, as a share for conversions and a count otherwise.
    pub expected: Option<Estimate>,
    /// Probability of so large a deviation if nothing had changed.
    pub p_value: Option<f64>,
    /// Channels whose first conversion fell beyond noise.
    pub worse: Vec<ChannelId>,
    /// Channels whose first conversion rose beyond noise.
    pub better: Vec<ChannelId>,
    /// Sources that keep the data from being fit.
    pub sources: Vec<String>,
    /// The most probable cause, when one was found.
    pub cause: Option<CauseCode>,
    /// The place among the sessions that lost its inquiries, when it is what the headline is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<LostSegment>,
    /// The stage of the funnel that broke, when it is what the headline is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageBreak>,
    /// The stage where deals wait longer than usual, when it is what the headline is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slow: Option<StageTime>,
    /// The fall of gross profit, when it is what the headline is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profit: Option<ProfitFall>,
}

impl Verdict {
    /// Names what the headline concludes: the same for two headlines that differ in numbers alone.
    pub fn conclusion(&self) -> String {
        let falls = self.change.as_ref().map(Change::is_fall);
        let place = self.place.as_ref().map(|place| &place.scope);
        let stage = self.stage.as_ref();
        let stage = stage.map(|stage| (&stage.channel, &stage.manager, &stage.from, &stage.to));
        let slow = self.slow.as_ref().map(|slow| (&slow.stage, &slow.manager));
        let said = serde_json::json!([
            self.kind,
            self.metric,
            self.channel,
            falls,
            self.cause,
            place,
            stage,
            slow,
        ]);
        blake3::hash(said.to_string().as_bytes()).to_hex()[..16].to_owned()
    }

    /// Decides the headline. The order of the questions is the rule: first whether the numbers may be read at all,
    /// then whether there are enough of them, then what changed; falls before rises, the first conversion before others.
    ///
    /// A fault that was found makes a headline of its own when the totals show nothing, and names the cause of a drop; a
    /// stage that broke goes before what explains less.
    pub fn of(scorecard: &Scorecard, diagnosis: &Diagnosis) -> Self {
        let verdict = Self::of_causes(scorecard, diagnosis);
        let verdict = stage_verdict::or_stage(verdict, scorecard, diagnosis);
        let verdict = stage_verdict::or_slow(verdict, scorecard, diagnosis);
        profit_verdict::or_profit(verdict, scorecard)
    }

    fn of_causes(scorecard: &Scorecard, diagnosis: &Diagnosis) -> Self {
        let verdict = Self::of_numbers(scorecard, diagnosis);
        let mut found = found(&diagnosis.findings);
        match verdict.kind {
            VerdictKind::NothingSignificant | VerdictKind::Rise => match found.next() {
                Some((_, cause)) => Self::incident(cause, scorecard),
                None => verdict,
            },
            VerdictKind::Drop => verdict.with_cause(scorecard, diagnosis),
            VerdictKind::DataNotFit
            | VerdictKind::Incident
            | VerdictKind::FirstPeriod
            | VerdictKind::NoTraffic
            | VerdictKind::AllTooSmall => {
                let is_fit = verdict.kind != VerdictKind::DataNotFit;
                let cause = found.next().filter(|_| is_fit);
                Self {
                    cause: cause.map(|(_, cause)| cause.code),
                    ..verdict
                }
            }
        }
    }

    fn incident(cause: &RankedCause, scorecard: &Scorecard) -> Self {
        Self {
            cause: Some(cause.code),
            ..Self::plain(VerdictKind::Incident, scorecard)
        }
    }

    /// A drop with the cause that was found for it: of the same conversion, in the same channel, and of its size. One of
    /// something else makes the headline by itself when only a channel fell, and is left to its section when the total did.
    fn with_cause(self, scorecard: &Scorecard, diagnosis: &Diagnosis) -> Self {
        let fitting = found(&diagnosis.findings).find(|(conversion, cause)| {
            *conversion == self.conversion() && self.is_explained_by(cause, scorecard)
        });
        if let Some((_, cause)) = fitting {
            return Self {
                cause: Some(cause.code),
                ..self
            };
        }
        match found(&diagnosis.findings).next() {
            Some((_, cause)) if self.channel.is_some() => Self::incident(cause, scorecard),
            _ => self,
        }
    }

    fn conversion(&self) -> Conversion {
        match self.metric {
            Some(Metric::Conv2) => Conversion::Second,
            _ => Conversion::First,
        }
    }

    /// Whether a cause is of the place of the drop, and explains enough of it to be named in one sentence with it.
    fn is_explained_by(&self, cause: &RankedCause, scorecard: &Scorecard) -> bool {
        let place = cause.scope.get(&Dimension::Channel);
        let is_elsewhere = match (&self.channel, place) {
            (Some(fallen), Some(place)) => fallen.as_str() != place,
            _ => false,
        };
        let missing = self.missing(scorecard);
        let explained = cause.explains.inquiries.map(|lost| lost.value);
        let is_too_small = missing
            .zip(explained)
            .is_some_and(|(missing, explained)| explained < LEAST_EXPLAINED * missing);
        !is_elsewhere && (cause.code.distorts_traffic() || !is_too_small)
    }

    /// Inquiries that the drop is short of, where it is told in inquiries.
    pub(super) fn missing(&self, scorecard: &Scorecard) -> Option<f64> {
        let row = match &self.channel {
            Some(id) => scorecard.channels.iter().find(|row| row.channel == *id)?,
            None => &scorecard.total,
        };
        let expected = row.usual.filter(|_| self.metric == Some(Metric::Conv1))?;
        Some(expected.inquiries.value - row.measures.inquiries?)
    }

    pub(super) fn of_numbers(scorecard: &Scorecard, diagnosis: &Diagnosis) -> Self {
        let total = &scorecard.total;
        let sources = unfit_sources(scorecard, diagnosis);
        let plain = |kind| Self {
            sources: sources.clone(),
            ..Self::plain(kind, scorecard)
        };
        if !sources.is_empty() || lacks_traffic(scorecard) || total.measures.inquiries.is_none() {
            let (worse, better) = (Vec::new(), Vec::new());
            return Self {
                worse,
                better,
                ..plain(VerdictKind::DataNotFit)
            };
        }
        if total.measures.sessions == Some(0) {
            return plain(VerdictKind::NoTraffic);
        }
        if is_too_small(total) {
            return plain(VerdictKind::AllTooSmall);
        }
        if total.usual.is_none() && total.previous.is_none() {
            return plain(VerdictKind::FirstPeriod);
        }
        Self::moved(scorecard, diagnosis, VerdictKind::Drop)
            .or_else(|| Self::moved(scorecard, diagnosis, VerdictKind::Rise))
            .filter(|found| found.kind == VerdictKind::Drop || !doubts_rise(scorecard))
            .unwrap_or_else(|| plain(VerdictKind::NothingSignificant))
    }

    fn plain(kind: VerdictKind, scorecard: &Scorecard) -> Self {
        let with = |verdict| {
            judged_channels(scorecard)
                .filter(|row| row.verdict == verdict)
                .map(|row| row.channel.clone())
                .collect()
        };
        Self {
            kind,
            metric: None,
            channel: None,
            base: None,
            change: None,
            expected: None,
            p_value: None,
            worse: with(RowVerdict::Worse),
            better: with(RowVerdict::Better),
            sources: Vec::new(),
            cause: None,
            place: None,
            stage: None,
            slow: None,
            profit: None,
        }
    }

    /// The most important thing that moved in one direction, or nothing.
    fn moved(scorecard: &Scorecard, diagnosis: &Diagnosis, kind: VerdictKind) -> Option<Self> {
        let plain = Self::plain(kind, scorecard);
        let wanted = if kind == VerdictKind::Drop {
            RowVerdict::Worse
        } else {
            RowVerdict::Better
        };
        let is_wanted = |change: &Change| {
            let falls = change.value().is_some_and(|value| value < 0.0);
            change.is_beyond_noise() && falls == (kind == VerdictKind::Drop)
        };
        if scorecard.total.verdict == wanted {
            return Some(plain.about_conv1(&scorecard.total));
        }
        if let Some(cohort) = scorecard
            .mature_cohort
            .as_ref()
            .filter(|cohort| is_wanted(&cohort.change) && is_unusual(cohort))
        {
            let (metric, base) = (Some(Metric::Conv2), Some(Base::PreviousCohort));
            return Some(Self {
                metric,
                base,
                change: Some(cohort.change),
                expected: cohort.usual,
                ..plain
            });
        }
        if let Some(row) = judged_channels(scorecard).find(|row| row.verdict == wanted) {
            return Some(Self {
                channel: Some(row.channel.clone()),
                ..plain.about_conv1(row)
            });
        }
        let counts = plain.of_counts(scorecard, diagnosis);
        let mut counts = counts.into_iter();
        counts.find(|verdict| verdict.change.as_ref().is_some_and(is_wanted))
    }

    /// Inquiries and sessions as headlines. Against the period before only while nothing else is known: the period behind an
    /// odd one is no news.
    fn of_counts(self, scorecard: &Scorecard, diagnosis: &Diagnosis) -> Vec<Self> {
        let tested = |metric, is_meant: fn(&Tested) -> bool| {
            let test = diagnosis.tests.iter().find(|test| is_meant(test))?;
            Some(Self {
                metric: Some(metric),
                base: Some(Base::Usual),
                change: test.change(),
                p_value: Some(test.p_value),
                ..self.clone()
            })
        };
        // Where nobody counts visits, inquiries have their own past.
        let of_usual = match scorecard.total.measures.sessions {
            Some(_) => tested(Metric::Sessions, Tested::is_of_all_sessions),
            None => tested(Metric::Inquiries, Tested::is_of_all_inquiries),
        };
        if let Some(of_usual) = of_usual {
            return vec![of_usual];
        }
        let Some(previous) = &scorecard.total.previous else {
            return Vec::new();
        };
        let against = |metric, change| Self {
            metric: Some(metric),
            base: Some(Base::Previous),
            change: Some(change),
            ..self.clone()
        };
        vec![
            against(Metric::Inquiries, previous.change.inquiries),
            against(Metric::Sessions, previous.change.sessions),
        ]
    }

    fn about_conv1(self, row: &ChannelRow) -> Self {
        let metric = Some(Metric::Conv1);
        match (&row.usual, row.measures.inquiries, &row.previous) {
            (Some(usual), Some(inquiries), _) if usual.inquiries.value > 0.0 => {
                let value = (inquiries / usual.inquiries.value - 1.0) * 100.0 + 0.0;
                Self {
                    metric,
                    base: Some(Base::Usual),
                    change: Some(Change::Percent {
                        value,
                        beyond_noise: true,
                    }),
                    expected: Some(usual.inquiries),
                    p_value: Some(usual.p_value),
                    ..self
                }
            }
            (_, _, Some(previous)) => Self {
                metric,
                base: Some(Base::Previous),
                change: Some(previous.change.conv1),
                ..self
            },
            _ => Self { metric, ..self },
        }
    }
}

/// Whether a cohort lies beyond what is usual, too, where that is known: a fall from an odd one back to the usual is no news.
fn is_unusual(cohort: &MatureCohort) -> bool {
    let place = cohort.rate.value.zip(cohort.usual);
    place.is_none_or(|(rate, usual)| rate < usual.low || rate > usual.high)
}

/// A cause that explains less of a drop than this share is not its cause. A judgement.
pub(super) const LEAST_EXPLAINED: f64 = 0.25;

fn is_too_small(total: &ChannelRow) -> bool {
    total.verdict == RowVerdict::TooFew
        || (total.conv1.value.is_none() && total.conv1.needed.is_some())
}

#[cfg(test)]
#[path = "verdict_tests.rs"]
pub(super) mod tests;
