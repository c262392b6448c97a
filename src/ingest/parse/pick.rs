//! Which cell of a row a rule reads, and which cells say "nothing".

use crate::ingest::cells;
use crate::ingest::detect::Layout;
use crate::ingest::format::ColumnRule;
use crate::ingest::records::Chunk;

/// Cells that mean "nothing" in any column of numbers or dates.
const DASHES: &[&[u8]] = &[
    b"-",
    b"--",
    "—".as_bytes(),
    "–".as_bytes(),
    "не определено".as_bytes(),
    "Не определено".as_bytes(),
    "(not set)".as_bytes(),
];
/// No text of [`DASHES`] has more bytes: longer cells are compared with none.
const LONGEST_DASH: usize = 30;

/// Whether a cell means "nothing" where a number, a date or a flag is expected.
pub(super) fn is_dash(cell: &[u8]) -> bool {
    cell.len() <= LONGEST_DASH && DASHES.contains(&cell)
}

/// The first cell of those present that is not empty, else the rule's constant, else a date of the preamble.
pub(super) fn pick<'c>(
    rule: &'c ColumnRule,
    layout: &'c Layout,
    slots: &[usize],
    chunk: &'c Chunk,
    row: usize,
) -> &'c [u8] {
    for slot in slots {
        let cell = cells::trim(chunk.cell(row, *slot));
        if !cell.is_empty() {
            return cell;
        }
    }
    match &rule.constant {
        Some(constant) => constant.as_bytes(),
        None => preamble_date(rule, layout),
    }
}

/// The name of the date of the preamble that a rule falls back to.
pub(super) fn preamble_name(rule: &ColumnRule) -> Option<&str> {
    let mut names = rule.from.iter().map(String::as_str);
    names.find(|name| name.starts_with('@'))
}

fn preamble_date<'c>(rule: &ColumnRule, layout: &'c Layout) -> &'c [u8] {
    let Some((from, to)) = layout.period.as_ref() else {
        return b"";
    };
    match preamble_name(rule) {
        Some("@period_from") => from.as_bytes(),
        Some("@period_to") => to.as_bytes(),
        _ => b"",
    }
}
