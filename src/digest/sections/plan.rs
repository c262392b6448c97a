//! The plan of checks, to be printed: cause by cause, who checks what, where and by when.

use super::cells::left;
use super::section::Section;
use crate::config::words;
use crate::digest::blocks::{Block, Cell, Row, Table};
use crate::digest::document::Readers;
use crate::digest::page::Page;
use crate::digest::plan::{PlannedCheck, planned_checks};

pub(super) const SECTION: Section = Section {
    code: "plan",
    title: Some(|page| page.text(words::plan::TITLE)),
    subtitle: |page| Some(page.rich(words::plan::SUBTITLE, &[])),
    blocks,
    readers: Readers::Report,
};

fn blocks(page: &Page) -> Vec<Block> {
    let rows: Vec<Row> = planned_checks(page).into_iter().map(row).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let titles = [
        words::plan::column::CAUSE,
        words::plan::column::WHO,
        words::plan::column::WHAT,
        words::plan::column::WHERE,
        words::plan::column::WHEN,
    ];
    let columns = titles.map(|key| left(page.text(key))).into();
    vec![Block::Table(Table {
        code: "plan",
        columns,
        rows,
        note: None,
    })]
}

fn row(check: PlannedCheck) -> Row {
    let then = check.then.into_iter().chain([check.otherwise]);
    let then = then.collect::<Vec<_>>().join(" ");
    let cells = vec![
        Cell::text(check.who),
        Cell::text(check.what).under(Some(then)),
        Cell::text(check.place).under(check.exports),
        Cell::text(check.due_shown).strong(),
    ];
    Row {
        head: Cell::text(check.cause).under(check.certainty),
        cells,
        is_total: false,
    }
}
