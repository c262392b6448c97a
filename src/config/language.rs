//! Languages by their code, and the files that hold their words. A language is one file in `report-templates/lang/`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// Language of everything that people read, by its ISO 639-1 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language([u8; 2]);

impl Language {
    /// Russian.
    pub const RU: Self = Self(*b"ru");
    /// English.
    pub const EN: Self = Self(*b"en");

    /// The language of a code: two lower-case Latin letters. That there are words of it is for the caller to see.
    pub fn parse(code: &str) -> Option<Self> {
        let code: [u8; 2] = code.as_bytes().try_into().ok()?;
        code.iter()
            .all(u8::is_ascii_lowercase)
            .then_some(Self(code))
    }

    /// Its code, as in `lang` attributes.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("two Latin letters are text")
    }

    /// The text of its shipped file, if the program comes with one.
    pub fn shipped(&self) -> Option<&'static str> {
        SHIPPED
            .iter()
            .find(|(code, _)| *code == self.code())
            .map(|(_, text)| *text)
    }

    /// Every language that the program comes with.
    pub fn all_shipped() -> impl Iterator<Item = Self> {
        SHIPPED.iter().filter_map(|(code, _)| Self::parse(code))
    }

    /// The calendar that `calendar = "auto"` means: the language's own, else none.
    pub fn calendar(&self) -> &'static str {
        let line = self.shipped().and_then(|text| {
            text.lines()
                .find_map(|line| line.strip_prefix("calendar = \""))
        });
        line.and_then(|rest| rest.split('"').next())
            .unwrap_or("none")
    }
}

impl fmt::Display for Language {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.code())
    }
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = String::deserialize(from)?;
        Self::parse(&code).ok_or_else(|| {
            let known: Vec<&str> = SHIPPED.iter().map(|(code, _)| *code).collect();
            serde::de::Error::custom(format!(
                "\"{code}\" is no language code: two lower-case letters are expected, such as {}",
                known.join(" or ")
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_two_lower_case_letters() {
        assert_eq!(Language::parse("ru"), Some(Language::RU));
        for code in ["RU", "r", "rus", "рус", "r1", ""] {
            assert_eq!(Language::parse(code), None, "{code}");
        }
    }

    #[test]
    fn the_shipped_languages_have_calendars_of_their_own() {
        assert_eq!(
            Language::all_shipped().collect::<Vec<_>>(),
            [Language::EN, Language::RU]
        );
        assert_eq!(
            (Language::RU.calendar(), Language::EN.calendar()),
            ("ru", "gb")
        );
        assert_eq!(
            Language::parse("kk").map(|language| language.calendar()),
            Some("none")
        );
    }
}
