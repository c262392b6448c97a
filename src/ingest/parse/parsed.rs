//! What parsing a chunk comes to.

use std::collections::BTreeSet;

use super::breach::Breach;
use super::tally::Tally;
use crate::ingest::nameless::Nameless;
use crate::ingest::reject::Reject;
use crate::model::columns::Columns;

/// Rows of one chunk as typed columns, with what was left out of them.
pub struct Parsed {
    /// The rows.
    pub columns: Columns,
    /// Line of each row.
    pub lines: Vec<u32>,
    /// For each row the codes of its labels, label by label; of tables that are added up only.
    pub labels: Vec<Vec<u32>>,
    /// Positions of the rows that the file marks as totals of its only period.
    pub totals: Vec<usize>,
    /// Hash of each row's bytes; empty unless the format puts several rows together.
    pub hashes: Vec<u64>,
    /// What the product of each row comes to, minor units; empty for a file without prices.
    pub worth: Vec<i64>,
    /// Rows that did not fit.
    pub rejects: Vec<Reject>,
    /// Data rows read: kept here plus rejected.
    pub read: u64,
    /// Totals, repeated headers and blank rows, which are no data.
    pub skipped: u64,
    /// Messages and faxes among calls.
    pub messages: u64,
    /// Visits of robots.
    pub robots: u64,
    /// Requests by which somebody has tried a form; they are kept as spam.
    pub trials: u64,
    /// What the cells show of the file as a whole.
    pub tally: Tally,
    /// Cells that name nobody, where a person was expected.
    pub nameless: Nameless,
    /// Where the file stops being what it began as.
    pub breach: Option<Breach>,
    /// The first line on which the header stands again.
    pub repeated: Option<u32>,
    /// Whose the rows are, where each says so.
    pub accounts: BTreeSet<String>,
    /// Lines of the rejected rows that hold words and nothing else.
    pub notes: Vec<u32>,
    /// Of a table that is added up, the rejected rows that have no day: one of them may be the sum of all others.
    pub undated: Columns,
    /// For each of these its position among the rejects.
    pub undated_rejects: Vec<usize>,
}

impl Parsed {
    /// Rows that are typed already, and were counted.
    pub fn of_columns(columns: Columns) -> Self {
        Self {
            undated: Columns::empty(columns.table),
            columns,
            lines: Vec::new(),
            labels: Vec::new(),
            totals: Vec::new(),
            hashes: Vec::new(),
            worth: Vec::new(),
            rejects: Vec::new(),
            read: 0,
            skipped: 0,
            messages: 0,
            robots: 0,
            trials: 0,
            tally: Tally::default(),
            nameless: Nameless::default(),
            breach: None,
            repeated: None,
            accounts: BTreeSet::new(),
            notes: Vec::new(),
            undated_rejects: Vec::new(),
        }
    }
}
