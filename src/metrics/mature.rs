//! The latest cohort whose sales window has closed: the second conversion that may be read as it stands.

use chrono::NaiveDate;

use super::change;
use super::cohort::Cohort;
use super::ledger::Ledger;
use super::predictive::{MIN_PERIODS, PRIOR_NOISE, Prediction, Sample, pooled};
use super::scorecard::MatureCohort;
use super::settings::MetricSettings;
use super::timeline::{Scope, Timeline};
use super::usual::share;
use super::values::Rate;
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
    let mut mature = mature_periods(timeline, ledger.last_day, window);
    let period = mature.pop()?;
    let cohort_of = |period: &Period| Cohort::new(ledger, period, ledger.last_day, window);
    let cohort = cohort_of(period);
    let seen = cohort.of(Scope::Total)?;

    let first_of_base = mature
        .len()
        .saturating_sub(plan.thresholds.base_periods as usize);
    let before: Vec<Sample> = mature[first_of_base..]
        .iter()
        .filter_map(|period| cohort_of(period).of(Scope::Total))
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

/// Periods all of whose inquiries are at least so many days old, oldest first. The smaller part of a week that a month's end cuts
/// tells nothing beside whole ones.
fn mature_periods<'a>(timeline: &'a Timeline, last_day: NaiveDate, window: u32) -> Vec<&'a Period> {
    let is_mature = |period: &&Period| {
        let age_of_youngest = (last_day - period.to).num_days();
        age_of_youngest >= i64::from(window)
    };
    let past = timeline.past.iter().map(|past| &past.counts.period);
    let periods: Vec<&Period> = past.chain([&timeline.now.period]).collect();
    let longest = periods.iter().map(|period| period.days()).max();
    let is_whole = |period: &&Period| 2 * period.days() > longest.unwrap_or_default();
    let periods = periods.into_iter().filter(is_mature);
    periods.filter(is_whole).collect()
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
    // With too few cohorts to learn from, the one before it and the usual noise must do.
    let one_base = Prediction::of_one_base(base, seen.n, PRIOR_NOISE * PRIOR_NOISE);
    let judged = change::points(
        &rate(seen),
        &rate(base),
        learnt.or(one_base.as_ref()),
        &plan.thresholds,
    );
    judged.settle(plan.thresholds.alpha)
}
