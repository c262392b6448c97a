//! Fewer sales of the same inquiries, answered as ever, in all channels and with all managers: a price, a competitor.

use super::{UNEVEN, unless_festive, worst};
use crate::config::words;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::causes::crm_hygiene::sales_closed;
use crate::diagnosis::causes::{Assess, Assessment, Cause};
use crate::diagnosis::codes::{CauseCode, Conversion};
use crate::diagnosis::cohort::alike::all_alike;
use crate::diagnosis::cohort::panel::{DealPlace, Panel};
use crate::diagnosis::cohort::{reasons, shortfall, windows};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value, before};
use crate::diagnosis::weigh::hypothesis::family;
use crate::model::observations::Dimension;

/// Nothing that has a place explains it: the whole second conversion.
pub(in crate::diagnosis) const SECOND: Cause = Cause {
    code: CauseCode::Unknown,
    conversion: Conversion::Second,
    checks: &[
        words::check::unknown::LOST_DEALS,
        words::check::unknown::OFFER,
        words::check::unknown::COMPETITORS,
    ],
    assess: Assess::Alone(assess),
};

/// What it says against a price or a competitor that people name the reasons that they always name, nats: little, for who
/// leaves seldom says why.
const SAID_AS_EVER: f64 = -0.5;
/// A part with fewer sales due says nothing of its own.
const FEWEST_DUE: f64 = 4.0;
/// The share of sales that a fall leaves, at least: else a single sale of one part would contradict it without measure.
const LEAST_LEFT: f64 = 0.05;
/// Rivals that tell less than this are chance, nats.
const RIVALS_TOLD: f64 = 1.0;

fn assess(case: &Case) -> Assessment {
    let outcomes = case.outcomes();
    let Some(won) = &outcomes.won else {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::unknown::NO_SALES,
            0.0,
            [],
        ));
    };
    let Some(all) = won.panel.reported(DealPlace::All) else {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::unknown::NO_HISTORY,
            0.0,
            [],
        ));
    };
    let mut evidence = vec![sales(case, &all).of(Role::Outcome)];
    evidence.extend(before(won.panel.before(DealPlace::All, Judged::fall)));
    // More refusals, and one reason more often: both are what people say.
    let said = refusals(case).into_iter().chain(reason(case));
    evidence.extend(family(said.collect()));
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

/// Fewer sales of the period's inquiries than were due by now, or fewer closed in it than all open deals let expect: people of
/// the period have hardly bought by its end. They tell one fall, so the stronger one counts.
fn sales(case: &Case, of_inquiries: &Judged) -> Evidence {
    let weight = unless_festive(case, of_inquiries.fall());
    let of_inquiries = Evidence::new(
        words::evidence::unknown::SALES,
        weight,
        of_inquiries.counts(),
    );
    let Some(closed) = sales_closed(case, Judged::fall) else {
        return of_inquiries;
    };
    let weight = unless_festive(case, closed.weight);
    // That as many are closed as ever says little of inquiries that came now.
    if weight <= of_inquiries.weight.max(0.0) {
        return of_inquiries;
    }
    let code = words::evidence::unknown::SALES_CLOSED;
    Evidence::new(code, weight, closed.judged.counts())
}

/// More people who decide against it, for a reason of their own.
fn refusals(case: &Case) -> Option<Evidence> {
    let panel = &case.outcomes().lost_otherwise.as_ref()?.panel;
    let judged = panel.reported(DealPlace::All)?;
    // It may have begun with the period or in the weeks before it.
    let weight = bayes::log_mean(&[judged.rise(), panel.before(DealPlace::All, Judged::rise)]);
    Some(
        Evidence::new(words::evidence::unknown::REFUSALS, weight, judged.counts())
            .of(Role::Reasons),
    )
}

/// Reasons are named in other shares among people who decide against it: what they say is the first sign of a price or a
/// competitor. The one that rose most is told.
fn reason(case: &Case) -> Option<Evidence> {
    let shifted = reasons::shifted(&case.outcomes().own_reasons)?;
    let name = case.text(Dimension::Reason, shifted.reason).to_owned();
    let values = [
        ("reason", Value::Text(name)),
        ("observed", Value::Count(shifted.observed)),
        ("expected", Value::Count(shifted.expected)),
    ];
    let weight = shifted.weight.max(SAID_AS_EVER);
    let evidence = Evidence::new(words::evidence::unknown::REASON, weight, values);
    Some(evidence.of(Role::Reasons))
}

/// Parts whose sales did not fall with the rest: then it is no fall of everything.
fn uneven(case: &Case, won: &Panel, all: &Judged) -> Option<Evidence> {
    let recent = won.recent(DealPlace::All)?;
    let left = (recent.observed / recent.expected.max(1e-9)).min(1.0);
    let left = left.max(LEAST_LEFT);
    let part = |place| {
        let judged = won.recent(place)?;
        if judged.expected < FEWEST_DUE {
            return None;
        }
        let weight = bayes::by(left, judged.observed, judged.expected, judged.dispersion);
        Some(weight)
    };
    let channels = case
        .codes(Dimension::Channel)
        .filter_map(|code| part(DealPlace::Channel(code)));
    let managers = case
        .codes(Dimension::Manager)
        .filter_map(|code| part(DealPlace::Manager(code)));
    let weight = worst(channels.collect())
        .min(worst(managers.collect()))
        .min(all_alike(case, won));
    if all.fall() <= 0.0 || weight >= UNEVEN {
        return None;
    }
    Some(Evidence::new(words::evidence::unknown::UNEVEN_SALES, weight, []).of(Role::Others))
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
        .and_then(|learnt| learnt.panel.reported(DealPlace::All));
    let cold = untargeted.map_or(0.0, |judged| judged.rise());
    // They tell the same fall twice: the stronger one counts.
    let strongest = slow.max(cold).max(0.0);
    if strongest <= RIVALS_TOLD {
        return None;
    }
    Some(Evidence::new(words::evidence::unknown::RIVALS, -strongest, []).of(Role::Rival))
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
