//! A small invented firm for the tests of the causes: 30 quiet weeks, into which a test breaks what it wants.

use chrono::{NaiveDate, TimeDelta};
use rand::SeedableRng;
use rand::distr::{Distribution, Uniform};
use rand_distr::Poisson;
use rand_pcg::Pcg64Mcg;

use super::case::DiagnosisSettings;
use crate::model::facts::{ContactKind, MatchedBy};
use crate::model::money::Minor;
use crate::model::observations::*;
use crate::model::period::Period;
use crate::model::zone;

/// Weeks of the history.
pub const WEEKS: u32 = 30;
/// First day of the reported week, as a day of the history.
pub const START: u32 = (WEEKS - 1) * 7;
/// Channel id, sessions a week, inquiries a session, paid.
const CHANNELS: [(&str, f64, f64, bool); 4] = [
    ("yandex-direct-search", 800.0, 0.05, true),
    ("yandex-direct-network", 1200.0, 0.012, true),
    ("organic-search", 600.0, 0.04, false),
    ("direct", 400.0, 0.03, false),
];
const WEEKDAYS: [f64; 7] = [1.2, 1.2, 1.15, 1.1, 1.05, 0.7, 0.6];
const HOURS: std::ops::Range<u32> = 9..20;

/// Dice of a fixed seed.
pub struct Dice(Pcg64Mcg);

impl Dice {
    /// Dice of a seed.
    pub fn new(seed: u64) -> Self {
        Self(Pcg64Mcg::seed_from_u64(seed))
    }

    /// A share from 0 to 1.
    pub fn share(&mut self) -> f64 {
        Uniform::new(0.0, 1.0)
            .expect("0 is below 1")
            .sample(&mut self.0)
    }

