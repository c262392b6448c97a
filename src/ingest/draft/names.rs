//! The words of a header cell, whatever joins them: `LeadID`, `lead_id` and `Lead ID` are one name.

/// The words of a name in lower case, with single spaces between them.
pub(super) fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for symbol in parted(name).chars() {
        let is_kept = symbol.is_alphanumeric() || matches!(symbol, '№' | '%');
        if is_kept && before.is_lowercase() && symbol.is_uppercase() {
            plain.push(' ');
        }
        if is_kept {
            plain.extend(symbol.to_lowercase());
        } else if !plain.ends_with(' ') {
            plain.push(' ');
        }
        before = symbol;
    }
    plain.trim().to_owned()
}

/// Names of databases in capitals with their id at the end: `LEADID`. Words that only end like it are left alone.
fn parted(name: &str) -> String {
    const NO_IDS: [&str; 5] = ["PAID", "UNPAID", "PREPAID", "VALID", "GRID"];
    let name = name.trim();
    let is_capitals = name.chars().all(|symbol| symbol.is_ascii_uppercase());
    match name.strip_suffix("ID") {
        Some(rest) if is_capitals && !rest.is_empty() && !NO_IDS.contains(&name) => {
            format!("{rest} ID")
        }
        _ => name.to_owned(),
    }
}

/// Letters of a word that may stand inside a longer one: `id` inside of `paid` says nothing.
const WHOLE_WORD_UP_TO: usize = 4;

/// Whether a name holds a word, both plain; a short one must stand by itself.
pub(super) fn holds(name: &str, word: &str) -> bool {
    if word.chars().count() > WHOLE_WORD_UP_TO {
        return name.contains(word);
    }
    name == word || name.split(' ').any(|part| part == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_words_whatever_joins_them() {
        for (name, words) in [
            ("LeadID", "lead id"),
            ("lead_id", "lead id"),
            ("LEADID", "lead id"),
            ("PAID", "paid"),
            ("DealAmount", "deal amount"),
            ("E-mail", "e mail"),
            ("Расход, ₽ ", "расход"),
            ("Дата создания", "дата создания"),
        ] {
            assert_eq!(plain(name), words);
        }
    }

    #[test]
    fn a_short_word_stands_by_itself() {
        assert!(holds("lead id", "id"));
        assert!(!holds("paid at", "id"));
        assert!(holds("order total", "total"));
    }
}
