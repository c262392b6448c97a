//! Charts: our own SVG, drawn to PNG with the embedded font only, so that every machine makes the same bytes.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::look::Look;
use crate::digest::blocks::{Chart, Drawing, Tone, Trend, TrendMark};

/// A picture of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Name, kebab-case, without a suffix.
    pub name: String,
    /// What it says, for those who do not see it.
    pub alt: String,
    /// Whether the mail shows it; the other forms always do.
    pub is_in_mail: bool,
    /// The drawing, for pages that are printed or read in a browser.
    pub svg: String,
    /// The drawing in points, for mail.
    pub png: Vec<u8>,
}

impl Picture {
    /// The file's name in `charts/` and in the mail.
    pub fn file_name(&self) -> String {
        png_name(&self.name)
    }
}

/// The file name of a chart.
pub(super) fn png_name(name: &str) -> String {
    format!("{name}.png")
}

pub(super) const FONTS: [&[u8]; 2] = [
    include_bytes!("../../report-templates/fonts/Inter-Regular.otf"),
    include_bytes!("../../report-templates/fonts/Inter-Bold.otf"),
];

/// Pixels of the picture for one unit of the drawing: crisp on dense screens.
const SCALE: f32 = 2.0;

/// Draws a chart.
pub(super) fn draw(chart: &Chart, is_in_mail: bool, _look: &Look) -> anyhow::Result<Picture> {
    let svg = match &chart.drawing {
        Drawing::Trend(trend) => self::trend(trend),
    };
    let png = rasterise(&svg).with_context(|| format!("cannot draw the chart {}", chart.name))?;
    Ok(Picture { name: chart.name.to_owned(), alt: chart.alt.clone(), is_in_mail, svg, png })
}

fn rasterise(svg: &str) -> anyhow::Result<Vec<u8>> {
    static FONT_BASE: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let fonts = FONT_BASE.get_or_init(|| {
        let mut fonts = fontdb::Database::new();
        FONTS.into_iter().for_each(|font| fonts.load_font_data(font.to_vec()));
        Arc::new(fonts)
    });
    let options = Options { font_family: "Inter".to_owned(), fontdb: Arc::clone(fonts), ..Options::default() };
    let tree = Tree::from_str(svg, &options).context("the drawing is not valid SVG")?;
    let size = tree.size().to_int_size().scale_by(SCALE).context("the drawing has no size")?;
    let mut canvas = Pixmap::new(size.width(), size.height()).context("the drawing is too large")?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut canvas.as_mut());
    canvas.encode_png().map_err(|error| anyhow::anyhow!("cannot write PNG: {error}"))
}

const WIDTH: f64 = 584.0;
const HEIGHT: f64 = 236.0;
const LEFT: f64 = 72.0;
const RIGHT: f64 = 92.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 44.0;

const SUB: &str = "#56616F";
const LINE: &str = "#1D5FAE";
const PAST: &str = "#7A8593";
const BAND: &str = "#DFE6EE";
const GRID: &str = "#C9D1DA";

/// Where values and points lie on the picture.
struct Frame {
    least: f64,
    most: f64,
    count: usize,
}

