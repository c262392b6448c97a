//! Deals stop being closed, won and lost alike, while everything else goes on.

use chrono::{Datelike, Days};

use super::without_empty_days;
use crate::config::words;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::causes::managers::untouched;
use crate::diagnosis::causes::{recent_days, scope_of, start_of_change};
use crate::diagnosis::codes::Scope;
use crate::diagnosis::cohort::earlier::weigh;
use crate::diagnosis::cohort::panel::{DealPlace, HAS_PASSED};
use crate::diagnosis::cohort::{Learnt, Member};
use crate::diagnosis::outage::silence::Way;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, before};
use crate::diagnosis::weigh::hypothesis::Hypothesis;
use crate::diagnosis::weigh::scopes::range;
use crate::metrics::values::Estimate;
use crate::model::observations::{Code, Dimension};

/// Days left in the month from which on a day is like any other.
const MONTH_END: usize = 5;
/// Days of a week.
const WEEK: usize = 7;
/// Closings that the profile of a month or week leans on "every day alike" with: a month end has a few days a quarter.
const LENT_CLOSINGS: f64 = 20.0;
/// Fewer closings due do not tell whether they stopped.
const FEWEST_DUE: f64 = 1.0;
/// Fewer sales due in the period do not tell whether they are entered.
const FEWEST_SALES_DUE: f64 = 3.0;
/// The share of sales that are entered at once where the others are entered later. A judgement: few, for a fall to a part is a
/// price or a competitor.
const ENTERED_AT_ONCE: f64 = 0.15;
/// Evidence of a rival that is told, nats: less is chance.
const RIVAL_TOLD: f64 = 1.0;

/// Closings by day, and those that were due on it.
#[derive(Debug, Clone)]
struct Closings {
    seen: Vec<f64>,
    due: Vec<f64>,
}

impl Closings {
    /// Those that count as such for the kept deals, on the days that people close deals.
    fn of(case: &Case, learnt: &Learnt, keep: impl Fn(&Member) -> bool) -> Self {
        let (mut seen, mut due) = learnt.cohorts.by_event_day(case, keep);
        // The profile is learnt from days on which anything was entered at all.
        without_empty_days(case, &mut seen, &mut due);
        as_people_close(case, &seen, &mut due);
        Self { seen, due }
    }

    /// Takes out of what is due what was forgotten: a deal that nobody has touched is not closed and left open, and its
    /// sale was not made.
    fn forget(&mut self, case: &Case, manager: Code) {
        let share = untouched::forgotten_share(case, manager).clamp(0.0, 1.0);
        for due in &mut self.due[recent_days(case)] {
            *due *= 1.0 - share;
        }
    }

    fn weigh_fall(&self, case: &Case) -> Option<(f64, Judged)> {
        weigh(case, &self.seen, &self.due, Judged::fall)
    }
}

/// Deals stop being closed, won and lost alike, while everything else goes on: all deals from some day on, or those of
/// the latest cohorts. Those of one manager, or of all.
pub(super) fn late(case: &Case, manager: Option<Code>) -> Option<Hypothesis> {
    let closed = case.outcomes().closed.as_ref()?;
    let keep = |member: &Member| manager.is_none_or(|manager| member.manager == manager);
    let place = manager.map_or(DealPlace::All, DealPlace::Manager);
    let mut closings = Closings::of(case, closed, keep);
    if let Some(manager) = manager {
        closings.forget(case, manager);
    }
    let (of_days, judged) = closings.weigh_fall(case)?;
    if judged.expected < FEWEST_DUE {
        return None;
    }
    let weight = by_day_or_cohort(closed, place, of_days);
    let main = Evidence::new(
        words::evidence::crm_hygiene::CLOSINGS,
        weight,
        judged.counts(),
    );
    let mut evidence = vec![main];
    evidence.extend(before(closed.panel.before(place, Judged::fall)));
    evidence.extend(refusals(case, place));
    evidence.extend(activity(case, manager, weight));
    evidence.extend(answered_late(case));
    evidence.retain(|one| one.weight != 0.0);
    let Closings { seen, due } = closings;
    Some(Hypothesis {
        evidence,
        scope: scope(case, manager),
        started_at: start_of_change(case, weight, &seen, &due, Way::Fall),
        lost_sales: lost_sales(case, keep),
    })
}

