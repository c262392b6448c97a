//! Money per click, inquiry and sale.

use super::scorecard::UnitCosts;
use super::values::Measures;
use crate::model::money::Minor;

/// Unit costs of one row. A cost is stated from `min_events` of what it is divided by, and where money was spent at all;
/// the same minimum of sales holds for the average check and for ROMI.
pub(super) fn unit_costs(of: &Measures, min_events: u32) -> UnitCosts {
    let clicks = of.clicks.map(|clicks| clicks as f64);
    let is_enough = enough(of.sales_closed, min_events);
    let on_spend = |amount: Option<Minor>| {
        let (amount, spent) = (amount.filter(|_| is_enough)?, spent(of)?);
        Some((amount.0 as f64 - spent.0 as f64) / spent.0 as f64 + 0.0)
    };
    UnitCosts {
        cpc: per(spent(of), clicks, min_events),
        ctr: click_rate(of, min_events),
        cpl: cost_per_inquiry(of, min_events),
        cac: per(spent(of), of.sales_closed, min_events),
        average_check: per(before_refunds(of), of.sales_closed, min_events),
        romi: on_spend(before_refunds(of)),
        romi_margin: on_spend(of.gross_margin),
    }
}

/// The amount of the sales closed: what was given back on another row is none of them.
pub(in crate::metrics) fn before_refunds(of: &Measures) -> Option<Minor> {
    let net = of.revenue_closed?;
    Some(Minor(net.0.saturating_add(of.given_back.0)))
}

/// Spend ÷ inquiries, minor units.
pub(super) fn cost_per_inquiry(of: &Measures, min_events: u32) -> Option<Minor> {
    per(spent(of), of.inquiries, min_events)
}

/// Money spent; none where there was nothing to spend on, so that no free channel is called "0 per inquiry".
fn spent(of: &Measures) -> Option<Minor> {
    of.spend.filter(|spend| spend.0 > 0)
}

fn click_rate(of: &Measures, min_events: u32) -> Option<f64> {
    let (clicks, impressions) = (of.clicks? as f64, of.impressions? as f64);
    (enough(Some(clicks), min_events) && clicks <= impressions).then(|| clicks / impressions)
}

/// An amount divided by a count and rounded to whole minor units, half away from zero.
fn per(amount: Option<Minor>, count: Option<f64>, min_events: u32) -> Option<Minor> {
    let count = count.filter(|_| enough(count, min_events))?;
    Some(Minor((amount?.0 as f64 / count).round() as i64))
}

fn enough(count: Option<f64>, min_events: u32) -> bool {
    count.is_some_and(|count| count > 0.0 && count >= f64::from(min_events))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week() -> Measures {
        Measures {
            inquiries: Some(40.0),
            sales_closed: Some(10.0),
            revenue_closed: Some(Minor(50_000_000)),
            gross_margin: Some(Minor(20_000_000)),
            spend: Some(Minor(10_000_000)),
            impressions: Some(200_000),
            clicks: Some(3_000),
            ..Measures::default()
        }
    }

    #[test]
    fn unit_costs_of_an_ordinary_week() {
        let costs = unit_costs(&week(), 10);
        assert_eq!(costs.cpc, Some(Minor(3_333)));
        assert_eq!(costs.ctr, Some(0.015));
        assert_eq!(costs.cpl, Some(Minor(250_000)));
        assert_eq!(costs.cac, Some(Minor(1_000_000)));
        assert_eq!(costs.average_check, Some(Minor(5_000_000)));
        assert_eq!((costs.romi, costs.romi_margin), (Some(4.0), Some(1.0)));
    }

    #[test]
    fn a_refund_in_a_row_of_its_own_makes_no_check_smaller() {
        let costs = unit_costs(
            &Measures {
                revenue_closed: Some(Minor(45_000_000)),
                given_back: Minor(5_000_000),
                ..week()
            },
            10,
        );
        assert_eq!(costs.average_check, Some(Minor(5_000_000)));
        assert_eq!(costs.romi, Some(4.0));
    }

    #[test]
    fn nine_sales_make_no_cost_per_sale() {
        let costs = unit_costs(
            &Measures {
                sales_closed: Some(9.0),
                ..week()
            },
            10,
        );
        assert_eq!(
            (costs.cac, costs.average_check, costs.romi),
            (None, None, None)
        );
        assert_eq!(costs.cpl, Some(Minor(250_000)));
    }

    #[test]
    fn an_unknown_margin_leaves_the_return_of_revenue() {
        let costs = unit_costs(
            &Measures {
                gross_margin: None,
                ..week()
            },
            10,
        );
        assert_eq!((costs.romi, costs.romi_margin), (Some(4.0), None));
    }

    #[test]
    fn a_free_channel_has_no_cost_of_zero() {
        let costs = unit_costs(
            &Measures {
                spend: Some(Minor(0)),
                ..week()
            },
            10,
        );
        assert_eq!(
            (costs.cpc, costs.cpl, costs.cac, costs.romi),
            (None, None, None, None)
        );
    }

    #[test]
    fn unknown_spend_makes_no_cost() {
        let costs = unit_costs(
            &Measures {
                spend: None,
                clicks: None,
                ..week()
            },
            10,
        );
        assert_eq!((costs.cpc, costs.ctr, costs.cpl), (None, None, None));
        assert_eq!(costs.average_check, Some(Minor(5_000_000)));
    }
}
