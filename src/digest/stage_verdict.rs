//! When a stage of the funnel that broke is what the headline is about.

use super::verdict::{Base, LEAST_EXPLAINED, Verdict, VerdictKind};
use crate::diagnosis::Diagnosis;
use crate::diagnosis::codes::{CauseCode, Conversion};
use crate::diagnosis::finding::{RankedCause, found};
use crate::metrics::scorecard::Scorecard;
use crate::metrics::stages::{StageBreak, StageKind};
use crate::model::change::Change;
use crate::model::metric::Metric;

/// The verdict, or that of the stage that broke where nothing else is found, or what is found explains less.
pub(super) fn or_stage(verdict: Verdict, scorecard: &Scorecard, diagnosis: &Diagnosis) -> Verdict {
    let Some(broken) = scorecard.stage_breaks.first() else {
        return verdict;
    };
    let is_told_by_stage = match verdict.kind {
        VerdictKind::NothingSignificant | VerdictKind::Rise => true,
        VerdictKind::Incident => found(&diagnosis.findings)
            .next()
            .is_none_or(|(_, cause)| explains_more(broken, cause)),
        VerdictKind::Drop => explains(broken, &verdict, scorecard, diagnosis),
        // There a share of a stage says as little as any other number.
        VerdictKind::DataNotFit
        | VerdictKind::FirstPeriod
        | VerdictKind::NoTraffic
        | VerdictKind::AllTooSmall => false,
    };
    if is_told_by_stage {
        of_stage(verdict, broken)
    } else {
        verdict
    }
}

/// Whether a drop of inquiries is the stage's: in the same channel, of its size, and no cause that was found explains more.
fn explains(
    broken: &StageBreak,
    drop: &Verdict,
    scorecard: &Scorecard,
    diagnosis: &Diagnosis,
) -> bool {
    let is_of_it = match broken.kind {
        StageKind::Visits => matches!(drop.metric, Some(Metric::Conv1 | Metric::Inquiries)),
        StageKind::Deals => drop.metric == Some(Metric::Conv2),
    };
    if !is_of_it {
        return false;
    }
    let is_elsewhere = match (&drop.channel, &broken.channel) {
        (Some(fallen), Some(place)) => fallen != place,
        _ => false,
    };
    let missing = drop.missing(scorecard);
    let is_too_small = missing
        .zip(broken.lost_inquiries)
        .is_some_and(|(missing, lost)| lost < LEAST_EXPLAINED * missing);
    let named = |cause: &RankedCause| drop.cause == Some(cause.code);
    let rival = found(&diagnosis.findings).find(|(_, cause)| named(cause));
    let explains_more = rival.is_none_or(|(_, cause)| explains_more(broken, cause));
    !is_elsewhere && !is_too_small && explains_more
}

/// Whether the stage says more than a cause that was found. A fault of a form, a line, the counter or the data is *why* a stage
/// broke, and stays; of a cause that is no fault the stage is the nearer place, unless the cause explains far more.
fn explains_more(broken: &StageBreak, cause: &RankedCause) -> bool {
    if cause.code.is_fault() {
        return false;
    }
    match (broken.lost_inquiries, cause.explains.inquiries) {
        (Some(lost), Some(explained)) => lost > FAR_MORE * explained.value,
        // A break whose loss is not known in inquiries names no number to beat another by.
        (None, _) => false,
        (Some(_), None) => true,
    }
}

/// A stage that loses less than this share of what a cause explains is not what it is about. A judgement.
const FAR_MORE: f64 = 0.5;

