//! Calls, forms and deals as contacts: who got in touch, when and how; what does not count is left out and counted.

use std::collections::HashMap;

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::inquiries::{Contact, DealRecord, Money, PersonKeys};
use super::links::Links;
use super::tables::{Call, Deal, Ending, Form, Tables};
use crate::config::{Line, Plan};
use crate::lake::Lake;
use crate::model::channel::ChannelId;
use crate::model::facts::ContactKind;
use crate::model::money::Minor;
use crate::model::more_keys::MoreKey;
use crate::model::nameless::KeyKind;
use crate::model::observations::Direction;
use crate::model::origin::Origin;
use crate::model::placeholder::is_placeholder;

/// Everything that people did to get in touch, as far as it counts.
#[derive(Default, Clone)]
pub struct Contacts {
    /// What counts.
    pub contacts: Vec<Contact>,
    /// Deals, whatever became of them.
    pub deals: Vec<DealRecord>,
    /// What was left out: when it happened and why it does not count.
    pub left_out: Vec<(DateTime<Utc>, &'static str)>,
    /// Whether any export of contacts has arrived.
    pub has_contacts: bool,
    /// Whether any export of deals has arrived.
    pub has_deals: bool,
}

impl Contacts {
    /// What there was of it before `until`: later contacts and deals do not exist, later sales are not known.
    pub fn before(&self, until: Option<DateTime<Utc>>) -> Self {
        let Some(until) = until else {
            return self.clone();
        };
        let contacts = self
            .contacts
            .iter()
            .filter(|contact| contact.at < until)
            .cloned();
        let deals = self
            .deals
            .iter()
            .filter(|deal| deal.created_at < until)
            .cloned();
        Self {
            contacts: contacts.collect(),
            deals: deals
                .map(|deal| DealRecord {
                    money: deal.money.filter(|money| money.at() < until),
                    ..deal
                })
                .collect(),
            left_out: self
                .left_out
                .iter()
                .filter(|(at, _)| *at < until)
                .copied()
                .collect(),
            ..*self
        }
    }

    /// The latest instant that any of the deals knows of, `until` at the most.
    pub fn deals_known_until(&self, until: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        // A close date of an open deal is a plan, not a fact.
        let known = |deal: &DealRecord| {
            let moved_at = deal.money.map(Money::at);
            [Some(deal.created_at), deal.updated_at, moved_at]
                .into_iter()
                .flatten()
                .max()
        };
        let latest = self.deals.iter().filter_map(known).max()?;
        Some(until.map_or(latest, |until| latest.min(until)))
    }
}

/// Reads all contacts and deals known as of then.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn load(
    lake: &Lake,
    plan: &Plan,
    as_of: DateTime<Utc>,
    tables: &Tables,
) -> Result<Contacts> {
    let mut found = Contacts::default();
    let reader = Reader {
        plan,
        lines: line_channels(&plan.lines),
    };
    if let Some(calls) = &tables.calls {
        reader.calls(calls, &Links::load(lake, as_of)?, &mut found);
    }
    if let Some(forms) = &tables.forms {
        reader.forms(forms, &mut found);
    }
    if let Some(deals) = &tables.deals {
        reader.deals(deals, &mut found);
    }
    Ok(found)
}

/// Static channels by the line's number.
fn line_channels(lines: &[Line]) -> HashMap<String, ChannelId> {
    let channel = |line: &Line| Some((line.number.clone(), line.channel.clone()?));
    lines.iter().filter_map(channel).collect()
}

struct Reader<'a> {
    plan: &'a Plan,
    lines: HashMap<String, ChannelId>,
}

