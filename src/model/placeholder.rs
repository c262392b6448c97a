//! Words that systems and people write where they know nothing: they are neither identities nor tags.

/// What scripts, forms, CRMs and people write for "nothing", in lower case. A word is here when it names no visitor, no
/// address and no advertising in any system that we know of.
const WORDS: &[&str] = &[
    // A script's own "nothing", turned into text.
    "undefined",
    "(undefined)",
    "null",
    "(null)",
    "-1",
    "\\n",
    "none",
    "nil",
    "nan",
    "true",
    "false",
    "object object",
    // Spreadsheets, statistics programs and CRMs.
    "n/a",
    "#n/a",
    "na",
    "empty",
    "(empty)",
    "(blank)",
    "unknown",
    "(unknown)",
    "not set",
    "not_set",
    "notset",
    "(not set)",
    "(not provided)",
    "не указан",
    "не указана",
    "не указано",
    "не указаны",
    "не задан",
    "не задано",
    "не определен",
    "не определён",
    "не определено",
    "неизвестно",
    "неизвестен",
    "неизвестный",
    "нет",
    "нет данных",
    "отсутствует",
    "пусто",
    // What visitors are called before they have an id.
    "guest",
    "anonymous",
    "anon",
    "гость",
    "аноним",
    // The name of the field in place of its value.
    "distinct_id",
    "distinctid",
    "client_id",
    "clientid",
    "client id",
    "user_id",
    "userid",
    "visitor_id",
    "visitorid",
    "_ga",
    "_ym_uid",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "utm_term",
];

/// Words of web analytics for a visit without any source. On a contact they say that nothing is known; in a report of
/// traffic they say "direct".
const NO_SOURCE: &[&str] = &["(direct)", "(none)"];

/// No word of the lists has more bytes (Cyrillic letters have two): longer texts are compared with none.
const LONGEST_WORD: usize = 26;

/// The marks that stand around the name of a field that a template was to be filled with.
const TEMPLATES: &[(&str, &str)] = &[
    ("{", "}"),
    ("${", "}"),
    ("#{", "}"),
    ("[", "]"),
    ("<", ">"),
    ("%", "%"),
    ("__", "__"),
];

/// Whether a text is written for "nothing is known" and stands for no value of its own: `undefined`, `(not set)`, an
/// unfilled `{clientID}`, zeros.
pub fn is_placeholder(text: &[u8]) -> bool {
    if is_empty_mark(text) {
        return true;
    }
    let Ok(text) = std::str::from_utf8(text) else {
        return false;
    };
    is_word_of(WORDS, text) || is_template(text) || is_empty_id(text)
}

/// Whether the text is analytics' word for a visit without a source.
pub fn is_no_source(text: &str) -> bool {
    is_word_of(NO_SOURCE, text)
}

fn is_word_of(words: &[&str], text: &str) -> bool {
    text.len() <= LONGEST_WORD && words.contains(&text.to_lowercase().as_str())
}

/// An id of several parts that a script put together without having one: `GA1.1.undefined`, `null.null`. What stands beside
/// the word must be an id's own prefix: `unknown.ru` is an address.
fn is_empty_id(text: &str) -> bool {
    let is_word = |part: &str| is_word_of(WORDS, part);
    let is_prefix = |part: &str| {
        part.len() == 1 && part.as_bytes()[0].is_ascii_digit() || part.eq_ignore_ascii_case("ga1")
    };
    text.contains('.')
        && text.split('.').any(is_word)
        && text.split('.').all(|part| is_word(part) || is_prefix(part))
}

/// Nothing but zeros and marks: `0`, `-`, `0.0`, `00000000-0000-0000-0000-000000000000`.
fn is_empty_mark(text: &[u8]) -> bool {
    let dashes_as_ascii = |byte: &u8| matches!(byte, b'0' | b'-' | b'.' | b'_' | b'*' | b'?');
    let is_long_dash = text == "—".as_bytes() || text == "–".as_bytes();
    is_long_dash || (!text.is_empty() && text.iter().all(dashes_as_ascii))
}

/// A name between a template's marks. One with digits may be an id that is written so: `{6F9619FF-8B86-…}`.
fn is_template(text: &str) -> bool {
    let inside = |(open, close): &(&str, &str)| text.strip_prefix(open)?.strip_suffix(close);
    let names = TEMPLATES.iter().filter_map(inside);
    names
        .into_iter()
        .any(|name| !name.is_empty() && !name.bytes().any(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_scripts_forms_and_crms_write_for_nothing_is_a_placeholder() {
        for text in [
            "undefined",
            "None",
            "NaN",
            "-",
            "0",
            "(not set)",
            "[object Object]",
            "00000000-0000-0000-0000-000000000000",
            "Не указан",
            "не определено",
            "{clientID}",
            "{{campaign.name}}",
            "${utm_source}",
            "%CLIENT_ID%",
            "[utm]",
            "__CAMPAIGN_ID__",
            "utm_source",
            "-1",
            "GA1.1.undefined",
            "null.null",
        ] {
            assert!(is_placeholder(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn ids_and_tags_are_none() {
        for text in [
            "1762679102334455",
            "GA1.2.123.456",
            "{6F9619FF-8B86-D011-B42D-00C04FC964FF}",
            "yandex",
            "100%",
            "окна_нет",
            "nullable",
            "unknown.ru",
            "GA1.1.17",
            "(direct)",
        ] {
            assert!(!is_placeholder(text.as_bytes()), "{text}");
        }
        assert!(is_no_source("(Direct)") && is_no_source("(none)"));
    }
}