    /// Whether something of this probability happens.
    pub fn hits(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// A whole number below `end`.
    pub fn below(&mut self, end: u32) -> u32 {
        (self.share() * f64::from(end)) as u32
    }

    /// A Poisson count.
    pub fn count(&mut self, mean: f64) -> u32 {
        Poisson::new(mean.max(1e-9)).map_or(0, |poisson| poisson.sample(&mut self.0) as u32)
    }
}

/// The settings that a pipeline has by default.
pub fn settings() -> DiagnosisSettings {
    DiagnosisSettings {
        min_events: 5.0,
        base_periods: 8,
        fdr: 0.05,
        alpha: 0.01,
        smallest_loss: 5.0,
        mature_days: 28,
        horizon_days: 90,
    }
}

/// A quiet firm: lines `A` (trunk `T1`) and `B` (trunk `T2`), forms `main` and `callback`, managers `m1` to `m4`, pages
/// `/`, `/price`, `/lp`, devices `phone` and `desktop`, regions `home`, `near` and `far`.
pub fn quiet(seed: u64) -> Observations {
    let mut dice = Dice::new(seed);
    let first_day = NaiveDate::from_ymd_opt(2026, 2, 2).expect("the day exists");
    let last = first_day + TimeDelta::days(i64::from(WEEKS * 7 - 1));
    let mut names = Names::default();
    let list = |texts: &[&str]| {
        [""].iter()
            .chain(texts)
            .map(|text| (*text).to_owned())
            .collect::<Vec<_>>()
    };
    names.set(Dimension::Channel, list(&CHANNELS.map(|channel| channel.0)));
    names.set(Dimension::Device, list(&["phone", "desktop"]));
    names.set(Dimension::Page, list(&["/", "/price", "/lp"]));
    names.set(Dimension::Region, list(&["home", "near", "far"]));
    names.set(Dimension::Line, list(&["A", "B"]));
    names.set(Dimension::Trunk, list(&["T1", "T2"]));
    names.set(Dimension::Form, list(&["main", "callback"]));
    names.set(Dimension::Operator, list(&["201", "202", "203"]));
    names.set(Dimension::Manager, list(&["m1", "m2", "m3", "m4"]));
    names.set(Dimension::Reason, list(&["price", "not target"]));
    names.set(
        Dimension::Export,
        list(&["metrika", "telephony", "forms", "crm", "ads"]),
    );
    let zone = chrono_tz::Europe::Moscow;
    let mut seen = Observations {
        zone,
        period: Period::week_of(last),
        first_day,
        known_until: zone::day_start(last + TimeDelta::days(1), zone),
        names,
        visits: Some(Vec::new()),
        page_visits: Vec::new(),
        region_visits: Vec::new(),
        leaves: Vec::new(),
        inquiries: Some(Vec::new()),
        calls: Some(Vec::new()),
        deals: Some(Vec::new()),
        ads: Some(Vec::new()),
        has_forms: true,
        exports: Vec::new(),
        annotations: Vec::new(),
        calendar: Default::default(),
    };
    for day in 0..WEEKS * 7 {
        traffic(&mut seen, &mut dice, day);
    }
    work(&mut seen, &mut dice);
    count_exports(&mut seen);
    seen
}

fn traffic(seen: &mut Observations, dice: &mut Dice, day: u32) {
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

/// Every inquiry becomes a deal: a quarter is won after about ten days, the rest is lost or stays open.
fn work(seen: &mut Observations, dice: &mut Dice) {
    let days = WEEKS * 7;
    let deals = seen.deals.as_mut().expect("the firm has a CRM");
    for inquiry in seen.inquiries.as_mut().expect("the firm has contacts") {
        let after = (-dice.share().max(1e-6).ln() * 10.0) as u32;
        let won = dice.hits(0.25);
        let closes = inquiry.day + if won { after } else { after / 2 + 2 };
        let is_closed = closes < days && (won || dice.hits(0.8));
        let state = match (is_closed, won) {
            (true, true) => DealState::Won,
            (true, false) => DealState::Lost,
            _ if inquiry.first_talk_s.is_none() && dice.hits(0.5) => DealState::New,
            _ => DealState::Open,
        };
        let is_untargeted = state == DealState::Lost && dice.hits(0.2);
        if state == DealState::Won {
            (inquiry.sold_after, inquiry.amount) = (Some(after as u16), Minor(5_000_000));
        }
        deals.push(SeenDeal {
            day: inquiry.day,
            created_at: inquiry.at + TimeDelta::minutes(2),
            state,
            is_untargeted,
            is_unreached: false,
            reason: if state == DealState::Lost {
                1 + Code::from(is_untargeted)
            } else {
                0
            },
            manager: 1 + dice.below(4) as Code,
            channel: inquiry.channel,
            contact: Some(inquiry.kind),
            first_talk_s: inquiry.first_talk_s,
            closed_day: is_closed.then_some(closes),
            updated_day: Some(if is_closed {
                closes
            } else {
                (inquiry.day + 1).min(days - 1)
            }),
            won_after: inquiry.sold_after,
            amount: inquiry.amount,
            is_repeat: false,
        });
    }
}

/// Rows by day of every export, counted from the other tables; a test that removes rows calls it again.
pub fn count_exports(seen: &mut Observations) {
    let days = seen.days() as usize;
    let count = |found: &mut dyn Iterator<Item = u32>| {
        let mut rows = vec![0; days];
        found.for_each(|day| rows[day as usize] += 1);
        rows
    };
    let tables = [
        (
            "sessions",
            count(
                &mut seen
                    .visits
                    .iter()
                    .flatten()
                    .filter(|row| row.counts.sessions > 0)
                    .map(|row| row.day),
            ),
        ),
        (
            "calls",
            count(&mut seen.calls.iter().flatten().map(|row| row.day)),
        ),
        (
            "forms",
            count(
                &mut seen
                    .inquiries
                    .iter()
                    .flatten()
                    .filter(|row| row.form > 0)
                    .map(|row| row.day),
            ),
        ),
        (
            "deals",
            count(&mut seen.deals.iter().flatten().map(|row| row.day)),
        ),
        (
            "costs",
            count(&mut seen.ads.iter().flatten().map(|row| row.day)),
        ),
    ];
    let export = |(at, (table, rows)): (usize, (&str, Vec<u32>))| ExportDays {
        export: at as Code + 1,
        table: table.to_owned(),
        rows,
    };
    seen.exports = tables.into_iter().enumerate().map(export).collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::case::Case;

    #[test]
    fn a_quiet_firm_is_quiet() {
        let (seen, settings) = (quiet(1), settings());
        let case = Case::new(&seen, &settings);
        let all = case.inquiries(|_| true);
        let judged = case
            .judge(&all, Some(&case.exposure(|_| true)))
            .expect("there is history");
        assert!(
            judged.expected > 70.0 && judged.z().abs() < 2.5,
            "{judged:?}"
        );
        assert!(judged.fall() < 1.0 && judged.rise() < 1.0);
    }
}
