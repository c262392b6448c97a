//! Charts: our own SVG, drawn to PNG with the embedded font only, so that every machine makes the same bytes.

mod bars;
mod canvas;
mod daily;
mod hours;
mod multiples;
mod trend;

use std::sync::{Arc, OnceLock};

use anyhow::Context as _;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::look::Look;
use crate::digest::blocks::{Chart, Drawing};

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
    include_bytes!("../../../report-templates/fonts/Inter-Regular.otf"),
    include_bytes!("../../../report-templates/fonts/Inter-Bold.otf"),
];

/// Pixels of the picture for one unit of the drawing: crisp on dense screens.
const SCALE: f32 = 2.0;

/// Draws a chart.
pub(super) fn draw(chart: &Chart, is_in_mail: bool, look: &Look) -> anyhow::Result<Picture> {
    let ink = &look.colours.light;
    let svg = match &chart.drawing {
        Drawing::Trend(trend) => trend::trend(trend, ink),
        Drawing::Daily(daily) => daily::daily(daily, ink),
        Drawing::Bars(bars) => bars::bars(bars, ink),
        Drawing::Hours(grid) => hours::hours(grid, ink),
        Drawing::Multiples(panels) => multiples::multiples(panels, ink),
    };
    let png = rasterise(&svg).with_context(|| format!("cannot draw the chart {}", chart.name))?;
    Ok(Picture {
        name: chart.name.to_owned(),
        alt: chart.alt.clone(),
        is_in_mail,
        svg,
        png,
    })
}

fn rasterise(svg: &str) -> anyhow::Result<Vec<u8>> {
    static FONT_BASE: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let fonts = FONT_BASE.get_or_init(|| {
        let mut fonts = fontdb::Database::new();
        FONTS
            .into_iter()
            .for_each(|font| fonts.load_font_data(font.to_vec()));
        Arc::new(fonts)
    });
    let options = Options {
        font_family: "Inter".to_owned(),
        fontdb: Arc::clone(fonts),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).context("the drawing is not valid SVG")?;
    let size = tree
        .size()
        .to_int_size()
        .scale_by(SCALE)
        .context("the drawing has no size")?;
    let mut canvas =
        Pixmap::new(size.width(), size.height()).context("the drawing is too large")?;
    resvg::render(
        &tree,
        Transform::from_scale(SCALE, SCALE),
        &mut canvas.as_mut(),
    );
    canvas
        .encode_png()
        .map_err(|error| anyhow::anyhow!("cannot write PNG: {error}"))
}
