//! Raw contacts before they are joined into inquiries, and those left out by rule: nothing is lost silently.

use super::cells::{left, right};
use super::section::Section;
use crate::config::words::{self, Key};
use crate::digest::blocks::{Block, Cell, Row, Table, Unit};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::model::facts::ContactKind;

pub(super) const SECTION: Section = Section {
    code: "contacts",
    title: Some(|page| page.text(words::contacts::TITLE)),
    subtitle,
    blocks,
    readers: Readers::Report,
};

fn subtitle(page: &Page) -> Option<Rich> {
    let days = page.figures.counted_whole(
        words::words::DAYS_OF,
        f64::from(page.digest.definitions.uniqueness_days),
    );
    Some(page.rich(words::contacts::SUBTITLE, &[("days", &days)]))
}

fn blocks(page: &Page) -> Vec<Block> {
    let kinds = page
        .digest
        .contacts
        .iter()
        .map(|(kind, count)| row(page, page.text(kind_key(*kind)), None, *count));
    let left_out = page
        .digest
        .left_out
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(reason, count)| {
            row(
                page,
                reason_name(page, reason),
                Some(page.text(words::contacts::LEFT_OUT)),
                *count,
            )
        });
    let rows: Vec<Row> = kinds.chain(left_out).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        left(page.text(words::contacts::column::KIND)),
        right(page.text(words::contacts::column::COUNT)),
    ];
    vec![Block::Table(Table {
        code: "contacts",
        columns,
        rows,
        note: None,
    })]
}

fn row(page: &Page, name: String, under: Option<String>, count: u64) -> Row {
    let cell = Cell::number(count as f64, Unit::Count, page.figures.count(count));
    Row {
        head: Cell::text(name).under(under),
        cells: vec![cell.strong()],
        is_total: false,
    }
}

fn kind_key(kind: ContactKind) -> Key {
    match kind {
        ContactKind::Call => words::contacts::kind::CALL,
        ContactKind::MissedCall => words::contacts::kind::MISSED_CALL,
        ContactKind::Form => words::contacts::kind::FORM,
        ContactKind::Chat => words::contacts::kind::CHAT,
        ContactKind::Deal => words::contacts::kind::DEAL,
    }
}

/// Reasons are data: those that are known have words, any other shows as it is.
fn reason_name(page: &Page, reason: &str) -> String {
    match reason {
        "spam" => page.text(words::contacts::reason::SPAM),
        "internal" => page.text(words::contacts::reason::INTERNAL),
        "outbound" => page.text(words::contacts::reason::OUTBOUND),
        "short" => page.text(words::contacts::reason::SHORT),
        "other_currency" => page.text(words::contacts::reason::OTHER_CURRENCY),
        "missed" => page.text(words::contacts::reason::MISSED),
        other => other.to_owned(),
    }
}
