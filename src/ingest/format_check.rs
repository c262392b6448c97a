//! What a format must be beyond its shape: tables, columns, patterns, zones. What the reader needs is compiled here.

use regex::Regex;

use super::adapters::ADAPTERS;
use super::format::{ColumnRule, Format, Reading};
use crate::config::hint::expected_one_of;
use crate::config::source::SettingsText;
use crate::config::value::{Check, kebab, last_line, title, zone};
use crate::model::attributes::{self, AttributeName};
use crate::model::fault::Fault;
use crate::model::table::Table;
use crate::model::tables::{ATTRIBUTES, ColumnKind, Field, TableSchema};

/// Checks everything, in the order of the file's documentation; the first fault is the answer.
pub(super) fn all(source: &SettingsText<'_>, format: &mut Format) -> Check {
    kebab(source, "name", &format.name)?;
    title(source, "title", &format.title)?;
    let table = table(source, format)?;
    let filled = adapter(source, format)?.unwrap_or(table);
    no_id(source, format, table)?;
    recognise(source, format)?;
    bytes(source, format)?;
    rows(source, format)?;
    group(source, format, table)?;
    one_of(source, format)?;
    columns(source, format, filled)
}

fn table(source: &SettingsText<'_>, format: &Format) -> Result<&'static TableSchema, Fault> {
    Table::named(&format.table)
        .map(Table::schema)
        .ok_or_else(|| {
            let names: Vec<&str> = Table::ALL.into_iter().map(Table::name).collect();
            let message = format!("there is no table \"{}\"", format.table);
            source
                .refuse("table", message)
                .hint(expected_one_of(&format.table, &names))
        })
}

/// The table that an adapter's format fills in place of its own.
fn adapter(
    source: &SettingsText<'_>,
    format: &Format,
) -> Result<Option<&'static TableSchema>, Fault> {
    let Some(name) = &format.adapter else {
        return Ok(None);
    };
    if let Some(adapter) = ADAPTERS.iter().find(|adapter| adapter.name == name) {
        return Ok(Some(adapter.input));
    }
    let names: Vec<&str> = ADAPTERS.iter().map(|adapter| adapter.name).collect();
    let message = format!("there is no adapter \"{name}\"");
    let fault = source.refuse("adapter", message);
    Err(fault.hint(expected_one_of(name, &names)))
}

/// Rows are named by their content where the table's key is one column that the file lacks.
fn no_id(source: &SettingsText<'_>, format: &Format, table: &TableSchema) -> Check {
    if !format.no_id {
        return Ok(());
    }
    let Some(key) = table.id() else {
        let message = format!("rows of {} are told apart without an id", table.name);
        return Err(source.refuse("no_id", message).hint("leave `no_id` out"));
    };
    let is_mapped = format.columns.iter().any(|rule| rule.to == key);
    if is_mapped || format.adapter.is_some() || format.group.is_some() {
        let message = format!("`no_id` says that nothing in the file is \"{key}\"");
        let hint = format!("leave it out, or the [[column]] of \"{key}\", `adapter` and [group]");
        return Err(source.refuse("no_id", message).hint(hint));
    }
    Ok(())
}

fn recognise(source: &SettingsText<'_>, format: &mut Format) -> Check {
    let recognise = &mut format.recognise;
    let has_header = !recognise.header.is_empty() || !recognise.any_of.is_empty();
    if !has_header && recognise.names.is_empty() {
        let message = "[recognise] says nothing by which a file could be known";
        let hint = "list cells of the header as `header`, or `names` and `cells` for files without a header";
        return Err(source.refuse("recognise", message).hint(hint));
    }
    let count = recognise.names.len();
    if let Some(fewest) = recognise.min_cells.filter(|fewest| *fewest > count) {
        let message = format!("a row has at least {fewest} cells, but only {count} `names`");
        return Err(source.refuse("recognise.min_cells", message));
    }
    for (cell, pattern) in &recognise.cells {
        let path = format!("recognise.cells.{cell}");
        let position = cell
            .parse()
            .ok()
            .filter(|position| *position < count)
            .ok_or_else(|| {
                let hint = format!("cells are numbered from 0, and `names` has {count} of them");
                source
                    .refuse(&path, format!("\"{cell}\" is no cell"))
                    .hint(hint)
            })?;
        let pattern = Regex::new(pattern).map_err(|error| {
            source.refuse(
                &path,
                format!("cell {cell}: no regular expression: {}", last_line(&error)),
            )
        })?;
        recognise.patterns.push((position, pattern));
    }
    values(source, format)
}

