//! Inquiries, and what they are worth, taken apart over channels and factors.
//!
//! One channel's amount is `N · w · c₁ · (worth…)`: all sessions, the channel's share of them, its first conversion, and
//! what an inquiry is worth: nothing more for a count, `c₂ · average check (· margin)` for money.

use super::bennet::mean;
use super::product::slopes;

/// How many factors an inquiry's worth may have: conv2, average check, margin.
pub const MOST_WORTH: usize = 3;
/// How many lines a chain has: traffic, mix, conv1, no sessions, the worth, noise.
const LINES: usize = 5 + MOST_WORTH;
/// Where the lines of an inquiry's worth begin.
const WORTH: usize = 4;

/// One channel in the base (`[0]`) and in the reported period (`[1]`).
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Sessions.
    pub sessions: [f64; 2],
    /// Inquiries as counted.
    pub inquiries: [f64; 2],
    /// First conversion as believed: the counted one freed of chance. Only read for periods with sessions.
    pub conv1: [f64; 2],
    /// Factors of an inquiry's worth, as many for every cell: conv2, average check, margin; at most [`MOST_WORTH`].
    pub worth: Vec<[f64; 2]>,
}

/// Contributions of the lines to one change. `lines.sum()` is the change, up to rounding.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Lines([f64; LINES]);

impl Lines {
    /// More or fewer sessions of all channels.
    pub fn traffic(&self) -> f64 {
        self.0[0]
    }

    /// Other shares of channels.
    pub fn mix(&self) -> f64 {
        self.0[1]
    }

    /// First conversions inside channels.
    pub fn conv1(&self) -> f64 {
        self.0[2]
    }

    /// Inquiries of channels without sessions in that period: lines in print, what could not be traced.
    pub fn no_sessions(&self) -> f64 {
        self.0[3]
    }

    /// The factor of an inquiry's worth at a place.
    pub fn worth(&self, place: usize) -> f64 {
        self.0[WORTH + place]
    }

    /// What the believed rates leave over: counted less fitted.
    pub fn noise(&self) -> f64 {
        self.0[LINES - 1]
    }

    /// The change.
    pub fn sum(&self) -> f64 {
        self.0.iter().sum()
    }

    /// All lines, for sums over cells and for errors.
    pub(super) fn zip(self, other: Self, with: impl Fn(f64, f64) -> f64) -> Self {
        Self(std::array::from_fn(|line| {
            with(self.0[line], other.0[line])
        }))
    }

    pub(super) fn map(self, with: impl Fn(f64) -> f64) -> Self {
        Self(self.0.map(with))
    }
}

/// What a cell's amount is as counted: inquiries times their worth.
pub fn amount(cell: &Cell, period: usize) -> f64 {
    cell.inquiries[period]
        * cell
            .worth
            .iter()
            .map(|factor| factor[period])
            .product::<f64>()
}

/// Shares the change of one channel out among the factors; `all` are the sessions of all channels in both periods.
///
/// The product of sessions and rates is shared out by Shapley's value; the channel's own change of sessions is then
/// `Δn = w̄·ΔN + N̄·Δw`, traffic and mix. Lines of all channels add up to the total's.
pub fn lines(cell: &Cell, all: [f64; 2]) -> Lines {
    let mut lines = Lines::default();
    on_site(cell, all, &mut lines.0);
    off_site(cell, &mut lines.0);
    lines.0[LINES - 1] = residual(cell, 1) - residual(cell, 0);
    lines
}

fn on_site(cell: &Cell, all: [f64; 2], lines: &mut [f64; LINES]) {
    if cell.sessions == [0.0, 0.0] {
        return;
    }
    let factors: [Vec<f64>; 2] = [0, 1].map(|t| {
        [cell.sessions[t], conv1(cell, t)]
            .into_iter()
            .chain(worth(cell, t))
            .collect()
    });
    let slope = slopes(&factors[0], &factors[1]);
    let share = [0, 1].map(|t| {
        if all[t] > 0.0 {
            cell.sessions[t] / all[t]
        } else {
            0.0
        }
    });
    lines[0] += slope[0] * mean(share) * (all[1] - all[0]);
    lines[1] += slope[0] * mean(all) * (share[1] - share[0]);
    lines[2] += slope[1] * (factors[1][1] - factors[0][1]);
    for place in 0..cell.worth.len() {
        lines[WORTH + place] += slope[2 + place] * (factors[1][2 + place] - factors[0][2 + place]);
    }
}

/// Inquiries without sessions have no rate: their number is a factor of its own.
fn off_site(cell: &Cell, lines: &mut [f64; LINES]) {
    let count = [0, 1].map(|t| {
        if cell.sessions[t] > 0.0 {
            0.0
        } else {
            cell.inquiries[t]
        }
    });
    if count == [0.0, 0.0] {
        return;
    }
    let factors: [Vec<f64>; 2] =
        [0, 1].map(|t| [count[t]].into_iter().chain(worth(cell, t)).collect());
    let slope = slopes(&factors[0], &factors[1]);
    lines[3] += slope[0] * (count[1] - count[0]);
    for place in 0..cell.worth.len() {
        lines[WORTH + place] += slope[1 + place] * (factors[1][1 + place] - factors[0][1 + place]);
    }
}

/// Counted less fitted, in one period.
fn residual(cell: &Cell, period: usize) -> f64 {
    if cell.sessions[period] <= 0.0 {
        return 0.0;
    }
    let over = cell.inquiries[period] - cell.sessions[period] * cell.conv1[period];
    over * worth(cell, period).product::<f64>()
}

/// A period without sessions has the other's rate, so that nothing is put down to it.
fn conv1(cell: &Cell, period: usize) -> f64 {
    if cell.sessions[period] > 0.0 {
        cell.conv1[period]
    } else {
        cell.conv1[1 - period]
    }
}

fn worth(cell: &Cell, period: usize) -> impl Iterator<Item = f64> + '_ {
    cell.worth.iter().map(move |factor| factor[period])
}
