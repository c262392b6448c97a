//! Counts freed of chance, and how far chance may move the contributions.

use super::chain::{Cell, Lines, lines};

/// Two rates lean on each other as if each had been seen in so many events more: half of what twenty events say is
/// believed, nine tenths of what two hundred say.
const PRIOR_EVENTS: f64 = 20.0;
/// Channels with fewer expected events share one index of their conv2 or of their checks.
const ENOUGH_EVENTS: f64 = 5.0;

/// What was observed on how much exposure in how many events, base and reported period.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Observed {
    /// Sum of the numerator.
    pub(super) total: [f64; 2],
    /// Sum of the denominator.
    pub(super) exposure: [f64; 2],
    /// Events behind it.
    pub(super) events: [f64; 2],
}

/// Rates of both periods with what chance may do to them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Believed {
    /// Each channel's rates.
    pub(super) rates: Vec<[f64; 2]>,
    /// Their own standard errors.
    pub(super) errors: Vec<[f64; 2]>,
    /// The relative standard error that all rates of a period have in common.
    pub(super) common_error: [f64; 2],
}

impl Observed {
    fn add(&mut self, other: Self) {
        for t in [0, 1] {
            self.total[t] += other.total[t];
            self.exposure[t] += other.exposure[t];
            self.events[t] += other.events[t];
        }
    }

    /// The rate of both periods together; 1 without exposure, where it is multiplied by nothing.
    fn common(&self) -> f64 {
        let exposure = sum(self.exposure);
        if exposure > 0.0 {
            sum(self.total) / exposure
        } else {
            1.0
        }
    }

    /// Both rates shrunk towards `centre`, and their relative errors: `(k + e·ρ) ÷ (n + e)` with `e` the exposure of 20
    /// events, a gamma prior.
    fn shrunk(&self, centre: f64) -> ([f64; 2], [f64; 2]) {
        let (exposure, events) = (sum(self.exposure), sum(self.events));
        if exposure <= 0.0 || events <= 0.0 {
            return ([centre; 2], [0.0; 2]);
        }
        let prior = PRIOR_EVENTS * exposure / events;
        let rates = [0, 1].map(|t| (self.total[t] + prior * centre) / (self.exposure[t] + prior));
        (
            rates,
            self.events
                .map(|events| 1.0 / (events + PRIOR_EVENTS).sqrt()),
        )
    }
}

/// Rates freed of chance, in two steps of empirical Bayes. What all channels do together, counted over expected at each
/// channel's rate of both periods, leans on no change; what a channel does beyond that leans on the others. So a fall in
/// all channels is believed although none of them could show it alone, and equal rates stay equal whatever their sizes.
pub(super) fn believed(observed: &[Observed]) -> Believed {
    let expected: Vec<Observed> = observed
        .iter()
        .map(|one| Observed {
            exposure: one.exposure.map(|exposure| exposure * one.common()),
            ..*one
        })
        .collect();
    let mut all = Observed::default();
    expected.iter().for_each(|one| all.add(*one));
    let (together, common_error) = all.shrunk(1.0);
    let mut found = Believed {
        rates: Vec::new(),
        errors: Vec::new(),
        common_error,
    };
    for (one, expected) in observed.iter().zip(&expected) {
        let level = Observed {
            exposure: [0, 1].map(|t| expected.exposure[t] * together[t]),
            ..*expected
        };
        let (own, errors) = level.shrunk(1.0);
        let rates = [0, 1].map(|t| one.common() * together[t] * own[t]);
        found.rates.push(rates);
        found
            .errors
            .push([0, 1].map(|t| rates[t].abs() * errors[t]));
    }
    found
}

fn sum(of: [f64; 2]) -> f64 {
    of[0] + of[1]
}

/// Splits channels for one index: each with enough expected events in both periods alone, all others together.
pub(super) fn groups(
    observed: &[Observed],
    expected: impl Fn(&Observed) -> [f64; 2],
) -> Vec<(Vec<usize>, Observed)> {
    let (mut groups, mut other) = (Vec::new(), (Vec::new(), Observed::default()));
    for (index, one) in observed.iter().enumerate() {
        if expected(one).iter().all(|events| *events >= ENOUGH_EVENTS) {
            groups.push((vec![index], *one));
        } else {
            other.0.push(index);
            other.1.add(*one);
        }
    }
    groups.push(other);
    groups
}

