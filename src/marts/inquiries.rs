//! From raw contacts to inquiries: one person inside the uniqueness window is counted once; won deals find theirs.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

pub use super::dealt::{DealRecord, Money, WonDeal};
use super::shared_keys::{self, SharedKeys};
use crate::model::channel::ChannelId;
use crate::model::facts::ContactKind;
use crate::model::more_keys::MoreKey;
use crate::model::nameless::KeyKind;
use crate::model::origin::Origin;

/// A deal may be entered up to so long before the contact that it came from: many CRMs export whole days only.
const DEAL_GRACE: TimeDelta = TimeDelta::days(1);

/// Where the CRM itself says by an id whose deal it is, it may be entered so long before the contact: a won deal that has
/// no day of entry is dated by its sale, and people are written down as leads when somebody comes to it.
const LINKED_GRACE: TimeDelta = TimeDelta::days(7);

/// A key that more contacts than this share inside one window is counted as crowded: an office telephone, or a fault. A
/// judgement: nobody gets in touch fifty times in a month.
const CROWD: usize = 50;
/// So many already, where they are much of all contacts of the window: the firm's own number, written where the customer's is
/// not known.
const SMALL_CROWD: usize = 10;
/// How many of all contacts in the window a small crowd must be: a fifth. No customer is.
const CROWD_ONE_IN: usize = 5;

/// What one contact or deal says about who the person is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonKeys {
    /// Keyed hash of the telephone number.
    pub phone_key: Option<u64>,
    /// Keyed hash of the e-mail address.
    pub email_key: Option<u64>,
    /// Client id of the analytics; 0 is no client.
    pub client: Option<u64>,
    /// Contact of the CRM, made unique among the pipeline's CRMs by the caller.
    pub crm_contact: Option<u64>,
    /// Further ones: the second number, another address.
    pub more: Vec<MoreKey>,
}

/// One raw contact that counts: spam, internal and outbound ones are left out before.
#[derive(Debug, Clone, PartialEq)]
pub struct Contact {
    /// Its row in the table that it came from: calls, forms or deals.
    pub row: usize,
    /// When it began.
    pub at: DateTime<Utc>,
    /// How the person got in touch.
    pub kind: ContactKind,
    /// Who it was.
    pub keys: PersonKeys,
    /// Tags on the contact itself.
    pub origin: Option<Origin>,
    /// Static channel of the telephone line.
    pub line_channel: Option<ChannelId>,
    /// Channel of the export, when the pipeline fixes one.
    pub fixed_channel: Option<ChannelId>,
    /// Name of the export.
    pub source: String,
    /// Id inside the export.
    pub id: String,
}

/// One inquiry before its channel is known.
#[derive(Debug, Clone, PartialEq)]
pub struct JoinedInquiry {
    /// Its contacts, oldest first; the first one opened it.
    pub contacts: Vec<Contact>,
    /// Won deals that belong to it, oldest first.
    pub sales: Vec<WonDeal>,
    /// What was given back to the person since, oldest first.
    pub refunds: Vec<WonDeal>,
}

impl JoinedInquiry {
    /// When it began.
    pub fn at(&self) -> DateTime<Utc> {
        self.contacts[0].at
    }

    /// Client ids on its contacts of the exports that `counts` takes, each once, in ascending order.
    pub fn clients(&self, counts: impl Fn(&str) -> bool) -> Vec<u64> {
        let contacts = self.contacts.iter();
        let mut clients: Vec<u64> = contacts
            .filter(|contact| counts(&contact.source))
            .flat_map(|contact| contact.keys.clients())
            .collect();
        clients.sort_unstable();
        clients.dedup();
        clients
    }
}

/// Where a deal came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JoinedDeal {
    /// Its row in the table of deals.
    pub row: usize,
    /// Its inquiry's place in [`Joined::inquiries`].
    pub inquiry: Option<usize>,
    /// The person, the same number for the same person.
    pub person: usize,
    /// Whether anything tells who the person is; else the deal is a person of its own.
    pub has_keys: bool,
}

/// Everything that was joined.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Joined {
    /// Inquiries, oldest first.
    pub inquiries: Vec<JoinedInquiry>,
    /// Every deal, in the order of its row; a refund is none.
    pub deals: Vec<JoinedDeal>,
    /// Won deals that belong to no inquiry, oldest first.
    pub sales_without_inquiry: Vec<WonDeal>,
    /// What was given back to people of no known inquiry, oldest first.
    pub refunds_without_inquiry: Vec<WonDeal>,
    /// Keys that more than 50 contacts share inside one window, with nothing to tell them apart by. They join all the same.
    pub crowded_keys: u64,
    /// Keys that are nobody's and join nobody, by kind.
    pub shared: BTreeMap<KeyKind, SharedKeys>,
}

