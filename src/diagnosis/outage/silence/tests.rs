//! Faults in made lines, and ratios of probabilities by hand.

use proptest::prelude::*;

use super::pieces::log_ratio;
use super::*;

/// Ten weeks of `per_hour` calls every hour, with an hour range of the last week at a share of it.
fn line(per_hour: f64, fault: std::ops::Range<usize>, left: f64) -> Hourly {
    let hours = 70 * 24;
    let count = |hour: usize| {
        if fault.contains(&hour) {
            per_hour * left
        } else {
            per_hour
        }
    };
    Hourly::new((0..hours).map(count).collect(), vec![1.0; hours], &[], 63)
}

// Poisson limit by hand: ln(e^{-6} / e^{-12}) = 6; three expected events of twelve, and a stray one.
#[test]
fn the_ratio_of_two_poisson_probabilities_is_exact() {
    assert!((log_ratio(0.0, 12.0, 1e-9, 0.5) - 6.0).abs() < 1e-4);
    assert!((log_ratio(3.0, 12.0, 1e-9, 0.25) - (9.0 - 3.0 * 4f64.ln())).abs() < 1e-4);
}

// scipy 1.17: nbinom.logpmf(3, 10, 10/(10+6)) − nbinom.logpmf(3, 10, 10/(10+12)); Var = m + m²/10.
#[test]
fn the_ratio_of_two_negative_binomial_probabilities_is_exact() {
    assert!((log_ratio(3.0, 12.0, 0.1, 0.5) - 2.060456962861114).abs() < 1e-9);
}

// (1 + fΛ)^(−1/f) at f = 0.25, Λ = 9.7: a silence that a dead line makes nearly certain.
#[test]
fn a_silence_is_worth_its_gamma_probability() {
    let weight = log_ratio(0.0, 9.7, 0.25, 0.0);
    let left: f64 = 0.01 + 0.003 * 9.7;
    let by_hand = 4.0 * (1.0f64 + 0.25 * 9.7).ln() - 4.0 * (1.0 + 0.25 * left).ln();
    assert!((weight - by_hand).abs() < 1e-9, "{weight} {by_hand}");
}

#[test]
fn a_silence_in_a_steady_line_is_found_to_the_hour() {
    let fault = 65 * 24 + 10..66 * 24 + 4;
    let found = scan(&line(1.0, fault.clone(), 0.0), 63, 70, Way::Fall).expect("a level");
    assert!(found.weight > 4.0, "{found:?}");
    assert_eq!(
        (found.window.from, found.window.to),
        (fault.start, fault.end)
    );
    assert_eq!(found.window.observed, 0.0);
}

#[test]
fn a_silence_begins_in_the_middle_of_when_it_may_have_begun() {
    // One call in ten hours, the last one in the evening of the second day; from the next morning the line is dead.
    let mut hourly = line(0.1, 0..0, 0.0);
    for (hour, count) in hourly.counts.iter_mut().enumerate() {
        *count = f64::from(u8::from(hour % 10 == 0));
    }
    let last = 65 * 24;
    hourly.counts[last + 1..].fill(0.0);
    let found = scan(&hourly, 63, 70, Way::Fall).expect("a level");
    // Within a tenth of the five days, twelve hours in which 1.2 calls were due, half of the faults begin before the fifth:
    // 1 − e^(−0.43) is half of 1 − e^(−1.2).
    let begun = found.window.from - last;
    assert!((2..=6).contains(&begun), "{begun} {found:?}");
    assert_eq!(found.window.to, 70 * 24);
}

#[test]
fn a_partial_loss_that_the_week_hides_is_found() {
    let fault = 64 * 24..67 * 24;
    let mut hourly = line(4.0, fault.clone(), 0.4);
    (67 * 24..70 * 24).for_each(|hour| hourly.counts[hour] *= 1.6);
    let found = scan(&hourly, 63, 70, Way::Fall).expect("a level");
    assert!(
        found.weight > 5.0 && found.window.from.abs_diff(fault.start) <= 3,
        "{found:?}"
    );
}

#[test]
fn as_usual_speaks_against_a_fault_and_nothing_due_says_nothing() {
    let found = scan(&line(1.0, 0..0, 0.0), 63, 70, Way::Fall).expect("a level");
    assert!(found.weight < -0.5, "{found:?}");
    let nothing_due = scan(&line(0.00001, 0..0, 0.0), 63, 70, Way::Fall).expect("a level");
    assert!(nothing_due.weight.abs() < 0.5, "{nothing_due:?}");
}

proptest! {
    #[test]
    fn a_longer_silence_never_weighs_less(hours in 2usize..100, more in 1usize..40) {
        let begin = 64 * 24;
        let weight = |hours: usize| scan(&line(0.5, begin..begin + hours, 0.0), 63, 70, Way::Fall).expect("a level").weight;
        prop_assert!(weight(hours + more) >= weight(hours) - 0.35);
    }
}
