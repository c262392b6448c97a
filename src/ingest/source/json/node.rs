//! A value of JSON with its members in the order in which they stand.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

/// A value; numbers and truth values are kept as they are shown.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Null,
    /// A number, `true` or `false`.
    Word(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    /// The value as a cell: a list or an object as JSON, nothing for null.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Text(text) | Self::Word(text) => text.clone(),
            Self::List(_) | Self::Object(_) => self.json(),
        }
    }

    /// The same where it is a cell by itself: numbers with a fraction are marked as numbers.
    pub(super) fn cell(&self) -> String {
        match self {
            Self::Word(word) => super::super::grid::marked(word.clone()),
            _ => self.text(),
        }
    }

    /// The value as JSON without spaces.
    fn json(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Word(word) => word.clone(),
            Self::Text(text) => quoted(text),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::json).collect();
                format!("[{}]", items.join(","))
            }
            Self::Object(members) => {
                let member =
                    |(name, value): &(String, Self)| format!("{}:{}", quoted(name), value.json());
                let members: Vec<String> = members.iter().map(member).collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }

    /// Calls `each` with every field of an object; a field of an object inside goes by both names with a dot between.
    pub(super) fn each_field(&self, each: &mut dyn FnMut(&str, &Self)) {
        self.each_below("", each);
    }

    fn each_below(&self, above: &str, each: &mut dyn FnMut(&str, &Self)) {
        let Self::Object(members) = self else { return };
        for (name, value) in members {
            let name = match above {
                "" => name.clone(),
                above => format!("{above}.{name}"),
            };
            match value {
                Self::Object(_) => value.each_below(&name, each),
                value => each(&name, value),
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What a visitor makes of a value that holds no others: the same for a value and for a level of the document.
macro_rules! scalars {
    () => {
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Node::Null)
        }

        fn visit_bool<E>(self, is_so: bool) -> Result<Self::Value, E> {
            Ok(Node::Word(is_so.to_string()))
        }

        fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
            Ok(Node::Word(number.to_string()))
        }

        fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
            Ok(Node::Word(number.to_string()))
        }

        fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
            Ok(Node::Word($crate::ingest::source::grid::number(number)))
        }

        fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Node::Text(text.to_owned()))
        }
    };
}
pub(super) use scalars;

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyNode)
    }
}

struct AnyNode;

impl<'de> Visitor<'de> for AnyNode {
    type Value = Node;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a value of JSON")
    }

    scalars!();

    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Node::Object(object))
    }
}
