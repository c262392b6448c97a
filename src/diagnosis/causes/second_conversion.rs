//! The causes of a fallen second conversion against each other, on the invented firm.

use super::{Assessment, CAUSES};
use crate::diagnosis::case::Case;
use crate::diagnosis::finding::CauseCode;
use crate::diagnosis::firm::{Dice, START, quiet, settings};
use crate::model::facts::ContactKind;
use crate::model::money::Minor;
use crate::model::observations::*;

/// The rivals, in the order of the columns below.
const RIVALS: [CauseCode; 3] = [CauseCode::LeadQuality, CauseCode::Managers, CauseCode::CrmHygiene];

/// The firm so many times as large: so many quiet firms in one.
fn firm(seed: u64, size: u64) -> Observations {
    let mut seen = quiet(seed * 10);
    for other in (1..size).map(|part| quiet(seed * 10 + part)) {
        seen.inquiries.iter_mut().for_each(|all| all.extend(other.inquiries.iter().flatten().copied()));
        seen.calls.iter_mut().for_each(|all| all.extend(other.calls.iter().flatten().copied()));
        seen.deals.iter_mut().for_each(|all| all.extend(other.deals.iter().flatten().copied()));
    }
    seen
}

fn assess(seen: &Observations, code: CauseCode) -> Assessment {
    let settings = settings();
    let cause = CAUSES.iter().find(|cause| cause.code == code).expect("the cause is registered");
    (cause.assess)(&Case::new(seen, &settings))
}

fn odds(seen: &Observations) -> [f64; 3] {
    RIVALS.map(|code| assess(seen, code).log_odds().expect("it can be assessed"))
}

/// The deals, each with its inquiry, of those that began on a day or later.
fn since(seen: &mut Observations, from: u32, mut change: impl FnMut(&mut SeenInquiry, &mut SeenDeal)) {
    let inquiries = seen.inquiries.as_mut().expect("the firm has contacts");
    let deals = seen.deals.as_mut().expect("the firm has a CRM");
    for (inquiry, deal) in inquiries.iter_mut().zip(deals).filter(|(inquiry, _)| inquiry.day >= from) {
        change(inquiry, deal);
    }
}

fn lose(inquiry: &mut SeenInquiry, deal: &mut SeenDeal, after: u32, end: u32) {
    (inquiry.sold_after, inquiry.amount) = (None, Minor(0));
    (deal.won_after, deal.amount, deal.is_untargeted) = (None, Minor(0), false);
    let closes = deal.day + after;
    (deal.state, deal.reason) = if closes < end { (DealState::Lost, 1) } else { (DealState::Open, 0) };
    deal.closed_day = (closes < end).then_some(closes);
}

/// A share of the inquiries of a channel (0: of all) are of people who are no customers, refused within a week.
fn colder(seen: &mut Observations, channel: Code, from: u32, share: f64, seed: u64) {
    let (mut dice, end) = (Dice::new(seed), seen.days());
    since(seen, from, |inquiry, deal| {
        if (channel == 0 || inquiry.channel == channel) && dice.hits(share) {
            lose(inquiry, deal, dice.below(7), end);
            if deal.state == DealState::Lost {
                (deal.is_untargeted, deal.reason) = (true, 2);
            }
        }
    });
}

/// A share of the people who wait are talked with hours later or never, and two of three of them do not buy.
fn slower(seen: &mut Observations, from: u32, share: f64, seed: u64) {
    let (mut dice, end) = (Dice::new(seed), seen.days());
    since(seen, from, |inquiry, deal| {
        if inquiry.kind != ContactKind::Call && dice.hits(share) {
            inquiry.first_talk_s = inquiry.first_talk_s.filter(|_| dice.hits(0.7)).map(|after| after * 8 + 3_600);
            deal.first_talk_s = inquiry.first_talk_s;
            if dice.hits(0.67) {
                let after = 5 + dice.below(10);
                lose(inquiry, deal, after, end);
            }
        }
    });
}

