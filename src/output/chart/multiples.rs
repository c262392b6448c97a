//! Small pictures of the past, two in a row, each on a scale of its own: the shape tells, the number stands beside it.

use super::canvas::{WIDTH, fitting, put, sheet, text, width_of};
use crate::digest::blocks::{Multiples, Panel, Tone};
use crate::output::look::Palette;

const COLUMNS: usize = 2;
const GAP: f64 = 20.0;
const EDGE: f64 = 8.0;
const TALL: f64 = 76.0;
const BARS: f64 = 40.0;

/// Draws the panels.
pub(super) fn multiples(chart: &Multiples, ink: &Palette) -> String {
    let rows = chart.panels.len().div_ceil(COLUMNS);
    let mut svg = sheet(EDGE + TALL * rows as f64);
    let width = (WIDTH - 2.0 * EDGE - GAP) / COLUMNS as f64;
    for (place, panel) in chart.panels.iter().enumerate() {
        let left = EDGE + (width + GAP) * (place % COLUMNS) as f64;
        let top = EDGE + TALL * (place / COLUMNS) as f64;
        self::panel(&mut svg, (left, top), width, panel, ink);
    }
    svg + "</svg>"
}

fn panel(svg: &mut String, (left, top): (f64, f64), width: f64, panel: &Panel, ink: &Palette) {
    let (colour, weight) = match panel.tone {
        Tone::Bad => (&ink.bad, "700"),
        Tone::Good => (&ink.good, "700"),
        Tone::Warn | Tone::Neutral => (&ink.chart_line, "400"),
    };
    let name = fitting(&panel.label, width - GAP / 2.0 - width_of(&panel.shown));
    text(
        svg,
        (left, top + 15.0),
        "start",
        &format!(r#"fill="{}""#, ink.ink),
        &name,
    );
    let style = format!(r#"fill="{}" font-weight="{weight}""#, ink.ink);
    text(svg, (left + width, top + 15.0), "end", &style, &panel.shown);
    let values = panel.values.iter().flatten().copied();
    let most = values
        .chain(panel.usual.map(|usual| usual.1))
        .fold(1.0, f64::max);
    let floor = top + 22.0 + BARS;
    let step = width / panel.values.len().max(1) as f64;
    band(svg, panel, (left, floor), (step, most), ink);
    for (place, value) in panel.values.iter().enumerate() {
        let Some(value) = value else { continue };
        let is_last = place + 1 == panel.values.len();
        let fill = if is_last { colour } else { &ink.usual };
        let tall = (BARS * value.max(0.0) / most).max(1.5);
        let (x, y, wide) = (left + step * place as f64 + 1.0, floor - tall, step - 2.0);
        put(
            svg,
            format_args!(
                r#"<rect x="{x:.1}" y="{y:.1}" width="{wide:.1}" height="{tall:.1}" fill="{fill}"/>"#
            ),
        );
    }
}

/// The range that the last number was to be expected in, behind its bar.
fn band(
    svg: &mut String,
    panel: &Panel,
    (left, floor): (f64, f64),
    (step, most): (f64, f64),
    ink: &Palette,
) {
    let Some((low, high)) = panel.usual else {
        return;
    };
    let y = |value: f64| floor - BARS * value.clamp(0.0, most) / most;
    let x = left + step * panel.values.len().saturating_sub(1) as f64 - 2.0;
    let (top, tall, wide) = (y(high), y(low) - y(high), step + 4.0);
    let fill = &ink.chart_band;
    put(
        svg,
        format_args!(
            r#"<rect x="{x:.1}" y="{top:.1}" width="{wide:.1}" height="{tall:.1}" fill="{fill}"/>"#
        ),
    );
}
