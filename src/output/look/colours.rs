//! Colours by what they mean, for light and dark screens; a picture and a printed page are always light.

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

/// The shipped colours.
const SHIPPED: &str = include_str!("../../../report-templates/colours.toml");

/// Both schemes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colours {
    /// On white.
    pub light: Palette,
    /// On a dark screen.
    pub dark: Palette,
}

/// One scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Palette {
    /// Text.
    pub ink: Colour,
    /// Text of less weight.
    pub sub: Colour,
    /// Better beyond noise: text and marks.
    pub good: Colour,
    /// Worse beyond noise: text and marks.
    pub bad: Colour,
    /// To be read with care.
    pub warn: Colour,
    /// Links.
    pub link: Colour,
    /// Behind the card.
    pub page: Colour,
    /// The card itself.
    pub card: Colour,
    /// A quiet box.
    pub soft: Colour,
    /// A box of good news.
    pub soft_good: Colour,
    /// A box to be read with care.
    pub soft_warn: Colour,
    /// A box of bad news.
    pub soft_bad: Colour,
    /// Hairlines.
    pub line: Colour,
    /// A bar's empty track.
    pub track: Colour,
    /// A bar's usual range, or an interval that tells nothing.
    pub usual: Colour,
    /// An interval on the good side.
    pub bar_good: Colour,
    /// An interval on the bad side.
    pub bar_bad: Colour,
    /// The main line of a chart.
    pub chart_line: Colour,
    /// What a chart compares with: the year before, what was expected.
    pub chart_past: Colour,
    /// The usual range in a chart.
    pub chart_band: Colour,
    /// A chart's grid.
    pub chart_grid: Colour,
}

/// A colour as `#RRGGBB`, the one way of writing that every mail program keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Colour(String);

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.strip_prefix('#').unwrap_or_default();
        if digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Ok(Self(text.to_ascii_uppercase()));
        }
        Err(format!(
            "\"{text}\" is no colour: #RRGGBB is expected, since mail programs drop every other way"
        ))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

impl Colours {
    /// The colours that the program comes with.
    pub fn shipped() -> Self {
        toml::from_str(SHIPPED).expect("the shipped colours are read by the tests")
    }

    /// The shipped colours under those of `colours.toml` in a folder.
    pub(super) fn load(folder: Option<&Path>) -> Result<Self> {
        let Some(file) = folder
            .map(|folder| folder.join("colours.toml"))
            .filter(|file| file.exists())
        else {
            return Ok(Self::shipped());
        };
        let text =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        Self::laid_over(&text).with_context(|| file.display().to_string())
    }

    fn laid_over(text: &str) -> Result<Self> {
        let own: Schemes = toml::from_str(text)?;
        let mut all: toml::Table = toml::from_str(SHIPPED)?;
        for (scheme, own) in [("light", own.light), ("dark", own.dark)] {
            if let Some(toml::Value::Table(all)) = all.get_mut(scheme) {
                all.extend(
                    own.into_iter()
                        .map(|(name, colour)| (name, toml::Value::String(colour.0))),
                );
            }
        }
        Ok(all.try_into()?)
    }
}

/// A user's file: any of the colours.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Schemes {
    #[serde(default)]
    light: std::collections::BTreeMap<String, Colour>,
    #[serde(default)]
    dark: std::collections::BTreeMap<String, Colour>,
}
