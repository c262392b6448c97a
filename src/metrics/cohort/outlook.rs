//! How many sales of a young cohort should have come by now, and where it should end.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::metrics::credit::events;
use crate::metrics::distribution::Distribution;
use crate::metrics::lag::{Followed, LagCurve};
use crate::metrics::ledger::Ledger;
use crate::metrics::predictive::{PRIOR_NOISE, Sample};
use crate::metrics::scorecard::CohortRate;
use crate::metrics::settings::MetricSettings;
use crate::metrics::timeline::Scope;
use crate::metrics::values::{Estimate, Measures, Rate};
use crate::model::channel::ChannelId;
use crate::model::period::Period;

/// The curve is learnt from the inquiries of so many days: 52 weeks, so that every season counts once.
const CURVE_DAYS: u64 = 364;

/// The usual conversion is learnt from the inquiries of so many days before the period: 26 weeks. A judgement: conversions
/// drift sooner than the time that a sale takes.
const USUAL_DAYS: u64 = 182;

/// A channel's usual conversion leans on that of all channels as if it had so many inquiries more. A judgement: at a
/// conversion of a fifth they weigh four sales.
const PRIOR_INQUIRIES: f64 = 20.0;

/// Fewer inquiries than these whose sales are due tell no usual conversion: the first days of a history, in which a few
/// sales may stand beside next to no inquiries. A judgement, of the weight that channels lean on the total with.
const FEWEST_DUE: f64 = 20.0;

/// Half a sale is added to the sales of the usual conversion, and one inquiry to the inquiries: none seen does not mean
/// that none ever come.
const HALF_SALE: f64 = 0.5;

/// The usual conversion stays below one, or a prior of it would leave no room for inquiries that do not sell.
const HIGHEST_CONVERSION: f64 = 0.999;

/// The ends of a range that holds 95 % of a distribution.
const LOW_END: f64 = 0.025;
const HIGH_END: f64 = 0.975;

/// What the sales of a young cohort are judged by.
#[derive(Debug)]
pub(in crate::metrics) struct Outlook {
    curve: Option<LagCurve>,
    usual: Exposures,
    now: Exposures,
    is_mature: bool,
}

/// Inquiries weighted by the share of their sales that is due, and the sales that came.
#[derive(Debug, Default)]
struct Exposures {
    channels: BTreeMap<ChannelId, Exposure>,
    total: Exposure,
}

/// One row's inquiries and sales.
#[derive(Debug, Clone, Copy, Default)]
struct Exposure {
    /// Inquiries, each counting as much as the share of its sales that is due.
    due: f64,
    /// Its sales so far.
    sales: f64,
}

impl Outlook {
    /// Learns the lag curve and the usual conversion of every channel.
    pub(in crate::metrics) fn new(
        ledger: &Ledger<'_>,
        period: &Period,
        plan: &MetricSettings,
    ) -> Self {
        // Where no sale is known, no inquiry could have been seen to sell: the end of time leaves all of them out.
        let known_from = ledger.sales_known_from().unwrap_or(NaiveDate::MAX);
        let curve = learn_curve(ledger, known_from, plan);
        let exposures = |from, to| match &curve {
            Some(curve) => exposures(ledger, curve, from, to),
            None => Exposures::default(),
        };
        let usual_from = back(period.from, USUAL_DAYS).max(known_from);
        Self {
            usual: exposures(usual_from, back(period.from, 1)),
            now: exposures(period.from, period.to),
            is_mature: is_mature(ledger, period, plan),
            curve,
        }
    }

    /// True when every inquiry of the cohort is at least `mature_days` old.
    pub(in crate::metrics) fn is_mature(&self) -> bool {
        self.is_mature
    }

    /// The share of the row's eventual sales that should have happened by now.
    pub(in crate::metrics) fn maturity(
        &self,
        scope: Scope<'_>,
        inquiries: Option<f64>,
    ) -> Option<f64> {
        self.curve.as_ref()?;
        let inquiries = inquiries.filter(|inquiries| *inquiries > 0.0)?;
        Some((self.now.of(scope).due / inquiries).min(1.0))
    }

