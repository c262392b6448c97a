//! How long one manager's talks are: who does not care to sell talks more briefly, weeks before the sales are missed.

use std::ops::Range;

use crate::config::words;
use crate::diagnosis::case::Case;
use crate::diagnosis::cohort::WEEKS_BEFORE;
use crate::diagnosis::cohort::earlier::earlier_base;
use crate::diagnosis::cohort::panel::lately;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::model::observations::{Code, Dimension, Direction, SeenCall};

/// Fewer talks in the base do not tell how long one takes.
const FEWEST_TALKS: f64 = 40.0;
/// Fewer talks in the weeks that are judged tell nothing.
const FEWEST_LATELY: f64 = 10.0;
/// Log standard deviation of a week's usual talk until the history says otherwise: that of all weekly noise.
const USUAL_NOISE: f64 = 0.06;
/// Weeks of the history that this assumption counts as.
const USUAL_NOISE_WEEKS: f64 = 8.0;
/// The least by which talks are called shorter, as a logarithm: a tenth …
const LEAST_SHORTER: f64 = 0.1;
/// … and the most that is tried: two thirds.
const MOST_SHORTER: f64 = 1.1;
/// Sizes that are tried between them: more make no difference to the evidence.
const SIZES: usize = 20;
/// Days of a week.
const WEEK: usize = 7;

/// Logarithms of talks, by week.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Talks {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Talks {
    fn add(&mut self, log: f64) {
        self.count += 1.0;
        self.sum += log;
        self.squares += log * log;
    }

    fn and(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            sum: self.sum + other.sum,
            squares: self.squares + other.squares,
        }
    }

    fn mean(self) -> f64 {
        self.sum / self.count.max(1.0)
    }

    fn variance(self) -> f64 {
        (self.squares / self.count.max(1.0) - self.mean().powi(2)).max(0.0)
    }
}

/// How much shorter the talks of a stretch of weeks are than usual ones.
struct Stretch {
    /// Log Bayes factor of "shorter", nats.
    weight: f64,
    /// Mean logarithm of what a talk lasts, beyond the usual one.
    change: f64,
}

/// The manager's talks of the period, or since one, two … weeks before it, against the usual ones, where operators of
/// calls and managers of deals go by the same name. Calls in and out are as long as they are: each is compared with its
/// own kind.
pub(super) fn briefer(case: &Case, manager: Code) -> Option<Evidence> {
    let name = case.text(Dimension::Manager, manager);
    let operator = case.seen.names.find(Dimension::Operator, name)?;
    let is_own = |call: &&SeenCall| call.answered && call.operator == operator && call.talk_s > 0;
    let talks: Vec<&SeenCall> = case.seen.calls.as_ref()?.iter().filter(is_own).collect();
    let usual = Usual::learn(&talks, &earlier_base(case))?;
    let mut stretches = Vec::new();
    for weeks_before in 0..=WEEKS_BEFORE as usize {
        let Some(from) = case.start().checked_sub(WEEK * weeks_before) else {
            break;
        };
        stretches.extend(usual.stretch(&talks, from..case.days()));
    }
    evidence(&stretches, usual.all.mean().exp())
}

/// Talks of the base in each direction.
struct ByDirection {
    inbound: Talks,
    outbound: Talks,
}

impl ByDirection {
    /// The logarithm of a talk beyond that of usual ones of its direction.
    fn beyond(&self, call: &SeenCall) -> f64 {
        let usual = match call.direction {
            Direction::Outbound => self.outbound,
            Direction::Inbound | Direction::Internal => self.inbound,
        };
        log(call) - usual.mean()
    }
}

/// What talks of the base are like.
struct Usual {
    by_direction: ByDirection,
    all: Talks,
    /// Variance of the logarithm of a single talk.
    spread: f64,
    /// Variance of a week's mean beyond that of its talks.
    noise: f64,
    weeks: usize,
}

