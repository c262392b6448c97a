//! Parquet: rows of typed columns, row group by row group.

use std::sync::Arc;

use anyhow::Result;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::schema::types::Type;

use super::Source;
use super::grid::{self, Grid};
use super::moment::{self, Clock};
use super::seekable::{Seekable, seekable};
use crate::model::fault::Fault;

/// What a parquet file begins with.
pub(super) const MAGIC: &[u8] = b"PAR1";
/// Bytes that an unpacked member of an archive may have: it is held in memory.
const MOST_HELD: u64 = 512 << 20;
const DAY_MICROS: i64 = 86_400_000_000;

/// Writes the rows of a file. Nested values are written as the crate shows them: `[301, 302]`.
pub(super) fn rows(source: &Source, grid: &mut Grid<'_>) -> Result<()> {
    let file = open(source)?;
    let schema = file.metadata().file_metadata().schema().clone();
    let columns: Vec<Column> = schema.get_fields().iter().map(Column::of).collect();
    if let Some(column) = columns.iter().find(|column| !column.is_readable) {
        let fault = Fault::new(format!(
            "column \"{}\" is of a kind that is not read",
            column.name
        ));
        return Err(fault
            .hint("leave the column out of the export, or write it as text")
            .into());
    }
    grid.row(columns.iter().map(|column| column.name.as_str()))?;
    for row in file.get_row_iter(None).map_err(broken)? {
        let row = row.map_err(broken)?;
        for ((_, field), column) in row.get_column_iter().zip(&columns) {
            grid.cell(&text_of(field, column));
        }
        grid.end_row()?;
    }
    Ok(())
}

fn open(source: &Source) -> Result<Box<dyn FileReader>> {
    Ok(match seekable(source, MOST_HELD)? {
        Seekable::File(file) => {
            Box::new(SerializedFileReader::new(file.into_inner()).map_err(broken)?)
        }
        Seekable::Memory(bytes) => {
            let bytes = bytes::Bytes::from(bytes.into_inner());
            Box::new(SerializedFileReader::new(bytes).map_err(broken)?)
        }
    })
}

fn broken(error: ParquetError) -> anyhow::Error {
    let fault =
        Fault::new("the parquet file is cut, damaged or packed in an unknown way").because(error);
    fault.hint(super::COPY_AGAIN).into()
}

/// What the file says of a column beside its values.
struct Column {
    name: String,
    clock: Clock,
    is_nanos: bool,
    is_readable: bool,
}

impl Column {
    fn of(field: &Arc<Type>) -> Self {
        let info = field.get_basic_info();
        let timestamp = match info.logical_type_ref() {
            Some(LogicalType::Timestamp(stamp)) => Some((stamp.is_adjusted_to_u_t_c, stamp.unit)),
            _ => None,
        };
        // Files of old writers say only that it is an instant.
        let is_utc = timestamp.is_none_or(|(is_utc, _)| is_utc);
        Self {
            name: field.name().to_owned(),
            clock: if is_utc { Clock::Utc } else { Clock::Wall },
            is_nanos: matches!(timestamp, Some((_, TimeUnit::NANOS))),
            is_readable: is_readable(field),
        }
    }
}

/// Whether the crate's rows can hold the values of a column; at the others it would stop the program.
fn is_readable(field: &Type) -> bool {
    if field.is_group() {
        return field.get_fields().iter().all(|field| is_readable(field));
    }
    field.get_basic_info().converted_type() != ConvertedType::INTERVAL
}

fn text_of(field: &Field, column: &Column) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        // A text column of a writer that did not say so.
        Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).into_owned(),
        Field::Float(number) => grid::typed(shortest(*number)),
        Field::Double(number) => grid::typed(*number),
        Field::Long(nanos) if column.is_nanos => moment::of_micros(nanos / 1000, column.clock),
        Field::TimestampMillis(millis) => moment::of_micros(millis * 1000, column.clock),
        Field::TimestampMicros(micros) => moment::of_micros(*micros, column.clock),
        Field::Date(day) => moment::of_micros(i64::from(*day) * DAY_MICROS, Clock::Wall),
        Field::TimeMillis(millis) => moment::of_day_micros(i64::from(*millis) * 1000),
        Field::TimeMicros(micros) => moment::of_day_micros(*micros),
        other => other.to_string(),
    }
}

/// A number of single precision as it is shown: 0.1 is 0.1, not 0.10000000149.
fn shortest(number: f32) -> f64 {
    number.to_string().parse().unwrap_or(f64::from(number))
}