    /// The row's usual final conversion: sales so far ÷ inquiries weighted by what is due of them. A channel leans on
    /// the total with the weight of 20 inquiries.
    pub(in crate::metrics) fn usual(&self, scope: Scope<'_>) -> Option<f64> {
        let all = self.usual.total;
        if all.due < FEWEST_DUE {
            return None;
        }
        let of_all = ((all.sales + HALF_SALE) / (all.due + 1.0)).min(HIGHEST_CONVERSION);
        if scope == Scope::Total {
            return Some(of_all);
        }
        let own = self.usual.of(scope);
        let leaning = (own.sales + PRIOR_INQUIRIES * of_all) / (own.due + PRIOR_INQUIRIES);
        Some(leaning.min(HIGHEST_CONVERSION))
    }

    /// The second conversion of the row's cohort with its outlook. The value is withheld while the cohort is young.
    pub(in crate::metrics) fn rate(
        &self,
        scope: Scope<'_>,
        measures: &Measures,
        min_events: u32,
    ) -> CohortRate {
        let usual = self.usual(scope);
        let rate = second_conversion(measures, self.is_mature, min_events, usual);
        let maturity = self
            .maturity(scope, measures.inquiries)
            .filter(|_| measures.sales.is_some());
        let due = self.now.of(scope).due;
        CohortRate {
            rate,
            maturity,
            expected_by_now: maturity.and(usual).map(|usual| usual * due),
            expected_final: self.end_of(scope, measures, maturity, usual),
        }
    }

    /// Where the row's cohort should end; `None` where anything of it is unknown.
    fn end_of(
        &self,
        scope: Scope<'_>,
        measures: &Measures,
        maturity: Option<f64>,
        usual: Option<f64>,
    ) -> Option<Estimate> {
        let made = Sample {
            k: measures.sales?,
            n: measures.inquiries?,
        };
        let (maturity, usual) = (maturity?, usual?);
        let is_proportion = made.k <= made.n;
        is_proportion.then(|| expected_final(made, maturity, usual, self.weight(scope, usual)))
    }

    /// The weight of the usual conversion, in sales: `1 ÷ (1/K + 0.06²)`.
    fn weight(&self, scope: Scope<'_>, usual: f64) -> f64 {
        let lent = if scope == Scope::Total {
            0.0
        } else {
            PRIOR_INQUIRIES * usual
        };
        let sales = (self.usual.of(scope).sales + lent).max(HALF_SALE);
        1.0 / (1.0 / sales + PRIOR_NOISE * PRIOR_NOISE)
    }
}

/// Whether every inquiry of a period is at least `mature_days` old.
pub(in crate::metrics) fn is_mature(
    ledger: &Ledger<'_>,
    period: &Period,
    plan: &MetricSettings,
) -> bool {
    let age_of_youngest = (ledger.last_day - period.to).num_days();
    age_of_youngest >= i64::from(plan.sales.mature_days)
}

/// Sales ÷ inquiries of a cohort. The value is withheld while the cohort is young.
pub(in crate::metrics) fn second_conversion(
    measures: &Measures,
    is_mature: bool,
    min_events: u32,
    usual: Option<f64>,
) -> Rate {
    let counted = Rate::new(measures.sales, measures.inquiries, min_events, usual);
    match is_mature {
        true => counted,
        // No number of inquiries makes a young cohort old: waiting does.
        false => Rate {
            needed: None,
            ..counted.withheld()
        },
    }
}

/// Where a cohort of `n` inquiries with `k` sales at maturity `M` should end: what came plus what is still due at a
/// conversion between the usual one and its own (Bornhuetter and Ferguson, PCAS 59 (1972) 181–195, with a beta prior).
///
/// Prior `Beta(a, b)` of mean `usual` and weight `a` sales; seen `k` of `n·M`; the rest, `n(1 − M)` inquiries, is
/// beta-binomial, and the range holds 95 % of it.
fn expected_final(made: Sample, maturity: f64, usual: f64, weight: f64) -> Estimate {
    let due = made.n * maturity;
    let rest = made.n - due;
    let prior_unsold = weight * (1.0 - usual) / usual;
    let (a, b) = (weight + made.k, prior_unsold + (due - made.k).max(0.0));
    let value = ((made.k + rest * a / (a + b)) / made.n).min(1.0);
    // A sale belongs to an inquiry: no more can come than there are unsold ones.
    let may_sell = rest.ceil().min(made.n - made.k);
    let to_come = Distribution::beta_binomial(may_sell, a, b);
    let end = |q: f64| ((made.k + to_come.quantile(q)) / made.n).min(1.0);
    Estimate {
        value,
        low: end(LOW_END).min(value),
        high: end(HIGH_END).max(value),
    }
}

