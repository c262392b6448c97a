//! The change of an amount over channels and factors: inquiries, and what they should bring in the end.

use super::bennet::Effect;
use super::chain::{Cell, Lines, amount};
use super::counted::{Counted, Side, Worth};
use super::fitted::{Knob, Moves, Observed, believed, groups, share_out};
use super::ratio::estimate;
use super::types::{Chain, ChannelChange, Contribution, Factor};

/// Counts with the number of periods on each side.
pub(super) struct Fit<'a> {
    pub(super) counted: &'a [Counted],
    pub(super) periods: [f64; 2],
}

impl Fit<'_> {
    pub(super) fn inquiries(&self) -> Chain {
        let (cells, knobs) = self.cells();
        self.chain(
            &cells,
            &knobs,
            &[
                Factor::Traffic,
                Factor::Mix,
                Factor::Conv1,
                Factor::NoSessions,
                Factor::Noise,
            ],
        )
    }

    /// Final sales are `p·((1 − M) + M·g)` of an inquiry: what is still to come at the usual conversion `p`, what should
    /// have come by now at `g` times it. The check is `h` times the channel's usual one.
    pub(super) fn expected_revenue(&self, maturity: f64) -> Option<Chain> {
        let worth: Vec<Worth> = self
            .counted
            .iter()
            .map(|one| one.worth)
            .collect::<Option<_>>()?;
        let pairs = |of: fn(&Side) -> Option<f64>| -> Option<Vec<[f64; 2]>> {
            self.counted
                .iter()
                .map(|one| Some([of(&one.sides[0])?, of(&one.sides[1])?]))
                .collect()
        };
        let (sold, closed, revenue) = (
            pairs(|of| of.sold)?,
            pairs(|of| of.closed)?,
            pairs(|of| of.revenue)?,
        );
        let (mut cells, mut knobs) = self.cells();
        let due = |index: usize, t: usize| {
            self.counted[index].sides[t].inquiries * worth[index].conv2 * maturity
        };
        let sales: Vec<Observed> = (0..cells.len())
            .map(|index| Observed {
                total: sold[index],
                exposure: [due(index, 0), due(index, 1)],
                events: sold[index],
            })
            .collect();
        let checks: Vec<Observed> = (0..cells.len())
            .map(|index| Observed {
                total: revenue[index],
                exposure: closed[index].map(|sales| sales * worth[index].check),
                events: closed[index],
            })
            .collect();
        let mean = |of: [f64; 2]| [0, 1].map(|t| of[t] / self.periods[t]);
        let index = Index {
            factor: 0,
            still: 1.0 - maturity,
            seen: maturity,
        };
        index.fill(
            &mut cells,
            &mut knobs,
            &groups(&sales, |one| mean(one.exposure)),
            |place| worth[place].conv2,
        );
        let index = Index {
            factor: 1,
            still: 0.0,
            seen: 1.0,
        };
        index.fill(
            &mut cells,
            &mut knobs,
            &groups(&checks, |one| mean(one.events)),
            |place| worth[place].check,
        );
        let factors = [
            Factor::Traffic,
            Factor::Mix,
            Factor::Conv1,
            Factor::NoSessions,
            Factor::Conv2,
            Factor::AverageCheck,
            Factor::Noise,
        ];
        Some(self.chain(&cells, &knobs, &factors))
    }

    /// Cells without worth, and what chance does to their inquiries.
    fn cells(&self) -> (Vec<Cell>, Vec<Knob>) {
        let on_site = |one: &Counted| {
            let inquiries = one
                .sides
                .map(|of| if of.sessions > 0.0 { of.inquiries } else { 0.0 });
            Observed {
                total: inquiries,
                exposure: one.sides.map(|of| of.sessions),
                events: inquiries,
            }
        };
        let believed = believed(&self.counted.iter().map(on_site).collect::<Vec<_>>());
        let mut knobs: Vec<Knob> = Vec::new();
        for t in [0, 1] {
            let mut common = Vec::new();
            for (index, one) in self.counted.iter().enumerate() {
                let Side {
                    sessions,
                    inquiries,
                    ..
                } = one.sides[t];
                let (moves, step) = if sessions > 0.0 {
                    common.push((index, believed.rates[index][t] * believed.common_error[t]));
                    (Moves::Conv1, believed.errors[index][t])
                } else {
                    (
                        Moves::Inquiries,
                        inquiries.max(0.0).sqrt() / self.periods[t],
                    )
                };
                knobs.push(Knob {
                    moves,
                    period: t,
                    steps: vec![(index, step)],
                });
            }
            knobs.push(Knob {
                moves: Moves::Conv1,
                period: t,
                steps: common,
            });
        }
        let mean = |of: [f64; 2]| [0, 1].map(|t| of[t] / self.periods[t]);
        let cell = |(one, conv1): (&Counted, &[f64; 2])| Cell {
            sessions: mean(one.sides.map(|of| of.sessions)),
            inquiries: mean(one.sides.map(|of| of.inquiries)),
            conv1: *conv1,
            worth: Vec::new(),
        };
        (
            self.counted.iter().zip(&believed.rates).map(cell).collect(),
            knobs,
        )
    }

    fn chain(&self, cells: &[Cell], knobs: &[Knob], factors: &[Factor]) -> Chain {
        let all = [0, 1].map(|t| cells.iter().map(|cell| cell.sessions[t]).sum::<f64>());
        let shared = share_out(cells, knobs, all);
        let total = |t| cells.iter().map(|cell| amount(cell, t)).sum::<f64>() + 0.0;
        let channel = |((one, cell), (lines, variances)): ((&Counted, &Cell), &(Lines, Lines))| {
            ChannelChange {
                channel: one.channel.clone(),
                change: amount(cell, 1) - amount(cell, 0),
                contributions: contributions(lines, variances, factors),
            }
        };
        Chain {
            base: total(0),
            now: total(1),
            change: total(1) - total(0),
            contributions: contributions(&shared.total.0, &shared.total.1, factors),
            channels: self
                .counted
                .iter()
                .zip(cells)
                .zip(&shared.cells)
                .map(channel)
                .collect(),
        }
    }
}

