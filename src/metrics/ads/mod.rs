//! Advertising in detail: campaigns, groups, phrases, ads and pages down to the sale, and what stands out among them.

mod lists;
mod stages;
mod tally;
mod types;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use self::tally::{Series, Tallies, Tally};
use super::compare;
use super::costs::unit_costs;
use super::lag::{Followed, LagCurve};
use super::multiple::two_sided;
use super::predictive::{MIN_PERIODS, Prediction, Sample};
use super::scorecard::RowVerdict;
use super::settings::MetricSettings;
use super::values::{Estimate, Measures, Rate};
use crate::model::ads::{AdFacts, AdInquiry};
use crate::model::money::Minor;
use crate::model::period::Period;

pub use self::types::{AdCohort, AdFinding, AdKey, AdLevel, AdRow, AdSpan, AdStage, Ads};

/// A cohort has matured when so much of its sales has come. A judgement: what is left changes no conversion that is stated.
const MATURED: f64 = 0.95;

/// Advertising in detail; `last_day` is the last day that sales are known of, absent where they cannot be told.
pub fn ads(facts: &AdFacts, last_day: Option<NaiveDate>, plan: &MetricSettings) -> Ads {
    let curve = last_day.and_then(|last_day| curve(facts, last_day, plan));
    let age_of = |day: NaiveDate| last_day.map_or(-1, |last_day| (last_day - day).num_days());
    let due = |inquiry: &AdInquiry| {
        let curve = curve.as_ref();
        curve.map_or(0.0, |curve| curve.share_by(age_of(inquiry.day)))
    };
    let tallies = tally::tallies(facts, due);
    let has_matured = |period: &Period| {
        let curve = curve.as_ref();
        curve.is_some_and(|curve| curve.share_by(age_of(period.to)) >= MATURED)
    };
    let mature_days = i64::from(plan.sales.mature_days);
    let periods = &facts.periods;
    let followed: Vec<usize> = (0..periods.len())
        .filter(|at| curve.is_some() && has_matured(&periods[*at]))
        .collect();
    let latest: Vec<usize> = (0..periods.len())
        .rfind(|at| curve.is_some() && age_of(periods[*at].to) >= mature_days)
        .into_iter()
        .collect();
    let maker = Maker {
        facts,
        tallies: &tallies,
        followed: &followed,
        latest: &latest,
        plan,
    };
    let rows = maker.rows();
    let due: BTreeMap<&AdKey, f64> = tallies
        .rows
        .iter()
        .map(|(key, series)| (key, sum(series, &followed).due))
        .collect();
    let limits = &plan.thresholds;
    Ads {
        matured: span(periods, &followed),
        latest: span(periods, &latest),
        never_sells: lists::never_sells(&rows, &due, limits),
        fell: lists::fell(&rows),
        deserves_more: lists::deserves_more(&rows, &due, limits),
        rows,
    }
}

/// When the sales of inquiries come.
fn curve(facts: &AdFacts, last_day: NaiveDate, plan: &MetricSettings) -> Option<LagCurve> {
    let mut followed = Vec::new();
    for inquiry in facts.inquiries.iter().flatten() {
        let Ok(age) = u32::try_from((last_day - inquiry.day).num_days()) else {
            continue;
        };
        followed.push(Followed {
            age,
            sold_after: inquiry.sold_after,
        });
    }
    LagCurve::learn(
        &followed,
        plan.sales.horizon_days,
        plan.thresholds.min_events,
        plan.sales.mature_days,
    )
}

fn sum(series: &Series, periods: &[usize]) -> Tally {
    let mut sum = Tally::default();
    for at in periods {
        sum.add(&series[*at]);
    }
    sum
}

fn span(periods: &[Period], of: &[usize]) -> Option<AdSpan> {
    let (first, last) = (of.first()?, of.last()?);
    Some(AdSpan {
        from: periods[*first].from,
        to: periods[*last].to,
        periods: u32::try_from(of.len()).unwrap_or(u32::MAX),
    })
}

/// What rows are made from.
struct Maker<'a> {
    facts: &'a AdFacts,
    tallies: &'a Tallies,
    /// Positions of the periods whose sales have come.
    followed: &'a [usize],
    /// The position of the latest period that is old enough.
    latest: &'a [usize],
    plan: &'a MetricSettings,
}

