//! What exports tell of each other: contacts with their deals, deals and sales with their contacts, client ids with visits.

mod amounts;
mod counted;
mod goals;
mod numbers;
mod tracked;

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

pub(super) use self::amounts::{amounts, click_prices, in_other_currencies};
use self::counted::Counted;
use super::inquiries::JoinedInquiry;
use super::known::Known;
use super::tables::Deal;
use crate::model::facts::ContactKind;
use crate::model::link::{Link, LinkCounts};
use crate::model::period::{Period, place_of};
use crate::model::zone::{self, local_day};

/// The visit from which somebody gets in touch began so long before the contact at most, …
const VISIT_REACH: TimeDelta = TimeDelta::days(1);
/// … but for holidays before it, up to so many days …
const LONGEST_HOLIDAYS: i32 = 14;
/// … or so long after it: clocks of two systems differ.
const VISIT_GRACE: TimeDelta = TimeDelta::hours(1);
/// Deals of past periods count when they were entered by the age that the reported period's are known at, up to this.
const LONGEST_WAIT: TimeDelta = TimeDelta::days(7);

/// Every link between the exports that can be counted, over the periods before the reported one and that one. A view is told
/// nothing: it sees a part of the rows.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn links(known: &Known<'_>, periods: &[Period]) -> Result<Vec<LinkCounts>> {
    let Some(period) = periods.last() else {
        return Ok(Vec::new());
    };
    if !known.stored.plan.view.rows.is_none() {
        return Ok(Vec::new());
    }
    let reconciled = Reconciled {
        known,
        periods,
        wait: wait(known, period),
    };
    let mut links = numbers::numbers(&reconciled);
    links.extend(tracked::tracked(&reconciled)?);
    links.extend(reconciled.contacts_to_deals());
    links.extend(reconciled.deals_to_contacts());
    links.extend(reconciled.contacts_to_visits());
    links.extend(goals::goals(&reconciled)?);
    Ok(links)
}

/// How long after its end deals of the reported period are known.
fn wait(known: &Known<'_>, period: &Period) -> TimeDelta {
    let (_, end) = zone::bounds(period, known.stored.plan.zone);
    let until = known.people.deals_known_until.unwrap_or(end);
    (until - end).clamp(TimeDelta::zero(), LONGEST_WAIT)
}

/// The middle one of some numbers, which are sorted for it; of two middle ones the higher.
fn middle<T: Ord + Copy>(of: &mut [T]) -> Option<T> {
    of.sort_unstable();
    of.get(of.len() / 2).copied()
}

/// What links are counted of.
struct Reconciled<'a> {
    known: &'a Known<'a>,
    periods: &'a [Period],
    wait: TimeDelta,
}

