//! The measures that changes, plans, tests and corrections are told of, and one value for each of them.

use std::ops::Index;

use serde::{Deserialize, Serialize};

/// What a change, a plan, a test or a correction is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Sessions started in the period.
    Sessions,
    /// Distinct clients.
    Users,
    /// Inquiries that arrived in the period.
    Inquiries,
    /// Inquiries ÷ sessions.
    Conv1,
    /// Sales ÷ inquiries of a cohort at equal age.
    Conv2,
    /// Sales closed in the period.
    Sales,
    /// Revenue of the sales closed in the period.
    Revenue,
    /// Advertising cost.
    Spend,
    /// Advertising cost ÷ inquiries.
    Cpl,
}

impl Metric {
    /// Every metric, in the order of the enum.
    pub const ALL: [Self; 9] = [
        Self::Sessions,
        Self::Users,
        Self::Inquiries,
        Self::Conv1,
        Self::Conv2,
        Self::Sales,
        Self::Revenue,
        Self::Spend,
        Self::Cpl,
    ];
}

/// A value for each metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByMetric<T>([T; Metric::ALL.len()]);

impl<T> ByMetric<T> {
    /// Makes the value of each metric.
    pub fn each(value: impl FnMut(Metric) -> T) -> Self {
        Self(Metric::ALL.map(value))
    }
}

impl<T> Index<Metric> for ByMetric<T> {
    type Output = T;

    fn index(&self, metric: Metric) -> &T {
        &self.0[metric as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_has_a_place_and_a_name_of_its_own() {
        let by_metric = ByMetric::each(|metric| metric);
        let mut names = std::collections::BTreeSet::new();
        for metric in Metric::ALL {
            assert_eq!(by_metric[metric], metric);
            names.insert(serde_json::to_string(&metric).expect("a name"));
        }
        assert_eq!(names.len(), Metric::ALL.len());
    }
}
