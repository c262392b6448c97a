//! What is broken into the invented firm: incidents of the second conversion, noise, and other firms.

use std::ops::Range;

use crate::diagnosis::firm::{Dice, quiet};
use crate::model::facts::ContactKind;
use crate::model::money::Minor;
use crate::model::observations::*;

/// The reason of a refusal that names an untargeted person, and that of all others, as the quiet firm has them.
const NOT_TARGET: Code = 2;
const PRICE: Code = 1;
/// Of people who were answered badly so many do not buy.
const LOST_OF_BADLY_ANSWERED: f64 = 0.67;
/// Seconds after which a missed call is called back: twenty minutes, which is no late answer.
const CALLED_BACK_S: u32 = 1_200;

/// The firm so many times as large: so many quiet firms in one.
pub(super) fn firm(seed: u64, size: u64) -> Observations {
    let mut seen = quiet(seed * 10);
    for part in 1..size {
        // Ten seeds are kept for the parts of each firm, so that no two firms share one.
        let other = quiet(seed * 10 + part);
        add(&mut seen.inquiries, other.inquiries);
        add(&mut seen.calls, other.calls);
        add(&mut seen.deals, other.deals);
    }
    seen
}

fn add<Row>(all: &mut Option<Vec<Row>>, rows: Option<Vec<Row>>) {
    let all = all.as_mut().expect("a quiet firm has all tables");
    all.extend(rows.expect("a quiet firm has all tables"));
}

/// The deals, each with its inquiry, of those that began on these days.
pub(super) fn since(
    seen: &mut Observations,
    days: Range<u32>,
    mut change: impl FnMut(&mut SeenInquiry, &mut SeenDeal),
) {
    let inquiries = seen.inquiries.as_mut().expect("the firm has contacts");
    let deals = seen.deals.as_mut().expect("the firm has a CRM");
    // The quiet firm enters one deal for each inquiry, in their order.
    for (inquiry, deal) in inquiries.iter_mut().zip(deals) {
        if days.contains(&inquiry.day) {
            change(inquiry, deal);
        }
    }
}

/// The person does not buy: the deal is lost so many days after it was entered, or stays open when that is after the end.
pub(super) fn lose(inquiry: &mut SeenInquiry, deal: &mut SeenDeal, after: u32, end: u32) {
    (inquiry.sold_after, inquiry.amount) = (None, Minor(0));
    (deal.won_after, deal.amount, deal.is_untargeted) = (None, Minor(0), false);
    let closes = deal.day + after;
    let is_known = closes < end;
    (deal.state, deal.reason) = if is_known {
        (DealState::Lost, PRICE)
    } else {
        (DealState::Open, 0)
    };
    deal.closed_day = is_known.then_some(closes);
}

/// A share of the inquiries of a channel (0: of all) are of people who are no customers, refused within a week.
pub(super) fn colder(
    seen: &mut Observations,
    channel: Code,
    days: Range<u32>,
    share: f64,
    seed: u64,
) {
    let (mut dice, end) = (Dice::new(seed), seen.days());
    since(seen, days, |inquiry, deal| {
        let is_here = channel == 0 || inquiry.channel == channel;
        if is_here && dice.hits(share) {
            lose(inquiry, deal, dice.below(7), end);
            if deal.state == DealState::Lost {
                (deal.is_untargeted, deal.reason) = (true, NOT_TARGET);
            }
        }
    });
}

/// A share of the people who wait are talked with hours later or never, and two of three of them do not buy.
pub(super) fn slower(seen: &mut Observations, days: Range<u32>, share: f64, seed: u64) {
    let (mut dice, end) = (Dice::new(seed), seen.days());
    since(seen, days, |inquiry, deal| {
        if inquiry.kind != ContactKind::Call && dice.hits(share) {
            // Three of ten are never talked with; the others wait eight times as long and an hour more.
            let talked = inquiry.first_talk_s.filter(|_| dice.hits(0.7));
            inquiry.first_talk_s = talked.map(|after| after * 8 + 3_600);
            deal.first_talk_s = inquiry.first_talk_s;
            if dice.hits(LOST_OF_BADLY_ANSWERED) {
                let after = 5 + dice.below(10);
                lose(inquiry, deal, after, end);
            }
        }
    });
}

/// A share of the answered calls are missed, and two of three of these people do not buy.
pub(super) fn missing(seen: &mut Observations, days: Range<u32>, share: f64, seed: u64) {
    missing_on(seen, days, share, seed, None);
}

/// The same on one line only.
pub(super) fn missing_on(
    seen: &mut Observations,
    days: Range<u32>,
    share: f64,
    seed: u64,
    line: Option<Code>,
) {
    let (mut dice, end) = (Dice::new(seed), seen.days());
    let mut missed = std::collections::BTreeSet::new();
    since(seen, days, |inquiry, deal| {
        let is_here = line.is_none_or(|line| inquiry.line == line);
        if inquiry.kind == ContactKind::Call && is_here && dice.hits(share) {
            missed.insert((inquiry.at, inquiry.line));
            inquiry.kind = ContactKind::MissedCall;
            inquiry.first_talk_s = Some(CALLED_BACK_S);
            deal.contact = Some(ContactKind::MissedCall);
            deal.first_talk_s = Some(CALLED_BACK_S);
            if dice.hits(LOST_OF_BADLY_ANSWERED) {
                let after = 5 + dice.below(10);
                lose(inquiry, deal, after, end);
            }
        }
    });
    for call in seen.calls.as_mut().expect("the firm has telephones") {
        if call.direction == Direction::Inbound && missed.contains(&(call.at, call.line)) {
            (call.answered, call.talk_s, call.operator) = (false, 0, 0);
        }
    }
}

