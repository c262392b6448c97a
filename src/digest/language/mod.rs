//! Strings of each language, with plural forms. A language is one file in `report-templates/lang/`.

mod load;
mod plural;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use self::load::CHANNELS;
use self::plural::Plurals;
use crate::config::language::Language;
use crate::config::words::{Key, Noun};
use crate::model::channel::ChannelId;

/// A piece of text with or without emphasis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The text, as it is: every output escapes it for itself.
    pub text: String,
    /// Whether it carries the weight of the sentence.
    pub strong: bool,
}

/// Text with emphasis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Rich(pub Vec<Span>);

impl Rich {
    /// Text without emphasis.
    pub fn plain(text: impl Into<String>) -> Self {
        Self(vec![Span {
            text: text.into(),
            strong: false,
        }])
    }

    /// The text alone.
    pub fn text(&self) -> String {
        self.0.iter().map(|span| span.text.as_str()).collect()
    }

    /// The same to be read on after a colon: its first letter small.
    #[must_use]
    pub fn lower_first(mut self) -> Self {
        if let Some(span) = self.0.first_mut() {
            let mut letters = span.text.chars();
            span.text = letters.next().map_or_else(String::new, |first| {
                first.to_lowercase().chain(letters).collect()
            });
        }
        self
    }

    /// Appends another sentence after a space.
    #[must_use]
    pub fn then(mut self, sentence: Self) -> Self {
        if !self.0.is_empty() && !sentence.0.is_empty() {
            self.0.push(Span {
                text: " ".to_owned(),
                strong: false,
            });
        }
        self.0.extend(sentence.0);
        self
    }
}

/// How a language writes numbers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberForms {
    /// Decimal mark.
    pub decimal: String,
    /// Between groups of three digits.
    pub thousands: String,
    /// Unit after a percentage, with its space.
    pub percent: String,
    /// Unit after a difference of percentages, with its space.
    pub points: String,
    /// Between the ends of a range of positive numbers.
    pub range: String,
    /// Between the ends of a range that may hold negative numbers.
    pub signed_range: String,
    /// Whether the currency sign stands before the amount.
    pub currency_first: bool,
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
struct LanguageFile {
    numbers: NumberForms,
    #[serde(flatten)]
    texts: BTreeMap<String, toml::Value>,
}

/// All strings of one language.
#[derive(Debug, Clone)]
pub struct Strings {
    /// The language.
    pub language: Language,
    /// Its numbers.
    pub numbers: NumberForms,
    plurals: Plurals,
    texts: BTreeMap<String, String>,
}

