//! The trend: the range that was usual, the year before, this year with its last point named.

use super::canvas::{WIDTH, dot, put, sheet, text, width_of};
use crate::digest::blocks::{Tone, Trend, TrendMark};
use crate::output::look::Palette;

const HEIGHT: f64 = 244.0;
const LEFT: f64 = 72.0;
const RIGHT: f64 = 92.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 44.0;

/// Where values and points lie on the picture.
struct Frame {
    least: f64,
    most: f64,
    count: usize,
}

impl Frame {
    fn of(trend: &Trend) -> Self {
        let points = trend.points.iter();
        let values = points.flat_map(|mark| {
            [
                mark.value,
                mark.last_year,
                mark.usual.map(|b| b.0),
                mark.usual.map(|b| b.1),
            ]
        });
        let values: Vec<f64> = values.flatten().filter(|value| value.is_finite()).collect();
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let air = ((most - least) * 0.12).max(1e-6);
        Self {
            least: least - air,
            most: most + air,
            count: trend.points.len(),
        }
    }

    fn x(&self, place: usize) -> f64 {
        let steps = self.count.saturating_sub(1).max(1) as f64;
        LEFT + 14.0 + (WIDTH - LEFT - RIGHT - 28.0) * place as f64 / steps
    }

    fn y(&self, value: f64) -> f64 {
        let height = HEIGHT - TOP - BOTTOM;
        TOP + height * (1.0 - (value - self.least) / (self.most - self.least))
    }
}

/// The trend: band of the usual range, last year dashed, this year with its last point marked and named.
pub(super) fn trend(trend: &Trend, ink: &Palette) -> String {
    let frame = Frame::of(trend);
    let mut svg = sheet(HEIGHT);
    let usual: Vec<_> = runs(&trend.points, |mark| mark.usual);
    for run in &usual {
        band(&mut svg, &frame, run, ink);
    }
    for (value, label) in &trend.ticks {
        tick(&mut svg, &frame, *value, label, ink);
    }
    for run in runs(&trend.points, |mark| mark.last_year) {
        line(
            &mut svg,
            &frame,
            &run,
            &format!(
                r#"stroke="{past}" stroke-width="2" stroke-dasharray="7 5""#,
                past = ink.chart_past
            ),
        );
    }
    for run in runs(&trend.points, |mark| mark.value) {
        line(
            &mut svg,
            &frame,
            &run,
            &format!(
                r#"stroke="{line}" stroke-width="3.5" stroke-linejoin="round""#,
                line = ink.chart_line
            ),
        );
        for (place, value) in &run {
            dot(
                &mut svg,
                (frame.x(*place), frame.y(*value)),
                3.2,
                &ink.chart_line,
            );
        }
    }
    labels(&mut svg, &frame, trend, usual.first(), ink);
    svg + "</svg>"
}

