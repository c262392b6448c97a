//! Batches whose months are written out again and again: what stands must not depend on when that happens.

use super::*;
use crate::lake::keys::read;
use crate::model::columns::{NO_LONG, dictionaries};
use crate::model::tables::{CALLS, COSTS, DEALS};

/// 9 November 2026.
const MONDAY: i32 = 20_766;
const DAY_MS: i64 = 24 * 3600 * 1000;

/// Writes every chunk out at once.
const NONE: Bounds = Bounds {
    row_bytes: 0,
    texts: usize::MAX,
};

/// A row: number, day, version (or cost).
type Row = (u32, i32, i64);

fn rows(table: &'static TableSchema, rows: &[Row], texts: &mut [Dictionary]) -> Columns {
    let mut columns = Columns::empty(table);
    for (at, (field, values)) in table.fields.iter().zip(&mut columns.values).enumerate() {
        match (field.name, values) {
            ("deal_id" | "call_id" | "campaign", Values::Text(codes)) => {
                let code = |row: &Row| texts[at].code(row.0.to_string().as_bytes());
                codes.extend(rows.iter().filter_map(code));
            }
            ("created_at" | "at", Values::Long(times)) => {
                times.extend(rows.iter().map(|row| i64::from(row.1) * DAY_MS));
            }
            ("day" | "from_day", Values::Day(days)) => days.extend(rows.iter().map(|row| row.1)),
            ("updated_at" | "cost", Values::Long(list)) => {
                list.extend(rows.iter().map(|row| row.2))
            }
            (_, values) => values.push_absent(rows.len()),
        }
    }
    columns
}

/// What a batch of files comes to: rows replaced by file, and the last numbers of the rows that stand.
fn written(table: &'static TableSchema, bounds: Bounds, files: &[&[Row]]) -> (Vec<u64>, Vec<i64>) {
    let folder = tempfile::tempdir().expect("a folder");
    let lake = Lake::open(folder.path()).expect("a lake");
    let incoming = Incoming {
        export: "export".to_owned(),
        files: vec![Telling::default(); files.len()],
        complete: false,
    };
    let mut writer =
        BatchWriter::new(&lake, table, incoming, DateTime::UNIX_EPOCH).expect("a batch");
    writer.bounds = bounds;
    let mut texts = dictionaries(table);
    for (file, list) in files.iter().enumerate() {
        // Row by row, as if each were a chunk.
        for row in *list {
            let columns = rows(table, &[*row], &mut texts);
            writer
                .add(file as u32, &columns, &mut texts)
                .expect("rows are taken");
        }
    }
    let written = writer.finish(&texts).expect("the batch is written");
    let mut standing = Vec::new();
    for part in &written.parts {
        let frame = read(&lake.dir.join(&part.path)).expect("a part");
        let name = if table.replace == Replace::Group {
            "cost"
        } else {
            table.day
        };
        let last = frame
            .column(table.version.unwrap_or(name))
            .expect("the column");
        let last = last
            .to_physical_repr()
            .cast(&DataType::Int64)
            .expect("numbers");
        let numbers = last.i64().expect("numbers");
        standing.extend(numbers.iter().map(|number| number.unwrap_or(NO_LONG)));
    }
    standing.sort_unstable();
    (written.replaced, standing)
}

#[track_caller]
fn assert_written(
    table: &'static TableSchema,
    files: &[&[Row]],
    replaced: &[u64],
    standing: &[i64],
) {
    for bounds in [Bounds::USUAL, NONE] {
        let found = written(table, bounds, files);
        assert_eq!(found, (replaced.to_vec(), standing.to_vec()), "{bounds:?}");
    }
}

#[test]
fn the_highest_version_of_a_deal_stands_however_its_file_is_read() {
    let files: [&[Row]; 2] = [
        &[(1, MONDAY, 9), (2, MONDAY, 3)],
        &[(1, MONDAY, 5), (2, MONDAY, 4)],
    ];
    assert_written(&DEALS, &files, &[1, 1], &[4, 9]);
}

#[test]
fn a_deal_whose_day_was_moved_to_another_month_stands_once() {
    let files: [&[Row]; 2] = [&[(1, MONDAY - 30, 5)], &[(1, MONDAY, 5)]];
    assert_written(&DEALS, &files, &[1, 0], &[5]);
}

#[test]
fn rows_that_are_replaced_are_counted_for_their_own_file() {
    let monday = i64::from(MONDAY);
    let files: [&[Row]; 3] = [
        &[(7, MONDAY, 0)],
        &[(8, MONDAY, 0), (9, MONDAY, 0)],
        &[(8, MONDAY, 0), (9, MONDAY, 0)],
    ];
    assert_written(&CALLS, &files, &[0, 2, 0], &[monday; 3]);
}

#[test]
fn totals_of_one_key_in_one_file_stay_together() {
    let files: [&[Row]; 2] = [&[(1, MONDAY, 3)], &[(1, MONDAY, 20), (1, MONDAY, 30)]];
    assert_written(&COSTS, &files, &[1, 0], &[20, 30]);
}
