//! Counts by day as bars, over the band of what was expected; the fault begins at a line with its name.

use super::canvas::{WIDTH, centred, put, sheet, text, width_of};
use crate::digest::blocks::{DailyChart, DayMark};
use crate::output::look::{Colour, Palette};

const HEIGHT: f64 = 250.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 42.0;
/// Share of a day's width that its bar takes.
const BAR: f64 = 0.62;

/// Where days and counts lie on the picture.
struct Frame {
    most: f64,
    day: f64,
}

impl Frame {
    fn of(chart: &DailyChart) -> Self {
        let values = chart
            .points
            .iter()
            .map(|mark| mark.observed.max(mark.usual.1));
        let most = values
            .chain(chart.ticks.iter().map(|(value, _)| *value))
            .fold(1.0, f64::max);
        Self {
            most,
            day: (WIDTH - LEFT - RIGHT) / chart.points.len().max(1) as f64,
        }
    }

    fn x(&self, place: f64) -> f64 {
        LEFT + self.day * place
    }

    fn y(&self, value: f64) -> f64 {
        TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - value.max(0.0) / self.most)
    }
}

/// Draws the days: before the period pale, in it dark.
pub(super) fn daily(chart: &DailyChart, ink: &Palette) -> String {
    let frame = Frame::of(chart);
    let mut svg = sheet(HEIGHT);
    band(&mut svg, &frame, &chart.points, ink);
    for (value, label) in &chart.ticks {
        let y = frame.y(*value);
        let grid = &ink.chart_grid;
        put(
            &mut svg,
            format_args!(
                r#"<path stroke="{grid}" d="M{LEFT} {y:.1}H{}"/>"#,
                WIDTH - RIGHT
            ),
        );
        text(
            &mut svg,
            (LEFT - 8.0, y + 6.0),
            "end",
            &format!(r#"fill="{}""#, ink.sub),
            label,
        );
    }
    for (place, mark) in chart.points.iter().enumerate() {
        bar(&mut svg, &frame, place, mark, fill(chart, place, ink));
    }
    expected(&mut svg, &frame, &chart.points, ink);
    axis(&mut svg, &frame, chart, ink);
    fault(&mut svg, &frame, chart, ink);
    let label = format!("– – {}", chart.expected_label);
    let (at, anchor) = Heads::of(&frame, chart, &label).expected;
    text(
        &mut svg,
        (at, 20.0),
        anchor,
        &format!(r#"fill="{}""#, ink.sub),
        &label,
    );
    svg + "</svg>"
}

/// Least room between two labels.
const GAP: f64 = 12.0;

/// Where a label above the picture stands, and which of its ends that is.
type Place = (f64, &'static str);

/// The two labels above the picture: that of the line of what was expected, and that of the fault at its own line.
struct Heads {
    expected: Place,
    fault: Option<Place>,
}

impl Heads {
    /// The first stands on the left; where the fault is in its way, on the right; where it is there too, the fault makes room.
    fn of(frame: &Frame, chart: &DailyChart, expected: &str) -> Self {
        let on_left = (LEFT, "start");
        let named = chart.start.as_ref().filter(|(_, label)| !label.is_empty());
        let Some((place, label)) = named else {
            return Self {
                expected: on_left,
                fault: None,
            };
        };
        let x = frame.x(*place);
        let fault = match x + width_of(label) > WIDTH {
            true => (x.min(WIDTH - 2.0), "end"),
            false => (x.max(LEFT), "start"),
        };
        let (left, right) = match fault {
            (at, "end") => (at - width_of(label), at),
            (at, _) => (at, at + width_of(label)),
        };
        let free_from = LEFT + width_of(expected) + GAP;
        let (expected, fault) = if left >= free_from {
            (on_left, fault)
        } else if right + GAP + width_of(expected) <= WIDTH - RIGHT {
            ((WIDTH - RIGHT, "end"), fault)
        } else {
            (on_left, (free_from, "start"))
        };
        let fault = Some(fault);
        Self { expected, fault }
    }
}

/// The range of ordinary days, a step for each.
fn band(svg: &mut String, frame: &Frame, points: &[DayMark], ink: &Palette) {
    for (place, mark) in points.iter().enumerate() {
        let (x, top, bottom) = (
            frame.x(place as f64),
            frame.y(mark.usual.1),
            frame.y(mark.usual.0),
        );
        let (width, height, fill) = (frame.day + 0.3, (bottom - top).max(0.0), &ink.chart_band);
        put(
            svg,
            format_args!(
                r#"<rect x="{x:.1}" y="{top:.1}" width="{width:.1}" height="{height:.1}" fill="{fill}"/>"#
            ),
        );
    }
}

/// Days of the fault have its colour, the others of the period that of the period.
fn fill<'i>(chart: &DailyChart, place: usize, ink: &'i Palette) -> &'i Colour {
    let noon = place as f64 + 0.5;
    let end = chart.end.unwrap_or(f64::INFINITY);
    let start = chart.start.as_ref().map(|(start, _)| *start);
    match start {
        Some(start) if noon > start && noon < end => &ink.bad,
        _ if place >= chart.period_from => &ink.chart_line,
        _ => &ink.usual,
    }
}

fn bar(svg: &mut String, frame: &Frame, place: usize, mark: &DayMark, fill: &Colour) {
    let x = frame.x(place as f64 + (1.0 - BAR) / 2.0);
    let (y, floor) = (frame.y(mark.observed), frame.y(0.0));
    // A day without any is a mark on the floor, not nothing.
    let height = (floor - y).max(2.0);
    let width = frame.day * BAR;
    put(
        svg,
        format_args!(
            r#"<rect x="{x:.1}" y="{:.1}" width="{width:.1}" height="{height:.1}" fill="{fill}"/>"#,
            floor - height
        ),
    );
}

/// What was expected, as a dashed staircase over the bars.
fn expected(svg: &mut String, frame: &Frame, points: &[DayMark], ink: &Palette) {
    let steps: String = points
        .iter()
        .enumerate()
        .map(|(place, mark)| {
            let (from, to, y) = (
                frame.x(place as f64),
                frame.x(place as f64 + 1.0),
                frame.y(mark.expected),
            );
            format!("{from:.1},{y:.1} {to:.1},{y:.1} ")
        })
        .collect();
    let (line, steps) = (&ink.ink, steps.trim_end());
    put(
        svg,
        format_args!(
            r#"<polyline fill="none" stroke="{line}" stroke-width="1.6" stroke-dasharray="5 4" points="{steps}"/>"#
        ),
    );
}

/// The first day, the first of the period and the last, as far as their labels leave room.
fn axis(svg: &mut String, frame: &Frame, chart: &DailyChart, ink: &Palette) {
    let last = chart.points.len() - 1;
    let mut taken = f64::NEG_INFINITY;
    for place in [0, chart.period_from, last] {
        let label = &chart.points[place].label;
        let (x, half) = (
            centred(frame.x(place as f64 + 0.5), label),
            width_of(label) / 2.0,
        );
        if x - half < taken {
            continue;
        }
        taken = x + half + 6.0;
        text(
            svg,
            (x, HEIGHT - 14.0),
            "middle",
            &format!(r#"fill="{}""#, ink.sub),
            label,
        );
    }
}

/// Where it began, and where it ended.
fn fault(svg: &mut String, frame: &Frame, chart: &DailyChart, ink: &Palette) {
    let (bad, floor) = (&ink.bad, frame.y(0.0));
    if let Some(place) = chart.end {
        let x = frame.x(place);
        put(
            svg,
            format_args!(
                r#"<path stroke="{bad}" stroke-width="2" stroke-dasharray="2 4" d="M{x:.1} {TOP}V{floor:.1}"/>"#
            ),
        );
    }
    let Some((place, label)) = &chart.start else {
        return;
    };
    let x = frame.x(*place);
    put(
        svg,
        format_args!(r#"<path stroke="{bad}" stroke-width="2" d="M{x:.1} 26V{floor:.1}"/>"#),
    );
    let expected = format!("– – {}", chart.expected_label);
    let Some((at, anchor)) = Heads::of(frame, chart, &expected).fault else {
        return;
    };
    text(
        svg,
        (at, 20.0),
        anchor,
        &format!(r#"fill="{bad}" font-weight="700""#),
        label,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(start: f64) -> DailyChart {
        let mark = DayMark {
            label: "9 ноя".to_owned(),
            observed: 3.0,
            expected: 3.0,
            usual: (1.0, 6.0),
        };
        DailyChart {
            points: vec![mark; 28],
            period_from: 21,
            start: Some((start, "С 15 сентября 09:00".to_owned())),
            end: None,
            expected_label: "ожидалось".to_owned(),
            ticks: Vec::new(),
        }
    }

    #[test]
    fn the_label_of_the_line_makes_room_for_that_of_the_fault() {
        let span = |(at, anchor): Place, label: &str| match anchor {
            "end" => (at - width_of(label), at),
            _ => (at, at + width_of(label)),
        };
        for start in 0..28 {
            let chart = chart(f64::from(start));
            let label = "– – ожидалось";
            let heads = Heads::of(&Frame::of(&chart), &chart, label);
            let expected = span(heads.expected, label);
            let fault = span(heads.fault.expect("a fault"), "С 15 сентября 09:00");
            let are_apart = expected.1 < fault.0 || fault.1 < expected.0;
            assert!(are_apart, "{start}: {expected:?} {fault:?}");
            assert!(fault.1 <= WIDTH && fault.0 >= 0.0, "{start}: {fault:?}");
        }
    }
}
