//! Where telephony can fail: each line, each trunk with its lines, all lines together.

use std::collections::BTreeMap;

use crate::config::words::{self, Key};
use crate::diagnosis::case::Case;
use crate::diagnosis::causes::scope_of;
use crate::diagnosis::codes::Scope;
use crate::diagnosis::weigh::evidence::Value;
use crate::model::observations::{Code, Dimension, Direction};

/// Calls of a line that must go over one trunk for the line to belong to it: the rest is what spills over.
const MOSTLY: f64 = 0.8;
/// Fewer calls than this in the base are no line: one a week of the usual eight.
const FEWEST_CALLS: f64 = 8.0;

/// What kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// One line.
    Line,
    /// One trunk with several lines.
    Trunk,
    /// Everything.
    All,
}

impl Where {
    /// What is said of the place: nothing came by it, or less than was due.
    pub fn sentence(self, is_silent: bool) -> Key {
        use words::evidence::telephony;
        match (self, is_silent) {
            (Self::Line, true) => telephony::SILENCE_LINE,
            (Self::Line, false) => telephony::LOSS_LINE,
            (Self::Trunk, true) => telephony::SILENCE_TRUNK,
            (Self::Trunk, false) => telephony::LOSS_TRUNK,
            (Self::All, true) => telephony::SILENCE_ALL,
            (Self::All, false) => telephony::LOSS_ALL,
        }
    }
}

/// A place where telephony can fail.
#[derive(Debug, Clone, PartialEq)]
pub struct TelephonyPlace {
    /// Its kind.
    pub at: Where,
    /// Its lines; empty is all of them.
    pub lines: Vec<Code>,
    /// Its trunk; 0 when there is none or there are several.
    pub trunk: Code,
    /// What looking at so many places costs, nats.
    pub price: f64,
}

impl TelephonyPlace {
    /// Whether a line belongs to it.
    pub fn holds_line(&self, line: Code) -> bool {
        self.lines.is_empty() || self.lines.contains(&line)
    }

    /// Whether a trunk belongs to it.
    pub fn holds_trunk(&self, trunk: Code) -> bool {
        self.at == Where::All || (self.trunk != 0 && self.trunk == trunk)
    }

    /// Its names.
    pub fn scope(&self, case: &Case) -> Scope {
        match self.at {
            Where::Line => scope_of(case, Dimension::Line, self.lines[0]),
            Where::Trunk => scope_of(case, Dimension::Trunk, self.trunk),
            Where::All => Scope::new(),
        }
    }

    /// Its name for a sentence.
    pub fn value(&self, case: &Case) -> Option<(String, Value)> {
        let (dimension, text) = self.scope(case).into_iter().next()?;
        let word = if dimension == Dimension::Line {
            "line"
        } else {
            "trunk"
        };
        Some((word.to_owned(), Value::Text(text)))
    }
}

/// A line in use.
struct UsedLine {
    code: Code,
    /// The trunk that most of its calls go over; 0 when there is none.
    trunk: Code,
}

/// All places with enough calls. Kinds share the belief evenly, and so do the places of a kind.
pub fn places(case: &Case) -> Vec<TelephonyPlace> {
    let lines = lines(case);
    let trunks = trunks(&lines);
    // A single line is all lines: one place of the two.
    let has_all = lines.len() != 1;
    let has_kind = [!lines.is_empty(), !trunks.is_empty(), has_all];
    let kinds = has_kind.into_iter().filter(|has| *has).count().max(1) as f64;
    let price = |places_of_kind: usize| kinds.ln() + (places_of_kind as f64).ln();
    let (price_of_line, price_of_trunk) = (price(lines.len()), price(trunks.len()));
    let mut places = Vec::new();
    for line in &lines {
        places.push(TelephonyPlace {
            at: Where::Line,
            lines: vec![line.code],
            trunk: line.trunk,
            price: price_of_line,
        });
    }
    for (trunk, lines) in trunks {
        places.push(TelephonyPlace {
            at: Where::Trunk,
            lines,
            trunk,
            price: price_of_trunk,
        });
    }
    if has_all {
        places.push(TelephonyPlace {
            at: Where::All,
            lines: Vec::new(),
            trunk: 0,
            price: price(1),
        });
    }
    places
}

/// Trunks with their lines. One with a single line is that line, and one with all of them is everything.
fn trunks(lines: &[UsedLine]) -> BTreeMap<Code, Vec<Code>> {
    let mut trunks: BTreeMap<Code, Vec<Code>> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.trunk != 0) {
        trunks.entry(line.trunk).or_default().push(line.code);
    }
    trunks.retain(|_, of_trunk| of_trunk.len() > 1 && of_trunk.len() < lines.len());
    trunks
}

/// Lines in use with the trunk that most of their calls go over.
fn lines(case: &Case) -> Vec<UsedLine> {
    let mut lines = Vec::new();
    for (code, by_trunk) in calls_by_line(case) {
        let all: f64 = by_trunk.values().sum();
        if all < FEWEST_CALLS {
            continue;
        }
        let main = by_trunk.iter().find(|(_, calls)| **calls >= MOSTLY * all);
        let trunk = main.map_or(0, |(trunk, _)| *trunk);
        lines.push(UsedLine { code, trunk });
    }
    lines
}

/// Inbound calls of the base by line and trunk.
fn calls_by_line(case: &Case) -> BTreeMap<Code, BTreeMap<Code, f64>> {
    let base = case.base_start() as u32..case.start() as u32;
    let mut by_line: BTreeMap<Code, BTreeMap<Code, f64>> = BTreeMap::new();
    for call in case.seen.calls.iter().flatten() {
        let is_inbound = call.direction == Direction::Inbound && call.line != 0;
        if is_inbound && base.contains(&call.day) {
            let by_trunk = by_line.entry(call.line).or_default();
            *by_trunk.entry(call.trunk).or_default() += 1.0;
        }
    }
    by_line
}
