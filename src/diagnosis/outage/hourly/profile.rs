//! How events lie in the week: by weekday and time of day.

use std::array::from_fn;
use std::ops::Range;

/// Weeks that the profile of weekdays and hours is learnt from: half a year.
const PROFILE_WEEKS: usize = 26;
/// Events that a scope's own profile leans on the pooled one with. A judgement: about four for each weekday.
const LENT_BY_ALL: f64 = 30.0;
/// Events that the pooled profile leans on an even week with. A judgement: hardly any, all events of a kind are many.
const LENT_BY_EVEN: f64 = 6.0;
/// Exposure is never taken for less: without any, nothing must be divided by zero.
const LEAST_EXPOSURE: f64 = 1e-9;
/// Working days, Saturdays and Sundays.
const DAY_KINDS: usize = 3;

/// Spreads each day's exposure over its hours as the scope's events are usually spread, by weekday and time of day; thin
/// scopes lean on `pooled`, the events of all scopes of their kind. `weekday` is that of day 0, Monday being 0.
pub fn weights(
    counts: &[f64],
    pooled: &[f64],
    exposure: &[f64],
    weekday: usize,
    start: usize,
) -> Vec<f64> {
    let learnt = start.saturating_sub(PROFILE_WEEKS * 7)..start;
    let seen_of_all = SeenByTime::of(pooled, exposure, weekday, learnt.clone());
    let of_all = Profile::leaning_on(&Profile::even(), LENT_BY_EVEN, &seen_of_all);
    let seen = SeenByTime::of(counts, exposure, weekday, learnt);
    let own = Profile::leaning_on(&of_all, LENT_BY_ALL, &seen);
    let weight = |at: usize| {
        let (day, hour) = (at / 24, at % 24);
        let weekday = (day + weekday) % 7;
        exposure[day] * own.weekdays[weekday] * own.hours[day_kind(weekday)][hour]
    };
    (0..counts.len()).map(weight).collect()
}

/// How events lie in the week, given exposure: factors by weekday with mean 1, shares of hours by kind of day.
struct Profile {
    weekdays: [f64; 7],
    hours: [[f64; 24]; DAY_KINDS],
}

impl Profile {
    /// Every hour of every day alike.
    fn even() -> Self {
        Self {
            weekdays: [1.0; 7],
            hours: [[1.0 / 24.0; 24]; DAY_KINDS],
        }
    }

    /// What was seen, together with so many events that lie as in a profile known before.
    fn leaning_on(prior: &Self, lent: f64, seen: &SeenByTime) -> Self {
        let lent_a_day = lent / 7.0;
        let factor = |weekday: usize| {
            let due = seen.due(weekday);
            let lent_events = lent_a_day * prior.weekdays[weekday];
            (seen.events[weekday] + lent_events) / (due + lent_a_day)
        };
        let share = |kind: usize, hour: usize| {
            let of_kind = seen.hours[kind].iter().sum::<f64>();
            let lent_events = lent * prior.hours[kind][hour];
            (seen.hours[kind][hour] + lent_events) / (of_kind + lent)
        };
        Self {
            weekdays: from_fn(factor),
            hours: from_fn(|kind| from_fn(|hour| share(kind, hour))),
        }
    }
}

/// Events by weekday and time of day.
struct SeenByTime {
    /// Events by weekday.
    events: [f64; 7],
    /// What they are proportional to, by weekday.
    exposed: [f64; 7],
    /// Events by kind of day and hour.
    hours: [[f64; 24]; DAY_KINDS],
}

impl SeenByTime {
    fn of(counts: &[f64], exposure: &[f64], weekday: usize, days: Range<usize>) -> Self {
        let mut seen = Self {
            events: [0.0; 7],
            exposed: [0.0; 7],
            hours: [[0.0; 24]; DAY_KINDS],
        };
        for day in days {
            let weekday = (day + weekday) % 7;
            seen.exposed[weekday] += exposure[day];
            let of_day = &counts[day * 24..(day + 1) * 24];
            for (hour, count) in of_day.iter().enumerate() {
                seen.events[weekday] += count;
                seen.hours[day_kind(weekday)][hour] += count;
            }
        }
        seen
    }

    /// Events that a weekday would have if it were like the others.
    fn due(&self, weekday: usize) -> f64 {
        let all = self.events.iter().sum::<f64>();
        let exposed = self.exposed.iter().sum::<f64>().max(LEAST_EXPOSURE);
        all * self.exposed[weekday] / exposed
    }
}

/// Working day, Saturday, Sunday.
fn day_kind(weekday: usize) -> usize {
    weekday.saturating_sub(4)
}
