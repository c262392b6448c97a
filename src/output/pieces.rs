//! Text as pages and mails write it: in pieces that are strong or not, and some of which no line breaks.

use serde_json::{Value as Json, json};

use crate::digest::language::Rich;

/// The spans of a text in pieces.
pub(super) fn rich(text: &Rich) -> Vec<Json> {
    text.0
        .iter()
        .flat_map(|span| pieces(&span.text, span.strong))
        .collect()
}

/// Text in pieces, so that ranges like `385–440` do not break at their dash. The space after one stands outside of it: there
/// the line may break.
pub(super) fn pieces(text: &str, is_strong: bool) -> Vec<Json> {
    let mut pieces: Vec<(String, bool)> = Vec::new();
    let mut add = |text: &str, keeps_together: bool| match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some((last, false)) if !keeps_together => last.push_str(text),
        _ => pieces.push((text.to_owned(), keeps_together)),
    };
    for word in text.split_inclusive(' ') {
        if is_range(word) || is_short_path(word) {
            let whole = word.trim_end_matches(' ');
            add(whole, true);
            add(&word[whole.len()..], false);
        } else {
            add(word, false);
        }
    }
    pieces
        .iter()
        .map(|(text, nowrap)| json!({ "text": text, "strong": is_strong, "nowrap": nowrap }))
        .collect()
}

fn is_range(word: &str) -> bool {
    word.contains('–') && word.chars().any(|symbol| symbol.is_ascii_digit())
}

/// A path of a page that breaks at its hyphens reads as two; a long one must break somewhere. Words that hang together by
/// no-break spaces stand in one piece.
fn is_short_path(word: &str) -> bool {
    let is_path = |part: &str| part.starts_with('/') && part.contains('-');
    word.split('\u{a0}').any(is_path) && word.chars().count() <= SHORT_PATH
}

const SHORT_PATH: usize = 26;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_breaks_beside_a_path_and_never_in_it() {
        let said = pieces("форма на\u{a0}/okna-ceny с\u{a0}телефонов", false);
        let said: Vec<(&str, bool)> = said
            .iter()
            .map(|piece| {
                let text = piece["text"].as_str().unwrap_or_default();
                (text, piece["nowrap"] == json!(true))
            })
            .collect();
        let expected = [
            ("форма ", false),
            ("на\u{a0}/okna-ceny", true),
            (" с\u{a0}телефонов", false),
        ];
        assert_eq!(said, expected);
    }
}
