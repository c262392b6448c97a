//! The counts of a report, gathered for the breakdown.

use std::collections::BTreeSet;

use super::counted::{Counted, Side, Terms, Worth, breakdown};
use super::types::{Breakdown, Decomposition};
use crate::metrics::MetricSettings;
use crate::metrics::cohort::Outlook;
use crate::metrics::predictive::MIN_PERIODS;
use crate::metrics::scorecard::Measures;
use crate::metrics::timeline::{Past, Scope, Timeline};
use crate::model::channel::ChannelId;
use crate::model::money::Minor;

/// A channel's usual check leans on that of all channels as if it had so many sales more.
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
    let known: Vec<&Past> = timeline
        .base()
        .iter()
        .filter(|past| side(Scope::Total, &[past]).is_some())
        .collect();
    Decomposition {
        previous: timeline.previous().and_then(|past| gather.against(&[past])),
        usual: (known.len() >= MIN_PERIODS)
            .then(|| gather.against(&known))
            .flatten(),
    }
}

struct Gather<'a> {
    timeline: &'a Timeline<'a>,
    outlook: &'a Outlook,
    plan: &'a MetricSettings,
}

impl Gather<'_> {
    fn against(&self, base: &[&Past]) -> Option<Breakdown> {
        let ids: BTreeSet<&ChannelId> = (base.iter().flat_map(|past| past.counts.channels()))
            .chain(self.timeline.now.channels())
            .collect();
        let counted: Vec<Counted> = ids
            .into_iter()
            .map(|id| self.counted(id, base))
            .collect::<Option<_>>()?;
        let terms = Terms {
            maturity: self.maturity(),
            min_events: self.plan.thresholds.min_events,
        };
        breakdown(
            base.iter().map(|past| past.counts.period.clone()).collect(),
            &counted,
            terms,
        )
    }

    /// A cohort all of whose inquiries are old enough is whole.
    fn maturity(&self) -> Option<f64> {
        let due = self
            .outlook
            .maturity(Scope::Total, self.timeline.now.total.inquiries)?;
        Some(if self.outlook.is_mature() { 1.0 } else { due })
    }

    fn counted(&self, channel: &ChannelId, base: &[&Past]) -> Option<Counted> {
        let scope = Scope::Channel(channel);
        let now = scope.measures(&self.timeline.now);
        let now = Side {
            sold: now.sales,
            ..bare(now)?
        };
        Some(Counted {
            channel: channel.clone(),
            sides: [side(scope, base)?, now],
            worth: self.worth(scope),
        })
    }

    fn worth(&self, scope: Scope<'_>) -> Option<Worth> {
        let total = self
            .checks(Scope::Total)
            .filter(|(sales, _)| *sales > 0.0)
            .map(|(sales, revenue)| revenue / sales)?;
        let (sales, revenue) = self.checks(scope)?;
        Some(Worth {
            conv2: self.outlook.usual(scope)?,
            check: (revenue + PRIOR_SALES * total) / (sales + PRIOR_SALES),
        })
    }

    /// Sales closed and their amount over the base periods and the reported one, where they are known.
    fn checks(&self, scope: Scope<'_>) -> Option<(f64, f64)> {
        let periods = self
            .timeline
            .base()
            .iter()
            .map(|past| &past.counts)
            .chain([&self.timeline.now]);
        let known = periods.filter_map(|counts| {
            let of = scope.measures(counts);
            Some((of.sales_closed?, amount(of.revenue_closed)?))
        });
        known.reduce(|sum, one| (sum.0 + one.0, sum.1 + one.1))
    }
}

/// Sums over the periods of a base; absent where sessions or inquiries of any of them are unknown.
fn side(scope: Scope<'_>, base: &[&Past]) -> Option<Side> {
    let sides = base.iter().map(|past| {
        let sold = past.same_age.of(scope).map(|cohort| cohort.k);
        Some(Side {
            sold,
            ..bare(scope.measures(&past.counts))?
        })
    });
    let plus = |one: Option<f64>, other: Option<f64>| Some(one? + other?);
    sides.reduce(|sum, one| {
        let (sum, one) = (sum?, one?);
        Some(Side {
            sessions: sum.sessions + one.sessions,
            inquiries: sum.inquiries + one.inquiries,
            sold: plus(sum.sold, one.sold),
            closed: plus(sum.closed, one.closed),
            revenue: plus(sum.revenue, one.revenue),
            spend: plus(sum.spend, one.spend),
        })
    })?
}

fn bare(of: &Measures) -> Option<Side> {
    Some(Side {
        sessions: of.sessions? as f64,
        inquiries: of.inquiries?,
        sold: None,
        closed: of.sales_closed,
        revenue: amount(of.revenue_closed),
        spend: amount(of.spend),
    })
}

fn amount(of: Option<Minor>) -> Option<f64> {
    of.map(|amount| amount.0 as f64)
}
