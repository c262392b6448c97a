//! The daily cube of a part of sessions: what was counted of each day by device, by page and by place, written beside the part
//! so that a year of them is a small read. Which goals mean what is in the pipeline and may change: lists of goals are kept.

mod count;

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::*;

use super::Lake;
use super::catalog::Part;
use super::scan::day_number;
use crate::model::tables::{ColumnKind, Field, Replace, SESSIONS, TableSchema};

pub(super) use self::count::count;

/// Grows when a cube's meaning changes: cubes of other versions are passed over and their rows are read.
pub const VERSION: u32 = 1;

/// What the rows of a cube are told apart by beside their day and goals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By origin and device.
    Device,
    /// By landing page.
    Page,
    /// By origin, city and country.
    Region,
}

impl Way {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Device, Self::Page, Self::Region];

    /// The number in the column `way`.
    pub fn number(self) -> u32 {
        self as u32
    }
}

const fn field(name: &'static str, kind: ColumnKind) -> Field {
    Field {
        name,
        kind,
        required: false,
    }
}

/// The columns of a cube. Texts by which a row is not told apart are absent in it.
pub const CUBE: TableSchema = TableSchema {
    name: "cubes",
    fields: &[
        field("way", ColumnKind::Count),
        field("day", ColumnKind::Day),
        field("origin", ColumnKind::Count),
        field("device", ColumnKind::Text),
        field("landing", ColumnKind::Text),
        field("city", ColumnKind::Text),
        field("country", ColumnKind::Text),
        field("goals", ColumnKind::Text),
        field("sessions", ColumnKind::Count),
        field("bounces", ColumnKind::Count),
        field("instant", ColumnKind::Count),
        field("newcomers", ColumnKind::Count),
        field("doubled", ColumnKind::Count),
        field("seconds", ColumnKind::Money),
    ],
    key: &[],
    replace: Replace::Row,
    time: None,
    day: "day",
    version: None,
};

/// Where the cube of a part of sessions lies, relative to the lake.
pub fn path_of(part: &str) -> String {
    let within = part.strip_prefix(SESSIONS.name).unwrap_or(part);
    format!("{}{within}", CUBE.name)
}

/// Sessions of a span of days: counted where one part alone tells of a day and has a cube, else single.
pub struct Daily {
    /// Rows of cubes.
    pub cubes: Option<LazyFrame>,
    /// Rows of sessions, in the order of the lake.
    pub rows: Option<LazyFrame>,
}

impl Lake {
    /// The sessions of a span of days, each day either counted or single.
    ///
    /// Two parts of one day may hold the same visit twice, which only its rows tell: such days are read from them, as are
    /// those of parts that were written before there were cubes.
    ///
    /// # Errors
    /// When the catalog or a file's schema cannot be read.
    pub fn daily(&self, as_of: DateTime<Utc>, from: NaiveDate, to: NaiveDate) -> Result<Daily> {
        let parts = self.parts_of(&SESSIONS, as_of, from, to)?;
        let of_day = |day: i32| {
            let mut holding = parts.iter().filter(move |part| holds(part, day));
            (holding.next(), holding.next())
        };
        let is_counted = |day: i32| matches!(of_day(day), (Some(part), None) if part.has_cube);
        let days = day_number(from)..=day_number(to);
        let (counted, single): (Vec<i32>, Vec<i32>) = days.partition(|day| is_counted(*day));
        let holding = |days: &[i32]| -> Vec<Part> {
            let mut holding = parts.clone();
            holding.retain(|part| days.iter().any(|day| holds(part, *day)));
            holding
        };
        let rows = self.scan_parts(&SESSIONS, &holding(&single))?;
        let cubes = self.scan_cubes(&holding(&counted))?;
        Ok(Daily {
            cubes: cubes.map(|frame| frame.filter(is_among(&counted))),
            rows: rows.map(|frame| frame.filter(is_among(&single))),
        })
    }

    /// Rows of one export of sessions by day, as numbers of the lake: of parts without a cube from their rows. An export's parts
    /// never hold the same visit twice, so that all of them add up.
    ///
    /// # Errors
    /// When the catalog or a file cannot be read.
    pub fn sessions_by_day(
        &self,
        export: &str,
        as_of: DateTime<Utc>,
    ) -> Result<BTreeMap<i32, u32>> {
        let mut parts = self.catalog.parts(SESSIONS.name, as_of)?;
        parts.retain(|part| part.export == export);
        let (counted, single): (Vec<Part>, Vec<Part>) =
            parts.into_iter().partition(|part| part.has_cube);
        let is_one_way = col("way").eq(lit(Way::Device.number()));
        let cubes = self.scan_cubes(&counted)?;
        let cubes = cubes.map(|cubes| (cubes.filter(is_one_way), col("sessions").sum()));
        let rows = self.scan_parts(&SESSIONS, &single)?;
        let rows = rows.map(|rows| (rows, len()));
        let mut by_day = BTreeMap::new();
        for (frame, counted) in cubes.into_iter().chain(rows) {
            let day = col(SESSIONS.day).to_physical().alias("day");
            let rows = counted.cast(DataType::UInt32).alias("rows");
            let counted = frame.group_by([day]).agg([rows]).collect()?;
            let (days, rows) = (
                counted.column("day")?.i32()?,
                counted.column("rows")?.u32()?,
            );
            for (day, rows) in days.iter().zip(rows.iter()) {
                *by_day.entry(day.unwrap_or(0)).or_default() += rows.unwrap_or(0);
            }
        }
        Ok(by_day)
    }

    /// The cubes of parts that have one.
    ///
    /// # Errors
    /// When a file's schema cannot be read.
    pub fn scan_cubes(&self, parts: &[Part]) -> Result<Option<LazyFrame>> {
        let mut cubes = parts.to_vec();
        cubes.retain(|part| part.has_cube);
        for part in &mut cubes {
            part.path = path_of(&part.path);
        }
        self.scan_parts(&CUBE, &cubes)
    }
}

fn holds(part: &Part, day: i32) -> bool {
    (part.min_day..=part.max_day).contains(&day)
}

/// Whether a row's day is among these, which are in order: asked by runs of days, of which there are few.
fn is_among(days: &[i32]) -> Expr {
    let mut runs: Vec<(i32, i32)> = Vec::new();
    for &day in days {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == day => *last = day,
            _ => runs.push((day, day)),
        }
    }
    let date = |day: i32| lit(super::scan::day_from_number(day));
    let day = || col(SESSIONS.day);
    let within = |(first, last): (i32, i32)| day().gt_eq(date(first)).and(day().lt_eq(date(last)));
    let runs = runs.into_iter().map(within);
    runs.reduce(Expr::or).unwrap_or_else(|| lit(false))
}
