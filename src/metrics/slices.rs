//! The first conversion by device, region and attributes of sessions, and what became of deals by their attributes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::compare;
use super::multiple::two_sided;
use super::predictive::{PRIOR_NOISE, Prediction, Sample};
use super::scorecard::RowVerdict;
use super::settings::MetricSettings;
use super::values::{Estimate, Rate};
use crate::model::money::Minor;
use crate::model::observations::{Code, Dimension, Observations, SliceId};
use crate::model::slice_counts::{DealCount, DealSlice, VisitSlice};

/// Sessions with one value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SliceRow {
    /// What they are told apart by: `device`, `region`, `attribute.gender`.
    pub dimension: Dimension,
    /// Its value; empty where it is not known.
    pub value: String,
    /// Sessions of the reported period.
    pub sessions: f64,
    /// Inquiries that are traced to them.
    pub inquiries: f64,
    /// Inquiries ÷ sessions.
    pub conv1: Rate,
    /// Inquiries to be expected of these sessions at the value's conversion in the base.
    pub expected: Option<Estimate>,
    /// One-sided tail probability of what was seen.
    pub p_value: Option<f64>,
    /// The word, the values of a dimension judged together.
    pub verdict: RowVerdict,
}

/// Deals of one period with one value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DealsMade {
    /// Deals that were entered in the period.
    pub deals: u32,
    /// Those of them that are won by now.
    pub won: u32,
    /// Won ÷ deals.
    pub share: Rate,
    /// Amount of the won ones less what was given back.
    pub revenue: Minor,
}

/// Deals with one value of an attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DealSliceRow {
    /// The attribute.
    pub dimension: Dimension,
    /// Its value; empty where it is not known.
    pub value: String,
    /// Of the reported period.
    pub now: DealsMade,
    /// Of the period before.
    pub before: DealsMade,
}

/// Slices of visits and of deals.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SliceTables {
    /// Visits by dimension and value, most sessions first.
    pub visits: Vec<SliceRow>,
    /// Deals by attribute and value, most deals first.
    pub deals: Vec<DealSliceRow>,
}

/// Both tables.
pub fn slices(seen: &Observations, deals: &[DealSlice], plan: &MetricSettings) -> SliceTables {
    SliceTables {
        visits: visits(&counted(seen), plan),
        deals: of_deals(deals, plan),
    }
}

/// Sessions and traced inquiries by every dimension but the channel, the page and the campaign, which have tables of their own.
fn counted(seen: &Observations) -> Vec<VisitSlice> {
    let slices = &seen.slices;
    let mut inquiries: BTreeMap<SliceId, [f64; 2]> = BTreeMap::new();
    let start = seen.period_start();
    // As far back as the sessions of the base go.
    let base = slices.base_from;
    for inquiry in seen.inquiries.iter().flatten() {
        let Some(slice) = inquiry.slice.filter(|_| inquiry.day >= base) else {
            continue;
        };
        inquiries.entry(slice).or_default()[usize::from(inquiry.day >= start)] += 1.0;
    }
    let mut rows: BTreeMap<(Dimension, Code), VisitSlice> = BTreeMap::new();
    for (at, dimension) in slices.dimensions.iter().enumerate() {
        let has_own_table = matches!(
            dimension,
            Dimension::Channel | Dimension::Page | Dimension::Campaign | Dimension::Phrase
        );
        if has_own_table {
            continue;
        }
        for (number, place) in slices.places.iter().enumerate() {
            let code = place.codes[at];
            let row = rows
                .entry((*dimension, code))
                .or_insert_with(|| VisitSlice {
                    dimension: *dimension,
                    value: seen.names.text(*dimension, code).to_owned(),
                    base_sessions: 0.0,
                    base_inquiries: 0.0,
                    sessions: 0.0,
                    inquiries: 0.0,
                });
            let [before, now] = inquiries
                .get(&SliceId(number as u32))
                .copied()
                .unwrap_or_default();
            row.base_sessions += f64::from(place.base);
            row.base_inquiries += before;
            row.sessions += f64::from(place.now);
            row.inquiries += now;
        }
    }
    rows.into_values().collect()
}

fn visits(counted: &[VisitSlice], plan: &MetricSettings) -> Vec<SliceRow> {
    let mut rows: Vec<SliceRow> = counted
        .iter()
        .filter(|slice| slice.sessions + slice.base_sessions > 0.0)
        .map(|slice| row(slice, plan))
        .collect();
    rows.sort_by(|one, other| {
        let by_dimension = one.dimension.cmp(&other.dimension);
        let by_sessions = other.sessions.total_cmp(&one.sessions);
        let by_size = by_dimension.then(by_sessions);
        by_size.then_with(|| one.value.cmp(&other.value))
    });
    for of_dimension in rows.chunk_by_mut(|one, other| one.dimension == other.dimension) {
        judge(of_dimension, plan);
    }
    rows
}

