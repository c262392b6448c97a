//! North Windows: a small English firm whose analytics gives weekly totals only. Times are those on its clock.

use anyhow::{Result, ensure};
use chrono::{Datelike, NaiveDate};
use chrono_tz::Europe::London;
use std::collections::BTreeMap;
use std::path::Path;

use super::SampleSpec;
use super::calendar::{DAY, HOUR, MINUTE, MOSCOW, midnight, season, shift, text, week_name};
use super::dice::{Dice, exp};
use super::ga4::{Ga4, Traffic};
use super::hubspot::{HubSpot, HubSpotDeal};
use super::incidents::IncidentKind;
use super::plan::Plan;
use super::threecx::{Direction, ThreeCx, ThreeCxCall};
use super::truth::{Truth, TruthIncident, clean_weeks, in_utc};

/// A channel of the site and what is usual for it.
struct Channel {
    /// GA4's word for it.
    name: &'static str,
    /// The CRM's.
    origin: &'static str,
    /// Share of sessions.
    share: f64,
    /// Form requests for each session.
    forms: f64,
    /// Calls for each session.
    calls: f64,
    /// Share of sessions that are engaged.
    engaged: f64,
}

const fn channel(
    name: &'static str,
    origin: &'static str,
    share: f64,
    forms: f64,
    calls: f64,
    engaged: f64,
) -> Channel {
    Channel {
        name,
        origin,
        share,
        forms,
        calls,
        engaged,
    }
}

/// The channels, invented; the order is fixed because chance is drawn in it.
const CHANNELS: [Channel; 8] = [
    channel("Organic Search", "Organic Search", 0.41, 0.016, 0.024, 0.61),
    channel("Paid Search", "Paid Search", 0.19, 0.022, 0.034, 0.57),
    channel("Direct", "Direct Traffic", 0.17, 0.013, 0.032, 0.49),
    channel("Referral", "Referrals", 0.08, 0.012, 0.018, 0.63),
    channel("Paid Social", "Paid Social", 0.06, 0.007, 0.006, 0.33),
    channel("Organic Social", "Organic Social", 0.05, 0.006, 0.006, 0.42),
    channel("Email", "Email Marketing", 0.03, 0.019, 0.015, 0.68),
    channel("Unassigned", "Offline Sources", 0.01, 0.0, 0.0, 0.12),
];
/// Index of organic search, the channel that drops.
const ORGANIC: usize = 0;
/// The CRM's word for customers of whom it does not know where they came from.
const UNKNOWN_ORIGIN: &str = "Offline Sources";
/// What is planted unless the caller says otherwise.
const USUAL: &str = "traffic-drop@2026-W45:2";
/// Share of inquiries that get a deal, and of deals that are won.
const BECOMES_DEAL: f64 = 0.82;
const WINS: f64 = 0.28;
/// Share of missed calls that are called back.
const CALLED_BACK: f64 = 0.7;
/// Share of callers who are asked where they came from; the others are entered without.
const ASKED_ORIGIN: f64 = 0.35;
/// How far sessions of a channel stray from week to week, by the deviation of their logarithm.
const SESSIONS_DEVIATION: f64 = 0.04;
/// Sessions for each ordinary call to a customer, and for each call between colleagues.
const SESSIONS_A_CALL_OUT: f64 = 80.0;
const SESSIONS_A_CALL_INSIDE: f64 = 250.0;
/// The exports are downloaded on Monday at this hour.
const EXPORT_HOUR: i64 = 7;
/// Where the streams of chance of this firm begin, apart from those of the other one.
const FIRST_STREAM: u64 = 1_000_000;

/// A week's inquiries and what follows from them.
#[derive(Default)]
struct Work {
    calls: Vec<ThreeCxCall>,
    deals: Vec<HubSpotDeal>,
    customers: u64,
}

/// What one week leaves in the exports, each by time.
struct Ready {
    calls: Vec<ThreeCxCall>,
    deals: Vec<HubSpotDeal>,
}

