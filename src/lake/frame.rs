//! Typed columns of ingest to polars frames, and frames to parquet files that are durable before anyone sees them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};
use polars::prelude::*;

use super::keys::NO_KEY;
use super::text_codes::NO_CODE;
use crate::disk;
use crate::model::columns::{
    Columns, Dictionary, NO_COUNT, NO_DAY, NO_FLAG, NO_LONG, NO_TEXT, Values,
};
use crate::model::fault::Fault;
use crate::model::tables::{ColumnKind, Field, TableSchema};

/// Rows of a row group: small enough that a week can be read without its month, large enough to compress well.
const ROW_GROUP: usize = 128 * 1024;

/// The rows of `columns` in `order` as a frame, with the export's name in front.
///
/// # Errors
/// When polars refuses the columns.
pub fn frame(
    export: &str,
    columns: &Columns,
    dictionaries: &[Dictionary],
    order: &[u32],
) -> Result<DataFrame> {
    let mut series = vec![constant(export, order.len())?];
    for (at, field) in columns.table.fields.iter().enumerate() {
        let values = columns.values[at].gather(order);
        series.push(column(field, values, &dictionaries[at])?);
    }
    Ok(DataFrame::new(order.len(), series)?)
}

/// The columns of a table as its frames have them, the export's name in front.
pub fn schema(table: &TableSchema) -> SchemaRef {
    let mut schema = Schema::with_capacity(table.fields.len() + 1);
    schema.with_column("export".into(), text_type("export"));
    for field in table.fields {
        let kind = match field.kind {
            ColumnKind::Text => text_type(field.name),
            ColumnKind::Key => DataType::UInt64,
            ColumnKind::Count => DataType::UInt32,
            ColumnKind::Money | ColumnKind::Milli => DataType::Int64,
            ColumnKind::Time => DataType::Datetime(TimeUnit::Milliseconds, Some(TimeZone::UTC)),
            ColumnKind::Day => DataType::Date,
            ColumnKind::Flag => DataType::Boolean,
        };
        schema.with_column(field.name.into(), kind);
    }
    Arc::new(schema)
}

fn text_type(name: &str) -> DataType {
    DataType::from_categories(categories(name))
}

/// The categories of every column that was met. Polars forgets those that nobody holds, and one thread that lets go of the
/// last hold while another takes a new one leaves two numberings under one name: frames of one column then do not fit.
static CATEGORIES: Mutex<BTreeMap<String, Arc<Categories>>> = Mutex::new(BTreeMap::new());

/// Each column's texts are numbered by themselves, once in the process.
fn categories(name: &str) -> Arc<Categories> {
    // A thread that panicked has left the list as it was or with one entry more.
    let mut known = CATEGORIES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(categories) = known.get(name) {
        return categories.clone();
    }
    let categories = Categories::new(name.into(), "voronka".into(), CategoricalPhysical::U32);
    known.insert(name.to_owned(), categories.clone());
    categories
}

/// A text column with one value on every row.
fn constant(export: &str, rows: usize) -> Result<Column> {
    let mut dictionary = Dictionary::default();
    let code = dictionary
        .code(export.as_bytes())
        .context("an export's name is UTF-8")?;
    text_column("export", vec![code; rows], &dictionary)
}

/// A column as polars has it: null where the sentinel stands.
fn column(field: &Field, values: Values, dictionary: &Dictionary) -> Result<Column> {
    let name: PlSmallStr = field.name.into();
    let series = match values {
        Values::Text(codes) => return text_column(field.name, codes, dictionary),
        Values::Key(list) => without(UInt64Chunked::from_vec(name, list), NO_KEY).into_series(),
        Values::Count(list) => without(UInt32Chunked::from_vec(name, list), NO_COUNT).into_series(),
        Values::Day(list) => {
            let days = without(Int32Chunked::from_vec(name, list), NO_DAY);
            days.into_date().into_series()
        }
        Values::Flag(list) => {
            let answer = |flag: u8| (flag != NO_FLAG).then_some(flag == 1);
            let answers: BooleanChunked = list.into_iter().map(answer).collect();
            answers.with_name(name).into_series()
        }
        Values::Long(list) => {
            let list = without(Int64Chunked::from_vec(name, list), NO_LONG);
            if field.kind == ColumnKind::Time {
                list.into_datetime(TimeUnit::Milliseconds, Some(TimeZone::UTC))
                    .into_series()
            } else {
                list.into_series()
            }
        }
    };
    Ok(series.into_column())
}

