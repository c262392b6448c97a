//! When a place among the sessions that lost its inquiries is what the headline is about.

use super::verdict::{Base, LEAST_EXPLAINED, Verdict, VerdictKind};
use crate::diagnosis::Diagnosis;
use crate::diagnosis::finding::LostSegment;
use crate::metrics::scorecard::Scorecard;
use crate::metrics::stages::StageBreak;
use crate::model::change::Change;
use crate::model::channel::ChannelId;
use crate::model::metric::Metric;
use crate::model::observations::Dimension;

/// Log evidence, nats, that a place needs for a headline beyond that by which it is listed at all: the scan has paid for the
/// choice among all places of one week, and a headline is read every week.
const LEAST_SCORE: f64 = 6.0;

/// The share of a stage's loss from which on a place in it holds it whole. A judgement.
const WHOLE_LOSS: f64 = 0.8;

/// The verdict, or that of the place that lost its inquiries: where nothing else is found, or a drop has no cause and the
/// place tells where it is. Losses below `smallest_loss` inquiries are not worth a headline.
pub(super) fn or_place(
    verdict: Verdict,
    scorecard: &Scorecard,
    diagnosis: &Diagnosis,
    smallest_loss: f64,
) -> Verdict {
    let lost = |place: &&LostSegment| place.expected - place.observed;
    let mut places = diagnosis.segments.iter();
    let strongest = places.find(|place| place.score >= LEAST_SCORE && lost(place) >= smallest_loss);
    let Some(place) = strongest.filter(|place| is_told_by(place, &verdict, scorecard)) else {
        return verdict;
    };
    let channel = place.scope.get(&Dimension::Channel).map(ChannelId::new);
    let relative = place.observed / place.expected - 1.0;
    Verdict {
        kind: VerdictKind::Drop,
        metric: Some(Metric::Conv1),
        channel,
        base: Some(Base::Usual),
        change: Some(Change::Percent {
            value: relative * 100.0 + 0.0,
            beyond_noise: true,
        }),
        expected: None,
        // What the verdict before had was the chance of another thing.
        p_value: None,
        cause: None,
        place: Some(place.clone()),
        stage: None,
        slow: None,
        profit: None,
        ..verdict
    }
}

fn is_told_by(place: &LostSegment, verdict: &Verdict, scorecard: &Scorecard) -> bool {
    if let Some(broken) = &verdict.stage {
        return tells_more(place, broken);
    }
    match verdict.kind {
        VerdictKind::NothingSignificant | VerdictKind::Rise => true,
        // Deals that wait and profit that fell are a line of the letter where inquiries are missing.
        VerdictKind::Incident => verdict.slow.is_some() || verdict.profit.is_some(),
        VerdictKind::Drop => {
            let of = place.scope.get(&Dimension::Channel);
            let is_elsewhere = match (&verdict.channel, of) {
                (Some(fallen), Some(of)) => fallen.as_str() != of,
                _ => false,
            };
            let missing = verdict.missing(scorecard);
            let is_large_enough = missing.is_some_and(|missing| {
                place.expected - place.observed >= LEAST_EXPLAINED * missing
            });
            verdict.cause.is_none() && !is_elsewhere && is_large_enough
        }
        // There a share of a place says as little as any other number, and a fault that was found says more.
        VerdictKind::DataNotFit
        | VerdictKind::FirstPeriod
        | VerdictKind::NoTraffic
        | VerdictKind::AllTooSmall => false,
    }
}

/// Whether a place holds nearly all that a broken stage loses, and says better than the stage whose visitors are lost.
fn tells_more(place: &LostSegment, broken: &StageBreak) -> bool {
    let of = place.scope.get(&Dimension::Channel);
    let is_of_it = match (&broken.channel, of) {
        (Some(channel), Some(of)) => channel.as_str() == of,
        _ => true,
    };
    let is_narrower = place.scope.len() > usize::from(of.is_some());
    let holds_it = broken
        .lost_inquiries
        .is_some_and(|lost| place.expected - place.observed >= WHOLE_LOSS * lost);
    is_of_it && is_narrower && holds_it
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;
    use crate::diagnosis::codes::Scope;
    use crate::digest::samples::{broken_stage, scorecard};

    fn of(kind: VerdictKind, observed: f64, score: f64) -> Verdict {
        let place = LostSegment {
            scope: Scope::from([(Dimension::Phrase, "окна дёшево".to_owned())]),
            observed,
            expected: 12.0,
            score,
        };
        let diagnosis = Diagnosis {
            segments: vec![place],
            ..Diagnosis::default()
        };
        let card = scorecard(kind, Language::RU);
        let verdict = Verdict::of_numbers(&card, &diagnosis);
        or_place(verdict, &card, &diagnosis, 5.0)
    }

    #[test]
    fn a_dead_phrase_is_the_headline_of_a_week_whose_totals_are_usual() {
        let verdict = of(VerdictKind::NothingSignificant, 0.0, 6.0);
        assert!(verdict.place.is_some());
        assert_eq!(
            verdict.change.and_then(|change| change.value()),
            Some(-100.0)
        );
    }

    #[test]
    fn weak_evidence_and_small_losses_make_no_headline() {
        for (observed, score) in [(0.0, 2.0), (8.0, 6.0)] {
            let verdict = of(VerdictKind::NothingSignificant, observed, score);
            assert_eq!(verdict.kind, VerdictKind::NothingSignificant);
        }
    }

    #[test]
    fn a_place_that_holds_the_loss_of_a_broken_stage_is_named_before_it() {
        let broken = StageBreak {
            channel: Some(ChannelId::new("vk-ads")),
            lost_inquiries: Some(36.0),
            ..broken_stage()
        };
        let place = |scope: Scope, expected| LostSegment {
            scope,
            observed: 9.0,
            expected,
            score: 20.0,
        };
        let channel = (Dimension::Channel, "vk-ads".to_owned());
        let phrase = (Dimension::Phrase, "чай".to_owned());
        let narrow = Scope::from([channel.clone(), phrase]);
        assert!(tells_more(&place(narrow.clone(), 45.0), &broken));
        assert!(!tells_more(&place(narrow, 20.0), &broken));
        assert!(!tells_more(&place(Scope::from([channel]), 45.0), &broken));
    }

    #[test]
    fn data_that_are_not_fit_name_no_place() {
        assert_eq!(of(VerdictKind::DataNotFit, 0.0, 6.0).place, None);
    }
}
