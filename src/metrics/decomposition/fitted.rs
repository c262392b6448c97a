//! Counts freed of chance, and how far chance may move the contributions.

use super::chain::{Cell, Lines, lines};

/// Both periods lean on their common rate as if it had been seen in so many events more: half of what twenty events say
/// is believed, nine tenths of what two hundred say.
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

/// Rates of both periods with their standard errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Believed {
    /// The rates.
    pub(super) value: [f64; 2],
    /// Their standard errors, in the same units.
    pub(super) error: [f64; 2],
}

impl Observed {
    fn add(&mut self, other: Self) {
        for t in [0, 1] {
            self.total[t] += other.total[t];
            self.exposure[t] += other.exposure[t];
            self.events[t] += other.events[t];
        }
    }

    /// The two rates, shrunk towards the rate of both periods together: with `ρ` that rate and `e` the prior exposure of
    /// 20 events, `(k + e·ρ) ÷ (n + e)` (a gamma prior; empirical Bayes). Equal rates stay equal whatever their sizes.
    pub(super) fn believed(&self) -> Believed {
        let sum = |of: [f64; 2]| of[0] + of[1];
        let (exposure, events) = (sum(self.exposure), sum(self.events));
        if exposure <= 0.0 {
            return Believed { value: [1.0; 2], error: [0.0; 2] };
        }
        let common = sum(self.total) / exposure;
        if events <= 0.0 {
            return Believed { value: [common; 2], error: [0.0; 2] };
        }
        let prior = PRIOR_EVENTS * exposure / events;
        let value = [0, 1].map(|t| (self.total[t] + prior * common) / (self.exposure[t] + prior));
        Believed { value, error: [0, 1].map(|t| value[t].abs() / (self.events[t] + PRIOR_EVENTS).sqrt()) }
    }
}

/// Splits channels for one index: each with enough expected events in both periods alone, all others together.
pub(super) fn groups(observed: &[Observed], expected: impl Fn(&Observed) -> [f64; 2]) -> Vec<(Vec<usize>, Observed)> {
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
    let mut shared: Vec<(Lines, Lines)> = cells.iter().map(|cell| (lines(cell, all), Lines::default())).collect();
    let add = |sum: f64, more: f64| sum + more;
    let mut total = (shared.iter().fold(Lines::default(), |sum, cell| sum.zip(cell.0, add)), Lines::default());
    for knob in knobs {
        let mut together = Lines::default();
        for (index, step) in &knob.steps {
            let swing = swing(&cells[*index], knob, *step, all);
            shared[*index].1 = shared[*index].1.zip(swing, |sum, swing| sum + swing * swing);
            together = together.zip(swing, add);
        }
        total.1 = total.1.zip(together, |sum, swing| sum + swing * swing);
    }
    Shared { cells: shared, total }
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

    // By hand: 30 of 1 000, then 50 of 1 000: ρ = 4 %, prior 500 sessions with 20: 50/1 500 and 70/1 500.
    #[test]
    fn rates_lean_on_what_both_periods_say_together() {
        let believed = Observed { total: [30., 50.], exposure: [1000., 1000.], events: [30., 50.] }.believed();
        assert!((believed.value[0] - 50.0 / 1500.0).abs() < 1e-15);
        assert!((believed.value[1] - 70.0 / 1500.0).abs() < 1e-15);
        assert!((believed.error[0] - 50f64.sqrt() / 1500.0).abs() < 1e-15);
    }

    #[test]
    fn nothing_observed_moves_nothing() {
        let none = Observed { total: [0., 0.], exposure: [700., 900.], events: [0., 0.] }.believed();
        assert_eq!((none.value, none.error), ([0.0; 2], [0.0; 2]));
        assert_eq!(Observed::default().believed().value, [1.0; 2]);
    }
}
