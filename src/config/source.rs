//! The text of a pipeline or format file with the place of every setting in it, so that an error can name the line.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::settings::Settings;
use super::wording;
use crate::model::fault::Fault;

/// The defaults that every pipeline is laid over.
pub const DEFAULTS: &str = include_str!("../../pipelines/defaults.toml");

/// Where one setting stands: its key (for a list's item, the item) and its value.
struct Spot {
    key: Range<usize>,
    value: Range<usize>,
}

/// A file's text and where its settings stand in it. A setting is named by a dotted path: `exports.0.files`.
pub(crate) struct SettingsText<'a> {
    file: &'a str,
    text: &'a str,
    spots: BTreeMap<String, Spot>,
}

impl<'a> SettingsText<'a> {
    /// Parses a file that stands by itself.
    ///
    /// # Errors
    /// When it is no TOML, or a setting has another name or type.
    pub fn parse<T: DeserializeOwned>(file: &'a str, text: &'a str) -> Result<(Self, T), Fault> {
        let (source, written) = Self::of(file, text)?;
        let settings = T::deserialize(toml::Deserializer::from(written))
            .map_err(|error| source.reading_error(&error))?;
        Ok((source, settings))
    }

    /// Parses a pipeline's text and lays it over the defaults.
    pub(super) fn read(file: &'a str, text: &'a str) -> Result<(Self, Settings), Fault> {
        let (source, written) = Self::of(file, text)?;
        source.refuse_secrets()?;
        // The defaults are parsed as if they stood after the text, so that no span of theirs is taken for one of its.
        let after_text = " ".repeat(text.len()) + DEFAULTS;
        let defaults = DeTable::parse(&after_text)
            .expect("the compiled-in defaults are valid TOML")
            .into_inner();
        let merged = Spanned::new(0..text.len(), overlay(defaults, written.into_inner()));
        let settings = Settings::deserialize(toml::Deserializer::from(merged))
            .map_err(|error| source.reading_error(&error))?;
        Ok((source, settings))
    }

    fn of(file: &'a str, text: &'a str) -> Result<(Self, Spanned<DeTable<'a>>), Fault> {
        let written = DeTable::parse(text).map_err(|error| syntax_error(file, text, &error))?;
        let mut source = Self {
            file,
            text,
            spots: BTreeMap::new(),
        };
        source.note_table("", written.get_ref());
        Ok((source, written))
    }

    /// An error at the setting with this path, or at the nearest table around it that is written.
    pub fn refuse(&self, path: &str, message: impl Into<String>) -> Fault {
        let mut path = path;
        loop {
            if let Some(spot) = self.spots.get(path) {
                return Fault::usage(message).at(self.place(spot.key.start));
            }
            match path.rsplit_once('.') {
                Some((parent, _)) => path = parent,
                None => return Fault::usage(message).at(self.file),
            }
        }
    }

    fn note_table(&mut self, path: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            self.note(join(path, key.get_ref()), key.span(), value);
        }
    }

    fn note(&mut self, path: String, key: Range<usize>, value: &Spanned<DeValue<'_>>) {
        match value.get_ref() {
            DeValue::Table(table) => self.note_table(&path, table),
            DeValue::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.note(join(&path, &index.to_string()), item.span(), item);
                }
            }
            _ => {}
        }
        self.spots.insert(
            path,
            Spot {
                key,
                value: value.span(),
            },
        );
    }

    fn refuse_secrets(&self) -> Result<(), Fault> {
        let is_secret =
            |path: &&String| !path.starts_with("channels.titles.") && wording::names_a_secret(path);
        let Some(path) = self.spots.keys().find(is_secret) else {
            return Ok(());
        };
        let message = format!(
            "{} is a secret, and a pipeline file holds none",
            wording::setting(path)
        );
        Err(self
            .refuse(path, message)
            .hint("remove it here; secrets come from the environment"))
    }

    fn reading_error(&self, error: &toml::de::Error) -> Fault {
        let span = error.span().unwrap_or_default();
        let path = self.path_at(&span).unwrap_or_default();
        let (message, hint) = wording::reading(error.message(), path);
        let place = if path.is_empty() {
            self.file.to_owned()
        } else {
            self.place(span.start)
        };
        let fault = Fault::usage(message).at(place);
        match hint {
            Some(hint) => fault.hint(hint),
            None => fault,
        }
    }

    /// The innermost setting whose key or value is this span.
    fn path_at(&self, span: &Range<usize>) -> Option<&str> {
        self.spots
            .iter()
            .filter(|(_, spot)| spot.key == *span || spot.value == *span)
            .max_by_key(|(path, _)| path.len())
            .map(|(path, _)| path.as_str())
    }

    fn place(&self, offset: usize) -> String {
        format!("{}:{}", self.file, line_of(self.text, offset))
    }
}

fn syntax_error(file: &str, text: &str, error: &toml::de::Error) -> Fault {
    let line = line_of(text, error.span().map_or(text.len(), |span| span.start));
    Fault::usage(format!("not valid TOML: {}", error.message())).at(format!("{file}:{line}"))
}

fn line_of(text: &str, offset: usize) -> usize {
    let before = &text.as_bytes()[..offset.min(text.len())];
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

fn join(path: &str, step: &str) -> String {
    if path.is_empty() {
        step.to_owned()
    } else {
        format!("{path}.{step}")
    }
}

/// Tables are merged key by key; anything else is replaced.
fn overlay<'i>(mut base: DeTable<'i>, over: DeTable<'i>) -> DeTable<'i> {
    for (key, value) in over {
        let below = base.remove(&key).map(Spanned::into_inner);
        let span = value.span();
        let merged = match (below, value.into_inner()) {
            (Some(DeValue::Table(below)), DeValue::Table(above)) => {
                DeValue::Table(overlay(below, above))
            }
            (_, above) => above,
        };
        base.insert(key, Spanned::new(span, merged));
    }
    base
}
