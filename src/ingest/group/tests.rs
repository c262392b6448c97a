//! Rows of one record, put together by hand.

use super::*;
use crate::model::columns::Columns;
use crate::model::tables::{CALLS, DEALS};

const NO_VERSION: i64 = NO_LONG;

/// Deals by file, number, version and amount.
fn collected(rows: &[(u32, u32, i64, i64)]) -> Collected {
    let mut columns = Columns::empty(&DEALS);
    for (field, values) in DEALS.fields.iter().zip(&mut columns.values) {
        match (field.name, values) {
            ("deal_id", Values::Text(codes)) => codes.extend(rows.iter().map(|row| row.1)),
            ("updated_at", Values::Long(times)) => times.extend(rows.iter().map(|row| row.2)),
            ("amount", Values::Long(list)) => list.extend(rows.iter().map(|row| row.3)),
            (_, values) => values.push_absent(rows.len()),
        }
    }
    Collected {
        columns,
        files: rows.iter().map(|row| row.0).collect(),
        // Each row of the tests differs from those of other files in its amount.
        hashes: rows.iter().map(|row| row.3.cast_unsigned()).collect(),
        worth: Vec::new(),
    }
}

#[track_caller]
fn assert_joined(rows: &[(u32, u32, i64, i64)], amounts: &[i64], used: &[bool]) {
    assert_joined_of(&[true; 2], rows, amounts, used);
}

/// The same of files of which each spreads its records or does not.
#[track_caller]
fn assert_joined_of(
    spreads: &[bool],
    rows: &[(u32, u32, i64, i64)],
    amounts: &[i64],
    used: &[bool],
) {
    let mut collected = collected(rows);
    let group = Group {
        when: Vec::new(),
        sum: vec!["amount".to_owned()],
        any: Vec::new(),
        price: Vec::new(),
        quantity: Vec::new(),
        parts: false,
    };
    assert_eq!(join(&mut collected, &group, spreads).used, used);
    let Values::Long(found) = collected.columns.column("amount") else {
        unreachable!("amounts are longs")
    };
    assert_eq!(found, amounts);
}

#[test]
fn rows_of_one_record_in_one_file_add_up_equal_ones_too() {
    let rows = [(0, 1, 5, 20), (0, 1, 5, 20), (0, 2, 5, 7)];
    assert_joined(&rows, &[40, 7], &[true, true, true]);
}

#[test]
fn a_record_of_one_row_that_stands_twice_was_told_twice() {
    let rows = [(0, 1, 5, 20), (0, 2, 5, 7), (0, 1, 5, 30)];
    assert_joined_of(&[false], &rows, &[30, 7], &[false, true, true]);
    // The file beside it has several rows for a record all the same.
    let rows = [(0, 1, 5, 20), (0, 1, 5, 20), (1, 2, 5, 7), (1, 2, 5, 7)];
    assert_joined_of(&[false, true], &rows, &[20, 14], &[false, true, true, true]);
}

#[test]
fn a_newer_file_tells_a_record_anew() {
    let rows = [
        (0, 1, NO_VERSION, 50),
        (0, 2, NO_VERSION, 50),
        (1, 1, NO_VERSION, 60),
        (1, 2, NO_VERSION, 60),
    ];
    assert_joined(&rows, &[60, 60], &[false, false, true, true]);
}

#[test]
fn a_higher_version_counts_whatever_the_file() {
    let rows = [(0, 1, 9, 60), (0, 2, 5, 1), (1, 1, 5, 50), (1, 2, 5, 2)];
    assert_joined(&rows, &[60, 2], &[true, false, false, true]);
}

#[test]
fn numbers_of_calls_that_begin_anew_after_months_are_other_calls() {
    const DAY: i64 = 24 * 3600 * 1000;
    let mut columns = Columns::empty(&CALLS);
    for (field, values) in CALLS.fields.iter().zip(&mut columns.values) {
        match (field.name, values) {
            ("call_id", Values::Text(codes)) => codes.extend([1, 1, 1]),
            ("at", Values::Long(times)) => times.extend([10 * DAY, 100 * DAY, 100 * DAY]),
            (_, values) => values.push_absent(3),
        }
    }
    let mut collected = Collected {
        columns,
        files: vec![0, 1, 1],
        hashes: vec![1, 2, 3],
        worth: Vec::new(),
    };
    let group = Group {
        when: Vec::new(),
        sum: Vec::new(),
        any: Vec::new(),
        price: Vec::new(),
        quantity: Vec::new(),
        parts: false,
    };
    assert_eq!(join(&mut collected, &group, &[true; 2]).used, [true; 3]);
    assert_eq!(collected.files, [0, 1]);
}

#[test]
fn a_record_that_was_cut_between_two_files_adds_up() {
    let rows = [(0, 1, 5, 10), (0, 2, 5, 20), (1, 2, 5, 30), (1, 3, 5, 40)];
    assert_joined(&rows, &[10, 50, 40], &[true; 4]);
    // The piece with the end may come first.
    let rows = [(0, 2, 5, 30), (0, 3, 5, 40), (1, 1, 5, 10), (1, 2, 5, 20)];
    assert_joined(&rows, &[50, 40, 10], &[true; 4]);
    // The same row in both is one product that two downloads tell.
    let rows = [(0, 1, 5, 10), (0, 2, 5, 20), (1, 2, 5, 20), (1, 3, 5, 40)];
    assert_joined(&rows, &[10, 20, 40], &[true, false, true, true]);
}

#[test]
fn equal_payments_of_several_deals_add_up_where_rows_are_parts() {
    let rows = [1, 2, 3]
        .map(|deal| [(0, deal, NO_VERSION, 160); 3])
        .concat();
    let paid = |parts| {
        let mut collected = collected(&rows);
        let group = Group {
            when: Vec::new(),
            sum: vec!["amount".to_owned()],
            any: Vec::new(),
            price: Vec::new(),
            quantity: Vec::new(),
            parts,
        };
        let notes = join(&mut collected, &group, &[true]).notes;
        let Values::Long(amounts) = collected.columns.column("amount") else {
            unreachable!("amounts are longs")
        };
        (amounts.clone(), notes.len())
    };
    assert_eq!(paid(true), (vec![480, 480, 480], 0));
    assert_eq!(paid(false), (vec![160, 160, 160], 1));
}
