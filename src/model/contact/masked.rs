//! Numbers and addresses of which a part is hidden: they look like somebody's, and are nobody's.

use super::phone::{FEWEST_DIGITS, MOST_DIGITS};

/// What systems write in place of what they hide.
const MASKS: &[char] = &['*', 'x', 'X', 'х', 'Х', '#', '_', '•', '●', '∗'];
/// One such mark is an extension's or a typing error.
const FEWEST_MASKS: usize = 2;
/// A field's mask that nobody has filled holds the country's digit alone.
const FEWEST_SHOWN: usize = 2;

/// Whether a text is a number with hidden digits: `+7 9** ***-12-34`, `79xxxxxxx12`.
pub(super) fn hides_digits(text: &str) -> bool {
    let may_mask = |byte: u8| matches!(byte, b'*' | b'x' | b'X' | b'#' | b'_') || !byte.is_ascii();
    if !text.bytes().any(may_mask) {
        return false;
    }
    let (mut shown, mut hidden) = (0, 0);
    for letter in text.chars() {
        match letter {
            '0'..='9' => shown += 1,
            ' ' | '-' | '(' | ')' | '+' | '.' | '/' => {}
            letter if MASKS.contains(&letter) => hidden += 1,
            _ => return false,
        }
    }
    let is_number = (FEWEST_DIGITS..=MOST_DIGITS).contains(&(shown + hidden));
    hidden >= FEWEST_MASKS && shown >= FEWEST_SHOWN && is_number
}

/// Whether a part of an address is hidden: `a***@mail.example`, `anna@g••••.com`.
pub(super) fn hides_letters(part: &str) -> bool {
    part.contains("**") || part.contains("••")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_hides_digits_when_marks_stand_in_their_place() {
        for text in [
            "+7 9** ***-12-34",
            "79xxxxxxx12",
            "7900555XX12",
            "8(900)***-**-01",
            "7900*****12",
            "+7 (9хх) ххх-00-01",
            "•••••551234",
        ] {
            assert!(hides_digits(text), "{text}");
        }
        for text in [
            "+7 (___) ___-__-__",
            "89001112233",
            "8 900 111-22-33 x101",
            "max 8 900 111-22-33 **",
            "**",
            "#1",
        ] {
            assert!(!hides_digits(text), "{text}");
        }
    }
}
