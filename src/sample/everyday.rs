//! What goes on besides inquiries from the site: static lines, ordinary calls, robots, spam, walk-ins.

use super::calendar::{MOSCOW, date_at, holiday, next_opening};
use super::calls::dialled;
use super::channels::City;
use super::deals::{close, new_deal};
use super::dice::Dice;
use super::people::{Customer, ROBOTS};
use super::records::{
    By, Call, CallOutcome, Contact, DESKTOP, Deal, Ends, Form, Nature, Origin, Visitor,
};
use super::sales::Sales;
use super::sources::TYPED_IN;
use super::staff::{LINES, MANAGERS, assigned};
use super::visits::{Visitors, new_client};
use super::week::Week;

// What an average week has besides inquiries; the numbers are invented, as those of `sales` are.
/// Calls to recent customers about measurements and contracts.
const ORDINARY_OUTBOUND: f64 = 45.0;
/// Calls between colleagues.
const INTERNAL: f64 = 25.0;
/// Calls of robots.
const ROBOT_CALLS: f64 = 3.0;
/// Requests by form that are advertising, and those by which the firm tests its forms.
const SPAM_FORMS: f64 = 1.2;
const TEST_FORMS: f64 = 0.5;
/// People who come to the showroom; they want something, so many of them buy.
const WALK_INS: f64 = 2.5;
const WALK_INS_WIN: f64 = 0.45;
/// Share of callers of the static lines who know when the firm is open.
const KNOWS_HOURS: f64 = 0.7;
/// Share of people who stay away on a holiday.
const AWAY_ON_HOLIDAY: f64 = 0.5;
/// Share of walk-ins to Петрозаводск.
const TO_PETROZAVODSK: f64 = 0.6;

/// People who call the numbers on billboards and maps.
pub fn static_lines(
    sales: &mut Sales,
    week: &Week,
    size: f64,
    people: &mut Visitors,
    dice: &mut Dice,
) {
    for (index, line) in LINES.iter().enumerate() {
        for _ in 0..dice.count(line.weekly * size * week.level) {
            let at = if dice.chance(KNOWS_HOURS) {
                open_moment(week, dice)
            } else {
                week.moment(dice)
            };
            let is_holiday = holiday(date_at(at, MOSCOW)).is_some();
            if is_holiday && dice.chance(AWAY_ON_HOLIDAY) {
                continue;
            }
            sales.contacts.push(Contact {
                at,
                customer: newcomer(people),
                by: By::Call(index as u8),
                visitor: None,
                first: true,
            });
        }
    }
}

/// Ordinary and internal calls, robots, tests and spam, walk-ins.
pub fn background(
    sales: &mut Sales,
    week: &Week,
    size: f64,
    people: &mut Visitors,
    dice: &mut Dice,
) {
    ordinary_calls(sales, week, size, dice);
    internal_calls(sales, week, size, dice);
    robot_calls(sales, week, size, dice);
    forms_of_nobody(sales, week, size, dice);
    walk_ins(sales, week, size, people, dice);
}

fn ordinary_calls(sales: &mut Sales, week: &Week, size: f64, dice: &mut Dice) {
    for _ in 0..dice.count(ORDINARY_OUTBOUND * size) {
        let at = open_moment(week, dice);
        // In the first week there is nobody to phone yet.
        if sales.recent.is_empty() {
            break;
        }
        let customer = *dice.pick(&sales.recent);
        let manager = dice.below(MANAGERS.len() as u64) as u8;
        sales.calls.push(dialled(at, customer, manager, dice));
    }
}

fn internal_calls(sales: &mut Sales, week: &Week, size: f64, dice: &mut Dice) {
    let managers = MANAGERS.len() as u8;
    for _ in 0..dice.count(INTERNAL * size) {
        let at = open_moment(week, dice);
        let manager = dice.below(u64::from(managers)) as u8;
        // Anybody but the manager.
        let steps = 1 + dice.below(u64::from(managers) - 1) as u8;
        sales.calls.push(Call {
            at,
            ends: Ends::Internal((manager + steps) % managers),
            manager,
            outcome: CallOutcome::Answered,
            ringing: 4,
            talk: dice.between(5, 180),
            tracked: None,
        });
    }
}

fn robot_calls(sales: &mut Sales, week: &Week, size: f64, dice: &mut Dice) {
    for _ in 0..dice.count(ROBOT_CALLS * size) {
        let robot = dice.below(ROBOTS.len() as u64) as u8;
        let line = dice.below(LINES.len() as u64) as u8;
        let at = open_moment(week, dice);
        // A robot talks until somebody hangs up.
        let talk = dice.between(1, 5);
        sales.calls.push(Call {
            at,
            ends: Ends::Robot(robot, line),
            manager: assigned(LINES[usize::from(line)].city, dice),
            outcome: CallOutcome::Answered,
            ringing: 5,
            talk,
            tracked: None,
        });
    }
}

/// Requests that are no customer's: they have a browser that no visit is known of.
fn forms_of_nobody(sales: &mut Sales, week: &Week, size: f64, dice: &mut Dice) {
    for (nature, mean) in [(Nature::Spam, SPAM_FORMS), (Nature::Test, TEST_FORMS)] {
        for _ in 0..dice.count(mean * size) {
            let at = week.moment(dice);
            let visitor = Visitor {
                client: new_client(at, dice),
                source: TYPED_IN,
                city: City::Petrozavodsk,
                device: DESKTOP,
                landing: 0,
                visits: 1,
            };
            sales.forms.push(Form {
                at,
                customer: Customer(0),
                visitor,
                nature,
                noise: dice.below(u64::MAX),
            });
        }
    }
}

fn walk_ins(sales: &mut Sales, week: &Week, size: f64, people: &mut Visitors, dice: &mut Dice) {
    for _ in 0..dice.count(WALK_INS * size * week.level) {
        let at = open_moment(week, dice);
        let customer = newcomer(people);
        let city = if dice.chance(TO_PETROZAVODSK) {
            City::Petrozavodsk
        } else {
            City::Murmansk
        };
        let manager = assigned(city, dice);
        let deal = Deal {
            origin: Origin::WalkIn,
            ..new_deal(at, customer, city, manager, dice)
        };
        sales.deals.push(close(deal, WALK_INS_WIN, dice));
    }
}

/// The next customer, who has never been in touch.
fn newcomer(people: &mut Visitors) -> Customer {
    people.customers += 1;
    Customer(people.customers - 1)
}

fn open_moment(week: &Week, dice: &mut Dice) -> i64 {
    next_opening(week.moment(dice)).min(week.end - 1)
}
