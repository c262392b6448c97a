//! "Did you mean": the nearest of the known words.

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

/// The known word that takes the fewest typing mistakes, when that is at most a third of its letters, or else the one
/// that begins with the word.
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
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), *candidate))
        .min()
        .filter(|(mistakes, candidate)| *mistakes <= (candidate.chars().count() / 3).max(1))
        .map(|(_, candidate)| candidate)
        .or_else(longer)
}

/// Letters to insert, remove, replace or swap with a neighbour (optimal string alignment).
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let mut before = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for row in 1..=left.len() {
        let mut current = vec![row];
        for column in 1..=right.len() {
            let replace = above[column - 1] + usize::from(left[row - 1] != right[column - 1]);
            let mut best = replace.min(above[column] + 1).min(current[column - 1] + 1);
            let swapped = row > 1
                && column > 1
                && left[row - 1] == right[column - 2]
                && left[row - 2] == right[column - 1];
            if swapped {
                let two_back: &Vec<usize> = &before;
                best = best.min(two_back[column - 2] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_counted_by_letter() {
        for (left, right, mistakes) in [
            ("", "", 0),
            ("", "abc", 3),
            ("serch", "search", 1),
            ("hten", "then", 1),
        ] {
            assert_eq!(distance(left, right), mistakes, "{left} {right}");
        }
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
