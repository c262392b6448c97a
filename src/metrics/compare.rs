//! One row against one base period: nine changes, judged alone for the total and together for the channels.

use super::change::{self, Judged, Spread};
use super::cohort::Outlook;
use super::costs::cost_per_inquiry;
use super::multiple::{threshold, two_sided};
use super::predictive::{MIN_PERIODS, Prediction, Sample, noise_of_counts, noise_of_rates};
use super::scorecard::{Changes, Comparison};
use super::settings::MetricSettings;
use super::timeline::{Past, Scope, Timeline};
use super::usual::{first_conversion, predict};
use super::values::{Measures, Rate};
use crate::config::rules::Thresholds;
use crate::model::change::Change;
use crate::model::metric::{ByMetric, Metric};
use crate::model::money::Minor;

/// Limits on the one-sided tails of a comparison's changes.
pub(super) type Limits = ByMetric<f64>;
/// A cohort with less than this share of its sales due is too young to be compared, even at equal age.
const MIN_MATURITY: f64 = 0.5;

/// Which base a row is compared with; it decides what the change is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ComparedWith {
    /// The period before: judged by the whole run of base periods.
    Previous,
    /// The same period of last year: judged by the two periods alone.
    LastYear,
}

/// A comparison whose changes are still to be told from noise.
#[derive(Debug)]
pub(super) struct Draft {
    comparison: Comparison,
    judged: ByMetric<Judged>,
}

impl Draft {
    /// Marks each change by its own limit on one-sided tails.
    pub(super) fn settle(self, limits: &Limits) -> Comparison {
        let change = Changes::each(|metric| self.judged[metric].settle(limits[metric]));
        Comparison {
            change,
            ..self.comparison
        }
    }
}

/// The limits for a row that is judged alone.
pub(super) fn alone(limits: &Thresholds) -> Limits {
    Limits::each(|_| limits.alpha)
}

/// The limits for rows that are judged together, one for each metric.
pub(super) fn together<'a>(
    drafts: impl Iterator<Item = &'a Draft> + Clone,
    limits: &Thresholds,
) -> Limits {
    Limits::each(|metric| {
        let tails: Vec<f64> = drafts
            .clone()
            .filter_map(|draft| draft.judged[metric].tail)
            .map(two_sided)
            .collect();
        limit(&tails, limits)
    })
}

/// The limit on one-sided tails for two-sided p-values that are judged together: what Benjamini and Hochberg's
/// procedure believes, and never more than the limit of a single test. Below zero when nothing is believed.
pub(super) fn limit(two_sided: &[f64], limits: &Thresholds) -> f64 {
    threshold(two_sided, limits.channels_fdr).map_or(-1.0, |p| (p / 2.0).min(limits.alpha))
}

/// Compares a row with a past period.
pub(super) fn compare(
    scope: Scope<'_>,
    timeline: &Timeline,
    (past, base): (&Past, ComparedWith),
    outlook: &Outlook,
    plan: &MetricSettings,
) -> Draft {
    let limits = &plan.thresholds;
    let (now, then) = (scope.measures(&timeline.now), scope.measures(&past.counts));
    let row = JudgedRow {
        scope,
        history: timeline.base(),
        base,
        limits,
    };
    let conv1 = Rate::new(
        then.inquiries,
        then.sessions.map(|n| n as f64),
        limits.min_events,
        None,
    );
    let conv2 = past
        .same_age
        .rate(scope, limits.min_events, outlook.usual(scope));
    let judged = ByMetric::each(|metric| match metric {
        Metric::Sessions => row.count(now, then, |of| of.sessions.map(|count| count as f64)),
        Metric::Users => row.count(now, then, |of| of.users.map(|count| count as f64)),
        Metric::Inquiries => row.count(now, then, |of| of.inquiries),
        Metric::Conv1 => row.first_conversion(now, then, &conv1),
        Metric::Conv2 => row.second_conversion(now, &conv2, outlook),
        Metric::Sales => row.count(now, then, |of| of.sales_closed),
        Metric::Revenue => row.revenue(now, then),
        Metric::Spend => row.spend(now, then),
        Metric::Cpl => row.cost(now, then),
    });
    let comparison = Comparison {
        period: past.counts.period.clone(),
        measures: *then,
        conv1,
        conv2,
        cpl: cost_per_inquiry(then, limits.min_events),
        change: Changes::each(|_| Change::NoBase),
    };
    Draft { comparison, judged }
}

