//! Advertising tags in the one form that channels, costs and contacts are compared by.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1251, WINDOWS_1252};

use super::percent;
use crate::model::placeholder::{is_no_source, is_placeholder};

/// What a tag may say in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagUse {
    /// Of a call, a form, a deal: analytics' words for "no source" are no tags, for nothing is known then.
    Contact,
    /// Of a visit or a cost: `(direct)` is a source by itself.
    Visit,
    /// Of a report's total: whatever it says is the name of a row, `(not set)` too.
    Total,
}

impl TagUse {
    /// The use of tags in a table of the lake, or in what an adapter takes.
    pub fn of_table(name: &str) -> Self {
        match name {
            "traffic_daily" => Self::Total,
            "sessions" | "costs" => Self::Visit,
            _ => Self::Contact,
        }
    }
}

/// A tag as it was meant: percent codes read (also twice encoded, of windows-1251, cut off at the end), letters that were
/// read in a wrong encoding mended where that is certain, `+` and runs of spaces as one space. Empty when it says nothing.
pub fn tag(cell: &str, of: TagUse) -> Cow<'_, str> {
    // Before percent codes are read: of `%%CAMPAIGN%%` some letters are such a code.
    if of != TagUse::Total && cell.starts_with('%') && is_placeholder(cell.as_bytes()) {
        return Cow::Borrowed("");
    }
    let decoded = percent::decoded(cell);
    let mended = match mended(&decoded) {
        Some(mended) => Cow::Owned(mended),
        None => decoded,
    };
    let clean = match spaced(&mended) {
        Some(clean) => Cow::Owned(clean),
        None => mended,
    };
    let says_nothing = match of {
        TagUse::Contact => is_placeholder(clean.as_bytes()) || is_no_source(&clean),
        TagUse::Visit => is_placeholder(clean.as_bytes()),
        TagUse::Total => false,
    };
    if says_nothing {
        Cow::Borrowed("")
    } else {
        clean
    }
}

/// `+`, no-break and doubled spaces as one space, none around; `None` when nothing changes.
fn spaced(text: &str) -> Option<String> {
    let is_space = |letter: char| letter == '+' || letter.is_whitespace();
    let has_odd_space = |letter: char| is_space(letter) && letter != ' ';
    let is_clean = !text.contains(has_odd_space) && !text.contains("  ") && text.trim() == text;
    if is_clean {
        return None;
    }
    let words: Vec<&str> = text
        .split(is_space)
        .filter(|word| !word.is_empty())
        .collect();
    Some(words.join(" "))
}

/// Cyrillic text that was read in a wrong encoding: `РїРѕРёСЃРє`, `Ð¿Ð¾Ð¸ÑÐº`, `ïîèñê`. `None` where that is not certain.
fn mended(text: &str) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    let by_wrong = |wrong: &'static Encoding| utf8_read_as(wrong, text);
    by_wrong(WINDOWS_1251)
        .or_else(|| by_wrong(WINDOWS_1252))
        .or_else(|| cyrillic_read_as_latin(text))
}

/// UTF-8 whose bytes were taken for letters of a one-byte encoding. Real text is never UTF-8 by chance: each of its letters
/// would have to be the first or a later byte of one in turn.
fn utf8_read_as(wrong: &'static Encoding, text: &str) -> Option<String> {
    let (bytes, _, has_others) = wrong.encode(text);
    if has_others {
        return None;
    }
    let meant = std::str::from_utf8(&bytes).ok()?;
    meant.contains(is_cyrillic).then(|| meant.to_owned())
}

/// Windows-1251 taken for Latin letters. Certain only where nothing but such letters stands: no language has words of
/// accented letters alone.
fn cyrillic_read_as_latin(text: &str) -> Option<String> {
    const FEWEST_LETTERS: usize = 4;
    let letters = text.chars().filter(|letter| letter.is_alphabetic());
    let is_accented = |letter: char| ('\u{c0}'..='\u{ff}').contains(&letter);
    let is_certain = letters.clone().all(is_accented) && letters.count() >= FEWEST_LETTERS;
    if !is_certain {
        return None;
    }
    let (bytes, _, has_others) = WINDOWS_1252.encode(text);
    let meant = WINDOWS_1251.decode_without_bom_handling(&bytes).0;
    (!has_others).then(|| meant.into_owned())
}

fn is_cyrillic(letter: char) -> bool {
    ('\u{400}'..='\u{45f}').contains(&letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tag_in_all_its_spellings_is_one() {
        for cell in [
            "поиск_окна",
            " поиск_окна\u{a0}",
            "%D0%BF%D0%BE%D0%B8%D1%81%D0%BA_%D0%BE%D0%BA%D0%BD%D0%B0",
            "%d0%bf%d0%be%d0%b8%d1%81%d0%ba_%d0%be%d0%ba%d0%bd%d0%b0",
            "%25D0%25BF%25D0%25BE%25D0%25B8%25D1%2581%25D0%25BA_%25D0%25BE%25D0%25BA%25D0%25BD%25D0%25B0",
            "%EF%EE%E8%F1%EA_%EE%EA%ED%E0",
            "%u043F%u043E%u0438%u0441%u043A_%u043E%u043A%u043D%u0430",
        ] {
            assert_eq!(tag(cell, TagUse::Contact), "поиск_окна", "{cell}");
        }
    }

    #[test]
    fn text_in_a_wrong_encoding_is_mended_where_that_is_certain() {
        let utf8_as_1251 = WINDOWS_1251
            .decode_without_bom_handling("поиск".as_bytes())
            .0;
        let utf8_as_1252 = WINDOWS_1252
            .decode_without_bom_handling("поиск".as_bytes())
            .0;
        for cell in [&utf8_as_1251, &utf8_as_1252, "ïîèñê"] {
            assert_eq!(tag(cell, TagUse::Contact), "поиск", "{cell}");
        }
        for cell in ["Рекламная кампания", "été", "café_brûlé", "ёлка №1"]
        {
            assert_eq!(tag(cell, TagUse::Contact), cell);
        }
    }

    #[test]
    fn spaces_are_one_space() {
        for cell in [
            "окна двери",
            "окна+двери",
            "окна  двери",
            "%D0%BE%D0%BA%D0%BD%D0%B0+двери",
            "окна%20двери",
        ] {
            assert_eq!(tag(cell, TagUse::Contact), "окна двери", "{cell}");
        }
    }

    #[test]
    fn what_is_no_code_stays() {
        for cell in ["100%", "50% off", "a%b", "%zz"] {
            assert_eq!(tag(cell, TagUse::Contact), cell);
        }
        assert_eq!(tag("50%25", TagUse::Contact), "50%");
    }

    #[test]
    fn a_code_that_was_cut_off_is_dropped() {
        assert_eq!(tag("%D0%BE%D0%BA%D0%BD%D0", TagUse::Contact), "окн");
        assert_eq!(tag("%D0%BE%D0%BA%D", TagUse::Contact), "ок");
    }

    #[test]
    fn placeholders_say_nothing_and_direct_is_a_source_of_visits_only() {
        for cell in [
            "undefined",
            "(not set)",
            "{utm_source}",
            "%7Butm_source%7D",
            "utm_source",
            "-",
        ] {
            assert_eq!(tag(cell, TagUse::Contact), "", "{cell}");
            assert_eq!(tag(cell, TagUse::Visit), "", "{cell}");
        }
        assert_eq!(tag("(direct)", TagUse::Contact), "");
        assert_eq!(tag("(direct)", TagUse::Visit), "(direct)");
        assert_eq!(tag("(not set)", TagUse::Total), "(not set)");
    }
}
