//! Cells of a sheet, which are given with their places, as rows.

use anyhow::Result;

use super::book::Place;
use super::grid::Grid;
use super::merged::Merged;
use crate::model::fault::Fault;

/// A spreadsheet program knows no row and no column beyond these; a file that names one is damaged or hostile.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: u32 = 16_384;

/// Cells on their way into rows.
pub(super) struct Rows<'g, 'a> {
    grid: &'g mut Grid<'a>,
    /// The row at hand, from 0.
    row: u32,
    /// The next column of it, from 0.
    column: u32,
    /// What stands in the cells that are merged with one above.
    merged: Merged,
}

impl<'g, 'a> Rows<'g, 'a> {
    /// Rows that go into a grid.
    pub(super) fn new(grid: &'g mut Grid<'a>, merged: Merged) -> Self {
        Self {
            grid,
            row: 0,
            column: 0,
            merged,
        }
    }

    /// Puts a text at its place; rows and cells between are empty.
    pub(super) fn put(&mut self, (row, column): Place, text: &str) -> Result<()> {
        let is_behind = (row, column) >= (self.row, self.column);
        if !is_behind || row >= MOST_ROWS || column >= MOST_COLUMNS {
            let fault = Fault::new(format!("row {}: the cells are in disorder", row + 1));
            return Err(fault
                .hint("open the file in a spreadsheet program and save it again")
                .into());
        }
        while self.row < row {
            self.end_row()?;
        }
        self.fill_to(column);
        self.merged.see((row, column), text);
        self.grid.cell(text);
        self.column += 1;
        Ok(())
    }

    /// Fills the cells before a column: with nothing, or with the text of the cell above that they are merged with.
    fn fill_to(&mut self, column: u32) {
        while self.column < column {
            let text = self.merged.text((self.row, self.column));
            self.grid.cell(text);
            self.column += 1;
        }
    }

    fn end_row(&mut self) -> Result<()> {
        // A row without any cell of its own is an empty one.
        if self.column > 0 {
            self.fill_to(self.merged.width(self.row));
        }
        self.row += 1;
        self.column = 0;
        Ok(self.grid.end_row()?)
    }

    /// Ends the last row.
    pub(super) fn end(mut self) -> Result<()> {
        if self.column > 0 {
            self.end_row()?;
        }
        Ok(())
    }
}
