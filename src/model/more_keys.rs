//! Further keys of one person in one row: the second telephone, another address, the ids of other devices. All of them in one
//! text that any engine can read: `p00000000000000af e0000000000000001`, a letter for the kind and sixteen hexadecimal digits.

use super::nameless::KeyKind;

/// The column of them, in the tables of contacts that may have several.
pub const MORE_KEYS: &str = "more_keys";

/// Each kind with its letter.
const LETTERS: [(KeyKind, u8); 4] = [
    (KeyKind::Phone, b'p'),
    (KeyKind::Email, b'e'),
    (KeyKind::Client, b'c'),
    (KeyKind::CrmContact, b'k'),
];

/// A further key of a person.
pub type MoreKey = (KeyKind, u64);

/// Adds a key to a text.
pub fn add(text: &mut Vec<u8>, (kind, key): MoreKey) {
    if !text.is_empty() {
        text.push(b' ');
    }
    let letter = LETTERS.iter().find(|(other, _)| *other == kind);
    text.extend(letter.map(|(_, letter)| *letter));
    text.extend_from_slice(format!("{key:016x}").as_bytes());
}

/// The keys of a text. What is no key was not written here, and says nothing.
pub fn read(text: &str) -> Vec<MoreKey> {
    let key = |word: &str| {
        let (letter, digits) = word.split_at_checked(1)?;
        let (kind, _) = LETTERS
            .iter()
            .find(|(_, known)| letter.as_bytes() == [*known])?;
        Some((*kind, u64::from_str_radix(digits, 16).ok()?))
    };
    text.split(' ').filter_map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_were_written() {
        let keys = [
            (KeyKind::Phone, 175),
            (KeyKind::Email, u64::MAX),
            (KeyKind::Client, 1),
            (KeyKind::CrmContact, 2),
        ];
        let mut text = Vec::new();
        keys.iter().for_each(|key| add(&mut text, *key));
        let text = String::from_utf8(text).expect("letters and digits");
        assert!(text.starts_with("p00000000000000af e"), "{text}");
        assert_eq!(read(&text), keys);
        assert_eq!(read(""), []);
    }
}
