//! The change of an amount over channels and factors: inquiries, and what they should bring in the end.

use super::bennet::Effect;
use super::chain::{Cell, Lines, amount};
use super::counted::{CountedChain, Side, Worth};
use super::fitted::{
    Believed, Group, Knob, Moves, Observed, Step, UncertainLines, believed, groups, share_out,
};
use super::ratio::{estimate, positive_zero};
use super::types::{Chain, ChannelChange, Contribution, Factor};

/// The place of the second conversion in [`Cell::worth`].
const CONV2: usize = 0;
/// The place of the average check in [`Cell::worth`].
const AVERAGE_CHECK: usize = 1;

/// The lines of a count, in the order of the digest.
const FACTORS_OF_INQUIRIES: [Factor; 5] = [
    Factor::Traffic,
    Factor::Mix,
    Factor::Conv1,
    Factor::NoSessions,
    Factor::Noise,
];

/// The lines of money, in the order of the digest.
const FACTORS_OF_REVENUE: [Factor; 7] = [
    Factor::Traffic,
    Factor::Mix,
    Factor::Conv1,
    Factor::NoSessions,
    Factor::Conv2,
    Factor::AverageCheck,
    Factor::Noise,
];

/// Counts with the number of periods on each side, which they are divided by: a base of eight weeks is a mean week.
pub(super) struct Amounts<'a> {
    pub(super) counted: &'a [CountedChain],
    pub(super) periods: [f64; 2],
}

impl Amounts<'_> {
    /// The change of inquiries.
    pub(super) fn inquiries(&self) -> Chain {
        let (cells, knobs) = self.cells();
        self.chain(&cells, &knobs, &FACTORS_OF_INQUIRIES)
    }

    /// The change of what the inquiries should bring; `None` where a channel's worth, sales or amounts are unknown.
    ///
    /// Final sales are `p·((1 − M) + M·g)` of an inquiry: what is still to come at the usual conversion `p`, what should
    /// have come by now at `g` times it. The check is `h` times the channel's usual one.
    pub(super) fn expected_revenue(&self, maturity: f64) -> Option<Chain> {
        let worth: Vec<Worth> = self
            .counted
            .iter()
            .map(|one| one.worth)
            .collect::<Option<_>>()?;
        let sales = self.sales_of_due(&worth, maturity)?;
        let amounts = self.amounts_of_usual(&worth)?;
        let usual_conv2: Vec<f64> = worth.iter().map(|of| of.conv2).collect();
        let usual_check: Vec<f64> = worth.iter().map(|of| of.check).collect();
        let conv2 = Index {
            factor: CONV2,
            usual: &usual_conv2,
            still: 1.0 - maturity,
            seen: maturity,
        };
        let check = Index {
            factor: AVERAGE_CHECK,
            usual: &usual_check,
            still: 0.0,
            seen: 1.0,
        };

        let (mut cells, mut knobs) = self.cells();
        // The order is that of `Cell::worth`: each index adds the next factor to its cells.
        let groups_of_sales = groups(&sales, |one| self.a_period(one.exposure));
        conv2.fill(&mut cells, &mut knobs, &groups_of_sales);
        let groups_of_checks = groups(&amounts, |one| self.a_period(one.events));
        check.fill(&mut cells, &mut knobs, &groups_of_checks);
        Some(self.chain(&cells, &knobs, &FACTORS_OF_REVENUE))
    }

    /// Each channel's inquiries that sold, on the sales that were due of them.
    fn sales_of_due(&self, worth: &[Worth], maturity: f64) -> Option<Vec<Observed>> {
        let mut observed = Vec::with_capacity(self.counted.len());
        for (one, worth) in self.counted.iter().zip(worth) {
            let sold = on_both_sides(one, |side| side.sold)?;
            let due = one
                .sides
                .map(|side| side.inquiries * worth.conv2 * maturity);
            observed.push(Observed {
                total: sold,
                exposure: due,
                events: sold,
            });
        }
        Some(observed)
    }

    /// Each channel's revenue, on what as many of its sales usually bring.
    fn amounts_of_usual(&self, worth: &[Worth]) -> Option<Vec<Observed>> {
        let mut observed = Vec::with_capacity(self.counted.len());
        for (one, worth) in self.counted.iter().zip(worth) {
            let closed = on_both_sides(one, |side| side.closed)?;
            let revenue = on_both_sides(one, |side| side.revenue)?;
            observed.push(Observed {
                total: revenue,
                exposure: closed.map(|sales| sales * worth.check),
                events: closed,
            });
        }
        Some(observed)
    }

    /// Cells without worth, and what chance does to their inquiries.
    fn cells(&self) -> (Vec<Cell>, Vec<Knob>) {
        let observed: Vec<Observed> = self.counted.iter().map(on_site).collect();
        let conv1 = believed(&observed);
        let mut knobs = Vec::new();
        for period in [0, 1] {
            self.add_knobs(period, &conv1, &mut knobs);
        }
        let mut cells = Vec::with_capacity(self.counted.len());
        for (one, conv1) in self.counted.iter().zip(&conv1.rates) {
            cells.push(Cell {
                sessions: self.a_period(one.sides.map(|side| side.sessions)),
                inquiries: self.a_period(one.sides.map(|side| side.inquiries)),
                conv1: *conv1,
                worth: Vec::new(),
            });
        }
        (cells, knobs)
    }

    /// What chance does to the inquiries of one period: to each channel's own, then to all rates together.
    fn add_knobs(&self, period: usize, conv1: &Believed, knobs: &mut Vec<Knob>) {
        let mut common = Vec::new();
        for (cell, one) in self.counted.iter().enumerate() {
            let side = &one.sides[period];
            let (moves, size) = if side.sessions > 0.0 {
                common.push(Step {
                    cell,
                    size: conv1.rates[cell][period] * conv1.common_error[period],
                });
                (Moves::Conv1, conv1.errors[cell][period])
            } else {
                // Inquiries without sessions have no rate: their number itself is a Poisson count.
                let error = side.inquiries.max(0.0).sqrt();
                (Moves::Inquiries, error / self.periods[period])
            };
            knobs.push(Knob {
                moves,
                period,
                steps: vec![Step { cell, size }],
            });
        }
        knobs.push(Knob {
            moves: Moves::Conv1,
            period,
            steps: common,
        });
    }

    fn chain(&self, cells: &[Cell], knobs: &[Knob], factors: &[Factor]) -> Chain {
        let all_sessions = [0, 1].map(|t| cells.iter().map(|cell| cell.sessions[t]).sum::<f64>());
        let shared = share_out(cells, knobs, all_sessions);
        let total = |t| positive_zero(cells.iter().map(|cell| amount(cell, t)).sum::<f64>());
        let mut channels = Vec::with_capacity(cells.len());
        for (index, cell) in cells.iter().enumerate() {
            channels.push(ChannelChange {
                channel: self.counted[index].channel.clone(),
                change: amount(cell, 1) - amount(cell, 0),
                contributions: contributions(&shared.cells[index], factors),
            });
        }
        Chain {
            base: total(0),
            now: total(1),
            change: total(1) - total(0),
            contributions: contributions(&shared.total, factors),
            channels,
        }
    }

    /// Sums of both sides as means of a period.
    fn a_period(&self, sums: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|t| sums[t] / self.periods[t])
    }
}

