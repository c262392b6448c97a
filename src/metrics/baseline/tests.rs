use chrono::{Datelike, NaiveDate};
use rand::SeedableRng;
use rand_distr::{Distribution as _, LogNormal, Poisson};
use rand_pcg::Pcg64Mcg;

use super::*;
use crate::metrics::distribution::Distribution;
use crate::model::calendar::Calendar;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Weekdays at 10 a day, weekends at 4, holidays at half.
fn series(first: NaiveDate, count: usize, calendar: &Calendar) -> Vec<f64> {
    let of = |day: NaiveDate| match (calendar.kind(day), day.weekday().num_days_from_monday()) {
        (kind, _) if kind.is_holiday() => 5.0,
        (_, 5..) => 4.0,
        _ => 10.0,
    };
    first.iter_days().take(count).map(of).collect()
}

#[test]
fn a_quiet_week_is_expected_as_it_was() {
    let calendar = Calendar::default();
    let days = Days::new(day("2026-03-02"), 140, 133, 8, &calendar);
    let counts = series(day("2026-03-02"), 140, &calendar);
    let profile = Profile::learn(&days, &counts, None, Quantity::Volume);
    let week = expect(&days, &profile, &counts, None, 133, 140).expect("history");
    assert!(
        (week.value - 58.0).abs() < 0.3 && (week.ordinary - week.value).abs() < 1e-9,
        "{week:?}"
    );
    let weekend = expect(&days, &profile, &counts, None, 138, 140).expect("history");
    assert!((weekend.value - 8.0).abs() < 0.4, "{weekend:?}");
}

#[test]
fn a_holiday_lowers_what_is_expected_and_not_what_is_ordinary() {
    let calendar = Calendar::shipped("ru").expect("shipped");
    // From 2 March to 14 June: the May holidays teach, 12 June is judged.
    let (first, count) = (day("2026-03-02"), 105);
    let days = Days::new(first, count, count - 7, 8, &calendar);
    let counts = series(first, count, &calendar);
    let profile = Profile::learn(&days, &counts, None, Quantity::Volume);
    let week = expect(&days, &profile, &counts, None, count - 7, count).expect("history");
    assert!(
        (53.0..55.5).contains(&week.value),
        "a Friday of 10 half of which a holiday takes, still leaning on three quarters: {week:?}"
    );
    assert!((57.0..59.0).contains(&week.ordinary), "{week:?}");
}

#[test]
fn a_spoilt_week_in_the_base_does_not_become_the_norm() {
    let calendar = Calendar::default();
    let days = Days::new(day("2026-03-02"), 140, 133, 8, &calendar);
    let mut counts = series(day("2026-03-02"), 140, &calendar);
    counts[119..126].iter_mut().for_each(|count| *count *= 0.1);
    let profile = Profile::learn(&days, &counts, None, Quantity::Volume);
    let week = expect(&days, &profile, &counts, None, 133, 140).expect("history");
    assert!(week.value > 53.0, "the mean would say 51: {week:?}");
}

/// 95 % intervals hold 93 to 97 % of quiet weeks, alarms at 1 % are raised in 0.4 to 2 % of them, from 5 a week up.
#[test]
fn intervals_cover_what_they_promise() {
    let calendar = Calendar::default();
    for (at, (weekly, noise)) in [
        (5.0, 0.06),
        (20.0, 0.06),
        (100.0, 0.08),
        (600.0, 0.06),
        (3000.0, 0.1),
    ]
    .into_iter()
    .enumerate()
    {
        let mut dice = Pcg64Mcg::seed_from_u64(7 + at as u64);
        let (mut inside, mut alarms) = (0.0, 0.0);
        let repetitions = 1500;
        for _ in 0..repetitions {
            let mut counts = Vec::new();
            let wobble = LogNormal::new(0.0, noise).expect("a deviation above 0");
            for _ in 0..30 {
                let level: f64 = weekly * wobble.sample(&mut dice);
                for weight in [1.2, 1.2, 1.1, 1.1, 1.0, 0.8, 0.6] {
                    counts.push(
                        Poisson::new(level * weight / 7.0)
                            .expect("a mean above 0")
                            .sample(&mut dice),
                    );
                }
            }
            let days = Days::new(
                day("2026-03-02"),
                counts.len(),
                counts.len() - 7,
                8,
                &calendar,
            );
            let profile = Profile::learn(&days, &counts, None, Quantity::Volume);
            let week =
                expect(&days, &profile, &counts, None, days.start, counts.len()).expect("history");
            let distribution = Distribution::negative_binomial(week.value, week.dispersion);
            let seen: f64 = counts[days.start..].iter().sum();
            // Mid-p: of a count, half of its own probability belongs to either side.
            let middle = (distribution.at_most(seen) + 1.0 - distribution.at_least(seen)) / 2.0;
            let within = (0.025..=0.975).contains(&middle);
            inside += f64::from(u8::from(within));
            alarms += f64::from(u8::from(distribution.at_most(seen) < 0.01));
        }
        let (coverage, alarms) = (
            inside / f64::from(repetitions),
            alarms / f64::from(repetitions),
        );
        assert!(
            (0.925..=0.975).contains(&coverage),
            "{weekly} a week: {coverage} covered"
        );
        assert!(alarms <= 0.022, "{weekly} a week: {alarms} alarmed");
    }
}