fn learn_curve(
    ledger: &Ledger<'_>,
    known_from: NaiveDate,
    plan: &MetricSettings,
) -> Option<LagCurve> {
    let from = back(ledger.last_day, CURVE_DAYS - 1).max(known_from);
    let mut followed = Vec::new();
    for entry in ledger.arrived(from, ledger.last_day) {
        let age = (ledger.last_day - entry.day).num_days();
        let Ok(age) = u32::try_from(age) else {
            continue;
        };
        followed.push(Followed {
            age,
            sold_after: entry.first_lag(ledger.last_day),
        });
    }
    LagCurve::learn(
        &followed,
        plan.sales.horizon_days,
        plan.thresholds.min_events,
        plan.sales.mature_days,
    )
}

/// Units of credit of the inquiries of each day.
type UnitsByDay = BTreeMap<NaiveDate, u64>;

/// Inquiries between two days, weighted by what is due of them, and their sales. Whole units are added up by day first,
/// so that the order of inquiries does not touch the result.
fn exposures(ledger: &Ledger<'_>, curve: &LagCurve, from: NaiveDate, to: NaiveDate) -> Exposures {
    let mut arrived = BTreeMap::<&ChannelId, UnitsByDay>::new();
    let mut all_arrived = UnitsByDay::new();
    let mut sold = BTreeMap::<&ChannelId, u64>::new();
    for entry in ledger.arrived(from, to) {
        // An inquiry with two sales is one inquiry that sold, as in the cohort that is compared with this.
        let mut sales = entry.sales_until(ledger.last_day, ledger.horizon());
        let has_sold = u64::from(sales.next().is_some());
        for (channel, units) in entry.credit.units() {
            let of_channel = arrived.entry(channel).or_default();
            *of_channel.entry(entry.day).or_default() += units;
            *all_arrived.entry(entry.day).or_default() += units;
            *sold.entry(channel).or_default() += units * has_sold;
        }
    }
    let mut channels = BTreeMap::new();
    for (channel, days) in &arrived {
        let sold = sold.get(channel).copied().unwrap_or_default();
        let exposure = Exposure {
            due: due(ledger, curve, days),
            sales: events(sold),
        };
        channels.insert((*channel).clone(), exposure);
    }
    Exposures {
        channels,
        total: Exposure {
            due: due(ledger, curve, &all_arrived),
            sales: events(sold.values().sum()),
        },
    }
}

/// Inquiries, each counting as much as the share of its sales that should have come by its age.
fn due(ledger: &Ledger<'_>, curve: &LagCurve, days: &UnitsByDay) -> f64 {
    let weighted = days.iter().map(|(day, units)| {
        let age = (ledger.last_day - *day).num_days();
        events(*units) * curve.share_by(age)
    });
    weighted.sum()
}

impl Exposures {
    fn of(&self, scope: Scope<'_>) -> Exposure {
        match scope {
            Scope::Total => self.total,
            Scope::Channel(channel) => self.channels.get(channel).copied().unwrap_or_default(),
        }
    }
}

/// So many days earlier; the calendar's end at worst.
fn back(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days))
        .unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Computed with scipy 1.17 betabinom: 3 of 100 sold when 30 % is due, and 14 of 80 when 92 % is, both at a usual
    // conversion of 20 % learnt from 200 sales.
    #[test]
    fn a_young_cohort_ends_near_the_usual_and_an_old_one_near_its_own() {
        let weight = 1.0 / (1.0 / 200.0 + PRIOR_NOISE * PRIOR_NOISE);
        let young = expected_final(Sample { k: 3.0, n: 100.0 }, 0.3, 0.2, weight);
        assert!(
            (young.value - 0.166_565_233_929_250_66).abs() < 1e-12,
            "{young:?}"
        );
        assert_eq!((young.low, young.high), (0.1, 0.24));
        let old = expected_final(Sample { k: 14.0, n: 80.0 }, 0.92, 0.2, weight);
        assert!(
            (old.value - 0.190_912_060_444_242_42).abs() < 1e-12,
            "{old:?}"
        );
        assert_eq!((old.low, old.high), (0.175, 0.225));
    }

    #[test]
    fn a_cohort_with_nothing_due_any_more_ends_where_it_is() {
        let closed = expected_final(Sample { k: 20.0, n: 100.0 }, 1.0, 0.3, 100.0);
        assert_eq!((closed.low, closed.value, closed.high), (0.2, 0.2, 0.2));
    }
}