impl Strings {
    /// The strings that the program comes with: English where a language has no file.
    pub fn shipped(language: Language) -> &'static Self {
        static ALL: OnceLock<Vec<Strings>> = OnceLock::new();
        let all = ALL.get_or_init(|| {
            Language::all_shipped()
                .filter_map(Self::of_shipped_file)
                .collect()
        });
        let known = |wanted: Language| all.iter().find(|strings| strings.language == wanted);
        known(language)
            .or_else(|| known(Language::EN))
            .expect("English is compiled in")
    }

    fn of_shipped_file(language: Language) -> Option<Self> {
        let file = toml::from_str(language.shipped()?)
            .expect("a language file is compiled in and read by the tests");
        Some(Self::of_file(language, file))
    }

    fn of_file(language: Language, file: LanguageFile) -> Self {
        let mut texts = BTreeMap::new();
        for (key, value) in file.texts {
            flatten(key, value, &mut texts);
        }
        Self {
            language,
            numbers: file.numbers,
            plurals: Plurals::of(language),
            texts,
        }
    }

    /// The `lang` attribute of a page.
    pub fn code(&self) -> &str {
        self.language.code()
    }

    /// A string as it is.
    pub fn raw(&self, key: Key) -> &str {
        self.of(key.as_str())
    }

    /// A string by its name. An absent one shows as its name: shipped languages have all of them, and those of the users'
    /// own are refused without.
    fn of<'a>(&'a self, name: &'a str) -> &'a str {
        self.texts.get(name).map_or(name, String::as_str)
    }

    /// The title that the language has for a channel.
    pub fn channel(&self, id: &ChannelId) -> Option<&str> {
        self.texts
            .get(&format!("{CHANNELS}{id}"))
            .map(String::as_str)
    }

    /// The language's word for a word of the program or of an export: a device, a kind of contact, a holiday.
    pub fn word(&self, word: &str) -> Option<&str> {
        self.texts
            .get(&format!("lexicon.{word}"))
            .map(String::as_str)
    }

    /// What people call the exports of a format.
    pub fn export(&self, format: &str) -> Option<&str> {
        self.texts
            .get(&format!("export_titles.{format}"))
            .map(String::as_str)
    }

    /// The language's words for a kind of device that something comes from: «телефонов».
    pub fn device_from(&self, device: &str) -> Option<&str> {
        self.texts
            .get(&format!("devices_from.{device}"))
            .map(String::as_str)
    }

    /// A string with its placeholders filled.
    pub fn fill(&self, key: Key, values: &[(&str, &str)]) -> String {
        fill(&self.raw(key).replace("**", ""), values)
    }

    /// A string with its placeholders filled and its `**emphasis**` kept. Emphasis is read before values are put in.
    pub fn rich(&self, key: Key, values: &[(&str, &str)]) -> Rich {
        let spans = self.raw(key).split("**").enumerate();
        Rich(
            spans
                .filter(|(_, text)| !text.is_empty())
                .map(|(place, text)| Span {
                    text: fill(text, values),
                    strong: place % 2 == 1,
                })
                .collect(),
        )
    }

    /// The form of a word or sentence that goes with a number; `{n}` is the number as shown.
    pub fn plural(&self, noun: Noun, value: f64, decimals: usize, shown: &str) -> String {
        let form = self.plurals.form(value, decimals);
        let name = format!("{}.{form}", noun.as_str());
        fill(self.of(&name), &[("n", shown)])
    }

    /// Every key, for tests and for checks of a user's own strings.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }
}

/// A key without its plural form: `words.inquiries.few` → `words.inquiries`.
fn stem(key: &str) -> &str {
    match key.rsplit_once('.') {
        Some((stem, form)) if plural::FORMS.contains(&form) => stem,
        _ => key,
    }
}

/// The `{places}` of a string.
fn places(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
}

fn flatten(key: String, value: toml::Value, into: &mut BTreeMap<String, String>) {
    match value {
        toml::Value::Table(table) => {
            for (name, value) in table {
                flatten(format!("{key}.{name}"), value, into);
            }
        }
        toml::Value::String(text) => {
            into.insert(key, text);
        }
        other => {
            into.insert(key, other.to_string());
        }
    }
}

/// Puts values into `{name}` places in one pass, so that a value can never be taken for a place.
fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(pattern.len() + 32);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            text.push('{');
            rest = after;
            continue;
        };
        match values.iter().find(|(key, _)| *key == name) {
            Some((_, value)) => text.push_str(value),
            None => text.extend(["{", name, "}"]),
        }
        rest = tail;
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_value_is_never_taken_for_a_place_or_for_emphasis() {
        assert_eq!(fill("{a} {b}", &[("a", "{b}"), ("b", "x")]), "{b} x");
        assert_eq!(fill("{a} {", &[("a", "1")]), "1 {");
    }

    fn stems(language: Language) -> BTreeSet<String> {
        Strings::shipped(language)
            .keys()
            .map(|key| stem(key).to_owned())
            .collect()
    }

    #[test]
    fn every_language_has_the_same_keys() {
        for language in Language::all_shipped() {
            let missing: Vec<_> = stems(Language::RU)
                .symmetric_difference(&stems(language))
                .cloned()
                .collect();
            assert!(missing.is_empty(), "{language:?}: {missing:?}");
        }
    }

    #[test]
    fn placeholders_are_the_same_in_every_language() {
        let places = |text| places(text).collect::<BTreeSet<_>>();
        let (ru, en) = (
            Strings::shipped(Language::RU),
            Strings::shipped(Language::EN),
        );
        for key in ru.keys().filter(|key| en.keys().any(|other| other == *key)) {
            assert_eq!(places(ru.of(key)), places(en.of(key)), "{key}");
        }
    }
}
