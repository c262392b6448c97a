//! Strings of the user's own, laid over the shipped ones and held against them.

use std::collections::BTreeSet;

use anyhow::Result;

use super::{LanguageFile, Strings, places, stem};
use crate::config::language::Language;
use crate::model::fault::Fault;

impl Strings {
    /// The shipped strings of a language with those of a text over them. A language that the program does not come with
    /// needs a whole text.
    ///
    /// # Errors
    /// When the text is no TOML, names a string or a place that no template knows, or leaves one out.
    pub fn laid_over(language: Language, text: &str) -> Result<Self> {
        let own: toml::Table = toml::from_str(text)?;
        let mut all: toml::Table = toml::from_str(language.shipped().unwrap_or_default())?;
        lay_over(&mut all, own);
        let strings = Self::of_file(language, all.try_into::<LanguageFile>()?);
        strings.held_against(Self::shipped(language))?;
        Ok(strings)
    }

    /// Refuses strings that are unknown, absent, or have places that nobody fills.
    fn held_against(&self, shipped: &Self) -> Result<()> {
        let stems = |strings: &Self| {
            strings
                .keys()
                .map(|key| stem(key).to_owned())
                .collect::<BTreeSet<_>>()
        };
        let (own, known) = (stems(self), stems(shipped));
        if let Some(key) = own
            .difference(&known)
            .find(|key| !key.starts_with(CHANNELS))
        {
            let fault = Fault::usage(format!("no string is named `{key}`"));
            let hint = "the names are those of lang/en.toml of the program";
            return Err(fault.hint(hint).into());
        }
        let missing: Vec<&str> = known.difference(&own).map(String::as_str).collect();
        if !missing.is_empty() {
            let fault = Fault::usage(format!("strings are missing: {}", first_of(&missing)));
            return Err(fault.hint("translate every line of lang/en.toml").into());
        }
        let forms = self.missing_forms();
        if !forms.is_empty() {
            let fault = Fault::usage(format!("forms of words are missing: {}", first_of(&forms)));
            let needed = self.plurals.forms().join(", ");
            let hint = format!("numbers of this language need the forms {needed} (CLDR)");
            return Err(fault.hint(hint).into());
        }
        for (key, text) in &self.texts {
            let same = |other: &&str| stem(other) == stem(key);
            let filled: BTreeSet<&str> = shipped
                .keys()
                .filter(same)
                .flat_map(|key| places(shipped.of(key)))
                .collect();
            if let Some(place) =
                places(text).find(|place| !filled.contains(place) && !key.starts_with(CHANNELS))
            {
                let known: Vec<String> =
                    filled.iter().map(|place| format!("{{{place}}}")).collect();
                let fault = Fault::usage(format!("`{key}`: nothing fills the place {{{place}}}"));
                let hint = format!("its places are {}", known.join(", "));
                return Err(fault.hint(hint).into());
            }
        }
        Ok(())
    }
}

impl Strings {
    /// Forms of words that the language needs for its numbers and that its file does not have.
    pub(super) fn missing_forms(&self) -> Vec<String> {
        let words: BTreeSet<&str> = self
            .keys()
            .filter(|key| stem(key) != *key)
            .map(stem)
            .collect();
        let forms = self.plurals.forms();
        let needed = words
            .into_iter()
            .flat_map(|word| forms.iter().map(move |form| format!("{word}.{form}")));
        needed
            .filter(|name| !self.texts.contains_key(name))
            .collect()
    }
}

/// The first of many names: a whole language may be missing.
fn first_of(names: &[impl AsRef<str>]) -> String {
    const MOST_NAMED: usize = 5;
    let shown: Vec<&str> = names.iter().take(MOST_NAMED).map(AsRef::as_ref).collect();
    let more = if names.len() > MOST_NAMED { " …" } else { "" };
    shown.join(", ") + more
}

/// Titles of channels by id, which every language may have more of.
pub(super) const CHANNELS: &str = "channel_titles.";

fn lay_over(below: &mut toml::Table, above: toml::Table) {
    for (key, value) in above {
        match (below.get_mut(&key), value) {
            (Some(toml::Value::Table(below)), toml::Value::Table(above)) => lay_over(below, above),
            (_, value) => {
                below.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::words;
    use crate::model::fault::told;

    fn refused(text: &str) -> String {
        told(&Strings::laid_over(Language::EN, text).expect_err("refused"))
    }

    #[test]
    fn one_string_is_replaced_and_the_others_stay() {
        let own = Strings::laid_over(Language::EN, "[table]\ntotal = \"Altogether\"\n")
            .expect("laid over");
        assert_eq!(own.raw(words::table::TOTAL), "Altogether");
        assert_eq!(
            own.keys().count(),
            Strings::shipped(Language::EN).keys().count()
        );
    }

    #[test]
    fn a_string_that_no_template_asks_for_is_refused() {
        assert!(refused("[table]\ntotl = \"x\"\n").contains("no string is named `table.totl`"));
    }

    #[test]
    fn a_place_that_nobody_fills_is_refused() {
        let text = refused("[brand]\ntitle = \"{name}\"\n");
        assert!(
            text.contains("nothing fills the place {name}") && text.contains("{title}"),
            "{text}"
        );
    }

    #[test]
    fn shipped_languages_have_every_form_of_every_word() {
        for language in Language::all_shipped() {
            let missing = Strings::shipped(language).missing_forms();
            assert!(missing.is_empty(), "{language}: {missing:?}");
        }
    }

    #[test]
    fn a_form_that_the_language_needs_must_be_there() {
        let polish = Language::parse("pl").expect("a code");
        let english = Language::EN.shipped().expect("English is shipped");
        let text = told(&Strings::laid_over(polish, english).expect_err("English has no few"));
        assert!(
            text.contains("archive.exports.few") && text.contains("one, few, many, other"),
            "{text}"
        );
    }

    #[test]
    fn a_language_of_the_users_own_must_be_whole() {
        let kazakh = Language::parse("kk").expect("a code");
        let english = Language::EN.shipped().expect("English is shipped");
        assert_eq!(
            Strings::laid_over(kazakh, english).expect("whole").code(),
            "kk"
        );
        let part = Strings::laid_over(kazakh, &english.replace("[brand]", "[other]"))
            .expect_err("in part");
        assert!(
            format!("{part:#}").contains("no string is named"),
            "{part:#}"
        );
    }
}
