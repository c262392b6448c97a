//! The total's past: up to thirteen periods with the range that was to be expected for each.

use super::counts::PeriodCounts;
use super::scorecard::TrendPoint;
use super::settings::MetricSettings;
use super::timeline::{Scope, Timeline, same_days};
use super::usual::{expected, first_conversion, share};
use super::values::{Estimate, Measures, Rate};
use crate::model::channel::ChannelId;

/// How many points a trend has: a quarter of weeks.
const POINTS: usize = 13;

/// The last periods, oldest first, ending with the reported one.
pub(super) fn trend(timeline: &Timeline, plan: &MetricSettings) -> Vec<TrendPoint> {
    let past = timeline.past.iter().map(|past| &past.counts);
    let periods: Vec<&PeriodCounts> = past.chain([&timeline.now]).collect();
    let first = periods.len().saturating_sub(POINTS);
    let mut points = Vec::with_capacity(POINTS);
    for (index, counts) in periods.iter().enumerate().skip(first) {
        points.push(point(counts, index, timeline, plan));
    }
    points
}

/// A channel's inquiries of the periods of [`trend`], oldest first.
pub(super) fn past_of(channel: &ChannelId, timeline: &Timeline) -> Vec<Option<f64>> {
    let past = timeline.past.iter().map(|past| &past.counts);
    let periods: Vec<&PeriodCounts> = past.chain([&timeline.now]).collect();
    let first = periods.len().saturating_sub(POINTS);
    let inquiries = |counts: &&PeriodCounts| counts.channel(channel).inquiries;
    periods[first..].iter().map(inquiries).collect()
}

fn point(
    counts: &PeriodCounts,
    index: usize,
    timeline: &Timeline,
    plan: &MetricSettings,
) -> TrendPoint {
    let total = &counts.total;
    let limits = &plan.thresholds;
    TrendPoint {
        period: counts.period.clone(),
        sessions: total.sessions,
        inquiries: total.inquiries,
        sales_closed: total.sales_closed,
        conv1: Rate::new(
            total.inquiries,
            total.sessions.map(|n| n as f64),
            limits.min_events,
            None,
        ),
        usual: usual(total, index, timeline, limits.alpha),
        last_year_conv1: year_before(counts, timeline)
            .and_then(|year_ago| stated_rate(year_ago, limits.min_events)),
    }
}

/// The range that the total's first conversion should have lain in.
fn usual(total: &Measures, index: usize, timeline: &Timeline, alpha: f64) -> Option<Estimate> {
    let sessions = total.sessions.filter(|sessions| *sessions > 0)?;
    let prediction = expected(timeline, Scope::Total, index, sessions)?;
    Some(share(&prediction, sessions as f64, alpha))
}

/// The first conversion, where there are enough inquiries to state it.
fn stated_rate(of: &Measures, min_events: u32) -> Option<f64> {
    let sample = first_conversion(of)?;
    let is_enough = sample.k >= f64::from(min_events);
    is_enough.then(|| sample.k / sample.n)
}

fn year_before<'a>(counts: &PeriodCounts, timeline: &'a Timeline) -> Option<&'a Measures> {
    let wanted = counts.period.last_year();
    (timeline.past.iter().chain(&timeline.last_year))
        .find(|past| same_days(&past.counts.period, &wanted))
        .map(|past| &past.counts.total)
}
