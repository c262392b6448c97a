//! What is said of a file: what it is, where its cells go, what its rows come to.

use std::io;

use crate::cli::console::{self, print};
use crate::cli::exit::Outcome;
use crate::ingest::detect::Layout;
use crate::ingest::format::Format;
use crate::ingest::inspect::{Inspection, Shown};
use crate::ingest::source::GRID;

/// Rejects shown per file.
const REJECTS: usize = 10;

/// Says all of a file; what the command ends with, where that is not well.
pub(super) fn tell(inspection: &Inspection, formats: &[Format]) -> io::Result<Option<Outcome>> {
    let layout = match &inspection.layout {
        Ok(layout) => layout,
        Err(error) => {
            console::error(error);
            return Ok(Some(Outcome::Exports));
        }
    };
    let format = &formats[layout.format];
    print(&format!(
        "{}: {} → {} (format {})",
        inspection.source.label, format.title, format.table, format.name
    ))?;
    bytes(inspection, layout)?;
    columns(format, layout)?;
    for note in &layout.notes {
        print(&format!("  {note}"))?;
    }
    rows(inspection)
}

/// How the file is written, and of which days its rows are.
fn bytes(inspection: &Inspection, layout: &Layout) -> io::Result<()> {
    let delimiter = match layout.dialect.delimiter {
        b'\t' => ", delimiter tab".to_owned(),
        _ if layout.dialect == GRID => String::new(),
        other => format!(", delimiter \"{}\"", char::from(other)),
    };
    print(&format!(
        "  {}{delimiter}, data from line {}",
        inspection.encoding, layout.first_line
    ))?;
    if let Some((from, to)) = &layout.period {
        print(&format!("  period of the whole report: {from} to {to}"))?;
    }
    if let Some((from, to)) = inspection.shown.span {
        print(&format!("  days: {from} to {to}"))?;
    }
    Ok(())
}

/// Where each cell goes, what the format says by itself, and what is left on both sides.
fn columns(format: &Format, layout: &Layout) -> io::Result<()> {
    let mut lacking = Vec::new();
    let rules = format.columns.iter().zip(&layout.feeds);
    for ((rule, cells), clock) in rules.zip(&layout.clocks) {
        let name = |cell: &usize| layout.header[*cell].as_str();
        let names: Vec<&str> = cells.iter().map(name).collect();
        let clock = clock.map_or_else(String::new, |cell| format!(" + {}", name(&cell)));
        match &rule.constant {
            _ if !names.is_empty() => {
                print(&format!("  {} ← {}{clock}", rule.to, names.join(" | ")))?;
            }
            Some(constant) => print(&format!("  {} = {constant}, always", rule.to))?,
            None => lacking.push(rule.to.as_str()),
        }
    }
    // Another rule may fill the column, and the pipeline's rules fill that of spam.
    lacking.retain(|column| *column != "spam" && !is_read(format, layout, column));
    lacking.dedup();
    if !lacking.is_empty() {
        print(&format!("  not in the file: {}", lacking.join(", ")))?;
    }
    if !layout.unused.is_empty() {
        print(&format!("  not read: {}", layout.unused.join(", ")))?;
    }
    Ok(())
}

/// Whether any rule of a column has something to read.
fn is_read(format: &Format, layout: &Layout, column: &str) -> bool {
    let mut rules = format.columns.iter().zip(&layout.feeds);
    rules.any(|(rule, cells)| rule.to == column && (!cells.is_empty() || rule.constant.is_some()))
}

fn rows(inspection: &Inspection) -> io::Result<Option<Outcome>> {
    let Some(outcome) = &inspection.outcome else {
        return Ok(None);
    };
    let rejected = outcome.rejects.len() as u64;
    print(&format!(
        "  rows: {} read, {rejected} would be rejected, {} totals, headers or blank rows passed over",
        outcome.read, outcome.skipped
    ))?;
    for line in &inspection.account {
        print(&format!("  {line}"))?;
    }
    for doubt in outcome.doubts.iter().chain(&outcome.remarks) {
        print(&format!("  {doubt}"))?;
    }
    for cells in outcome.nameless.cells() {
        print(&format!("  {cells}"))?;
    }
    for reject in outcome.rejects.iter().take(REJECTS) {
        print(&format!("  {reject}"))?;
    }
    stored(&inspection.shown)?;
    Ok((rejected > 0 && rejected == outcome.read).then_some(Outcome::Exports))
}

/// The first rows as they would be stored.
fn stored(shown: &Shown) -> io::Result<()> {
    for row in &shown.rows {
        let cells = row
            .iter()
            .map(|(column, value)| format!("{column} {value}"));
        let cells: Vec<String> = cells.collect();
        print(&format!("  stored as: {}", cells.join(", ")))?;
    }
    Ok(())
}
