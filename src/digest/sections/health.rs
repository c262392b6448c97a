//! Health of the data: each export, its state, and what that means for the conclusions.

use chrono::NaiveDate;

use super::cells::left;
use super::section::{Section, no_subtitle};
use crate::digest::blocks::{Block, Cell, Row, Table, Tone};
use crate::digest::page::Page;
use crate::model::facts::{SourceHealth, SourceState};

pub(super) const SECTION: Section = Section {
    code: "health",
    title: Some(|page| page.text("health.title")),
    subtitle: no_subtitle,
    blocks,
    is_in_mail: true,
};

fn blocks(page: &Page) -> Vec<Block> {
    if page.digest.data_health.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        left(page.text("health.column.source")),
        left(page.text("health.column.effect")),
    ];
    let rows = page
        .digest
        .data_health
        .iter()
        .map(|source| row(page, source))
        .collect();
    let mut blocks = vec![Block::Table(Table {
        code: "health",
        columns,
        rows,
        note: None,
    })];
    if !page.digest.rejects.is_empty() {
        let rejects = page.digest.rejects.iter().map(|reject| {
            let rows = page.figures.counted_whole("words.rows", reject.rows as f64);
            page.rich(
                "health.reject",
                &[
                    ("source", &reject.source),
                    ("rows", &rows),
                    ("reason", &reject.reason),
                ],
            )
        });
        blocks.push(Block::Text(page.rich("health.rejects", &[])));
        blocks.push(Block::List(rejects.collect()));
    }
    blocks
}

fn row(page: &Page, source: &SourceState) -> Row {
    let (word, tone) = match source.state {
        SourceHealth::Complete => ("health.state.complete", Tone::Neutral),
        SourceHealth::Rejects => ("health.state.rejects", Tone::Warn),
        SourceHealth::Partial => ("health.state.partial", Tone::Warn),
        SourceHealth::Missing => ("health.state.missing", Tone::Bad),
    };
    let head = Cell {
        tone,
        word: Some(page.text(word)),
        ..Cell::text(source.source.clone()).strong()
    };
    Row {
        head,
        cells: vec![Cell::text(effect(page, source)).under(detail(page, source))],
        is_total: false,
    }
}

/// What the state means for the conclusions.
fn effect(page: &Page, source: &SourceState) -> String {
    let is_short = matches!(source.state, SourceHealth::Partial | SourceHealth::Missing);
    page.text(match (is_short, source.table.as_str()) {
        (false, _) if source.state == SourceHealth::Rejects => "health.effect.rejects",
        (false, _) => "health.effect.none",
        (true, "sessions" | "traffic_daily") => "health.effect.traffic",
        (true, "stage_events") => "health.effect.stages",
        (true, "calls") => "health.effect.calls",
        (true, "forms") => "health.effect.forms",
        (true, "chats") => "health.effect.chats",
        (true, "deals" | "deal_stages") => "health.effect.deals",
        (true, "costs") => "health.effect.costs",
        (true, "targets") => "health.effect.targets",
        (true, _) => "health.effect.unneeded",
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
        (!days.is_empty()).then(|| page.fill("health.days", &[("days", &days.join(", "))]));
    let last = source
        .last_day
        .filter(|day| *day < page.digest.period.to)
        .map(|day| page.fill("health.last_day", &[("day", &page.figures.day(day))]));
    let rejected = (source.rejected > 0).then(|| {
        let (rejected, read) = (
            page.figures.count(source.rejected),
            page.figures.count(source.read),
        );
        page.fill(
            "health.rejected",
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
