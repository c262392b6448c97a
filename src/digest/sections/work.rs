//! Whom to call back today: people whom nobody has answered yet, by ids and times alone.

use super::cells::{left, right};
use super::section::Section;
use crate::config::words::{self, Key};
use crate::digest::blocks::{Block, Cell, Row, Table};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::channel_title;
use crate::model::work::{WorkItem, WorkList};

/// Rows of a list that the report shows; the workbook has up to two hundred.
const MOST_SHOWN: usize = 10;

pub(super) const SECTION: Section = Section {
    code: "work",
    title: Some(|page| page.text(words::work::TITLE)),
    subtitle,
    blocks,
    readers: Readers::Report,
};

/// Up to when it was looked at.
fn subtitle(page: &Page) -> Option<Rich> {
    let seen_at = page.digest.work.as_ref()?.seen_at;
    Some(page.rich(words::work::SUBTITLE, &[("at", &time(page, seen_at))]))
}

fn blocks(page: &Page) -> Vec<Block> {
    let Some(work) = &page.digest.work else {
        return Vec::new();
    };
    let lists = [
        ("missed", words::work::MISSED, &work.missed, LinkOf::Record),
        (
            "untouched",
            words::work::UNTOUCHED,
            &work.untouched,
            LinkOf::Deal,
        ),
        ("forms", words::work::FORMS, &work.forms, LinkOf::Record),
    ];
    let tables = lists.into_iter().filter_map(|(code, title, list, link)| {
        let list = list.as_ref().filter(|list| list.in_all > 0)?;
        Some(Block::Table(table(page, code, title, list, link)))
    });
    tables.collect()
}

/// Whose address an id has.
#[derive(Clone, Copy)]
pub(crate) enum LinkOf {
    /// That of a deal.
    Deal,
    /// That of any other record.
    Record,
}

/// The address of what is to be done, where the pipeline says.
pub(crate) fn link(page: &Page, item: &WorkItem, of: LinkOf) -> Option<String> {
    let records = &page.digest.pipeline.records;
    match of {
        LinkOf::Deal => records.of_deal(Some(&item.source), &item.id),
        LinkOf::Record => records.of(&item.source, &item.id),
    }
}

fn table(page: &Page, code: &'static str, title: Key, list: &WorkList, of: LinkOf) -> Table {
    use words::work::column;
    let columns = vec![
        left(page.text(title)),
        left(page.text(column::AT)),
        left(page.text(words::channels::column::CHANNEL)),
        left(page.text(column::PLACE)),
        right(page.text(column::WHO)),
    ];
    let shown = list.items.iter().take(MOST_SHOWN);
    let rows: Vec<Row> = shown.map(|item| row(page, item, of)).collect();
    let (shown, all) = (rows.len() as u64, list.in_all);
    let [shown, all] = [shown, all].map(|n| page.figures.count(n));
    Table {
        code,
        columns,
        rows,
        note: Some(page.rich(words::work::NOTE, &[("shown", &shown), ("all", &all)])),
    }
}

fn row(page: &Page, item: &WorkItem, of: LinkOf) -> Row {
    let times = (item.times > 1).then(|| {
        let n = page.figures.count(u64::from(item.times));
        page.fill(words::work::TIMES, &[("n", &n)])
    });
    let id = match item.id.is_empty() {
        true => Cell::absent("—"),
        false => Cell::text(item.id.clone()),
    };
    Row {
        head: id.under(times).linked(link(page, item, of)),
        cells: vec![
            Cell::text(time(page, item.at)),
            Cell::text(channel_title(page, &item.channel)),
            Cell::text(place(page, item)),
            Cell::text(item.manager.clone()),
        ],
        is_total: false,
    }
}

/// The line by its name, where it has one; else the stage or the form.
fn place(page: &Page, item: &WorkItem) -> String {
    let line = page.digest.pipeline.lines.get(&item.place);
    line.unwrap_or(&item.place).clone()
}

/// A day and an hour of the business.
fn time(page: &Page, at: chrono::DateTime<chrono::Utc>) -> String {
    let local = at.with_timezone(&page.digest.pipeline.time_zone);
    let day = page.figures.day(local.date_naive());
    format!("{day}, {}", local.format("%H:%M"))
}
