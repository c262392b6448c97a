//! The latest cohort whose sales window has closed: the second conversion that may be read as it stands.

use super::MetricSettings;
use super::change;
use super::cohort::Cohort;
use super::ledger::Ledger;
use super::predictive::{MIN_PERIODS, PRIOR_NOISE, Prediction, Sample, pooled};
use super::scorecard::{MatureCohort, Rate};
use super::timeline::{Scope, Timeline};
use super::usual::share;
use crate::model::change::Change;
use crate::model::period::Period;

/// Finds the latest period all of whose inquiries are at least `mature_days` old, and counts its sales within so many
/// days of each inquiry. `None` when there is none, or inquiries or deals have not arrived.
pub(super) fn mature_cohort(
    timeline: &Timeline,
    ledger: &Ledger<'_>,
    plan: &MetricSettings,
) -> Option<MatureCohort> {
    let window = plan.sales.mature_days;
    let is_mature =
        |period: &&Period| (ledger.last_day - period.to).num_days() >= i64::from(window);
    let mut mature: Vec<&Period> = (timeline.past.iter().map(|past| &past.counts.period))
        .chain([&timeline.now.period])
        .filter(is_mature)
        .collect();
    let period = mature.pop()?;
    let cohort = Cohort::new(ledger, period, ledger.last_day, window);
    let seen = cohort.of(Scope::Total)?;
    let base_periods = plan.thresholds.base_periods as usize;
    let before: Vec<Sample> = mature[mature.len().saturating_sub(base_periods)..]
        .iter()
        .filter_map(|period| Cohort::new(ledger, period, ledger.last_day, window).of(Scope::Total))
        .collect();
    let learnt = Prediction::of_rate(&before, seen.n).filter(|_| before.len() >= MIN_PERIODS);
    let usual = pooled(&before);
    let rate = |scope| cohort.rate(scope, plan.thresholds.min_events, usual);
    Some(MatureCohort {
        period: period.clone(),
        window_days: window,
        rate: rate(Scope::Total),
        change: change_from_before(seen, before.last().copied(), learnt.as_ref(), plan),
        usual: learnt
            .as_ref()
            .map(|prediction| share(prediction, seen.n, plan.thresholds.alpha)),
        channels: cohort
            .channels()
            .map(|channel| (channel.clone(), rate(Scope::Channel(channel))))
            .collect(),
    })
}

fn change_from_before(
    seen: Sample,
    before: Option<Sample>,
    learnt: Option<&Prediction>,
    plan: &MetricSettings,
) -> Change {
    let Some(base) = before else {
        return Change::NoBase;
    };
    let rate = |sample: Sample| {
        Rate::new(
            Some(sample.k),
            Some(sample.n),
            plan.thresholds.min_events,
            None,
        )
    };
    let one_base = Prediction::of_one_base(base, seen.n, PRIOR_NOISE * PRIOR_NOISE);
    let judged = change::points(
        &rate(seen),
        &rate(base),
        learnt.or(one_base.as_ref()),
        &plan.thresholds,
    );
    judged.settle(plan.thresholds.alpha)
}
