//! Changes with their intervals, a row for each on one scale: filled where beyond noise, hollow where not.

use super::canvas::{WIDTH, centred, put, sheet, text};
use crate::digest::blocks::{IntervalRow, Intervals, Tone};
use crate::output::look::Palette;

const ROW: f64 = 30.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 34.0;
const LEFT: f64 = 176.0;
const RIGHT: f64 = 116.0;

/// Where changes lie on the picture: zero in the middle.
struct Frame {
    widest: f64,
}

impl Frame {
    fn of(chart: &Intervals) -> Self {
        let ends = chart
            .rows
            .iter()
            .flat_map(|row| [row.low.abs(), row.high.abs(), row.value.abs()]);
        Self {
            widest: ends.filter(|end| end.is_finite()).fold(1e-9, f64::max) * 1.04,
        }
    }

    fn x(&self, value: f64) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * (0.5 + value / (2.0 * self.widest))
    }
}

/// Draws the rows; the last one is the total.
pub(super) fn intervals(chart: &Intervals, ink: &Palette) -> String {
    let frame = Frame::of(chart);
    let floor = TOP + ROW * chart.rows.len() as f64;
    let mut svg = sheet(floor + BOTTOM);
    for (value, label) in &chart.ticks {
        let x = frame.x(*value);
        let (line, width) = if *value == 0.0 {
            (&ink.ink, 1.5)
        } else {
            (&ink.chart_grid, 1.0)
        };
        put(
            &mut svg,
            format_args!(
                r#"<path stroke="{line}" stroke-width="{width}" d="M{x:.1} {TOP}V{floor:.1}"/>"#
            ),
        );
        let place = (centred(x, label), floor + 22.0);
        text(
            &mut svg,
            place,
            "middle",
            &format!(r#"fill="{}""#, ink.sub),
            label,
        );
    }
    for (place, row) in chart.rows.iter().enumerate() {
        self::row(&mut svg, &frame, TOP + ROW * (place as f64 + 0.5), row, ink);
    }
    svg + "</svg>"
}

fn row(svg: &mut String, frame: &Frame, y: f64, row: &IntervalRow, ink: &Palette) {
    let colour = match row.tone {
        Tone::Bad => &ink.bad,
        Tone::Good => &ink.good,
        Tone::Warn | Tone::Neutral => &ink.sub,
    };
    let is_sure = matches!(row.tone, Tone::Bad | Tone::Good);
    let weight = if is_sure { "700" } else { "400" };
    let style = format!(r#"fill="{}" font-weight="{weight}""#, ink.ink);
    text(svg, (LEFT - 12.0, y + 6.0), "end", &style, &row.label);
    let (low, high, stroke) = (
        frame.x(row.low),
        frame.x(row.high),
        if is_sure { 4.0 } else { 2.0 },
    );
    put(
        svg,
        format_args!(
            r#"<path stroke="{colour}" stroke-width="{stroke}" stroke-linecap="round" d="M{low:.1} {y:.1}H{high:.1}"/>"#
        ),
    );
    let (x, fill) = (frame.x(row.value), if is_sure { colour } else { &ink.card });
    put(
        svg,
        format_args!(
            r#"<circle cx="{x:.1}" cy="{y:.1}" r="6" fill="{fill}" stroke="{colour}" stroke-width="2"/>"#
        ),
    );
    let style = format!(r#"fill="{colour}" font-weight="{weight}""#);
    text(svg, (WIDTH - 8.0, y + 6.0), "end", &style, &row.shown);
}