/// A share of the answered calls are missed, and two of three of these people do not buy.
fn missing(seen: &mut Observations, from: u32, share: f64, seed: u64) {
    let (mut dice, end) = (Dice::new(seed), seen.days());
    let mut missed = std::collections::BTreeSet::new();
    since(seen, from, |inquiry, deal| {
        if inquiry.kind == ContactKind::Call && dice.hits(share) {
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
fn weaker(seen: &mut Observations, from: u32, share: f64, seed: u64) {
    let (mut dice, end) = (Dice::new(seed), seen.days());
    since(seen, from, |inquiry, deal| {
        if deal.manager == 3 && deal.state != DealState::Lost && dice.hits(share) {
            let after = 2 + dice.below(10);
            lose(inquiry, deal, after, end);
        }
    });
}

/// A share of the closings since a day are not entered yet.
fn unclosed(seen: &mut Observations, from: u32, share: f64, seed: u64) {
    let mut dice = Dice::new(seed);
    since(seen, 0, |inquiry, deal| {
        if deal.closed_day.is_some_and(|day| day >= from) && dice.hits(share) {
            (inquiry.sold_after, inquiry.amount) = (None, Minor(0));
            (deal.won_after, deal.amount, deal.is_untargeted) = (None, Minor(0), false);
            (deal.state, deal.closed_day, deal.reason) = (DealState::Open, None, 0);
        }
    });
}

/// A share of the deals is entered twice.
fn doubled(seen: &mut Observations, from: u32, share: f64, seed: u64) {
    let mut dice = Dice::new(seed);
    let deals = seen.deals.as_mut().expect("the firm has a CRM");
    let again = deals.iter().filter(|deal| deal.day >= from && dice.hits(share));
    let again: Vec<SeenDeal> = again
        .map(|deal| SeenDeal { state: DealState::New, closed_day: None, won_after: None, is_repeat: true, ..*deal })
        .collect();
    deals.extend(again);
}

/// A share of the sales of a channel (0: of all) does not come, and nothing else moves.
fn silent(seen: &mut Observations, channel: Code, from: u32, share: f64, seed: u64) {
    let (mut dice, end) = (Dice::new(seed), seen.days());
    since(seen, from, |inquiry, deal| {
        let is_here = channel == 0 || inquiry.channel == channel;
        if is_here && deal.state != DealState::Lost && dice.hits(share) {
            let after = 2 + dice.below(20);
            lose(inquiry, deal, after, end);
        }
    });
}

/// Weeks that differ: of each, a share of the sales, of the talks and of the answered calls is as in bad weeks.
fn noisy(seed: u64, size: u64, deviation: f64) -> Observations {
    let (mut seen, mut dice) = (firm(seed, size), Dice::new(seed + 99));
    let end = seen.days();
    let mut weeks = || (0..end / 7 + 1).map(|_| deviation * 3.4 * dice.share()).collect::<Vec<f64>>();
    let (fewer, colder, slower) = (weeks(), weeks(), weeks());
    since(&mut seen, 0, |inquiry, deal| {
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

type Incident = fn(&mut Observations, u32, f64, u64);
const INCIDENTS: [(&str, usize, Incident); 10] = [
    ("colder channel 1", 0, |seen, from, share, seed| colder(seen, 1, from, share, seed)),
    ("colder channel 3", 0, |seen, from, share, seed| colder(seen, 3, from, share, seed)),
    ("colder all", 0, |seen, from, share, seed| colder(seen, 0, from, share, seed)),
    ("slower", 1, slower),
    ("missing", 1, missing),
    ("weak manager", 1, weaker),
    ("unclosed", 2, unclosed),
    ("doubled", 2, doubled),
    ("silent channel 1", 0, |seen, from, share, seed| silent(seen, 1, from, share, seed)),
    ("silent all", 0, |seen, from, share, seed| silent(seen, 0, from, share, seed)),
];

/// For those who tune: hit rates by severity, size and age, and the quiet rates.
#[test]
#[ignore = "prints a table"]
fn measure() {
    let seeds: u64 = std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(20);
    for size in [1, 4] {
        for (noise, at) in [0.0, 0.06, 0.12].into_iter().flat_map(|noise| (0..3).map(move |at| (noise, at))) {
            let quiet: Vec<[f64; 3]> = (0..seeds * 2).map(|seed| odds(&noisy(seed, size, noise))).collect();
            let mut all: Vec<f64> = quiet.iter().map(|odds| odds[at]).collect();
            all.sort_by(f64::total_cmp);
            let above = all.iter().filter(|odds| **odds > 1.0).count();
            println!(
                "quiet x{size} noise {noise} {:?}: median {:.1} p90 {:.1} max {:.1}; above 1: {above} of {}",
                RIVALS[at],
                all[all.len() / 2],
                all[all.len() * 9 / 10],
                all[all.len() - 1],
                all.len()
            );
        }
        for (name, right, incident) in INCIDENTS {
            for back in [0, 14, 35] {
                for share in [0.25, 0.5, 0.9] {
                    let (mut hits, mut first, mut sums) = (0, 0, [0.0; 3]);
                    for seed in 0..seeds {
                        let mut seen = firm(seed, size);
                        incident(&mut seen, START - back, share, seed + 7);
                        let odds = odds(&seen);
                        (0..3).for_each(|at| sums[at] += odds[at] / seeds as f64);
                        hits += u32::from(odds[right] > 3.0);
                        first += u32::from((0..3).all(|at| at == right || odds[at] < odds[right]));
                    }
                    println!(
                        "x{size} {name} {share} since {back}: found {hits} first {first} of {seeds}; means {:.1} {:.1} {:.1}",
                        sums[0], sums[1], sums[2]
                    );
                }
            }
        }
    }
}
