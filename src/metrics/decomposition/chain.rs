//! Inquiries, and what they are worth, taken apart over channels and factors.
//!
//! One channel's amount is `N · w · c₁ · (worth…)`: all sessions, the channel's share of them, its first conversion, and
//! what an inquiry is worth: nothing more for a count, `c₂ · average check (· margin)` for money.

use super::bennet::mean;
use super::product::slopes;

/// How many factors an inquiry's worth may have: conv2, average check, margin.
pub const MOST_WORTH: usize = 3;

// Places of the lines.
const TRAFFIC: usize = 0;
const MIX: usize = 1;
const CONV1: usize = 2;
const NO_SESSIONS: usize = 3;
/// The first of the lines of an inquiry's worth.
const WORTH: usize = 4;
const NOISE: usize = WORTH + MOST_WORTH;
const LINES: usize = NOISE + 1;

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
        self.0[TRAFFIC]
    }

    /// Other shares of channels.
    pub fn mix(&self) -> f64 {
        self.0[MIX]
    }

    /// First conversions inside channels.
    pub fn conv1(&self) -> f64 {
        self.0[CONV1]
    }

    /// Inquiries of channels without sessions in that period: lines in print, what could not be traced.
    pub fn no_sessions(&self) -> f64 {
        self.0[NO_SESSIONS]
    }

    /// The factor of an inquiry's worth at a place.
    pub fn worth(&self, place: usize) -> f64 {
        self.0[WORTH + place]
    }

    /// What the believed rates leave over: counted less fitted.
    pub fn noise(&self) -> f64 {
        self.0[NOISE]
    }

    /// The change.
    #[cfg(test)]
    pub fn sum(&self) -> f64 {
        self.0.iter().sum()
    }

    /// Every line with the same one of another list.
    pub(super) fn zip(self, other: Self, with: impl Fn(f64, f64) -> f64) -> Self {
        Self(std::array::from_fn(|line| {
            with(self.0[line], other.0[line])
        }))
    }

    /// Both together, line by line.
    pub(super) fn plus(self, other: Self) -> Self {
        self.zip(other, |one, other| one + other)
    }

    /// Every line by itself.
    pub(super) fn map(self, with: impl Fn(f64) -> f64) -> Self {
        Self(self.0.map(with))
    }
}

/// What a cell's amount is as counted: inquiries times their worth.
pub fn amount(cell: &Cell, period: usize) -> f64 {
    cell.inquiries[period] * worth(cell, period).product::<f64>()
}

/// Shares the change of one channel out among the factors; `all` are the sessions of all channels in both periods.
///
/// The product of sessions and rates is shared out by Shapley's value; the channel's own change of sessions is then
/// `Δn = w̄·ΔN + N̄·Δw`, traffic and mix. Lines of all channels add up to the total's.
pub fn lines(cell: &Cell, all: [f64; 2]) -> Lines {
    let mut lines = Lines::default();
    on_site(cell, all, &mut lines);
    off_site(cell, &mut lines);
    lines.0[NOISE] = residual(cell, 1) - residual(cell, 0);
    lines
}

/// Inquiries that sessions made: sessions, first conversion and worth are factors of one product.
fn on_site(cell: &Cell, all: [f64; 2], lines: &mut Lines) {
    if cell.sessions == [0.0, 0.0] {
        return;
    }
    let [base, now] = [0, 1].map(|t| {
        let mut factors = vec![cell.sessions[t], conv1(cell, t)];
        factors.extend(worth(cell, t));
        factors
    });
    let slopes = slopes(&base, &now);
    let (by_sessions, by_conv1, by_worth) = (slopes[0], slopes[1], &slopes[2..]);
    let share = [0, 1].map(|t| share_of(cell.sessions[t], all[t]));
    lines.0[TRAFFIC] += by_sessions * mean(share) * (all[1] - all[0]);
    lines.0[MIX] += by_sessions * mean(all) * (share[1] - share[0]);
    lines.0[CONV1] += by_conv1 * (now[1] - base[1]);
    add_worth(lines, by_worth, &base[2..], &now[2..]);
}

/// Inquiries without sessions have no rate: their number is a factor of its own.
fn off_site(cell: &Cell, lines: &mut Lines) {
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
    let [base, now] = [0, 1].map(|t| {
        let mut factors = vec![count[t]];
        factors.extend(worth(cell, t));
        factors
    });
    let slopes = slopes(&base, &now);
    lines.0[NO_SESSIONS] += slopes[0] * (count[1] - count[0]);
    add_worth(lines, &slopes[1..], &base[1..], &now[1..]);
}

/// Adds what the factors of the worth contributed: slope times change.
fn add_worth(lines: &mut Lines, slopes: &[f64], base: &[f64], now: &[f64]) {
    for (place, slope) in slopes.iter().enumerate() {
        lines.0[WORTH + place] += slope * (now[place] - base[place]);
    }
}

/// A channel's share of all sessions; of none it has none.
fn share_of(sessions: f64, all: f64) -> f64 {
    if all > 0.0 { sessions / all } else { 0.0 }
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