/// Sales closed in the period, against those due of all open deals.
#[derive(Debug, Clone)]
pub(in crate::diagnosis::causes) struct SalesClosed {
    /// Evidence of the asked change, nats.
    pub(in crate::diagnosis::causes) weight: f64,
    pub(in crate::diagnosis::causes) judged: Judged,
    closings: Closings,
}

/// Judges the sales by the days that they were closed on, whenever their inquiries came; `None` where too few are due.
pub(in crate::diagnosis::causes) fn sales_closed(
    case: &Case,
    by: fn(&Judged) -> f64,
) -> Option<SalesClosed> {
    let won = case.outcomes().won.as_ref()?;
    let closings = Closings::of(case, won, |_| true);
    let (weight, judged) = weigh(case, &closings.seen, &closings.due, by)?;
    (judged.expected >= FEWEST_SALES_DUE).then_some(SalesClosed {
        weight,
        judged,
        closings,
    })
}

/// Sales are hardly entered any more, while refusals may be: won deals stay open.
pub(super) fn late_sales(case: &Case) -> Option<Hypothesis> {
    let nearly_none = |judged: &Judged| {
        let Judged {
            observed,
            expected,
            dispersion,
            ..
        } = *judged;
        bayes::by(ENTERED_AT_ONCE, observed, expected, dispersion)
    };
    let SalesClosed {
        weight,
        judged,
        closings,
    } = sales_closed(case, nearly_none)?;
    let code = words::evidence::crm_hygiene::SALES_CLOSED;
    let mut evidence = vec![Evidence::new(code, weight, judged.counts())];
    evidence.extend(activity(case, None, weight));
    evidence.extend(answered_late(case));
    let Closings { seen, due } = closings;
    Some(Hypothesis {
        evidence,
        started_at: start_of_change(case, weight, &seen, &due, Way::Fall),
        lost_sales: Some(range(judged.lost(), judged.deviation())),
        ..Hypothesis::default()
    })
}

/// Sales that should have been closed in the period and were not.
fn lost_sales(case: &Case, keep: impl Fn(&Member) -> bool) -> Option<Estimate> {
    let won = case.outcomes().won.as_ref()?;
    let (_, judged) = Closings::of(case, won, keep).weigh_fall(case)?;
    Some(range(judged.lost(), judged.deviation()))
}

/// The evidence that closings are missing: by the day they should have happened on, or among the deals of the period.
fn by_day_or_cohort(closed: &Learnt, place: DealPlace, of_days: f64) -> f64 {
    let reported = closed.panel.reported(place);
    let by_cohort = reported.map_or(0.0, |judged| judged.fall());
    // Where the deals of the period itself are closed as ever, what is missing is of earlier weeks and has passed.
    let has_passed = HAS_PASSED * by_cohort.min(0.0);
    bayes::log_mean(&[of_days, by_cohort]) + has_passed
}

fn scope(case: &Case, manager: Option<Code>) -> Scope {
    manager.map_or_else(Scope::new, |manager| {
        scope_of(case, Dimension::Manager, manager)
    })
}

/// Many firms close what they can at the end of a month, and few close anything on Sundays: what is due on a day follows
/// both.
fn as_people_close(case: &Case, seen: &[f64], due: &mut [f64]) {
    let weekday = |day: usize| (case.weekday() + day) % WEEK;
    in_proportion::<WEEK>(case, seen, due, weekday);
    // The month comes second: its factors are learnt given those of the week.
    in_proportion::<{ MONTH_END + 1 }>(case, seen, due, |day| days_left_in_month(case, day));
}

/// Days after this one in its month, [`MONTH_END`] at most.
fn days_left_in_month(case: &Case, day: usize) -> usize {
    let date = case.seen.date(day as u32);
    let is_last_but = |days: &usize| {
        let next = date + Days::new(*days as u64 + 1);
        next.month() != date.month()
    };
    (0..MONTH_END).find(is_last_but).unwrap_or(MONTH_END)
}