fn values(source: &SettingsText<'_>, format: &mut Format) -> Check {
    let recognise = &mut format.recognise;
    for (cell, pattern) in &recognise.values {
        let pattern = Regex::new(pattern).map_err(|error| {
            let message = format!(
                "cells of {cell}: no regular expression: {}",
                last_line(&error)
            );
            source.refuse(&format!("recognise.values.{cell}"), message)
        })?;
        recognise.value_patterns.push((cell.clone(), pattern));
    }
    Ok(())
}

fn bytes(source: &SettingsText<'_>, format: &mut Format) -> Check {
    let bytes = &mut format.bytes;
    for (index, delimiter) in bytes.delimiters.iter().enumerate() {
        if delimiter != "tab" && delimiter.len() != 1 {
            let message = format!("\"{}\" is no delimiter", delimiter.escape_debug());
            let hint = "expected one character, such as \";\", or \"tab\"";
            return Err(source
                .refuse(&format!("bytes.delimiters.{index}"), message)
                .hint(hint));
        }
    }
    bytes.zone = bytes
        .time_zone
        .as_deref()
        .map(|name| zone(source, "bytes.time_zone", name))
        .transpose()?;
    Ok(())
}

fn rows(source: &SettingsText<'_>, format: &Format) -> Check {
    let is_empty = |text: &String| text.trim().is_empty();
    if let Some(index) = format.rows.totals.iter().position(is_empty) {
        let message = "every row begins with an empty text, so every row would be one of totals";
        return Err(source.refuse(&format!("rows.totals.{index}"), message));
    }
    if let Some(index) = format.rows.ends.iter().position(is_empty) {
        let message = "every row begins with an empty text, so the first would end the table";
        return Err(source.refuse(&format!("rows.ends.{index}"), message));
    }
    Ok(())
}

fn one_of(source: &SettingsText<'_>, format: &Format) -> Check {
    let Some(one_of) = &format.one_of else {
        return Ok(());
    };
    let place = format!("{{{}}}", one_of.name);
    let mut named = format.columns.iter().flat_map(|rule| &rule.from);
    if named.any(|want| want.contains(&place)) {
        return Ok(());
    }
    let message = format!("no `from` has {place} in it");
    let hint = "write it where the word stands in the names of the columns";
    Err(source.refuse("one_of.name", message).hint(hint))
}

fn group(source: &SettingsText<'_>, format: &Format, table: &TableSchema) -> Check {
    let Some(group) = &format.group else {
        return Ok(());
    };
    let is_number = |kind| {
        matches!(
            kind,
            ColumnKind::Count | ColumnKind::Money | ColumnKind::Milli
        )
    };
    for (index, name) in group.sum.iter().enumerate() {
        let path = format!("group.sum.{index}");
        if !is_number(column(source, &path, table, name)?.kind) {
            return Err(source.refuse(
                &path,
                format!("\"{name}\" is no number and cannot be added up"),
            ));
        }
    }
    for (index, name) in group.any.iter().enumerate() {
        let path = format!("group.any.{index}");
        if column(source, &path, table, name)?.kind != ColumnKind::Flag {
            return Err(source.refuse(&path, format!("\"{name}\" is no yes or no")));
        }
    }
    Ok(())
}

fn columns(source: &SettingsText<'_>, format: &Format, table: &TableSchema) -> Check {
    if format.refuse.is_some() {
        return Ok(());
    }
    for field in table.fields.iter().filter(|field| field.required) {
        let derived = field.name == table.day && table.time.is_some();
        let is_made = format.no_id && table.id() == Some(field.name);
        if !derived && !is_made && !format.columns.iter().any(|rule| rule.to == field.name) {
            let message = format!("no [[column]] fills \"{}\"", field.name);
            let hint = format!(
                "a row of {} is of no use without it: add a [[column]] with to = \"{}\"",
                table.name, field.name
            );
            return Err(source.refuse("column", message).hint(hint));
        }
    }
    for (index, rule) in format.columns.iter().enumerate() {
        of_table(source, index, rule, table)?;
        is_reached(source, index, format, table)?;
        if rule.from.is_empty() && rule.constant.is_none() {
            let message = format!("\"{}\" is filled from nothing", rule.to);
            let hint = "say `from` which header cells, or give a `constant`";
            return Err(source
                .refuse(&format!("column.{index}"), message)
                .hint(hint));
        }
    }
    Ok(())
}

