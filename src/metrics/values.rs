//! Rates, estimates and counts: what all numbers of a scorecard are made of.

use serde::{Deserialize, Serialize};

use crate::model::money::Minor;

/// A rate with its 95 % Wilson interval; `value`, `low`, `high` are shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// k ÷ n; absent when unknown, when n is 0 or when k is below the stated minimum.
    pub value: Option<f64>,
    /// Lower end of the interval; present whenever n > 0.
    pub low: Option<f64>,
    /// Upper end of the interval; present whenever n > 0.
    pub high: Option<f64>,
    /// Numerator; a fraction under multi-touch models. Absent when the source did not arrive.
    pub k: Option<f64>,
    /// Denominator. Absent when the source did not arrive.
    pub n: Option<f64>,
    /// About how many of `n` are needed before a rate is stated; present only when there are too few.
    pub needed: Option<u64>,
}

/// A number with its 95 % range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Best single number.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The counts of one row (a channel or the total) in one period. Absent = the source did not arrive; never zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// Sessions started in the period.
    pub sessions: Option<u64>,
    /// Distinct clients.
    pub users: Option<u64>,
    /// Inquiries that arrived in the period.
    pub inquiries: Option<f64>,
    /// Inquiries of the period (the cohort) that led to at least one sale so far.
    pub sales: Option<f64>,
    /// Amount of those sales.
    pub revenue: Option<Minor>,
    /// Sales closed in the period whatever inquiry they belong to; the total also counts sales without an inquiry.
    pub sales_closed: Option<f64>,
    /// Amount of the sales closed in the period.
    pub revenue_closed: Option<Minor>,
    /// What was given back in rows of their own and is taken off `revenue_closed`; a refund makes no sale smaller.
    #[serde(skip)]
    pub given_back: Minor,
    /// Amount less cost of goods of the sales closed in the period; absent where it is not known of any of them.
    #[serde(default)]
    pub gross_margin: Option<Minor>,
    /// Advertising cost.
    pub spend: Option<Minor>,
    /// Ad impressions.
    pub impressions: Option<u64>,
    /// Ad clicks.
    pub clicks: Option<u64>,
}
