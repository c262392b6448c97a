//! Visitors of the site: who comes in a week, from where, how often, and who gets in touch.

use super::calendar::{DAY, MOSCOW};
use super::channels::{CHANNELS, City, OFFER_PAGE, VK_ADS};
use super::dice::Dice;
use super::incidents::IncidentKind;
use super::people::Customer;
use super::plan::Plan;
use super::records::{By, Contact, Visit, Visitor};
use super::sources::{SOURCES, TYPED_IN, YANDEX_SEARCH};
use super::week::{Rates, Week, rates, targets};

/// Share of visitors who come again after a first visit, and after a later one.
const COMES_AGAIN: (f64, f64) = (0.36, 0.42);
/// Nobody needs more visits than this.
const MOST_VISITS: u8 = 6;

struct Return {
    at: i64,
    visitor: Visitor,
}

/// The visitors who are still expected, and the numbers given out.
#[derive(Default)]
pub struct Visitors {
    returns: Vec<Return>,
    /// Serial number of the next customer.
    pub customers: u64,
}

impl Visitors {
    /// Simulates a week with about `volume` visits on average weeks; visits come out by time.
    pub fn week(
        &mut self,
        week: &Week,
        volume: f64,
        plan: &Plan,
        dice: &mut Dice,
    ) -> (Vec<Visit>, Vec<Contact>) {
        let targets = targets(week, volume, plan, dice);
        let rates = rates(week, dice);
        let mut counts = [0u64; CHANNELS.len()];
        let (mut visits, mut contacts) = (Vec::with_capacity((volume * 1.3) as usize), Vec::new());
        let mut due: Vec<Return> = self
            .returns
            .extract_if(.., |back| back.at < week.end)
            .collect();
        for channel in 0..CHANNELS.len() {
            loop {
                while let Some(back) = due.pop() {
                    let visit = self.visit(back, week, &rates, plan, dice, &mut contacts, &mut due);
                    counts[usize::from(SOURCES[usize::from(visit.visitor.source)].channel)] += 1;
                    visits.push(visit);
                }
                if counts[channel] >= targets[channel] {
                    break;
                }
                due.push(newcomer(channel, week, dice));
            }
        }
        visits.sort_unstable_by_key(|visit| (visit.at, visit.visitor.client));
        (visits, contacts)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one visit needs the whole week around it"
    )]
    fn visit(
        &mut self,
        back: Return,
        week: &Week,
        rates: &Rates,
        plan: &Plan,
        dice: &mut Dice,
        contacts: &mut Vec<Contact>,
        due: &mut Vec<Return>,
    ) -> Visit {
        let Return { at, mut visitor } = back;
        let clicked = arrive(&mut visitor, dice);
        let source = &SOURCES[usize::from(visitor.source)];
        let mut visit = browse(at, visitor, clicked, dice);
        let bad = source.channel == VK_ADS && plan.on(IncidentKind::BadTraffic, at).is_some();
        if bad && dice.chance(0.7) {
            visit = Visit {
                exit: visitor.landing,
                pages: 1,
                seconds: dice.below(3) as u16,
                bounce: true,
                ..visit
            };
        }
        let rate = rates.channel[usize::from(source.channel)]
            * rates.day[((at - week.start) / DAY) as usize]
            * rate_of(&visitor);
        let rate = if bad { rate * 0.15 } else { rate };
        if dice.chance(rate) {
            self.get_in_touch(&mut visit, plan, dice, contacts);
        } else if visitor.visits < MOST_VISITS
            && dice.chance(if visitor.visits == 1 {
                COMES_AGAIN.0
            } else {
                COMES_AGAIN.1
            })
        {
            let back = Return {
                at: comes_back(at, dice),
                visitor,
            };
            if back.at < week.end {
                due.push(back)
            } else {
                self.returns.push(back)
            }
        }
        visit
    }

    fn get_in_touch(
        &mut self,
        visit: &mut Visit,
        plan: &Plan,
        dice: &mut Dice,
        contacts: &mut Vec<Contact>,
    ) {
        let visitor = visit.visitor;
        let mut by_form = dice.chance(form_share(visit));
        *visit = Visit {
            pages: visit.pages.max(2),
            seconds: visit.seconds.max(60 + dice.below(240) as u16),
            bounce: false,
            ..*visit
        };
        if by_form {
            visit.goals |= 1;
            let dead = visitor.landing == OFFER_PAGE && visitor.device == 2;
            if let Some(planted) = plan.on(IncidentKind::DeadForm, visit.at).filter(|_| dead) {
                // A few phone instead; the others are lost without anybody noticing.
                if !dice.chance(0.1) {
                    planted.lost.set(planted.lost.get() + 1);
                    return;
                }
                by_form = false;
            }
        }
        let at = visit.at + dice.between(30, i64::from(visit.seconds));
        let by = if by_form {
            visit.goals |= 2;
            By::Form
        } else {
            if visitor.device == 2 && dice.chance(0.6) {
                visit.goals |= 4;
            }
            By::Call(if visitor.city == City::Petrozavodsk {
                0
            } else {
                2
            })
        };
        // Some put the phone down and call later the same hour.
        let at = if by_form || dice.chance(0.7) {
            at
        } else {
            at + dice.between(60, 2400)
        };
        let customer = Customer(self.customers);
        self.customers += 1;
        contacts.push(Contact {
            at,
            customer,
            by,
            visitor: Some(visitor),
            first: true,
        });
    }
}