/// Joins contacts of one person into inquiries and gives each won deal to the inquiry that it came from.
///
/// A person is a connected component over the keys of contacts and deals; a key that many people share joins nobody. The
/// first contact opens an inquiry; contacts less than `uniqueness_days` × 24 h after it join it, the next one opens another: the window does not slide. A won
/// deal belongs to the person's last inquiry that began at most a day after the deal was entered and at most
/// `deal_window_days` before. The order of the input changes nothing.
pub fn join(
    mut contacts: Vec<Contact>,
    mut deals: Vec<DealRecord>,
    uniqueness_days: u32,
    deal_window_days: u32,
) -> Joined {
    sort(&mut contacts, &mut deals);
    let shared = shared_keys::take_out(&mut contacts, &mut deals);
    let window = TimeDelta::days(i64::from(uniqueness_days));
    let reach = TimeDelta::days(i64::from(deal_window_days));
    let mut components = Components::new(contacts.len() + deals.len());
    let crowded_keys = link(&mut components, &contacts, &deals, window);
    let first_deal = contacts.len();

    let mut joined = Joined {
        crowded_keys,
        shared,
        ..Joined::default()
    };
    let mut of_person: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, contact) in contacts.into_iter().enumerate() {
        let own = of_person.entry(components.find(index)).or_default();
        joined.add_contact(contact, own, window);
    }
    for (index, deal) in deals.into_iter().enumerate() {
        let person = components.find(first_deal + index);
        let own = of_person.get(&person).map_or(&[][..], Vec::as_slice);
        joined.add_deal(deal, person, own, reach);
    }
    joined.deals.sort_by_key(|deal| deal.row);
    joined
}

/// By time, and by ids where times are equal: files in any order make the same inquiries.
fn sort(contacts: &mut [Contact], deals: &mut [DealRecord]) {
    contacts
        .sort_by(|a, b| (a.at, a.kind, &a.source, &a.id).cmp(&(b.at, b.kind, &b.source, &b.id)));
    let moved_at = |deal: &DealRecord| deal.money.map(Money::at);
    deals.sort_by(|a, b| (moved_at(a), &a.source, &a.id).cmp(&(moved_at(b), &b.source, &b.id)));
}

impl Joined {
    /// Adds a contact to the person's open inquiry, or opens one. Contacts come oldest first; `own` are the places of the
    /// person's inquiries.
    fn add_contact(&mut self, contact: Contact, own: &mut Vec<usize>, window: TimeDelta) {
        if let Some(&open) = own.last()
            && contact.at - self.inquiries[open].at() < window
        {
            self.inquiries[open].contacts.push(contact);
            return;
        }
        own.push(self.inquiries.len());
        self.inquiries.push(JoinedInquiry {
            contacts: vec![contact],
            sales: Vec::new(),
            refunds: Vec::new(),
        });
    }

    /// Adds a deal of a person, and its sale where it is won; of a refund its money alone.
    fn add_deal(&mut self, deal: DealRecord, person: usize, own: &[usize], reach: TimeDelta) {
        let is_refund = matches!(deal.money, Some(Money::Refund(_)));
        let came_from = self.inquiry_of(&deal, own, reach);
        // Money goes back to whoever paid it, however long ago that person got in touch.
        let inquiry = came_from.or_else(|| own.last().copied().filter(|_| is_refund));
        if !is_refund {
            self.deals.push(JoinedDeal {
                row: deal.row,
                inquiry,
                person,
                has_keys: deal.keys.iter().next().is_some(),
            });
        }
        let Some(money) = deal.money else { return };
        let moved = WonDeal {
            won_at: money.at(),
            amount: deal.amount,
            cost: deal.cost,
            source: deal.source,
            id: deal.id,
            person,
        };
        let list = match (inquiry, is_refund) {
            (Some(inquiry), false) => &mut self.inquiries[inquiry].sales,
            (Some(inquiry), true) => &mut self.inquiries[inquiry].refunds,
            (None, false) => &mut self.sales_without_inquiry,
            (None, true) => &mut self.refunds_without_inquiry,
        };
        list.push(moved);
    }

