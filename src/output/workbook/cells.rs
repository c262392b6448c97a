//! Columns of a sheet and what stands in their cells.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use crate::config::words;
use crate::digest::blocks::{Arrow, Cell, Row, Table, Unit, Value};
use crate::digest::language::Strings;

/// What of a cell a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Aspect {
    Value,
    Interval,
    Word,
    Under,
}

/// A column of a sheet: of which cell (0 is the row's name), and what of it.
pub(super) struct SheetColumn {
    pub(super) title: String,
    pub(super) cell: usize,
    pub(super) aspect: Aspect,
}

/// A cell of a row: 0 is the row's name.
pub(super) fn cell_of(row: &Row, at: usize) -> Option<&Cell> {
    if at == 0 {
        Some(&row.head)
    } else {
        row.cells.get(at - 1)
    }
}

/// The columns of a sheet: each of the table's, and beside it what its cells say more.
pub(super) fn columns(table: &Table, strings: &Strings) -> Vec<SheetColumn> {
    let mut columns = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let has = |aspect| {
            table
                .rows
                .iter()
                .filter_map(|row| cell_of(row, at))
                .any(|cell| said(cell, aspect).is_some())
        };
        columns.push(SheetColumn {
            title: column.title.clone(),
            cell: at,
            aspect: Aspect::Value,
        });
        for (aspect, key) in [
            (Aspect::Interval, words::workbook::INTERVAL),
            (Aspect::Word, words::workbook::WORD),
            (Aspect::Under, words::workbook::BASE),
        ] {
            if has(aspect) {
                let title = format!("{}: {}", column.title, strings.raw(key));
                columns.push(SheetColumn {
                    title,
                    cell: at,
                    aspect,
                });
            }
        }
    }
    columns
}

/// What a cell says beside its value.
fn said(cell: &Cell, aspect: Aspect) -> Option<String> {
    let arrow = cell.arrow.map(Arrow::glyph);
    match aspect {
        Aspect::Value => None,
        Aspect::Interval => cell.interval.clone(),
        Aspect::Word => match (arrow, &cell.word) {
            (None, word) => word.clone(),
            (Some(arrow), None) => Some(arrow.to_owned()),
            (Some(arrow), Some(word)) => Some(format!("{arrow} {word}")),
        },
        Aspect::Under => cell.under.clone(),
    }
}

/// Text is always written as text: nothing that came from an export can become a formula.
pub(super) fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    aspect: Aspect,
    is_total: bool,
    currency: &str,
) -> Result<(), XlsxError> {
    let format = if is_total {
        Format::new().set_bold()
    } else {
        Format::new()
    };
    if aspect != Aspect::Value {
        return match said(cell, aspect) {
            Some(text) => sheet
                .write_string_with_format(row, column, text, &format)
                .map(drop),
            None => Ok(()),
        };
    }
    match &cell.value {
        Value::Number { value, unit, shown } | Value::Change { value, unit, shown }
            if value.is_finite() =>
        {
            let is_change = matches!(cell.value, Value::Change { .. });
            // A percentage as Excel keeps it is a share of 1.
            let value = if *unit == Unit::Percent {
                value / 100.0
            } else {
                *value
            };
            let format =
                format.set_num_format(number_format(*unit, is_change, decimals(shown), currency));
            sheet
                .write_number_with_format(row, column, value, &format)
                .map(drop)
        }
        _ => sheet
            .write_string_with_format(row, column, cell.shown(), &format)
            .map(drop),
    }
}

/// Digits after the mark of a number as it is shown.
pub(super) fn decimals(shown: &str) -> usize {
    let number: String = shown
        .chars()
        .take_while(|symbol| !symbol.is_alphabetic() && *symbol != '%')
        .collect();
    let Some(mark) = number.rfind(['.', ',']) else {
        return 0;
    };
    let digits = number[mark + 1..]
        .chars()
        .take_while(char::is_ascii_digit)
        .count();
    // Three digits after a comma are thousands in English; nothing is shown with three decimals.
    if digits == 3 { 0 } else { digits }
}

/// The format in which Excel shows a number of a unit.
pub(super) fn number_format(
    unit: Unit,
    is_change: bool,
    decimals: usize,
    currency: &str,
) -> String {
    let places = if decimals == 0 {
        String::new()
    } else {
        format!(".{}", "0".repeat(decimals))
    };
    let number = match unit {
        Unit::Count => format!("#,##0{places}"),
        Unit::Share | Unit::Percent => format!("0{places}%"),
        Unit::Points => format!("0{places}"),
        Unit::Money => format!("#,##0{places} \"{currency}\""),
    };
    if is_change {
        format!("+{number};-{number};{number}")
    } else {
        number
    }
}
