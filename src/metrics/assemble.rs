//! The scorecard put together from its parts.

use super::cohort::Outlook;
use super::decomposition::decomposition;
use super::ledger::Ledger;
use super::managers;
use super::mature::mature_cohort;
use super::money::money;
use super::rows::Rows;
use super::satisfaction::satisfaction;
use super::scorecard::Scorecard;
use super::settings::MetricSettings;
use super::stages;
use super::timeline::Timeline;
use super::trend::trend;
use super::values::Rate;
use crate::model::facts::{Facts, MatchedBy};

/// See [`super::scorecard`].
pub(super) fn scorecard(facts: &Facts, plan: &MetricSettings) -> Scorecard {
    let ledger = Ledger::new(facts, plan);
    let timeline = Timeline::new(facts, &ledger, plan);
    let period = &timeline.now.period;
    let outlook = Outlook::new(&ledger, period, plan);
    let rows = Rows {
        facts,
        timeline: &timeline,
        outlook: &outlook,
        plan,
    };
    let total = rows.total();
    let mut channels = rows.channels();
    let mut funnels = stages::funnels(facts, &total, &channels, plan);
    for row in &mut channels {
        row.stages = funnels.channels.remove(&row.channel).unwrap_or_default();
    }
    Scorecard {
        period: period.clone(),
        channels,
        decomposition: decomposition(&timeline, &outlook, plan),
        funnel: funnels.total,
        stage_breaks: funnels.breaks,
        deal_stages: funnels.deals,
        managers: managers::managers(facts, plan),
        refusals: managers::refusals(facts, plan),
        satisfaction: satisfaction(facts, plan),
        work: facts.work.clone(),
        trend: trend(&timeline, plan),
        mature_cohort: mature_cohort(&timeline, &ledger, plan),
        match_rate: matched(&timeline, &ledger, plan, |by| by != MatchedBy::Nothing),
        client_match_rate: matched(&timeline, &ledger, plan, |by| by == MatchedBy::Client),
        traced_sales: traced(facts, plan),
        money: money(facts, plan),
        contacts: facts.contacts.clone(),
        left_out: facts.left_out.clone(),
        data_health: facts.sources.clone(),
        total,
    }
}

/// The share of sales that are traced to an inquiry; unknown where sales are, and where nobody is known to get in touch.
fn traced(facts: &Facts, plan: &MetricSettings) -> Rate {
    let is_known = facts.has_deals && facts.inquiries.is_some();
    let known = |count: u64| is_known.then_some(count as f64);
    Rate::share(
        known(facts.traced.traced),
        known(facts.traced.of),
        plan.thresholds.min_events,
    )
}

fn matched(
    timeline: &Timeline,
    ledger: &Ledger<'_>,
    plan: &MetricSettings,
    counts: impl Fn(MatchedBy) -> bool,
) -> Rate {
    let period = &timeline.now.period;
    let arrived = ledger.arrived(period.from, period.to);
    let part = arrived
        .iter()
        .filter(|entry| counts(entry.matched_by))
        .count();
    let known = |count: usize| ledger.has_inquiries.then_some(count as f64);
    Rate::share(
        known(part),
        known(arrived.len()),
        plan.thresholds.min_events,
    )
}
