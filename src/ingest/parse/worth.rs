//! What the product of a row comes to: its price, so many times. It tells whether the amounts of rows that are one record
//! are those of their products, or that of the whole record each time.

use super::Extent;
use crate::ingest::cells::{self, trim};
use crate::ingest::detect::{Layout, same};
use crate::ingest::format::Format;
use crate::ingest::records::Chunk;
use crate::model::columns::NO_LONG;

/// Thousandths in one.
const MILLI: i128 = 1000;

/// Slots of price and quantity.
#[derive(Debug, Default)]
pub(super) struct Worth(Option<(usize, usize)>);

impl Worth {
    /// The cells of a file, price and quantity, when its format puts products together and it has both.
    pub(super) fn cells(format: &Format, layout: &Layout, extent: Extent) -> Option<[usize; 2]> {
        let group = format.group.as_ref().filter(|_| extent == Extent::Whole)?;
        let cell_of = |names: &[String]| {
            let mut cells = layout.header.iter();
            cells.position(|cell| names.iter().any(|name| same(name, cell)))
        };
        Some([cell_of(&group.price)?, cell_of(&group.quantity)?])
    }

    /// The same by the slots that the cells have.
    pub(super) fn in_slots(cells: Option<[usize; 2]>, slot_of: impl Fn(usize) -> usize) -> Self {
        Self(cells.map(|[price, quantity]| (slot_of(price), slot_of(quantity))))
    }

    /// What the rows of a chunk that are kept come to, minor units; nothing at all for a file without prices.
    pub(super) fn of_rows(
        &self,
        format: &Format,
        layout: &Layout,
        chunk: &Chunk,
        keep: &[bool],
    ) -> Vec<i64> {
        let Some((price, quantity)) = self.0 else {
            return Vec::new();
        };
        let summed = format.group.as_ref().and_then(|group| group.sum.first());
        let mut rules = format.columns.iter().zip(&layout.decimals);
        let amount = rules.find(|(rule, _)| Some(&rule.to) == summed);
        let decimal = amount.and_then(|(_, decimal)| *decimal);
        let mark = |cell| decimal.unwrap_or_else(|| cells::own_mark(cell));
        let worth = |row: usize| {
            let price = trim(chunk.cell(row, price));
            let price = cells::minor(price, mark(price))?;
            let quantity = trim(chunk.cell(row, quantity));
            let quantity = cells::milli(quantity, mark(quantity))?;
            let thousandths = i128::from(price) * i128::from(quantity);
            i64::try_from((thousandths + MILLI / 2).div_euclid(MILLI)).ok()
        };
        let kept = (0..chunk.rows.len()).filter(|row| keep[*row]);
        kept.map(|row| worth(row).unwrap_or(NO_LONG)).collect()
    }
}
