//! Which days a plan is spread over, and what part of it falls to a span of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::config::rules::Proration;
use crate::metrics::ledger::Ledger;
use crate::model::calendar::Calendar;
use crate::model::facts::DailySessions;
use crate::model::target::{PlanMetric, PlanScope, Target};

/// Days that are looked at to tell whether a firm works on its days off: 26 weeks, as weekdays are learnt from.
const LOOKED_BACK: i64 = 182;
/// Four weeks show every weekday four times; of fewer days nothing is told.
const FEWEST_DAYS: usize = 28;
/// Fewer events than these tell nothing of weekdays: under one in a day of four weeks.
const FEWEST_EVENTS: f64 = 20.0;
/// Below this share of a working day's events a day off is nearer to none than to a day like any other.
const NEARER_TO_NONE: f64 = 0.5;

/// Which days the plan is spread over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanDays {
    /// The working days of the calendar.
    WorkingDays,
    /// All days alike.
    Days,
}

/// The rule with what it was told from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PlanRule {
    /// Which days the plan is spread over.
    pub days: PlanDays,
    /// Events of a day off as a share of those of a working day; absent where the pipeline states the rule, or too little
    /// is known.
    pub day_off_share: Option<f64>,
}

/// Finds the rule: the pipeline's own, else working days where days off bring under half of a working day's inquiries
/// (sessions where no inquiries are known).
pub(super) fn rule(
    proration: Proration,
    ledger: &Ledger<'_>,
    sessions: Option<&DailySessions>,
    calendar: &Calendar,
    last: NaiveDate,
) -> PlanRule {
    let stated = |days| PlanRule {
        days,
        day_off_share: None,
    };
    match proration {
        Proration::WorkingDays => return stated(PlanDays::WorkingDays),
        Proration::Days => return stated(PlanDays::Days),
        Proration::Auto => {}
    }
    let first = last - chrono::TimeDelta::days(LOOKED_BACK - 1);
    let share = share_of(&inquiries_by_day(ledger, first, last), calendar)
        .or_else(|| share_of(&sessions_by_day(sessions?, first, last), calendar));
    let days = match share {
        Some(share) if share < NEARER_TO_NONE => PlanDays::WorkingDays,
        _ => PlanDays::Days,
    };
    PlanRule {
        days,
        day_off_share: share,
    }
}

/// Events of each known day; from the first day with any on.
type ByDay = BTreeMap<NaiveDate, f64>;

fn inquiries_by_day(ledger: &Ledger<'_>, first: NaiveDate, last: NaiveDate) -> ByDay {
    let arrived = ledger.arrived(first, last);
    let mut days = ByDay::new();
    let Some(known_from) = arrived.first().map(|entry| entry.day) else {
        return days;
    };
    for day in known_from.iter_days().take_while(|day| *day <= last) {
        days.insert(day, 0.0);
    }
    for entry in arrived {
        *days.entry(entry.day).or_default() += 1.0;
    }
    days
}

fn sessions_by_day(sessions: &DailySessions, first: NaiveDate, last: NaiveDate) -> ByDay {
    let mut days = ByDay::new();
    for counts in sessions.channels.values() {
        for (day, count) in sessions.first_day.iter_days().zip(counts) {
            if (first..=last).contains(&day) {
                *days.entry(day).or_default() += f64::from(*count);
            }
        }
    }
    days
}

/// The mean of days off as a share of the mean of working days; `None` where too little is known.
fn share_of(days: &ByDay, calendar: &Calendar) -> Option<f64> {
    let total: f64 = days.values().sum();
    if days.len() < FEWEST_DAYS || total < FEWEST_EVENTS {
        return None;
    }
    let mean = |worked: bool| {
        let of_kind = days
            .iter()
            .filter(|(day, _)| calendar.kind(**day).is_worked() == worked);
        let (sum, count) =
            of_kind.fold((0.0, 0_u32), |sum, (_, events)| (sum.0 + events, sum.1 + 1));
        (count > 0).then(|| sum / f64::from(count))
    };
    let worked = mean(true).filter(|worked| *worked > 0.0)?;
    Some(mean(false)? / worked)
}

/// How much a day counts for.
fn weight(days: PlanDays, calendar: &Calendar, day: NaiveDate) -> f64 {
    match days {
        PlanDays::Days => 1.0,
        PlanDays::WorkingDays => f64::from(u8::from(calendar.kind(day).is_worked())),
    }
}

