//! Which form of a word goes with which number, by the rules of CLDR: a new language needs no code.

use fixed_decimal::UnsignedDecimal;
use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};

use crate::config::language::Language;

/// The plural rules of one language. They are looked up when they are asked for: a table of the program, no reading.
#[derive(Debug, Clone)]
pub(super) struct Plurals(Option<Locale>);

impl Plurals {
    /// The rules of a language; one without rules has one form for all numbers.
    pub(super) fn of(language: Language) -> Self {
        Self(language.code().parse().ok())
    }

    fn rules(&self) -> Option<PluralRules> {
        let locale = self.0.as_ref()?;
        PluralRules::try_new_cardinal(locale.into()).ok()
    }

    /// The name of the form for a number as it is shown, with `decimals` digits after the mark: `1,0` is not `1`.
    pub(super) fn form(&self, value: f64, decimals: usize) -> &'static str {
        // Figures round halves away from zero where none are shown, and so must the word beside them.
        let shown = match decimals {
            0 => value.abs().round(),
            _ => value.abs(),
        };
        let digits = UnsignedDecimal::try_from_str(&format!("{shown:.decimals$}"));
        let category = match (self.rules(), digits) {
            (Some(rules), Ok(digits)) => rules.category_for(&digits),
            _ => PluralCategory::Other,
        };
        name(category)
    }

    /// The names of all forms that the language has.
    pub(super) fn forms(&self) -> Vec<&'static str> {
        match self.rules() {
            Some(rules) => rules.categories().map(name).collect(),
            None => vec![name(PluralCategory::Other)],
        }
    }
}

/// Names of the forms, as language files write them.
pub(super) const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

fn name(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => FORMS[0],
        PluralCategory::One => FORMS[1],
        PluralCategory::Two => FORMS[2],
        PluralCategory::Few => FORMS[3],
        PluralCategory::Many => FORMS[4],
        PluralCategory::Other => FORMS[5],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::words::{self, Noun};
    use crate::digest::language::Strings;

    #[test]
    fn russian_nouns_follow_their_numbers() {
        let cases = [
            (0.0, 0, "many"),
            (1.0, 0, "one"),
            (2.0, 0, "few"),
            (5.0, 0, "many"),
            (11.0, 0, "many"),
            (21.0, 0, "one"),
            (101.0, 0, "one"),
            (111.0, 0, "many"),
            (121.0, 0, "one"),
            (1.5, 1, "other"),
        ];
        for (value, decimals, form) in cases {
            assert_eq!(
                Plurals::of(Language::RU).form(value, decimals),
                form,
                "{value}"
            );
        }
    }

    #[test]
    fn english_nouns_follow_their_numbers() {
        for (value, decimals, form) in [
            (0.0, 0, "other"),
            (1.0, 0, "one"),
            (21.0, 0, "other"),
            (1.5, 1, "other"),
        ] {
            assert_eq!(
                Plurals::of(Language::EN).form(value, decimals),
                form,
                "{value}"
            );
        }
    }

    // CLDR: Polish tells 2 to 4 and 22 from 5 and 21, Kazakh tells only 1 from the rest, Japanese tells nothing.
    #[test]
    fn other_languages_follow_their_own_rules() {
        let forms = |code: &str| {
            let language = Language::parse(code).expect("a code");
            [1.0, 2.0, 5.0, 21.0, 22.0].map(|value| Plurals::of(language).form(value, 0))
        };
        assert_eq!(forms("pl"), ["one", "few", "many", "many", "few"]);
        assert_eq!(forms("kk"), ["one", "other", "other", "other", "other"]);
        assert_eq!(forms("ja"), ["other"; 5]);
    }

    /// The numbers after which nouns go wrong most easily; the last with one digit after the mark.
    const NUMBERS: [f64; 10] = [0.0, 1.0, 2.0, 5.0, 11.0, 21.0, 101.0, 111.0, 121.0, 1.5];

    fn assert_nouns(language: Language, noun: Noun, nouns: &str) {
        let strings = Strings::shipped(language);
        let shown = NUMBERS.map(|value| {
            let text = strings.plural(noun, value, usize::from(value.fract() > 0.0), "N");
            text.strip_prefix("N\u{a0}")
                .expect("a number, a fixed space, a noun")
                .to_owned()
        });
        assert_eq!(shown.join(" "), nouns, "{}", noun.as_str());
    }

    /// Written by hand.
    #[test]
    fn nouns_after_numbers_read_as_people_write_them() {
        for (key, nouns) in [
            (
                words::words::SESSIONS,
                "визитов визит визита визитов визитов визит визит визитов визит визита",
            ),
            (
                words::words::INQUIRIES,
                "обращений обращение обращения обращений обращений обращение обращение обращений обращение обращения",
            ),
            (
                words::words::SALES,
                "продаж продажа продажи продаж продаж продажа продажа продаж продажа продажи",
            ),
            (
                words::words::DAYS,
                "дней день дня дней дней день день дней день дня",
            ),
            // After «полны 3 из»: the genitive.
            (
                words::archive::EXPORTS,
                "выгрузок выгрузки выгрузок выгрузок выгрузок выгрузки выгрузки выгрузок выгрузки выгрузки",
            ),
        ] {
            assert_nouns(Language::RU, key, nouns);
        }
        for (key, one, many) in [
            (words::words::SESSIONS, "visit", "visits"),
            (words::words::INQUIRIES, "inquiry", "inquiries"),
            (words::words::SALES, "sale", "sales"),
        ] {
            let nouns = NUMBERS.map(|number| if number == 1.0 { one } else { many });
            assert_nouns(Language::EN, key, &nouns.join(" "));
        }
    }
}
