//! What the headline says: a closed set of kinds, decided from the scorecard by one ordered list of questions.

use serde::{Deserialize, Serialize};

use crate::diagnosis::Diagnosis;
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::{Answer, Certainty};
use crate::metrics::scorecard::{ChannelRow, RowVerdict, Scorecard};
use crate::metrics::values::Estimate;
use crate::model::change::Change;
use crate::model::channel::ChannelId;
use crate::model::facts::{SourceHealth, SourceState};
use crate::model::metric::Metric;
use crate::model::observations::Dimension;
use crate::model::table::Table;

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
}

impl Verdict {
    /// Decides the headline. The order of the questions is the rule: first whether the numbers may be read at all,
    /// then whether there are enough of them, then what changed; falls before rises, the first conversion before others.
    ///
    /// A fault that was found makes a headline of its own when the totals show nothing, and names the cause of a drop.
    pub fn of(scorecard: &Scorecard, diagnosis: &Diagnosis) -> Self {
        let verdict = Self::of_numbers(scorecard, diagnosis);
        let found = diagnosis
            .findings
            .iter()
            .flat_map(|finding| &finding.causes)
            .find(|cause| cause.verdict == Answer::Found);
        let cause = found
            .map(|cause| cause.code)
            .filter(|_| verdict.kind != VerdictKind::DataNotFit);
        let is_quiet = matches!(
            verdict.kind,
            VerdictKind::NothingSignificant | VerdictKind::Rise
        );
        let kind = if is_quiet && cause.is_some() {
            VerdictKind::Incident
        } else {
            verdict.kind
        };
        Self {
            kind,
            cause,
            ..verdict
        }
    }

    fn of_numbers(scorecard: &Scorecard, diagnosis: &Diagnosis) -> Self {
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
        Self::moved(scorecard, VerdictKind::Drop)
            .or_else(|| Self::moved(scorecard, VerdictKind::Rise))
            .unwrap_or_else(|| plain(VerdictKind::NothingSignificant))
    }

    fn plain(kind: VerdictKind, scorecard: &Scorecard) -> Self {
        let with = |verdict| {
            scorecard
                .channels
                .iter()
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
        }
    }

