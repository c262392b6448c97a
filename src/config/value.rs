//! Checks of single values: short names, titles, zones, currencies.

use chrono_tz::Tz;

use super::hint::nearest;
use super::source::SettingsText;
use super::wording;
use crate::model::fault::Fault;

/// The answer of a check that only says yes or no.
pub(crate) type Check = Result<(), Fault>;

/// A name of the IANA list.
pub(crate) fn zone(source: &SettingsText<'_>, path: &str, name: &str) -> Result<Tz, Fault> {
    name.parse().map_err(|_| {
        let near = near_zone(name)
            .map(|near| format!("did you mean \"{near}\"? "))
            .unwrap_or_default();
        let hint = format!("{near}expected a name of the IANA list, such as \"Europe/Moscow\"");
        source
            .refuse(path, format!("unknown time zone \"{name}\""))
            .hint(hint)
    })
}

/// The nearest name of the list. One that is an abbreviation is meant only in other letter case: MSK is no slip for MST,
/// which is ten hours away.
fn near_zone(name: &str) -> Option<&'static str> {
    let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let near = nearest(name, &names.collect::<Vec<_>>())?;
    let is_place = near.contains(char::is_lowercase);
    (is_place || near.eq_ignore_ascii_case(name)).then_some(near)
}

/// Three capitals.
pub(super) fn currency(source: &SettingsText<'_>, path: &str, code: &str) -> Check {
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(());
    }
    Err(source
        .refuse(path, format!("\"{code}\" is no currency code"))
        .hint("expected three capitals, such as \"RUB\""))
}

/// Letters of a name: it becomes a folder and a part of message ids, both of which have their bounds.
const LONGEST_NAME: usize = 64;

/// Lower-case letters and digits with single hyphens.
pub(crate) fn kebab(source: &SettingsText<'_>, path: &str, name: &str) -> Check {
    let words_fit = name.split('-').all(|word| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    if words_fit && name.len() <= LONGEST_NAME {
        return Ok(());
    }
    let hint =
        "expected lower-case Latin letters and digits with single hyphens, such as \"okna-sever\"";
    Err(source
        .refuse(
            path,
            format!("\"{}\" is no short name", name.escape_debug()),
        )
        .hint(hint))
}

/// Text that people read: not empty, one line.
pub(crate) fn title(source: &SettingsText<'_>, path: &str, text: &str) -> Check {
    if text.trim().is_empty() {
        return Err(source.refuse(path, format!("{} is empty", wording::setting(path))));
    }
    if text.chars().any(char::is_control) {
        return Err(source.refuse(
            path,
            format!("{} holds a control character", wording::setting(path)),
        ));
    }
    Ok(())
}

/// The sentence of a regex error, without the picture above it.
pub(crate) fn last_line(error: &regex::Error) -> String {
    let text = error.to_string();
    text.lines()
        .last()
        .unwrap_or_default()
        .trim_start_matches("error: ")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abbreviation_of_a_zone_is_never_taken_for_another() {
        for abbreviation in ["MSK", "msk", "CEST", "PST", "BST", "OMST", "EST6EDT"] {
            assert_eq!(near_zone(abbreviation), None, "{abbreviation}");
        }
        assert_eq!(near_zone("utc"), Some("UTC"));
        assert_eq!(near_zone("Europe/Moskow"), Some("Europe/Moscow"));
        assert_eq!(near_zone("IRAN"), Some("Iran"));
    }
}
