//! Tags of rows that have none in their own columns: from the columns of the same names that a CRM keeps of the person, from
//! the query of their address, or from a click id that the CRM keeps.

use crate::ingest::cells::{self, AddressTags, ClickId, TagUse, tags_of_address};
use crate::ingest::detect::{Layout, same};
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
    /// Cells that have the names of the tags' own ones: amoCRM writes the tags of the contact before those of the deal.
    twins: [Option<usize>; TAGS.len()],
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
            twins: TAGS.map(|tag| twin(tag, format, layout)),
            addresses: of_addresses.flat_map(|(_, cells)| cells).copied().collect(),
            clicks: names
                .filter_map(|(cell, name)| Some((cell, ClickId::named(name)?)))
                .collect(),
        }
    }

    /// The cells, in no order.
    pub fn cells(&self) -> impl Iterator<Item = usize> {
        let clicks = self.clicks.iter().map(|(cell, _)| *cell);
        let twins = self.twins.iter().flatten().copied();
        self.addresses.iter().copied().chain(clicks).chain(twins)
    }

    /// The same, with the slots of a chunk in place of the cells of a row.
    pub fn in_slots(mut self, slot_of: impl Fn(&usize) -> usize) -> Self {
        for cell in self
            .addresses
            .iter_mut()
            .chain(self.twins.iter_mut().flatten())
        {
            *cell = slot_of(cell);
        }
        for (cell, _) in &mut self.clicks {
            *cell = slot_of(cell);
        }
        self
    }

    /// Fills the tags of the rows that have none.
    pub fn fill(&self, chunk: &Chunk, columns: &mut Columns, dictionaries: &mut [Dictionary]) {
        if self.cells().next().is_none() {
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

    /// What the other columns of tags say, else the addresses of the row, the preferred one first, else its click ids.
    fn of_row(&self, chunk: &Chunk, row: usize) -> Option<AddressTags> {
        let cell = |slot: usize| cells::trim(chunk.cell(row, slot));
        let of_address = |slot: &usize| tags_of_address(std::str::from_utf8(cell(*slot)).ok()?);
        let is_filled = |slot: usize| !cell(slot).is_empty() && !is_placeholder(cell(slot));
        let of_click = || self.clicks.iter().find(|(slot, _)| is_filled(*slot));
        self.of_twins(cell)
            .or_else(|| self.addresses.iter().find_map(of_address))
            .or_else(|| of_click().map(|(_, id)| id.tags()))
    }

    /// All tags of one block: those of two visits must not be mixed.
    fn of_twins<'c>(&self, cell: impl Fn(usize) -> &'c [u8]) -> Option<AddressTags> {
        let text = |slot: &Option<usize>| {
            let text = slot.and_then(|slot| std::str::from_utf8(cell(slot)).ok());
            cells::tag(text.unwrap_or_default(), TagUse::Contact).to_lowercase()
        };
        let [source, medium, campaign] = [0, 1, 2].map(|at| text(&self.twins[at]));
        let says_something = !(source.is_empty() && medium.is_empty() && campaign.is_empty());
        says_something.then_some(AddressTags {
            source,
            medium,
            campaign,
        })
    }
}

/// The first cell that a tag's rule may read and does not.
fn twin(tag: &str, format: &Format, layout: &Layout) -> Option<usize> {
    let at = format.columns.iter().position(|rule| rule.to == tag)?;
    let is_own = |cell: &usize| layout.feeds[at].contains(cell);
    let is_named = |cell: &usize| {
        let mut names = format.columns[at].from.iter();
        names.any(|name| same(name, &layout.header[*cell]))
    };
    (0..layout.header.len()).find(|cell| is_named(cell) && !is_own(cell))
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
