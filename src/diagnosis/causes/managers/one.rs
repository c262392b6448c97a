//! One manager answers worse, leaves deals untouched, talks briefly, or wins less of the same channels than the others do.

use super::{since, untouched};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::cohort::earlier::{earlier_base, weigh};
use crate::diagnosis::cohort::panel::Place;
use crate::diagnosis::cohort::{Member, shortfall, windows};
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::diagnosis::weigh::hypothesis::{Hypothesis, family, onset};
use crate::metrics::scorecard::Estimate;
use crate::model::observations::{Code, Dimension, SeenCall};

/// Talks shorter than so much of the manager's usual ones are short.
const SHORTEST: f64 = 0.4;
/// Fewer talks in the base do not tell how long one takes.
const FEWEST_TALKS: usize = 40;

/// What speaks for one manager; `None` when they have too few deals.
pub(super) fn hypothesis(case: &Case, manager: Code) -> Option<Hypothesis> {
    let created = case.deals(|deal| deal.manager == manager);
    if created[since(case)..].iter().sum::<f64>() < case.settings.min_events {
        return None;
    }
    let late = case.response().and_then(|response| response.slow_deals_by_day(case, manager));
    let slow = late.as_ref().and_then(|(slow, all)| weigh(case, slow, all, Judged::rise));
    let answers = [
        slow.map(|(weight, judged)| Evidence::new("managers.slow_manager", weight, judged.counts())),
        untouched(case, |deal| deal.manager == manager, "managers.untouched"),
    ];
    let answers = if case.is_festive() { Vec::new() } else { family(answers.into_iter().flatten().collect()) };
    let mut evidence: Vec<Evidence> = weak(case, manager).into_iter().collect();
    evidence.extend(answers.into_iter().map(|one| one.of(Role::Answering)));
    evidence.extend(before(case, manager));
    evidence.extend(short_talks(case, manager));
    evidence.extend(refusals(case, manager));
    let started_at = late
        .filter(|_| slow.is_some_and(|found| found.0 > 2.0))
        .and_then(|(slow, all)| onset(case, &slow, &all, since(case)..case.days(), true));
    let scope = [(Dimension::Manager, case.text(Dimension::Manager, manager).to_owned())].into();
    Some(Hypothesis { evidence, scope, started_at, lost_sales: lost_sales(case, manager) })
}

/// Fewer sales of the reported inquiries than the others' present level lets expect.
fn weak(case: &Case, manager: Code) -> Option<Evidence> {
    let judged = case.outcomes().won.as_ref()?.panel.of_one(Place::Manager(manager))?;
    Some(Evidence::new("managers.weak", judged.fall(), judged.counts()).of(Role::Outcome))
}

/// The same of the weeks before.
fn before(case: &Case, manager: Code) -> Option<Evidence> {
    let weight = case.outcomes().won.as_ref()?.panel.before_of_one(Place::Manager(manager), Judged::fall);
    let judged = case.outcomes().won.as_ref()?.panel.recent_of_one(Place::Manager(manager))?;
    (weight != 0.0).then(|| Evidence::new("managers.weak_before", weight, judged.counts()).of(Role::Before))
}

/// A manager who loses deals has more refusals; one who only does not close them has fewer.
fn refusals(case: &Case, manager: Code) -> Option<Evidence> {
    let judged = case.outcomes().lost.as_ref()?.panel.recent_of_one(Place::Manager(manager))?;
    Some(Evidence::new("managers.lost", judged.rise() - judged.fall(), judged.counts()).of(Role::Others))
}

/// More of the manager's talks are short, where operators of calls and managers of deals go by the same name.
fn short_talks(case: &Case, manager: Code) -> Option<Evidence> {
    let operator = case.seen.names.find(Dimension::Operator, case.text(Dimension::Manager, manager))?;
    let is_talk = |call: &SeenCall| call.answered && call.operator == operator;
    let base = earlier_base(case);
    let calls = case.seen.calls.as_ref()?.iter().filter(|call| base.contains(&call.day) && is_talk(call));
    let mut talks: Vec<u32> = calls.map(|call| call.talk_s).collect();
    if talks.len() < FEWEST_TALKS {
        return None;
    }
    talks.sort_unstable();
    let limit = talks[(talks.len() as f64 * SHORTEST) as usize];
    let short = case.calls(|call| is_talk(call) && call.talk_s < limit);
    let (weight, judged) = weigh(case, &short, &case.calls(is_talk), Judged::rise)?;
    let [observed, expected] = judged.counts();
    let values = [observed, expected, ("limit", Value::Seconds(f64::from(limit)))];
    Some(Evidence::new("managers.short_talks", weight, values).of(Role::Quality))
}

/// Sales that the reported inquiries of the manager will be short of, as the recent ones are.
fn lost_sales(case: &Case, manager: Code) -> Option<Estimate> {
    let won = case.outcomes().won.as_ref()?;
    let judged = won.panel.recent_of_one(Place::Manager(manager))?;
    let in_the_end = won.cohorts.final_count(&windows(case).0, |member: &Member| member.manager == manager);
    Some(shortfall(in_the_end, &judged))
}
