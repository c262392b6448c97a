//! The past of the key numbers, as small bars.

use crate::config::words::{self, Key};
use crate::digest::blocks::{Cell, Spark, Tone};
use crate::digest::page::Page;
use crate::metrics::scorecard::TrendPoint;

/// The past of one number, with the tone of the last bar.
pub(in crate::digest::sections) fn past(
    page: &Page,
    value: impl Fn(&TrendPoint) -> Option<f64>,
    tone: Tone,
) -> Option<Spark> {
    Spark::of(page.digest.trend.iter().map(value).collect(), tone)
}

/// The cell with the past of a number of the table; empty where it is not kept.
pub(super) fn cell_of(page: &Page, name: Key, tone: Tone) -> Cell {
    let value: fn(&TrendPoint) -> Option<f64> = match name {
        words::metric::SESSIONS => |point| point.sessions.map(|n| n as f64),
        words::metric::INQUIRIES => |point| point.inquiries,
        words::metric::CONV1 => |point| point.conv1.value,
        words::metric::SALES_CLOSED => |point| point.sales_closed,
        _ => |_| None,
    };
    Cell::text("").sparked(past(page, value, tone))
}

/// A row's cells behind an empty one.
pub(super) fn without(bases: Vec<Cell>) -> Vec<Cell> {
    [vec![Cell::text("")], bases].concat()
}
