//! Deals: what they are worth, how they end and when. The numbers are invented, as those of `sales` are.

use super::calendar::{DAY, HOUR, next_opening};
use super::channels::{CHANNELS, City, GOOGLE_ADS};
use super::dice::Dice;
use super::incidents::IncidentKind;
use super::people::Customer;
use super::plan::{Plan, Planted};
use super::records::{Contact, Deal, Origin};
use super::sources::SOURCES;
use super::staff::{LAZY, MANAGERS};

/// Share of deals that an average manager wins.
const WINS: f64 = 0.272;
/// What it does to that when a customer was talked to, and when nobody called back.
const SERVED: f64 = 1.04;
const UNSERVED: f64 = 0.3;
/// Quality of inquiries whose channel is not known, against the average.
const UNKNOWN_QUALITY: f64 = 0.97;
/// How long deals take that are won, days: median, deviation of the logarithm, and the longest. Those that are lost are
/// given up a little earlier.
const LAG: f64 = 9.0;
const LAG_DEVIATION: f64 = 0.8;
const LONGEST_LAG: f64 = 150.0;
const LOST_LAG: f64 = 0.9;
/// Share of lost deals that the lazy manager leaves open.
const LEFT_OPEN: f64 = 0.75;

/// Decides a deal's end by channel, manager, service and the incidents that are on.
pub fn decide(deal: Deal, contact: Contact, served: bool, plan: &Plan, dice: &mut Dice) -> Deal {
    let channel = deal
        .visitor
        .map(|visitor| SOURCES[usize::from(visitor.source)].channel);
    let lazy = plan
        .on(IncidentKind::LazyManager, contact.at)
        .filter(|_| deal.manager == LAZY);
    let cold = plan
        .on(IncidentKind::ColdLeads, contact.at)
        .filter(|_| channel == Some(GOOGLE_ADS));
    let usual = usual_wins(deal.manager, channel, served);
    let factor = left_of_usual(lazy) * left_of_usual(cold);
    // One draw says both what happens and what would have happened without the incidents: the difference is their loss.
    let draw = dice.unit();
    let won = draw < usual * factor;
    let would_be_won = draw < usual;
    if would_be_won
        && !won
        && let Some(planted) = lazy.or(cold)
    {
        planted.lose_one();
    }
    let origin = if cold.is_some() && !won {
        Origin::Cold
    } else {
        deal.origin
    };
    let mut deal = close_as(Deal { origin, ..deal }, won, dice);
    if lazy.is_some() && !won && dice.chance(LEFT_OPEN) {
        deal.closed = None;
    }
    if let Some(late) = deal
        .closed
        .and_then(|at| plan.on(IncidentKind::LateCrm, at))
    {
        late.lose_one();
        // From nine in the morning, and until three in the afternoon of the day after.
        deal.closed = Some(late.end + 9 * HOUR + dice.between(0, 30 * HOUR));
    }
    deal
}

/// How likely a deal is won when nothing is wrong.
fn usual_wins(manager: u8, channel: Option<u8>, served: bool) -> f64 {
    let skill = MANAGERS[usize::from(manager)].skill;
    let quality = match channel {
        Some(channel) => CHANNELS[usize::from(channel)].quality,
        None => UNKNOWN_QUALITY,
    };
    WINS * quality * skill * if served { SERVED } else { UNSERVED }
}

/// What an incident leaves of the usual; all of it when there is none.
fn left_of_usual(planted: Option<&Planted>) -> f64 {
    planted.map_or(1.0, |planted| planted.incident.factor)
}

/// What windows cost in each city, roubles: the median, deviation of its logarithm, and bounds.
const AMOUNT_PETROZAVODSK: f64 = 118_000.0;
const AMOUNT_MURMANSK: f64 = 134_000.0;
const AMOUNT_DEVIATION: f64 = 0.36;
const SMALLEST_AMOUNT: f64 = 38_000.0;
const LARGEST_AMOUNT: f64 = 420_000.0;

/// An open deal about something of a usual price.
pub fn new_deal(
    created: i64,
    customer: Customer,
    city: City,
    manager: u8,
    dice: &mut Dice,
) -> Deal {
    let typical = match city {
        City::Petrozavodsk => AMOUNT_PETROZAVODSK,
        City::Murmansk => AMOUNT_MURMANSK,
    };
    let amount = dice.log_normal(typical, AMOUNT_DEVIATION);
    // Offers are made in whole hundreds.
    let hundreds = amount.clamp(SMALLEST_AMOUNT, LARGEST_AMOUNT) / 100.0;
    let amount = hundreds as i64 * 100;
    let noise = dice.below(u64::MAX);
    Deal {
        created,
        closed: None,
        won: false,
        customer,
        city,
        manager,
        amount,
        visitor: None,
        origin: Origin::Call,
        noise,
    }
}

/// Closes a deal that is won with probability `wins`.
pub fn close(deal: Deal, wins: f64, dice: &mut Dice) -> Deal {
    let won = dice.chance(wins);
    close_as(deal, won, dice)
}

fn close_as(deal: Deal, won: bool, dice: &mut Dice) -> Deal {
    let median = if won { LAG } else { LAG * LOST_LAG };
    let days = dice.log_normal(median, LAG_DEVIATION).min(LONGEST_LAG);
    let lag = (days * DAY as f64) as i64;
    // Deals are closed by people, so in working hours.
    Deal {
        won,
        closed: Some(next_opening(deal.created + lag.max(HOUR))),
        ..deal
    }
}
