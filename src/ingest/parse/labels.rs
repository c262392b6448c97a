//! Columns of words that no rule reads. They may tell on which level a row stands: a campaign's row has no ad.

use super::Extent;
use crate::ingest::cells::trim;
use crate::ingest::detect::Layout;
use crate::ingest::records::Chunk;
use crate::model::columns::{Dictionary, NO_TEXT};
use crate::model::tables::{Replace, TableSchema};

/// Labels that are kept of a file. A judgement: no report has more levels.
const MOST_LABELS: usize = 12;

/// Beginnings of the names of columns that say something of a row, and not what it is of.
const REMARKS: &[&str] = &[
    "коммент",
    "примеч",
    "заметк",
    "ответствен",
    "статус",
    "состояни",
    "ссылк",
    "comment",
    "note",
    "remark",
    "status",
    "state",
    "url",
    "link",
    "owner",
];

/// What the unread columns of a file hold, as codes.
pub struct Labels {
    /// Their names in the header.
    pub names: Vec<String>,
    /// Slots of the chunk, label by label.
    slots: Vec<usize>,
    /// Texts, label by label.
    pub texts: Vec<Dictionary>,
}

/// The cells of a file that may be labels; of tables that are added up only.
pub(super) fn cells(layout: &Layout, table: &TableSchema, extent: Extent) -> Vec<usize> {
    if table.replace != Replace::Group || extent != Extent::Whole || !layout.has_header {
        return Vec::new();
    }
    let is_read = |cell: &usize| {
        let mut read = layout
            .feeds
            .iter()
            .flatten()
            .chain(layout.clocks.iter().flatten());
        read.any(|read| read == cell)
    };
    let may_tell = |cell: &usize| {
        let name = layout.header[*cell].to_lowercase();
        !name.is_empty() && !REMARKS.iter().any(|remark| name.starts_with(remark))
    };
    let cells = 0..layout.header.len();
    cells
        .filter(|cell| !is_read(cell) && may_tell(cell))
        .take(MOST_LABELS)
        .collect()
}

impl Labels {
    /// For the cells of a file, and the slots that they have.
    pub(super) fn new(layout: &Layout, cells: &[usize], slots: Vec<usize>) -> Self {
        Self {
            names: cells
                .iter()
                .map(|cell| layout.header[*cell].clone())
                .collect(),
            texts: slots.iter().map(|_| Dictionary::default()).collect(),
            slots,
        }
    }

    /// The codes of some rows of a chunk, label by label.
    pub(super) fn codes(&mut self, chunk: &Chunk, keep: &[bool]) -> Vec<Vec<u32>> {
        let labels = self.slots.iter().zip(&mut self.texts);
        let codes = labels.map(|(slot, texts)| {
            let kept = (0..chunk.rows.len()).filter(|row| keep[*row]);
            let cells = kept.map(|row| trim(chunk.cell(row, *slot)));
            cells
                .map(|cell| texts.code(cell).unwrap_or(NO_TEXT))
                .collect()
        });
        codes.collect()
    }
}
