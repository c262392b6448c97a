//! Fewer sales of the same inquiries, answered as ever, in all channels and with all managers: a price, a competitor.

use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::causes::{Assess, Assessment, Cause};
use crate::diagnosis::cohort::panel::{Panel, Place};
use crate::diagnosis::cohort::{shortfall, windows};
use crate::diagnosis::finding::{CauseCode, Conversion};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value, before};
use crate::diagnosis::weigh::hypothesis::family;
use crate::model::observations::{Code, Dimension};

/// Nothing that has a place explains it: the whole second conversion.
pub(in crate::diagnosis) const SECOND: Cause = Cause {
    code: CauseCode::Unknown,
    conversion: Conversion::Second,
    checks: &["unknown.lost_deals", "unknown.offer", "unknown.competitors"],
    assess: Assess::Alone(assess),
};

/// How many refusals there are leans on the usual number as if so many more had come as usual.
const LENT_REFUSALS: f64 = 4.0;
/// A part with fewer sales due says nothing of its own.
const FEWEST_DUE: f64 = 4.0;

fn assess(case: &Case) -> Assessment {
    let outcomes = case.outcomes();
    let Some(won) = &outcomes.won else {
        return Assessment::not_assessable(Evidence::new("unknown.no_sales", 0.0, []));
    };
    let Some(all) = won.panel.reported(Place::All) else {
        return Assessment::not_assessable(Evidence::new("unknown.no_history", 0.0, []));
    };
    // In a week of holidays all deals wait for the calendar.
    let weight = if case.is_festive() {
        all.fall().min(-1.0)
    } else {
        all.fall()
    };
    let mut evidence = vec![Evidence::new("unknown.sales", weight, all.counts()).of(Role::Outcome)];
    evidence.extend(before(won.panel.before(Place::All, Judged::fall)));
    evidence.extend(family(
        [refusals(case), reason(case)]
            .into_iter()
            .flatten()
            .collect(),
    ));
    evidence.extend(uneven(case, &won.panel, &all));
    evidence.extend(rivals(case));
    evidence.retain(|one| one.weight != 0.0);
    let in_the_end = won.cohorts.final_count(&windows(case).0, |_| true);
    Assessment {
        evidence,
        lost_sales: Some(shortfall(in_the_end, &all)),
        ..Assessment::default()
    }
}

/// More people who decide against it, for a reason of their own.
fn refusals(case: &Case) -> Option<Evidence> {
    let panel = &case.outcomes().lost_otherwise.as_ref()?.panel;
    let judged = panel.reported(Place::All)?;
    let weight = bayes::log_mean(&[judged.rise(), panel.before(Place::All, Judged::rise)]);
    Some(Evidence::new("unknown.refusals", weight, judged.counts()).of(Role::Reasons))
}

/// One reason is named more often among people who decide against it: what they say is the first sign of a price or a
/// competitor. The most frequent one that rose pays for the choice.
fn reason(case: &Case) -> Option<Evidence> {
    let outcomes = case.outcomes();
    let all = outcomes
        .lost_otherwise
        .as_ref()?
        .panel
        .reported(Place::All)?;
    // Against as many refusals as there are: that there are more of them is told apart.
    let level = (all.observed + LENT_REFUSALS) / (all.expected + LENT_REFUSALS);
    let judged = outcomes.own_reasons.iter().filter_map(|(reason, learnt)| {
        let seen = learnt.panel.reported(Place::All)?;
        let expected = seen.expected * level;
        Some((
            *reason,
            Judged {
                expected,
                ordinary: expected,
                ..seen
            },
        ))
    });
    let judged: Vec<(Code, Judged)> = judged.collect();
    let weights: Vec<f64> = judged.iter().map(|(_, seen)| seen.rise()).collect();
    let (reason, seen) = judged
        .into_iter()
        .max_by(|left, right| left.1.rise().total_cmp(&right.1.rise()))?;
    let [observed, expected] = seen.counts();
    let name = (
        "reason",
        Value::Text(case.text(Dimension::Reason, reason).to_owned()),
    );
    Some(
        Evidence::new(
            "unknown.reason",
            bayes::log_mean(&weights),
            [name, observed, expected],
        )
        .of(Role::Reasons),
    )
}

/// Parts whose sales did not fall with the rest: then it is no fall of everything.
fn uneven(case: &Case, won: &Panel, all: &Judged) -> Option<Evidence> {
    let recent = won.recent(Place::All)?;
    let fallen = (recent.observed / recent.expected.max(1e-9)).min(1.0);
    let part = |place| {
        let judged = won
            .recent(place)
            .filter(|judged| judged.expected >= FEWEST_DUE)?;
        Some(bayes::by(
            fallen.max(0.05),
            judged.observed,
            judged.expected,
            judged.dispersion,
        ))
    };
    let worst = |weights: Vec<f64>| {
        // The part that fits worst, less what the worst of so many does by chance.
        let chance = f64::ln(weights.len().max(1) as f64) + 0.5;
        weights.into_iter().fold(0.0, f64::min) + chance
    };
    let channels = case
        .codes(Dimension::Channel)
        .filter_map(|code| part(Place::Channel(code)))
        .collect();
    let managers = case
        .codes(Dimension::Manager)
        .filter_map(|code| part(Place::Manager(code)))
        .collect();
    let weight = worst(channels).min(worst(managers));
    (all.fall() > 0.0 && weight < -0.5)
        .then(|| Evidence::new("unknown.uneven_sales", weight, []).of(Role::Others))
}

/// People answered late, and people who are no customers, have causes of their own.
fn rivals(case: &Case) -> Option<Evidence> {
    let slow = case
        .response()
        .map_or(0.0, |response| response.strongest(case));
    let untargeted = case
        .outcomes()
        .untargeted
        .as_ref()
        .and_then(|learnt| learnt.panel.reported(Place::All));
    let cold = untargeted.map_or(0.0, |judged| judged.rise());
    let weight = -slow.max(cold).max(0.0);
    (weight < -1.0).then(|| Evidence::new("unknown.rivals", weight, []).of(Role::Rival))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::firm::{START, quiet, settings};
    use crate::model::observations::{DealState, Observations};

    /// Refusals for a reason of their own name one of two; of the reported week, so many of ten name the second.
    fn refused(second_of_ten: u32) -> Observations {
        let mut seen = quiet(6);
        let names = ["", "price", "not target", "competitor"].map(str::to_owned);
        seen.names.set(Dimension::Reason, names.into());
        let mut at = 0;
        for deal in seen
            .deals
            .iter_mut()
            .flatten()
            .filter(|deal| deal.state == DealState::Lost)
        {
            at += 1;
            let share = if deal.day >= START { second_of_ten } else { 3 };
            (deal.reason, deal.is_untargeted) = (if at % 10 < share { 3 } else { 1 }, false);
        }
        seen
    }

    fn told(seen: &Observations) -> Evidence {
        reason(&Case::new(seen, &settings())).expect("there are refusals")
    }

    #[test]
    fn a_reason_that_is_named_far_more_often_is_told_by_its_name() {
        let found = told(&refused(9));
        assert!(found.weight > 3.0, "{found:?}");
        assert_eq!(found.values["reason"], Value::Text("competitor".to_owned()));
    }

    #[test]
    fn reasons_that_are_named_as_ever_tell_nothing() {
        assert!(told(&refused(3)).weight < 0.0);
    }
}