/// The verdict, or that of a stage where deals wait longer than usual, where nothing else is found. Fewer sales of which nobody
/// knows why are no finding beside it: where deals wait is what to look at.
pub(super) fn or_slow(verdict: Verdict, scorecard: &Scorecard, diagnosis: &Diagnosis) -> Verdict {
    let first_found = found(&diagnosis.findings).next();
    let is_of_sales_unexplained = first_found.is_some_and(|(conversion, cause)| {
        conversion == Conversion::Second && cause.code == CauseCode::Unknown
    });
    let is_free = match verdict.kind {
        VerdictKind::NothingSignificant | VerdictKind::Rise => true,
        VerdictKind::Incident => is_of_sales_unexplained,
        _ => false,
    };
    let board = scorecard.deal_stages.as_ref().filter(|_| is_free);
    let slow = board.and_then(|board| board.slow().first().map(|slow| (*slow).clone()));
    match slow {
        None => verdict,
        Some(slow) => Verdict {
            kind: VerdictKind::Incident,
            metric: None,
            channel: None,
            base: Some(Base::Usual),
            change: None,
            expected: None,
            p_value: slow.p_value,
            cause: None,
            slow: Some(slow),
            ..verdict
        },
    }
}

fn of_stage(verdict: Verdict, broken: &StageBreak) -> Verdict {
    let from = |share: f64| (broken.share() - share) * 100.0 + 0.0;
    let usual = broken.usual.to_previous;
    Verdict {
        kind: VerdictKind::Drop,
        metric: None,
        channel: broken.channel.clone(),
        base: Some(Base::Usual),
        change: Some(Change::Points {
            value: from(usual.value),
            low: from(usual.high),
            high: from(usual.low),
            beyond_noise: true,
        }),
        expected: Some(usual),
        p_value: Some(broken.usual.p_value),
        cause: None,
        stage: Some(broken.clone()),
        ..verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;
    use crate::digest::samples::{broken_stage, scorecard};
    use crate::digest::verdict::tests::one_found;
    use crate::metrics::scorecard::RowVerdict;

    fn of(kind: VerdictKind, change: impl FnOnce(&mut Scorecard)) -> Verdict {
        let mut card = scorecard(kind, Language::RU);
        card.stage_breaks = vec![broken_stage()];
        change(&mut card);
        Verdict::of(&card, &Diagnosis::default())
    }

    #[test]
    fn a_broken_stage_is_the_headline_of_a_week_that_shows_nothing_else() {
        let verdict = of(VerdictKind::NothingSignificant, |_| {});
        assert_eq!((verdict.kind, verdict.metric), (VerdictKind::Drop, None));
        assert_eq!(verdict.stage, Some(broken_stage()));
        assert_eq!(verdict.channel, broken_stage().channel);
    }

    #[test]
    fn a_drop_elsewhere_stays_the_headline() {
        let verdict = of(VerdictKind::NothingSignificant, |card| {
            card.channels[2].verdict = RowVerdict::Worse;
        });
        assert_eq!(verdict.stage, None);
        assert_eq!(verdict.metric, Some(Metric::Conv1));
    }

    #[test]
    fn a_fault_that_is_found_is_why_a_stage_broke() {
        let mut card = scorecard(VerdictKind::NothingSignificant, Language::RU);
        card.stage_breaks = vec![broken_stage()];
        let of = |code| {
            let found = one_found(Conversion::First, code, Some(30.0));
            Verdict::of(&card, &found)
        };
        assert_eq!(of(CauseCode::Forms).cause, Some(CauseCode::Forms));
        assert_eq!(of(CauseCode::Forms).stage, None);
        assert_eq!(of(CauseCode::TrafficQuality).stage, Some(broken_stage()));
    }

    #[test]
    fn data_that_are_not_fit_name_no_stage() {
        assert_eq!(of(VerdictKind::DataNotFit, |_| {}).stage, None);
    }

    #[test]
    fn a_stage_that_loses_little_of_a_drop_is_not_its_headline() {
        let verdict = of(VerdictKind::Drop, |card| {
            card.stage_breaks[0].lost_inquiries = Some(1.0);
        });
        assert_eq!((verdict.kind, verdict.stage), (VerdictKind::Drop, None));
    }
}
