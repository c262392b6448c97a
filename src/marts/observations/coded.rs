//! What calls, forms and deals need to become observations, made once for all periods.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::calls::{Calls, Talks};
use super::codes::Coder;
use crate::config::Plan;
use crate::marts::inquiries::JoinedInquiry;
use crate::marts::tables::{Call, Deal, Form, Tables};
use crate::model::facts::ContactKind;

/// Pages that forms are sent from and that are told apart.
const FORM_PAGES: usize = 20;

/// Codes of the texts of the small tables, and calls already in codes.
pub struct CodedTables {
    pub(super) calls: Option<Calls>,
    pub(super) talks: Talks,
    pub(super) lines: Coder,
    pub(super) forms: Coder,
    pub(super) managers: Coder,
    pub(super) loss_reasons: Coder,
    /// The pages that most forms are sent from.
    pub(super) form_pages: Vec<String>,
}

impl CodedTables {
    /// Gives codes to the tables that have arrived.
    pub fn of(plan: &Plan, tables: &Tables) -> Self {
        let calls: &[Call] = tables.calls.as_deref().unwrap_or_default();
        let forms: &[Form] = tables.forms.as_deref().unwrap_or_default();
        let deals: &[Deal] = tables.deals.as_deref().unwrap_or_default();
        Self {
            calls: tables.calls.is_some().then(|| Calls::of(calls, plan)),
            talks: Talks::of(calls),
            lines: Coder::fixed(calls.iter().map(|call| &*call.line)),
            forms: Coder::fixed(forms.iter().map(|form| &*form.form)),
            managers: Coder::fixed(deals.iter().map(|deal| &*deal.manager)),
            loss_reasons: Coder::fixed(deals.iter().map(|deal| &*deal.loss_reason)),
            form_pages: largest(forms.iter().map(|form| &*form.page)),
        }
    }
}

impl CodedTables {
    /// Seconds from an inquiry to the first talk with its person; `None` where there was none before `until`.
    pub(in crate::marts) fn first_talk(
        &self,
        inquiry: &JoinedInquiry,
        until: Option<DateTime<Utc>>,
    ) -> Option<u32> {
        if inquiry.contacts[0].kind == ContactKind::Call {
            return Some(0);
        }
        let phones = inquiry
            .contacts
            .iter()
            .filter_map(|contact| contact.keys.phone_key);
        self.talks.first(phones, inquiry.at(), until)
    }

    /// Whether anybody talked with a number from an instant on, before another.
    pub(in crate::marts) fn has_talked(
        &self,
        phone: u64,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> bool {
        let first = self.talks.first(std::iter::once(phone), from, Some(until));
        first.is_some()
    }
}

/// The most frequent texts, the most frequent first; of equally frequent ones the first by the alphabet.
fn largest<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for text in texts.filter(|text| !text.is_empty()) {
        *counts.entry(text).or_default() += 1;
    }
    let mut sorted: Vec<(&str, usize)> = counts.into_iter().collect();
    sorted.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(right.0)));
    let most = sorted.into_iter().take(FORM_PAGES);
    most.map(|(text, _)| text.to_owned()).collect()
}