/// What the page and the habit of coming back do to the rate of getting in touch; about 1 on average.
fn rate_of(visitor: &Visitor) -> f64 {
    let page = match visitor.landing {
        OFFER_PAGE => 1.28,
        6 | 7 => 0.45,
        _ => 1.05,
    };
    page * if visitor.visits == 1 { 0.95 } else { 1.1 }
}

fn newcomer(channel: usize, week: &Week, dice: &mut Dice) -> Return {
    let sources: [f64; SOURCES.len()] = std::array::from_fn(|index| {
        if usize::from(SOURCES[index].channel) == channel {
            SOURCES[index].share
        } else {
            0.0
        }
    });
    let source = dice.weighted(&sources) as u8;
    let at = week.moment(dice);
    let city = SOURCES[usize::from(source)]
        .city
        .unwrap_or(if dice.chance(0.6) {
            City::Petrozavodsk
        } else {
            City::Murmansk
        });
    let device = if dice.chance(CHANNELS[channel].phones) {
        2
    } else if dice.chance(0.88) {
        1
    } else {
        3
    };
    let client = at as u64 * 1_000_000_000 + dice.below(1_000_000_000);
    Return {
        at,
        visitor: Visitor {
            client,
            source,
            city,
            device,
            landing: 0,
            visits: 0,
        },
    }
}

/// Decides how a visitor arrives this time; true when it is through the source and not straight to the site.
fn arrive(visitor: &mut Visitor, dice: &mut Dice) -> bool {
    visitor.visits += 1;
    let clicked = visitor.visits == 1 || dice.chance(0.45);
    if visitor.visits > 1 && clicked && dice.chance(0.3) {
        visitor.source = YANDEX_SEARCH;
    }
    let landings = &CHANNELS[usize::from(SOURCES[usize::from(visitor.source)].channel)].landings;
    let typed = &CHANNELS[usize::from(SOURCES[usize::from(TYPED_IN)].channel)].landings;
    visitor.landing = dice.weighted(if clicked { landings } else { typed }) as u8;
    clicked
}

fn browse(at: i64, visitor: Visitor, clicked: bool, dice: &mut Dice) -> Visit {
    let noise = dice.below(u64::MAX);
    let channel = &CHANNELS[usize::from(SOURCES[usize::from(visitor.source)].channel)];
    if dice.chance(channel.bounce) {
        let seconds = dice.below(15) as u16;
        return Visit {
            at,
            visitor,
            clicked,
            exit: visitor.landing,
            pages: 1,
            seconds,
            bounce: true,
            goals: 0,
            noise,
        };
    }
    let pages = 1 + dice.count(1.4) as u8;
    let exit = if pages == 1 || dice.chance(0.3) {
        visitor.landing
    } else {
        dice.below(6) as u8
    };
    let seconds = dice.log_normal(70.0, 0.9).clamp(15.0, 3600.0) as u16;
    let curious = if dice.chance(0.022) { 1 } else { 0 }
        | if visitor.device == 2 && dice.chance(0.008) {
            4
        } else {
            0
        };
    Visit {
        at,
        visitor,
        clicked,
        exit,
        pages,
        seconds,
        bounce: false,
        goals: curious,
        noise,
    }
}

/// Share of inquiries that come by a form: high on the offer's page, and at night.
fn form_share(visit: &Visit) -> f64 {
    let hour = (visit.at + MOSCOW).rem_euclid(DAY) / 3600;
    match (visit.visitor.landing, visit.visitor.device) {
        _ if !(9..21).contains(&hour) => 0.82,
        (OFFER_PAGE, 2) => 0.74,
        (_, 2) => 0.10,
        _ => 0.28,
    }
}

fn comes_back(at: i64, dice: &mut Dice) -> i64 {
    if dice.chance(0.4) {
        return at + dice.between(2 * 3600, 12 * 3600);
    }
    // The same time of day some days later, give or take two hours.
    at + dice.between(1, 10) * DAY + dice.between(-7200, 7200)
}