impl Usual {
    /// `None` with too few talks.
    fn learn(talks: &[&SeenCall], base: &Range<u32>) -> Option<Self> {
        let by_direction = ByDirection {
            inbound: of_direction(talks, base, Direction::Inbound),
            outbound: of_direction(talks, base, Direction::Outbound),
        };
        let all = by_direction.inbound.and(by_direction.outbound);
        if all.count < FEWEST_TALKS {
            return None;
        }
        let spread = all.variance();
        // The noise of weeks is that of what lies beyond the usual talk.
        let weeks = by_week(talks, base, |call| by_direction.beyond(call));
        Some(Self {
            noise: noise(&weeks, spread),
            weeks: weeks.len(),
            by_direction,
            all,
            spread,
        })
    }

    /// The talks of some days against it; `None` of too few.
    fn stretch(&self, talks: &[&SeenCall], days: Range<usize>) -> Option<Stretch> {
        let span = days.start as u32..days.end as u32;
        let recent = sum(talks, &span, |call| self.by_direction.beyond(call));
        if recent.count < FEWEST_LATELY {
            return None;
        }
        let weeks = (days.len() as f64 / WEEK as f64).max(1.0);
        let base_weeks = self.weeks.max(1) as f64;
        // Of the recent mean and of the usual one alike: talks differ, and so do weeks.
        let variance = self.spread / recent.count
            + self.noise / weeks
            + self.spread / self.all.count
            + self.noise / base_weeks;
        Some(Stretch {
            weight: shortened(recent.mean(), variance),
            change: recent.mean(),
        })
    }
}

/// What the stretches tell together; the clearest one is shown. `usual` is a usual talk in seconds: the geometric mean,
/// which a few long ones hardly move.
fn evidence(stretches: &[Stretch], usual: f64) -> Option<Evidence> {
    let weights: Vec<f64> = stretches.iter().map(|stretch| stretch.weight).collect();
    let clearest = stretches
        .iter()
        .max_by(|left, right| left.weight.total_cmp(&right.weight))?;
    let values = [
        ("observed", Value::Seconds(usual * clearest.change.exp())),
        ("expected", Value::Seconds(usual)),
    ];
    Some(
        Evidence::new(
            words::evidence::managers::SHORT_TALKS,
            lately(&weights),
            values,
        )
        .of(Role::Quality),
    )
}

/// Talks are compared by their logarithms: they are spread over minutes and hours, and a habit shortens all alike.
fn log(call: &SeenCall) -> f64 {
    f64::from(call.talk_s).ln()
}

fn of_direction(talks: &[&SeenCall], base: &Range<u32>, direction: Direction) -> Talks {
    let is_such = |call: &&SeenCall| call.direction == direction;
    let such: Vec<&SeenCall> = talks.iter().copied().filter(is_such).collect();
    sum(&such, base, log)
}

fn sum(talks: &[&SeenCall], days: &Range<u32>, of: impl Fn(&SeenCall) -> f64) -> Talks {
    let mut sum = Talks::default();
    for call in talks.iter().filter(|call| days.contains(&call.day)) {
        sum.add(of(call));
    }
    sum
}

/// The weeks of the base; days left over belong to the last one.
fn by_week(talks: &[&SeenCall], base: &Range<u32>, of: impl Fn(&SeenCall) -> f64) -> Vec<Talks> {
    let mut weeks = vec![Talks::default(); (base.len() / WEEK).max(1)];
    for call in talks.iter().filter(|call| base.contains(&call.day)) {
        let week = (call.day - base.start) as usize / WEEK;
        let week = week.min(weeks.len() - 1);
        weeks[week].add(of(call));
    }
    weeks.retain(|week| week.count > 0.0);
    weeks
}

/// Variance of weekly means beyond that of the talks themselves, by moments, leaning on the usual one. Weeks count by
/// their talks.
fn noise(weeks: &[Talks], spread: f64) -> f64 {
    let excess_of = |week: &Talks| {
        let chance = spread / week.count;
        week.count * (week.mean().powi(2) - chance)
    };
    let excess: f64 = weeks.iter().map(excess_of).sum();
    let talks: f64 = weeks.iter().map(|week| week.count).sum();
    let own = if talks > 0.0 {
        (excess / talks).max(0.0)
    } else {
        0.0
    };
    let usual = USUAL_NOISE * USUAL_NOISE;
    let count = weeks.len() as f64;
    (count * own + USUAL_NOISE_WEEKS * usual) / (count + USUAL_NOISE_WEEKS)
}

