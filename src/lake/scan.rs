//! Reading the lake as of a knowledge time: lazy frames over the live files that touch a span of days.

use anyhow::Result;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use polars::prelude::*;

use super::Lake;
use super::catalog::Part;
use crate::model::tables::Table;

/// Days since 1970-01-01, as the lake stores them.
pub fn day_number(day: NaiveDate) -> i32 {
    day.num_days_from_ce() - 719_163
}

/// The day behind a number of the lake.
pub fn day_from_number(number: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(number.saturating_add(719_163)).unwrap_or_default()
}

impl Lake {
    /// Live parts of a table, known by `as_of`, that hold any day of the span.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn parts_of(&self, table: &Table, as_of: DateTime<Utc>, from: NaiveDate, to: NaiveDate) -> Result<Vec<Part>> {
        let (from, to) = (day_number(from), day_number(to));
        let mut parts = self.catalog.parts(table.name, as_of)?;
        parts.retain(|part| part.min_day <= to && part.max_day >= from);
        Ok(parts)
    }

    /// A lazy frame over the rows of a table whose day lies in the span; `None` when nothing of it has arrived.
    ///
    /// # Errors
    /// When the catalog or a file's schema cannot be read.
    pub fn scan(
        &self,
        table: &Table,
        as_of: DateTime<Utc>,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Option<LazyFrame>> {
        let parts = self.parts_of(table, as_of, from, to)?;
        if parts.is_empty() {
            return Ok(None);
        }
        let paths: Vec<PlRefPath> = parts
            .iter()
            .map(|part| PlRefPath::try_from_path(&self.dir.join(&part.path)))
            .collect::<PolarsResult<_>>()?;
        let frame = LazyFrame::scan_parquet_files(paths.into(), ScanArgsParquet::default())
            .map_err(|error| anyhow::Error::new(error).context(format!("read the table {}", table.name)))?;
        // Compared as dates, so that row groups outside the span are passed over by their statistics.
        let day = col(table.day);
        Ok(Some(frame.filter(day.clone().gt_eq(lit(from)).and(day.lt_eq(lit(to))))))
    }
}
