//! What the firm does with those who get in touch: calls, call-backs, requests and deals.

use super::calendar::{DAY, is_open, next_opening};
use super::channels::City;
use super::deals::{decide, new_deal};
use super::dice::Dice;
use super::everyday;
use super::incidents::IncidentKind;
use super::people::Customer;
use super::plan::Plan;
use super::records::{By, Call, CallOutcome, Contact, Deal, Ends, Form, Nature, Origin};
use super::staff::{LINES, MANAGERS, assigned, is_lazy};
use super::visits::Visitors;
use super::week::Week;

/// Share of inquiries that get a deal.
const BECOMES_DEAL: f64 = 0.85;
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
        // Handling a contact can bring another one in the same week.
        loop {
            let mut due: Vec<Contact> = self
                .contacts
                .extract_if(.., |contact| contact.at < week.end)
                .collect();
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
        let due = self.calls.extract_if(.., |call| call.at < week.end);
        let mut calls: Vec<Call> = due.flat_map(|call| through_trunk(call, plan)).collect();
        let mut forms: Vec<Form> = self
            .forms
            .extract_if(.., |form| form.at < week.end)
            .collect();
        let mut deals: Vec<Deal> = self
            .deals
            .extract_if(.., |deal| deal.created < week.end)
            .collect();
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
        if dice.chance(0.06) {
            self.forms.push(Form {
                at: contact.at + dice.between(60, 480),
                ..form
            });
        }
        let manager = assigned(visitor.city, dice);
        let served = !dice.chance(if is_lazy(manager, contact.at, plan) {
            0.7
        } else {
            0.04
        });
        if served {
            let at = next_opening(contact.at) + dice.between(180, 4500);
            self.calls
                .push(dialled(at, contact.customer, manager, dice));
        }
        self.after(contact, visitor.city, manager, served, plan, dice);
    }

    /// An inbound call: answered, or missed and mostly called back.
    fn call(&mut self, contact: Contact, line: u8, plan: &Plan, dice: &mut Dice) {
        let city = LINES[usize::from(line)].city;
        if let Some(planted) = plan
            .on(IncidentKind::TrunkDown, contact.at)
            .filter(|_| city == City::Murmansk)
        {
            if dice.chance(0.2) {
                let at = next_opening(planted.end + dice.between(0, 2 * 3600))
                    + dice.between(0, 5 * 3600);
                self.contacts.push(Contact { at, ..contact });
            } else {
                planted
                    .lost
                    .set(planted.lost.get() + u64::from(contact.first));
            }
            return;
        }
        let manager = assigned(city, dice);
        let outcome = answer(contact.at, manager, dice);
        let talked = matches!(outcome, CallOutcome::Answered | CallOutcome::Transferred(_));
        let talk = if talked {
            dice.log_normal(130.0, 0.8).clamp(8.0, 1800.0) as i64
        } else {
            0
        };
        let ringing = if talked {
            dice.between(3, 24)
        } else {
            dice.between(18, 60)
        };
        // Call tracking swaps the number on the site; one visitor in five has it blocked.
        let tracked = contact.visitor.filter(|_| dice.chance(0.8));
        let ends = Ends::Inbound(contact.customer, line);
        self.calls.push(Call {
            at: contact.at,
            ends,
            manager,
            outcome,
            ringing,
            talk,
            tracked,
        });
        let mut served = talked;
        if !talked
            && !dice.chance(if is_lazy(manager, contact.at, plan) {
                1.0
            } else {
                0.14
            })
        {
            served = true;
            let at = next_opening(contact.at) + dice.between(240, 3600);
            self.calls
                .push(dialled(at, contact.customer, manager, dice));
        }
        self.after(
            Contact {
                visitor: tracked,
                ..contact
            },
            city,
            manager,
            served,
            plan,
            dice,
        );
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
        let site_line = By::Call(if city == City::Petrozavodsk { 0 } else { 2 });
        if dice.chance(0.12) {
            let at = next_opening(contact.at + dice.between(DAY, 5 * DAY)) + dice.between(0, 1800);
            self.contacts.push(Contact {
                at,
                by: site_line,
                first: false,
                ..contact
            });
        }
        if !dice.chance(BECOMES_DEAL) {
            return;
        }
        let created = next_opening(contact.at + dice.between(60, 300))
            + dice.log_normal(22.0 * 60.0, 1.0).min(8.0 * 3600.0) as i64;
        let origin = if contact.by == By::Form {
            Origin::Form
        } else {
            Origin::Call
        };
        let deal = Deal {
            visitor: contact.visitor,
            origin,
            ..new_deal(created, contact.customer, city, manager, dice)
        };
        let deal = decide(deal, contact, served, plan, dice);
        self.deals.push(deal);
        if dice.chance(0.03) {
            let again = next_opening(created + dice.between(300, 20_000));
            let closed = Some(next_opening(again + dice.between(600, DAY)));
            let noise = dice.below(u64::MAX);
            self.deals.push(Deal {
                created: again,
                closed,
                won: false,
                origin: Origin::Duplicate,
                noise,
                ..deal
            });
        }
        if deal.won && dice.chance(0.05) {
            let later = deal.closed.unwrap_or(created) + dice.between(40 * DAY, 110 * DAY);
            let again = Contact {
                at: next_opening(later) + dice.between(0, 7200),
                by: site_line,
                visitor: None,
                ..contact
            };
            self.contacts.push(again);
        }
    }

    /// Keeps some recent customers, whom managers phone about measurements and contracts.
    fn remember(&mut self, customer: Customer, dice: &mut Dice) {
        if self.recent.len() < 250 {
            self.recent.push(customer);
        } else {
            let place = dice.below(250) as usize;
            self.recent[place] = customer;
        }
    }
}

