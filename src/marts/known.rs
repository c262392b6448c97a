//! What was known at one time of what the lake holds: the people who had got in touch, and what had become of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::attribution;
use super::inquiries::{self, JoinedInquiry};
use super::people::People;
use super::stored::Stored;
use super::traced;
use crate::model::doubt::SalesDoubt;
use crate::model::nameless::Nameless;
use crate::model::period::Period;

/// What is stored, without anything that happened at `until` or later.
pub struct Known<'a> {
    pub(super) stored: &'a Stored<'a>,
    pub(super) until: Option<DateTime<Utc>>,
    pub(super) people: People,
}

impl<'a> Known<'a> {
    /// Joins the people who had got in touch by then, and finds their channels.
    pub fn at(stored: &'a Stored<'a>, until: Option<DateTime<Utc>>) -> Self {
        let plan = stored.plan;
        let found = stored.contacts.before(until);
        let view = &plan.view.rows;
        let deals_known_until = match (view.is_none(), until) {
            (true, _) => found.deals_known_until(until),
            (false, None) => stored.deals_known_until,
            (false, Some(until)) => stored.deals_known_until.map(|known| known.min(until)),
        };
        let joined = inquiries::join(
            found.contacts,
            found.deals,
            plan.inquiry.uniqueness_days,
            plan.sales.deal_window_days,
        );
        let attribute = |inquiry: &JoinedInquiry| {
            let mut attributed = attribution::attribute(
                inquiry,
                &stored.paths,
                &plan.channels,
                &plan.attribution,
                plan.zone,
            );
            let credit = &mut attributed.credit;
            credit.retain(|(channel, _)| view.sees_channel(channel));
            attributed
        };
        let people = People {
            attributed: joined.inquiries.iter().map(attribute).collect(),
            joined,
            left_out: found.left_out,
            has_contacts: found.has_contacts,
            has_deals: found.has_deals,
            deals_known_until,
        };
        Self {
            stored,
            until,
            people,
        }
    }

    /// Why the sales of each export, or whose they are in a period, cannot be told.
    pub(super) fn doubts(&self, period: &Period) -> BTreeMap<Arc<str>, SalesDoubt> {
        let mut doubts = self.stored.stage_doubts.clone();
        // Whose sales are meant is no question before it is known which deals are sales.
        if doubts.is_empty() {
            doubts.extend(traced::doubt(self, period));
        }
        doubts
    }

    /// Keys that join nobody, join too many, or lead to no visit.
    pub fn nameless(&self) -> Vec<Nameless> {
        let joined = &self.people.joined;
        let shared = joined.shared.iter().map(|(key, taken)| Nameless::Shared {
            key: *key,
            keys: taken.keys,
            records: taken.records,
        });
        let crowded = (joined.crowded_keys > 0).then_some(Nameless::Crowded {
            keys: joined.crowded_keys,
        });
        let foreign = self.stored.paths.foreign().named();
        let foreign = foreign.map(|(export, ids)| Nameless::Foreign {
            source: export.to_owned(),
            ids,
        });
        shared.chain(crowded).chain(foreign).collect()
    }

    /// Whether something that is stored is left out because it happened later.
    pub fn is_of_the_past(&self) -> bool {
        self.until.is_some()
    }
}
