//! Orders of the shop with all that becomes of them: stages, money, an answer to the survey, the next purchase.

use super::faults::{FaultKind, Faults};
use crate::sample::calendar::{DAY, HOUR, MINUTE, next_opening};
use crate::sample::dice::Dice;

/// Those who confirm orders.
pub const MANAGERS: [&str; 2] = ["Мария Зернова", "Олег Помолов"];
/// Index of the one who is slow for some weeks.
const SLOW: usize = 1;
/// Ways to pay and their usual share.
const PAYMENTS: [(&str, f64); 2] = [("Картой онлайн", 0.6), (ON_DELIVERY, 0.4)];
const ON_DELIVERY: &str = "При получении";
/// Ways to receive and their usual share.
const DELIVERIES: [(&str, f64); 3] = [("Курьер", 0.42), ("Пункт выдачи", 0.43), ("Почта", 0.15)];
/// Share of orders that are received, by the way they are paid.
const RECEIVED: [f64; 2] = [0.94, 0.78];
/// Why the others are not.
const REASONS: [(&str, f64); 3] = [
    ("Не дозвонились", 0.4),
    ("Передумал", 0.4),
    ("Нет в наличии", 0.2),
];
/// Why orders of the phrase that never sells are not: they come to the delivery point and lie there.
const NOT_PICKED_UP: &str = "Не выкупил";
/// Share of received orders that are given back, and how much of them.
const GIVEN_BACK: f64 = 0.04;
const GIVEN_BACK_WHOLE: f64 = 0.7;
/// Share of received orders whose buyer answers the survey.
const ANSWERS: f64 = 0.3;
/// Scores from 0 to 10: usual weights, and those of whom the slow manager kept waiting.
const SCORES: [f64; 11] = [1.0, 0.5, 0.5, 1.0, 1.0, 4.0, 8.0, 13.0, 16.0, 26.0, 29.0];
const LOW_SCORES: [f64; 11] = [8.0, 4.0, 6.0, 8.0, 8.0, 14.0, 16.0, 12.0, 10.0, 8.0, 6.0];
/// Share of received orders that are followed by another one, and the days to it: median, deviation of the logarithm, the least.
const BUYS_AGAIN: f64 = 0.42;
const DAYS_BETWEEN: (f64, f64, f64) = (33.0, 0.35, 8.0);

/// How an order ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// Received and paid for.
    Received,
    /// Cancelled, and why.
    Cancelled(&'static str),
}

/// An order with its future; times are Unix seconds, amounts whole roubles.
pub struct Order {
    /// Visitor of the site who made it.
    pub client: u64,
    /// Serial number of the buyer.
    pub buyer: u64,
    /// When it was made.
    pub made: i64,
    /// When it was confirmed by telephone.
    pub confirmed: i64,
    /// When it was sent.
    pub sent: i64,
    /// When it ended.
    pub ended: i64,
    /// How it ended.
    pub end: End,
    /// Index in [`MANAGERS`].
    pub manager: usize,
    /// How it is paid.
    pub payment: &'static str,
    /// How it is delivered.
    pub delivery: &'static str,
    /// What the buyer pays.
    pub amount: i64,
    /// What its goods cost the shop.
    pub cost: i64,
    /// When how much of it was given back.
    pub refund: Option<(i64, i64)>,
    /// When the buyer gave which score.
    pub score: Option<(i64, i64)>,
    /// When the buyer comes again.
    pub again: Option<i64>,
}

impl Order {
    /// The order that `client` makes at `made`; `is_picked_up` is false for the phrase that never sells.
    pub fn drawn(
        made: i64,
        (client, buyer): (u64, u64),
        is_picked_up: bool,
        faults: &Faults,
        dice: &mut Dice,
    ) -> Self {
        let manager = dice.below(MANAGERS.len() as u64) as usize;
        let late = manager == SLOW && faults.is_on(FaultKind::SlowManager, made);
        let paid = if is_picked_up {
            choose(&PAYMENTS, dice)
        } else {
            1
        };
        let delivery = if is_picked_up {
            choose(&DELIVERIES, dice)
        } else {
            1
        };
        let confirmed = next_opening(made) + confirming(late, dice);
        let sent = next_opening(confirmed + dice.between(16 * HOUR, 30 * HOUR));
        let patience = if late {
            faults.factor(FaultKind::SlowManager, made)
        } else {
            1.0
        };
        let end = if !is_picked_up {
            End::Cancelled(NOT_PICKED_UP)
        } else if dice.chance(RECEIVED[paid] * patience) {
            End::Received
        } else {
            End::Cancelled(REASONS[choose(&REASONS, dice)].0)
        };
        let ended = match end {
            End::Received => sent + days(1.6, 0.5, dice),
            End::Cancelled(NOT_PICKED_UP) => sent + days(6.0, 0.15, dice),
            End::Cancelled(_) => confirmed + dice.between(MINUTE, 4 * HOUR),
        };
        let (amount, cost) = amounts(dice);
        let mut order = Self {
            client,
            buyer,
            made,
            confirmed,
            sent,
            ended,
            end,
            manager,
            payment: PAYMENTS[paid].0,
            delivery: DELIVERIES[delivery].0,
            amount,
            cost,
            refund: None,
            score: None,
            again: None,
        };
        if end == End::Received {
            order.live_on(late, faults, dice);
        }
        order
    }

    /// What happens to an order that was received.
    fn live_on(&mut self, late: bool, faults: &Faults, dice: &mut Dice) {
        let returned = GIVEN_BACK * faults.factor(FaultKind::StaleLot, self.made);
        if dice.chance(returned) {
            let whole = dice.chance(GIVEN_BACK_WHOLE);
            let amount = if whole { self.amount } else { self.amount / 2 };
            self.refund = Some((self.ended + days(5.0, 0.4, dice), amount));
        }
        if dice.chance(ANSWERS) {
            let scores = if late { &LOW_SCORES } else { &SCORES };
            let at = self.ended + dice.between(DAY, 4 * DAY);
            self.score = Some((at, dice.weighted(scores) as i64));
        }
        if dice.chance(BUYS_AGAIN) {
            let (median, deviation, least) = DAYS_BETWEEN;
            let days = dice.log_normal(median, deviation).max(least);
            self.again = Some(self.made + (days * DAY as f64) as i64);
        }
    }
}

/// Seconds from the moment when somebody is there to the confirmation.
fn confirming(late: bool, dice: &mut Dice) -> i64 {
    let hours = if late {
        dice.log_normal(48.0, 0.3)
    } else {
        dice.log_normal(1.5, 0.8).min(12.0)
    };
    (hours * HOUR as f64) as i64
}

fn days(median: f64, deviation: f64, dice: &mut Dice) -> i64 {
    (dice.log_normal(median, deviation) * DAY as f64) as i64
}

/// What an order costs its buyer and the shop: packets of coffee, in whole tens of roubles.
fn amounts(dice: &mut Dice) -> (i64, i64) {
    let amount = dice.log_normal(1750.0, 0.45).clamp(450.0, 9_000.0) / 10.0;
    let amount = amount as i64 * 10;
    let share = 0.55 + 0.08 * dice.unit();
    (amount, (amount as f64 * share) as i64)
}

fn choose<T>(table: &[(T, f64)], dice: &mut Dice) -> usize {
    let weights: Vec<f64> = table.iter().map(|(_, weight)| *weight).collect();
    dice.weighted(&weights)
}
