//! Visits of the shop: who comes, how far they get, and how Metrica writes it.

use anyhow::Result;
use std::path::Path;

use super::faults::{FaultKind, Faults};
use super::traffic::{CATALOGUE, CEZVE, OTHER_CATALOGUE, SOURCES};
use crate::sample::calendar::{MOSCOW, date_at, stamp};
use crate::sample::dice::Dice;
use crate::sample::output::Rolling;

/// Goals of the counter.
pub const CART: u64 = 201;
/// The order page was opened.
pub const CHECKOUT: u64 = 202;
/// An order was made.
pub const ORDER: u64 = 203;

/// Of visits, the share that fills a cart; of those, that opens the order page; of those, that orders.
const FILLS_CART: f64 = 0.11;
const OPENS_CHECKOUT: f64 = 0.75;
const ORDERS: f64 = 0.68;
/// How much better the catalogue of ready sets fills carts.
const SETS_HELP: f64 = 1.45;
/// Share of visits that leave at once, among those without a cart.
const LEAVES: f64 = 0.22;
const SITE: &str = "https://zerno.example";
const COUNTER: &str = "55443322";
const FIRST_VISIT: u64 = 7_300_000_000_000_000_000;
const FIRST_CLIENT: u64 = 1_770_000_000_000_000_000;
const GENDERS: [(&str, f64); 3] = [("female", 0.57), ("male", 0.36), ("", 0.07)];
const AGES: [(&str, f64); 5] = [
    ("18-24", 0.12),
    ("25-34", 0.33),
    ("35-44", 0.29),
    ("45-54", 0.17),
    ("55", 0.09),
];
/// Kinds of devices by Metrica's numbers: computers, phones, tablets.
const DEVICES: [(u8, f64); 3] = [(1, 0.33), (2, 0.64), (3, 0.03)];
const PHONE: u8 = 2;
const CITIES: [(&str, f64); 4] = [
    ("Москва", 0.4),
    ("Санкт-Петербург", 0.25),
    ("Казань", 0.15),
    ("Екатеринбург", 0.2),
];

const COLUMNS: &str = "ym:s:visitID\tym:s:counterID\tym:s:clientID\tym:s:dateTime\tym:s:isNewUser\tym:s:startURL\t\
ym:s:endURL\tym:s:pageViews\tym:s:visitDuration\tym:s:bounce\tym:s:regionCountry\tym:s:regionCity\tym:s:goalsID\t\
ym:s:lastsignTrafficSource\tym:s:lastsignAdvEngine\tym:s:lastsignSearchEngineRoot\tym:s:lastsignSocialNetwork\t\
ym:s:lastsignMessenger\tym:s:referer\tym:s:lastsignUTMSource\tym:s:lastsignUTMMedium\tym:s:lastsignUTMCampaign\t\
ym:s:lastsignUTMContent\tym:s:lastsignUTMTerm\tym:s:deviceCategory\tym:s:gender\tym:s:ageInterval\n";

/// Somebody who visits the site.
#[derive(Clone, Copy)]
pub struct Visitor {
    /// The counter's id.
    pub client: u64,
    /// Serial number, from 0.
    pub serial: u64,
    gender: &'static str,
    age: &'static str,
    device: u8,
    city: &'static str,
}

impl Visitor {
    /// A new one.
    pub fn drawn(serial: u64, dice: &mut Dice) -> Self {
        Self {
            client: FIRST_CLIENT + serial * 7_919 + dice.below(7_919),
            serial,
            gender: choose(&GENDERS, dice),
            age: choose(&AGES, dice),
            device: choose(&DEVICES, dice),
            city: choose(&CITIES, dice),
        }
    }
}

fn choose<T: Copy>(table: &[(T, f64)], dice: &mut Dice) -> T {
    let weights: Vec<f64> = table.iter().map(|(_, weight)| *weight).collect();
    table[dice.weighted(&weights)].0
}

/// A visit.
#[derive(Clone, Copy)]
pub struct Visit {
    /// When it began.
    pub at: i64,
    /// Who.
    pub visitor: Visitor,
    /// Index in [`SOURCES`].
    pub source: usize,
    /// Goals that were reached: the first so many of cart, order page, order.
    pub reached: usize,
    is_new: bool,
    page: &'static str,
    pages: u64,
    seconds: u64,
}

