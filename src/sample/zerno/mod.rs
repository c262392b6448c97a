//! «Зерно и помол»: a small shop of coffee with orders, repeat buyers, refunds, a test of two pages and a survey.
//! It opened with the sample's first week, so every buyer's first order is in the exports.

mod faults;
mod files;
mod orders;
mod traffic;
mod visits;

use anyhow::{Result, ensure};
use chrono::NaiveDate;
use chrono_tz::Europe::Moscow;
use std::collections::BTreeMap;
use std::path::Path;

use self::faults::Faults;
use self::orders::Order;
use self::traffic::{BOOKMARK, LETTERS, NEVER_SELLS, SOURCES};
use self::visits::{Visit, Visitor, Visits};
use super::SampleSpec;
use super::calendar::{
    DAY, HOUR, HOURS, MINUTE, MOSCOW, midnight, parse_week, shift, text, week_name,
};
use super::dice::{Dice, exp};
use super::truth::{Truth, clean_weeks};

/// Where the streams of chance of this firm begin, apart from those of the others.
const FIRST_STREAM: u64 = 2_000_000;
/// The exports are downloaded on Monday at this hour.
const EXPORT_HOUR: i64 = 7;
/// How busy each day from Monday on is, on average 1.
const WEEKDAYS: [f64; 7] = [1.05, 1.03, 1.0, 1.0, 0.97, 0.92, 1.03];
/// How far visits of a source stray from week to week, by the deviation of their logarithm.
const DEVIATION: f64 = 0.04;
/// Share of visits, of those that come by a link, of somebody who was here in the last week.
const LOOKS_AGAIN: f64 = 0.15;
/// Share of buyers whose next order begins with a letter; the others know the address.
const BY_LETTER: f64 = 0.65;
/// The first week of the test of two catalogues.
const TEST_BEGINS: &str = "2026-W36";

/// The shop as it goes on from week to week.
struct Shop {
    faults: Faults,
    /// From when the catalogue is shown in two variants.
    tested_from: i64,
    /// How many visitors there were.
    visitors: u64,
    /// Visitors of the last week that have not ordered.
    recent: Vec<Visitor>,
    /// Buyers who will come again, and when.
    coming: Vec<(i64, Visitor)>,
    orders: Vec<Order>,
}

/// Simulates the shop and writes its exports to `out`.
pub fn generate(spec: &SampleSpec, out: &Path) -> Result<Truth> {
    ensure!(
        spec.incidents.is_empty(),
        "zerno has its own incidents planted and can have no others; --no-incidents leaves them out"
    );
    let (first, end) = (spec.first(), spec.end());
    let exported = midnight(end) + EXPORT_HOUR * HOUR;
    let mut shop = Shop::new(spec)?;
    let (mut visits, mut costs) = (Visits::new(out)?, files::Costs::new(out)?);
    let mut seen = 0;
    for number in 0..spec.weeks {
        let monday = shift(first, i64::from(number) * 7);
        let mut dice = Dice::new(spec.seed, FIRST_STREAM + u64::from(number));
        let week = shop.week(monday, spec.sessions_per_week as f64, &mut dice);
        seen += week.len() as u64;
        for visit in &week {
            visits.write(visit)?;
        }
        for day in 0..7 {
            let counts = counted(&week, midnight(monday) + day * DAY);
            costs.write(shift(monday, day), &counts, &mut dice)?;
        }
    }
    visits.finish()?;
    costs.finish()?;
    files::orders(out, &shop.orders, exported)?;
    files::plan(out, first, shift(end, -1), spec.sessions_per_week as f64)?;
    let simulated = BTreeMap::from([("visits", seen), ("orders", shop.orders.len() as u64)]);
    Ok(truth(spec, &shop.faults, exported, simulated))
}

fn truth(
    spec: &SampleSpec,
    faults: &Faults,
    exported: i64,
    simulated: BTreeMap<&'static str, u64>,
) -> Truth {
    let incidents = faults.truth();
    Truth {
        firm: "zerno",
        seed: spec.seed,
        weeks: [week_name(spec.first()), week_name(spec.until)],
        exported_at: text(exported, 0, "%Y-%m-%dT%H:%M:%SZ"),
        timezone: Moscow.name(),
        static_lines: BTreeMap::new(),
        clean_weeks: clean_weeks(spec.first(), spec.end(), &incidents),
        incidents,
        simulated,
    }
}

