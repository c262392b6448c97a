//! What the calls of a file come to, in lines for whoever looks at it before it is taken in.

use std::collections::BTreeMap;

use super::adapters::Adapted;
use crate::model::columns::{Columns, Dictionary, NO_COUNT, Values};

/// Lines that are shown: the busiest.
const SHOWN_LINES: usize = 6;

/// Numbers of calls by what became of them.
#[derive(Default)]
struct Account {
    calls: u64,
    inbound: u64,
    answered: u64,
    outbound: u64,
    outbound_answered: u64,
    internal: u64,
    talk_s: u64,
    lines: BTreeMap<String, u64>,
}

/// The account of the rows of the table of calls, with what the adapter says besides.
pub(super) fn of_calls(made: &Adapted) -> Vec<String> {
    let columns = &made.columns;
    let mut account = Account::default();
    for row in 0..columns.rows() {
        account.add(columns, &made.texts, row);
    }
    let mut said = account.said();
    said.extend(made.notes.iter().cloned());
    let told = made.doubts.iter().chain(&made.remarks);
    said.extend(told.map(|(_, text)| text.clone()));
    said
}

impl Account {
    fn add(&mut self, columns: &Columns, texts: &[Dictionary], row: usize) {
        let text = |name| {
            let at = columns.table.position(name);
            let at = at.expect("calls have these columns");
            texts[at].text(columns.values[at].raw(row) as u32)
        };
        let is_answered = columns.column("answered").raw(row) == 1;
        let counted = u64::from(is_answered);
        self.calls += 1;
        if let Values::Count(talk) = columns.column("talk_s")
            && talk[row] != NO_COUNT
        {
            self.talk_s += u64::from(talk[row]);
        }
        match text("direction") {
            "outbound" => {
                self.outbound += 1;
                self.outbound_answered += counted;
            }
            "internal" => self.internal += 1,
            _ => {
                self.inbound += 1;
                self.answered += counted;
                let line = text("line");
                if !line.is_empty() {
                    *self.lines.entry(line.to_owned()).or_insert(0) += 1;
                }
            }
        }
    }

    fn said(&self) -> Vec<String> {
        let mut said = vec![format!(
            "calls: {} = {} inbound ({} answered, {} missed), {} outbound ({} answered), {} internal; {} s of talk",
            self.calls,
            self.inbound,
            self.answered,
            self.inbound - self.answered,
            self.outbound,
            self.outbound_answered,
            self.internal,
            self.talk_s
        )];
        let mut lines: Vec<(&String, &u64)> = self.lines.iter().collect();
        lines.sort_by_key(|(_, calls)| std::cmp::Reverse(**calls));
        let shown: Vec<String> = lines
            .iter()
            .take(SHOWN_LINES)
            .map(|(line, calls)| format!("{line} ×{calls}"))
            .collect();
        if !shown.is_empty() {
            said.push(format!("lines: {}", shown.join(", ")));
        }
        said
    }
}
