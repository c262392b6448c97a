//! What the firm does with those who get in touch: calls, call-backs, requests and deals.
//!
//! Shares and spans are invented so that the exports look like those of a real firm; no source stands behind them. The
//! order in which chance is drawn is part of the sample: another order makes other files.

use super::calendar::{DAY, HOUR, MINUTE, next_opening};
use super::calls::{INBOUND_TALK, answer, dialled, through_trunk};
use super::channels::City;
use super::deals::{decide, new_deal};
use super::dice::Dice;
use super::everyday;
use super::incidents::IncidentKind;
use super::people::Customer;
use super::plan::Plan;
use super::records::{By, Call, CallOutcome, Contact, Deal, Ends, Form, Nature, Origin};
use super::staff::{LINES, assigned, is_lazy, site_line};
use super::visits::Visitors;
use super::week::Week;

/// Share of inquiries that get a deal.
const BECOMES_DEAL: f64 = 0.85;
/// Share of deals that are entered once more by mistake.
const DUPLICATED: f64 = 0.03;
/// Share of customers who buy once more, some months later.
const BUYS_AGAIN: f64 = 0.05;
/// Share of people who remind the firm of themselves some days later.
const REMINDS: f64 = 0.12;
/// Share of requests that impatient people send twice.
const SENT_TWICE: f64 = 0.06;
/// Share of requests that nobody calls back: usually, and by the manager who is lazy.
const REQUEST_FORGOTTEN: f64 = 0.04;
const REQUEST_FORGOTTEN_BY_LAZY: f64 = 0.7;
/// Share of missed calls that nobody calls back.
const MISSED_CALL_FORGOTTEN: f64 = 0.14;
const MISSED_CALL_FORGOTTEN_BY_LAZY: f64 = 1.0;
/// Share of callers who try again on the next day when the trunk was down: the fifth that the incident tells of.
const TRIES_AGAIN: f64 = 0.2;
/// Call tracking swaps the number on the site; one visitor in five has it blocked.
const TRACKED: f64 = 0.8;

/// Everything that is still to come.
#[derive(Default)]
pub struct Sales {
    pub(super) contacts: Vec<Contact>,
    pub(super) calls: Vec<Call>,
    pub(super) forms: Vec<Form>,
    pub(super) deals: Vec<Deal>,
    pub(super) recent: Vec<Customer>,
}

/// What one week leaves in the exports, each by time.
pub struct WeekRecords {
    /// Calls that began in the week.
    pub calls: Vec<Call>,
    /// Form requests.
    pub forms: Vec<Form>,
    /// Deals created.
    pub deals: Vec<Deal>,
}

impl Sales {
    /// Works through a week's contacts and what earlier weeks left to do. `size` is 1 for an average firm.
    pub fn week(
        &mut self,
        week: &Week,
        size: f64,
        fresh: Vec<Contact>,
        people: &mut Visitors,
        plan: &Plan,
        dice: &mut Dice,
    ) -> WeekRecords {
        self.contacts.extend(fresh);
        everyday::static_lines(self, week, size, people, dice);
        everyday::background(self, week, size, people, dice);
        self.handle_contacts(week, plan, dice);
        self.take_before(week.end, plan)
    }

    fn handle_contacts(&mut self, week: &Week, plan: &Plan, dice: &mut Dice) {
        // Handling a contact can bring another one in the same week.
        loop {
            let due = self
                .contacts
                .extract_if(.., |contact| contact.at < week.end);
            let mut due: Vec<Contact> = due.collect();
            if due.is_empty() {
                break;
            }
            due.sort_unstable_by_key(|contact| (contact.at, contact.customer.0));
            for contact in due {
                match contact.by {
                    By::Form => self.request(contact, plan, dice),
                    By::Call(line) => self.call(contact, line, plan, dice),
                }
            }
        }
    }

    /// Takes out what is in the exports by `end`; the rest waits for a later week.
    fn take_before(&mut self, end: i64, plan: &Plan) -> WeekRecords {
        let calls = self.calls.extract_if(.., |call| call.at < end);
        let mut calls: Vec<Call> = calls.flat_map(|call| through_trunk(call, plan)).collect();
        let forms = self.forms.extract_if(.., |form| form.at < end);
        let mut forms: Vec<Form> = forms.collect();
        let deals = self.deals.extract_if(.., |deal| deal.created < end);
        let mut deals: Vec<Deal> = deals.collect();
        calls.sort_by_key(|call| call.at);
        forms.sort_by_key(|form| form.at);
        deals.sort_by_key(|deal| deal.created);
        WeekRecords {
            calls,
            forms,
            deals,
        }
    }

    /// A form request: perhaps sent twice, mostly called back.
    fn request(&mut self, contact: Contact, plan: &Plan, dice: &mut Dice) {
        let Some(visitor) = contact.visitor else {
            return;
        };
        let form = Form {
            at: contact.at,
            customer: contact.customer,
            visitor,
            nature: Nature::Real,
            noise: dice.below(u64::MAX),
        };
        self.forms.push(form);
        if dice.chance(SENT_TWICE) {
            self.forms.push(Form {
                at: contact.at + dice.between(MINUTE, 8 * MINUTE),
                ..form
            });
        }
        let manager = assigned(visitor.city, dice);
        let forgotten = if is_lazy(manager, contact.at, plan) {
            REQUEST_FORGOTTEN_BY_LAZY
        } else {
            REQUEST_FORGOTTEN
        };
        let served = !dice.chance(forgotten);
        if served {
            let at = next_opening(contact.at) + dice.between(3 * MINUTE, 75 * MINUTE);
            self.call_back(at, contact.customer, manager, dice);
        }
        self.after(contact, visitor.city, manager, served, plan, dice);
    }

