//! Health of the data: each export, its state, and what that means for the conclusions.

use chrono::NaiveDate;

use super::cells::left;
use super::section::{Section, no_subtitle};
use crate::config::words::{self, Key};
use crate::digest::blocks::{Block, Cell, Row, Table, Tone};
use crate::digest::data_faults::fault_sentence;
use crate::digest::document::Readers;
use crate::digest::doubts;
use crate::digest::page::Page;
use crate::model::data_fault::{DataFault, FaultKind};
use crate::model::facts::{SourceHealth, SourceState};
use crate::model::table::Table as LakeTable;

pub(super) const SECTION: Section = Section {
    code: "health",
    title: Some(|page| page.text(words::health::TITLE)),
    subtitle: no_subtitle,
    blocks,
    readers: Readers::Report,
};

fn blocks(page: &Page) -> Vec<Block> {
    if page.digest.data_health.is_empty() {
        return Vec::new();
    }
    let (complete, other): (Vec<_>, Vec<_>) = page
        .digest
        .data_health
        .iter()
        .partition(|source| is_plain(source));
    let mut blocks = Vec::new();
    if !other.is_empty() {
        blocks.push(Block::Table(Table {
            code: "health",
            columns: vec![
                left(page.text(words::health::column::SOURCE)),
                left(page.text(words::health::column::EFFECT)),
            ],
            rows: other.into_iter().map(|source| row(page, source)).collect(),
            note: None,
        }));
    }
    if !complete.is_empty() {
        let names: Vec<&str> = complete
            .iter()
            .map(|source| page.export(&source.source))
            .collect();
        let values = [("sources", &*names.join(", "))];
        blocks.push(Block::Text(page.rich(words::health::COMPLETE, &values)));
    }
    if !page.digest.rejects.is_empty() {
        let rejects = page.digest.rejects.iter().map(|reject| {
            let rows = page
                .figures
                .counted_whole(words::words::ROWS, reject.rows as f64);
            page.rich(
                words::health::REJECT,
                &[
                    ("source", page.export(&reject.source)),
                    ("rows", &rows),
                    ("reason", &reject.reason),
                ],
            )
        });
        blocks.push(Block::Text(page.rich(words::health::REJECTS, &[])));
        blocks.push(Block::List(rejects.collect()));
    }
    blocks.extend(super::nameless::blocks(page));
    blocks
}

/// Whether there is nothing to say of an export but that it arrived.
fn is_plain(source: &SourceState) -> bool {
    source.state == SourceHealth::Complete
        && source.sales_doubt.is_none()
        && source.other_currencies.is_empty()
        && source.data_faults.is_empty()
}

fn row(page: &Page, source: &SourceState) -> Row {
    let (word, tone) = match source.state {
        SourceHealth::Complete => (words::health::state::COMPLETE, Tone::Neutral),
        SourceHealth::Rejects => (words::health::state::REJECTS, Tone::Warn),
        SourceHealth::Partial => (words::health::state::PARTIAL, Tone::Warn),
        SourceHealth::Missing => (words::health::state::MISSING, Tone::Bad),
    };
    let (word, tone) = match &source.sales_doubt {
        None if tone == Tone::Neutral && !source.other_currencies.is_empty() => {
            (words::health::state::OTHER_CURRENCY, Tone::Warn)
        }
        None => (word, tone),
        Some(doubt) if doubt.hides_sales() => (words::health::state::DOUBTFUL, Tone::Bad),
        Some(_) => (words::health::state::UNTRACED, Tone::Bad),
    };
    let (word, tone) = match (source.spoiling_fault(), source.data_faults.is_empty()) {
        (Some(fault), _) => (state_of_fault(fault), Tone::Bad),
        (None, false) if tone == Tone::Neutral => {
            (state_of_fault(&source.data_faults[0]), Tone::Warn)
        }
        (None, _) => (word, tone),
    };
    let head = Cell {
        tone,
        word: Some(page.text(word)),
        ..Cell::text(page.export(&source.source)).strong()
    };
    Row {
        head,
        cells: vec![Cell::text(effect(page, source)).under(detail(page, source))],
        is_total: false,
    }
}

