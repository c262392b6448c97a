//! A letter as tests read it: its headline, its box, its rows, its pictures, its numbers.

use super::blocks::{Block, Table};
use super::document::{Document, Part};
use super::language::Strings;
use super::{Digest, document};
use crate::config::words::Key;
use crate::diagnosis::weigh::evidence::{Evidence, Value};

/// Parts of a letter that sentences are read from.
pub(super) struct Letter(Document);

impl Letter {
    pub(super) fn of(digest: &Digest) -> Self {
        let strings = Strings::shipped(digest.pipeline.language);
        Self(document(digest, strings))
    }

    pub(super) fn parts(&self) -> impl Iterator<Item = &Part> {
        self.0.parts.iter()
    }

    pub(super) fn subject(&self) -> String {
        plain(&self.0.subject)
    }

    pub(super) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.0.mail_parts().flat_map(|part| &part.blocks)
    }

    /// With ordinary spaces, as a test is written.
    pub(super) fn headline(&self) -> String {
        let text = self.blocks().find_map(|block| match block {
            Block::Headline(headline) => Some(&headline.text),
            _ => None,
        });
        plain(text.expect("a letter has a headline"))
    }

    /// The box of what to do first.
    pub(super) fn step(&self) -> Option<String> {
        let answer = self.0.parts.iter().find(|part| part.code == "answer");
        let blocks = &answer.expect("a letter answers").blocks;
        blocks.iter().find_map(|block| match block {
            Block::Notice(notice) => Some(plain(&notice.text.text())),
            _ => None,
        })
    }

    /// The rows below the headline, `label: text`.
    pub(super) fn rows(&self) -> Vec<String> {
        let rows = self.blocks().filter_map(|block| match block {
            Block::Answers(rows) => Some(rows),
            _ => None,
        });
        rows.flatten()
            .map(|row| plain(&format!("{}: {}", row.label, row.text.text())))
            .collect()
    }

    pub(super) fn row(&self, label: &str) -> Option<String> {
        let mut rows = self.rows().into_iter();
        rows.find(|row| row.starts_with(&format!("{label}:")))
    }

    pub(super) fn alts(&self) -> Vec<String> {
        let charts = self.blocks().filter_map(Block::chart);
        charts.map(|chart| plain(&chart.alt)).collect()
    }

    pub(super) fn table(&self, code: &str) -> Option<&Table> {
        self.blocks().find_map(|block| match block {
            Block::Table(table) if table.code == code => Some(table),
            _ => None,
        })
    }

    /// A row of the table of five numbers: the usual below the number, and the deviation.
    pub(super) fn glance(&self, row: usize) -> (String, String) {
        let table = self.table("glance").expect("a letter has its numbers");
        let cells = &table.rows[row].cells;
        let under = cells[1].under.clone().unwrap_or_default();
        (plain(&under), plain(cells[2].shown()))
    }
}

pub(super) fn plain(text: &str) -> String {
    text.replace('\u{a0}', " ")
}

/// Strong evidence of a count against its usual.
pub(super) fn counts(code: Key, observed: f64, expected: f64) -> Evidence {
    let values = [
        ("observed", Value::Count(observed)),
        ("expected", Value::Count(expected)),
    ];
    Evidence::new(code, 9.0, values)
}