/// Unbroken runs of present values with their places.
fn runs<T: Copy>(
    points: &[TrendMark],
    value: impl Fn(&TrendMark) -> Option<T>,
) -> Vec<Vec<(usize, T)>> {
    let mut runs: Vec<Vec<(usize, T)>> = vec![Vec::new()];
    for (place, mark) in points.iter().enumerate() {
        match (value(mark), runs.last_mut()) {
            (Some(value), Some(run)) => run.push((place, value)),
            _ => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

fn band(svg: &mut String, frame: &Frame, run: &[(usize, (f64, f64))], ink: &Palette) {
    let edge =
        |(place, value): (usize, f64)| format!("{:.1},{:.1} ", frame.x(place), frame.y(value));
    let above = run.iter().map(|(place, ends)| edge((*place, ends.1)));
    let below = run.iter().rev().map(|(place, ends)| edge((*place, ends.0)));
    let points: String = above.chain(below).collect();
    put(
        svg,
        format_args!(
            r#"<polygon fill="{band}" points="{}"/>"#,
            points.trim_end(),
            band = ink.chart_band
        ),
    );
}

fn tick(svg: &mut String, frame: &Frame, value: f64, label: &str, ink: &Palette) {
    let y = frame.y(value);
    let (start, end) = (LEFT, WIDTH - RIGHT);
    put(
        svg,
        format_args!(
            r#"<path stroke="{grid}" stroke-width="1" d="M{start} {y:.1}H{end}"/>"#,
            grid = ink.chart_grid
        ),
    );
    text(
        svg,
        (LEFT - 8.0, y + 6.0),
        "end",
        &format!(r#"fill="{sub}""#, sub = ink.sub),
        label,
    );
}

fn line(svg: &mut String, frame: &Frame, run: &[(usize, f64)], style: &str) {
    let points: String = run
        .iter()
        .map(|(place, value)| format!("{:.1},{:.1} ", frame.x(*place), frame.y(*value)))
        .collect();
    put(
        svg,
        format_args!(
            r#"<polyline fill="none" {style} points="{}"/>"#,
            points.trim_end()
        ),
    );
}

/// The names of things stand beside them: no legend.
fn labels(
    svg: &mut String,
    frame: &Frame,
    trend: &Trend,
    band: Option<&Vec<(usize, (f64, f64))>>,
    ink: &Palette,
) {
    let colour = match trend.tone {
        Tone::Bad => &ink.bad,
        Tone::Good => &ink.good,
        Tone::Warn | Tone::Neutral => &ink.chart_line,
    };
    let end = WIDTH - RIGHT + 2.0;
    let last = trend.points.last();
    let now = last.and_then(|mark| mark.value).map(|value| frame.y(value));
    if let Some(y) = now {
        dot(svg, (frame.x(trend.points.len() - 1), y), 6.5, colour);
        text(
            svg,
            (end, y + 6.0),
            "start",
            &format!(r#"fill="{colour}" font-weight="700""#),
            &trend.last_label,
        );
    }
    if let Some(y) = last
        .and_then(|mark| mark.last_year)
        .map(|value| frame.y(value))
    {
        let y = apart(y, now, 21.0);
        text(
            svg,
            (end, y + 6.0),
            "start",
            &format!(r#"fill="{sub}""#, sub = ink.sub),
            &trend.last_year_label,
        );
    }
    if let Some(run) = band.filter(|run| !run.is_empty()) {
        let at = (
            frame.x(run[0].0) + 4.0,
            beside(frame, run, &trend.band_label),
        );
        text(
            svg,
            at,
            "start",
            &format!(r#"fill="{}""#, ink.sub),
            &trend.band_label,
        );
    }
    axis(svg, frame, &trend.points, ink);
}

/// Height of the band's name: above the band where that leaves room, else below it, so that no line runs through it.
fn beside(frame: &Frame, run: &[(usize, (f64, f64))], label: &str) -> f64 {
    let end = frame.x(run[0].0) + 4.0 + width_of(label);
    let near = || run.iter().filter(|(place, _)| frame.x(*place) <= end);
    let above = near()
        .map(|(_, ends)| frame.y(ends.1))
        .fold(f64::INFINITY, f64::min)
        - 7.0;
    let below = near().map(|(_, ends)| frame.y(ends.0)).fold(0.0, f64::max) + 19.0;
    if above >= 15.0 || below > HEIGHT - BOTTOM {
        above.max(15.0)
    } else {
        below
    }
}

/// Where the first period's name begins.
const NAMES_START: f64 = LEFT - 24.0;
/// What two names must stand apart to be two: as wide as a letter.
const BETWEEN_NAMES: f64 = 10.0;

/// First, middle and last period; the middle one only when there is room.
fn named(frame: &Frame, points: &[TrendMark]) -> Vec<usize> {
    let last = points.len() - 1;
    let middle = last / 2;
    let half = |place: usize| width_of(&points[place].label) / 2.0;
    let left = NAMES_START + 2.0 * half(0) + BETWEEN_NAMES;
    let right = frame.x(last) - half(last) - BETWEEN_NAMES;
    let has_room =
        frame.x(middle) - half(middle) >= left && frame.x(middle) + half(middle) <= right;
    if has_room {
        vec![0, middle, last]
    } else {
        vec![0, last]
    }
}

fn axis(svg: &mut String, frame: &Frame, points: &[TrendMark], ink: &Palette) {
    for place in named(frame, points) {
        let anchor = if place == 0 { "start" } else { "middle" };
        let x = if place == 0 {
            NAMES_START
        } else {
            frame.x(place)
        };
        put(
            svg,
            format_args!(
                r#"<path stroke="{grid}" stroke-width="1" d="M{:.1} {}v6"/>"#,
                frame.x(place),
                HEIGHT - BOTTOM,
                grid = ink.chart_grid
            ),
        );
        text(
            svg,
            (x, HEIGHT - 14.0),
            anchor,
            &format!(r#"fill="{sub}""#, sub = ink.sub),
            &points[place].label,
        );
    }
}

/// A label's height moved so far that it does not cover another.
fn apart(y: f64, other: Option<f64>, room: f64) -> f64 {
    match other {
        Some(other) if (y - other).abs() < room => {
            if y < other {
                other - room
            } else {
                other + room
            }
        }
        _ => y,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_of_periods_leave_out_the_middle_one() {
        let named_of = |label: &str, count: usize| {
            let mark = TrendMark {
                label: label.to_owned(),
                value: Some(0.1),
                last_year: None,
                usual: None,
            };
            let points = vec![mark; count];
            let frame = Frame {
                least: 0.0,
                most: 1.0,
                count,
            };
            named(&frame, &points)
        };
        assert_eq!(named_of("окт", 12), [0, 5, 11]);
        assert_eq!(named_of("октябрь 2026", 12), [0, 11]);
        assert_eq!(named_of("окт", 2), [0, 1]);
    }

    #[test]
    fn a_gap_in_the_data_is_a_gap_in_the_line() {
        let mark = |value| TrendMark {
            label: String::new(),
            value,
            usual: None,
            last_year: None,
        };
        let points = [Some(1.0), None, Some(2.0), Some(3.0)].map(mark);
        let runs = runs(&points, |mark| mark.value);
        assert_eq!(runs, [vec![(0, 1.0)], vec![(2, 2.0), (3, 3.0)]]);
    }
}
