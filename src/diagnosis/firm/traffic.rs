//! The sessions of the firm's channels, the clicks they cost, and the inquiries they turn into.

use chrono::TimeDelta;

use super::{Dice, START};
use crate::model::facts::{ContactKind, MatchedBy};
use crate::model::money::Minor;
use crate::model::observations::*;
use crate::model::zone;

/// Channel id, sessions a week, inquiries a session, paid.
pub(super) const CHANNELS: [(&str, f64, f64, bool); 4] = [
    ("yandex-direct-search", 800.0, 0.05, true),
    ("yandex-direct-network", 1200.0, 0.012, true),
    ("organic-search", 600.0, 0.04, false),
    ("direct", 400.0, 0.03, false),
];
const WEEKDAYS: [f64; 7] = [1.2, 1.2, 1.15, 1.1, 1.05, 0.7, 0.6];
const HOURS: std::ops::Range<u32> = 9..20;

pub(super) fn traffic(seen: &mut Observations, dice: &mut Dice, day: u32) {
    for (index, (_, weekly, rate, paid)) in CHANNELS.into_iter().enumerate() {
        let channel = index as Code + 1;
        for device in 1..=2u16 {
            let sessions = dice.count(
                weekly / 7.0 * WEEKDAYS[day as usize % 7] * if device == 1 { 0.6 } else { 0.4 },
            );
            let mut cells = [SessionCounts::default(); 9];
            for _ in 0..sessions {
                let page = [0, 0, 1, 2][dice.below(4) as usize];
                let region = [0, 0, 0, 1, 2][dice.below(5) as usize];
                let cell = &mut cells[page * 3 + region];
                one_session(cell, dice);
                let hour = HOURS.start + dice.below(HOURS.len() as u32);
                if dice.hits(rate) {
                    cell.form_starts += u32::from(dice.hits(0.6));
                    inquire(
                        seen,
                        dice,
                        day,
                        (channel, device, page as Code + 1, region as Code + 1),
                        hour,
                    );
                }
            }
            put(seen, day, channel, device, &cells);
        }
        if paid {
            let clicks = dice.count(weekly / 7.0 * 1.1 * WEEKDAYS[day as usize % 7]);
            let cost = Minor(i64::from(clicks) * 3_000);
            let row = AdDay {
                day,
                channel,
                impressions: clicks * 20,
                clicks,
                cost,
            };
            seen.ads.as_mut().expect("the firm advertises").push(row);
        }
    }
}

fn one_session(cell: &mut SessionCounts, dice: &mut Dice) {
    cell.sessions += 1;
    let bounced = dice.hits(0.3);
    cell.bounces += u32::from(bounced);
    cell.instant += u32::from(bounced && dice.hits(0.2));
    cell.newcomers += u32::from(dice.hits(0.7));
    cell.phone_taps += u32::from(dice.hits(0.03));
    cell.seconds += u64::from(if bounced { 4 } else { 30 + dice.below(120) });
}

fn put(seen: &mut Observations, day: u32, channel: Code, device: Code, cells: &[SessionCounts; 9]) {
    let mut all = SessionCounts::default();
    for (at, counts) in cells.iter().enumerate() {
        all.add(counts);
        let (page, region) = (at as Code / 3 + 1, at as Code % 3 + 1);
        let counts = *counts;
        seen.page_visits.push(Visits {
            day,
            page,
            counts,
            ..Visits::default()
        });
        seen.region_visits.push(Visits {
            day,
            channel,
            region,
            counts,
            ..Visits::default()
        });
        if let Some(half) = (day >= START - 56).then_some(u32::from(day >= START)) {
            seen.leaves.push(Visits {
                day: half,
                channel,
                device,
                page,
                region,
                counts,
            });
        }
    }
    let row = Visits {
        day,
        channel,
        device,
        counts: all,
        ..Visits::default()
    };
    seen.visits
        .as_mut()
        .expect("the firm has a counter")
        .push(row);
}

/// An inquiry of a session: a call on line A or B, or a form; a call is missed in one of eight.
fn inquire(
    seen: &mut Observations,
    dice: &mut Dice,
    day: u32,
    of: (Code, Code, Code, Code),
    hour: u32,
) {
    let (channel, device, page, region) = of;
    let at = zone::day_start(seen.date(day), seen.zone)
        + TimeDelta::minutes(i64::from(hour * 60 + dice.below(60)));
    let by_phone = dice.hits(0.6);
    let line = if by_phone {
        1 + Code::from(dice.hits(0.3))
    } else {
        0
    };
    let answered = dice.hits(0.88);
    let kind = match (by_phone, answered) {
        (true, true) => ContactKind::Call,
        (true, false) => ContactKind::MissedCall,
        _ => ContactKind::Form,
    };
    let person = seen.inquiries.as_ref().map_or(0, Vec::len) as u32 + 1;
    let first_talk_s = match kind {
        ContactKind::Call => Some(0),
        _ if dice.hits(0.9) => Some(300 + dice.below(3_000)),
        _ => None,
    };
    let talk = |direction, after: u32, answered, line: Code| SeenCall {
        at: at + TimeDelta::seconds(i64::from(after)),
        day,
        hour: hour as u8,
        direction,
        line,
        trunk: if line == 2 { 2 } else { 1 },
        operator: if answered {
            1 + (person % 3) as Code
        } else {
            0
        },
        answered,
        failed: false,
        busy: false,
        talk_s: if answered { 60 + person % 200 } else { 0 },
        wait_s: 8,
        person,
        is_first: direction == Direction::Inbound,
    };
    let calls = seen.calls.as_mut().expect("the firm has telephones");
    if by_phone {
        calls.push(talk(Direction::Inbound, 0, answered, line));
    }
    if let Some(after) = first_talk_s.filter(|after| *after > 0) {
        calls.push(talk(
            Direction::Outbound,
            after,
            true,
            1 + (person % 2) as Code,
        ));
    }
    let form = if by_phone {
        0
    } else {
        1 + Code::from(dice.hits(0.4))
    };
    let inquiry = SeenInquiry {
        at,
        day,
        hour: hour as u8,
        kind,
        channel,
        matched_by: MatchedBy::Client,
        device,
        page,
        region,
        line,
        form,
        first_talk_s,
        sold_after: None,
        amount: Minor(0),
    };
    seen.inquiries
        .as_mut()
        .expect("the firm has contacts")
        .push(inquiry);
}
