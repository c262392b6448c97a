//! Spaces of any kind, which browsers, spreadsheets and people leave around values.

use std::borrow::Cow;

/// Spaces that are no ASCII, and signs that take no room: no-break and thin spaces, zero-width ones, marks of the writing
/// direction, the byte-order mark.
const SPACES: &[&str] = &[
    "\u{a0}", "\u{2002}", "\u{2003}", "\u{2007}", "\u{2009}", "\u{200a}", "\u{200b}", "\u{200c}",
    "\u{200d}", "\u{200e}", "\u{200f}", "\u{202a}", "\u{202b}", "\u{202c}", "\u{202d}", "\u{202e}",
    "\u{202f}", "\u{205f}", "\u{2060}", "\u{2066}", "\u{2067}", "\u{2068}", "\u{2069}", "\u{3000}",
    "\u{feff}",
];

/// What stands behind a number with a fraction that its carrier holds as a number, and not as a text: one of the spaces,
/// which nobody sees.
pub const TYPED: &str = "\u{2060}";

/// A cell without spaces of any kind around it.
#[inline]
pub fn trim(cell: &[u8]) -> &[u8] {
    let is_graphic = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    // Nearly all cells of the large tables begin and end with such a sign.
    if is_graphic(cell.first()) && is_graphic(cell.last()) {
        return cell;
    }
    let cell = cell.strip_suffix(TYPED.as_bytes()).unwrap_or(cell);
    let cell = cell.trim_ascii();
    if may_be_space(cell.first()) || may_be_space(last_start(cell)) {
        return trim_all(cell);
    }
    cell
}

/// Whether one of [`SPACES`] may begin with a byte; letters of Cyrillic never do.
fn may_be_space(first: Option<&u8>) -> bool {
    matches!(first, Some(0xC2 | 0xE2 | 0xE3 | 0xEF))
}

/// The first byte of the last character; of the spaces none has more than three.
fn last_start(cell: &[u8]) -> Option<&u8> {
    let continues = |byte: u8| byte & 0xC0 == 0x80;
    let is_start = |byte: &&u8| !continues(**byte);
    cell.iter().rev().take(3).find(is_start)
}

fn trim_all(mut cell: &[u8]) -> &[u8] {
    loop {
        let before = cell.len();
        for space in SPACES {
            cell = cell.strip_prefix(space.as_bytes()).unwrap_or(cell);
            cell = cell.strip_suffix(space.as_bytes()).unwrap_or(cell);
        }
        cell = cell.trim_ascii();
        if cell.len() == before {
            return cell;
        }
    }
}

/// A text whose no-break spaces are spaces: people and channel rules see no difference between them.
#[inline]
pub fn plain_spaces(cell: &[u8]) -> Cow<'_, [u8]> {
    // The first bytes of the spaces above; Cyrillic letters have others.
    if memchr::memchr2(0xC2, 0xE2, cell).is_none() {
        return Cow::Borrowed(cell);
    }
    match std::str::from_utf8(cell) {
        Ok(text) if text.contains(['\u{a0}', '\u{202f}']) => {
            let text = text.replace(['\u{a0}', '\u{202f}'], " ");
            Cow::Owned(text.into_bytes())
        }
        _ => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_of_any_kind_are_no_part_of_a_cell() {
        let cases = [
            ("Успешно реализовано\u{a0}", "Успешно реализовано"),
            ("\u{feff}\u{202f} won \u{200b}\t", "won"),
            ("\u{2068}+7 900\u{2069}", "+7 900"),
            ("а", "а"),
            (" \u{a0} ", ""),
            ("", ""),
        ];
        for (cell, expected) in cases {
            assert_eq!(trim(cell.as_bytes()), expected.as_bytes(), "{cell:?}");
        }
    }

    #[test]
    fn no_break_spaces_inside_a_text_are_spaces() {
        let cell = "Успешно\u{a0}реализовано — «да»";
        let plain = "Успешно реализовано — «да»";
        assert_eq!(*plain_spaces(cell.as_bytes()), *plain.as_bytes());
        assert_eq!(*plain_spaces(b"\xE2\xA0"), *b"\xE2\xA0");
    }
}
