//! What kinds of days and weekdays do to a metric.

use super::{Days, HOLIDAY_NOISE, LEARNT, exposed};
use crate::model::calendar::DayKind;

/// Events that a scope's own weekday profile leans on the pooled one with.
const PRIOR_EVENTS: f64 = 60.0;

/// What kinds of days and weekdays do to a metric, as factors; learnt on all channels together.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    kinds: [f64; 7],
    pub(super) weekdays: [f64; 7],
}

/// Whether a profile is of a count or of a rate: holidays lower traffic, and what traffic brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// A count of its own: sessions, clicks.
    Volume,
    /// Events for an exposure: inquiries for sessions.
    Rate,
}

impl Profile {
    /// Learns the factors on the history before the reported period. Kinds of days that have not occurred yet keep what
    /// is usual: a holiday brings three quarters of the traffic and of its inquiries, New Year half.
    pub fn learn(days: &Days, counts: &[f64], exposure: Option<&[f64]>, metric: Metric) -> Self {
        let mut profile = Self {
            kinds: prior(metric),
            weekdays: [1.0; 7],
        };
        let from = days.start.saturating_sub(LEARNT * 7).max(days.known_from);
        profile.weekdays = profile.weekdays_of(days, counts, exposure, from, None);
        let level = |day: usize| local_level(days, &profile.weekdays, counts, exposure, day);
        for kind in DayKind::ALL.into_iter().filter(|kind| kind.is_special()) {
            let (mut seen, mut expected, mut count) = (0.0, 0.0, 0.0);
            for day in (days.known_from..days.start).filter(|day| days.kinds[*day] == kind) {
                if let Some(usual) = level(day) {
                    (seen, expected, count) = (seen + counts[day], expected + usual, count + 1.0);
                }
            }
            let prior = profile.kinds[kind as usize].ln();
            let (spread, noise) = (
                0.3_f64.powi(2),
                HOLIDAY_NOISE.powi(2) / 1f64.max(count) + 1.0 / (seen + 1.0),
            );
            let found = ((seen + 0.5) / (expected + 0.5)).ln();
            let weight = if count > 0.0 {
                spread / (spread + noise)
            } else {
                0.0
            };
            profile.kinds[kind as usize] = (prior + weight * (found - prior)).exp();
        }
        profile
    }

    /// Factors of the weekdays, mean 1, over ordinary days; leaning on the pooled ones when given.
    pub(super) fn weekdays_of(
        &self,
        days: &Days,
        counts: &[f64],
        exposure: Option<&[f64]>,
        from: usize,
        pooled: Option<&[f64; 7]>,
    ) -> [f64; 7] {
        let (mut seen, mut units) = ([0.0; 7], [0.0; 7]);
        for day in (from..days.start).filter(|day| !days.kinds[*day].is_special()) {
            let weekday = usize::from(days.weekdays[day]);
            seen[weekday] += counts[day];
            units[weekday] += exposed(exposure, day);
        }
        let level = (seen.iter().sum::<f64>() + 1e-9) / (units.iter().sum::<f64>() + 1e-9);
        std::array::from_fn(|weekday| {
            let usual = pooled.map_or(1.0, |pooled| pooled[weekday]);
            let lent = if pooled.is_some() {
                PRIOR_EVENTS / 7.0
            } else {
                1.0
            };
            (seen[weekday] + lent * usual) / (level * units[weekday] + lent)
        })
    }

    pub(super) fn factor(&self, kind: DayKind) -> f64 {
        self.kinds[kind as usize]
    }
}

/// What is usual before anything is learnt.
fn prior(metric: Metric) -> [f64; 7] {
    DayKind::ALL.map(|kind| match (kind, metric) {
        (DayKind::Working | DayKind::Weekend, _) => 1.0,
        (DayKind::Holiday, Metric::Volume) => 0.75,
        (DayKind::Holiday, Metric::Rate) => 0.75,
        (DayKind::NewYear, Metric::Volume) => 0.5,
        (DayKind::NewYear, Metric::Rate) => 0.55,
        (DayKind::AfterNewYear, _) => 0.65,
        (DayKind::Short, _) => 0.97,
        (DayKind::WorkingWeekend, _) => 1.1,
    })
}

/// What an ordinary day there would have brought, from the ordinary days of three weeks on either side.
fn local_level(
    days: &Days,
    weekdays: &[f64; 7],
    counts: &[f64],
    exposure: Option<&[f64]>,
    day: usize,
) -> Option<f64> {
    let around = day.saturating_sub(21).max(days.known_from)..(day + 22).min(days.start);
    let (mut seen, mut units) = (0.0, 0.0);
    for near in around.filter(|near| !days.kinds[*near].is_special()) {
        seen += counts[near];
        units += exposed(exposure, near) * weekdays[usize::from(days.weekdays[near])];
    }
    let own = exposed(exposure, day) * weekdays[usize::from(days.weekdays[day])];
    (units > 0.0 && own > 0.0).then(|| seen / units * own)
}