/// Multiplies what is due on days of each kind by what was closed on such days before, for what was due.
fn in_proportion<const KINDS: usize>(
    case: &Case,
    seen: &[f64],
    due: &mut [f64],
    kind: impl Fn(usize) -> usize,
) {
    let (mut closed, mut expected) = ([0.0; KINDS], [0.0; KINDS]);
    for day in (0..case.start()).filter(|day| due[*day] > 0.0) {
        closed[kind(day)] += seen[day];
        expected[kind(day)] += due[day];
    }
    // Only the profile is learnt here: how much is closed at all stays as it was.
    let level = closed.iter().sum::<f64>() / expected.iter().sum::<f64>().max(1e-9);
    for (day, due) in due.iter_mut().enumerate() {
        let kind = kind(day);
        *due *= (closed[kind] + LENT_CLOSINGS) / (expected[kind] * level + LENT_CLOSINGS);
    }
}

/// If sales are missing and refusals are not, it is no matter of entering: refusals of the latest cohorts decide.
fn refusals(case: &Case, place: DealPlace) -> Option<Evidence> {
    let due = case.outcomes().lost.as_ref()?.panel.recent(place)?;
    let judged = match place {
        DealPlace::Manager(manager) => untouched::without_forgotten(case, manager, due),
        _ => due,
    };
    let weight = judged.fall();
    let code = if weight < 0.0 {
        words::evidence::crm_hygiene::REFUSALS
    } else {
        words::evidence::crm_hygiene::REFUSALS_TOO
    };
    Some(Evidence::new(code, weight, judged.counts()).of(Role::Reasons))
}

/// People who are not answered have deals that nobody closes: that is not the CRM's fault.
fn answered_late(case: &Case) -> Option<Evidence> {
    let slow = case.response()?.strongest(case);
    if slow <= RIVAL_TOLD {
        return None;
    }
    Some(Evidence::new(words::evidence::crm_hygiene::ANSWERED_LATE, -slow, []).of(Role::Rival))
}

/// Fewer new deals too: then people are away or an export is missing, which explains as many of the missing closings.
fn activity(case: &Case, manager: Option<Code>, closings: f64) -> Option<Evidence> {
    let created = case.deals(|deal| manager.is_none_or(|manager| deal.manager == manager));
    let judged = case.judge(&created, None)?;
    let weight = judged.fall();
    if weight <= RIVAL_TOLD {
        return None;
    }
    // It takes away what the closings tell, and no more than that.
    let weight = -weight.min(closings.max(0.0));
    Some(
        Evidence::new(
            words::evidence::crm_hygiene::NEW_DEALS,
            weight,
            judged.counts(),
        )
        .of(Role::Others),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::firm::{START, quiet, settings};
    use crate::model::observations::{DealState, SeenDeal};

    /// What speaks for late entries of one manager who has closed none of the deals of four weeks, which stand as `state`.
    fn weight(state: DealState) -> f64 {
        let mut seen = quiet(3);
        for deal in seen.deals.iter_mut().flatten() {
            if deal.manager == 2 && deal.day + 28 >= START {
                (deal.state, deal.closed_day) = (state, None);
            }
        }
        let settings = settings();
        let found = late(&Case::new(&seen, &settings), Some(2));
        found.map_or(0.0, |found| found.evidence[0].weight)
    }

    #[test]
    fn deals_that_nobody_touched_are_not_deals_that_nobody_closed() {
        let (worked_on, forgotten) = (weight(DealState::Open), weight(DealState::New));
        assert!(worked_on > 2.0, "{worked_on}");
        assert!(forgotten < 0.5 * worked_on, "{forgotten} of {worked_on}");
    }

    /// What speaks for sales that are not entered when of those of the reported week only every `kept`-th is; refusals are.
    fn without_sales(kept: usize) -> f64 {
        let mut seen = quiet(3);
        let is_sale_of_the_week = |deal: &&mut SeenDeal| {
            deal.state == DealState::Won && deal.closed_day.is_some_and(|day| day >= START)
        };
        let sales = seen.deals.iter_mut().flatten().filter(is_sale_of_the_week);
        for (at, deal) in sales.enumerate() {
            if at % kept != 0 {
                (deal.state, deal.closed_day) = (DealState::Open, None);
            }
        }
        let settings = settings();
        let found = late_sales(&Case::new(&seen, &settings)).expect("sales are due");
        found.evidence[0].weight
    }

    #[test]
    fn a_week_in_which_hardly_a_sale_is_entered_tells_late_entries() {
        let hardly_any = without_sales(100);
        assert!(hardly_any > 4.0, "{hardly_any}");
    }

    #[test]
    fn a_week_with_half_of_the_sales_is_no_late_entry() {
        let half = without_sales(2);
        assert!(half < 0.0, "{half}");
    }
}
