//! What kinds of days and weekdays do to a count or a rate.

use super::days::DAYS_A_WEEK;
use super::{Days, HALF_EVENT, HOLIDAY_NOISE, Series};
use crate::model::calendar::DayKind;

/// Events that a scope's own weekday profile leans on the pooled one with: a channel with few inquiries has the weekdays
/// of the whole firm. A judgement.
const PRIOR_EVENTS: f64 = 60.0;

/// Events a weekday that the pooled profile leans on equal weekdays with: hardly at all, it has all counts.
const PRIOR_EVENTS_OF_POOLED: f64 = 1.0;

/// Log standard deviation of what a kind of day does at a firm around what is usual for it. A judgement: firms differ
/// much in what a holiday does to them.
const KIND_SPREAD: f64 = 0.3;

/// An ordinary day's level is looked for so many days on either side: three weeks have every weekday six times, and
/// levels drift little over them.
const DAYS_AROUND: usize = 21;

/// Makes the level of a scope that has counted nothing on nothing 1 and not an undefined number.
const NEARLY_NOTHING: f64 = 1e-9;

/// A factor for each kind of day, in the order of [`DayKind::ALL`].
type ByKind = [f64; DayKind::ALL.len()];

/// A factor for each weekday, Monday first.
type ByWeekday = [f64; DAYS_A_WEEK];

/// What kinds of days and weekdays do to a count or a rate, as factors; learnt on all channels together.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    kinds: ByKind,
    pub(super) weekdays: ByWeekday,
}

/// Whether a profile is of a count or of a rate: holidays lower traffic, and what traffic brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// A count of its own: sessions, clicks.
    Volume,
    /// Events for an exposure: inquiries for sessions.
    Rate,
}

impl Profile {
    /// Learns the factors on the history before the reported period. Kinds of days that have not occurred yet keep what
    /// is usual: a holiday brings three quarters of the traffic and of its inquiries, New Year half.
    pub fn learn(
        days: &Days,
        counts: &[f64],
        exposure: Option<&[f64]>,
        quantity: Quantity,
    ) -> Self {
        let series = Series { counts, exposure };
        // Weekdays come first: what a holiday does is told from an ordinary day of its weekday.
        let weekdays = weekdays_of(days, series, None);
        let mut kinds = usual_kinds(quantity);
        for kind in DayKind::ALL {
            if kind.is_special() {
                let usual = kinds[kind as usize];
                kinds[kind as usize] = kind_factor(days, &weekdays, series, kind, usual);
            }
        }
        Self { kinds, weekdays }
    }

    pub(super) fn factor(&self, kind: DayKind) -> f64 {
        self.kinds[kind as usize]
    }
}

/// Factors before anything is learnt. Judgements, which count only until days of the kind have been seen.
fn usual_kinds(quantity: Quantity) -> ByKind {
    DayKind::ALL.map(|kind| match (kind, quantity) {
        (DayKind::Working | DayKind::Weekend, _) => 1.0,
        (DayKind::Holiday, Quantity::Volume | Quantity::Rate) => 0.75,
        (DayKind::NewYear, Quantity::Volume) => 0.5,
        (DayKind::NewYear, Quantity::Rate) => 0.55,
        (DayKind::AfterNewYear, _) => 0.65,
        (DayKind::Short, _) => 0.97,
        (DayKind::WorkingWeekend, _) => 1.1,
    })
}

/// The factor of a kind of day: what its days brought against ordinary ones, leaning on the usual one.
///
/// Both are logarithms with a variance, and each counts by the inverse of its own.
fn kind_factor(
    days: &Days,
    weekdays: &ByWeekday,
    series: Series<'_>,
    kind: DayKind,
    usual: f64,
) -> f64 {
    let (mut seen, mut expected, mut count) = (0.0, 0.0, 0.0);
    for day in days.known_from..days.start {
        if days.kinds[day] != kind {
            continue;
        }
        if let Some(ordinary) = ordinary_count(days, weekdays, series, day) {
            seen += series.counts[day];
            expected += ordinary;
            count += 1.0;
        }
    }
    let prior = usual.ln();
    let found = ((seen + HALF_EVENT) / (expected + HALF_EVENT)).ln();
    let spread = KIND_SPREAD.powi(2);
    let noise = HOLIDAY_NOISE.powi(2) / f64::max(1.0, count) + 1.0 / (seen + 1.0);
    let weight = if count > 0.0 {
        spread / (spread + noise)
    } else {
        0.0
    };
    (prior + weight * (found - prior)).exp()
}

/// What an ordinary day there would have brought, from the ordinary days of three weeks on either side.
fn ordinary_count(
    days: &Days,
    weekdays: &ByWeekday,
    series: Series<'_>,
    day: usize,
) -> Option<f64> {
    let units = |day: usize| series.exposed(day) * weekdays[usize::from(days.weekdays[day])];
    let first = day.saturating_sub(DAYS_AROUND).max(days.known_from);
    let end = (day + DAYS_AROUND + 1).min(days.start);
    let (mut seen, mut units_around) = (0.0, 0.0);
    for near in first..end {
        if !days.kinds[near].is_special() {
            seen += series.counts[near];
            units_around += units(near);
        }
    }
    let own = units(day);
    (units_around > 0.0 && own > 0.0).then(|| seen / units_around * own)
}

/// Factors of the weekdays, mean 1, over ordinary days; leaning on the pooled ones when given.
pub(super) fn weekdays_of(
    days: &Days,
    series: Series<'_>,
    pooled: Option<&ByWeekday>,
) -> ByWeekday {
    let (mut seen, mut units) = ([0.0; DAYS_A_WEEK], [0.0; DAYS_A_WEEK]);
    for day in days.learnt_from()..days.start {
        if days.kinds[day].is_special() {
            continue;
        }
        let weekday = usize::from(days.weekdays[day]);
        seen[weekday] += series.counts[day];
        units[weekday] += series.exposed(day);
    }
    let all_seen = seen.iter().sum::<f64>() + NEARLY_NOTHING;
    let level = all_seen / (units.iter().sum::<f64>() + NEARLY_NOTHING);
    let lent = match pooled {
        Some(_) => PRIOR_EVENTS / DAYS_A_WEEK as f64,
        None => PRIOR_EVENTS_OF_POOLED,
    };
    std::array::from_fn(|weekday| {
        let usual = pooled.map_or(1.0, |pooled| pooled[weekday]);
        (seen[weekday] + lent * usual) / (level * units[weekday] + lent)
    })
}