impl Frame {
    fn of(trend: &Trend) -> Self {
        let points = trend.points.iter();
        let values =
            points.flat_map(|mark| [mark.value, mark.last_year, mark.usual.map(|b| b.0), mark.usual.map(|b| b.1)]);
        let values: Vec<f64> = values.flatten().filter(|value| value.is_finite()).collect();
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let air = ((most - least) * 0.12).max(1e-6);
        Self { least: least - air, most: most + air, count: trend.points.len() }
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
fn trend(trend: &Trend) -> String {
    let frame = Frame::of(trend);
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="Inter" font-size="17"><rect width="{WIDTH}" height="{HEIGHT}" fill="#FFFFFF"/>"##
    );
    let usual: Vec<_> = runs(&trend.points, |mark| mark.usual);
    for run in &usual {
        band(&mut svg, &frame, run);
    }
    for (value, label) in &trend.ticks {
        tick(&mut svg, &frame, *value, label);
    }
    for run in runs(&trend.points, |mark| mark.last_year) {
        line(&mut svg, &frame, &run, &format!(r#"stroke="{PAST}" stroke-width="2" stroke-dasharray="7 5""#));
    }
    for run in runs(&trend.points, |mark| mark.value) {
        line(&mut svg, &frame, &run, &format!(r#"stroke="{LINE}" stroke-width="3.5" stroke-linejoin="round""#));
        for (place, value) in &run {
            dot(&mut svg, (frame.x(*place), frame.y(*value)), 3.2, LINE);
        }
    }
    labels(&mut svg, &frame, trend, usual.first());
    svg + "</svg>"
}

/// Unbroken runs of present values with their places.
fn runs<T: Copy>(points: &[TrendMark], value: impl Fn(&TrendMark) -> Option<T>) -> Vec<Vec<(usize, T)>> {
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

fn band(svg: &mut String, frame: &Frame, run: &[(usize, (f64, f64))]) {
    let edge = |(place, value): (usize, f64)| format!("{:.1},{:.1} ", frame.x(place), frame.y(value));
    let above = run.iter().map(|(place, ends)| edge((*place, ends.1)));
    let below = run.iter().rev().map(|(place, ends)| edge((*place, ends.0)));
    let points: String = above.chain(below).collect();
    put(svg, format_args!(r#"<polygon fill="{BAND}" points="{}"/>"#, points.trim_end()));
}

fn tick(svg: &mut String, frame: &Frame, value: f64, label: &str) {
    let y = frame.y(value);
    let (start, end) = (LEFT, WIDTH - RIGHT);
    put(svg, format_args!(r#"<path stroke="{GRID}" stroke-width="1" d="M{start} {y:.1}H{end}"/>"#));
    text(svg, (LEFT - 8.0, y + 6.0), "end", &format!(r#"fill="{SUB}""#), label);
}

fn line(svg: &mut String, frame: &Frame, run: &[(usize, f64)], style: &str) {
    let points: String =
        run.iter().map(|(place, value)| format!("{:.1},{:.1} ", frame.x(*place), frame.y(*value))).collect();
    put(svg, format_args!(r#"<polyline fill="none" {style} points="{}"/>"#, points.trim_end()));
}

fn dot(svg: &mut String, (x, y): (f64, f64), radius: f64, fill: &str) {
    put(svg, format_args!(r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius}" fill="{fill}"/>"#));
}

/// The names of things stand beside them: no legend.
fn labels(svg: &mut String, frame: &Frame, trend: &Trend, band: Option<&Vec<(usize, (f64, f64))>>) {
    let colour = match trend.tone {
        Tone::Bad => "#B3261E",
        Tone::Good => "#0A6B8A",
        Tone::Warn | Tone::Neutral => LINE,
    };
    let end = WIDTH - RIGHT + 2.0;
    let last = trend.points.last();
    let now = last.and_then(|mark| mark.value).map(|value| frame.y(value));
    if let Some(y) = now {
        dot(svg, (frame.x(trend.points.len() - 1), y), 6.5, colour);
        text(svg, (end, y + 6.0), "start", &format!(r#"fill="{colour}" font-weight="700""#), &trend.last_label);
    }
    if let Some(y) = last.and_then(|mark| mark.last_year).map(|value| frame.y(value)) {
        let y = apart(y, now, 21.0);
        text(svg, (end, y + 6.0), "start", &format!(r#"fill="{SUB}""#), &trend.last_year_label);
    }
    if let Some((place, ends)) = band.and_then(|run| run.first()) {
        let at = (frame.x(*place) + 4.0, (frame.y(ends.1) + 19.0).max(TOP + 12.0));
        text(svg, at, "start", &format!(r#"fill="{SUB}""#), &trend.band_label);
    }
    axis(svg, frame, &trend.points);
}

/// First, middle and last period; the middle one only when there is room.
fn axis(svg: &mut String, frame: &Frame, points: &[TrendMark]) {
    let last = points.len() - 1;
    let places = if points.len() >= 7 { vec![0, last / 2, last] } else { vec![0, last] };
    for place in places {
        let anchor = if place == 0 { "start" } else { "middle" };
        let x = if place == 0 { LEFT - 24.0 } else { frame.x(place) };
        put(
            svg,
            format_args!(
                r#"<path stroke="{GRID}" stroke-width="1" d="M{:.1} {}v6"/>"#,
                frame.x(place),
                HEIGHT - BOTTOM
            ),
        );
        text(svg, (x, HEIGHT - 14.0), anchor, &format!(r#"fill="{SUB}""#), &points[place].label);
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

fn text(svg: &mut String, (x, y): (f64, f64), anchor: &str, style: &str, label: &str) {
    let label = escape(label);
    put(svg, format_args!(r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" {style}>{label}</text>"#));
}

fn put(svg: &mut String, piece: std::fmt::Arguments) {
    // Writing into a String cannot fail.
    let _ = svg.write_fmt(piece);
}

/// Labels come from languages and pipelines: they are text, never markup.
fn escape(label: &str) -> String {
    let mut escaped = String::with_capacity(label.len());
    for symbol in label.chars() {
        match symbol {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            symbol if symbol.is_control() => escaped.push(' '),
            symbol => escaped.push(symbol),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_in_the_data_is_a_gap_in_the_line() {
        let mark = |value| TrendMark { label: String::new(), value, usual: None, last_year: None };
        let points = [Some(1.0), None, Some(2.0), Some(3.0)].map(mark);
        let runs = runs(&points, |mark| mark.value);
        assert_eq!(runs, [vec![(0, 1.0)], vec![(2, 2.0), (3, 3.0)]]);
    }

    #[test]
    fn labels_are_never_markup() {
        assert_eq!(escape("<b>\u{0}&"), "&lt;b&gt; &amp;");
    }
}