impl Reader<'_> {
    fn fixed_channel(&self, export: &str) -> Option<ChannelId> {
        self.plan.export(export)?.channel.clone()
    }

    fn calls(&self, calls: &[Call], links: &Links, found: &mut Contacts) {
        found.has_contacts = true;
        for (row, call) in calls.iter().enumerate() {
            if let Some(reason) = self.call_left_out(call) {
                found.left_out.push((call.at, reason));
                continue;
            }
            let linked = || links.client(&call.id, call.phone, call.at);
            found.contacts.push(Contact {
                row,
                at: call.at,
                kind: if call.answered {
                    ContactKind::Call
                } else {
                    ContactKind::MissedCall
                },
                keys: PersonKeys {
                    phone_key: call.phone,
                    client: call.client.or_else(linked),
                    ..PersonKeys::default()
                },
                origin: call.tags.clone(),
                line_channel: self.lines.get(&*call.line).cloned(),
                fixed_channel: self.fixed_channel(&call.export),
                source: call.export.to_string(),
                id: call.id.clone(),
            });
        }
    }

    /// Why a call does not count; calls of the firm itself are none whatever else they are.
    fn call_left_out(&self, call: &Call) -> Option<&'static str> {
        let rules = &self.plan.inquiry;
        match call.direction {
            Direction::Internal => Some("internal"),
            Direction::Outbound => Some("outbound"),
            Direction::Inbound if call.spam => Some("spam"),
            Direction::Inbound if call.answered => {
                (call.talk_s < rules.target_call_min_s).then_some("short")
            }
            Direction::Inbound => (!rules.count_missed_calls).then_some("missed"),
        }
    }

    fn forms(&self, forms: &[Form], found: &mut Contacts) {
        found.has_contacts = true;
        for (row, form) in forms.iter().enumerate() {
            if form.spam {
                found.left_out.push((form.at, "spam"));
                continue;
            }
            found.contacts.push(Contact {
                row,
                at: form.at,
                kind: ContactKind::Form,
                keys: PersonKeys {
                    phone_key: form.phone,
                    email_key: form.email,
                    client: form.client,
                    crm_contact: self.contact_of(&form.export, form.crm_contact),
                    more: self.more_of(&form.export, &form.more_keys),
                },
                origin: with_source(form.tags.as_ref(), &form.lead_source),
                line_channel: None,
                fixed_channel: self.fixed_channel(&form.export),
                source: form.export.to_string(),
                id: form.id.clone(),
            });
        }
    }

    fn deals(&self, deals: &[Deal], found: &mut Contacts) {
        found.has_deals = true;
        for (row, deal) in deals.iter().enumerate() {
            if deal.spam {
                found.left_out.push((deal.created_at, "spam"));
                continue;
            }
            let money = self.money(deal);
            let own_currency = self.plan.is_own_currency(&deal.export, &deal.currency);
            if money.is_some() && !own_currency {
                found.left_out.push((deal.created_at, "other_currency"));
            }
            let keys = self.person_of(deal);
            let export = self.plan.export(&deal.export);
            if export.is_some_and(|export| export.is_contact) {
                found.has_contacts = true;
                // Who gets money back got in touch when the deal was made.
                if deal.ending() != Some(Ending::Refund) {
                    found
                        .contacts
                        .push(self.deal_as_contact(row, deal, keys.clone()));
                }
            }
            found.deals.push(DealRecord {
                row,
                source: deal.export.to_string(),
                id: deal.id.clone(),
                created_at: deal.created_at,
                updated_at: deal.updated_at,
                money,
                // Amounts in other currencies cannot be added up: the sale counts, its money does not.
                amount: if own_currency { deal.amount } else { Minor(0) },
                cost: deal.cost.filter(|_| own_currency),
                keys,
            });
        }
    }

    /// Which money a deal moved, and when.
    fn money(&self, deal: &Deal) -> Option<Money> {
        match deal.ending()? {
            Ending::Won => Some(Money::Sale(deal.ended_at)),
            Ending::Refund => Some(Money::Refund(deal.ended_at)),
            Ending::Lost | Ending::Returned => None,
        }
    }

    /// The contact that a deal is by itself, where the firm has no export of calls or forms.
    fn deal_as_contact(&self, row: usize, deal: &Deal, keys: PersonKeys) -> Contact {
        Contact {
            row,
            at: deal.created_at,
            kind: ContactKind::Deal,
            keys,
            origin: with_source(deal.tags.as_ref(), &deal.lead_source),
            line_channel: None,
            fixed_channel: self.fixed_channel(&deal.export),
            source: deal.export.to_string(),
            id: deal.id.clone(),
        }
    }

    fn person_of(&self, deal: &Deal) -> PersonKeys {
        PersonKeys {
            phone_key: deal.phone,
            email_key: deal.email,
            client: deal.client,
            crm_contact: self.contact_of(&deal.export, deal.crm_contact),
            more: self.more_of(&deal.export, &deal.more_keys),
        }
    }

    /// Further keys, with the ids of contacts of the CRM as those of all its exports.
    fn more_of(&self, export: &str, keys: &[MoreKey]) -> Vec<MoreKey> {
        let of_crm = |(kind, key): &MoreKey| match kind {
            KeyKind::CrmContact => Some((*kind, self.contact_of(export, Some(*key))?)),
            KeyKind::Phone | KeyKind::Email | KeyKind::Client => Some((*kind, *key)),
        };
        keys.iter().filter_map(of_crm).collect()
    }

    /// A CRM's contact id, made unique among the pipeline's CRMs: exports of one CRM may name it, and share its ids.
    fn contact_of(&self, export: &str, id: Option<u64>) -> Option<u64> {
        let of_export = self.plan.export(export);
        let crm = of_export.and_then(|export| export.crm.as_deref());
        let name = crm.unwrap_or(export);
        Some(xxhash_rust::xxh3::xxh3_64_with_seed(name.as_bytes(), id?))
    }
}

/// The tags on a contact with the source that its system states.
fn with_source(tags: Option<&Origin>, lead_source: &str) -> Option<Origin> {
    if lead_source.is_empty() || is_placeholder(lead_source.as_bytes()) {
        return tags.cloned();
    }
    Some(Origin {
        group: Some(lead_source.to_owned()),
        ..tags.cloned().unwrap_or_default()
    })
}
