//! It is real and nothing explains it: every channel and every kind of contact brings less.

use std::ops::Range;

use super::{UNEVEN, unless_festive, worst};
use crate::config::words;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::causes::{
    Assess, Assessment, Cause, Explained, FEWEST_EXPECTED, Stretch, counts_and_change,
};
use crate::diagnosis::change_point;
use crate::diagnosis::codes::{CauseCode, Conversion};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, before};
use crate::diagnosis::weigh::scopes::range;
use crate::model::observations::{Dimension, SeenInquiry};

/// Nothing that has a place explains it: the whole first conversion.
pub(in crate::diagnosis) const FIRST: Cause = Cause {
    code: CauseCode::Unknown,
    conversion: Conversion::First,
    checks: &[
        words::check::unknown::SITE,
        words::check::unknown::OFFER,
        words::check::unknown::COMPETITORS,
    ],
    assess: Assess::Rest(assess),
};

/// No known reason explains more than all but this share of the inquiries: of an expectation of nothing nothing follows.
const LEAST_LEFT: f64 = 0.05;
/// Longer periods have days that are none of a week.
const DAYS_A_WEEK: usize = 7;
/// A part with fewer expected inquiries says nothing of its own.
const FEWEST_OF_PART: f64 = 4.0;
/// Parts that did not fall weigh no more than this against a fall of everything, nats.
const UNEVEN_CAP: f64 = -8.0;

fn assess(case: &Case, explained: &Explained) -> Assessment {
    if case.seen.inquiries.is_none() {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::unknown::NO_INQUIRIES,
            0.0,
            [],
        ));
    }
    let (counts, exposure) = (case.inquiries(|_| true), case.exposure(|_| true));
    let Some(daily) = case.daily(&counts, Some(&exposure)) else {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::unknown::NO_HISTORY,
            0.0,
            [],
        ));
    };
    let total = daily.judged(&case.period());
    let rest_of = |days: &Range<usize>| without(&daily.judged(days), explained.on(days, &daily));
    let told = case.told_by(|days| rest_of(days).fall());
    // What is told is the whole fall; what it weighs is the rest that nothing else explains.
    let all = daily.judged(&told.days);
    let rest = rest_of(&told.days);
    let weight = unless_festive(case, told.weight.min(of_long(case, &total)));
    let values = counts_and_change(&all);
    let fall = Evidence::new(words::evidence::unknown::TOTAL, weight, values);
    let mut evidence = vec![told.dated(case, fall)];
    evidence.extend(before(case.before(&counts, Some(&exposure), bayes::fall)));
    if weight > 0.0 {
        evidence.extend(uneven(case, &all, &told.days));
    }
    let begun = || change_point::start(case, &counts, Some(&exposure));
    let stretch = Stretch::told(case, &evidence, begun);
    Assessment {
        evidence,
        started_at: stretch.started_at,
        ended_at: stretch.ended_at,
        explains: rest.lost(),
        lost_inquiries: Some(range(rest.lost(), rest.deviation())),
        ..Assessment::default()
    }
}

/// What a run of days may weigh at the most: without limit in a week. Over a month every firm has days of its own, salaries and
/// the end of the budget, that no weekday tells of; where the month has brought what was due, they are no fall of everything.
fn of_long(case: &Case, total: &Judged) -> f64 {
    let is_long = case.period().len() > DAYS_A_WEEK;
    let is_whole = total.observed >= total.expected;
    if is_long && is_whole {
        total.fall()
    } else {
        f64::INFINITY
    }
}

/// What was to be expected when so many of the inquiries are missing for a reason that is known.
fn without(all: &Judged, explained: f64) -> Judged {
    let share = 1.0 - explained / all.expected.max(FEWEST_EXPECTED);
    let share = share.clamp(LEAST_LEFT, 1.0);
    Judged {
        expected: all.expected * share,
        ordinary: all.ordinary * share,
        ..*all
    }
}

/// Parts that did not fall with the rest: then it is no fall of everything.
fn uneven(case: &Case, all: &Judged, days: &Range<usize>) -> Option<Evidence> {
    let left = all.observed / all.expected;
    let part = |keep: &dyn Fn(&SeenInquiry) -> bool| {
        let daily = case.daily(&case.inquiries(keep), Some(&case.exposure(keep)))?;
        let judged = daily.judged(days);
        if judged.expected < FEWEST_OF_PART {
            return None;
        }
        let weight = bayes::by(left, judged.observed, judged.expected, judged.dispersion);
        Some(weight)
    };
    let calls = part(&|seen| Case::is_call(seen));
    let forms = part(&|seen| seen.form > 0);
    let kinds: Vec<f64> = calls.into_iter().chain(forms).collect();
    let channels: Vec<f64> = case
        .codes(Dimension::Channel)
        .filter_map(|code| part(&move |seen: &SeenInquiry| seen.channel == code))
        .collect();
    // The same inquiries are split in two ways: the more telling one counts.
    let weight = worst(kinds).min(worst(channels)).max(UNEVEN_CAP);
    if weight >= UNEVEN {
        return None;
    }
    Some(Evidence::new(words::evidence::unknown::UNEVEN, weight, []).of(Role::Others))
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
        let found = assess(&Case::new(&seen, &settings), &Explained::default());
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
        let found = assess(&Case::new(&seen, &settings), &Explained::default());
        assert!(
            found.evidence.iter().any(|evidence| evidence.weight < -3.0),
            "{found:?}"
        );
    }

    #[test]
    fn a_fall_of_two_days_that_something_explains_is_no_fall_of_everything() {
        let settings = firm::settings();
        let mut seen = firm::quiet(9);
        let days = firm::START + 1..firm::START + 3;
        let lost = |inquiry: &SeenInquiry| days.contains(&inquiry.day);
        let inquiries = seen.inquiries.as_mut().expect("contacts");
        let missing = inquiries.iter().filter(|inquiry| lost(inquiry)).count();
        inquiries.retain(|inquiry| !lost(inquiry));
        let case = Case::new(&seen, &settings);
        let unexplained = assess(&case, &Explained::default()).evidence[0].weight;
        let mut explained = Explained::default();
        let fault = days.start as usize..days.end as usize;
        explained.add(fault, missing as f64);
        let left = assess(&case, &explained).evidence[0].weight;
        assert!(unexplained > 8.0, "{unexplained}");
        assert!(left < 1.0, "{left}");
    }
}
