//! Deals: what they are worth, how they end and when.

use super::calendar::{DAY, next_opening};
use super::channels::{CHANNELS, City, GOOGLE_ADS};
use super::dice::Dice;
use super::incidents::IncidentKind;
use super::people::Customer;
use super::plan::Plan;
use super::records::{Contact, Deal, Origin};
use super::sources::SOURCES;
use super::staff::{MANAGERS, is_lazy};

/// Share of deals that an average manager wins.
const WINS: f64 = 0.272;
/// How long deals take: median in days and deviation of the logarithm.
const LAG: (f64, f64) = (9.0, 0.8);

/// Decides a deal's end by channel, manager, service and the incidents that are on.
pub fn decide(deal: Deal, contact: Contact, served: bool, plan: &Plan, dice: &mut Dice) -> Deal {
    let manager = &MANAGERS[usize::from(deal.manager)];
    let channel = deal
        .visitor
        .map(|visitor| SOURCES[usize::from(visitor.source)].channel);
    let quality = channel.map_or(0.97, |channel| CHANNELS[usize::from(channel)].quality);
    let usual = WINS * quality * manager.skill * if served { 1.04 } else { 0.3 };
    let lazy = is_lazy(deal.manager, contact.at, plan);
    let cold = plan
        .on(IncidentKind::ColdLeads, contact.at)
        .filter(|_| channel == Some(GOOGLE_ADS));
    let draw = dice.unit();
    let factor = if lazy { 0.12 } else { 1.0 } * if cold.is_some() { 0.1 } else { 1.0 };
    if draw < usual && draw >= usual * factor {
        let taken = if lazy {
            plan.on(IncidentKind::LazyManager, contact.at)
        } else {
            cold
        };
        taken
            .iter()
            .for_each(|planted| planted.lost.set(planted.lost.get() + 1));
    }
    let origin = if cold.is_some() && draw >= usual * factor {
        Origin::Cold
    } else {
        deal.origin
    };
    let won = draw < usual * factor;
    let mut deal = close_as(Deal { origin, ..deal }, won, dice);
    if lazy && !won && dice.chance(0.75) {
        deal.closed = None;
    }
    if let Some(late) = deal
        .closed
        .and_then(|at| plan.on(IncidentKind::LateCrm, at))
    {
        late.lost.set(late.lost.get() + 1);
        deal.closed = Some(late.end + 9 * 3600 + dice.between(0, 30 * 3600));
    }
    deal
}

/// An open deal about something of a usual price.
pub fn new_deal(
    created: i64,
    customer: Customer,
    city: City,
    manager: u8,
    dice: &mut Dice,
) -> Deal {
    let typical = if city == City::Petrozavodsk {
        118_000.0
    } else {
        134_000.0
    };
    let amount = (dice.log_normal(typical, 0.36).clamp(38_000.0, 420_000.0) / 100.0) as i64 * 100;
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
    let median = if won { LAG.0 } else { LAG.0 * 0.9 };
    let lag = (dice.log_normal(median, LAG.1).min(150.0) * DAY as f64) as i64;
    // Deals are closed by people, so in working hours.
    Deal {
        won,
        closed: Some(next_opening(deal.created + lag.max(3600))),
        ..deal
    }
}