/// Log Bayes factor of "shorter by something" against "as usual" for a mean logarithm with a variance, nats. Belief is
/// spread evenly over the sizes.
fn shortened(mean: f64, variance: f64) -> f64 {
    // Of the normal density, without what is the same for all sizes.
    let log_density = |at: f64| -(mean - at).powi(2) / (2.0 * variance);
    let usual = log_density(0.0);
    let mut tried = Vec::new();
    for size in 0..SIZES {
        let middle = size as f64 + 0.5;
        let shorter = LEAST_SHORTER + (MOST_SHORTER - LEAST_SHORTER) * middle / SIZES as f64;
        tried.push(log_density(-shorter) - usual);
    }
    bayes::log_mean(&tried).clamp(-bayes::EVIDENCE_CAP, bayes::EVIDENCE_CAP)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::firm::{START, quiet, settings};
    use crate::model::observations::Observations;

    /// The operators of the firm are its managers; of one, talks since a day are half as long.
    fn briefly(manager: &str, since: u32) -> Observations {
        let mut seen = quiet(4);
        seen.names.set(
            Dimension::Manager,
            ["", "201", "202", "203"].map(str::to_owned).into(),
        );
        let operator = seen
            .names
            .find(Dimension::Operator, manager)
            .expect("the operator is known");
        for call in seen
            .calls
            .iter_mut()
            .flatten()
            .filter(|call| call.operator == operator && call.day >= since)
        {
            call.talk_s /= 2;
        }
        seen
    }

    #[test]
    fn who_talks_half_as_long_is_told_and_the_others_are_not() {
        let settings = settings();
        let seen = briefly("202", START - 7);
        let case = Case::new(&seen, &settings);
        let found = briefer(&case, 2).expect("there are talks");
        assert!(found.weight > 5.0, "{found:?}");
        assert!(
            briefer(&case, 1).is_some_and(|found| found.weight < 0.0),
            "{:?}",
            briefer(&case, 1)
        );
    }

    #[test]
    fn talks_that_are_as_long_as_ever_again_have_passed() {
        let settings = settings();
        let mut seen = briefly("202", START - 7);
        let operator = seen
            .names
            .find(Dimension::Operator, "202")
            .expect("the operator is known");
        for call in seen
            .calls
            .iter_mut()
            .flatten()
            .filter(|call| call.operator == operator && call.day >= START)
        {
            call.talk_s *= 2;
        }
        let found = briefer(&Case::new(&seen, &settings), 2).expect("there are talks");
        assert!(found.weight < 0.0, "{found:?}");
    }

    // Density ratios at a shift of one spread's twentieth: exp(-(x-d)²/2v + x²/2v) = exp((2xd - d²)/2v).
    #[test]
    fn a_clearly_shorter_mean_speaks_for_it_and_a_usual_one_against() {
        assert!(shortened(-0.3, 0.003) > 10.0, "{}", shortened(-0.3, 0.003));
        assert!(shortened(0.0, 0.003) < -2.0);
        assert!(shortened(0.3, 0.003) < -10.0);
        assert!(shortened(-0.1, 10.0).abs() < 0.2, "nothing is known");
    }

    // Two weeks of 10 talks with means ±0.1 around the base and a spread of 0.2: 0.01 − 0.02 is less than nothing.
    #[test]
    fn the_noise_of_weeks_is_what_chance_leaves() {
        let week = |mean: f64| Talks {
            count: 10.0,
            sum: 10.0 * mean,
            squares: 0.0,
        };
        let usual = USUAL_NOISE.powi(2);
        assert!((noise(&[week(0.1), week(-0.1)], 0.2) - 0.8 * usual).abs() < 1e-12);
        assert!(
            (noise(&[week(0.5), week(-0.5)], 0.2) - (2.0 * 0.23 + 8.0 * usual) / 10.0).abs()
                < 1e-12
        );
    }
}