/// What every change of one row is judged by.
struct JudgedRow<'a> {
    scope: Scope<'a>,
    history: &'a [Past],
    base: ComparedWith,
    limits: &'a Thresholds,
}

impl JudgedRow<'_> {
    /// A count is judged against its own base, with the week-to-week noise that the history shows: judged against the
    /// whole history, the fifth week of a season would still be called a change.
    fn count(
        &self,
        now: &Measures,
        then: &Measures,
        number: impl Fn(&Measures) -> Option<f64>,
    ) -> Judged {
        let noise = noise_of_counts(&self.scope.history(self.history, &number));
        let prediction = number(then).and_then(|base| Prediction::of_one_count(base, noise));
        change::count(number(now), number(then), prediction.as_ref(), self.limits)
    }

    fn first_conversion(&self, now: &Measures, then: &Measures, base: &Rate) -> Judged {
        let seen = Rate::new(
            now.inquiries,
            now.sessions.map(|n| n as f64),
            self.limits.min_events,
            None,
        );
        let learnt = now
            .sessions
            .and_then(|sessions| predict(self.scope, self.history, sessions));
        let prediction = learnt
            .filter(|_| self.base == ComparedWith::Previous)
            .or_else(|| {
                let tau2 = noise_of_rates(&self.scope.first_conversions(self.history));
                Prediction::of_one_base(first_conversion(then)?, now.sessions? as f64, tau2)
            });
        change::points(&seen, base, prediction.as_ref(), self.limits)
    }

    fn second_conversion(&self, now: &Measures, base: &Rate, outlook: &Outlook) -> Judged {
        let seen = Rate::new(now.sales, now.inquiries, self.limits.min_events, None);
        if seen.k.is_none() || seen.n.is_none() || base.k.is_none() {
            return Judged::word(Change::NoBase);
        }
        let old_enough = outlook
            .maturity(self.scope, now.inquiries)
            .map_or(outlook.is_mature(), |due| due >= MIN_MATURITY);
        if !old_enough {
            return Judged::word(Change::Immature);
        }
        let history = self.scope.second_conversions(self.history);
        let inquiries = now.inquiries.unwrap_or_default();
        let learnt =
            || Prediction::of_rate(&history, inquiries).filter(|_| history.len() >= MIN_PERIODS);
        let prediction = match self.base {
            ComparedWith::Previous => learnt(),
            ComparedWith::LastYear => None,
        };
        let one_base = || {
            let base = Sample {
                k: base.k?,
                n: base.n?,
            };
            Prediction::of_one_base(base, inquiries, noise_of_rates(&history))
        };
        change::points(
            &seen,
            base,
            prediction.or_else(one_base).as_ref(),
            self.limits,
        )
    }

    /// The relative variance of one check is taken as 1, that of an exponential distribution: with the chance of the
    /// sale itself, 2 for each sale.
    fn revenue(&self, now: &Measures, then: &Measures) -> Judged {
        let too_few = then
            .sales_closed
            .is_some_and(|sales| sales < f64::from(self.limits.min_base));
        let events = then.sales_closed.map(|sales| (sales, 2.0));
        self.amount(now, then, too_few, events, |of| of.revenue_closed)
    }

    fn spend(&self, now: &Measures, then: &Measures) -> Judged {
        self.amount(now, then, false, None, |of| of.spend)
    }

    fn cost(&self, now: &Measures, then: &Measures) -> Judged {
        let cost = |of: &Measures| cost_per_inquiry(of, self.limits.min_events);
        let stated = [now, then].map(|of| of.spend.is_some() && of.inquiries.is_some());
        if stated != [true, true] {
            return Judged::word(Change::NoBase);
        }
        if cost(now).is_none() || cost(then).is_none() {
            return Judged::word(Change::TooFew);
        }
        self.amount(
            now,
            then,
            false,
            then.inquiries.map(|inquiries| (inquiries, 1.0)),
            cost,
        )
    }

    fn amount(
        &self,
        now: &Measures,
        then: &Measures,
        too_few: bool,
        per_event: Option<(f64, f64)>,
        amount: impl Fn(&Measures) -> Option<Minor>,
    ) -> Judged {
        let number = |of: &Measures| amount(of).map(|amount| amount.0 as f64);
        let history = match self.base {
            ComparedWith::Previous => self.scope.history(self.history, number),
            ComparedWith::LastYear => Vec::new(),
        };
        change::amount(
            number(now),
            number(then),
            too_few,
            Spread {
                history: &history,
                per_event,
            },
        )
    }
}