/// Simulates the firm and writes its exports to `out`.
pub fn generate(spec: &SampleSpec, out: &Path) -> Result<Truth> {
    let (first, end) = (spec.first(), spec.end());
    let plan = plan_of(spec)?;
    let exported = clock(end) + EXPORT_HOUR * HOUR;
    let mut ga4 = Ga4::new(out)?;
    let mut calls = ThreeCx::new(out)?;
    let mut deals = HubSpot::new(out, exported)?;
    let mut work = Work::default();
    let mut counts = BTreeMap::new();
    for number in 0..spec.weeks {
        let monday = shift(first, i64::from(number) * 7);
        let mut dice = Dice::new(spec.seed, FIRST_STREAM + u64::from(number));
        let traffic = work.week(monday, end, spec.sessions_per_week as f64, &plan, &mut dice);
        ga4.write(monday, &traffic)?;
        let ready = work.take_before(clock(monday) + 7 * DAY);
        for call in &ready.calls {
            calls.write(call)?;
        }
        for deal in &ready.deals {
            deals.write(deal)?;
        }
        let sessions: u64 = traffic.iter().map(|row| row.sessions).sum();
        *counts.entry("visits").or_default() += sessions;
        *counts.entry("calls").or_default() += ready.calls.len() as u64;
        *counts.entry("deals").or_default() += ready.deals.len() as u64;
    }
    ga4.finish()?;
    calls.finish()?;
    deals.finish()?;
    Ok(truth(spec, &plan, exported, counts))
}

/// The incidents of the sample: this firm has totals only, and little can go wrong in them.
fn plan_of(spec: &SampleSpec) -> Result<Plan> {
    let usual = spec.default_incidents.then(|| USUAL.to_owned());
    let mut wanted: Vec<String> = usual.into_iter().collect();
    wanted.extend(spec.incidents.iter().cloned());
    // The listed incidents and their weeks are the other firm's.
    let plan = Plan::new(&wanted, false, spec.first(), spec.end())?;
    let mut planted = plan.all().iter();
    ensure!(
        planted.all(|planted| planted.incident.kind == IncidentKind::TrafficDrop),
        "north-windows can only have \"traffic-drop\" planted"
    );
    Ok(plan)
}

fn truth(
    spec: &SampleSpec,
    plan: &Plan,
    exported: i64,
    simulated: BTreeMap<&'static str, u64>,
) -> Truth {
    let (first, end) = (spec.first(), spec.end());
    let planted = plan.all().iter();
    let incidents: Vec<TruthIncident> = planted
        .map(|planted| TruthIncident::of(planted, London))
        .collect();
    Truth {
        firm: "north-windows",
        seed: spec.seed,
        weeks: [week_name(first), week_name(spec.until)],
        exported_at: text(in_utc(exported - MOSCOW, London), 0, "%Y-%m-%dT%H:%M:%SZ"),
        timezone: London.name(),
        static_lines: BTreeMap::new(),
        clean_weeks: clean_weeks(first, end, &incidents),
        incidents,
        simulated,
    }
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
        let drop = plan.on(IncidentKind::TrafficDrop, midnight(monday) + 3 * DAY);
        // English demand swings with the same months, but half as much.
        let level = 0.5 + 0.5 * season(shift(monday, 3), end);
        let mut traffic = Vec::with_capacity(CHANNELS.len());
        for (index, channel) in CHANNELS.iter().enumerate() {
            let drop = drop.filter(|_| index == ORGANIC);
            let factor = drop.map_or(1.0, |planted| planted.incident.factor);
            let noise = exp(SESSIONS_DEVIATION * dice.normal());
            let sessions = dice.count(volume * channel.share * level * factor * noise);
            let requests = dice.count(sessions as f64 * channel.forms);
            let inquiries = requests + dice.count(sessions as f64 * channel.calls);
            for inquiry in 0..inquiries {
                self.inquiry(monday, inquiry < requests, channel.origin, dice);
            }
            traffic.push(Traffic::drawn(
                channel.name,
                sessions,
                channel.engaged,
                requests,
                dice,
            ));
        }
        // GA4 shows the largest first.
        traffic.sort_by_key(|row| std::cmp::Reverse(row.sessions));
        self.ordinary_calls(monday, volume, dice);
        traffic
    }

    /// Calls that have nothing to do with inquiries.
    fn ordinary_calls(&mut self, monday: NaiveDate, volume: f64, dice: &mut Dice) {
        for _ in 0..dice.count(volume / SESSIONS_A_CALL_OUT) {
            let at = moment(monday, dice);
            let customer = dice.below(self.customers.max(1));
            self.call(at, Direction::Outbound, customer, dice);
        }
        for _ in 0..dice.count(volume / SESSIONS_A_CALL_INSIDE) {
            let at = moment(monday, dice);
            self.call(at, Direction::Internal, 0, dice);
        }
    }

    /// One person gets in touch, by form or by telephone.
    fn inquiry(&mut self, monday: NaiveDate, by_form: bool, origin: &'static str, dice: &mut Dice) {
        let at = moment(monday, dice);
        let customer = self.customers;
        self.customers += 1;
        if by_form {
            let back = at + dice.between(10 * MINUTE, 150 * MINUTE);
            self.call(back, Direction::Outbound, customer, dice);
        } else {
            let is_answered = self.call(at, Direction::Inbound, customer, dice);
            if !is_answered && dice.chance(CALLED_BACK) {
                let back = at + dice.between(5 * MINUTE, 90 * MINUTE);
                self.call(back, Direction::Outbound, customer, dice);
            }
        }
        if dice.chance(BECOMES_DEAL) {
            let deal = deal_of(at, customer, by_form, origin, dice);
            self.deals.push(deal);
        }
    }

    /// Adds a call; whether somebody answered it.
    fn call(&mut self, at: i64, direction: Direction, customer: u64, dice: &mut Dice) -> bool {
        let call = ThreeCxCall::drawn(at, direction, customer, dice);
        let is_answered = call.talking > 0;
        self.calls.push(call);
        is_answered
    }

    /// Takes out what is in the exports by `end`; the rest waits for a later week.
    fn take_before(&mut self, end: i64) -> Ready {
        let calls = self.calls.extract_if(.., |call| call.at < end);
        let mut calls: Vec<ThreeCxCall> = calls.collect();
        let deals = self.deals.extract_if(.., |deal| deal.created < end);
        let mut deals: Vec<HubSpotDeal> = deals.collect();
        calls.sort_by_key(|call| call.at);
        deals.sort_by_key(|deal| deal.created);
        Ready { calls, deals }
    }
}