/// The column with the absent marker turned into null; untouched when there is none.
fn without<T>(list: ChunkedArray<T>, absent: T::Native) -> ChunkedArray<T>
where
    T: PolarsNumericType,
    T::Native: PartialEq,
{
    let is_full = |values: &[T::Native]| !values.contains(&absent);
    if list.cont_slice().is_ok_and(is_full) {
        return list;
    }
    list.apply(|value| value.filter(|value| *value != absent))
}

/// Dictionary-coded text. Codes are renumbered densely, so that a file's dictionary holds the file's texts and no more.
fn text_column(name: &str, mut codes: Vec<u32>, dictionary: &Dictionary) -> Result<Column> {
    let categories = categories(name);
    let mapping = categories.mapping();
    let mut dense = vec![NO_CATEGORY; dictionary.len()];
    for code in &mut codes {
        let known = &mut dense[*code as usize];
        if *known == NO_CATEGORY && *code != NO_TEXT {
            *known = mapping.insert_cat(dictionary.text(*code))?;
        }
        *code = *known;
    }
    let dtype = DataType::Categorical(categories, mapping);
    let codes = UInt32Chunked::from_vec(name.into(), codes);
    let texts = CategoricalChunked::<Categorical32Type>::from_cats_and_dtype(codes, dtype);
    Ok(texts.into_series().into_column())
}

/// A text column of codes of another column's texts; [`NO_CODE`] is absent.
///
/// # Errors
/// When the other column holds no text.
pub(super) fn coded_column(name: &str, codes: Vec<u32>, texts: &Column) -> Result<Column> {
    let dtype = texts.cat32()?.dtype().clone();
    let codes = UInt32Chunked::from_vec(name.into(), codes);
    let texts = CategoricalChunked::<Categorical32Type>::from_cats_and_dtype(codes, dtype);
    Ok(texts.into_series().into_column())
}

/// A code that no text has. Polars makes null of it, so an absent text needs no validity mask of its own.
const NO_CATEGORY: u32 = NO_CODE;

/// Writes a frame as parquet (zstd, statistics, sorted as it is) and makes it durable. The file is complete or absent.
///
/// # Errors
/// When the disk is full or the folder cannot be written.
pub fn write(frame: &mut DataFrame, path: &Path) -> Result<()> {
    let folder = path.parent().context("a part lies in a folder")?;
    std::fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
    let written = disk::fill_whole(path, |file| fill(frame, file));
    Ok(written.map_err(|cause| {
        Fault::new(format!("write {}", path.display()))
            .hint("is the disk full, or the folder not to be written?")
            .because(cause)
    })?)
}

/// Zstandard at its default level, 3. The headers of pages are written a byte at a time: a small part would cost thousands of
/// calls of the system.
fn fill(frame: &mut DataFrame, file: &mut File) -> Result<()> {
    let mut file = BufWriter::new(file);
    ParquetWriter::new(&mut file)
        .with_compression(ParquetCompression::Zstd(None))
        .with_row_group_size(Some(ROW_GROUP))
        .with_statistics(StatisticsOptions::default())
        .finish(frame)?;
    Ok(file.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Threads that each take a column's categories and let go of them: two that are held at once are the same ones.
    #[test]
    fn texts_of_a_column_are_numbered_once_whatever_other_threads_let_go() {
        let take = || {
            for _ in 0..200_000 {
                let (one, other) = (categories("taken"), categories("taken"));
                assert!(Arc::ptr_eq(&one, &other));
            }
        };
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(take)).collect();
        for thread in threads {
            thread.join().expect("the same categories for all");
        }
    }
}
