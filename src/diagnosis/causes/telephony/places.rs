//! Where telephony can fail: each line, each trunk with its lines, all lines together.

use std::collections::BTreeMap;

use crate::diagnosis::case::Case;
use crate::diagnosis::finding::Scope;
use crate::diagnosis::weigh::evidence::Value;
use crate::model::observations::{Code, Dimension, Direction};

/// Calls of a line that must go over one trunk for the line to belong to it.
const MOSTLY: f64 = 0.8;
/// Fewer calls than this in the base are no line.
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
    /// The end of a sentence's name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Trunk => "trunk",
            Self::All => "all",
        }
    }
}

/// A place where telephony can fail.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its kind.
    pub at: Where,
    /// Its lines; empty is all of them.
    pub lines: Vec<Code>,
    /// Its trunk; 0 when there is none or there are several.
    pub trunk: Code,
    /// What looking at so many places costs, nats.
    pub price: f64,
}

impl Place {
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
            Where::Line => Scope::from([(
                Dimension::Line,
                case.text(Dimension::Line, self.lines[0]).to_owned(),
            )]),
            Where::Trunk => Scope::from([(
                Dimension::Trunk,
                case.text(Dimension::Trunk, self.trunk).to_owned(),
            )]),
            Where::All => Scope::new(),
        }
    }

    /// Its name for a sentence.
    pub fn value(&self, case: &Case) -> Option<(String, Value)> {
        let name = |(of, text): (Dimension, String)| {
            (
                if of == Dimension::Line {
                    "line"
                } else {
                    "trunk"
                }
                .to_owned(),
                Value::Text(text),
            )
        };
        self.scope(case).into_iter().next().map(name)
    }
}

/// All places with enough calls. Kinds share the belief evenly, and so do the places of a kind.
pub fn places(case: &Case) -> Vec<Place> {
    let lines = lines(case);
    let mut trunks: BTreeMap<Code, Vec<Code>> = BTreeMap::new();
    for (line, trunk) in lines.iter().filter(|(_, trunk)| *trunk != 0) {
        trunks.entry(*trunk).or_default().push(*line);
    }
    trunks.retain(|_, of| of.len() > 1 && of.len() < lines.len());
    let kinds = [lines.len(), trunks.len(), usize::from(lines.len() != 1)];
    let used = kinds.iter().filter(|count| **count > 0).count().max(1) as f64;
    let price = |count: usize| used.ln() + (count as f64).ln();
    let of_line = lines
        .iter()
        .map(|(line, trunk)| (Where::Line, vec![*line], *trunk, price(kinds[0])));
    let of_trunk = trunks
        .into_iter()
        .map(|(trunk, lines)| (Where::Trunk, lines, trunk, price(kinds[1])));
    let all = (kinds[2] > 0).then(|| (Where::All, Vec::new(), 0, price(1)));
    of_line
        .chain(of_trunk)
        .chain(all)
        .map(|(at, lines, trunk, price)| Place {
            at,
            lines,
            trunk,
            price,
        })
        .collect()
}

/// Lines in use with the trunk that most of their calls go over.
fn lines(case: &Case) -> Vec<(Code, Code)> {
    let base = case.base_start() as u32..case.start() as u32;
    let mut over: BTreeMap<Code, BTreeMap<Code, f64>> = BTreeMap::new();
    let calls = case.seen.calls.iter().flatten();
    for call in calls.filter(|call| {
        call.direction == Direction::Inbound && call.line != 0 && base.contains(&call.day)
    }) {
        *over
            .entry(call.line)
            .or_default()
            .entry(call.trunk)
            .or_default() += 1.0;
    }
    let main_trunk = |by: &BTreeMap<Code, f64>| {
        let all: f64 = by.values().sum();
        by.iter()
            .find(|(_, calls)| **calls >= MOSTLY * all)
            .map_or(0, |(trunk, _)| *trunk)
    };
    over.iter()
        .filter(|(_, by)| by.values().sum::<f64>() >= FEWEST_CALLS)
        .map(|(line, by)| (*line, main_trunk(by)))
        .collect()
}