/// The weight of a span of days.
pub(super) fn weight_of(
    days: PlanDays,
    calendar: &Calendar,
    from: NaiveDate,
    to: NaiveDate,
) -> f64 {
    let span = from.iter_days().take_while(|day| *day <= to);
    span.map(|day| weight(days, calendar, day)).sum()
}

/// What is planned for a span of days. A day that several targets of one metric and scope cover takes the shortest: a
/// week's plan says more about its days than the month's. A plan for a part of the span only is none for it.
///
/// Counts and amounts: `Σ value · weight of the days taken ÷ weight of the target's own days`. Rates: the mean over the
/// days, for a rate of half a month is the month's.
pub(super) fn planned(
    targets: &[Target],
    days: PlanDays,
    calendar: &Calendar,
    (from, to): (NaiveDate, NaiveDate),
) -> BTreeMap<(PlanScope, PlanMetric), f64> {
    let mut by_key: BTreeMap<(PlanScope, PlanMetric), Vec<&Target>> = BTreeMap::new();
    for target in targets.iter().filter(|target| target.value.is_finite()) {
        let key = (target.scope.clone(), target.metric);
        by_key.entry(key).or_default().push(target);
    }
    let value = |(key, targets): ((PlanScope, PlanMetric), Vec<&Target>)| {
        let taken = days_taken(&targets, from, to)?;
        let value = match key.1.is_prorated() {
            true => prorated(&taken, days, calendar),
            false => mean(&taken),
        };
        // A plan beyond all numbers is a slip of the keyboard, and none.
        value.is_finite().then_some((key, value + 0.0))
    };
    by_key.into_iter().filter_map(value).collect()
}

/// The days of a span that each target answers for; `None` where nothing is planned for one of them.
fn days_taken<'t>(
    targets: &[&'t Target],
    from: NaiveDate,
    to: NaiveDate,
) -> Option<Vec<(&'t Target, Vec<NaiveDate>)>> {
    let mut taken: Vec<(&Target, Vec<NaiveDate>)> =
        targets.iter().map(|target| (*target, Vec::new())).collect();
    for day in from.iter_days().take_while(|day| *day <= to) {
        let covering = taken
            .iter_mut()
            .filter(|(target, _)| (target.from..=target.to).contains(&day));
        // Of equally long ones the first counts.
        let shortest = covering.min_by_key(|(target, _)| target.to - target.from)?;
        shortest.1.push(day);
    }
    taken.retain(|(_, days)| !days.is_empty());
    Some(taken)
}

fn prorated(taken: &[(&Target, Vec<NaiveDate>)], days: PlanDays, calendar: &Calendar) -> f64 {
    let part = |(target, own): &(&Target, Vec<NaiveDate>)| {
        let whole = weight_of(days, calendar, target.from, target.to);
        // A plan for holidays alone is spread over them all the same.
        let rule = if whole > 0.0 { days } else { PlanDays::Days };
        let whole = weight_of(rule, calendar, target.from, target.to);
        let part: f64 = own.iter().map(|day| weight(rule, calendar, *day)).sum();
        target.value * part / whole
    };
    taken.iter().map(part).sum()
}

