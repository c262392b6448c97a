//! What is broken into the invented firm: incidents of the second conversion, noise, and other firms.

use std::ops::Range;

use crate::diagnosis::firm::{Dice, quiet};
use crate::model::facts::ContactKind;
use crate::model::money::Minor;
use crate::model::observations::*;

/// The firm so many times as large: so many quiet firms in one.
pub(super) fn firm(seed: u64, size: u64) -> Observations {
    let mut seen = quiet(seed * 10);
    for other in (1..size).map(|part| quiet(seed * 10 + part)) {
        seen.inquiries
            .iter_mut()
            .for_each(|all| all.extend(other.inquiries.iter().flatten().copied()));
        seen.calls
            .iter_mut()
            .for_each(|all| all.extend(other.calls.iter().flatten().copied()));
        seen.deals
            .iter_mut()
            .for_each(|all| all.extend(other.deals.iter().flatten().copied()));
    }
    seen
}

/// The deals, each with its inquiry, of those that began on these days.
pub(super) fn since(
    seen: &mut Observations,
    days: Range<u32>,
    mut change: impl FnMut(&mut SeenInquiry, &mut SeenDeal),
) {
    let inquiries = seen.inquiries.as_mut().expect("the firm has contacts");
    let deals = seen.deals.as_mut().expect("the firm has a CRM");
    for (inquiry, deal) in inquiries
        .iter_mut()
        .zip(deals)
        .filter(|(inquiry, _)| days.contains(&inquiry.day))
    {
        change(inquiry, deal);
    }
}

pub(super) fn lose(inquiry: &mut SeenInquiry, deal: &mut SeenDeal, after: u32, end: u32) {
    (inquiry.sold_after, inquiry.amount) = (None, Minor(0));
    (deal.won_after, deal.amount, deal.is_untargeted) = (None, Minor(0), false);
    let closes = deal.day + after;
    (deal.state, deal.reason) = if closes < end {
        (DealState::Lost, 1)
    } else {
        (DealState::Open, 0)
    };
    deal.closed_day = (closes < end).then_some(closes);
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
        if (channel == 0 || inquiry.channel == channel) && dice.hits(share) {
            lose(inquiry, deal, dice.below(7), end);
            if deal.state == DealState::Lost {
                (deal.is_untargeted, deal.reason) = (true, 2);
            }
        }
    });
}

/// A share of the people who wait are talked with hours later or never, and two of three of them do not buy.
pub(super) fn slower(seen: &mut Observations, days: Range<u32>, share: f64, seed: u64) {
    let (mut dice, end) = (Dice::new(seed), seen.days());
    since(seen, days, |inquiry, deal| {
        if inquiry.kind != ContactKind::Call && dice.hits(share) {
            inquiry.first_talk_s = inquiry
                .first_talk_s
                .filter(|_| dice.hits(0.7))
                .map(|after| after * 8 + 3_600);
            deal.first_talk_s = inquiry.first_talk_s;
            if dice.hits(0.67) {
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
        if inquiry.kind == ContactKind::Call
            && line.is_none_or(|line| inquiry.line == line)
            && dice.hits(share)
        {
            missed.insert((inquiry.at, inquiry.line));
            inquiry.kind = ContactKind::MissedCall;
            inquiry.first_talk_s = Some(1_200);
            (deal.contact, deal.first_talk_s) = (Some(ContactKind::MissedCall), Some(1_200));
            if dice.hits(0.67) {
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
    let again = deals
        .iter()
        .filter(|deal| days.contains(&deal.day) && dice.hits(share));
    let again: Vec<SeenDeal> = again
        .map(|deal| SeenDeal {
            state: DealState::New,
            closed_day: None,
            won_after: None,
            is_repeat: true,
            ..*deal
        })
        .collect();
    deals.extend(again);
}

/// Weeks that differ: of each, a share of the sales, of the talks and of the answered calls is as in bad weeks.
pub(super) fn noisy(seed: u64, size: u64, deviation: f64) -> Observations {
    let (mut seen, mut dice) = (firm(seed, size), Dice::new(seed + 99));
    let end = seen.days();
    let mut weeks = || {
        (0..end / 7 + 1)
            .map(|_| deviation * 3.4 * dice.share())
            .collect::<Vec<f64>>()
    };
    let (fewer, colder, slower) = (weeks(), weeks(), weeks());
    since(&mut seen, 0..u32::MAX, |inquiry, deal| {
        let week = (inquiry.day / 7) as usize;
        if deal.state == DealState::Won && dice.hits(fewer[week]) {
            let after = 2 + dice.below(10);
            lose(inquiry, deal, after, end);
        }
        if deal.state == DealState::Lost && dice.hits(colder[week] * 0.3) {
            (deal.is_untargeted, deal.reason) = (true, 2);
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
    let keep = |at: usize| at.is_multiple_of(3);
    let mut at = 0;
    let mut next = || {
        at += 1;
        keep(at)
    };
    seen.inquiries
        .iter_mut()
        .for_each(|all| all.retain(|_| next()));
    let mut at = 0;
    seen.deals.iter_mut().for_each(|all| {
        all.retain(|_| {
            at += 1;
            keep(at)
        });
    });
    seen.calls
        .iter_mut()
        .for_each(|all| all.retain(|call| keep(call.person as usize)));
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
