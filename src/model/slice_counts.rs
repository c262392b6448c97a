//! Counts by the value of one dimension or attribute, before any rate is made.

use super::money::Minor;
use super::observations::Dimension;

/// Sessions with one value, and the inquiries that are traced to them.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitSlice {
    /// What they are told apart by.
    pub dimension: Dimension,
    /// Its value; empty where it is not known.
    pub value: String,
    /// Sessions of the base periods before the reported one.
    pub base_sessions: f64,
    /// Their inquiries.
    pub base_inquiries: f64,
    /// Sessions of the reported period.
    pub sessions: f64,
    /// Their inquiries.
    pub inquiries: f64,
}

/// Deals that were entered in one period, and those of them that are won by now.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DealCount {
    /// Deals.
    pub deals: u32,
    /// Won ones.
    pub won: u32,
    /// Amount of the won ones less what was given back.
    pub revenue: Minor,
}

/// Deals with one value of an attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct DealSlice {
    /// The attribute.
    pub dimension: Dimension,
    /// Its value; empty where it is not known.
    pub value: String,
    /// Of the reported period.
    pub now: DealCount,
    /// Of the period before.
    pub before: DealCount,
}
