//! Part of the data's health: what stands where a person's key is expected and identifies nobody.

use crate::config::words;
use crate::digest::blocks::Block;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::model::nameless::{KeyKind, Nameless};

/// A sentence and a list of what there is; nothing when everybody is told apart.
pub(super) fn blocks(page: &Page) -> Vec<Block> {
    let found = &page.digest.nameless;
    if found.is_empty() {
        return Vec::new();
    }
    let lines = found.iter().map(|nameless| line(page, nameless));
    vec![
        Block::Text(page.rich(words::nameless::INTRO, &[])),
        Block::List(lines.collect()),
    ]
}

fn line(page: &Page, nameless: &Nameless) -> Rich {
    let rows = |rows: u64| page.figures.counted_whole(words::words::ROWS, rows as f64);
    match nameless {
        Nameless::Placeholder {
            source,
            column,
            rows: count,
        } => page.rich(
            words::nameless::PLACEHOLDER,
            &[
                ("source", page.export(source)),
                ("column", column),
                ("rows", &rows(*count)),
            ],
        ),
        Nameless::Unreadable {
            source,
            column,
            rows: count,
        } => page.rich(
            words::nameless::UNREADABLE,
            &[
                ("source", page.export(source)),
                ("column", column),
                ("rows", &rows(*count)),
            ],
        ),
        Nameless::Shared { key, keys, records } => {
            let (keys, records) = (page.figures.count(*keys), page.figures.count(*records));
            let sentence = match key {
                KeyKind::Phone => words::nameless::shared::PHONE,
                KeyKind::Email => words::nameless::shared::EMAIL,
                KeyKind::Client => words::nameless::shared::CLIENT,
                KeyKind::CrmContact => words::nameless::shared::CRM_CONTACT,
            };
            page.rich(sentence, &[("keys", &keys), ("records", &records)])
        }
        Nameless::Crowded { keys } => {
            let keys = page.figures.count(*keys);
            page.rich(words::nameless::CROWDED, &[("keys", &keys)])
        }
        Nameless::Foreign { source, ids } => {
            let ids = page.figures.count(*ids);
            page.rich(
                words::nameless::FOREIGN,
                &[("source", page.export(source)), ("ids", &ids)],
            )
        }
    }
}
