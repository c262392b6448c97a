//! Which cells of a row are kept, and what each of them is read for.

use super::tags::TagCells;
use crate::ingest::detect::Layout;
use crate::ingest::format::Format;

/// Slots of a chunk, by what they are read for.
pub struct Slots {
    /// For each column rule those that feed it.
    pub(super) rules: Vec<Vec<usize>>,
    /// For each column rule the slot of its time of day, where that stands apart from the date.
    pub(super) clocks: Vec<Option<usize>>,
    /// Those that tell where a visitor came from, where no tag does.
    pub(super) tags: TagCells,
}

/// The cells that are read, in slot order, and what each slot is read for.
pub fn wanted_cells(format: &Format, layout: &Layout) -> (Vec<usize>, Slots) {
    let tags = TagCells::of(format, layout);
    let apart = layout.clocks.iter().flatten().copied();
    let (wanted, rules) = in_slots(&layout.feeds, tags.cells().chain(apart));
    let tags = tags.in_slots(|cell| slot_of(&wanted, *cell));
    let clocks = layout.clocks.iter();
    let clocks = clocks.map(|cell| Some(slot_of(&wanted, (*cell)?)));
    let clocks = clocks.collect();
    let slots = Slots {
        rules,
        clocks,
        tags,
    };
    (wanted, slots)
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
