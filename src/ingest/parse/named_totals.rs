//! Cells that name what they are the sum of: «Директ итого», «Итого Директ», "google total", «VK (итого)».

/// Words of sums beside a name, in lower case. With a name they may as well be a part of it: "Total war".
const WORDS: &[&str] = &[
    "итого",
    "итог",
    "всего",
    "сумма",
    "подытог",
    "подитог",
    "total",
    "totals",
    "sum",
    "subtotal",
];

/// What may stand between the name and the word.
const MARKS: &[char] = &[
    ' ', '\u{a0}', '-', '–', '—', ':', '(', ')', '[', ']', '"', '«', '»',
];

/// The name, in lower case, of what a cell says it is the sum of, when it holds a name and a word of sums.
pub(in crate::ingest) fn named_total(cell: &str) -> Option<String> {
    let cell = cell.to_lowercase();
    let cell = cell.trim_matches(MARKS);
    let names = WORDS.iter().filter_map(|word| {
        let behind = cell
            .strip_prefix(word)
            .filter(|rest| rest.starts_with(MARKS));
        let before = || cell.strip_suffix(word).filter(|rest| rest.ends_with(MARKS));
        behind.or_else(before)
    });
    // The longest word leaves the shortest name.
    let name = names.min_by_key(|name| name.len())?.trim_matches(MARKS);
    let name = name.strip_prefix("по ").unwrap_or(name);
    name.contains(char::is_alphabetic).then(|| name.to_owned())
}

/// Whether a value, in lower case, is what a name says, or begins with it: «директ», «директ поиск».
pub(in crate::ingest) fn is_named(value: &str, name: &str) -> bool {
    let is_end = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    value.strip_prefix(name).is_some_and(is_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_beside_a_word_of_sums_is_found_in_either_order() {
        for cell in [
            "Директ итого",
            "Итого Директ",
            "Директ - всего",
            "директ (итого)",
            "Директ — Итог",
            "Итого: Директ",
            "Всего по директ",
        ] {
            assert_eq!(named_total(cell).as_deref(), Some("директ"), "{cell}");
        }
        assert_eq!(named_total("google Total").as_deref(), Some("google"));
        assert_eq!(
            named_total("Total Google Ads").as_deref(),
            Some("google ads")
        );
    }

    #[test]
    fn words_that_only_begin_so_and_words_alone_name_nothing() {
        for cell in [
            "Итоги года",
            "Totally new",
            "Total, brand",
            "Итого",
            "Всего 12",
            "Итого 2026",
            "Subtotal",
            "Капитого",
            "",
        ] {
            assert_eq!(named_total(cell), None, "{cell}");
        }
    }

    #[test]
    fn a_name_is_a_whole_word_of_what_it_names() {
        assert!(is_named("директ", "директ"));
        assert!(is_named("директ рся", "директ"));
        assert!(!is_named("директор", "директ"));
        assert!(!is_named("рся директ", "директ"));
    }
}
