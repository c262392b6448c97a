//! The counts of a report, gathered for the breakdown.

use std::collections::BTreeSet;

use super::counted::{CountedChain, Side, Terms, Worth, breakdown};
use super::types::{Breakdown, Decomposition};
use crate::metrics::cohort::Outlook;
use crate::metrics::costs::before_refunds;
use crate::metrics::predictive::MIN_PERIODS;
use crate::metrics::settings::MetricSettings;
use crate::metrics::timeline::{Past, Scope, Timeline};
use crate::metrics::values::Measures;
use crate::model::channel::ChannelId;
use crate::model::money::Minor;

/// A channel's usual check leans on that of all channels as if it had so many sales more. A judgement: amounts of sales
/// differ about as much as they are large, so twenty of them tell their mean to about a fifth.
const PRIOR_SALES: f64 = 20.0;

/// What the reported period's change is made of, against the period before and against the mean of the base periods.
pub(in crate::metrics) fn decomposition(
    timeline: &Timeline,
    outlook: &Outlook,
    plan: &MetricSettings,
) -> Decomposition {
    let gather = Gather {
        timeline,
        outlook,
        plan,
    };
    let previous = timeline.previous().and_then(|past| gather.against(&[past]));
    // A period of which something did not arrive would make the whole mean unknown.
    let known: Vec<&Past> = timeline
        .base()
        .iter()
        .filter(|past| side_of(Scope::Total, past).is_some())
        .collect();
    let usual = if known.len() >= MIN_PERIODS {
        gather.against(&known)
    } else {
        None
    };
    Decomposition { previous, usual }
}

struct Gather<'a> {
    timeline: &'a Timeline<'a>,
    outlook: &'a Outlook,
    plan: &'a MetricSettings,
}

impl Gather<'_> {
    fn against(&self, base: &[&Past]) -> Option<Breakdown> {
        let terms = Terms {
            maturity: self.maturity(),
            min_events: self.plan.thresholds.min_events,
        };
        let counted: Vec<CountedChain> = self
            .channels(base)
            .into_iter()
            .map(|channel| self.counted(channel, base))
            .collect::<Option<_>>()?;
        let periods = base.iter().map(|past| past.counts.period.clone()).collect();
        breakdown(periods, &counted, terms)
    }

    /// Every channel that did something on either side, in the order of ids.
    fn channels<'c>(&'c self, base: &[&'c Past]) -> BTreeSet<&'c ChannelId> {
        let mut channels: BTreeSet<&ChannelId> = self.timeline.now.channels().collect();
        for past in base {
            channels.extend(past.counts.channels());
        }
        channels
    }

    /// A cohort all of whose inquiries are old enough is whole.
    fn maturity(&self) -> Option<f64> {
        let due = self
            .outlook
            .maturity(Scope::Total, self.timeline.now.total.inquiries)?;
        Some(if self.outlook.is_mature() { 1.0 } else { due })
    }

    fn counted(&self, channel: &ChannelId, base: &[&Past]) -> Option<CountedChain> {
        let scope = Scope::Channel(channel);
        let now = scope.measures(&self.timeline.now);
        let now = Side {
            sold: now.sales,
            ..without_sold(now)?
        };
        Some(CountedChain {
            channel: channel.clone(),
            sides: [sum_of_sides(scope, base)?, now],
            worth: self.worth(scope),
        })
    }

    /// What an inquiry of the channel usually brings.
    fn worth(&self, scope: Scope<'_>) -> Option<Worth> {
        let all = self.closed(Scope::Total).filter(|all| all.sales > 0.0)?;
        let usual_check = all.revenue / all.sales;
        let own = self.closed(scope)?;
        let check = (own.revenue + PRIOR_SALES * usual_check) / (own.sales + PRIOR_SALES);
        Some(Worth {
            conv2: self.outlook.usual(scope)?,
            check,
        })
    }

    /// Sales closed over the base periods and the reported one, where they are known; `None` where they never are.
    fn closed(&self, scope: Scope<'_>) -> Option<ClosedSales> {
        let base = self.timeline.base().iter().map(|past| &past.counts);
        let known = base.chain([&self.timeline.now]).filter_map(|counts| {
            let of = scope.measures(counts);
            Some(ClosedSales {
                sales: of.sales_closed?,
                revenue: amount(before_refunds(of))?,
            })
        });
        known.reduce(ClosedSales::plus)
    }
}

/// Sales closed and their amount before refunds, minor units.
struct ClosedSales {
    sales: f64,
    revenue: f64,
}

impl ClosedSales {
    fn plus(self, other: Self) -> Self {
        Self {
            sales: self.sales + other.sales,
            revenue: self.revenue + other.revenue,
        }
    }
}

/// Sums over the periods of a base; absent where sessions or inquiries of any of them are unknown.
fn sum_of_sides(scope: Scope<'_>, base: &[&Past]) -> Option<Side> {
    let mut sum: Option<Side> = None;
    for past in base {
        let side = side_of(scope, past)?;
        sum = Some(sum.map_or(side, |sum| sum.plus(side)));
    }
    sum
}

/// A past period's counts. Its sales are those at the age that the reported cohort has now: later ones would make the
/// past look better than it looked then.
fn side_of(scope: Scope<'_>, past: &Past) -> Option<Side> {
    let sold = past.same_age.of(scope).map(|cohort| cohort.k);
    let side = without_sold(scope.measures(&past.counts))?;
    Some(Side { sold, ..side })
}

fn without_sold(of: &Measures) -> Option<Side> {
    Some(Side {
        sessions: of.sessions? as f64,
        inquiries: of.inquiries?,
        sold: None,
        closed: of.sales_closed,
        revenue: amount(before_refunds(of)),
        spend: amount(of.spend),
    })
}

fn amount(of: Option<Minor>) -> Option<f64> {
    of.map(|amount| amount.0 as f64)
}
