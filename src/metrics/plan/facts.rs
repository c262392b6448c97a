//! What a plan is set against: the numbers of a row, of a month so far, of a manager.

use chrono::NaiveDate;

use crate::metrics::costs::unit_costs;
use crate::metrics::scorecard::UnitCosts;
use crate::metrics::values::{Measures, Rate};
use crate::model::change::Change;
use crate::model::facts::ManagedDeal;
use crate::model::money::Minor;
use crate::model::target::{PlanMetric, PlanUnit};

/// The numbers of one row that a plan may be of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers {
    measures: Measures,
    conv1: Option<f64>,
    conv2: Option<f64>,
    overall: Option<f64>,
    costs: UnitCosts,
}

impl Numbers {
    /// Those of counts. The second conversion is told apart: a young cohort has none.
    pub(super) fn of(measures: Measures, conv2: Option<f64>, min_events: u32) -> Self {
        let sessions = measures.sessions.map(|sessions| sessions as f64);
        let rate = |of, among| Rate::new(of, among, min_events, None).value;
        Self {
            measures,
            conv1: rate(measures.inquiries, sessions),
            conv2,
            overall: rate(measures.sales, sessions).filter(|_| conv2.is_some()),
            costs: unit_costs(&measures, min_events),
        }
    }

    /// Those of the deals that a manager is in charge of, in a span of days: deals entered are the inquiries.
    pub(super) fn of_manager(
        deals: &[ManagedDeal],
        name: &str,
        (from, to): (NaiveDate, NaiveDate),
        min_events: u32,
    ) -> Self {
        let inside = |day: NaiveDate| (from..=to).contains(&day);
        let own = || {
            deals
                .iter()
                .filter(|deal| deal.manager.to_lowercase() == name)
        };
        let won = || own().filter(|deal| deal.won.is_some_and(inside));
        let measures = Measures {
            inquiries: Some(own().filter(|deal| inside(deal.created)).count() as f64),
            sales_closed: Some(won().count() as f64),
            revenue_closed: Some(won().map(|deal| deal.amount).sum::<Minor>()),
            ..Measures::default()
        };
        Self::of(measures, None, min_events)
    }

    /// The number that a metric means: things, major units of money, or a share; `None` where it is not known.
    pub(super) fn value(&self, metric: PlanMetric) -> Option<f64> {
        let (measures, costs) = (&self.measures, &self.costs);
        let count = |count: Option<u64>| count.map(|count| count as f64);
        let money = |amount: Option<Minor>| amount.map(Minor::major);
        match metric {
            PlanMetric::Sessions => count(measures.sessions),
            PlanMetric::Users => count(measures.users),
            PlanMetric::Inquiries => measures.inquiries,
            PlanMetric::Sales => measures.sales_closed,
            PlanMetric::Revenue => money(measures.revenue_closed),
            PlanMetric::Margin => money(measures.gross_margin),
            PlanMetric::Spend => money(measures.spend),
            PlanMetric::Clicks => count(measures.clicks),
            PlanMetric::Conv1 => self.conv1,
            PlanMetric::Conv2 => self.conv2,
            PlanMetric::Overall => self.overall,
            PlanMetric::Cpl => money(costs.cpl),
            PlanMetric::Cac => money(costs.cac),
            PlanMetric::Cpc => money(costs.cpc),
            PlanMetric::Ctr => costs.ctr,
            PlanMetric::AverageCheck => money(costs.average_check),
            PlanMetric::Romi => costs.romi,
            PlanMetric::Drr => {
                let revenue = money(measures.revenue_closed).filter(|revenue| *revenue > 0.0);
                Some(money(measures.spend)? / revenue?)
            }
        }
    }
}

/// A number against its plan. No percentage on a planned count below the smallest base; shares move in percentage points; a
/// plan is no sample, so there is no noise to be beyond of.
pub(super) fn against(metric: PlanMetric, plan: f64, fact: Option<f64>, min_base: u32) -> Change {
    let Some(fact) = fact else {
        return Change::NoBase;
    };
    if metric.unit() == PlanUnit::Share {
        let points = (fact - plan) * 100.0 + 0.0;
        return Change::Points {
            value: points,
            low: points,
            high: points,
            beyond_noise: false,
        };
    }
    // Nothing was planned, as of a day off: no size of anything, and nothing new either.
    if plan == 0.0 {
        return Change::NoBase;
    }
    if metric.unit() == PlanUnit::Count && plan < f64::from(min_base) {
        return Change::TooFew;
    }
    Change::Percent {
        value: (fact / plan - 1.0) * 100.0 + 0.0,
        beyond_noise: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_of_zero_and_a_small_one_have_no_percentage() {
        let inquiries = |plan, fact| against(PlanMetric::Inquiries, plan, Some(fact), 20);
        assert_eq!(inquiries(0.0, 0.0), Change::NoBase);
        assert_eq!(inquiries(0.0, 3.0), Change::NoBase);
        assert_eq!(inquiries(19.0, 10.0), Change::TooFew);
        assert_eq!(
            against(PlanMetric::Inquiries, 100.0, None, 20),
            Change::NoBase
        );
        let cpc = against(PlanMetric::Cpc, 10.0, Some(12.0), 20);
        assert_eq!(cpc.value().map(f64::round), Some(20.0));
        let conv1 = against(PlanMetric::Conv1, 0.06, Some(0.05), 20);
        assert!((conv1.value().expect("points") + 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_managers_numbers_are_of_the_own_deals_and_days() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let deal = |manager: &str, created, won: Option<&str>| ManagedDeal {
            manager: manager.to_owned(),
            created: day(created),
            won: won.map(day),
            amount: Minor(200_000),
        };
        let deals = [
            deal("Анна", "2026-11-02", Some("2026-11-05")),
            deal("Анна", "2026-10-20", Some("2026-11-01")),
            deal("анна", "2026-11-03", Some("2026-12-01")),
            deal("Олег", "2026-11-03", Some("2026-11-04")),
        ];
        let span = (day("2026-11-01"), day("2026-11-30"));
        let numbers = Numbers::of_manager(&deals, "анна", span, 1);
        let value = |metric| numbers.value(metric);
        assert_eq!(value(PlanMetric::Inquiries), Some(2.0));
        assert_eq!(value(PlanMetric::Sales), Some(2.0));
        assert_eq!(value(PlanMetric::Revenue), Some(4_000.0));
        assert_eq!(value(PlanMetric::AverageCheck), Some(2_000.0));
        assert_eq!(value(PlanMetric::Sessions), None);
    }
}