/// Manager 3 loses a share of what would have been won.
pub(super) fn weaker(seen: &mut Observations, days: Range<u32>, share: f64, seed: u64) {
    let (mut dice, end) = (Dice::new(seed), seen.days());
    since(seen, days, |inquiry, deal| {
        if deal.manager == 3 && deal.state != DealState::Lost && dice.hits(share) {
            let after = 2 + dice.below(10);
            lose(inquiry, deal, after, end);
        }
    });
}

/// A share of the closings since a day are not entered yet.
pub(super) fn unclosed(seen: &mut Observations, days: Range<u32>, share: f64, seed: u64) {
    let mut dice = Dice::new(seed);
    since(seen, 0..u32::MAX, |inquiry, deal| {
        if deal.closed_day.is_some_and(|day| days.contains(&day)) && dice.hits(share) {
            (inquiry.sold_after, inquiry.amount) = (None, Minor(0));
            (deal.won_after, deal.amount, deal.is_untargeted) = (None, Minor(0), false);
            (deal.state, deal.closed_day, deal.reason) = (DealState::Open, None, 0);
        }
    });
}

/// A share of the deals is entered twice.
pub(super) fn doubled(seen: &mut Observations, days: Range<u32>, share: f64, seed: u64) {
    let mut dice = Dice::new(seed);
    let deals = seen.deals.as_mut().expect("the firm has a CRM");
    let mut again = Vec::new();
    for deal in deals.iter() {
        if days.contains(&deal.day) && dice.hits(share) {
            again.push(SeenDeal {
                state: DealState::New,
                closed_day: None,
                won_after: None,
                is_repeat: true,
                ..*deal
            });
        }
    }
    deals.extend(again);
}

/// Weeks that differ: of each, a share of the sales, of the talks and of the answered calls is as in bad weeks.
pub(super) fn noisy(seed: u64, size: u64, deviation: f64) -> Observations {
    let (mut seen, mut dice) = (firm(seed, size), Dice::new(seed + 99));
    let end = seen.days();
    // What is drawn evenly between 0 and 1 is √12, about 3.4, deviations wide.
    let mut weeks = || -> Vec<f64> {
        let weeks = 0..end / 7 + 1;
        weeks.map(|_| deviation * 3.4 * dice.share()).collect()
    };
    let (fewer, colder, slower) = (weeks(), weeks(), weeks());
    since(&mut seen, 0..u32::MAX, |inquiry, deal| {
        let week = (inquiry.day / 7) as usize;
        if deal.state == DealState::Won && dice.hits(fewer[week]) {
            let after = 2 + dice.below(10);
            lose(inquiry, deal, after, end);
        }
        if deal.state == DealState::Lost && dice.hits(colder[week] * 0.3) {
            (deal.is_untargeted, deal.reason) = (true, NOT_TARGET);
        }
        if inquiry.first_talk_s.is_some_and(|after| after > 0) && dice.hits(slower[week] * 0.3) {
            inquiry.first_talk_s = inquiry.first_talk_s.map(|after| after * 8);
            deal.first_talk_s = inquiry.first_talk_s;
        }
    });
    seen
}

/// Only a third of the firm's inquiries, with their deals and calls.
pub(super) fn thin(seed: u64) -> Observations {
    let mut seen = quiet(seed);
    // Persons are numbered from 1 in the order of their inquiries, and so are the deals: all three keep the same ones.
    let is_kept = |person: usize| person.is_multiple_of(3);
    let mut person = 0;
    let mut is_next_kept = || {
        person += 1;
        is_kept(person)
    };
    if let Some(inquiries) = &mut seen.inquiries {
        inquiries.retain(|_| is_next_kept());
    }
    let mut person = 0;
    let mut is_next_kept = || {
        person += 1;
        is_kept(person)
    };
    if let Some(deals) = &mut seen.deals {
        deals.retain(|_| is_next_kept());
    }
    if let Some(calls) = &mut seen.calls {
        calls.retain(|call| is_kept(call.person as usize));
    }
    seen
}

/// The firm with sales and refusals that take three times as long.
pub(super) fn patient(seed: u64, size: u64) -> Observations {
    let mut seen = firm(seed, size);
    let end = seen.days();
    since(&mut seen, 0..u32::MAX, |inquiry, deal| {
        let Some(after) = deal.closed_day.map(|day| (day - deal.day) * 3) else {
            return;
        };
        let is_known = deal.day + after < end;
        deal.closed_day = is_known.then_some(deal.day + after);
        if !is_known {
            (deal.state, deal.reason, deal.is_untargeted, deal.amount) =
                (DealState::Open, 0, false, Minor(0));
        }
        let won = (deal.state == DealState::Won).then_some(after as u16);
        (deal.won_after, inquiry.sold_after) = (won, won);
    });
    seen
}
