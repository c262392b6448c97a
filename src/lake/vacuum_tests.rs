//! Three years of weekly runs: what newer files replace goes, and what deals were is not forgotten.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, TimeDelta};
use polars::prelude::*;

use super::*;
use crate::lake::scan::{day_from_number, day_number};
use crate::lake::writer::{BatchWriter, Incoming, Telling};
use crate::model::columns::{Columns, Dictionary, Values, dictionaries};
use crate::model::tables::{DEALS, SESSIONS, TableSchema};

const WEEKS: u64 = 151;
const KEEP: TimeDelta = TimeDelta::days(190);
const DEALS_A_WEEK: u64 = 12;
/// Weeks of deals in a download.
const QUARTER: u64 = 13;
const VISITS_A_WEEK: u64 = 250;
/// A deal moves through these, a week in each.
const STAGES: [&str; 4] = ["new", "offer", "contract", "won"];

fn monday(week: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2023, 12, 25).expect("a Monday") + Days::new(7 * week)
}

fn at(day: NaiveDate) -> DateTime<Utc> {
    day.and_hms_opt(5, 0, 0).expect("a time").and_utc()
}

/// A table of rows whose fields are given by name; what is not given is absent.
fn rows(
    table: &'static TableSchema,
    count: usize,
    texts: &mut [Dictionary],
    text: impl Fn(&str, usize) -> Option<String>,
    number: impl Fn(&str, usize) -> Option<i64>,
) -> Columns {
    let mut columns = Columns::empty(table);
    for (field, (values, texts)) in table
        .fields
        .iter()
        .zip(columns.values.iter_mut().zip(texts))
    {
        for row in 0..count {
            match (&mut *values, number(field.name, row)) {
                (Values::Text(codes), _) => {
                    let text = text(field.name, row).unwrap_or_default();
                    codes.push(texts.code(text.as_bytes()).expect("text"));
                }
                (Values::Key(list), Some(number)) => list.push(number.unsigned_abs()),
                (Values::Long(list), Some(number)) => list.push(number),
                (Values::Day(list), Some(number)) => list.push(number as i32),
                (Values::Count(list), Some(number)) => list.push(number as u32),
                (Values::Flag(list), Some(number)) => list.push(number as u8),
                (values, None) => values.push_absent(1),
            }
        }
    }
    columns
}

fn take_in(
    lake: &mut Lake,
    table: &'static TableSchema,
    now: DateTime<Utc>,
    columns: impl FnOnce(&mut [Dictionary]) -> Columns,
) {
    let incoming = Incoming {
        export: table.name.to_owned(),
        files: vec![Telling::default()],
        complete: false,
    };
    let mut texts = dictionaries(table);
    let columns = columns(&mut texts);
    let mut writer = BatchWriter::new(lake, table, incoming, now).expect("a batch");
    writer.add(0, &columns, &mut texts).expect("rows are taken");
    let written = writer.finish(&texts).expect("the batch is written");
    let committed = written.commit(lake, (table, table.name, "UTC"), &[], &[], now);
    committed.expect("the batch is committed");
}

/// The stage of a deal of some week as it is in a later one, and since when.
fn state(entered: u64, week: u64) -> (&'static str, NaiveDate) {
    let moved = (week - entered).min(STAGES.len() as u64 - 1);
    (STAGES[moved as usize], monday(entered + moved))
}

/// The deals of the last quarter, as the CRM has them at the end of a week.
fn deals(week: u64, texts: &mut [Dictionary]) -> Columns {
    let first = week.saturating_sub(QUARTER);
    let deal = |row: usize| first * DEALS_A_WEEK + row as u64;
    let entered = |row: usize| deal(row) / DEALS_A_WEEK;
    let ms = |day: NaiveDate| i64::from(day_number(day)) * 86_400_000;
    let count = ((week + 1 - first) * DEALS_A_WEEK) as usize;
    let text = |name: &str, row: usize| match name {
        "deal_id" => Some(deal(row).to_string()),
        "stage" => Some(state(entered(row), week).0.to_owned()),
        "manager" => Some("Anna".to_owned()),
        _ => None,
    };
    let number = |name: &str, row: usize| match name {
        "day" => Some(i64::from(day_number(monday(entered(row))))),
        "created_at" => Some(ms(monday(entered(row)))),
        "updated_at" => Some(ms(state(entered(row), week).1)),
        "amount" => Some(100 * deal(row) as i64),
        _ => None,
    };
    rows(&DEALS, count, texts, text, number)
}

