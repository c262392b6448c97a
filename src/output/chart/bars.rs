//! Amounts as bars, a row for each on one scale: what was usual is a tick, what is lost or gained hangs between two amounts.

use super::canvas::{WIDTH, fitting, put, sheet, text, width_of};
use crate::digest::blocks::{BarRow, Bars, Tone};
use crate::output::look::Palette;

const ROW: f64 = 46.0;
const TOP: f64 = 6.0;
const BAR: f64 = 14.0;
const RIGHT: f64 = 8.0;
/// Between a label and the amount beside it.
const GAP: f64 = 12.0;

/// Draws the rows: the label and the amount above, the bar below them.
pub(super) fn bars(chart: &Bars, ink: &Palette) -> String {
    let ends = chart
        .rows
        .iter()
        .flat_map(|row| [row.from, row.to, row.usual.unwrap_or(0.0)]);
    let ends: Vec<f64> = ends.filter(|end| end.is_finite()).collect();
    let least = ends.iter().copied().fold(0.0, f64::min);
    let most = ends.iter().copied().fold(least + 1e-9, f64::max);
    let x = |value: f64| RIGHT + (WIDTH - 2.0 * RIGHT) * (value - least) / (most - least);
    let mut svg = sheet(TOP + ROW * chart.rows.len() as f64);
    for (place, row) in chart.rows.iter().enumerate() {
        self::row(&mut svg, TOP + ROW * place as f64, row, &x, ink);
    }
    svg + "</svg>"
}

fn row(svg: &mut String, top: f64, row: &BarRow, x: &impl Fn(f64) -> f64, ink: &Palette) {
    let (colour, weight) = match row.tone {
        Tone::Bad => (&ink.bad, "700"),
        Tone::Good => (&ink.good, "700"),
        Tone::Warn | Tone::Neutral => (&ink.usual, "400"),
    };
    let style = format!(r#"fill="{}" font-weight="{weight}""#, ink.ink);
    let label = fitting(&row.label, WIDTH - 2.0 * RIGHT - GAP - width_of(&row.shown));
    text(svg, (RIGHT, top + 17.0), "start", &style, &label);
    text(svg, (WIDTH - RIGHT, top + 17.0), "end", &style, &row.shown);
    let (from, to) = (x(row.from.min(row.to)), x(row.from.max(row.to)));
    let (y, width) = (top + 24.0, (to - from).max(2.0));
    put(
        svg,
        format_args!(
            r#"<rect x="{from:.1}" y="{y:.1}" width="{width:.1}" height="{BAR}" fill="{colour}"/>"#
        ),
    );
    if let Some(usual) = row.usual {
        let (tick, y) = (x(usual), y - 3.0);
        let height = BAR + 6.0;
        let line = &ink.ink;
        put(
            svg,
            format_args!(
                r#"<path stroke="{line}" stroke-width="2.5" d="M{tick:.1} {y:.1}v{height}"/>"#
            ),
        );
    }
}
