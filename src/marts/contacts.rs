//! Calls, forms and deals as contacts: who got in touch, when and how; what does not count is left out and counted.

use std::collections::HashMap;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::inquiries::{Contact, DealRecord, PersonKeys};
use super::rows::Rows;
use crate::config::{Line, Plan};
use crate::lake::Lake;
use crate::model::channel::ChannelId;
use crate::model::facts::ContactKind;
use crate::model::money::Minor;
use crate::model::origin::Origin;
use crate::model::tables::CLIENT_LINKS;

/// A link without a call id belongs to the call of the same number nearest in time, up to this.
const LINK_REACH: TimeDelta = TimeDelta::minutes(5);

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
                    won_at: deal.won_at.filter(|at| *at < until),
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
            [Some(deal.created_at), deal.updated_at, deal.won_at]
                .into_iter()
                .flatten()
                .max()
        };
        let latest = self.deals.iter().filter_map(known).max()?;
        Some(until.map_or(latest, |until| latest.min(until)))
    }
}

/// The tables that contacts come from.
#[derive(Clone, Copy)]
pub(super) struct Tables<'a> {
    pub calls: Option<&'a Rows>,
    pub forms: Option<&'a Rows>,
    pub deals: Option<&'a Rows>,
}

/// Reads all contacts and deals known as of then.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn load(
    lake: &Lake,
    plan: &Plan,
    as_of: DateTime<Utc>,
    tables: &Tables<'_>,
) -> Result<Contacts> {
    let mut found = Contacts::default();
    let reader = Reader {
        plan,
        lines: line_channels(&plan.lines),
    };
    if let Some(calls) = tables.calls {
        let links = Links::load(lake, as_of)?;
        reader.calls(calls, &links, &mut found)?;
    }
    if let Some(forms) = tables.forms {
        reader.forms(forms, &mut found)?;
    }
    if let Some(deals) = tables.deals {
        reader.deals(deals, &mut found)?;
    }
    Ok(found)
}

/// Static channels by the line's number.
fn line_channels(lines: &[Line]) -> HashMap<String, ChannelId> {
    let channel = |line: &Line| Some((line.number.clone(), line.channel.clone()?));
    lines.iter().filter_map(channel).collect()
}

/// Call-tracking links by call id and by telephone.
#[derive(Default)]
struct Links {
    by_call: HashMap<String, u64>,
    by_phone: HashMap<u64, Vec<(DateTime<Utc>, u64)>>,
}

impl Links {
    fn load(lake: &Lake, as_of: DateTime<Utc>) -> Result<Self> {
        let Some(rows) = Rows::all(lake, &CLIENT_LINKS, as_of)? else {
            return Ok(Self::default());
        };
        let (times, calls) = (rows.times("at")?, rows.texts("call_id")?);
        let (phones, clients) = (rows.keys("phone")?, rows.keys("client")?);
        let mut links = Self::default();
        for row in 0..rows.len() {
            let (Some(at), Some(phone), Some(client)) = (times[row], phones[row], clients[row])
            else {
                continue;
            };
            if !calls[row].is_empty() {
                links.by_call.insert(calls[row].clone(), client);
            }
            links.by_phone.entry(phone).or_default().push((at, client));
        }
        links
            .by_phone
            .values_mut()
            .for_each(|list| list.sort_unstable());
        Ok(links)
    }

    fn client(&self, call: &str, phone: Option<u64>, at: DateTime<Utc>) -> Option<u64> {
        if let Some(client) = self.by_call.get(call) {
            return Some(*client);
        }
        let near = self
            .by_phone
            .get(&phone?)?
            .iter()
            .map(|(time, client)| ((*time - at).abs(), *time, *client));
        near.filter(|(distance, ..)| *distance <= LINK_REACH)
            .min()
            .map(|(.., client)| client)
    }
}

struct Reader<'a> {
    plan: &'a Plan,
    lines: HashMap<String, ChannelId>,
}