    /// The person's last inquiry that the deal may have come from, unless it lies too far back. An earlier one is not
    /// tried: it would lie even farther back.
    fn inquiry_of(&self, deal: &DealRecord, own: &[usize], reach: TimeDelta) -> Option<usize> {
        let begun = |inquiry: usize| self.inquiries[inquiry].at();
        let before = |latest: DateTime<Utc>| {
            let is_before = |inquiry: &usize| begun(*inquiry) <= latest;
            own.iter().copied().rev().find(is_before)
        };
        let linked = || {
            let id = deal.keys.crm_contact?;
            let first = before(deal.created_at + LINKED_GRACE)?;
            let contacts = &self.inquiries[first].contacts;
            let is_same = |contact: &Contact| contact.keys.crm_contact == Some(id);
            contacts.iter().any(is_same).then_some(first)
        };
        let came_from = before(deal.created_at + DEAL_GRACE).or_else(linked)?;
        let is_near = deal.created_at - begun(came_from) <= reach;
        is_near.then_some(came_from)
    }
}

/// A key with its meaning: the same number as a telephone and as a client is not the same person.
#[derive(PartialEq, Eq, Hash)]
enum PersonKey<'a> {
    Phone(u64),
    Email(u64),
    Client(u64),
    CrmContact(u64),
    Deal(&'a str, &'a str),
}

impl PersonKeys {
    /// Client ids of the analytics.
    pub fn clients(&self) -> impl Iterator<Item = u64> {
        let of_kind = |(kind, key): MoreKey| (kind == KeyKind::Client).then_some(key);
        self.each().filter_map(of_kind)
    }

    fn iter<'a>(&self) -> impl Iterator<Item = PersonKey<'a>> {
        self.each().map(|(kind, key)| match kind {
            KeyKind::Phone => PersonKey::Phone(key),
            KeyKind::Email => PersonKey::Email(key),
            KeyKind::Client => PersonKey::Client(key),
            KeyKind::CrmContact => PersonKey::CrmContact(key),
        })
    }
}

/// Puts everything that shares a key into one component; answers how many keys are crowded. Contacts are members by their
/// place, deals by theirs after all contacts.
fn link(
    components: &mut Components,
    contacts: &[Contact],
    deals: &[DealRecord],
    window: TimeDelta,
) -> u64 {
    let mut holders: HashMap<PersonKey<'_>, Vec<usize>> = HashMap::new();
    for (index, contact) in contacts.iter().enumerate() {
        // A deal that counts as a contact is the same person as the deal itself.
        let own_record = (contact.kind == ContactKind::Deal)
            .then_some(PersonKey::Deal(&contact.source, &contact.id));
        for key in contact.keys.iter().chain(own_record) {
            holders.entry(key).or_default().push(index);
        }
    }
    // Crowds are of contacts, so they are counted before the deals come to the same keys.
    let crowded = holders
        .values()
        .filter(|held| is_crowded(held, contacts, window))
        .count() as u64;
    for (index, deal) in deals.iter().enumerate() {
        let own_record = PersonKey::Deal(&deal.source, &deal.id);
        for key in deal.keys.iter().chain([own_record]) {
            holders.entry(key).or_default().push(contacts.len() + index);
        }
    }
    for held in holders.values() {
        for pair in held.windows(2) {
            components.unite(pair[0], pair[1]);
        }
    }
    crowded
}

/// Whether more than [`CROWD`] of the contacts, which are in order of time, lie inside one window, or fewer that are much of
/// it.
fn is_crowded(held: &[usize], contacts: &[Contact], window: TimeDelta) -> bool {
    let is_near = |first: usize, last: usize| contacts[last].at - contacts[first].at < window;
    let is_crowd = |run: &[usize]| is_near(run[0], run[CROWD]);
    let is_much = |run: &[usize]| {
        let last = run[SMALL_CROWD];
        let begin = contacts[..last].partition_point(|one| contacts[last].at - one.at >= window);
        let before = |place: usize| held.partition_point(|at| *at < place);
        let own = before(last + 1) - before(begin);
        let all = last + 1 - begin;
        is_near(run[0], last) && own * CROWD_ONE_IN >= all
    };
    held.windows(CROWD + 1).any(is_crowd) || held.windows(SMALL_CROWD + 1).any(is_much)
}

/// Union–find whose roots are the smallest member, so that they do not depend on the order of unions.
struct Components {
    parents: Vec<usize>,
}

impl Components {
    fn new(count: usize) -> Self {
        Self {
            parents: (0..count).collect(),
        }
    }

    fn find(&mut self, member: usize) -> usize {
        let mut at = member;
        while self.parents[at] != at {
            // Each step halves the way of whoever comes next.
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    fn unite(&mut self, left: usize, right: usize) {
        let (left, right) = (self.find(left), self.find(right));
        self.parents[left.max(right)] = left.min(right);
    }
}

#[cfg(test)]
#[path = "inquiries_tests.rs"]
mod tests;