/// How long deals take, days: median of those won and of those lost, deviation of the logarithm, and the longest.
const WON_LAG: f64 = 11.0;
const LOST_LAG: f64 = 9.0;
const LAG_DEVIATION: f64 = 0.8;
const LONGEST_LAG: f64 = 120.0;

/// The deal of an inquiry of `at`, with how it ends.
fn deal_of(
    at: i64,
    customer: u64,
    by_form: bool,
    origin: &'static str,
    dice: &mut Dice,
) -> HubSpotDeal {
    // Entered within the day, mostly within half an hour.
    let created = at + dice.log_normal(1500.0, 1.0).min(20_000.0) as i64;
    let won = dice.chance(WINS);
    let median = if won { WON_LAG } else { LOST_LAG };
    let days = dice.log_normal(median, LAG_DEVIATION).min(LONGEST_LAG);
    let closed = created + (days * DAY as f64) as i64;
    let origin = if by_form || dice.chance(ASKED_ORIGIN) {
        origin
    } else {
        UNKNOWN_ORIGIN
    };
    // Offers are made in whole tens of pounds.
    let tens = dice.log_normal(4200.0, 0.45).clamp(900.0, 16_000.0) / 10.0;
    HubSpotDeal {
        created,
        closed,
        won,
        customer,
        origin,
        amount: tens as i64 * 10,
        noise: dice.below(u64::MAX),
    }
}

/// A working moment of the week: weekdays from 8:30 to 17:30, Saturdays till half past eleven.
fn moment(monday: NaiveDate, dice: &mut Dice) -> i64 {
    let day = dice.weighted(&[1.1, 1.1, 1.0, 1.0, 0.9, 0.3]) as i64;
    let hours = match shift(monday, day).weekday() {
        chrono::Weekday::Sat => 3,
        _ => 9,
    };
    // The office opens at half past eight.
    let opening = clock(monday) + day * DAY + 8 * HOUR + 30 * MINUTE;
    opening + dice.between(0, hours * HOUR)
}

/// A telephone number from the blocks that Ofcom keeps for drama; 15 000 of them, then they repeat.
pub fn phone(customer: u64) -> String {
    const BLOCKS: [&str; 15] = [
        "07700900", "01632960", "02079460", "01134960", "01144960", "01154960", "01164960",
        "01174960", "01184960", "01214960", "01314960", "01414960", "01514960", "01614960",
        "01914980",
    ];
    const BLOCK_NUMBERS: u64 = 1000;
    // A factor without common factors visits every number once before any comes again.
    let place = (customer * 7919 + 4321) % (BLOCKS.len() as u64 * BLOCK_NUMBERS);
    let block = BLOCKS[(place / BLOCK_NUMBERS) as usize];
    format!("{block}{:03}", place % BLOCK_NUMBERS)
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
    let first = FIRST[(customer % FIRST.len() as u64) as usize];
    // Not in step with the first names, or each would always have the same last one.
    let last = LAST[(customer / 5 % LAST.len() as u64) as usize];
    format!("{first} {last}")
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