/// One number that chance has moved: where it stands in the cells and its standard error there.
#[derive(Debug, Clone)]
pub(super) struct Knob {
    /// What it is.
    pub(super) moves: Moves,
    /// In which period.
    pub(super) period: usize,
    /// The cells that it moves, each by its own step of one standard error.
    pub(super) steps: Vec<(usize, f64)>,
}

/// What a knob moves.
#[derive(Debug, Clone, Copy)]
pub(super) enum Moves {
    /// A count of inquiries without sessions.
    Inquiries,
    /// A first conversion.
    Conv1,
    /// A factor of the worth, by its place.
    Worth(usize),
}

/// Contributions by channel and in total, with variances.
#[derive(Debug)]
pub(super) struct Shared {
    /// Each cell's lines and their variances.
    pub(super) cells: Vec<(Lines, Lines)>,
    /// Their sums; the variances know that channels of one group move together.
    pub(super) total: (Lines, Lines),
}

/// Shares the change out and carries the errors through: contributions are linear in each single number, so half the
/// difference between a step up and a step down is what one standard error does, and independent ones add in squares.
pub(super) fn share_out(cells: &[Cell], knobs: &[Knob], all: [f64; 2]) -> Shared {
    let mut shared: Vec<(Lines, Lines)> = cells
        .iter()
        .map(|cell| (lines(cell, all), Lines::default()))
        .collect();
    let add = |sum: f64, more: f64| sum + more;
    let mut total = (
        shared
            .iter()
            .fold(Lines::default(), |sum, cell| sum.zip(cell.0, add)),
        Lines::default(),
    );
    for knob in knobs {
        let mut together = Lines::default();
        for (index, step) in &knob.steps {
            let swing = swing(&cells[*index], knob, *step, all);
            shared[*index].1 = shared[*index]
                .1
                .zip(swing, |sum, swing| sum + swing * swing);
            together = together.zip(swing, add);
        }
        total.1 = total.1.zip(together, |sum, swing| sum + swing * swing);
    }
    Shared {
        cells: shared,
        total,
    }
}

fn swing(cell: &Cell, knob: &Knob, step: f64, all: [f64; 2]) -> Lines {
    let moved = |step: f64| {
        let mut cell = cell.clone();
        match knob.moves {
            Moves::Inquiries => cell.inquiries[knob.period] += step,
            Moves::Conv1 => cell.conv1[knob.period] += step,
            Moves::Worth(place) => cell.worth[place][knob.period] += step,
        }
        lines(&cell, all)
    };
    moved(step).zip(moved(-step), |up, down| (up - down) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    // By hand: 30 of 1 000, then 50 of 1 000: 40 were expected each. All together (30 + 20)/(40 + 20) = 5/6 and 7/6; of the
    // channel's own (30 + 20)/(40·5/6 + 20) = 0.9375 and (50 + 20)/(40·7/6 + 20) = 1.05; prior 20·80/80 = 20 in both steps,
    // in the second 20·(40·5/6 + 40·7/6)/80 = 20.
    #[test]
    fn rates_lean_on_what_both_periods_say_together() {
        let one = Observed {
            total: [30., 50.],
            exposure: [1000., 1000.],
            events: [30., 50.],
        };
        let found = believed(&[one]);
        assert!((found.rates[0][0] - 0.04 * 5.0 / 6.0 * 0.9375).abs() < 1e-15);
        assert!((found.rates[0][1] - 0.04 * 7.0 / 6.0 * 1.05).abs() < 1e-15);
        assert!((found.common_error[0] - 1.0 / 50f64.sqrt()).abs() < 1e-15);
    }

    // A hundred channels of four inquiries that all lose a half: none could show it alone.
    #[test]
    fn a_fall_of_all_channels_is_believed() {
        let one = Observed {
            total: [4., 2.],
            exposure: [100., 100.],
            events: [4., 2.],
        };
        let found = believed(&[one; 100]);
        assert!(
            (found.rates[0][1] / found.rates[0][0] - 0.5).abs() < 0.05,
            "{:?}",
            found.rates[0]
        );
    }

    #[test]
    fn nothing_observed_moves_nothing() {
        let none = Observed {
            total: [0., 0.],
            exposure: [700., 900.],
            events: [0., 0.],
        };
        let found = believed(&[none, Observed::default()]);
        assert_eq!(
            (found.rates, found.errors),
            (vec![[0.0; 2], [1.0; 2]], vec![[0.0; 2]; 2])
        );
    }
}