/// The state of an export with a fault, in a word.
fn state_of_fault(fault: &DataFault) -> Key {
    use words::health::state;
    match (fault.kind(), fault.spoils_counts()) {
        (FaultKind::Repeated, _) | (FaultKind::Doubled, true) => state::REPEATED,
        (FaultKind::Doubled, false) => state::DOUBLED,
        (FaultKind::Emptied, _) => state::EMPTIED,
        (FaultKind::Burst, _) => state::BURST,
        (FaultKind::GoalsReplaced, _) => state::GOALS_REPLACED,
        (FaultKind::Shifted, _) => state::SHIFTED,
        (FaultKind::CutOff, _) => state::CUT_OFF,
        (FaultKind::Silent, _) => state::SILENT,
        (FaultKind::Heaped, _) => state::HEAPED,
        (FaultKind::Retold, _) => state::RETOLD,
        (FaultKind::Gone, true) => state::GONE_BAD,
        (FaultKind::Gone, false) => state::GONE,
        (FaultKind::Uncosted, _) => state::UNCOSTED,
        (FaultKind::Amounts, _) => state::AMOUNTS,
        (FaultKind::ToldTwice, _) => state::TOLD_TWICE,
        (FaultKind::Unpriced, _) => state::UNPRICED,
        (FaultKind::ClosedEarly, _) => state::CLOSED_EARLY,
        (FaultKind::ClosedAtOnce, _) => state::CLOSED_AT_ONCE,
        (FaultKind::Remarked, _) => state::REMARKED,
        (FaultKind::Unlinked, true) => state::UNRECONCILED_BAD,
        (FaultKind::Unlinked, false) => state::UNRECONCILED,
    }
}

/// What the state means for the conclusions.
fn effect(page: &Page, source: &SourceState) -> String {
    if let Some(doubt) = doubts::sentence(page, source) {
        return doubt;
    }
    if !source.data_faults.is_empty() {
        let faults = source.data_faults.iter();
        let faults = faults.map(|fault| fault_sentence(page, source, fault));
        return faults.collect::<Vec<_>>().join(" ");
    }
    if let Some(not_added) = doubts::not_added(page, source) {
        return not_added;
    }
    let is_short = matches!(source.state, SourceHealth::Partial | SourceHealth::Missing);
    page.text(match (is_short, source.table) {
        (false, _) if source.state == SourceHealth::Rejects => words::health::effect::REJECTS,
        (false, _) => words::health::effect::NONE,
        (true, Some(LakeTable::Sessions | LakeTable::TrafficDaily)) => {
            words::health::effect::TRAFFIC
        }
        (true, Some(LakeTable::Calls)) => words::health::effect::CALLS,
        (true, Some(LakeTable::Forms)) => words::health::effect::FORMS,
        (true, Some(LakeTable::Deals)) => words::health::effect::DEALS,
        (true, Some(LakeTable::Costs)) => words::health::effect::COSTS,
        (true, Some(LakeTable::Targets)) => words::health::effect::TARGETS,
        (
            true,
            None
            | Some(
                LakeTable::ClientLinks
                | LakeTable::DealStages
                | LakeTable::Surveys
                | LakeTable::Annotations
                | LakeTable::Calendar,
            ),
        ) => words::health::effect::UNNEEDED,
    })
}

/// Days without rows, the last day seen, rejected rows.
fn detail(page: &Page, source: &SourceState) -> Option<String> {
    let runs = runs_of_days(&source.missing_days);
    let days: Vec<String> = runs
        .iter()
        .map(|(from, to)| page.figures.days(*from, *to))
        .collect();
    let absent =
        (!days.is_empty()).then(|| page.fill(words::health::DAYS, &[("days", &days.join(", "))]));
    let last = source
        .last_day
        .filter(|day| *day < page.digest.period.to)
        .map(|day| page.fill(words::health::LAST_DAY, &[("day", &page.figures.day(day))]));
    let rejected = (source.rejected > 0).then(|| {
        let (rejected, read) = (
            page.figures.count(source.rejected),
            page.figures.count(source.read),
        );
        page.fill(
            words::health::REJECTED,
            &[("rejected", &rejected), ("read", &read)],
        )
    });
    [absent, last, rejected]
        .into_iter()
        .flatten()
        .reduce(|text, more| format!("{text} {more}"))
}

/// The days of a list as runs: `[(first, last), …]`.
fn runs_of_days(days: &[NaiveDate]) -> Vec<(NaiveDate, NaiveDate)> {
    let mut runs: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some((_, last)) if last.succ_opt() == Some(*day) => *last = *day,
            _ => runs.push((*day, *day)),
        }
    }
    runs
}
