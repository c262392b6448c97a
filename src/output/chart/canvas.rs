//! What all charts draw with: a white sheet, text, dots and lines of our own SVG.

use std::fmt::{Display, Write as _};

/// Width of every chart, units of the drawing: on a phone of 375 px a page shows them in 311 px, where letters of 17 units
/// are 11 px high.
pub(super) const WIDTH: f64 = 472.0;

/// A sheet of a height; text is of a size that a phone still shows readably.
pub(super) fn sheet(height: f64) -> String {
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" font-family="Inter" font-size="17"><rect width="{WIDTH}" height="{height}" fill="#FFFFFF"/>"##
    )
}

pub(super) fn dot(svg: &mut String, (x, y): (f64, f64), radius: f64, fill: &impl Display) {
    put(
        svg,
        format_args!(r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius}" fill="{fill}"/>"#),
    );
}

pub(super) fn text(svg: &mut String, (x, y): (f64, f64), anchor: &str, style: &str, label: &str) {
    let label = escape(label);
    put(
        svg,
        format_args!(
            r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" {style}>{label}</text>"#
        ),
    );
}

pub(super) fn put(svg: &mut String, piece: std::fmt::Arguments) {
    // Writing into a String cannot fail.
    let _ = svg.write_fmt(piece);
}

/// Labels come from languages and pipelines: they are text, never markup.
pub(super) fn escape(label: &str) -> String {
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

/// Keeps a label's middle so far from both edges that it is not cut off. A letter of the font is at most so wide.
pub(super) fn centred(x: f64, label: &str) -> f64 {
    let half = width_of(label) / 2.0;
    x.clamp(half + 2.0, WIDTH - half - 2.0)
}

/// A label cut to a width, with a mark where it is.
pub(super) fn fitting(label: &str, width: f64) -> String {
    let room = (width / LETTER).floor().max(1.0) as usize;
    if label.chars().count() <= room {
        return label.to_owned();
    }
    let cut: String = label.chars().take(room.saturating_sub(1)).collect();
    cut.trim_end().to_owned() + "…"
}

/// A letter of the font is at most so wide, on the mean of a word.
const LETTER: f64 = 9.6;

/// A width that a label surely fits into.
pub(super) fn width_of(label: &str) -> f64 {
    label.chars().count() as f64 * LETTER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_never_markup() {
        assert_eq!(escape("<b>\u{0}&"), "&lt;b&gt; &amp;");
    }

    #[test]
    fn a_label_that_does_not_fit_is_cut_with_a_mark() {
        assert_eq!(fitting("Начали форму", 9.6 * 12.0), "Начали форму");
        assert_eq!(fitting("Начали форму", 9.6 * 8.0), "Начали…");
    }

    #[test]
    fn a_label_at_the_edge_is_moved_in() {
        assert!((centred(0.0, "12 ноября") - (9.0 * 9.6 / 2.0 + 2.0)).abs() < 1e-9);
        assert!((centred(200.0, "12 ноября") - 200.0).abs() < 1e-9);
    }
}
