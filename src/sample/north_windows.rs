//! North Windows: a small English firm whose analytics gives weekly totals only. Times are those on its clock.

use anyhow::{Result, ensure};
use chrono::{Datelike, NaiveDate};
use chrono_tz::Europe::London;
use std::collections::BTreeMap;
use std::path::Path;

use super::SampleSpec;
use super::calendar::{DAY, MOSCOW, midnight, season, shift, text, week_name};
use super::dice::{Dice, exp};
use super::ga4::{Ga4, Traffic};
use super::hubspot::{HubSpot, HubSpotDeal};
use super::incidents::IncidentKind;
use super::plan::Plan;
use super::threecx::{Direction, ThreeCx, ThreeCxCall};
use super::truth::{Truth, TruthIncident, clean_weeks, in_utc};

/// Channel of GA4, the CRM's word for it, share of sessions, form requests and calls for each session, engagement.
const CHANNELS: [(&str, &str, f64, f64, f64, f64); 8] = [
    ("Organic Search", "Organic Search", 0.41, 0.016, 0.024, 0.61),
    ("Paid Search", "Paid Search", 0.19, 0.022, 0.034, 0.57),
    ("Direct", "Direct Traffic", 0.17, 0.013, 0.032, 0.49),
    ("Referral", "Referrals", 0.08, 0.012, 0.018, 0.63),
    ("Paid Social", "Paid Social", 0.06, 0.007, 0.006, 0.33),
    ("Organic Social", "Organic Social", 0.05, 0.006, 0.006, 0.42),
    ("Email", "Email Marketing", 0.03, 0.019, 0.015, 0.68),
    ("Unassigned", "Offline Sources", 0.01, 0.0, 0.0, 0.12),
];
/// Index of organic search, the channel that drops.
const ORGANIC: usize = 0;
/// What is planted unless the caller says otherwise.
const USUAL: &str = "traffic-drop@2026-W45:2";
/// Share of inquiries that get a deal, and of deals that are won.
const BECOMES_DEAL: f64 = 0.82;
const WINS: f64 = 0.28;

/// A week's inquiries and what follows from them.
#[derive(Default)]
struct Work {
    calls: Vec<ThreeCxCall>,
    deals: Vec<HubSpotDeal>,
    customers: u64,
}

/// Simulates the firm and writes its exports to `out`.
pub fn generate(spec: &SampleSpec, out: &Path) -> Result<Truth> {
    let (first, end) = (spec.first(), spec.end());
    let usual = spec.default_incidents.then(|| USUAL.to_owned());
    let wanted: Vec<String> = usual
        .into_iter()
        .chain(spec.incidents.iter().cloned())
        .collect();
    let plan = Plan::new(&wanted, false, first, end)?;
    let unknown = plan
        .all()
        .iter()
        .find(|planted| planted.incident.kind != IncidentKind::TrafficDrop);
    ensure!(
        unknown.is_none(),
        "north-windows can only have \"traffic-drop\" planted"
    );
    let exported = clock(end) + 7 * 3600;
    let (mut ga4, mut calls, mut deals) = (
        Ga4::new(out)?,
        ThreeCx::new(out)?,
        HubSpot::new(out, exported)?,
    );
    let (mut work, mut counts) = (Work::default(), BTreeMap::new());
    for number in 0..spec.weeks {
        let monday = shift(first, i64::from(number) * 7);
        let mut dice = Dice::new(spec.seed, 1_000_000 + u64::from(number));
        let traffic = work.week(monday, end, spec.sessions_per_week as f64, &plan, &mut dice);
        ga4.write(monday, &traffic)?;
        let ready = work.take_before(clock(monday) + 7 * DAY);
        let lengths = [
            ("visits", traffic.iter().map(|row| row.sessions).sum()),
            ("calls", ready.0.len() as u64),
            ("deals", ready.1.len() as u64),
        ];
        lengths
            .into_iter()
            .for_each(|(name, length)| *counts.entry(name).or_default() += length);
        ready.0.iter().try_for_each(|call| calls.write(call))?;
        ready.1.iter().try_for_each(|deal| deals.write(deal))?;
    }
    ga4.finish()?;
    calls.finish()?;
    deals.finish()?;
    let incidents: Vec<TruthIncident> = plan
        .all()
        .iter()
        .map(|planted| TruthIncident::of(planted, London))
        .collect();
    Ok(Truth {
        firm: "north-windows",
        seed: spec.seed,
        weeks: [week_name(first), week_name(spec.until)],
        exported_at: text(in_utc(exported - MOSCOW, London), 0, "%Y-%m-%dT%H:%M:%SZ"),
        timezone: London.name(),
        static_lines: BTreeMap::new(),
        clean_weeks: clean_weeks(first, end, &incidents),
        incidents,
        simulated: counts,
    })
}

/// Midnight on the firm's clock, as if that clock were UTC.
fn clock(date: NaiveDate) -> i64 {
    midnight(date) + MOSCOW
}