fn on_both_sides(one: &CountedChain, number: impl Fn(&Side) -> Option<f64>) -> Option<[f64; 2]> {
    let [base, now] = &one.sides;
    Some([number(base)?, number(now)?])
}

/// A channel's inquiries on its sessions; those of a side without sessions are told apart, see [`Moves::Inquiries`].
fn on_site(one: &CountedChain) -> Observed {
    let inquiries = one.sides.map(|side| {
        if side.sessions > 0.0 {
            side.inquiries
        } else {
            0.0
        }
    });
    Observed {
        total: inquiries,
        exposure: one.sides.map(|side| side.sessions),
        events: inquiries,
    }
}

/// A factor of the worth that is the usual level times an index of each group of channels.
struct Index<'a> {
    /// Its place in [`Cell::worth`].
    factor: usize,
    /// The usual level of each channel.
    usual: &'a [f64],
    /// The part of the usual level that stays as it is.
    still: f64,
    /// The part that the index multiplies.
    seen: f64,
}

impl Index<'_> {
    /// Adds the factor to every cell, and what chance does to it: each group's own, then what all groups have in common.
    fn fill(&self, cells: &mut [Cell], knobs: &mut Vec<Knob>, groups: &[Group]) {
        let observed: Vec<Observed> = groups.iter().map(|group| group.observed).collect();
        let index = believed(&observed);
        let mut common = [Vec::new(), Vec::new()];
        for (place, group) in groups.iter().enumerate() {
            for &cell in &group.members {
                let level = self.seen_level(cell, index.rates[place]);
                let kept = self.usual[cell] * self.still;
                cells[cell].worth.push(level.map(|level| kept + level));
                for t in [0, 1] {
                    let size = level[t] * index.common_error[t];
                    common[t].push(Step { cell, size });
                }
            }
            for period in [0, 1] {
                knobs.push(self.knob_of_group(group, period, index.errors[place]));
            }
        }
        for (period, steps) in common.into_iter().enumerate() {
            knobs.push(self.knob(period, steps));
        }
    }

    /// One number for all members of a group, so they move together.
    fn knob_of_group(&self, group: &Group, period: usize, errors: [f64; 2]) -> Knob {
        let step = |cell: usize| Step {
            cell,
            size: self.seen_level(cell, errors)[period],
        };
        self.knob(
            period,
            group.members.iter().map(|cell| step(*cell)).collect(),
        )
    }

    fn knob(&self, period: usize, steps: Vec<Step>) -> Knob {
        Knob {
            moves: Moves::Worth(self.factor),
            period,
            steps,
        }
    }

    /// The part of a cell's usual level that the index multiplies, times the index (or its error) in both periods.
    fn seen_level(&self, cell: usize, index: [f64; 2]) -> [f64; 2] {
        index.map(|index| self.usual[cell] * self.seen * index)
    }
}

fn contributions(found: &UncertainLines, factors: &[Factor]) -> Vec<Contribution> {
    let mut contributions = Vec::with_capacity(factors.len());
    let errors = found.variances.map(f64::sqrt);
    for &factor in factors {
        let effect = Effect {
            value: line(&found.lines, factor),
            error: line(&errors, factor),
        };
        contributions.push(Contribution {
            factor,
            amount: estimate(effect),
        });
    }
    contributions
}

fn line(lines: &Lines, factor: Factor) -> f64 {
    match factor {
        Factor::Traffic => lines.traffic(),
        Factor::Mix => lines.mix(),
        Factor::Conv1 => lines.conv1(),
        Factor::NoSessions => lines.no_sessions(),
        Factor::Conv2 => lines.worth(CONV2),
        Factor::AverageCheck => lines.worth(AVERAGE_CHECK),
        Factor::Noise => lines.noise(),
    }
}
