//! From counts of channels to the breakdown of their change.

use super::bennet::{Bennet, Effect, Noise, Segment, Z, bennet};
use super::chain::{Cell, Lines, amount};
use super::fitted::{Knob, Moves, Observed, believed, groups, share_out};
use super::types::{Breakdown, Chain, ChannelChange, Contribution, Factor, Ratio, RatioPart};
use crate::metrics::scorecard::Estimate;
use crate::model::channel::ChannelId;
use crate::model::period::Period;

/// Below this share of due sales a cohort's conv2 is not compared.
const MIN_MATURITY: f64 = 0.5;

/// Counts of one channel on one side, summed over the side's periods. Absent = unknown.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Side {
    /// Sessions.
    pub sessions: f64,
    /// Inquiries.
    pub inquiries: f64,
    /// Inquiries that sold by the age that the reported cohort has now.
    pub sold: Option<f64>,
    /// Sales closed.
    pub closed: Option<f64>,
    /// Amount of the sales closed, minor units.
    pub revenue: Option<f64>,
    /// Advertising cost, minor units.
    pub spend: Option<f64>,
}

/// What one inquiry of a channel usually brings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worth {
    /// Usual final second conversion.
    pub conv2: f64,
    /// Usual amount of a sale, minor units.
    pub check: f64,
}

/// One channel on both sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    /// The channel.
    pub channel: ChannelId,
    /// Base and reported period.
    pub sides: [Side; 2],
    /// What its inquiries usually bring; all channels have it or none.
    pub worth: Option<Worth>,
}

/// What holds for all channels of a comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// The share of the cohort's sales that should have happened by now.
    pub maturity: Option<f64>,
    /// The fewest events on either side for a statement.
    pub min_events: u32,
}

/// Takes the change from a base apart. `None` when a side has no sessions or less than `min_events` inquiries.
pub fn breakdown(base: Vec<Period>, counted: &[Counted], terms: Terms) -> Option<Breakdown> {
    let ratio =
        |of: &dyn Fn(&Side) -> Option<[f64; 2]>, noise| ratio(counted, of, noise, terms.min_events);
    let conv1 = ratio(&|side| Some([side.sessions, side.inquiries]), Noise::Events)?;
    let is_due = terms.maturity.is_some_and(|due| due >= MIN_MATURITY);
    let periods = [base.len().max(1) as f64, 1.0];
    let fit = Fit { counted, periods };
    Some(Breakdown {
        base,
        inquiries: fit.inquiries(),
        expected_revenue: terms
            .maturity
            .and_then(|maturity| fit.expected_revenue(maturity)),
        conv1,
        conv2: ratio(&|side| Some([side.inquiries, side.sold?]), Noise::Events).filter(|_| is_due),
        average_check: ratio(&|side| Some([side.closed?, side.revenue?]), Noise::Amounts),
        cpl: ratio(&|side| Some([side.inquiries, side.spend?]), Noise::Amounts),
    })
}

fn ratio(
    counted: &[Counted],
    of: &dyn Fn(&Side) -> Option<[f64; 2]>,
    noise: Noise,
    min_events: u32,
) -> Option<Ratio> {
    let segment = |one: &Counted| {
        let ([n0, k0], [n1, k1]) = (of(&one.sides[0])?, of(&one.sides[1])?);
        Some(Segment { n0, k0, n1, k1 })
    };
    let segments: Vec<Segment> = counted.iter().map(segment).collect::<Option<_>>()?;
    let events = |of: fn(&Segment) -> [f64; 2]| {
        segments.iter().fold([0.0, 0.0], |sum, one| {
            [sum[0] + of(one)[0], sum[1] + of(one)[1]]
        })
    };
    let events = match noise {
        Noise::Events => events(|one| [one.k0, one.k1]),
        Noise::Amounts => events(|one| [one.n0, one.n1]),
    };
    let enough = events
        .iter()
        .all(|events| *events >= f64::from(min_events.max(1)));
    let found = bennet(&segments, noise).filter(|_| enough)?;
    Some(stated(&found, counted))
}

