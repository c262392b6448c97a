//! Attributes: what a format names of a row beside the columns of its table, as one text that any engine can read.
//!
//! `age=25-34;gender=ж`: names in alphabetical order, each with its value, separated by semicolons. A name is of small Latin
//! letters, digits and underscores; a value is of any characters but the semicolon.

use std::fmt::{self, Display, Formatter};

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

/// What stands before the name of an attribute in a format's `to`, and in the name of a dimension.
pub const PREFIX: &str = "attribute.";

/// The longest name of an attribute, bytes. Long enough for `delivery_company_name`; short enough to be copied like a number.
const LONGEST_NAME: usize = 24;

/// Between two attributes.
const SEPARATOR: char = ';';
/// Between a name and its value.
const EQUALS: char = '=';
/// In a value, in place of what separates attributes.
const INSTEAD: u8 = b',';

/// The name of an attribute: `gender`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributeName {
    /// The letters, zeros behind them: the order is that of the texts.
    letters: [u8; LONGEST_NAME],
}

impl AttributeName {
    /// A name as it is written; `None` when it is empty, too long or has other letters.
    pub fn new(name: &str) -> Option<Self> {
        let is_letter =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let fits = (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(is_letter);
        let mut letters = [0; LONGEST_NAME];
        if fits {
            letters[..name.len()].copy_from_slice(name.as_bytes());
        }
        fits.then_some(Self { letters })
    }

    /// The name that a format's column is called by: `gender` of `attribute.gender`; `None` of other columns, and of names
    /// that are none.
    pub fn of_column(column: &str) -> Option<Self> {
        Self::new(column.strip_prefix(PREFIX)?)
    }

    /// The letters.
    pub fn as_str(&self) -> &str {
        let end = self.letters.iter().position(|byte| *byte == 0);
        let letters = &self.letters[..end.unwrap_or(LONGEST_NAME)];
        std::str::from_utf8(letters).expect("a name is of Latin letters")
    }
}

impl Display for AttributeName {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        to.write_str(self.as_str())
    }
}

impl fmt::Debug for AttributeName {
    fn fmt(&self, to: &mut Formatter<'_>) -> fmt::Result {
        write!(to, "{:?}", self.as_str())
    }
}

impl Serialize for AttributeName {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for AttributeName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        Self::new(&name).ok_or_else(|| D::Error::custom(format!("no name of an attribute: {name}")))
    }
}

/// Writes one more attribute behind those that `to` holds; they come in the order of their names.
pub fn add(to: &mut Vec<u8>, name: AttributeName, value: &[u8]) {
    if !to.is_empty() {
        to.push(SEPARATOR as u8);
    }
    to.extend_from_slice(name.as_str().as_bytes());
    to.push(EQUALS as u8);
    to.extend(value.iter().map(|byte| match *byte {
        byte if byte == SEPARATOR as u8 => INSTEAD,
        byte => byte,
    }));
}

/// The attributes of a text, in the order of their names.
pub fn read(text: &str) -> impl Iterator<Item = (AttributeName, &str)> {
    let pairs = text.split(SEPARATOR);
    pairs.filter_map(|pair| {
        let (name, value) = pair.split_once(EQUALS)?;
        Some((AttributeName::new(name)?, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(name: &str) -> AttributeName {
        AttributeName::new(name).expect("a name")
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut text = Vec::new();
        add(&mut text, name("age"), "25-34".as_bytes());
        add(&mut text, name("payment"), "карта; онлайн = да".as_bytes());
        let text = String::from_utf8(text).expect("UTF-8");
        assert_eq!(text, "age=25-34;payment=карта, онлайн = да");
        let found: Vec<_> = read(&text).collect();
        assert_eq!(
            found,
            [
                (name("age"), "25-34"),
                (name("payment"), "карта, онлайн = да")
            ]
        );
    }

    #[test]
    fn a_name_is_of_small_latin_letters() {
        for bad in ["", "Пол", "Gender", "a b", "a_name_of_more_than_24_bytes"] {
            assert_eq!(AttributeName::new(bad), None, "{bad}");
        }
        assert_eq!(
            AttributeName::of_column("attribute.gender"),
            Some(name("gender"))
        );
        assert_eq!(AttributeName::of_column("gender"), None);
    }

    #[test]
    fn names_are_ordered_as_texts_are() {
        let mut names = ["b", "a_b", "a", "aa"].map(name);
        names.sort();
        assert_eq!(names.map(|name| name.to_string()), ["a", "a_b", "aa", "b"]);
    }
}
