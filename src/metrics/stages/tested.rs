//! The stages that can be tested in the reported period.

use super::order::order;
use super::run::{Outlook, Run, outlook};
use super::{Place, StageKind, StageUsual, deals, visits};
use crate::metrics::settings::{MetricSettings, StageTitle};
use crate::metrics::usual::share;
use crate::metrics::values::Estimate;
use crate::model::deal_paths::HistoryPrecision;
use crate::model::facts::Facts;

/// A stage of one place whose share of the stage before can be tested.
pub(super) struct Test<'a> {
    /// Where it is of.
    pub(super) place: Place<'a>,
    /// Whether visits or deals come to it.
    pub(super) kind: StageKind,
    /// The stage before.
    pub(super) from: StageTitle,
    /// The stage.
    pub(super) to: StageTitle,
    /// Its counts in all periods.
    pub(super) run: Run,
    /// What is known of the reported one.
    pub(super) outlook: Outlook,
}

impl Test<'_> {
    /// Probability of so few, or fewer, if nothing had changed.
    pub(super) fn of_fall(&self) -> f64 {
        self.outlook.prediction.at_most(self.outlook.seen.k)
    }

    /// The tail on the side that it fell to.
    pub(super) fn tail(&self) -> f64 {
        self.outlook.prediction.p_value(self.outlook.seen.k)
    }

    pub(super) fn usual(&self, alpha: f64) -> StageUsual {
        let Outlook {
            seen,
            usual_share: value,
            prediction,
        } = &self.outlook;
        let (low, high) = prediction.range(alpha);
        let range = share(prediction, seen.n, alpha);
        // The prediction's own rate has half an event more, which is for a stage that nobody came to yet.
        let count = value * seen.n;
        StageUsual {
            count: Estimate {
                value: count,
                low: low.min(count),
                high: high.max(count),
            },
            to_previous: Estimate {
                value: *value,
                low: range.low.min(*value),
                high: range.high.max(*value),
            },
            p_value: self.tail(),
            periods: prediction.periods,
        }
    }

    /// A stage that few came to, and few were expected at, says nothing.
    pub(super) fn is_judgeable(&self, min_events: u32) -> bool {
        let Outlook {
            seen, prediction, ..
        } = &self.outlook;
        prediction.expected.max(seen.k) >= f64::from(min_events)
    }
}

/// The stages of visits of a place.
pub(super) fn of_visits<'a>(
    facts: &Facts,
    place: Place<'a>,
    plan: &MetricSettings,
) -> Vec<Test<'a>> {
    let sessions = StageTitle {
        code: "sessions".to_owned(),
        title: plan.funnel_titles.sessions.clone(),
    };
    let titles: Vec<StageTitle> = std::iter::once(sessions)
        .chain(plan.stages.iter().cloned())
        .collect();
    let runs = (0..plan.stages.len()).map(|index| visits::run(facts, place, index));
    tests(facts, (place, StageKind::Visits), &titles, runs, plan)
}

/// The stages of deals of a place, the sale last. Where changes are only known between exports, a cohort's past cannot be
/// told at the age that the reported one has now: nothing is tested.
pub(super) fn of_deals<'a>(
    facts: &Facts,
    place: Place<'a>,
    plan: &MetricSettings,
) -> Vec<Test<'a>> {
    let paths = facts.deal_paths.as_ref();
    let Some(paths) = paths.filter(|paths| paths.precision == Some(HistoryPrecision::Events))
    else {
        return Vec::new();
    };
    let order = order(paths, plan);
    let title = |code: &str, title: &str| StageTitle {
        code: code.to_owned(),
        title: title.to_owned(),
    };
    let titles: Vec<StageTitle> = std::iter::once(title("deals", &plan.funnel_titles.deals))
        .chain(order.iter().map(|stage| stage.title.clone()))
        .chain([title("won", &plan.funnel_titles.sales)])
        .collect();
    let runs = deals::runs(facts, paths, place, &order).into_iter();
    tests(facts, (place, StageKind::Deals), &titles, runs, plan)
}

fn tests<'a>(
    facts: &Facts,
    (place, kind): (Place<'a>, StageKind),
    titles: &[StageTitle],
    runs: impl Iterator<Item = Run>,
    plan: &MetricSettings,
) -> Vec<Test<'a>> {
    let Some(reported) = facts.periods.len().checked_sub(1) else {
        return Vec::new();
    };
    let pairs = titles.iter().zip(titles.iter().skip(1));
    let test = |((from, to), run): ((&StageTitle, &StageTitle), Run)| {
        let base = plan.thresholds.base_periods as usize;
        let outlook = outlook(&run, reported, base)?;
        Some(Test {
            place,
            kind,
            from: from.clone(),
            to: to.clone(),
            run,
            outlook,
        })
    };
    pairs.zip(runs).filter_map(test).collect()
}
