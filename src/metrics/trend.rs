//! The total's past: up to thirteen periods with the range that was to be expected for each.

use super::MetricSettings;
use super::counts::PeriodCounts;
use super::scorecard::{Measures, Rate, TrendPoint};
use super::timeline::{Scope, Timeline, same_days};
use super::usual::{expected, first_conversion, share};

/// How many points a trend has: a quarter of weeks.
const POINTS: usize = 13;

/// The last periods, oldest first, ending with the reported one.
pub(super) fn trend(timeline: &Timeline, plan: &MetricSettings) -> Vec<TrendPoint> {
    let periods: Vec<&PeriodCounts> = timeline
        .past
        .iter()
        .map(|past| &past.counts)
        .chain([&timeline.now])
        .collect();
    let first = periods.len().saturating_sub(POINTS);
    (periods.iter().enumerate().skip(first))
        .map(|(index, counts)| point(counts, index, timeline, plan))
        .collect()
}

fn point(
    counts: &PeriodCounts,
    index: usize,
    timeline: &Timeline,
    plan: &MetricSettings,
) -> TrendPoint {
    let total = &counts.total;
    let sessions = total.sessions.filter(|sessions| *sessions > 0);
    let usual = sessions.and_then(|sessions| {
        expected(timeline, Scope::Total, index, sessions)
            .map(|expected| share(&expected, sessions as f64, plan.thresholds.alpha))
    });
    TrendPoint {
        period: counts.period.clone(),
        sessions: total.sessions,
        inquiries: total.inquiries,
        conv1: Rate::new(
            total.inquiries,
            total.sessions.map(|n| n as f64),
            plan.thresholds.min_events,
            None,
        ),
        usual,
        last_year_conv1: year_before(counts, timeline).and_then(stated_rate(plan)),
    }
}

fn stated_rate(plan: &MetricSettings) -> impl Fn(&Measures) -> Option<f64> {
    let enough = f64::from(plan.thresholds.min_events);
    move |of| {
        first_conversion(of)
            .filter(|sample| sample.k >= enough)
            .map(|sample| sample.k / sample.n)
    }
}

fn year_before<'a>(counts: &PeriodCounts, timeline: &'a Timeline) -> Option<&'a Measures> {
    let wanted = counts.period.last_year();
    (timeline.past.iter().chain(&timeline.last_year))
        .find(|past| same_days(&past.counts.period, &wanted))
        .map(|past| &past.counts.total)
}