    /// An inbound call: answered, or missed and mostly called back.
    fn call(&mut self, contact: Contact, line: u8, plan: &Plan, dice: &mut Dice) {
        let city = LINES[usize::from(line)].city;
        if city == City::Murmansk && self.is_trunk_down(contact, plan, dice) {
            return;
        }
        let manager = assigned(city, dice);
        let outcome = answer(contact.at, manager, dice);
        let talked = matches!(outcome, CallOutcome::Answered | CallOutcome::Transferred(_));
        let talk = if talked { INBOUND_TALK.drawn(dice) } else { 0 };
        let ringing = if talked {
            dice.between(3, 24)
        } else {
            dice.between(18, 60)
        };
        let tracked = contact.visitor.filter(|_| dice.chance(TRACKED));
        self.calls.push(Call {
            at: contact.at,
            ends: Ends::Inbound(contact.customer, line),
            manager,
            outcome,
            ringing,
            talk,
            tracked,
        });
        let served = talked || self.missed_call(contact, manager, plan, dice);
        let contact = Contact {
            visitor: tracked,
            ..contact
        };
        self.after(contact, city, manager, served, plan, dice);
    }

    /// Whether a call does not come in because the trunk is down; then a few callers try again on the next day, and the
    /// others are lost.
    fn is_trunk_down(&mut self, contact: Contact, plan: &Plan, dice: &mut Dice) -> bool {
        let Some(planted) = plan.on(IncidentKind::TrunkDown, contact.at) else {
            return false;
        };
        if dice.chance(TRIES_AGAIN) {
            let next_day = next_opening(planted.end + dice.between(0, 2 * HOUR));
            let at = next_day + dice.between(0, 5 * HOUR);
            self.contacts.push(Contact { at, ..contact });
        } else if contact.first {
            planted.lose_one();
        }
        true
    }

    /// Calls back somebody whose call was missed, mostly; whether it is done.
    fn missed_call(&mut self, contact: Contact, manager: u8, plan: &Plan, dice: &mut Dice) -> bool {
        let forgotten = if is_lazy(manager, contact.at, plan) {
            MISSED_CALL_FORGOTTEN_BY_LAZY
        } else {
            MISSED_CALL_FORGOTTEN
        };
        if dice.chance(forgotten) {
            return false;
        }
        let at = next_opening(contact.at) + dice.between(4 * MINUTE, HOUR);
        self.call_back(at, contact.customer, manager, dice);
        true
    }

    fn call_back(&mut self, at: i64, customer: Customer, manager: u8, dice: &mut Dice) {
        self.calls.push(dialled(at, customer, manager, dice));
    }

    /// What follows a first contact: a reminder, a deal, perhaps a second purchase.
    fn after(
        &mut self,
        contact: Contact,
        city: City,
        manager: u8,
        served: bool,
        plan: &Plan,
        dice: &mut Dice,
    ) {
        if !contact.first {
            return;
        }
        self.remember(contact.customer, dice);
        let again = Contact {
            by: By::Call(site_line(city)),
            ..contact
        };
        if dice.chance(REMINDS) {
            let some_days_later = next_opening(contact.at + dice.between(DAY, 5 * DAY));
            self.contacts.push(Contact {
                at: some_days_later + dice.between(0, 30 * MINUTE),
                first: false,
                ..again
            });
        }
        if !dice.chance(BECOMES_DEAL) {
            return;
        }
        let deal = entered(contact, city, manager, dice);
        let deal = decide(deal, contact, served, plan, dice);
        self.deals.push(deal);
        if dice.chance(DUPLICATED) {
            self.deals.push(duplicate(deal, dice));
        }
        if deal.won && dice.chance(BUYS_AGAIN) {
            let closed = deal.closed.unwrap_or(deal.created);
            let later = next_opening(closed + dice.between(40 * DAY, 110 * DAY));
            self.contacts.push(Contact {
                at: later + dice.between(0, 2 * HOUR),
                visitor: None,
                ..again
            });
        }
    }

    /// Keeps some recent customers, whom managers phone about measurements and contracts.
    fn remember(&mut self, customer: Customer, dice: &mut Dice) {
        if self.recent.len() < MOST_RECENT {
            self.recent.push(customer);
        } else {
            let place = dice.below(MOST_RECENT as u64) as usize;
            self.recent[place] = customer;
        }
    }
}

/// Customers who are remembered: those of two or three weeks of an average firm.
const MOST_RECENT: usize = 250;

/// Seconds that pass until a manager enters a deal: the median, and the working day by which it is done.
const ENTERED_AFTER: f64 = 22.0 * 60.0;
const ENTERED_WITHIN: f64 = 8.0 * 3600.0;

/// The deal of an inquiry, entered by its manager.
fn entered(contact: Contact, city: City, manager: u8, dice: &mut Dice) -> Deal {
    let noticed = next_opening(contact.at + dice.between(MINUTE, 5 * MINUTE));
    let delay = dice.log_normal(ENTERED_AFTER, 1.0).min(ENTERED_WITHIN);
    let created = noticed + delay as i64;
    let origin = match contact.by {
        By::Form => Origin::Form,
        By::Call(_) => Origin::Call,
    };
    Deal {
        visitor: contact.visitor,
        origin,
        ..new_deal(created, contact.customer, city, manager, dice)
    }
}

/// The same customer entered once more, and closed as a duplicate within a day.
fn duplicate(deal: Deal, dice: &mut Dice) -> Deal {
    let created = next_opening(deal.created + dice.between(5 * MINUTE, 20_000));
    let closed = next_opening(created + dice.between(10 * MINUTE, DAY));
    Deal {
        created,
        closed: Some(closed),
        won: false,
        origin: Origin::Duplicate,
        noise: dice.below(u64::MAX),
        ..deal
    }
}
