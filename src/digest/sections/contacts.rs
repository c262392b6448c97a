//! Raw contacts before they are joined into inquiries, and those left out by rule: nothing is lost silently.

use super::cells::{left, right};
use super::section::Section;
use crate::digest::blocks::{Block, Cell, Row, Table, Unit};
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::model::facts::ContactKind;

pub(super) const SECTION: Section = Section {
    code: "contacts",
    title: Some(|page| page.text("contacts.title")),
    subtitle,
    blocks,
    is_in_mail: false,
};

fn subtitle(page: &Page) -> Option<Rich> {
    let days = page.figures.counted_whole(
        "words.days_of",
        f64::from(page.digest.definitions.uniqueness_days),
    );
    Some(page.rich("contacts.subtitle", &[("days", &days)]))
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
                Some(page.text("contacts.left_out")),
                *count,
            )
        });
    let rows: Vec<Row> = kinds.chain(left_out).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        left(page.text("contacts.column.kind")),
        right(page.text("contacts.column.count")),
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

fn kind_key(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Call => "contacts.kind.call",
        ContactKind::MissedCall => "contacts.kind.missed_call",
        ContactKind::Form => "contacts.kind.form",
        ContactKind::Chat => "contacts.kind.chat",
        ContactKind::Deal => "contacts.kind.deal",
    }
}

/// Reasons are data: those that are known have words, any other shows as it is.
fn reason_name(page: &Page, reason: &str) -> String {
    match reason {
        "spam" => page.text("contacts.reason.spam"),
        "internal" => page.text("contacts.reason.internal"),
        "outbound" => page.text("contacts.reason.outbound"),
        "short" => page.text("contacts.reason.short"),
        "other_currency" => page.text("contacts.reason.other_currency"),
        "missed" => page.text("contacts.reason.missed"),
        other => other.to_owned(),
    }
}
