//! The names of strings, one constant each: `words::answer::label::WHY` is `why` in the table `[answer.label]` of every
//! language file. The build makes them of the files, so that a name that is missing or misspelt does not compile, and the
//! compiler tells of those that nobody uses.
#![cfg_attr(
    not(feature = "pdf"),
    allow(dead_code, reason = "the printed report has words of its own")
)]
#![allow(
    clippy::module_inception,
    reason = "the language files have a table of this name"
)]

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::Serializer;

/// The name of a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub(super) &'static str);

/// The name of a word or sentence with plural forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noun(pub(super) &'static str);

impl Key {
    /// The name as language files write it, dotted.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The name without its first table: what `digest.json` calls an evidence or a check.
    pub fn short(self) -> &'static str {
        self.0.split_once('.').map_or(self.0, |(_, rest)| rest)
    }
}

impl Noun {
    /// The name as language files write it, dotted.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// A name of the table `[evidence]`, without that word.
pub mod of_evidence {
    use super::{Deserialize, Deserializer, Error, Key, Serializer};

    /// Writes the short name.
    ///
    /// # Errors
    /// When the text cannot be written.
    pub fn serialize<S: Serializer>(key: &Key, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(key.short())
    }

    /// Reads a short name.
    ///
    /// # Errors
    /// When no evidence has it.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Key, D::Error> {
        let name = String::deserialize(from)?;
        super::named("evidence", &name)
            .ok_or_else(|| D::Error::custom(format!("there is no evidence \"{name}\"")))
    }
}

/// Names of the table `[check]`, without that word.
pub mod of_checks {
    use super::{Deserialize, Deserializer, Error, Key, Serializer};

    /// Writes the short names.
    ///
    /// # Errors
    /// When the texts cannot be written.
    pub fn serialize<S: Serializer>(keys: &[Key], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(keys.iter().map(|key| key.short()))
    }

    /// Reads short names.
    ///
    /// # Errors
    /// When there is no check of a name.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Key>, D::Error> {
        let mut keys = Vec::new();
        for name in Vec::<String>::deserialize(from)? {
            let key = super::named("check", &name);
            keys.push(
                key.ok_or_else(|| D::Error::custom(format!("there is no check \"{name}\"")))?,
            );
        }
        Ok(keys)
    }
}

/// The key of a short name in a table.
fn named(table: &str, short: &str) -> Option<Key> {
    let is_meant = |key: &&Key| key.0.strip_prefix(table) == Some(&format!(".{short}"));
    ALL.iter().find(is_meant).copied()
}
