//! From counts of channels to the breakdown of their change.

use super::amounts::Amounts;
use super::bennet::Noise;
use super::ratio::{Fraction, ratio};
use super::types::Breakdown;
use crate::model::channel::ChannelId;
use crate::model::period::Period;

/// Below this share of due sales a cohort's conv2 is not compared: less than half of its sales should have come by now,
/// and the difference would be chance (docs/METHODOLOGY.md, comparing cohorts).
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

impl Side {
    /// Both together; what is unknown in one is unknown in the sum.
    pub(super) fn plus(self, other: Self) -> Self {
        let sum = |one: Option<f64>, other: Option<f64>| Some(one? + other?);
        Self {
            sessions: self.sessions + other.sessions,
            inquiries: self.inquiries + other.inquiries,
            sold: sum(self.sold, other.sold),
            closed: sum(self.closed, other.closed),
            revenue: sum(self.revenue, other.revenue),
            spend: sum(self.spend, other.spend),
        }
    }
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
pub struct CountedChain {
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
pub fn breakdown(base: Vec<Period>, counted: &[CountedChain], terms: Terms) -> Option<Breakdown> {
    let min_events = terms.min_events;
    let conv1 = ratio(counted, conv1, Noise::Events, min_events)?;
    // A young cohort's few sales are chance, whatever its age in the base.
    let is_due = terms.maturity.is_some_and(|due| due >= MIN_MATURITY);
    let conv2 = ratio(counted, conv2, Noise::Events, min_events).filter(|_| is_due);
    let amounts = Amounts {
        counted,
        periods: [base.len().max(1) as f64, 1.0],
    };
    Some(Breakdown {
        base,
        inquiries: amounts.inquiries(),
        expected_revenue: terms
            .maturity
            .and_then(|maturity| amounts.expected_revenue(maturity)),
        conv1,
        conv2,
        average_check: ratio(counted, average_check, Noise::Amounts, min_events),
        cpl: ratio(counted, cpl, Noise::Amounts, min_events),
    })
}

fn conv1(side: &Side) -> Option<Fraction> {
    Some(Fraction {
        k: side.inquiries,
        n: side.sessions,
    })
}

fn conv2(side: &Side) -> Option<Fraction> {
    Some(Fraction {
        k: side.sold?,
        n: side.inquiries,
    })
}

fn average_check(side: &Side) -> Option<Fraction> {
    Some(Fraction {
        k: side.revenue?,
        n: side.closed?,
    })
}

fn cpl(side: &Side) -> Option<Fraction> {
    Some(Fraction {
        k: side.spend?,
        n: side.inquiries,
    })
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
            .map(|(index, [n0, k0, n1, k1])| CountedChain {
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