/// A factor of the worth that is the usual level times an index of each group of channels.
struct Index {
    factor: usize,
    /// The part of the usual level that stays as it is.
    still: f64,
    /// The part that the index multiplies.
    seen: f64,
}

impl Index {
    fn fill(
        &self,
        cells: &mut [Cell],
        knobs: &mut Vec<Knob>,
        groups: &[(Vec<usize>, Observed)],
        usual: impl Fn(usize) -> f64,
    ) {
        let observed: Vec<Observed> = groups.iter().map(|(_, observed)| *observed).collect();
        let found = believed(&observed);
        let mut common = [Vec::new(), Vec::new()];
        for (place, (members, _)) in groups.iter().enumerate() {
            let level = |member: usize, t: usize| usual(member) * self.seen * found.rates[place][t];
            let step = |member: usize, t: usize| usual(member) * self.seen * found.errors[place][t];
            for member in members {
                let factor = [0, 1].map(|t| usual(*member) * self.still + level(*member, t));
                cells[*member].worth.push(factor);
                [0, 1].iter().for_each(|t| {
                    common[*t].push((*member, level(*member, *t) * found.common_error[*t]))
                });
            }
            knobs.extend([0, 1].map(|t| {
                let steps = members
                    .iter()
                    .map(|member| (*member, step(*member, t)))
                    .collect();
                Knob {
                    moves: Moves::Worth(self.factor),
                    period: t,
                    steps,
                }
            }));
        }
        for (period, steps) in common.into_iter().enumerate() {
            knobs.push(Knob {
                moves: Moves::Worth(self.factor),
                period,
                steps,
            });
        }
    }
}

fn contributions(lines: &Lines, variances: &Lines, factors: &[Factor]) -> Vec<Contribution> {
    let errors = variances.map(f64::sqrt);
    let amount = |factor: Factor| {
        let of = |lines: &Lines| match factor {
            Factor::Traffic => lines.traffic(),
            Factor::Mix => lines.mix(),
            Factor::Conv1 => lines.conv1(),
            Factor::NoSessions => lines.no_sessions(),
            Factor::Conv2 => lines.worth(0),
            Factor::AverageCheck => lines.worth(1),
            Factor::Noise => lines.noise(),
        };
        estimate(Effect {
            value: of(lines),
            error: of(&errors),
        })
    };
    factors
        .iter()
        .map(|factor| Contribution {
            factor: *factor,
            amount: amount(*factor),
        })
        .collect()
}