impl Reader<'_> {
    fn fixed_channel(&self, export: &str) -> Option<ChannelId> {
        self.plan.export(export)?.channel.clone()
    }

    fn calls(&self, rows: &Rows, links: &Links, found: &mut Contacts) -> Result<()> {
        found.has_contacts = true;
        let (exports, ids, times) = (
            rows.texts("export")?,
            rows.texts("call_id")?,
            rows.times("at")?,
        );
        let (directions, lines) = (rows.texts("direction")?, rows.texts("line")?);
        let (phones, clients) = (rows.keys("phone")?, rows.keys("client")?);
        let (answered, talks, spam) = (
            rows.flags("answered")?,
            rows.counts("talk_s")?,
            rows.flags("spam")?,
        );
        let origins = origins(rows)?;
        for (row, origin) in origins.into_iter().enumerate() {
            let Some(at) = times[row] else { continue };
            let reason = self.call_left_out(
                &directions[row],
                spam[row],
                answered[row],
                talks[row].unwrap_or(0),
            );
            if let Some(reason) = reason {
                found.left_out.push((at, reason));
                continue;
            }
            let client = clients[row].or_else(|| links.client(&ids[row], phones[row], at));
            found.contacts.push(Contact {
                row,
                at,
                kind: if answered[row] {
                    ContactKind::Call
                } else {
                    ContactKind::MissedCall
                },
                keys: PersonKeys {
                    phone_key: phones[row],
                    client,
                    ..PersonKeys::default()
                },
                origin,
                line_channel: self.lines.get(&lines[row]).cloned(),
                fixed_channel: self.fixed_channel(&exports[row]),
                source: exports[row].clone(),
                id: ids[row].clone(),
            });
        }
        Ok(())
    }

    fn call_left_out(
        &self,
        direction: &str,
        spam: bool,
        answered: bool,
        talk_s: u32,
    ) -> Option<&'static str> {
        match direction {
            "internal" => Some("internal"),
            "outbound" => Some("outbound"),
            _ if spam => Some("spam"),
            _ if answered && talk_s < self.plan.inquiry.target_call_min_s => Some("short"),
            _ if !answered && !self.plan.inquiry.count_missed_calls => Some("missed"),
            _ => None,
        }
    }

    fn forms(&self, rows: &Rows, found: &mut Contacts) -> Result<()> {
        found.has_contacts = true;
        let (exports, ids, times) = (
            rows.texts("export")?,
            rows.texts("form_id")?,
            rows.times("at")?,
        );
        let (phones, emails, clients) = (
            rows.keys("phone")?,
            rows.keys("email")?,
            rows.keys("client")?,
        );
        let (spam, origins) = (rows.flags("spam")?, origins(rows)?);
        for (row, origin) in origins.into_iter().enumerate() {
            let Some(at) = times[row] else { continue };
            if spam[row] {
                found.left_out.push((at, "spam"));
                continue;
            }
            found.contacts.push(Contact {
                row,
                at,
                kind: ContactKind::Form,
                keys: PersonKeys {
                    phone_key: phones[row],
                    email_key: emails[row],
                    client: clients[row],
                    crm_contact: None,
                },
                origin,
                line_channel: None,
                fixed_channel: self.fixed_channel(&exports[row]),
                source: exports[row].clone(),
                id: ids[row].clone(),
            });
        }
        Ok(())
    }

    fn deals(&self, rows: &Rows, found: &mut Contacts) -> Result<()> {
        found.has_deals = true;
        let (exports, ids) = (rows.texts("export")?, rows.texts("deal_id")?);
        let created = rows.times("created_at")?;
        let (updated, closed) = (rows.times("updated_at")?, rows.times("closed_at")?);
        let (stages, statuses) = (rows.texts("stage")?, rows.texts("status")?);
        let (amounts, currencies) = (rows.longs("amount")?, rows.texts("currency")?);
        let (phones, emails) = (rows.keys("phone")?, rows.keys("email")?);
        let (clients, crm) = (rows.keys("client")?, rows.keys("crm_contact")?);
        let (spam, lead_sources, origins) = (
            rows.flags("spam")?,
            rows.texts("lead_source")?,
            origins(rows)?,
        );
        for (row, origin) in origins.into_iter().enumerate() {
            let Some(created_at) = created[row] else {
                continue;
            };
            if spam[row] {
                found.left_out.push((created_at, "spam"));
                continue;
            }
            let keys = PersonKeys {
                phone_key: phones[row],
                email_key: emails[row],
                client: clients[row],
                crm_contact: crm[row].map(|id| contact_of(&exports[row], id)),
            };
            let won_at = self
                .is_won(&stages[row], &statuses[row])
                .then(|| closed[row].or(updated[row]).unwrap_or(created_at));
            let own_currency = self.plan.is_own_currency(&exports[row], &currencies[row]);
            if won_at.is_some() && !own_currency {
                found.left_out.push((created_at, "other_currency"));
            }
            let export = self
                .plan
                .exports
                .iter()
                .find(|known| known.name == exports[row]);
            if export.is_some_and(|export| export.is_contact) {
                found.has_contacts = true;
                let group = (!lead_sources[row].is_empty()).then(|| lead_sources[row].clone());
                found.contacts.push(Contact {
                    row,
                    at: created_at,
                    kind: ContactKind::Deal,
                    keys,
                    origin: Some(Origin {
                        group,
                        ..origin.unwrap_or_default()
                    }),
                    line_channel: None,
                    fixed_channel: self.fixed_channel(&exports[row]),
                    source: exports[row].clone(),
                    id: ids[row].clone(),
                });
            }
            found.deals.push(DealRecord {
                row,
                source: exports[row].clone(),
                id: ids[row].clone(),
                created_at,
                updated_at: updated[row],
                won_at,
                amount: Minor(if own_currency {
                    amounts[row].unwrap_or(0)
                } else {
                    0
                }),
                keys,
            });
        }
        Ok(())
    }

    fn is_won(&self, stage: &str, status: &str) -> bool {
        self.plan.sales.is_won(stage, status == "won")
    }
}

/// A CRM's contact id, made unique among the pipeline's CRMs.
fn contact_of(export: &str, id: u64) -> u64 {
    xxhash_rust::xxh3::xxh3_64_with_seed(export.as_bytes(), id)
}

/// The tags on each row; `None` when a row has none.
pub(super) fn origins(rows: &Rows) -> Result<Vec<Option<Origin>>> {
    let columns = [
        rows.texts("utm_source")?,
        rows.texts("utm_medium")?,
        rows.texts("utm_campaign")?,
    ];
    let origin = |row: usize| {
        let [source, medium, campaign] = [0, 1, 2]
            .map(|at: usize| (!columns[at][row].is_empty()).then(|| columns[at][row].clone()));
        let tagged = source.is_some() || medium.is_some() || campaign.is_some();
        tagged.then(|| Origin {
            source,
            medium,
            campaign,
            ..Origin::default()
        })
    };
    Ok((0..rows.len()).map(origin).collect())
}
