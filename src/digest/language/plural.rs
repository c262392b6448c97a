//! Which form of a word goes with which number.

use serde::Deserialize;

/// Which words go with which numbers (CLDR).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PluralRule {
    /// 1 and 21; 2–4 and 22; 0, 5–20 and 111; fractions.
    EastSlavic,
    /// 1; everything else.
    OneOther,
}

impl PluralRule {
    /// The form for a number as it is shown, with `decimals` digits after the mark.
    pub fn form(self, value: f64, decimals: usize) -> &'static str {
        if decimals > 0 {
            return "other";
        }
        let whole = value.abs().round() as u64;
        match self {
            Self::OneOther if whole == 1 => "one",
            Self::OneOther => "other",
            Self::EastSlavic => match (whole % 10, whole % 100) {
                (_, 11..=14) => "many",
                (1, _) => "one",
                (2..=4, _) => "few",
                _ => "many",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;
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
                PluralRule::EastSlavic.form(value, decimals),
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
            assert_eq!(PluralRule::OneOther.form(value, decimals), form, "{value}");
        }
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