/// Visits of each source on the day that begins at `start`.
fn counted(visits: &[Visit], start: i64) -> Vec<u64> {
    let mut counts = vec![0; SOURCES.len()];
    let day = start..start + DAY;
    for visit in visits.iter().filter(|visit| day.contains(&visit.at)) {
        counts[visit.source] += 1;
    }
    counts
}

impl Shop {
    fn new(spec: &SampleSpec) -> Result<Self> {
        Ok(Self {
            faults: Faults::new(spec.default_incidents, spec.first(), spec.end())?,
            tested_from: midnight(parse_week(TEST_BEGINS)?),
            visitors: 0,
            recent: Vec::new(),
            coming: Vec::new(),
            orders: Vec::new(),
        })
    }

    /// The visits of a week by time, with the orders that they bring.
    fn week(&mut self, monday: NaiveDate, volume: f64, dice: &mut Dice) -> Vec<Visit> {
        let mut visits = self.returning(monday, dice);
        let mut recent = Vec::new();
        for (source, of) in SOURCES.iter().enumerate() {
            let noise = exp(DEVIATION * dice.normal());
            for _ in 0..dice.count(volume * of.share * noise) {
                let visit = self.looking(monday, source, dice);
                if !visit.orders() {
                    recent.push(visit.visitor);
                }
                visits.push(visit);
            }
        }
        self.recent = recent;
        visits.sort_by_key(|visit| (visit.at, visit.visitor.serial));
        for visit in visits.iter().filter(|visit| visit.orders()) {
            self.order(visit, dice);
        }
        self.orders.sort_by_key(|order| order.made);
        visits
    }

    /// Somebody new, or somebody of last week, looks around.
    fn looking(&mut self, monday: NaiveDate, source: usize, dice: &mut Dice) -> Visit {
        let at = moment(monday, dice);
        let looks_again = source != BOOKMARK && !self.recent.is_empty() && dice.chance(LOOKS_AGAIN);
        let visitor = if looks_again {
            *dice.pick(&self.recent)
        } else {
            self.visitors += 1;
            Visitor::drawn(self.visitors - 1, dice)
        };
        let tested = at >= self.tested_from;
        Visit::drawn(
            at,
            visitor,
            source,
            !looks_again,
            tested,
            &self.faults,
            dice,
        )
    }

    /// Buyers who come in this week for their next order.
    fn returning(&mut self, monday: NaiveDate, dice: &mut Dice) -> Vec<Visit> {
        let end = midnight(shift(monday, 7));
        let mut due: Vec<(i64, Visitor)> =
            self.coming.extract_if(.., |(at, _)| *at < end).collect();
        due.sort_by_key(|(at, visitor)| (*at, visitor.serial));
        let visits = due.into_iter().map(|(at, visitor)| {
            let source = if dice.chance(BY_LETTER) {
                LETTERS
            } else {
                BOOKMARK
            };
            Visit::again(at, visitor, source, &self.faults, dice)
        });
        visits.collect()
    }

    fn order(&mut self, visit: &Visit, dice: &mut Dice) {
        let made = visit.at + dice.between(3 * MINUTE, 15 * MINUTE);
        let visitor = visit.visitor;
        let is_picked_up = visit.source != NEVER_SELLS;
        let who = (visitor.client, visitor.serial);
        let order = Order::drawn(made, who, is_picked_up, &self.faults, dice);
        self.coming.extend(order.again.map(|at| (at, visitor)));
        self.orders.push(order);
    }
}

/// A moment of the week, by how busy days and hours are.
fn moment(monday: NaiveDate, dice: &mut Dice) -> i64 {
    let day = dice.weighted(&WEEKDAYS) as i64;
    let hour = dice.weighted(&HOURS) as i64;
    // `midnight` is in Moscow already.
    debug_assert_eq!((midnight(monday) + MOSCOW) % DAY, 0);
    midnight(monday) + day * DAY + hour * HOUR + dice.between(0, HOUR)
}