impl Maker<'_> {
    /// Every row, those of a level judged together.
    fn rows(&self) -> Vec<AdRow> {
        let mut rows: Vec<AdRow> = self
            .tallies
            .rows
            .iter()
            .map(|(key, series)| self.row(key, series))
            .collect();
        for level in AdLevel::ALL {
            let mut of_level: Vec<&mut AdRow> = rows
                .iter_mut()
                .filter(|row| row.key.level == level)
                .collect();
            self.judge(&mut of_level);
        }
        self.judge_stages(&mut rows);
        rows
    }

    fn row(&self, key: &AdKey, series: &Series) -> AdRow {
        let now = series.last().cloned().unwrap_or_default();
        let min_events = self.plan.thresholds.min_events;
        let has_costs = self.facts.spend.is_some() && self.tallies.is_priced(key);
        let measures = Measures {
            sessions: self.facts.visits.as_ref().map(|_| now.sessions),
            inquiries: self.facts.inquiries.as_ref().map(|_| now.inquiries),
            spend: has_costs.then_some(now.spend.cost),
            ..Measures::default()
        };
        let sessions = measures.sessions.map(|sessions| sessions as f64);
        let prediction = self.prediction(series, now.sessions);
        let (low, high) = prediction.as_ref().map_or((0.0, 0.0), |prediction| {
            prediction.range(self.plan.thresholds.alpha)
        });
        let cohort = |periods: &[usize]| {
            let sum = sum(series, periods);
            let margin = self.margin(&sum);
            (!periods.is_empty()).then(|| cohort(&sum, has_costs, margin, min_events))
        };
        AdRow {
            key: key.clone(),
            conv1: Rate::new(measures.inquiries, sessions, min_events, None),
            cpl: unit_costs(&measures, min_events).cpl,
            expected: prediction.as_ref().map(|prediction| Estimate {
                value: prediction.expected,
                low,
                high,
            }),
            p_value: prediction
                .as_ref()
                .map(|prediction| prediction.p_value(now.inquiries)),
            verdict: RowVerdict::Unknown,
            stages: self.stages(key.level, series),
            latest: cohort(self.latest),
            matured: cohort(self.followed),
            sessions: measures.sessions,
            inquiries: measures.inquiries,
            spend: measures.spend,
        }
    }

    /// Gross margin of a row's sales less what was given back: revenue less the cost of goods, which is stated, or follows
    /// from the pipeline's margin. A firm that states neither has no margin, in rows without a sale either.
    fn margin(&self, sum: &Tally) -> Option<Minor> {
        let rate = self.plan.money.margin;
        let inquiries = self.facts.inquiries.iter().flatten();
        let states_costs = || inquiries.clone().any(|inquiry| inquiry.cost.0 != 0);
        let is_known = rate.is_some() || (sum.uncosted == 0.0 && states_costs());
        let cost_of_rest = sum.uncosted * (1.0 - rate.unwrap_or(0.0));
        is_known.then(|| Minor((sum.revenue - sum.cost - cost_of_rest).round() as i64))
    }

    /// Inquiries to be expected of the sessions; `None` where either is not known, or the history is too short.
    fn prediction(&self, series: &Series, sessions: u64) -> Option<Prediction> {
        self.facts.visits.as_ref()?;
        self.facts.inquiries.as_ref()?;
        let (_, before) = series.split_last()?;
        let base = self.plan.thresholds.base_periods as usize;
        let from = before.len().saturating_sub(base);
        let history: Vec<Sample> = before[from..]
            .iter()
            .map(|tally| Sample {
                k: tally.inquiries,
                n: tally.sessions as f64,
            })
            .filter(|sample| sample.n > 0.0 && sample.k <= sample.n)
            .collect();
        let is_enough = history.len() >= MIN_PERIODS && sessions > 0;
        is_enough.then(|| Prediction::of_rate(&history, sessions as f64))?
    }

    /// The words for the rows of one level.
    fn judge(&self, rows: &mut [&mut AdRow]) {
        let limits = &self.plan.thresholds;
        let least = f64::from(limits.min_events);
        let p_of = |row: &AdRow| {
            let (expected, seen) = (row.expected?.value, row.inquiries?);
            // A row that fell from forty to none is no small row.
            (expected.max(seen) >= least).then_some(row.p_value?)
        };
        let p_values: Vec<f64> = rows
            .iter()
            .filter_map(|row| p_of(row).map(two_sided))
            .collect();
        let limit = compare::limit(&p_values, limits);
        for row in rows {
            row.verdict = match (p_of(row), row.expected, row.inquiries) {
                (Some(p), Some(expected), Some(seen)) if p <= limit => {
                    if seen < expected.value {
                        RowVerdict::Worse
                    } else {
                        RowVerdict::Better
                    }
                }
                (Some(_), ..) => RowVerdict::Noise,
                (None, Some(_), Some(_)) => RowVerdict::TooFew,
                (None, ..) => RowVerdict::Unknown,
            };
        }
    }
}

/// Inquiries followed to their sales.
fn cohort(sum: &Tally, has_costs: bool, margin: Option<Minor>, min_events: u32) -> AdCohort {
    let spend = has_costs.then_some(sum.spend.cost);
    let revenue = Minor(sum.revenue.round() as i64);
    let paid = spend.filter(|spend| spend.0 > 0);
    let per_sale = |spend: Minor| (spend.0 as f64 / sum.sold).round() as i64;
    let share = |part: f64, whole: i64| (whole > 0).then(|| part / whole as f64 + 0.0);
    let on_spend = |amount: Minor| {
        let spend = paid?;
        share((amount.0 - spend.0) as f64, spend.0)
    };
    AdCohort {
        spend,
        inquiries: sum.inquiries,
        sales: sum.sold,
        revenue,
        conv2: Rate::new(Some(sum.sold), Some(sum.inquiries), min_events, None),
        cost_per_sale: paid
            .filter(|_| sum.sold > 0.0)
            .map(|spend| Minor(per_sale(spend))),
        cost_share: paid.and_then(|spend| share(spend.0 as f64, revenue.0)),
        margin,
        romi: on_spend(revenue),
        romi_margin: margin.and_then(on_spend),
    }
}
