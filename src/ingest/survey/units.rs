//! Units in the header of an amount, or in the lines above it, by which it is another one than it looks.

use crate::ingest::cells::unit;
use crate::ingest::detect::Layout;
use crate::ingest::format::{Format, Reading};
use crate::ingest::source::Head;
use crate::model::fault::Fault;

/// Refuses a file whose amounts are not of whole units of a currency: they would be wrong a thousandfold.
pub(super) fn check(
    format: &Format,
    layout: &Layout,
    head: &Head,
    file: &str,
) -> Result<(), Fault> {
    let rules = format.columns.iter().zip(&layout.feeds);
    let amounts = rules.filter(|(rule, _)| rule.read == Reading::Money);
    let cells: Vec<usize> = amounts.flat_map(|(_, cells)| cells).copied().collect();
    if cells.is_empty() {
        return Ok(());
    }
    let line = layout.first_line.saturating_sub(1).max(1);
    let names = cells.iter().map(|at| (line, layout.header[*at].clone()));
    let all = names.chain(lines_above(layout, head));
    for (line, text) in all {
        if let Some(unit) = unit(&text) {
            return Err(refusal(text.trim(), unit).at(format!("{file}:{line}")));
        }
    }
    Ok(())
}

/// What is said of amounts in other units than whole ones of a currency.
pub(super) fn refusal(text: &str, unit: &str) -> Fault {
    Fault::new(format!(
        "{text}: amounts in \"{unit}\" are not of whole units of a currency"
    ))
    .hint("export the amounts in roubles, dollars, …, not in thousands or hundredths of them")
}

/// The lines above the header, with their numbers: a report may say the unit in its title.
fn lines_above(layout: &Layout, head: &Head) -> Vec<(u32, String)> {
    let above = head.bytes.get(..layout.data_at).unwrap_or_default();
    let lines = above.split(|byte| *byte == b'\n');
    let texts = lines.map(|line| String::from_utf8_lossy(line).into_owned());
    let mut numbered: Vec<(u32, String)> = (1..).zip(texts).collect();
    // The header itself is looked at cell by cell: only some of its amounts are read.
    numbered.retain(|(line, _)| line + 1 < layout.first_line);
    numbered
}
