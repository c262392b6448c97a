//! What an inquiry is worth: from lost inquiries to lost sales and money.

use super::finding::Loss;
use crate::metrics::values::Estimate;

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
        let sales = sales.or_else(|| self.sales_of(inquiries));
        Loss {
            inquiries,
            sales,
            revenue: self.revenue_of(sales),
        }
    }

    fn sales_of(&self, inquiries: Option<Estimate>) -> Option<Estimate> {
        Some(product(inquiries?, self.conv2?))
    }

    fn revenue_of(&self, sales: Option<Estimate>) -> Option<Estimate> {
        let check = self.average_check?;
        // The check is taken as it is: how sure it is stands nowhere.
        let check = Estimate {
            value: check,
            low: check,
            high: check,
        };
        Some(product(sales?, check))
    }
}

/// The widest range that two ranges allow; a loss may reach below zero, a factor does not.
fn product(loss: Estimate, factor: Estimate) -> Estimate {
    Estimate {
        value: loss.value * factor.value,
        low: (loss.low * factor.low).min(loss.low * factor.high),
        high: (loss.high * factor.high).max(loss.high * factor.low),
    }
}
