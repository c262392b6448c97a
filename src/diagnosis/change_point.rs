//! When a change began: the split of the days into "usual" and "changed" that fits best.

use super::case::Case;

/// Days before the reported period in which a change may have begun.
const BEFORE: usize = 21;

/// The day of the history on which a count left its usual level until the period's end, by the best split of the last
/// days; `None` when the last days do not differ.
pub fn start(case: &Case, counts: &[f64], exposure: Option<&[f64]>) -> Option<usize> {
    let expected: Vec<f64> = (case.start()..case.days())
        .map(|day| {
            case.judge_span(counts, exposure, day, day + 1)
                .map_or(0.0, |judged| judged.expected)
        })
        .collect();
    let weekly: f64 = expected.iter().sum();
    if weekly <= 0.0 {
        return None;
    }
    // Days before the period are expected as their weekdays in the period are.
    let length = case.length();
    let first = case.start().saturating_sub(BEFORE);
    let exposed = |day: usize| exposure.map_or(1.0, |exposure| exposure[day]);
    let expect = |day: usize| {
        if day >= case.start() {
            return expected[day - case.start()];
        }
        let like = (day + length * BEFORE - case.start()) % length;
        let unit = exposed(case.start() + like);
        if unit > 0.0 {
            expected[like] / unit * exposed(day)
        } else {
            expected[like]
        }
    };
    let gain = |from: usize| {
        let (seen, usual) = (from..case.days()).fold((0.0, 0.0), |sum, day| {
            (sum.0 + counts[day], sum.1 + expect(day))
        });
        if usual <= 0.0 {
            0.0
        } else {
            poisson(seen, usual)
        }
    };
    let best = (first..case.days())
        .max_by(|left, right| gain(*left).total_cmp(&gain(*right)).then(right.cmp(left)))?;
    (gain(best) > 1.0).then_some(best)
}

/// Log likelihood ratio of a Poisson count against its expectation.
fn poisson(seen: f64, expected: f64) -> f64 {
    let ratio = if seen > 0.0 {
        seen * (seen / expected).ln()
    } else {
        0.0
    };
    ratio - (seen - expected)
}
