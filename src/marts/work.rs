//! Work lists: missed calls that nobody has called back, untouched deals, forms without a deal.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::inquiries::{Contact, JoinedDeal, JoinedInquiry};
use super::known::Known;
use super::observations::is_untouched;
use crate::model::channel::ChannelId;
use crate::model::facts::{ContactKind, Inquiry};
use crate::model::observations::Direction;
use crate::model::period::Period;
use crate::model::work::{WorkItem, WorkList, WorkLists};
use crate::model::zone;

/// A report is read on the morning after its period: what is known by then is still of it.
const MORNING_AFTER: TimeDelta = TimeDelta::hours(24);

/// The work lists of a period: of what happened in it and, as far back as an inquiry is open, before it. `are_traced` says
/// whether deals can be told to be whose.
pub(super) fn lists(known: &Known<'_>, period: &Period, are_traced: bool) -> WorkLists {
    let stored = known.stored;
    let (from, end) = zone::bounds(period, stored.plan.zone);
    let until = known.until.unwrap_or(stored.as_of).min(end + MORNING_AFTER);
    let window = TimeDelta::days(i64::from(stored.plan.inquiry.uniqueness_days));
    let look = Look {
        known,
        from: from - window,
        until,
    };
    WorkLists {
        // Of the morning itself only what a download holds is known.
        seen_at: latest(known).map_or(until, |latest| until.min(latest.max(end))),
        missed: look.missed(),
        untouched: look.untouched(),
        forms: if are_traced { look.forms() } else { None },
    }
}

/// The last call, form or entry of a deal that is known.
fn latest(known: &Known<'_>) -> Option<DateTime<Utc>> {
    let tables = &known.stored.tables;
    let calls = tables.calls.iter().flatten().map(|call| call.at);
    let forms = tables.forms.iter().flatten().map(|form| form.at);
    let deals = tables.deals.iter().flatten().map(|deal| deal.created_at);
    calls.chain(forms).chain(deals).max()
}

struct Look<'a> {
    known: &'a Known<'a>,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Look<'_> {
    fn is_in(&self, at: DateTime<Utc>) -> bool {
        (self.from..self.until).contains(&at)
    }

    fn inquiries(&self) -> impl Iterator<Item = (usize, (&JoinedInquiry, &Inquiry))> {
        let people = &self.known.people;
        people
            .joined
            .inquiries
            .iter()
            .zip(&people.attributed)
            .enumerate()
    }

    /// Missed calls after which nobody talked with the number, one row a number. Without one call out in the export nobody
    /// can tell who was called back.
    fn missed(&self) -> Option<WorkList> {
        let calls = self.known.stored.tables.calls.as_ref()?;
        let outbound = |call: &super::tables::Call| call.direction == Direction::Outbound;
        if !calls.iter().any(outbound) {
            return None;
        }
        let talks = &self.known.stored.coded;
        let mut waiting: BTreeMap<u64, WorkItem> = BTreeMap::new();
        for (_, (inquiry, attributed)) in self.inquiries() {
            let missed = |contact: &&Contact| {
                contact.kind == ContactKind::MissedCall && self.is_in(contact.at)
            };
            for contact in inquiry.contacts.iter().filter(missed) {
                let Some(phone) = contact.keys.phone_key else {
                    continue;
                };
                if talks.has_talked(phone, contact.at, self.until) {
                    continue;
                }
                let line = calls.get(contact.row).map(|call| call.line.to_string());
                let item = item(contact, attributed, line.unwrap_or_default());
                let known = waiting.entry(phone);
                known
                    .and_modify(|first| {
                        first.times += 1;
                        if item.at < first.at {
                            (first.at, first.id) = (item.at, item.id.clone());
                        }
                    })
                    .or_insert(item);
            }
        }
        Some(WorkList::of(waiting.into_values().collect()))
    }

    /// Open deals that nothing has changed in since their entry.
    fn untouched(&self) -> Option<WorkList> {
        let stored = self.known.stored;
        let deals = stored.tables.deals.as_ref()?;
        let reach = TimeDelta::days(i64::from(stored.plan.sales.deal_window_days));
        let people = &self.known.people;
        let new_stages = &stored.plan.diagnosis.new_stages;
        let mut items = Vec::new();
        for joined in &people.joined.deals {
            let deal = &deals[joined.row];
            let is_in = (self.until - reach..self.until).contains(&deal.created_at);
            if !is_in || deal.spam || !is_untouched(deal, self.until, new_stages) {
                continue;
            }
            let inquiry = joined.inquiry.map(|place| &people.attributed[place]);
            items.push(WorkItem {
                id: deal.id.clone(),
                source: deal.export.to_string(),
                at: deal.created_at,
                times: 1,
                channel: inquiry.map_or_else(ChannelId::unattributed, main_channel),
                place: deal.stage.to_string(),
                manager: deal.manager.to_string(),
            });
        }
        Some(WorkList::of(items))
    }

    /// Forms of inquiries that no deal belongs to, one row an inquiry, up to where deals are known.
    fn forms(&self) -> Option<WorkList> {
        let forms = self.known.stored.tables.forms.as_ref()?;
        let known_until = self.known.people.deals_known_until?;
        let deals: &[JoinedDeal] = &self.known.people.joined.deals;
        let with_deal: HashSet<usize> = deals.iter().filter_map(|deal| deal.inquiry).collect();
        let mut items = Vec::new();
        for (place, (inquiry, attributed)) in self.inquiries() {
            let sent = |contact: &&Contact| {
                let is_known = contact.at <= known_until && self.is_in(contact.at);
                contact.kind == ContactKind::Form && is_known
            };
            let Some(form) = inquiry.contacts.iter().find(sent) else {
                continue;
            };
            if with_deal.contains(&place) {
                continue;
            }
            let name = forms.get(form.row).map(|form| form.form.to_string());
            items.push(item(form, attributed, name.unwrap_or_default()));
        }
        Some(WorkList::of(items))
    }
}

fn item(contact: &Contact, inquiry: &Inquiry, place: String) -> WorkItem {
    WorkItem {
        id: contact.id.clone(),
        source: contact.source.clone(),
        at: contact.at,
        times: 1,
        channel: main_channel(inquiry),
        place,
        manager: String::new(),
    }
}

/// The channel with the largest credit, the first by id of several.
pub(super) fn main_channel(inquiry: &Inquiry) -> ChannelId {
    let best = inquiry
        .credit
        .iter()
        .max_by(|left, right| left.1.total_cmp(&right.1).then(right.0.cmp(&left.0)));
    best.map_or_else(ChannelId::unattributed, |(channel, _)| channel.clone())
}
