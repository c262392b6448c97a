//! The plan as it was written down, and the deals that plans of managers are set against.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::known::Known;
use super::rows::Rows;
use crate::config::channels::ChannelRules;
use crate::lake::Lake;
use crate::model::facts::ManagedDeal;
use crate::model::tables::TARGETS;
use crate::model::target::{PlanMetric, PlanScope, Target};
use crate::model::zone::local_day;

/// What the lake's whole numbers are of: millionths, and thousandths in rows from before those were kept.
const MILLIONTHS: f64 = 1e6;
const THOUSANDTHS: f64 = 1e3;

/// Every value of the plan with its span of days, in the order of the lake.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn targets(
    lake: &Lake,
    as_of: DateTime<Utc>,
    rules: &ChannelRules,
) -> Result<Vec<Target>> {
    let Some(rows) = Rows::all(lake, &TARGETS, as_of)? else {
        return Ok(Vec::new());
    };
    let from = rows.days("from_day")?;
    let to = rows.days("day")?;
    let channels = rows.texts("channel")?;
    let metrics = rows.texts("metric")?;
    let (values, fine) = (rows.longs("value")?, rows.longs("millionths")?);
    let mut targets = Vec::with_capacity(rows.len());
    for row in 0..rows.len() {
        let exact = fine[row].map(|value| value as f64 / MILLIONTHS);
        let value = exact.or_else(|| values[row].map(|value| value as f64 / THOUSANDTHS));
        let Some(value) = value.filter(|_| from[row] <= to[row]) else {
            continue;
        };
        // Only a lake from before metrics were checked on ingest holds others.
        let Some(metric) = PlanMetric::parse(&metrics[row]) else {
            tracing::warn!(
                metric = metrics[row],
                "a plan of an unknown metric is left out"
            );
            continue;
        };
        targets.push(Target {
            from: from[row],
            to: to[row],
            scope: scope(&channels[row], rules),
            metric,
            value,
        });
    }
    Ok(targets)
}

/// Whose plan it is; a channel may be called by its title as well.
fn scope(text: &str, rules: &ChannelRules) -> PlanScope {
    match PlanScope::parse(text) {
        PlanScope::Channel(id) => PlanScope::Channel(rules.titled(id.as_str()).unwrap_or(id)),
        other => other,
    }
}

/// Deals that somebody is in charge of, as they were known; `None` when no deals have arrived. Only plans of managers need
/// them.
pub(super) fn managed(known: &Known<'_>, targets: &[Target]) -> Option<Vec<ManagedDeal>> {
    let is_of_manager = |target: &Target| matches!(target.scope, PlanScope::Manager(_));
    let rows = known.stored.tables.deals.as_deref()?;
    if !targets.iter().any(is_of_manager) {
        return None;
    }
    let zone = known.stored.plan.zone;
    let until = known.until.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let deals = known.stored.contacts.deals.iter();
    let managed = deals
        .filter(|deal| deal.created_at < until)
        .filter_map(|deal| {
            let manager = rows.get(deal.row)?.manager.trim();
            let won_at = deal.won_at().filter(|at| *at < until);
            (!manager.is_empty()).then(|| ManagedDeal {
                manager: manager.to_owned(),
                created: local_day(deal.created_at, zone),
                won: won_at.map(|at| local_day(at, zone)),
                amount: deal.amount,
            })
        });
    Some(managed.collect())
}
