//! Everybody who got in touch: joined, attributed, and counted by period.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::inquiries::Joined;
use crate::model::facts::{ContactKind, Inquiry};

/// Inquiries and deals with what is known around them.
pub(super) struct People {
    /// Inquiries with their contacts and deals.
    pub joined: Joined,
    /// The same inquiries with their channels, in the same order.
    pub attributed: Vec<Inquiry>,
    /// Contacts left out by rule: when and why.
    pub left_out: Vec<(DateTime<Utc>, &'static str)>,
    /// Whether any export of contacts has arrived.
    pub has_contacts: bool,
    /// Whether any export of deals has arrived.
    pub has_deals: bool,
    /// The latest instant that any deal knows of.
    pub deals_known_until: Option<DateTime<Utc>>,
}

impl People {
    /// Contacts of a span of time by kind, before joining.
    pub(super) fn contacts(
        &self,
        (start, end): (DateTime<Utc>, DateTime<Utc>),
    ) -> BTreeMap<ContactKind, u64> {
        let mut counts = BTreeMap::new();
        let inquiries = &self.joined.inquiries;
        for contact in inquiries.iter().flat_map(|inquiry| &inquiry.contacts) {
            if (start..end).contains(&contact.at) {
                *counts.entry(contact.kind).or_insert(0) += 1;
            }
        }
        counts
    }

    /// What was left out of a span of time, by reason.
    pub(super) fn left_out(
        &self,
        (start, end): (DateTime<Utc>, DateTime<Utc>),
    ) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for (at, reason) in &self.left_out {
            if (start..end).contains(at) {
                *counts.entry((*reason).to_owned()).or_insert(0) += 1;
            }
        }
        counts
    }
}
