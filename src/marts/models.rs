//! Inquiries and sales of each channel by every attribution model.

use std::collections::BTreeMap;

use super::known::Known;
use crate::config::rules::AttributionModel;
use crate::model::channel::ChannelId;
use crate::model::period::Period;
use crate::model::zone::local_day;

/// What one model gives one channel.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ModelCredit {
    /// Inquiries of the period.
    pub inquiries: f64,
    /// Those of them that have sold.
    pub sales: f64,
}

/// The credit of each channel, in the order of [`AttributionModel::ALL`]. Every model gives away the same inquiries.
pub fn credit_by_model(
    known: &Known<'_>,
    period: &Period,
) -> BTreeMap<ChannelId, [ModelCredit; AttributionModel::ALL.len()]> {
    let plan = known.stored.plan;
    let rules = &plan.attribution;
    let mut channels: BTreeMap<ChannelId, [ModelCredit; AttributionModel::ALL.len()]> =
        BTreeMap::new();
    for joined in &known.people.joined.inquiries {
        if !period.contains(local_day(joined.at(), plan.zone)) {
            continue;
        }
        let evidence = known.stored.evidence(joined);
        let has_sold = !joined.sales.is_empty();
        for (at, model) in AttributionModel::ALL.into_iter().enumerate() {
            for (channel, share) in evidence.credit(model, joined.at(), rules) {
                let credit = &mut channels.entry(channel).or_default()[at];
                credit.inquiries += share;
                credit.sales += if has_sold { share } else { 0.0 };
            }
        }
    }
    channels
}