impl Visit {
    /// A visit of somebody who looks around.
    pub fn drawn(
        at: i64,
        visitor: Visitor,
        source: usize,
        is_new: bool,
        tested: bool,
        faults: &Faults,
        dice: &mut Dice,
    ) -> Self {
        let page = page_of(source, visitor, tested);
        let lost = page == CEZVE && faults.is_on(FaultKind::LostPage, at);
        let help = if page == OTHER_CATALOGUE {
            SETS_HELP
        } else {
            1.0
        };
        let fills = if lost {
            0.0
        } else {
            FILLS_CART * SOURCES[source].zeal * help
        };
        let orders = ORDERS * checkout(visitor, at, faults);
        let reached = [fills, OPENS_CHECKOUT, orders]
            .iter()
            .take_while(|share| dice.chance(**share))
            .count();
        let leaves = reached == 0 && (lost || dice.chance(LEAVES));
        Self {
            at,
            visitor,
            source,
            reached,
            is_new,
            page,
            pages: if leaves {
                1
            } else {
                2 + reached as u64 + dice.below(5)
            },
            seconds: if leaves {
                dice.below(14)
            } else {
                40 + dice.below(400)
            },
        }
    }

    /// A visit of a buyer who comes for the next order.
    pub fn again(
        at: i64,
        visitor: Visitor,
        source: usize,
        faults: &Faults,
        dice: &mut Dice,
    ) -> Self {
        let fails = !dice.chance(checkout(visitor, at, faults));
        Self {
            at,
            visitor,
            source,
            reached: if fails { 2 } else { 3 },
            is_new: false,
            page: SOURCES[source].page,
            pages: 4 + dice.below(4),
            seconds: 120 + dice.below(300),
        }
    }

    /// Whether it ended with an order.
    pub fn orders(&self) -> bool {
        self.reached == 3
    }
}

/// What is left of orders on this visitor's device.
fn checkout(visitor: Visitor, at: i64, faults: &Faults) -> f64 {
    if visitor.device == PHONE {
        faults.factor(FaultKind::DeadCheckout, at)
    } else {
        1.0
    }
}

/// The page that a visit begins on; every other visitor of the catalogue is shown the one with ready sets.
fn page_of(source: usize, visitor: Visitor, tested: bool) -> &'static str {
    match SOURCES[source].page {
        CATALOGUE if tested && visitor.client.is_multiple_of(2) => OTHER_CATALOGUE,
        page => page,
    }
}

/// Writes visits, a file for each month.
pub struct Visits {
    files: Rolling,
    visit: u64,
}

impl Visits {
    /// Begins the export in `folder`.
    pub fn new(folder: &Path) -> Result<Self> {
        Ok(Self {
            files: Rolling::new(&folder.join("metrika"), COLUMNS, 9)?,
            visit: FIRST_VISIT,
        })
    }

    /// Adds a visit; they come by time.
    pub fn write(&mut self, visit: &Visit) -> Result<()> {
        self.visit += 1 + visit.seconds % 7;
        let month = date_at(visit.at, MOSCOW).format("%Y-%m");
        let row = self.row(visit);
        self.files
            .write(&format!("visits-{month}.tsv.gz"), row.as_bytes())
    }

    fn row(&self, visit: &Visit) -> String {
        let (source, visitor) = (&SOURCES[visit.source], &visit.visitor);
        let goals = [CART, CHECKOUT, ORDER][..visit.reached]
            .iter()
            .map(u64::to_string);
        let goals = goals.collect::<Vec<_>>().join(",");
        let [engine, search, social, messenger] = source.detail;
        let exit = if visit.orders() {
            "/spasibo"
        } else {
            visit.page
        };
        format!(
            "{}\t{COUNTER}\t{}\t{}\t{}\t{SITE}{}\t{SITE}{exit}\t{}\t{}\t{}\tРоссия\t{}\t[{goals}]\t{}\t{engine}\t{search}\t\
             {social}\t{messenger}\t{}\t{}\t{}\t{}\t{}\n",
            self.visit,
            visitor.client,
            stamp(visit.at, MOSCOW),
            u8::from(visit.is_new),
            visit.page,
            visit.pages,
            visit.seconds,
            u8::from(visit.pages == 1),
            visitor.city,
            source.traffic,
            source.referer,
            source.utm.join("\t"),
            visitor.device,
            visitor.gender,
            visitor.age,
        )
    }

    /// Closes the last file.
    pub fn finish(mut self) -> Result<()> {
        self.files.finish()
    }
}
