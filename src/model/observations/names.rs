//! What rows are told apart by, and the texts behind their codes.

use std::collections::BTreeMap;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use crate::model::attributes::{AttributeName, PREFIX};

/// A text of one dimension as its place in [`Names`]; 0 is "not known".
pub type Code = u16;

/// The text that the small values of a large dimension are gathered under.
pub const OTHER: &str = "(other)";

/// What rows are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Traffic channel, by id.
    Channel,
    /// How a person got in touch: `call`, `missed_call`, `form`, `chat`, `deal`.
    Contact,
    /// Telephone line: the number that was called.
    Line,
    /// Way between the PBX and the telephone network.
    Trunk,
    /// Site form, by name.
    Form,
    /// Page: where a session landed, or where a form was sent from.
    Page,
    /// Kind of device.
    Device,
    /// City, or country where no city is known.
    Region,
    /// Who answered a call.
    Operator,
    /// Who is responsible for a deal.
    Manager,
    /// Why a deal was lost.
    Reason,
    /// An export of the pipeline.
    Export,
    /// Advertising campaign, as visits are tagged with it.
    Campaign,
    /// Phrase that an ad was shown for.
    Phrase,
    /// What a format names of a row beside the columns of its table.
    Attribute(AttributeName),
}

impl Dimension {
    /// Every dimension that is no attribute, with its name in `digest.json`.
    const NAMED: [(Self, &str); 14] = [
        (Self::Channel, "channel"),
        (Self::Contact, "contact"),
        (Self::Line, "line"),
        (Self::Trunk, "trunk"),
        (Self::Form, "form"),
        (Self::Page, "page"),
        (Self::Device, "device"),
        (Self::Region, "region"),
        (Self::Operator, "operator"),
        (Self::Manager, "manager"),
        (Self::Reason, "reason"),
        (Self::Export, "export"),
        (Self::Campaign, "campaign"),
        (Self::Phrase, "phrase"),
    ];

    /// Its name in `digest.json`: `channel`, `attribute.gender`.
    pub fn name(self) -> String {
        let mut named = Self::NAMED.iter();
        match (self, named.find(|(known, _)| *known == self)) {
            (Self::Attribute(name), _) => format!("{PREFIX}{name}"),
            (_, Some((_, name))) => (*name).to_owned(),
            (_, None) => unreachable!("every other dimension is listed"),
        }
    }

    /// The dimension of a name.
    pub fn named(name: &str) -> Option<Self> {
        let mut named = Self::NAMED.iter();
        let found = named.find(|(_, known)| *known == name);
        found
            .map(|(dimension, _)| *dimension)
            .or_else(|| AttributeName::of_column(name).map(Self::Attribute))
    }
}

impl Serialize for Dimension {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.name())
    }
}

impl<'de> Deserialize<'de> for Dimension {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        Self::named(&name).ok_or_else(|| D::Error::custom(format!("no dimension: {name}")))
    }
}

/// The texts behind the codes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Names(BTreeMap<Dimension, Vec<String>>);

impl Names {
    /// The code of a text, made when it is new. An empty text is 0, and so is everything past 65 535 texts.
    pub fn code(&mut self, dimension: Dimension, text: &str) -> Code {
        let texts = self
            .0
            .entry(dimension)
            .or_insert_with(|| vec![String::new()]);
        let known = texts.iter().position(|known| known == text);
        let Ok(at) = Code::try_from(known.unwrap_or(texts.len())) else {
            return 0;
        };
        if known.is_none() {
            texts.push(text.to_owned());
        }
        at
    }

    /// The text of a code; empty when it is not known.
    pub fn text(&self, dimension: Dimension, code: Code) -> &str {
        self.0
            .get(&dimension)
            .and_then(|texts| texts.get(usize::from(code)))
            .map_or("", String::as_str)
    }

    /// The code of a text that is already known.
    pub fn find(&self, dimension: Dimension, text: &str) -> Option<Code> {
        Code::try_from(
            self.0
                .get(&dimension)?
                .iter()
                .position(|known| known == text)?,
        )
        .ok()
    }

    /// How many codes a dimension has, 0 included.
    pub fn len(&self, dimension: Dimension) -> usize {
        self.0.get(&dimension).map_or(1, Vec::len)
    }

    /// Puts the list of a dimension's texts; the first must be empty.
    pub fn set(&mut self, dimension: Dimension, texts: Vec<String>) {
        debug_assert!(
            texts.first().is_some_and(String::is_empty),
            "code 0 is \"not known\""
        );
        self.0.insert(dimension, texts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_is_found_by_its_name() {
        let gender = AttributeName::new("gender").map(Dimension::Attribute);
        let listed = Dimension::NAMED.iter().map(|(dimension, _)| *dimension);
        for dimension in listed.chain(gender) {
            assert_eq!(Dimension::named(&dimension.name()), Some(dimension));
        }
        assert_eq!(Dimension::named("weather"), None);
    }
}
