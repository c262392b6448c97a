//! Counts by day and hour as a grid: darker is more, the hours of the fault are framed.

use super::canvas::{WIDTH, put, sheet, text};
use crate::digest::blocks::{HourGrid, HourRow};
use crate::output::look::Palette;

const ROW: f64 = 20.0;
const TOP: f64 = 6.0;
const BOTTOM: f64 = 30.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 6.0;
const HOURS: usize = 24;
/// Hours that the axis names.
const NAMED: [usize; 4] = [0, 6, 12, 18];

fn x(hour: usize) -> f64 {
    LEFT + (WIDTH - LEFT - RIGHT) * hour as f64 / HOURS as f64
}

/// Draws the days, oldest above.
pub(super) fn hours(grid: &HourGrid, ink: &Palette) -> String {
    let height = TOP + ROW * grid.rows.len() as f64;
    let mut svg = sheet(height + BOTTOM);
    let most = grid.rows.iter().flat_map(|row| &row.counts).max();
    let most = most.copied().unwrap_or(1).max(1);
    for (place, row) in grid.rows.iter().enumerate() {
        let top = TOP + ROW * place as f64;
        let style = format!(r#"fill="{}""#, ink.sub);
        text(
            &mut svg,
            (LEFT - 8.0, top + 15.0),
            "end",
            &style,
            &row.label,
        );
        cells(&mut svg, top, row, most, ink);
    }
    // The frames come last, so that no cell covers them.
    for (place, row) in grid.rows.iter().enumerate() {
        frame(&mut svg, TOP + ROW * place as f64, row, ink);
    }
    for hour in NAMED {
        let style = format!(r#"fill="{}""#, ink.sub);
        let at = (x(hour), height + 20.0);
        text(&mut svg, at, "start", &style, &format!("{hour}:00"));
    }
    svg + "</svg>"
}

fn cells(svg: &mut String, top: f64, row: &HourRow, most: u32, ink: &Palette) {
    for (hour, count) in row.counts.iter().enumerate() {
        let (left, width) = (x(hour), x(hour + 1) - x(hour) - 1.5);
        let fill = if *count == 0 {
            &ink.chart_grid
        } else {
            &ink.chart_line
        };
        // One call must be told from none at a glance.
        let shade = match *count {
            0 => 0.6,
            count => 0.35 + 0.65 * f64::from(count) / f64::from(most),
        };
        let tall = ROW - 2.5;
        put(
            svg,
            format_args!(
                r#"<rect x="{left:.1}" y="{top:.1}" width="{width:.1}" height="{tall}" fill="{fill}" fill-opacity="{shade:.2}"/>"#
            ),
        );
    }
}

fn frame(svg: &mut String, top: f64, row: &HourRow, ink: &Palette) {
    let Some((from, to)) = row.fault else {
        return;
    };
    let (left, width) = (x(from) - 1.0, x(to.min(HOURS)) - x(from) + 0.5);
    let (top, tall, bad) = (top - 1.0, ROW - 0.5, &ink.bad);
    put(
        svg,
        format_args!(
            r#"<rect x="{left:.1}" y="{top:.1}" width="{width:.1}" height="{tall}" fill="none" stroke="{bad}" stroke-width="2"/>"#
        ),
    );
}
