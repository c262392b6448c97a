//! One simulated week: how busy its days are, and how many visits each channel brings.

use chrono::NaiveDate;

use super::calendar::{DAY, HOURS, day_weights, holiday, midnight, season, shift};
use super::channels::{CHANNELS, NETWORK, ORGANIC, VK_ADS};
use super::dice::{Dice, exp};
use super::incidents::IncidentKind;
use super::plan::Plan;

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
        let level = season(shift(monday, 3), latest) * days.iter().sum::<f64>() / 7.0;
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
        self.start + day * DAY + hour * 3600 + dice.between(0, 3600)
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
        let incident = match channel as u8 {
            VK_ADS if plan.on(IncidentKind::BadTraffic, middle).is_some() => 2.0,
            NETWORK if plan.on(IncidentKind::MixShift, middle).is_some() => 2.5,
            ORGANIC if plan.on(IncidentKind::TrafficDrop, middle).is_some() => 0.5,
            _ => 1.0,
        };
        let usual = volume * CHANNELS[channel].share * week.level * exp(0.035 * dice.normal());
        dice.count(usual * incident)
    })
}

/// The week's own rates, a little off the usual ones.
pub fn rates(week: &Week, dice: &mut Dice) -> Rates {
    let channel = std::array::from_fn(|channel| CHANNELS[channel].rate * exp(0.04 * dice.normal()));
    let day = std::array::from_fn(|day| {
        if holiday(shift(week.monday, day as i64)).is_some() {
            0.5
        } else {
            1.0
        }
    });
    Rates { channel, day }
}
