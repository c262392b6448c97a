//! One manager answers worse, leaves deals untouched, talks briefly, or wins less of the same channels than the others do.

use chrono::{DateTime, Utc};

use super::{talks, untouched};
use crate::config::words;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::causes::{recent_days, scope_of, start_of_change};
use crate::diagnosis::cohort::panel::DealPlace;
use crate::diagnosis::cohort::waits::Slow;
use crate::diagnosis::cohort::{Member, shortfall, windows};
use crate::diagnosis::outage::silence::Way;
use crate::diagnosis::weigh::evidence::{Evidence, Role};
use crate::diagnosis::weigh::hypothesis::{Hypothesis, family};
use crate::metrics::values::Estimate;
use crate::model::observations::{Code, Dimension};

/// Refusals speak for a weak manager no more than this, nats: who wins less loses only a few deals more.
const MOST_REFUSALS: f64 = 2.0;

/// What speaks for one manager; `None` when they have too few deals.
pub(super) fn hypothesis(case: &Case, manager: Code) -> Option<Hypothesis> {
    let created = case.deals(|deal| deal.manager == manager);
    let lately: f64 = created[recent_days(case).start..].iter().sum();
    if lately < case.settings.min_events {
        return None;
    }
    let slow = slow_deals(case, manager);
    let mut evidence: Vec<Evidence> = weak(case, manager).into_iter().collect();
    // While people are off nobody answers at once, whoever they are.
    if !case.is_festive() {
        let slow = slow.as_ref().map(slow_evidence);
        let answers = slow.into_iter().chain(untouched::of_one(case, manager));
        let answers = family(answers.collect()).into_iter();
        evidence.extend(answers.map(|one| one.of(Role::Answering)));
    }
    evidence.extend(talks::briefer(case, manager));
    evidence.extend(refusals(case, manager));
    Some(Hypothesis {
        evidence,
        scope: scope_of(case, Dimension::Manager, manager),
        started_at: slow.and_then(|slow| slow_since(case, &slow)),
        lost_sales: lost_sales(case, manager),
    })
}

/// Deals of a manager whose people waited for longer than is usual.
fn slow_deals(case: &Case, manager: Code) -> Option<Slow> {
    let waits = case.response()?.deals.as_ref()?;
    waits.slow_of(case, manager)
}

fn slow_evidence(slow: &Slow) -> Evidence {
    let values = slow.judged.counts();
    Evidence::new(words::evidence::managers::SLOW_MANAGER, slow.weight, values)
}

fn slow_since(case: &Case, slow: &Slow) -> Option<DateTime<Utc>> {
    start_of_change(case, slow.weight, &slow.late, &slow.usual, Way::Rise)
}

/// Fewer sales than the others' present level lets expect: of the reported inquiries, or of those of the weeks before too.
fn weak(case: &Case, manager: Code) -> Option<Evidence> {
    let panel = &case.outcomes().won.as_ref()?.panel;
    let (weight, judged) = panel.lately_of_one(DealPlace::Manager(manager), Judged::fall)?;
    Some(Evidence::new(words::evidence::managers::WEAK, weight, judged.counts()).of(Role::Outcome))
}

/// A manager who loses deals has more refusals; one who only does not close them has fewer. A deal that was forgotten is
/// neither: it is not refused, and it is not left open after its end.
fn refusals(case: &Case, manager: Code) -> Option<Evidence> {
    let lost = case.outcomes().lost.as_ref()?;
    let due = lost.panel.recent_of_one(DealPlace::Manager(manager))?;
    let judged = untouched::without_forgotten(case, manager, due);
    let weight = (judged.rise() - judged.fall()).min(MOST_REFUSALS);
    Some(Evidence::new(words::evidence::managers::LOST, weight, judged.counts()).of(Role::Others))
}

/// Sales that the reported inquiries of the manager will be short of, as the recent ones are.
fn lost_sales(case: &Case, manager: Code) -> Option<Estimate> {
    let (period, _) = windows(case);
    let won = case.outcomes().won.as_ref()?;
    let judged = won.panel.recent_of_one(DealPlace::Manager(manager))?;
    let is_own = |member: &Member| member.manager == manager;
    let in_the_end = won.cohorts.final_count(&period, is_own);
    Some(shortfall(in_the_end, &judged))
}
