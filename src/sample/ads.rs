//! What a week's advertising cost: for each day and campaign, in step with the visits it brought.

use chrono::NaiveDate;

use super::calendar::{DAY, shift};
use super::dice::Dice;
use super::records::{FORM_SENT, Visit};
use super::sources::SOURCES;
use super::week::Week;

/// One campaign on one day.
pub struct AdDay {
    /// The day in Moscow.
    pub date: NaiveDate,
    /// Index in [`SOURCES`].
    pub source: usize,
    /// Times shown.
    pub shown: u64,
    /// Times clicked.
    pub clicks: u64,
    /// Kopecks spent.
    pub cost: u64,
    /// Form requests that the system counts.
    pub conversions: u64,
}

/// What the counter saw of a campaign on one day.
#[derive(Clone, Copy, Default)]
struct Seen {
    visits: u64,
    conversions: u64,
}

/// Roubles for a click above which a campaign is one of search: its ads are shown to few and clicked by many.
pub const DEAR_CLICK: f64 = 20.0;
/// Clicks for each time that an ad is shown, in search and in networks. Invented.
const SEARCH_CLICK_RATE: f64 = 0.06;
const NETWORK_CLICK_RATE: f64 = 0.008;

/// The week's advertising, by day and then campaign.
pub fn days(week: &Week, visits: &[Visit], dice: &mut Dice) -> Vec<AdDay> {
    let mut days = Vec::new();
    for (day, row) in seen_by_day(week, visits).iter().enumerate() {
        let date = shift(week.monday, day as i64);
        for (source, seen) in row.iter().enumerate() {
            if SOURCES[source].click > 0.0 {
                days.push(ad_day(date, source, seen, dice));
            }
        }
    }
    days
}

fn seen_by_day(week: &Week, visits: &[Visit]) -> [[Seen; SOURCES.len()]; 7] {
    let mut seen = [[Seen::default(); SOURCES.len()]; 7];
    for visit in visits {
        let day = ((visit.at - week.start) / DAY).clamp(0, 6) as usize;
        let cell = &mut seen[day][usize::from(visit.visitor.source)];
        cell.visits += 1;
        cell.conversions += u64::from(visit.goals & FORM_SENT != 0);
    }
    seen
}

/// The numbers that a system states for the visits of a day; each is off by some percent, as they are in life.
fn ad_day(date: NaiveDate, source: usize, seen: &Seen, dice: &mut Dice) -> AdDay {
    let usual_price = SOURCES[source].click;
    // Systems count some clicks whose visit the counter never saw.
    let clicks = (seen.visits as f64 * (1.05 + 0.1 * dice.unit())).round() as u64;
    let price = usual_price * (0.9 + 0.2 * dice.unit());
    let rate = if usual_price > DEAR_CLICK {
        SEARCH_CLICK_RATE
    } else {
        NETWORK_CLICK_RATE
    };
    let shown_for_clicks = clicks as f64 / (rate * (0.85 + 0.3 * dice.unit()));
    // Shown on days without a click, too.
    let shown = shown_for_clicks as u64 + dice.below(40);
    let kopecks = clicks as f64 * price * 100.0;
    AdDay {
        date,
        source,
        shown,
        clicks,
        cost: kopecks.round() as u64,
        conversions: seen.conversions,
    }
}