fn stated(found: &Bennet, counted: &[Counted]) -> Ratio {
    let part = |(one, part): (&Counted, &super::bennet::Part)| {
        let [base_rate, now_rate] = part.rates?;
        Some(RatioPart {
            channel: one.channel.clone(),
            base_share: part.shares[0],
            now_share: part.shares[1],
            base_rate,
            now_rate,
            within: part.within + 0.0,
            mix: part.mix + 0.0,
        })
    };
    Ratio {
        base: found.ratio[0],
        now: found.ratio[1],
        change: found.ratio[1] - found.ratio[0],
        within: estimate(found.within),
        mix: estimate(found.mix),
        outside: found.outside + 0.0,
        base_inside: found.inside[0],
        now_inside: found.inside[1],
        standardised: found.standardised,
        verdict: found.verdict,
        channels: counted.iter().zip(&found.parts).filter_map(part).collect(),
    }
}

/// Adding zero turns −0 into 0.
fn estimate(effect: Effect) -> Estimate {
    let half = Z * effect.error;
    Estimate {
        value: effect.value + 0.0,
        low: effect.value - half + 0.0,
        high: effect.value + half + 0.0,
    }
}

/// Counts with the number of periods on each side.
struct Fit<'a> {
    counted: &'a [Counted],
    periods: [f64; 2],
}

impl Fit<'_> {
    fn inquiries(&self) -> Chain {
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
    fn expected_revenue(&self, maturity: f64) -> Option<Chain> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Sessions and inquiries of every channel of the sample firm in 2026-W33 and W34, with the planted mix shift.
    const WEEKS: [[f64; 4]; 12] = [
        [454., 3., 1246., 12.],
        [747., 27., 729., 20.],
        [582., 22., 616., 28.],
        [285., 6., 263., 7.],
        [275., 11., 234., 9.],
        [188., 6., 227., 6.],
        [110., 10., 135., 13.],
        [102., 1., 125., 3.],
        [54., 1., 57., 1.],
        [23., 2., 29., 2.],
        [0., 5., 0., 8.],
        [0., 12., 0., 9.],
    ];

    // Worked out in Python (numpy) from the formulas of the methodology.
    #[test]
    fn a_planted_mix_shift_is_found_in_the_counts() {
        let side = |sessions, inquiries| Side {
            sessions,
            inquiries,
            ..Side::default()
        };
        let counted = WEEKS
            .iter()
            .enumerate()
            .map(|(index, [n0, k0, n1, k1])| Counted {
                channel: ChannelId::new(format!("c{index}")),
                sides: [side(*n0, *k0), side(*n1, *k1)],
                worth: None,
            });
        let week = crate::metrics::sample::reported_week();
        let terms = Terms {
            maturity: None,
            min_events: 10,
        };
        let found =
            breakdown(vec![week], &counted.collect::<Vec<_>>(), terms).expect("enough inquiries");
        assert_eq!(
            found.conv1.verdict,
            crate::metrics::decomposition::bennet::RatioVerdict::Simpson
        );
        let near = |left: f64, right: f64| {
            assert!(
                (left - right).abs() < 1e-9 * right.abs().max(1.0),
                "{left} is not {right}"
            )
        };
        near(found.conv1.within.value, 0.000716687251047441);
        near(found.conv1.mix.value, -0.0046888802533856765);
        near(found.conv1.standardised, 0.031924315454554264);
        near(found.inquiries.change, 12.0);
        let wanted = [
            (24.8793864488233, 20.9295542498805, 28.8292186477661),
            (-14.8238733097781, -18.0302293217448, -11.6175172978114),
            (0.872383085466871, -29.2384289364184, 30.9831951073521),
            (0.0, -11.4284557094824, 11.4284557094824),
            (1.07210377548795, -29.1137304373591, 31.257937988335),
        ];
        for (line, (value, low, high)) in found.inquiries.contributions.iter().zip(wanted) {
            near(line.amount.value, value);
            near(line.amount.low, low);
            near(line.amount.high, high);
        }
    }
}
