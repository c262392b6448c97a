//! It is real and nothing explains it: every channel and every kind of contact brings less.

use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::causes::{Assess, Assessment, Cause};
use crate::diagnosis::change_point;
use crate::diagnosis::finding::{CauseCode, Conversion};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value, before};
use crate::diagnosis::weigh::scopes::range;
use crate::model::observations::SeenInquiry;

/// Nothing that has a place explains it: the whole first conversion.
pub(in crate::diagnosis) const FIRST: Cause = Cause {
    code: CauseCode::Unknown,
    conversion: Conversion::First,
    checks: &["unknown.site", "unknown.offer", "unknown.competitors"],
    assess: Assess::Rest(assess),
};

/// No known reason explains more than all but this share of the inquiries.
const LEAST_LEFT: f64 = 0.05;

fn assess(case: &Case, explained: f64) -> Assessment {
    if case.seen.inquiries.is_none() {
        return Assessment::not_assessable(Evidence::new("unknown.no_inquiries", 0.0, []));
    }
    let (counts, exposure) = (case.inquiries(|_| true), case.exposure(|_| true));
    let Some(all) = case.judge(&counts, Some(&exposure)) else {
        return Assessment::not_assessable(Evidence::new("unknown.no_history", 0.0, []));
    };
    let values = [
        ("observed", Value::Count(all.observed)),
        ("expected", Value::Count(all.expected.round())),
        ("change", Value::Change(all.change())),
    ];
    let rest = without(&all, explained);
    // In a week of holidays the whole firm is what the calendar makes of it.
    let weight = if case.is_festive() {
        rest.fall().min(-1.0)
    } else {
        rest.fall()
    };
    let mut evidence = vec![Evidence::new("unknown.total", weight, values)];
    evidence.extend(before(case.before(&counts, Some(&exposure), bayes::fall)));
    if weight > 0.0 {
        evidence.extend(uneven(case, &all));
    }
    Assessment {
        evidence,
        started_at: change_point::start(case, &counts, Some(&exposure))
            .map(|day| case.instant(day)),
        explains: rest.lost(),
        lost_inquiries: Some(range(rest.lost(), rest.deviation())),
        ..Assessment::default()
    }
}

/// What was to be expected when so many inquiries are missing for a reason that is known.
fn without(all: &Judged, explained: f64) -> Judged {
    let share = (1.0 - explained / all.expected.max(1e-9)).clamp(LEAST_LEFT, 1.0);
    Judged {
        expected: all.expected * share,
        ordinary: all.ordinary * share,
        ..*all
    }
}

/// Parts that did not fall with the rest: then it is no fall of everything.
fn uneven(case: &Case, all: &Judged) -> Option<Evidence> {
    let fallen = all.observed / all.expected;
    let part = |keep: &dyn Fn(&SeenInquiry) -> bool| {
        let judged = case.judge(&case.inquiries(keep), Some(&case.exposure(keep)))?;
        (judged.expected >= 4.0)
            .then(|| bayes::by(fallen, judged.observed, judged.expected, judged.dispersion))
    };
    let kinds = [
        part(&|seen| Case::is_call(seen)),
        part(&|seen| seen.form > 0),
    ];
    let channels = case.codes(crate::model::observations::Dimension::Channel);
    let channels = channels.map(|code| part(&move |seen: &SeenInquiry| seen.channel == code));
    // The part that fits worst, less what the worst of so many does by chance.
    let against = |weights: Vec<Option<f64>>| {
        let known: Vec<f64> = weights.into_iter().flatten().collect();
        let chance = f64::ln(known.len().max(1) as f64) + 0.5;
        known.into_iter().fold(0.0, f64::min) + chance
    };
    // The same inquiries are split in two ways: the more telling one counts.
    let weight = against(kinds.into())
        .min(against(channels.collect()))
        .max(-8.0);
    (weight < -0.5).then(|| Evidence::new("unknown.uneven", weight, []).of(Role::Others))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::firm;

    #[test]
    fn a_fall_of_everything_is_real_and_unexplained() {
        let settings = firm::settings();
        let mut seen = firm::quiet(9);
        let mut at = 0;
        seen.inquiries
            .as_mut()
            .expect("contacts")
            .retain(|inquiry| {
                at += 1;
                inquiry.day < firm::START || at % 2 == 0
            });
        let found = assess(&Case::new(&seen, &settings), 0.0);
        assert!(
            found.log_odds().is_some_and(|log_odds| log_odds > 4.0),
            "{found:?}"
        );
        assert!(found.explains > 25.0, "{found:?}");
    }

    #[test]
    fn a_fall_of_calls_alone_is_no_fall_of_everything() {
        let settings = firm::settings();
        let mut seen = firm::quiet(9);
        seen.inquiries
            .as_mut()
            .expect("contacts")
            .retain(|inquiry| inquiry.day < firm::START || !Case::is_call(inquiry));
        let found = assess(&Case::new(&seen, &settings), 0.0);
        assert!(
            found.evidence.iter().any(|evidence| evidence.weight < -3.0),
            "{found:?}"
        );
    }
}