fn answer(at: i64, manager: u8, dice: &mut Dice) -> CallOutcome {
    if !is_open(at) {
        return CallOutcome::Closed;
    }
    match dice.unit() {
        x if x < 0.79 => CallOutcome::Answered,
        x if x < 0.84 => CallOutcome::Transferred(colleague_of(manager)),
        x if x < 0.93 => CallOutcome::Missed,
        x if x < 0.96 => CallOutcome::Abandoned,
        _ => CallOutcome::Busy,
    }
}

/// The next manager of the same city.
fn colleague_of(manager: u8) -> u8 {
    if manager % 3 == 2 {
        manager - 2
    } else {
        manager + 1
    }
}

/// A call as the trunk lets it be: while it is down nothing comes in and nothing gets out.
fn through_trunk(call: Call, plan: &Plan) -> Vec<Call> {
    let city = match call.ends {
        Ends::Inbound(_, line) | Ends::Robot(_, line) => LINES[usize::from(line)].city,
        Ends::Outbound(_) => MANAGERS[usize::from(call.manager)].city,
        Ends::Internal(_) => return vec![call],
    };
    if city != City::Murmansk || plan.on(IncidentKind::TrunkDown, call.at).is_none() {
        return vec![call];
    }
    // Managers try three times before they give up.
    let delays: &[i64] = if matches!(call.ends, Ends::Outbound(_)) {
        &[0, 70, 900]
    } else {
        &[]
    };
    let failed = Call {
        outcome: CallOutcome::Failed,
        ringing: 0,
        talk: 0,
        ..call
    };
    delays
        .iter()
        .map(|delay| Call {
            at: call.at + delay,
            ..failed
        })
        .collect()
}

/// A call by a manager to a customer.
pub fn dialled(at: i64, customer: Customer, manager: u8, dice: &mut Dice) -> Call {
    let outcome = match dice.unit() {
        x if x < 0.74 => CallOutcome::Answered,
        x if x < 0.93 => CallOutcome::Missed,
        _ => CallOutcome::Busy,
    };
    let talk = if outcome == CallOutcome::Answered {
        dice.log_normal(110.0, 0.8).clamp(6.0, 1800.0) as i64
    } else {
        0
    };
    Call {
        at,
        ends: Ends::Outbound(customer),
        manager,
        outcome,
        ringing: dice.between(5, 35),
        talk,
        tracked: None,
    }
}
