//! "Did you mean": the nearest of the known words.

use strsim::osa_distance;

/// A hint for a word that is not among the known ones: the nearest, when it is near, and all of them.
pub(crate) fn expected_one_of(word: &str, known: &[&str]) -> String {
    let all = match known {
        [only] => format!("expected {only}"),
        _ => format!("expected one of {}", known.join(", ")),
    };
    nearest(word, known).map_or_else(
        || all.clone(),
        |near| format!("did you mean \"{near}\"? {all}"),
    )
}

/// The known word that takes the fewest typing mistakes (letters too many, missing, wrong or swapped), when that is at
/// most a third of its letters, or else the one that begins with the word.
pub(super) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    let longer = || {
        known
            .iter()
            .copied()
            .find(|candidate| word.len() > 2 && candidate.starts_with(&word))
    };
    known
        .iter()
        .map(|candidate| (osa_distance(&word, &candidate.to_lowercase()), *candidate))
        .min()
        .filter(|(mistakes, candidate)| *mistakes <= (candidate.chars().count() / 3).max(1))
        .map(|(_, candidate)| candidate)
        .or_else(longer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_that_are_swapped_are_one_mistake() {
        assert_eq!(nearest("hten", &["then"]), Some("then"));
        assert_eq!(nearest("htne", &["then"]), None);
    }

    #[test]
    fn a_far_word_is_not_suggested() {
        assert_eq!(nearest("colour", &["inquiry", "paths"]), None);
        assert_eq!(
            nearest("paid-serch", &["direct", "paid-search"]),
            Some("paid-search")
        );
    }
}
