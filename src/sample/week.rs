//! One simulated week: how busy its days are, and how many visits each channel brings.

use chrono::NaiveDate;

use super::calendar::{DAY, HOUR, HOURS, day_weights, holiday, midnight, season, shift};
use super::channels::{CHANNELS, NETWORK, ORGANIC, VK_ADS};
use super::dice::{Dice, exp};
use super::incidents::IncidentKind;
use super::plan::Plan;

/// How far visits of a channel and its rate stray from week to week, by the deviation of their logarithms. Invented.
const VISITS_DEVIATION: f64 = 0.035;
const RATE_DEVIATION: f64 = 0.04;
/// How many times its usual visits the channel of bad traffic brings.
const BAD_TRAFFIC_GROWTH: f64 = 2.0;
/// Inquiries for each visit on a holiday, against a usual day; `truth.json` tells it.
pub const HOLIDAY_RATE: f64 = 0.5;

/// One simulated week.
pub struct Week {
    /// Its Monday.
    pub monday: NaiveDate,
    /// Monday 00:00 in Moscow.
    pub start: i64,
    /// The next Monday 00:00.
    pub end: i64,
    /// How busy each day is.
    pub days: [f64; 7],
    /// How busy the week is, against an average one.
    pub level: f64,
}

impl Week {
    /// The week from `monday` on; growth goes up to `latest`.
    pub fn new(monday: NaiveDate, latest: NaiveDate) -> Self {
        let days = day_weights(monday);
        let thursday = shift(monday, 3);
        let level = season(thursday, latest) * days.iter().sum::<f64>() / 7.0;
        let start = midnight(monday);
        Self {
            monday,
            start,
            end: start + 7 * DAY,
            days,
            level,
        }
    }

    /// A moment of the week, drawn by the profile of days and hours.
    pub fn moment(&self, dice: &mut Dice) -> i64 {
        let day = dice.weighted(&self.days) as i64;
        let hour = dice.weighted(&HOURS) as i64;
        self.start + day * DAY + hour * HOUR + dice.between(0, HOUR)
    }
}

/// Rates that hold for one week.
pub struct Rates {
    /// Inquiries for each visit of a channel.
    pub channel: [f64; CHANNELS.len()],
    /// What each day does to that.
    pub day: [f64; 7],
}

/// Visits to reach in each channel this week.
pub fn targets(week: &Week, volume: f64, plan: &Plan, dice: &mut Dice) -> [u64; CHANNELS.len()] {
    let middle = week.start + 3 * DAY;
    std::array::from_fn(|channel| {
        let chance = exp(VISITS_DEVIATION * dice.normal());
        let usual = volume * CHANNELS[channel].share * week.level * chance;
        dice.count(usual * growth(channel as u8, middle, plan))
    })
}

/// How many times its usual visits a channel brings by the incident that is on, if any.
fn growth(channel: u8, at: i64, plan: &Plan) -> f64 {
    let kind = match channel {
        // The factor of this incident is that of the conversion.
        VK_ADS if plan.on(IncidentKind::BadTraffic, at).is_some() => return BAD_TRAFFIC_GROWTH,
        NETWORK => IncidentKind::MixShift,
        ORGANIC => IncidentKind::TrafficDrop,
        _ => return 1.0,
    };
    let planted = plan.on(kind, at);
    planted.map_or(1.0, |planted| planted.incident.factor)
}

/// The week's own rates, a little off the usual ones.
pub fn rates(week: &Week, dice: &mut Dice) -> Rates {
    let channel = std::array::from_fn(|channel| {
        let chance = exp(RATE_DEVIATION * dice.normal());
        CHANNELS[channel].rate * chance
    });
    let day = std::array::from_fn(|day| {
        let is_holiday = holiday(shift(week.monday, day as i64)).is_some();
        if is_holiday { HOLIDAY_RATE } else { 1.0 }
    });
    Rates { channel, day }
}
