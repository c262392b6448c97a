//! Whose the rows of a file are, where a cell of each says so: of which counter, of which account.

use std::collections::BTreeSet;

use crate::ingest::cells;
use crate::ingest::records::Chunk;

/// More than these say nothing more.
const MOST: usize = 5;

/// The accounts of the rows that are kept; none in a file that does not tell.
pub(super) fn of_rows(slot: Option<usize>, chunk: &Chunk, keep: &[bool]) -> BTreeSet<String> {
    let mut accounts = BTreeSet::new();
    let Some(slot) = slot else {
        return accounts;
    };
    let mut last: &[u8] = b"";
    for row in (0..chunk.rows.len()).filter(|row| keep[*row]) {
        let cell = cells::trim(chunk.cell(row, slot));
        // Rows of one account follow one another, as a rule.
        if cell != last && !cell.is_empty() && accounts.len() < MOST {
            accounts.insert(String::from_utf8_lossy(cell).into_owned());
        }
        last = cell;
    }
    accounts
}