fn visits(week: u64, texts: &mut [Dictionary]) -> Columns {
    let day = |row: usize| i64::from(day_number(monday(week))) + row as i64 % 7;
    let text = |name: &str, row: usize| match name {
        "landing" => Some(format!("/page-{}", row % 30)),
        "city" => Some(format!("city {}", row % 9)),
        _ => None,
    };
    let number = |name: &str, row: usize| match name {
        "session_id" => Some((week * VISITS_A_WEEK) as i64 + row as i64 + 1),
        "client" => Some(1 + (week as i64 * 7919 + row as i64 * 104_729) % 50_021),
        "day" => Some(day(row)),
        "start_at" => Some(day(row) * 86_400_000 + row as i64 * 1000),
        _ => None,
    };
    rows(&SESSIONS, VISITS_A_WEEK as usize, texts, text, number)
}

/// Deals with their stages and since when, as earlier files and the live ones tell them.
fn told(lake: &Lake) -> BTreeSet<(String, String, Option<i64>)> {
    let now = DateTime::<Utc>::MAX_UTC;
    let (from, to) = (day_from_number(0), day_from_number(40_000));
    let live = lake.scan(&DEALS, now, from, to).expect("the lake is read");
    let earlier = lake.scan_replaced(&DEALS, now).expect("the lake is read");
    let mut told = BTreeSet::new();
    for frame in [live, earlier].into_iter().flatten() {
        let wanted = [
            col("deal_id").cast(DataType::String),
            col("stage").cast(DataType::String),
            col("updated_at").to_physical(),
        ];
        let frame = frame.select(wanted).collect().expect("deals");
        let text = |name: &str| {
            frame
                .column(name)
                .expect("a column")
                .str()
                .expect("texts")
                .clone()
        };
        let since = frame
            .column("updated_at")
            .expect("times")
            .i64()
            .expect("numbers")
            .clone();
        let (ids, stages) = (text("deal_id"), text("stage"));
        for ((id, stage), since) in ids.iter().zip(stages.iter()).zip(since.iter()) {
            let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
            told.insert((text(id), text(stage), since));
        }
    }
    told
}

/// Files of the lake that are replaced and kept, and the bytes of all files against those of the live ones.
fn replaced(lake: &Lake) -> (usize, f64) {
    let sql =
        |condition: &str| format!("SELECT path, cube FROM parts WHERE removed_at {condition}");
    let bytes = |paths: &[String]| -> u64 {
        let sizes = paths
            .iter()
            .map(|path| std::fs::metadata(lake.dir.join(path)));
        sizes
            .map(|file| file.expect("a file of the lake").len())
            .sum()
    };
    let connection = lake.catalog.connection();
    let live = paths_of(connection, &sql("IS NULL"), []).expect("live files");
    let dead = paths_of(connection, &sql("IS NOT NULL"), []).expect("replaced files");
    let (live, dead_bytes) = (bytes(&live) as f64, bytes(&dead) as f64);
    (dead.len(), (live + dead_bytes) / live)
}

#[test]
fn three_years_of_weekly_runs_leave_little_more_than_is_live() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut lake = Lake::open(folder.path()).expect("a lake");
    let mut all = BTreeSet::new();
    let mut kept = Vec::new();
    for week in 0..WEEKS {
        let now = at(monday(week + 1));
        take_in(&mut lake, &SESSIONS, now, |texts| visits(week, texts));
        take_in(&mut lake, &DEALS, now, |texts| deals(week, texts));
        lake.vacuum(now - KEEP).expect("replaced files go");
        kept.push(replaced(&lake).0);
        for deal in 0..(week + 1) * DEALS_A_WEEK {
            let (stage, since) = state(deal / DEALS_A_WEEK, week);
            let since = i64::from(day_number(since)) * 86_400_000;
            all.insert((deal.to_string(), stage.to_owned(), Some(since)));
        }
    }
    // In the first half year nothing is old enough; from then on as much goes as comes.
    let (half_year, last) = (kept[30], kept[WEEKS as usize - 1]);
    assert!(half_year > 0 && last <= half_year + 4, "{kept:?}");
    let (_, share) = replaced(&lake);
    assert!(share < 1.3, "{share}");
    assert_eq!(
        told(&lake),
        all,
        "every stage that any export told is known"
    );
    assert_eq!(
        lake.verify(DateTime::<Utc>::MAX_UTC).expect("the catalog"),
        Vec::<String>::new()
    );
}

#[test]
fn a_vacuum_that_removes_nothing_forgets_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut lake = Lake::open(folder.path()).expect("a lake");
    for week in 0..3 {
        take_in(&mut lake, &DEALS, at(monday(week + 1)), |texts| {
            deals(week, texts)
        });
    }
    let horizon = at(monday(1)) - TimeDelta::days(1);
    assert!(!lake.has_replaced_by(horizon).expect("the catalog"));
    assert_eq!(lake.vacuum(horizon).expect("a vacuum"), Vacuumed::default());
    assert_eq!(lake.horizon().expect("the catalog"), None);
    // What the first two downloads said goes, and is told all the same.
    let before = told(&lake);
    let vacuumed = lake.vacuum(at(monday(9))).expect("a vacuum");
    assert!(vacuumed.files > 0, "{vacuumed:?}");
    assert_eq!(told(&lake), before);
}