    /// The most important thing that moved in one direction, or nothing.
    fn moved(scorecard: &Scorecard, kind: VerdictKind) -> Option<Self> {
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
            .filter(|cohort| is_wanted(&cohort.change))
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
        if let Some(row) = scorecard.channels.iter().find(|row| row.verdict == wanted) {
            return Some(Self {
                channel: Some(row.channel.clone()),
                ..plain.about_conv1(row)
            });
        }
        let change = &scorecard.total.previous.as_ref()?.change;
        [
            (Metric::Inquiries, change.inquiries),
            (Metric::Sessions, change.sessions),
        ]
        .into_iter()
        .find(|(_, change)| is_wanted(change))
        .map(|(metric, change)| Self {
            metric: Some(metric),
            base: Some(Base::Previous),
            change: Some(change),
            ..plain
        })
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

/// Sources with holes. What the diagnosis calls a hole is one; where it found a fault that silences contacts or traffic
/// instead, a silent day is the fault itself and may be read. Without either, days without rows are a hole.
fn unfit_sources(scorecard: &Scorecard, diagnosis: &Diagnosis) -> Vec<String> {
    let holes = holes(diagnosis);
    let is_a_fault = holes.is_empty() && has_fault(diagnosis);
    let is_unfit = |source: &&SourceState| {
        let is_hole = source.sales_doubt.is_some()
            || match source.state {
                SourceHealth::Missing => true,
                SourceHealth::Partial => !is_a_fault,
                SourceHealth::Complete | SourceHealth::Rejects => {
                    holes.contains(&source.source.as_str())
                }
            };
        // An export that never arrived and names no format may be of any table.
        is_hole && source.table.is_none_or(Table::carries_conclusions)
    };
    scorecard
        .data_health
        .iter()
        .filter(is_unfit)
        .map(|source| source.source.clone())
        .collect()
}

/// Exports that the diagnosis calls holed, probably at least.
fn holes(diagnosis: &Diagnosis) -> Vec<&str> {
    let causes = diagnosis
        .findings
        .iter()
        .flat_map(|finding| &finding.causes);
    let holes = causes.filter(|cause| {
        cause.code == CauseCode::DataGap && cause.certainty != Certainty::Candidate
    });
    holes
        .filter_map(|cause| cause.scope.get(&Dimension::Export).map(String::as_str))
        .collect()
}

/// Whether a fault that silences contacts was found, probably at least.
fn has_fault(diagnosis: &Diagnosis) -> bool {
    let silences = [
        CauseCode::Telephony,
        CauseCode::Forms,
        CauseCode::TrafficVolume,
    ];
    let causes = diagnosis
        .findings
        .iter()
        .filter_map(|finding| finding.causes.first());
    causes
        .into_iter()
        .any(|cause| silences.contains(&cause.code) && cause.certainty != Certainty::Candidate)
}

/// Whether sessions are unknown although an export of traffic is configured; a pipeline without one reports the rest.
fn lacks_traffic(scorecard: &Scorecard) -> bool {
    let of_traffic = |source: &SourceState| source.table.is_some_and(Table::is_of_traffic);
    scorecard.total.measures.sessions.is_none() && scorecard.data_health.iter().any(of_traffic)
}

fn is_too_small(total: &ChannelRow) -> bool {
    total.verdict == RowVerdict::TooFew
        || (total.conv1.value.is_none() && total.conv1.needed.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;
    use crate::digest::samples::scorecard;

    fn quiet() -> Scorecard {
        scorecard(VerdictKind::NothingSignificant, Language::RU)
    }

    #[test]
    fn a_channel_that_fell_is_the_headline_when_the_total_shows_nothing() {
        let mut card = quiet();
        card.channels[2].verdict = RowVerdict::Worse;
        card.channels[1].verdict = RowVerdict::Better;
        let verdict = Verdict::of(&card, &Diagnosis::default());
        assert_eq!(
            (verdict.kind, verdict.metric),
            (VerdictKind::Drop, Some(Metric::Conv1))
        );
        assert_eq!(verdict.channel, Some(card.channels[2].channel.clone()));
        assert_eq!((verdict.worse.len(), verdict.better.len()), (1, 1));
    }

    #[test]
    fn a_fall_of_the_mature_cohort_outranks_a_rise_of_the_first_conversion() {
        let mut card = quiet();
        card.total.verdict = RowVerdict::Better;
        let cohort = card.mature_cohort.as_mut().expect("a cohort");
        cohort.change = Change::Points {
            value: -6.1,
            low: -9.0,
            high: -3.2,
            beyond_noise: true,
        };
        let verdict = Verdict::of(&card, &Diagnosis::default());
        assert_eq!(
            (verdict.kind, verdict.metric),
            (VerdictKind::Drop, Some(Metric::Conv2))
        );
    }

    #[test]
    fn less_traffic_beyond_noise_is_a_drop_of_sessions() {
        let mut card = quiet();
        let previous = card.total.previous.as_mut().expect("a base");
        previous.change.sessions = Change::Percent {
            value: -31.0,
            beyond_noise: true,
        };
        let verdict = Verdict::of(&card, &Diagnosis::default());
        assert_eq!(
            (verdict.kind, verdict.metric),
            (VerdictKind::Drop, Some(Metric::Sessions))
        );
        assert_eq!(verdict.base, Some(Base::Previous));
    }

    #[test]
    fn an_unknown_count_is_never_a_headline_of_its_own() {
        let mut card = quiet();
        card.total.measures.inquiries = None;
        assert_eq!(
            Verdict::of(&card, &Diagnosis::default()).kind,
            VerdictKind::DataNotFit
        );
    }

    #[test]
    fn a_hole_in_costs_or_plans_does_not_change_the_headline() {
        let mut card = quiet();
        for table in [Table::Costs, Table::Targets, Table::Annotations] {
            card.data_health[4].table = Some(table);
            card.data_health[4].state = SourceHealth::Missing;
            assert_eq!(
                Verdict::of(&card, &Diagnosis::default()).kind,
                VerdictKind::NothingSignificant,
                "{table:?}"
            );
        }
    }
}
