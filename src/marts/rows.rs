//! Small tables of the lake as typed columns: calls, forms, deals, costs. Sessions never come this way.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::*;

use crate::lake::Lake;
use crate::lake::scan::day_from_number;
use crate::model::tables::TableSchema;

/// The rows of a table, column by column.
pub struct Rows {
    frame: DataFrame,
}

/// Days that no export lies outside of.
pub fn all_days() -> (NaiveDate, NaiveDate) {
    let day = |year| NaiveDate::from_ymd_opt(year, 1, 1).expect("the first of January exists");
    (day(1990), day(2200))
}

impl Rows {
    /// Everything that the lake knows of a table as of then, in the order of export, time and key.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub fn all(lake: &Lake, table: &TableSchema, as_of: DateTime<Utc>) -> Result<Option<Self>> {
        let (from, to) = all_days();
        let Some(scan) = lake.scan(table, as_of, from, to)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            frame: scan.collect()?,
        }))
    }

    /// The rows of a frame.
    pub(super) fn of(frame: DataFrame) -> Self {
        Self { frame }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.frame.height()
    }

    /// Texts of a column; absent is empty.
    ///
    /// # Errors
    /// When the column is not there or holds no text.
    pub fn texts(&self, name: &str) -> Result<Vec<String>> {
        let column = self.frame.column(name)?.cast(&DataType::String)?;
        Ok(column
            .str()?
            .iter()
            .map(|text| text.unwrap_or_default().to_owned())
            .collect())
    }

    /// Texts of a column that holds few distinct ones, each kept once; absent is empty.
    ///
    /// # Errors
    /// When the column is not there or holds no text.
    pub fn shared(&self, name: &str) -> Result<Vec<Arc<str>>> {
        let column = self.frame.column(name)?.cast(&DataType::String)?;
        let mut known: HashMap<&str, Arc<str>> = HashMap::new();
        let mut texts = Vec::with_capacity(self.len());
        for text in column.str()?.iter() {
            let text = text.unwrap_or_default();
            let shared = known.entry(text).or_insert_with(|| Arc::from(text));
            texts.push(shared.clone());
        }
        Ok(texts)
    }

    /// Keys of a column.
    ///
    /// # Errors
    /// When the column is not there or holds no keys.
    pub fn keys(&self, name: &str) -> Result<Vec<Option<u64>>> {
        Ok(self.frame.column(name)?.u64()?.iter().collect())
    }

    /// Instants of a column.
    ///
    /// # Errors
    /// When the column is not there or holds no instants.
    pub fn times(&self, name: &str) -> Result<Vec<Option<DateTime<Utc>>>> {
        let column = self.frame.column(name)?.to_physical_repr();
        Ok(column
            .i64()?
            .iter()
            .map(|ms| ms.and_then(DateTime::from_timestamp_millis))
            .collect())
    }

    /// Days of a column; the required ones are always there.
    ///
    /// # Errors
    /// When the column is not there or holds no days.
    pub fn days(&self, name: &str) -> Result<Vec<NaiveDate>> {
        let column = self.frame.column(name)?.to_physical_repr();
        Ok(column
            .i32()?
            .iter()
            .map(|day| day.map(day_from_number).unwrap_or_default())
            .collect())
    }

    /// Amounts or thousandths of a column.
    ///
    /// # Errors
    /// When the column is not there or holds no such numbers.
    pub fn longs(&self, name: &str) -> Result<Vec<Option<i64>>> {
        Ok(self.frame.column(name)?.i64()?.iter().collect())
    }

    /// Counts of a column.
    ///
    /// # Errors
    /// When the column is not there or holds no counts.
    pub fn counts(&self, name: &str) -> Result<Vec<Option<u32>>> {
        Ok(self.frame.column(name)?.u32()?.iter().collect())
    }

    /// Answers of a yes-or-no column; absent is no.
    ///
    /// # Errors
    /// When the column is not there or holds none.
    pub fn flags(&self, name: &str) -> Result<Vec<bool>> {
        let answers = self.answers(name)?;
        Ok(answers
            .into_iter()
            .map(|flag| flag.unwrap_or(false))
            .collect())
    }

    /// Answers of a yes-or-no column, where there are any.
    ///
    /// # Errors
    /// When the column is not there or holds none.
    pub fn answers(&self, name: &str) -> Result<Vec<Option<bool>>> {
        Ok(self.frame.column(name)?.bool()?.iter().collect())
    }
}