impl Reconciled<'_> {
    fn counted(&self, link: Link, witness: &str) -> Counted<'_> {
        Counted::new(link, witness, self.periods)
    }

    fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        local_day(at, self.known.stored.plan.zone)
    }

    /// Exports of deals that are not contacts themselves: those find themselves.
    fn exports_of_deals(&self) -> BTreeSet<&str> {
        let plan = self.known.stored.plan;
        let deals = self.known.stored.tables.deals.iter().flatten();
        let names: BTreeSet<&str> = deals.map(|deal| &*deal.export).collect();
        let is_contact = |name: &str| plan.export(name).is_some_and(|export| export.is_contact);
        names.into_iter().filter(|name| !is_contact(name)).collect()
    }

    /// Inquiries that began with a call or a form, each with whether a deal was entered for it in each export of deals. On
    /// the days off at a period's end nobody has had time to enter one: they are left out.
    fn contacts_to_deals(&self) -> Vec<LinkCounts> {
        let people = &self.known.people;
        let exports: Vec<&str> = self.exports_of_deals().into_iter().collect();
        let entered = self.first_deals(&exports);
        let mut found = Vec::new();
        for (link, is_of) in [
            (Link::CallsToDeals, is_call as fn(ContactKind) -> bool),
            (Link::FormsToDeals, is_form),
        ] {
            let inquiries = people.joined.inquiries.iter().enumerate();
            let inquiries = inquiries.filter(|(_, inquiry)| is_of(inquiry.contacts[0].kind));
            let inquiries: Vec<(usize, &JoinedInquiry)> = inquiries.collect();
            for source in sources(&inquiries) {
                let mut counted = self.counted(link, source);
                for (place, inquiry) in &inquiries {
                    let opened = &inquiry.contacts[0];
                    let day = self.day(opened.at);
                    let of_source = opened.source == source && self.has_time_for_deals(day);
                    let Some(end) = self.end_of(day).filter(|_| of_source) else {
                        continue;
                    };
                    let places = exports.iter().zip(&entered[*place]);
                    let places = places.filter(|(_, at)| at.is_some_and(|at| at < end));
                    counted.count(day, places.map(|(export, _)| *export));
                }
                found.push(counted.done());
            }
        }
        found
    }

    /// All deals of the lake; none without an export of them.
    fn deal_rows(&self) -> &[Deal] {
        let deals = &self.known.stored.tables.deals;
        deals.as_deref().unwrap_or_default()
    }

    /// Of each inquiry the time of its first deal in each of the exports.
    fn first_deals(&self, exports: &[&str]) -> Vec<Vec<Option<DateTime<Utc>>>> {
        let joined = &self.known.people.joined;
        let rows = self.deal_rows();
        let mut first = vec![vec![None; exports.len()]; joined.inquiries.len()];
        for deal in &joined.deals {
            let row = &rows[deal.row];
            let at = exports.iter().position(|export| **export == *row.export);
            let (Some(inquiry), Some(at)) = (deal.inquiry, at) else {
                continue;
            };
            let known: &mut Option<DateTime<Utc>> = &mut first[inquiry][at];
            *known = Some(known.map_or(row.created_at, |known| known.min(row.created_at)));
        }
        first
    }

    /// When a day's period is over and its deals are known as long as those of the reported one.
    fn end_of(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        let period = &self.periods[place_of(self.periods, day)?];
        let (_, end) = zone::bounds(period, self.known.stored.plan.zone);
        Some(end + self.wait)
    }

    /// Whether any working day is left of a day's period, that day included.
    fn has_time_for_deals(&self, day: NaiveDate) -> bool {
        let Some(place) = place_of(self.periods, day) else {
            return false;
        };
        let last_day = self.periods[place].to;
        let calendar = &self.known.stored.calendar;
        let mut left = day.iter_days().take_while(|day| *day <= last_day);
        left.any(|day| calendar.kind(day).is_worked())
    }

    /// Deals by their day of entry, and sales by theirs, each with the export of calls or forms that its inquiry is in.
    fn deals_to_contacts(&self) -> Vec<LinkCounts> {
        let joined = &self.known.people.joined;
        let rows = self.deal_rows();
        let Some(first) = joined.inquiries.first().map(JoinedInquiry::at) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let exports: BTreeSet<&str> = rows.iter().map(|deal| &*deal.export).collect();
        for export in exports {
            let mut deals = self.counted(Link::DealsToContacts, export);
            let mut sales = self.counted(Link::SalesToContacts, export);
            for deal in &joined.deals {
                let row = &rows[deal.row];
                if *row.export != *export || row.created_at < first || !deal.has_keys {
                    continue;
                }
                let place = deal.inquiry.and_then(|place| {
                    // Where deals are contacts themselves, they find themselves: another one is looked for.
                    let mut contacts = joined.inquiries[place].contacts.iter();
                    let other = contacts.find(|contact| contact.source != export)?;
                    Some(other.source.as_str())
                });
                deals.count(self.day(row.created_at), place.into_iter());
                let until = self.known.until;
                let won_at = row.won_at();
                let won_at = won_at.filter(|at| until.is_none_or(|until| *at < until));
                if let Some(won_at) = won_at {
                    sales.count(self.day(won_at), place.into_iter());
                }
            }
            found.extend([deals.done(), sales.done()]);
        }
        found
    }

    /// When the visit began at the earliest from which somebody gets in touch. Nobody answers on holidays: who was on the site
    /// then rings on the first day of work.
    fn visit_since(&self, contact: DateTime<Utc>) -> DateTime<Utc> {
        let calendar = &self.known.stored.calendar;
        let is_of_holiday = |at: &DateTime<Utc>| calendar.is_of_holiday(self.day(*at));
        let days = (1..=LONGEST_HOLIDAYS).map(|day| contact - VISIT_REACH * day);
        let mut days = days.skip_while(is_of_holiday);
        days.next().unwrap_or(contact - VISIT_REACH)
    }

    /// Contacts with a client id, each with whether that client was on the site then.
    fn contacts_to_visits(&self) -> Vec<LinkCounts> {
        let stored = self.known.stored;
        let inquiries = &self.known.people.joined.inquiries;
        let contacts = || inquiries.iter().flat_map(|inquiry| &inquiry.contacts);
        let with_client = contacts().filter(|contact| contact.keys.client.is_some());
        let names: BTreeSet<&str> = with_client.map(|contact| &*contact.source).collect();
        let mut found = Vec::new();
        for name in names {
            if stored.paths.foreign().has(name) {
                continue;
            }
            let mut counted = self.counted(Link::ContactsToVisits, name);
            for contact in contacts().filter(|contact| contact.source == name) {
                if contact.keys.clients().next().is_none() {
                    continue;
                }
                let span = (self.visit_since(contact.at), contact.at + VISIT_GRACE);
                let mut clients = contact.keys.clients();
                let was_there = clients.any(|client| stored.paths.has_visit(client, span));
                counted.count(self.day(contact.at), was_there.then_some("").into_iter());
            }
            found.push(counted.done());
        }
        found
    }
}

fn is_call(kind: ContactKind) -> bool {
    matches!(kind, ContactKind::Call | ContactKind::MissedCall)
}

fn is_form(kind: ContactKind) -> bool {
    kind == ContactKind::Form
}

/// The exports that the first contacts are of.
fn sources<'a>(inquiries: &[(usize, &'a JoinedInquiry)]) -> BTreeSet<&'a str> {
    let contacts = inquiries.iter().map(|(_, inquiry)| &inquiry.contacts[0]);
    contacts.map(|contact| contact.source.as_str()).collect()
}
