//! Attributes of rows: the cells that a format names beside the columns of its table, gathered into one text.

use super::pick::{is_dash, part, pick, translate};
use super::slots::Slots;
use crate::ingest::cells;
use crate::ingest::detect::Layout;
use crate::ingest::format::{ColumnRule, Format, Reading};
use crate::ingest::records::Chunk;
use crate::model::attributes::{self, AttributeName};
use crate::model::columns::{Dictionary, NO_TEXT, Values};
use crate::model::placeholder::is_placeholder;

/// The cells of one attribute.
struct Source<'a> {
    name: AttributeName,
    rule: &'a ColumnRule,
    slots: &'a [usize],
}

/// Fills the column of attributes of every row of a chunk; what says "nothing" is no attribute.
pub(super) fn fill(
    format: &Format,
    layout: &Layout,
    slots: &Slots,
    chunk: &Chunk,
    into: &mut Values,
    dictionary: &mut Dictionary,
) {
    let sources = sources(format, slots);
    let Values::Text(codes) = into else { return };
    if sources.is_empty() {
        codes.resize(codes.len() + chunk.rows.len(), NO_TEXT);
        return;
    }
    // One text for all rows, so that no row allocates.
    let mut text = Vec::new();
    for row in 0..chunk.rows.len() {
        text.clear();
        for source in &sources {
            source.add(layout, chunk, row, &mut text);
        }
        codes.push(dictionary.code(&text).unwrap_or(NO_TEXT));
    }
}

/// The attributes that the file has cells for, in the order of their names.
fn sources<'a>(format: &'a Format, slots: &'a Slots) -> Vec<Source<'a>> {
    let rules = format.columns.iter().zip(&slots.rules);
    let mut sources: Vec<Source<'a>> = rules
        .filter_map(|(rule, slots)| {
            let name = AttributeName::of_column(&rule.to)?;
            let is_told = !slots.is_empty() || rule.constant.is_some();
            is_told.then_some(Source { name, rule, slots })
        })
        .collect();
    sources.sort_by_key(|source| source.name);
    sources
}

impl Source<'_> {
    fn add(&self, layout: &Layout, chunk: &Chunk, row: usize, text: &mut Vec<u8>) {
        let cell = part(
            self.rule,
            pick(self.rule, is_placeholder, layout, self.slots, chunk, row),
        );
        let value = translate(self.rule, cell);
        let bytes = value.as_bytes();
        // Variants may be numbered from zero, so that zeros name one.
        let is_placeholder = is_placeholder(bytes) && !bytes.contains(&b'0');
        if value.is_empty() || cells::is_null(bytes) || is_dash(bytes) || is_placeholder {
            return;
        }
        match self.rule.read {
            Reading::Lower => attributes::add(text, self.name, value.to_lowercase().as_bytes()),
            _ => attributes::add(text, self.name, bytes),
        }
    }
}
