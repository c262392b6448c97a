//! What an inquiry is worth: from lost inquiries to lost sales and money.

use super::finding::Loss;
use crate::metrics::scorecard::Estimate;

/// What an inquiry is worth: for the loss in sales and money.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Worth {
    /// Usual second conversion of a mature cohort, with its range.
    pub conv2: Option<Estimate>,
    /// Average check, major units.
    pub average_check: Option<f64>,
}

impl Worth {
    /// Completes a loss: sales that lost inquiries would have become, revenue of lost sales.
    pub(super) fn complete(&self, inquiries: Option<Estimate>, sales: Option<Estimate>) -> Loss {
        let times = |of: Estimate, by: Estimate| Estimate {
            value: of.value * by.value,
            low: (of.low * by.low).min(of.low * by.high),
            high: (of.high * by.high).max(of.high * by.low),
        };
        let sales = sales.or_else(|| Some(times(inquiries?, self.conv2?)));
        let priced = |of: Estimate, check: f64| {
            times(
                of,
                Estimate {
                    value: check,
                    low: check,
                    high: check,
                },
            )
        };
        Loss {
            inquiries,
            sales,
            revenue: sales
                .zip(self.average_check)
                .map(|(sales, check)| priced(sales, check)),
        }
    }
}
