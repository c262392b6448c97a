//! Counts freed of chance, and how far chance may move the contributions.

use super::chain::{Cell, Lines, lines};

/// Two rates lean on each other as if each had been seen in so many events more: half of what twenty events say is
/// believed, nine tenths of what two hundred say. A judgement, whose intervals were checked in simulation
/// (docs/METHODOLOGY.md, what a change is made of).
const PRIOR_EVENTS: f64 = 20.0;

/// Channels with fewer expected events share one index of their conv2 or of their checks: what five events say of a
/// channel alone is mostly chance. A judgement.
const ENOUGH_EVENTS: f64 = 5.0;

/// An index that says "as usual": what counted over expected leans on.
const NO_CHANGE: f64 = 1.0;

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

    /// The same counts on what they let expect: as exposure, the counts at the rate of both periods together.
    fn on_expected(&self) -> Self {
        let rate = self.common();
        Self {
            exposure: self.exposure.map(|exposure| exposure * rate),
            ..*self
        }
    }

    /// Both rates shrunk towards no change: `(k + e·ρ) ÷ (n + e)` with `ρ` = 1 and `e` the exposure of 20 events, a
    /// gamma prior.
    fn shrunk(&self) -> Shrunk {
        let (exposure, events) = (sum(self.exposure), sum(self.events));
        if exposure <= 0.0 || events <= 0.0 {
            return Shrunk {
                rates: [NO_CHANGE; 2],
                relative_errors: [0.0; 2],
            };
        }
        let prior = PRIOR_EVENTS * exposure / events;
        let rate = |t: usize| (self.total[t] + prior * NO_CHANGE) / (self.exposure[t] + prior);
        Shrunk {
            rates: [0, 1].map(rate),
            relative_errors: self
                .events
                .map(|events| 1.0 / (events + PRIOR_EVENTS).sqrt()),
        }
    }
}

/// Rates of both periods that lean on no change.
struct Shrunk {
    rates: [f64; 2],
    /// Standard errors as shares of the rates.
    relative_errors: [f64; 2],
}

/// Rates freed of chance, in two steps of empirical Bayes. What all channels do together, counted over expected at each
/// channel's rate of both periods, leans on no change; what a channel does beyond that leans on the others. So a fall in
/// all channels is believed although none of them could show it alone, and equal rates stay equal whatever their sizes.
pub(super) fn believed(observed: &[Observed]) -> Believed {
    let expected: Vec<Observed> = observed.iter().map(Observed::on_expected).collect();
    let mut all = Observed::default();
    for one in &expected {
        all.add(*one);
    }
    let together = all.shrunk();

    let mut rates = Vec::with_capacity(observed.len());
    let mut errors = Vec::with_capacity(observed.len());
    for (one, expected) in observed.iter().zip(&expected) {
        // The second step asks what is left of a channel once it has moved with all the others.
        let moved_with_all = Observed {
            exposure: [0, 1].map(|t| expected.exposure[t] * together.rates[t]),
            ..*expected
        };
        let own = moved_with_all.shrunk();
        let rate = [0, 1].map(|t| one.common() * together.rates[t] * own.rates[t]);
        rates.push(rate);
        errors.push([0, 1].map(|t| rate[t].abs() * own.relative_errors[t]));
    }
    Believed {
        rates,
        errors,
        common_error: together.relative_errors,
    }
}

fn sum(of: [f64; 2]) -> f64 {
    of[0] + of[1]
}

/// Channels that share one index, by their places, with what was observed in them together.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// Places of the channels.
    pub(super) members: Vec<usize>,
    /// Their counts together.
    pub(super) observed: Observed,
}

/// Splits channels for one index: each with enough expected events in both periods alone, all others together, last.
pub(super) fn groups(
    observed: &[Observed],
    expected: impl Fn(&Observed) -> [f64; 2],
) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut small = Group::default();
    for (index, one) in observed.iter().enumerate() {
        if expected(one).iter().all(|events| *events >= ENOUGH_EVENTS) {
            groups.push(Group {
                members: vec![index],
                observed: *one,
            });
        } else {
            small.members.push(index);
            small.observed.add(*one);
        }
    }
    groups.push(small);
    groups
}

/// One number that chance has moved: where it stands in the cells and its standard error there.
#[derive(Debug, Clone)]
pub(super) struct Knob {
    /// What it is.
    pub(super) moves: Moves,
    /// In which period.
    pub(super) period: usize,
    /// The cells that it moves.
    pub(super) steps: Vec<Step>,
}

/// One standard error of a knob in one cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// Place of the cell.
    pub(super) cell: usize,
    /// The standard error, in units of what the knob moves.
    pub(super) size: f64,
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

/// Contributions with their variances.
#[derive(Debug, Default)]
pub(super) struct UncertainLines {
    /// Contributions.
    pub(super) lines: Lines,
    /// Their variances.
    pub(super) variances: Lines,
}

/// Contributions by channel and in total.
#[derive(Debug)]
pub(super) struct Shared {
    /// Each cell's.
    pub(super) cells: Vec<UncertainLines>,
    /// Their sums; the variances know that channels of one group move together.
    pub(super) total: UncertainLines,
}

/// Shares the change out and carries the errors through: contributions are linear in each single number, so half the
/// difference between a step up and a step down is what one standard error does, and independent ones add in squares.
pub(super) fn share_out(cells: &[Cell], knobs: &[Knob], all: [f64; 2]) -> Shared {
    let mut shared = Shared {
        cells: Vec::with_capacity(cells.len()),
        total: UncertainLines::default(),
    };
    for cell in cells {
        let lines = lines(cell, all);
        shared.total.lines = shared.total.lines.plus(lines);
        shared.cells.push(UncertainLines {
            lines,
            variances: Lines::default(),
        });
    }
    for knob in knobs {
        // One knob moves its cells together: their swings are added up first and squared then.
        let mut together = Lines::default();
        for step in &knob.steps {
            let swing = swing(&cells[step.cell], knob, step.size, all);
            let of_cell = &mut shared.cells[step.cell];
            of_cell.variances = of_cell.variances.plus(squared(swing));
            together = together.plus(swing);
        }
        shared.total.variances = shared.total.variances.plus(squared(together));
    }
    shared
}

fn squared(swing: Lines) -> Lines {
    swing.map(|swing| swing * swing)
}

/// What one standard error of a knob does to a cell's contributions.
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
