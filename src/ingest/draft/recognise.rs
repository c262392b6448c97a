//! How a drafted format knows its file.

use std::fmt::Write;

use super::guess::Guess;
use super::shape::Shape;
use super::sheet::{Column, Sheet};
use super::text::{Rule, name_of, quoted};
use crate::ingest::cells::DateOrder;
use crate::model::tables::Replace;

/// Columns by which a drafted format is recognised. A judgement: enough to tell a file, few enough to outlive its changes.
const HEADER_CELLS: usize = 4;

/// The part of the format that says so.
pub(super) fn text(guess: &Guess, sheet: &Sheet, rules: &[Rule]) -> String {
    if !sheet.has_header {
        return recognise_by_cells(sheet);
    }
    let mut telling: Vec<usize> = rules.iter().filter_map(|rule| rule.from).collect();
    telling.sort_unstable();
    telling.dedup();
    // Columns that nothing is read from tell the file as well as any.
    let others = (0..sheet.columns.len()).filter(|at| !telling.contains(at));
    let cells: Vec<usize> = telling.iter().copied().chain(others).collect();
    let names = cells.into_iter().map(|at| name_of(sheet, at));
    let names: Vec<String> = names
        .filter(|name| !name.is_empty())
        .take(HEADER_CELLS)
        .collect();
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    let mut text = format!("\n[recognise]\nheader = [{}]\n", names.join(", "));
    if guess.table.schema().replace == Replace::Group {
        text.push_str(&passed_over(sheet, &telling));
    }
    text
}

/// The columns of words that are left unread in a table that is added up: the program asks whether they may be.
fn passed_over(sheet: &Sheet, read: &[usize]) -> String {
    let is_words =
        |column: &Column| matches!(column.shape, Shape::Text | Shape::Address | Shape::Email);
    let left =
        (0..sheet.columns.len()).filter(|at| !read.contains(at) && is_words(&sheet.columns[*at]));
    let names: Vec<String> = left.map(|at| quoted(&name_of(sheet, at))).collect();
    if names.is_empty() {
        return String::new();
    }
    format!(
        "# look: these columns are left out: do the rows that they tell apart add up, each once?\npassed_over = [{}]\n",
        names.join(", ")
    )
}

/// Without a header a file is known by how its cells look.
fn recognise_by_cells(sheet: &Sheet) -> String {
    let names: Vec<String> = (0..sheet.columns.len())
        .map(|at| quoted(&name_of(sheet, at)))
        .collect();
    let mut text = format!(
        "\n# look: the file has no header; name its cells as you like\n[recognise]\nmin_cells = {}\nnames = [{}]\n\n[recognise.cells]\n",
        sheet.columns.len(),
        names.join(", ")
    );
    for (at, column) in sheet.columns.iter().enumerate() {
        if let Some(pattern) = pattern(column.shape) {
            let _ = writeln!(text, "{at} = '{pattern}'");
        }
    }
    text
}

/// What every cell of a column looks like, where that tells anything.
fn pattern(shape: Shape) -> Option<&'static str> {
    match shape {
        Shape::Date {
            order: DateOrder::Unix,
            ..
        } => Some(r"^\d{10}"),
        Shape::Date { .. } => Some(r"^\d{1,4}[./-]?\d{1,2}[./-]?\d{1,4}"),
        Shape::Duration => Some(r"^\d+:\d\d"),
        Shape::Count => Some(r"^\d*$"),
        Shape::Phone => Some(r"^[\d\s()+-]*$"),
        Shape::Empty
        | Shape::Email
        | Shape::Address
        | Shape::Amount
        | Shape::Flag
        | Shape::Text => None,
    }
}