/// A second rule for a column fills the rows in which the first finds nothing: the first must leave some.
fn is_reached(
    source: &SettingsText<'_>,
    index: usize,
    format: &Format,
    table: &TableSchema,
) -> Check {
    let rule = &format.columns[index];
    let mut earlier = format.columns[..index].iter();
    let Some(first) = earlier.rfind(|earlier| earlier.to == rule.to) else {
        return Ok(());
    };
    let kind = table.position(&rule.to).map(|at| table.fields[at].kind);
    let has_words = matches!(kind, Some(ColumnKind::Text | ColumnKind::Flag));
    if has_words && first.map.get("*").is_some_and(String::is_empty) {
        return Ok(());
    }
    let message = format!("a second [[column]] fills \"{}\"", rule.to);
    let hint = "list all header cells of it as `from` of one, in order of preference; \
        where some words of one column go before all others, say map = { …, \"*\" = \"\" } in the first";
    Err(source
        .refuse(&format!("column.{index}.to"), message)
        .hint(hint))
}

fn of_table(
    source: &SettingsText<'_>,
    index: usize,
    rule: &ColumnRule,
    table: &TableSchema,
) -> Check {
    if rule.to.starts_with(attributes::PREFIX) {
        return attribute(source, index, rule, table);
    }
    let field = column(source, &format!("column.{index}.to"), table, &rule.to)?;
    if rule.constant.is_none() && !rule.read.fits(field.kind) {
        let message = format!(
            "`read` of \"{}\" does not give {:?}, which the column holds",
            rule.to, field.kind
        );
        return Err(source.refuse(&format!("column.{index}.read"), message));
    }
    if !rule.clock.is_empty() && rule.read != Reading::Time {
        let message = format!("`clock` is of times, and \"{}\" is none", rule.to);
        let hint = "leave it out, or say read = \"time\"";
        return Err(source
            .refuse(&format!("column.{index}.clock"), message)
            .hint(hint));
    }
    Ok(())
}

/// An attribute: a name, words, and a table that keeps them.
fn attribute(
    source: &SettingsText<'_>,
    index: usize,
    rule: &ColumnRule,
    table: &TableSchema,
) -> Check {
    let refuse = |key: &str, message| source.refuse(&format!("column.{index}.{key}"), message);
    if table.position(ATTRIBUTES).is_none() {
        let message = format!("rows of {} have no attributes", table.name);
        let hint = "sessions, calls, forms and deals have them";
        return Err(refuse("to", message).hint(hint));
    }
    if AttributeName::of_column(&rule.to).is_none() {
        let message = format!("\"{}\" is no name of an attribute", rule.to);
        let hint = "write attribute. and up to 24 small Latin letters, digits and underscores: attribute.gender";
        return Err(refuse("to", message).hint(hint));
    }
    if !matches!(rule.read, Reading::Text | Reading::Lower) {
        let message = format!("\"{}\" is an attribute, which is words", rule.to);
        let hint = "leave `read` out, or say read = \"lower\"";
        return Err(refuse("read", message).hint(hint));
    }
    Ok(())
}

fn column(
    source: &SettingsText<'_>,
    path: &str,
    table: &TableSchema,
    name: &str,
) -> Result<Field, Fault> {
    let found = table.position(name).map(|position| table.fields[position]);
    found.ok_or_else(|| {
        let names: Vec<&str> = table.fields.iter().map(|field| field.name).collect();
        let message = format!("the table {} has no column \"{name}\"", table.name);
        source
            .refuse(path, message)
            .hint(expected_one_of(name, &names))
    })
}

#[cfg(test)]
#[path = "format_check_tests.rs"]
mod tests;
