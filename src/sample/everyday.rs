//! What goes on besides inquiries from the site: static lines, ordinary calls, robots, spam, walk-ins.

use super::calendar::{MOSCOW, date_at, holiday, next_opening};
use super::channels::City;
use super::deals::{close, new_deal};
use super::dice::Dice;
use super::people::Customer;
use super::records::{By, Call, CallOutcome, Contact, Deal, Ends, Form, Nature, Origin, Visitor};
use super::sales::{Sales, dialled};
use super::sources::TYPED_IN;
use super::staff::{LINES, assigned};
use super::visits::Visitors;
use super::week::Week;

/// Ordinary calls of an average week that have nothing to do with inquiries.
const ORDINARY_OUTBOUND: f64 = 45.0;
const INTERNAL: f64 = 25.0;
const ROBOT_CALLS: f64 = 3.0;
const WALK_INS: f64 = 2.5;

/// People who call the numbers on billboards and maps.
pub fn static_lines(
    sales: &mut Sales,
    week: &Week,
    size: f64,
    people: &mut Visitors,
    dice: &mut Dice,
) {
    for (line, weekly) in LINES
        .iter()
        .enumerate()
        .map(|(index, line)| (index as u8, line.weekly))
    {
        for _ in 0..dice.count(weekly * size * week.level) {
            let at = if dice.chance(0.7) {
                open_moment(week, dice)
            } else {
                week.moment(dice)
            };
            if holiday(date_at(at, MOSCOW)).is_some() && dice.chance(0.5) {
                continue;
            }
            sales.contacts.push(Contact {
                at,
                customer: newcomer(people),
                by: By::Call(line),
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
    for _ in 0..dice.count(ORDINARY_OUTBOUND * size) {
        let at = open_moment(week, dice);
        let Some(customer) = (!sales.recent.is_empty()).then(|| *dice.pick(&sales.recent)) else {
            break;
        };
        let manager = dice.below(6) as u8;
        sales.calls.push(dialled(at, customer, manager, dice));
    }
    for _ in 0..dice.count(INTERNAL * size) {
        let (at, manager) = (open_moment(week, dice), dice.below(6) as u8);
        let colleague = (manager + 1 + dice.below(5) as u8) % 6;
        let talk = dice.between(5, 180);
        sales.calls.push(Call {
            at,
            ends: Ends::Internal(colleague),
            manager,
            outcome: CallOutcome::Answered,
            ringing: 4,
            talk,
            tracked: None,
        });
    }
    for _ in 0..dice.count(ROBOT_CALLS * size) {
        let (robot, line) = (dice.below(3) as u8, dice.below(4) as u8);
        let ends = Ends::Robot(robot, line);
        let (at, talk) = (open_moment(week, dice), dice.between(1, 5));
        sales.calls.push(Call {
            at,
            ends,
            manager: assigned(LINES[usize::from(line)].city, dice),
            outcome: CallOutcome::Answered,
            ringing: 5,
            talk,
            tracked: None,
        });
    }
    for (nature, mean) in [(Nature::Spam, 1.2), (Nature::Test, 0.5)] {
        for _ in 0..dice.count(mean * size) {
            let at = week.moment(dice);
            let client = at as u64 * 1_000_000_000 + dice.below(1_000_000_000);
            let visitor = Visitor {
                client,
                source: TYPED_IN,
                city: City::Petrozavodsk,
                device: 1,
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
    for _ in 0..dice.count(WALK_INS * size * week.level) {
        let (at, customer) = (open_moment(week, dice), newcomer(people));
        let city = if dice.chance(0.6) {
            City::Petrozavodsk
        } else {
            City::Murmansk
        };
        let deal = Deal {
            origin: Origin::WalkIn,
            ..new_deal(at, customer, city, assigned(city, dice), dice)
        };
        sales.deals.push(close(deal, 0.45, dice));
    }
}

fn newcomer(people: &mut Visitors) -> Customer {
    people.customers += 1;
    Customer(people.customers - 1)
}

fn open_moment(week: &Week, dice: &mut Dice) -> i64 {
    next_opening(week.moment(dice)).min(week.end - 1)
}
