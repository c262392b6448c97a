//! Which cells of a row are kept, and what each of them is read for.

use super::labels::{self, Labels};
use super::tags::TagCells;
use super::worth::Worth;
use crate::ingest::detect::{Layout, same};
use crate::ingest::format::{ColumnRule, Format};
use crate::model::tables::{ColumnKind, TableSchema};

/// Which columns of a table are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of them.
    Whole,
    /// Those that tell how new a row is; the others stay absent.
    Moments,
}

impl Extent {
    /// Whether a column of a table is read.
    pub fn has(self, table: &TableSchema, column: &str) -> bool {
        let dates_rows = column == table.time.unwrap_or(table.day);
        let is_time = |at: usize| table.fields[at].kind == ColumnKind::Time;
        // Whether what a row says has happened stands in its status.
        let says_when = dates_rows || Some(column) == table.version || column == "status";
        self == Self::Whole || says_when || table.position(column).is_some_and(is_time)
    }
}

/// Slots of a chunk, by what they are read for.
pub struct Slots {
    /// The cells of a row that are read, in slot order.
    pub cells: Vec<usize>,
    /// For each column rule those that feed it.
    pub(super) rules: Vec<Vec<usize>>,
    /// For each column rule the slot of its time of day, where that stands apart from the date.
    pub(super) clocks: Vec<Option<usize>>,
    /// For each column rule the slot of the half of the day, where that stands apart from the hours.
    pub(super) halves: Vec<Option<usize>>,
    /// Those that tell where a visitor came from, where no tag does.
    pub(super) tags: TagCells,
    /// Price and quantity of a product.
    pub(super) worth: Worth,
    /// The one that says whether a visit is a robot's.
    pub(super) robot: Option<usize>,
    /// The one that says whose the row is.
    pub(super) account: Option<usize>,
    /// Columns of words that no rule reads.
    pub(super) labels: Labels,
}

impl Slots {
    /// What is read of the rows of a file.
    pub fn of(format: &Format, layout: &Layout, table: &TableSchema, extent: Extent) -> Self {
        let tags = match extent {
            Extent::Whole => TagCells::of(format, layout),
            Extent::Moments => TagCells::default(),
        };
        let is_read = |rule: &ColumnRule| extent.has(table, &rule.to);
        let (mut feeds, mut clocks) = (layout.feeds.clone(), layout.clocks.clone());
        let mut halves = layout.halves.clone();
        for (at, rule) in format.columns.iter().enumerate() {
            if !is_read(rule) {
                feeds[at].clear();
                clocks[at] = None;
                halves[at] = None;
            }
        }
        let apart = clocks.iter().chain(&halves).flatten().copied();
        let labels = labels::cells(layout, table, extent);
        let worth = Worth::cells(format, layout, extent);
        let robot = cell_called(&format.rows.robots, layout);
        let account = cell_called(&format.rows.accounts, layout);
        let besides = tags.cells().chain(apart).chain(labels.iter().copied());
        let besides = besides
            .chain(worth.into_iter().flatten())
            .chain(robot)
            .chain(account);
        let (cells, rules) = in_slots(&feeds, besides);
        let clock_slot = |cell: &Option<usize>| cell.map(|cell| slot_of(&cells, cell));
        Self {
            rules,
            clocks: clocks.iter().map(clock_slot).collect(),
            halves: halves.iter().map(clock_slot).collect(),
            tags: tags.in_slots(|cell| slot_of(&cells, *cell)),
            worth: Worth::in_slots(worth, |cell| slot_of(&cells, cell)),
            robot: robot.map(|cell| slot_of(&cells, cell)),
            account: account.map(|cell| slot_of(&cells, cell)),
            labels: {
                let slots = labels.iter().map(|cell| slot_of(&cells, *cell));
                Labels::new(layout, &labels, slots.collect())
            },
            cells,
        }
    }
}

/// The first cell that has one of these names.
fn cell_called(names: &[String], layout: &Layout) -> Option<usize> {
    let mut cells = layout.header.iter();
    cells.position(|cell| names.iter().any(|name| same(name, cell)))
}

/// The cells that any of the rules reads, in slot order, and for each rule its slots; `feeds` are the cells of each rule.
pub fn rule_cells(feeds: &[Vec<usize>]) -> (Vec<usize>, Vec<Vec<usize>>) {
    in_slots(feeds, std::iter::empty())
}

fn slot_of(wanted: &[usize], cell: usize) -> usize {
    let slot = wanted.binary_search(&cell);
    slot.expect("every fed cell is wanted")
}

/// The same with more cells that are read beside those of rules.
fn in_slots(
    feeds: &[Vec<usize>],
    more: impl Iterator<Item = usize>,
) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut wanted: Vec<usize> = feeds.iter().flatten().copied().collect();
    wanted.extend(more);
    wanted.sort_unstable();
    // Two rules may read one cell: it is kept once.
    wanted.dedup();
    let mut slots: Vec<Vec<usize>> = Vec::with_capacity(feeds.len());
    for cells in feeds {
        let cells = cells.iter().map(|cell| slot_of(&wanted, *cell));
        slots.push(cells.collect());
    }
    (wanted, slots)
}