fn mean(taken: &[(&Target, Vec<NaiveDate>)]) -> f64 {
    // One plan is what it is, not the sum of its thirtieths.
    if let [(only, _)] = taken {
        return only.value;
    }
    let count = |own: &[NaiveDate]| own.len() as f64;
    let sum: f64 = taken
        .iter()
        .map(|(target, own)| target.value * count(own))
        .sum();
    let all: f64 = taken.iter().map(|(_, own)| count(own)).sum();
    sum / all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::channel::ChannelId;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn target(from: &str, to: &str, metric: PlanMetric, value: f64) -> Target {
        Target {
            from: day(from),
            to: day(to),
            scope: PlanScope::Total,
            metric,
            value,
        }
    }

    fn plan_of(
        targets: &[Target],
        days: PlanDays,
        from: &str,
        to: &str,
        metric: PlanMetric,
    ) -> Option<f64> {
        let calendar = Calendar::shipped("ru").expect("shipped");
        let all = planned(targets, days, &calendar, (day(from), day(to)));
        all.get(&(PlanScope::Total, metric)).copied()
    }

    #[test]
    fn half_of_novembers_days_have_half_of_its_inquiries_and_the_whole_rate() {
        let targets = [
            target("2026-11-01", "2026-11-30", PlanMetric::Inquiries, 260.0),
            target("2026-11-01", "2026-11-30", PlanMetric::Cpl, 500.0),
        ];
        let of = |days, metric| plan_of(&targets, days, "2026-11-01", "2026-11-15", metric);
        assert_eq!(of(PlanDays::Days, PlanMetric::Inquiries), Some(130.0));
        assert_eq!(of(PlanDays::Days, PlanMetric::Cpl), Some(500.0));
        // November 2026 has 20 working days (the 4th is a holiday): 9 of them up to the 15th.
        let working = of(PlanDays::WorkingDays, PlanMetric::Inquiries);
        assert_eq!(working, Some(260.0 * 9.0 / 20.0));
    }

    #[test]
    fn a_week_over_two_months_takes_of_both_and_a_shorter_plan_goes_first() {
        let mut targets = vec![
            target("2026-10-01", "2026-10-31", PlanMetric::Sales, 310.0),
            target("2026-11-01", "2026-11-30", PlanMetric::Sales, 60.0),
        ];
        let of = |targets: &[Target]| {
            plan_of(
                targets,
                PlanDays::Days,
                "2026-10-26",
                "2026-11-01",
                PlanMetric::Sales,
            )
        };
        assert_eq!(of(&targets), Some(6.0 * 10.0 + 2.0));
        targets.push(target("2026-10-26", "2026-11-01", PlanMetric::Sales, 7.0));
        assert_eq!(of(&targets), Some(7.0));
    }

    #[test]
    fn a_plan_for_a_part_of_the_span_is_none_and_one_for_holidays_alone_is_spread_over_them() {
        let targets = [target("2026-01-01", "2026-01-08", PlanMetric::Sales, 8.0)];
        let of = |to| {
            plan_of(
                &targets,
                PlanDays::WorkingDays,
                "2026-01-01",
                to,
                PlanMetric::Sales,
            )
        };
        assert_eq!(of("2026-01-09"), None);
        assert_eq!(of("2026-01-04"), Some(4.0));
    }

    #[test]
    fn channels_have_plans_of_their_own() {
        let own = Target {
            scope: PlanScope::Channel(ChannelId::new("vk-ads")),
            ..target("2026-11-01", "2026-11-30", PlanMetric::Spend, 3_000.0)
        };
        assert_eq!(
            plan_of(
                &[own],
                PlanDays::Days,
                "2026-11-01",
                "2026-11-15",
                PlanMetric::Spend
            ),
            None
        );
    }

    #[test]
    fn days_off_are_told_by_what_they_bring() {
        let calendar = Calendar::shipped("ru").expect("shipped");
        let days = |off: f64| -> ByDay {
            let of = |day: NaiveDate| {
                if calendar.kind(day).is_worked() {
                    10.0
                } else {
                    off
                }
            };
            day("2026-09-07")
                .iter_days()
                .take(42)
                .map(|day| (day, of(day)))
                .collect()
        };
        assert_eq!(share_of(&days(10.0), &calendar), Some(1.0));
        assert_eq!(share_of(&days(2.0), &calendar), Some(0.2));
        let few: ByDay = days(10.0).into_iter().take(27).collect();
        assert_eq!(share_of(&few, &calendar), None);
    }

    proptest::proptest! {
        #[test]
        fn the_plans_of_two_parts_add_up_to_the_whole(value in 0.0..1e9_f64, at in 0..29_i64, working: bool) {
            let days = if working { PlanDays::WorkingDays } else { PlanDays::Days };
            let targets = [target("2026-11-01", "2026-11-30", PlanMetric::Revenue, value)];
            let first = day("2026-11-01");
            let middle = first + chrono::TimeDelta::days(at);
            let part = |from: NaiveDate, to: NaiveDate| {
                let (from, to) = (from.to_string(), to.to_string());
                plan_of(&targets, days, &from, &to, PlanMetric::Revenue).expect("a plan")
            };
            let sum = part(first, middle) + part(middle + chrono::TimeDelta::days(1), day("2026-11-30"));
            proptest::prop_assert!((sum - value).abs() <= 1e-9 * value.max(1.0), "{sum} is not {value}");
        }
    }
}
