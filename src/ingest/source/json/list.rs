//! The lists of records in a document of JSON, record by record: the document is never held whole.

use std::fmt;
use std::io::Read;

use anyhow::Result;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::Node;
use super::node::scalars;
use crate::model::fault::Fault;

/// Levels of objects in which lists are looked for: `{"_embedded": {"leads": […]}}` has two.
const LEVELS: usize = 2;

/// Where a list stands: the names above it, with dots between.
pub(super) type Place = String;

/// Gets each record with the place of its list.
pub(super) type Each<'e> = &'e mut dyn FnMut(&Place, &Node) -> Result<()>;

/// Reads the lists of a document.
pub(super) struct Lists<'e> {
    each: Each<'e>,
    /// What `each` said when it wanted no more.
    refusal: Option<anyhow::Error>,
}

impl<'e> Lists<'e> {
    pub(super) fn new(each: Each<'e>) -> Self {
        Self {
            each,
            refusal: None,
        }
    }

    /// Reads a document to its end; `whole` becomes what it holds beside the lists.
    pub(super) fn read(mut self, reader: impl Read, whole: &mut Node) -> Result<()> {
        let mut document = serde_json::Deserializer::from_reader(reader);
        let level = Level {
            lists: &mut self,
            place: String::new(),
            depth: 0,
        };
        let outcome = level
            .deserialize(&mut document)
            .and_then(|node| document.end().map(|()| node));
        match (outcome, self.refusal) {
            (_, Some(refusal)) => Err(refusal),
            (Ok(node), None) => {
                *whole = node;
                Ok(())
            }
            (Err(error), None) => Err(broken(&error).into()),
        }
    }
}

/// The words of the parser may quote a value, which may be a person's: only its place is told.
fn broken(error: &serde_json::Error) -> Fault {
    let what = if error.is_eof() {
        "breaks off"
    } else {
        "is no JSON"
    };
    let message = format!("{what} at line {}, column {}", error.line(), error.column());
    Fault::new(message).hint(super::super::COPY_AGAIN)
}

/// One value of the document, so many levels down.
struct Level<'l, 'e> {
    lists: &'l mut Lists<'e>,
    place: Place,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for Level<'_, '_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_, '_> {
    type Value = Node;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a value of JSON")
    }

    scalars!();

    /// Records are handed on; of anything else in a list nothing is kept.
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        while let Some(item) = items.next_element::<Node>()? {
            let is_record = matches!(item, Node::Object(_) | Node::List(_));
            if !is_record {
                continue;
            }
            if let Err(refusal) = (self.lists.each)(&self.place, &item) {
                self.lists.refusal = Some(refusal);
                return Err(A::Error::custom("no more records are wanted"));
            }
        }
        Ok(Node::List(Vec::new()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut object = Vec::new();
        while let Some(name) = members.next_key::<String>()? {
            let place = match self.place.as_str() {
                "" => name.clone(),
                above => format!("{above}.{name}"),
            };
            let value = if self.depth < LEVELS {
                members.next_value_seed(Level {
                    lists: &mut *self.lists,
                    place,
                    depth: self.depth + 1,
                })?
            } else {
                members.next_value()?
            };
            object.push((name, value));
        }
        Ok(Node::Object(object))
    }
}
