//! Which way a call went, in the words of the table and of telephone systems.

/// Which way a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) enum Direction {
    Inbound,
    Outbound,
    Internal,
}

/// Beginnings of the words that systems have for a direction, lower-case.
const WORDS: &[(&str, Direction)] = &[
    ("intern", Direction::Internal),
    ("local", Direction::Internal),
    ("внутр", Direction::Internal),
    ("outbound", Direction::Outbound),
    ("outgoing", Direction::Outbound),
    ("output", Direction::Outbound),
    ("исх", Direction::Outbound),
    ("ausgehend", Direction::Outbound),
    ("inbound", Direction::Inbound),
    ("incoming", Direction::Inbound),
    ("input", Direction::Inbound),
    ("eingehend", Direction::Inbound),
    ("вх", Direction::Inbound),
    // Only who called the firm can miss it.
    ("missed", Direction::Inbound),
    ("пропущ", Direction::Inbound),
];

/// Words that mean it only where they stand alone: `Invalid` is no direction.
const SHORT: &[(&str, Direction)] = &[
    ("out", Direction::Outbound),
    ("in", Direction::Inbound),
    ("aus", Direction::Outbound),
    ("ein", Direction::Inbound),
];

impl Direction {
    /// The word of the table for it.
    pub(in crate::ingest) fn word(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Internal => "internal",
        }
    }

    /// What a file's own word says: `Inbound`, `outgoing`, «Входящий внешний вызов».
    pub(in crate::ingest) fn of_word(word: &str) -> Option<Self> {
        // An arrow before the word says the same.
        let word = word.trim_start_matches(|symbol: char| !symbol.is_alphanumeric());
        let word = word.trim().to_lowercase();
        let begins = WORDS.iter().find(|(start, _)| word.starts_with(start));
        let first = word.split(|symbol: char| !symbol.is_alphanumeric()).next();
        let alone = || SHORT.iter().find(|(short, _)| first == Some(*short));
        begins.or_else(alone).map(|(_, direction)| *direction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_are_known_in_three_languages() {
        let words = [
            ("Inbound", Some(Direction::Inbound)),
            ("incoming", Some(Direction::Inbound)),
            ("Входящий внешний вызов", Some(Direction::Inbound)),
            ("outbound-dial", Some(Direction::Outbound)),
            ("Исходящий", Some(Direction::Outbound)),
            ("Internal", Some(Direction::Internal)),
            ("Intern", Some(Direction::Internal)),
            ("eingehend", Some(Direction::Inbound)),
            ("ausgehend", Some(Direction::Outbound)),
            ("внутренний", Some(Direction::Internal)),
            ("IN", Some(Direction::Inbound)),
            ("missed", Some(Direction::Inbound)),
            ("⬆ Исходящий", Some(Direction::Outbound)),
            ("callback", None),
            ("Invalid", None),
            ("Interrupted", None),
            ("", None),
        ];
        for (word, direction) in words {
            assert_eq!(Direction::of_word(word), direction, "{word}");
        }
    }
}