fn row(slice: &VisitSlice, plan: &MetricSettings) -> SliceRow {
    let limits = &plan.thresholds;
    let base = Sample {
        k: slice.base_inquiries,
        n: slice.base_sessions,
    };
    let noise = PRIOR_NOISE * PRIOR_NOISE;
    let can_tell = base.k <= base.n && slice.inquiries <= slice.sessions && slice.sessions > 0.0;
    let prediction = can_tell
        .then(|| Prediction::of_one_base(base, slice.sessions, noise))
        .flatten();
    let expected = prediction.as_ref().map(|prediction| {
        let (low, high) = prediction.range(limits.alpha);
        Estimate {
            value: prediction.expected,
            low,
            high,
        }
    });
    SliceRow {
        dimension: slice.dimension,
        value: slice.value.clone(),
        sessions: slice.sessions,
        inquiries: slice.inquiries,
        conv1: Rate::new(
            Some(slice.inquiries),
            Some(slice.sessions),
            limits.min_events,
            None,
        ),
        expected,
        p_value: prediction.map(|prediction| prediction.p_value(slice.inquiries)),
        verdict: RowVerdict::Unknown,
    }
}

/// The words of one dimension's values, judged together.
fn judge(rows: &mut [SliceRow], plan: &MetricSettings) {
    let limits = &plan.thresholds;
    let p_of = |row: &SliceRow| {
        let expected = row.expected?.value;
        let is_enough = expected.max(row.inquiries) >= f64::from(limits.min_events);
        is_enough.then_some(row.p_value?)
    };
    let p_values: Vec<f64> = rows
        .iter()
        .filter_map(|row| p_of(row).map(two_sided))
        .collect();
    let limit = compare::limit(&p_values, limits);
    for row in rows {
        row.verdict = match (p_of(row), row.expected) {
            (Some(p), Some(expected)) if p <= limit => match row.inquiries < expected.value {
                true => RowVerdict::Worse,
                false => RowVerdict::Better,
            },
            (Some(_), _) => RowVerdict::Noise,
            (None, Some(_)) => RowVerdict::TooFew,
            (None, None) => RowVerdict::Unknown,
        };
    }
}

fn of_deals(slices: &[DealSlice], plan: &MetricSettings) -> Vec<DealSliceRow> {
    let made = |count: &DealCount| DealsMade {
        deals: count.deals,
        won: count.won,
        share: Rate::share(
            Some(f64::from(count.won)),
            Some(f64::from(count.deals)),
            plan.thresholds.min_events,
        ),
        revenue: count.revenue,
    };
    let mut rows: Vec<DealSliceRow> = slices
        .iter()
        .map(|slice| DealSliceRow {
            dimension: slice.dimension,
            value: slice.value.clone(),
            now: made(&slice.now),
            before: made(&slice.before),
        })
        .collect();
    rows.sort_by(|one, other| {
        let by_dimension = one.dimension.cmp(&other.dimension);
        let by_size = by_dimension.then(other.now.deals.cmp(&one.now.deals));
        by_size.then_with(|| one.value.cmp(&other.value))
    });
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::sample;
    use crate::model::attributes::AttributeName;

    fn gender() -> Dimension {
        Dimension::Attribute(AttributeName::new("gender").expect("a name"))
    }

    fn slice(value: &str, inquiries: f64) -> VisitSlice {
        VisitSlice {
            dimension: gender(),
            value: value.to_owned(),
            base_sessions: 7_200.0,
            base_inquiries: 1_080.0,
            sessions: 900.0,
            inquiries,
        }
    }

    #[test]
    fn a_value_that_lost_a_quarter_is_worse_and_the_other_is_as_usual() {
        // Of 900 sessions at 15 % 135 inquiries are usual.
        let rows = visits(&[slice("ж", 99.0), slice("м", 135.0)], &sample::plan());
        assert_eq!(
            rows.iter().map(|row| row.verdict).collect::<Vec<_>>(),
            [RowVerdict::Worse, RowVerdict::Noise]
        );
        let expected = rows[0].expected.expect("a base").value;
        assert!((expected - 135.0).abs() < 0.2, "{expected}");
    }

    #[test]
    fn deals_of_a_value_have_their_share_won() {
        let count = |deals, won| DealCount {
            deals,
            won,
            revenue: Minor(i64::from(won) * 200_000),
        };
        let slices = [DealSlice {
            dimension: gender(),
            value: "при получении".to_owned(),
            now: count(16, 10),
            before: count(20, 12),
        }];
        let rows = of_deals(&slices, &sample::plan());
        assert_eq!(rows[0].now.share.value, Some(0.625));
        assert_eq!(rows[0].before.share.value, Some(0.6));
    }
}