impl Work {
    fn week(
        &mut self,
        monday: NaiveDate,
        end: NaiveDate,
        volume: f64,
        plan: &Plan,
        dice: &mut Dice,
    ) -> Vec<Traffic> {
        let dropped = plan
            .on(IncidentKind::TrafficDrop, midnight(monday) + 3 * DAY)
            .is_some();
        // English demand swings with the same months, but half as much.
        let level = 0.5 + 0.5 * season(shift(monday, 3), end);
        let traffic = CHANNELS.iter().enumerate().map(
            |(index, &(channel, origin, share, forms, calls, engaged))| {
                let factor = if dropped && index == ORGANIC {
                    0.5
                } else {
                    1.0
                };
                let noise = exp(0.04 * dice.normal());
                let sessions = dice.count(volume * share * level * factor * noise);
                let requests = dice.count(sessions as f64 * forms);
                for form in 0..requests + dice.count(sessions as f64 * calls) {
                    self.inquiry(monday, form < requests, origin, dice);
                }
                Traffic::drawn(channel, sessions, engaged, requests, dice)
            },
        );
        let mut traffic: Vec<Traffic> = traffic.collect();
        traffic.sort_by_key(|row| std::cmp::Reverse(row.sessions));
        for _ in 0..dice.count(volume / 80.0) {
            let at = moment(monday, dice);
            let customer = dice.below(self.customers.max(1));
            self.calls
                .push(ThreeCxCall::drawn(at, Direction::Outbound, customer, dice));
        }
        for _ in 0..dice.count(volume / 250.0) {
            self.calls.push(ThreeCxCall::drawn(
                moment(monday, dice),
                Direction::Internal,
                0,
                dice,
            ));
        }
        traffic
    }

    /// One person gets in touch, by form or by telephone.
    fn inquiry(&mut self, monday: NaiveDate, by_form: bool, origin: &'static str, dice: &mut Dice) {
        let (at, customer) = (moment(monday, dice), self.customers);
        self.customers += 1;
        if by_form {
            self.calls.push(ThreeCxCall::drawn(
                at + dice.between(600, 9000),
                Direction::Outbound,
                customer,
                dice,
            ));
        } else {
            let call = ThreeCxCall::drawn(at, Direction::Inbound, customer, dice);
            let missed = call.talking == 0;
            self.calls.push(call);
            if missed && dice.chance(0.7) {
                self.calls.push(ThreeCxCall::drawn(
                    at + dice.between(300, 5400),
                    Direction::Outbound,
                    customer,
                    dice,
                ));
            }
        }
        if !dice.chance(BECOMES_DEAL) {
            return;
        }
        let created = at + dice.log_normal(1500.0, 1.0).min(20_000.0) as i64;
        let won = dice.chance(WINS);
        let closed = created
            + (dice
                .log_normal(if won { 11.0 } else { 9.0 }, 0.8)
                .min(120.0)
                * DAY as f64) as i64;
        // Callers are mostly entered without knowing where they came from.
        let origin = if by_form || dice.chance(0.35) {
            origin
        } else {
            "Offline Sources"
        };
        let amount = (dice.log_normal(4200.0, 0.45).clamp(900.0, 16_000.0) / 10.0) as i64 * 10;
        let noise = dice.below(u64::MAX);
        self.deals.push(HubSpotDeal {
            created,
            closed,
            won,
            customer,
            origin,
            amount,
            noise,
        });
    }

    fn take_before(&mut self, end: i64) -> (Vec<ThreeCxCall>, Vec<HubSpotDeal>) {
        let mut calls: Vec<ThreeCxCall> = self.calls.extract_if(.., |call| call.at < end).collect();
        let mut deals: Vec<HubSpotDeal> = self
            .deals
            .extract_if(.., |deal| deal.created < end)
            .collect();
        calls.sort_by_key(|call| call.at);
        deals.sort_by_key(|deal| deal.created);
        (calls, deals)
    }
}

/// A working moment of the week: weekdays from 8:30 to 17:30, Saturdays till noon.
fn moment(monday: NaiveDate, dice: &mut Dice) -> i64 {
    let day = dice.weighted(&[1.1, 1.1, 1.0, 1.0, 0.9, 0.3]) as i64;
    let hours = if shift(monday, day).weekday() == chrono::Weekday::Sat {
        3
    } else {
        9
    };
    clock(monday) + day * DAY + 8 * 3600 + 1800 + dice.between(0, hours * 3600)
}

/// A telephone number from the blocks that Ofcom keeps for drama; 15 000 of them, then they repeat.
pub fn phone(customer: u64) -> String {
    const BLOCKS: [&str; 15] = [
        "07700900", "01632960", "02079460", "01134960", "01144960", "01154960", "01164960",
        "01174960", "01184960", "01214960", "01314960", "01414960", "01514960", "01614960",
        "01914980",
    ];
    let place = (customer * 7919 + 4321) % 15_000;
    format!("{}{:03}", BLOCKS[(place / 1000) as usize], place % 1000)
}

/// An invented name.
pub fn name(customer: u64) -> String {
    const FIRST: [&str; 12] = [
        "Alice", "Ben", "Carol", "Dev", "Emma", "Farid", "Grace", "Harry", "Isla", "Jack", "Kiran",
        "Lucy",
    ];
    const LAST: [&str; 11] = [
        "Ashdown",
        "Birchall",
        "Coldbeck",
        "Dunmere",
        "Eastgate",
        "Fellside",
        "Greenhow",
        "Hollin",
        "Ingleby",
        "Kelderwick",
        "Moorcroft",
    ];
    format!(
        "{} {}",
        FIRST[(customer % 12) as usize],
        LAST[(customer / 5 % 11) as usize]
    )
}

#[cfg(test)]
mod tests {
    use super::phone;

    #[test]
    fn phones_repeat_only_after_all_blocks_are_used() {
        let distinct: std::collections::BTreeSet<String> = (0..15_000).map(phone).collect();
        assert_eq!(distinct.len(), 15_000);
        assert!(distinct.iter().all(|phone| phone.len() == 11));
    }
}
