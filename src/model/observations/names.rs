//! What rows are told apart by, and the texts behind their codes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A text of one dimension as its place in [`Names`]; 0 is "not known".
pub type Code = u16;

/// What rows are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
