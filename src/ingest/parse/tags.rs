//! Tags of rows that have none in their own columns: from the query of their address, or from a click id that the CRM keeps.

use crate::ingest::cells::{AddressTags, ClickId, tags_of_address};
use crate::ingest::detect::Layout;
use crate::ingest::format::{Format, Reading};
use crate::ingest::records::Chunk;
use crate::model::columns::{Columns, Dictionary, NO_TEXT, Values};
use crate::model::placeholder::is_placeholder;
use crate::model::tables::TableSchema;

/// The tags that an address may fill.
const TAGS: [&str; 3] = ["utm_source", "utm_medium", "utm_campaign"];

/// What analytics says of a visit by itself: with either, an address has nothing to add.
const OWN_WORDS: [&str; 2] = ["traffic_type", "engine"];

/// Cells of a file that tell where a visitor came from, beside those of the tags.
#[derive(Debug, Default)]
pub struct TagCells {
    /// Cells that hold addresses.
    addresses: Vec<usize>,
    /// Cells that hold click ids.
    clicks: Vec<(usize, &'static ClickId)>,
}

impl TagCells {
    /// The cells of a file; none in a table without tags, and where the analytics tells more.
    pub fn of(format: &Format, layout: &Layout) -> Self {
        let fed = format.columns.iter().zip(&layout.feeds);
        let is_fed = |name: &str| {
            fed.clone()
                .any(|(rule, cells)| rule.to == name && !cells.is_empty())
        };
        let has_tags = format.adapter.is_none() && format.table().position(TAGS[0]).is_some();
        if !has_tags || OWN_WORDS.into_iter().any(is_fed) || format.table().name == "traffic_daily"
        {
            return Self::default();
        }
        let is_address = |reading: Reading| matches!(reading, Reading::Page | Reading::Host);
        let of_addresses = fed.filter(|(rule, _)| is_address(rule.read));
        let names = layout.header.iter().enumerate();
        Self {
            addresses: of_addresses.flat_map(|(_, cells)| cells).copied().collect(),
            clicks: names
                .filter_map(|(cell, name)| Some((cell, ClickId::named(name)?)))
                .collect(),
        }
    }

    /// The cells, in no order.
    pub fn cells(&self) -> impl Iterator<Item = usize> {
        let clicks = self.clicks.iter().map(|(cell, _)| *cell);
        self.addresses.iter().copied().chain(clicks)
    }

    /// The same, with the slots of a chunk in place of the cells of a row.
    pub fn in_slots(mut self, slot_of: impl Fn(&usize) -> usize) -> Self {
        for cell in &mut self.addresses {
            *cell = slot_of(cell);
        }
        for (cell, _) in &mut self.clicks {
            *cell = slot_of(cell);
        }
        self
    }

    /// Fills the tags of the rows that have none.
    pub fn fill(&self, chunk: &Chunk, columns: &mut Columns, dictionaries: &mut [Dictionary]) {
        if self.addresses.is_empty() && self.clicks.is_empty() {
            return;
        }
        let places = TAGS.map(|name| columns.table.position(name));
        for row in 0..chunk.rows.len() {
            let has_tag = places
                .iter()
                .flatten()
                .any(|at| !columns.values[*at].is_absent(row));
            if has_tag {
                continue;
            }
            let Some(tags) = self.of_row(chunk, row) else {
                continue;
            };
            for (place, text) in places
                .iter()
                .zip([&tags.source, &tags.medium, &tags.campaign])
            {
                let Some(at) = *place else { continue };
                set(
                    &mut columns.values[at],
                    row,
                    dictionaries[at].code(text.as_bytes()),
                );
            }
        }
    }

    /// What the addresses of a row say, the preferred one first, else its click ids.
    fn of_row(&self, chunk: &Chunk, row: usize) -> Option<AddressTags> {
        let cell = |slot: usize| chunk.cell(row, slot).trim_ascii();
        let of_address = |slot: &usize| tags_of_address(std::str::from_utf8(cell(*slot)).ok()?);
        let is_filled = |slot: usize| !cell(slot).is_empty() && !is_placeholder(cell(slot));
        let of_click = || self.clicks.iter().find(|(slot, _)| is_filled(*slot));
        let of_addresses = self.addresses.iter().find_map(of_address);
        of_addresses.or_else(|| of_click().map(|(_, id)| id.tags()))
    }
}

fn set(values: &mut Values, row: usize, code: Option<u32>) {
    if let Values::Text(codes) = values {
        codes[row] = code.unwrap_or(NO_TEXT);
    }
}

/// Whether a column of a table holds an advertising tag.
pub fn is_tag(table: &TableSchema, column: &str) -> bool {
    column.starts_with("utm_") && table.position(column).is_some()
}
