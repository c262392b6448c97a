//! Small tables of texts, days and numbers as parquet files of their own, for other programs to read.

use std::path::Path;

use anyhow::{Context, Result};
use chrono::NaiveDate;
use polars::prelude::*;

use super::frame;
use super::scan::day_number;

/// The columns of a table, all of one length, with their names.
pub struct Columns<'a> {
    /// Texts.
    pub texts: Vec<(&'a str, Vec<&'a str>)>,
    /// Days.
    pub days: Vec<(&'a str, Vec<NaiveDate>)>,
    /// Numbers; `None` is null.
    pub numbers: Vec<(&'a str, Vec<Option<f64>>)>,
}

/// Writes a table. The file is complete or absent.
///
/// # Errors
/// When the columns are of several lengths, or the file cannot be written.
pub fn write(path: &Path, columns: &Columns<'_>) -> Result<()> {
    let path = std::path::absolute(path).with_context(|| format!("write {}", path.display()))?;
    frame::write(&mut of(columns)?, &path)
}

fn of(columns: &Columns<'_>) -> PolarsResult<DataFrame> {
    let mut list: Vec<Column> = Vec::new();
    for (name, texts) in &columns.texts {
        list.push(Column::new((*name).into(), texts));
    }
    for (name, days) in &columns.days {
        let days = days.iter().map(|day| day_number(*day)).collect();
        let days = Int32Chunked::from_vec((*name).into(), days);
        list.push(days.into_date().into_column());
    }
    for (name, numbers) in &columns.numbers {
        list.push(Column::new((*name).into(), numbers));
    }
    let rows = list.first().map_or(0, Column::len);
    DataFrame::new(rows, list)
}
