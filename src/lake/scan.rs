//! Reading the lake as of a knowledge time: lazy frames over the live files that touch a span of days.

use anyhow::Result;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use polars::prelude::*;

use super::Lake;
use super::catalog::Part;
use super::frame::schema;
use crate::model::tables::{DEALS, TableSchema};

/// 1970-01-01, counted in days of the common era.
const UNIX_EPOCH_DAY: i32 = 719_163;

/// Days since 1970-01-01, as the lake stores them.
pub fn day_number(day: NaiveDate) -> i32 {
    day.num_days_from_ce() - UNIX_EPOCH_DAY
}

/// The day behind a number of the lake.
pub fn day_from_number(number: i32) -> NaiveDate {
    let day = number.saturating_add(UNIX_EPOCH_DAY);
    NaiveDate::from_num_days_from_ce_opt(day).unwrap_or_default()
}

impl Lake {
    /// Live parts of a table, known by `as_of`, that hold any day of the span.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn parts_of(
        &self,
        table: &TableSchema,
        as_of: DateTime<Utc>,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Vec<Part>> {
        let first = day_number(from);
        let last = day_number(to);
        let mut parts = self.catalog.parts(table.name, as_of)?;
        parts.retain(|part| part.min_day <= last && part.max_day >= first);
        Ok(parts)
    }

    /// A lazy frame over the rows of a table whose day lies in the span; `None` when nothing of it has arrived.
    ///
    /// # Errors
    /// When the catalog or a file's schema cannot be read.
    pub fn scan(
        &self,
        table: &TableSchema,
        as_of: DateTime<Utc>,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Option<LazyFrame>> {
        let parts = self.parts_of(table, as_of, from, to)?;
        self.scan_days(table, &parts, from, to)
    }

    fn scan_days(
        &self,
        table: &TableSchema,
        parts: &[Part],
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Option<LazyFrame>> {
        // Compared as dates, so that row groups outside the span are passed over by their statistics.
        let day = col(table.day);
        let is_in_span = day.clone().gt_eq(lit(from)).and(day.lt_eq(lit(to)));
        let frame = self.scan_parts(table, parts)?;
        Ok(frame.map(|frame| frame.filter(is_in_span)))
    }

    /// The rows of one export in [`Self::scan`].
    ///
    /// # Errors
    /// When the catalog or a file's schema cannot be read.
    pub fn scan_export(
        &self,
        (table, export): (&TableSchema, &str),
        as_of: DateTime<Utc>,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Option<LazyFrame>> {
        let mut parts = self.parts_of(table, as_of, from, to)?;
        parts.retain(|part| part.export == export);
        self.scan_days(table, &parts, from, to)
    }

    /// A lazy frame over what the lake knew of a table before `as_of` and does not say any more; `None` when nothing was
    /// replaced. Of deals whose parts were removed since, what is kept of their states; its other columns are absent.
    ///
    /// # Errors
    /// When the catalog or a file's schema cannot be read.
    pub fn scan_replaced(
        &self,
        table: &TableSchema,
        as_of: DateTime<Utc>,
    ) -> Result<Option<LazyFrame>> {
        let mut parts = self.catalog.replaced_parts(table.name, as_of)?;
        if table.name == DEALS.name {
            parts.extend(self.kept_states()?);
        }
        self.scan_parts(table, &parts)
    }

    pub(super) fn scan_parts(
        &self,
        table: &TableSchema,
        parts: &[Part],
    ) -> Result<Option<LazyFrame>> {
        if parts.is_empty() {
            return Ok(None);
        }
        let mut paths = Vec::with_capacity(parts.len());
        for part in parts {
            paths.push(PlRefPath::try_from_path(&self.dir.join(&part.path))?);
        }
        let named =
            |error| anyhow::Error::new(error).context(format!("read the table {}", table.name));
        let frame = scan_as(table, ScanSources::Paths(paths.into())).map_err(named)?;
        Ok(Some(frame))
    }
}

/// Files of any age as the table is today: columns that came after a file was written are null in it, and those that the
/// table has no longer are passed over.
fn scan_as(table: &TableSchema, files: ScanSources) -> PolarsResult<LazyFrame> {
    let schema = Some(schema(table));
    let parquet = ParquetOptions {
        schema: schema.clone(),
        use_statistics: true,
        ..ParquetOptions::default()
    };
    let columns = UnifiedScanArgs {
        schema,
        missing_columns_policy: MissingColumnsPolicy::Insert,
        extra_columns_policy: ExtraColumnsPolicy::Ignore,
        ..UnifiedScanArgs::default()
    };
    Ok(DslBuilder::scan_parquet(files, parquet, columns)?
        .build()
        .into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lake::frame::write;
    use crate::model::tables::{ColumnKind, Field, Replace};

    const fn field(name: &'static str, kind: ColumnKind) -> Field {
        Field {
            name,
            kind,
            required: false,
        }
    }

    const fn table(fields: &'static [Field]) -> TableSchema {
        TableSchema {
            name: "notes",
            fields,
            key: &["text"],
            replace: Replace::Row,
            time: None,
            day: "day",
            version: None,
        }
    }

    const OLD: TableSchema = table(&[
        field("day", ColumnKind::Day),
        field("gone", ColumnKind::Count),
        field("text", ColumnKind::Text),
    ]);
    const NEW: TableSchema = table(&[
        field("day", ColumnKind::Day),
        field("text", ColumnKind::Text),
        field("added", ColumnKind::Time),
        field("mark", ColumnKind::Text),
    ]);

    /// A file with one row of a table, all of it absent.
    fn one_row(table: &TableSchema, path: &std::path::Path) {
        let absent = schema(table)
            .iter()
            .map(|(name, kind)| Column::full_null(name.clone(), 1, kind))
            .collect();
        let mut frame = DataFrame::new(1, absent).expect("columns of one row");
        write(&mut frame, path).expect("the file is written");
    }

    #[test]
    fn files_of_any_age_are_read_as_the_table_is_today() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = ["old.parquet", "new.parquet"].map(|name| folder.path().join(name));
        one_row(&OLD, &paths[0]);
        one_row(&NEW, &paths[1]);
        for order in [[0, 1], [1, 0]] {
            let files: Vec<PlRefPath> = order
                .iter()
                .map(|at| PlRefPath::try_from_path(&paths[*at]).expect("a path"))
                .collect();
            let frame = scan_as(&NEW, ScanSources::Paths(files.into()))
                .and_then(LazyFrame::collect)
                .expect("it reads");
            assert_eq!(frame.height(), 2);
            assert_eq!(**frame.schema(), *schema(&NEW));
        }
    }
}
