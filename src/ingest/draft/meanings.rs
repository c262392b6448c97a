//! What the words in a column of an unknown file mean, as far as they tell, and which of them say nothing here.

use std::collections::BTreeMap;

use super::sheet::Column;
use super::words::{BESIDE, NEGATIONS, Vocabulary};

/// The words of a column.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// Each value in lower case with its meaning, sorted.
    pub(super) known: Vec<(String, &'static str)>,
    /// Those that no list has, in lower case, sorted: a person has to say what they mean.
    pub(super) unknown: Vec<String>,
}

/// Unknown words that are named: nobody reads more of them in a comment.
const SHOWN: usize = 12;

impl Said {
    /// The words that say nothing here, and what is to be done about them; empty where there are none.
    pub(super) fn open_words(&self, meanings: &str) -> String {
        if self.unknown.is_empty() {
            return String::new();
        }
        let words = self.unknown.iter().take(SHOWN);
        let words: Vec<String> = words.map(|word| format!("\"{word}\"")).collect();
        format!(
            "; no list has {}: add each to the map as {meanings}",
            words.join(", ")
        )
    }
}

/// What the words of a column mean: each value of it in lower case. Nothing of a column that people write in goes into a
/// format, and of one of a system only what is no name of somebody.
pub(super) fn meanings(column: &Column, vocabulary: &Vocabulary) -> Said {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for value in &column.values {
        *times.entry(value).or_insert(0) += 1;
    }
    let mut said = Said::default();
    if !are_of_system(&times, column.values.len()) {
        return said;
    }
    for (value, times) in times {
        let word = value.to_lowercase();
        if times == 1 && !is_plain(value) && !vocabulary.lists(&word) {
            continue;
        }
        match vocabulary.meaning(&word) {
            Some(meaning) => said.known.push((word, meaning)),
            None => said.unknown.push(word),
        }
    }
    said.known.sort();
    said.known.dedup();
    said.unknown.sort();
    said.unknown.dedup();
    said
}

/// Whether at least half of the cells hold what another one holds as well: so do words of a system. A word that came once
/// only does not make the others people's.
fn are_of_system(times: &BTreeMap<&str, usize>, cells: usize) -> bool {
    let again: usize = times.values().filter(|times| **times > 1).sum();
    cells > 0 && again * 2 >= cells
}

/// Words of a state that came once.
const MOST_WORDS: usize = 4;

/// Whether a value that came once is hardly somebody's: few words, no digits, and no capital letter but the first, as names
/// have.
fn is_plain(value: &str) -> bool {
    let mut words = value.split_whitespace().skip(1);
    let is_few = value.split_whitespace().count() <= MOST_WORDS;
    let has_marks = value.contains(|symbol: char| symbol.is_ascii_digit() || symbol == '@');
    let is_small = |word: &str| !word.starts_with(char::is_uppercase);
    let is_beside = |word: &str| BESIDE.contains(&word.to_lowercase().as_str());
    is_few && !has_marks && words.all(|word| is_small(word) || is_beside(word))
}

/// What all words of a column mean, where each is known, is hardly somebody's, and one of them ends anything; how often
/// they come does not matter then.
pub(super) fn all_meanings(column: &Column, vocabulary: &Vocabulary) -> Option<Said> {
    let mut said = Said::default();
    for value in &column.values {
        let word = value.to_lowercase();
        let meaning = vocabulary.meaning(&word).filter(|_| is_one_word(value))?;
        said.known.push((word, meaning));
    }
    said.known.sort();
    said.known.dedup();
    let ends = said.known.iter().any(|(_, meaning)| *meaning != "open");
    ends.then_some(said)
}

/// Whether a value is one word, but for those that deny it or say what it is of: nobody's name stands beside it.
fn is_one_word(value: &str) -> bool {
    let is_beside = |word: &str| BESIDE.contains(&word) || NEGATIONS.contains(&word);
    let lower = value.to_lowercase();
    lower
        .split_whitespace()
        .filter(|word| !is_beside(word))
        .count()
        == 1
}

impl Vocabulary {
    /// Whether a value in lower case is a word of the lists, and nothing stands beside it.
    fn lists(&self, value: &str) -> bool {
        let mut all = self.whole.iter().chain(self.parts);
        all.any(|(word, _)| *word == value)
    }

    /// What a value in lower case means; nothing where the word that it holds is denied by another before it.
    pub(super) fn meaning(&self, value: &str) -> Option<&'static str> {
        let value = value.replace('ё', "е");
        let of = |known: &'static [(&str, &str)], fits: &dyn Fn(&str) -> bool| {
            let mut known = known.iter();
            known
                .find(|(word, _)| fits(word))
                .map(|(_, meaning)| *meaning)
        };
        of(self.whole, &|word| value == word).or_else(|| of(self.parts, &|word| says(&value, word)))
    }
}

/// Whether a text has a word that begins so, and that is not denied.
fn says(text: &str, beginning: &str) -> bool {
    let mut found = text.match_indices(beginning);
    found.any(|(at, _)| {
        let before = &text[..at];
        let begins = !before.ends_with(char::is_alphanumeric);
        let mut words = before.split(|symbol: char| !symbol.is_alphanumeric());
        let last = words.rfind(|word| !word.is_empty());
        begins && !last.is_some_and(|word| NEGATIONS.contains(&word))
    })
}

#[cfg(test)]
mod tests {
    use super::super::shape::Shape;
    use super::super::words::{ANSWERS, DIRECTIONS, ENDINGS};
    use super::*;
    use crate::ingest::formats;

    fn said(values: &[&str], vocabulary: &Vocabulary) -> Said {
        let column = Column {
            name: "Статус".to_owned(),
            shape: Shape::Text,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        meanings(&column, vocabulary)
    }

    #[test]
    fn one_word_that_no_list_has_does_not_hide_the_others() {
        let calls = [
            "Отвечен",
            "Пропущен",
            "Голосовая почта",
            "Перезвонили",
            "Отвечен",
            "Пропущен",
        ];
        let said = said(&calls, &ANSWERS);
        let known = [
            ("голосовая почта".to_owned(), "no"),
            ("отвечен".to_owned(), "yes"),
            ("пропущен".to_owned(), "no"),
        ];
        assert_eq!(said.known, known);
        assert_eq!(said.unknown, ["перезвонили"]);
    }

    #[test]
    fn what_people_write_is_no_word_of_a_system() {
        let notes = ["Отказ: Иванова", "Отказ, дорого", "Думает", "Отказ, ремонт"];
        assert!(said(&notes, &ENDINGS).known.is_empty());
        let among = said(&["Отказ", "Отказ", "Отказ Иванов", "Думает"], &ENDINGS);
        assert_eq!(among.known, [("отказ".to_owned(), "lost")]);
        assert_eq!(among.unknown, ["думает"]);
    }

    #[test]
    fn a_word_that_is_denied_says_nothing() {
        for (word, meaning) in [
            ("выполнен", Some("won")),
            ("не выполнен", None),
            ("завершён", Some("won")),
            ("незавершён", None),
            ("продажа", Some("won")),
            ("продажа отменена", Some("lost")),
            ("отдел продаж", None),
            ("новый заказ", Some("open")),
            ("incomplete", None),
        ] {
            assert_eq!(ENDINGS.meaning(word), meaning, "{word}");
        }
        for (word, meaning) in [
            ("answered call", Some("yes")),
            ("not connected", None),
            ("missed call", Some("no")),
            ("disconnected", None),
            ("call connected", Some("yes")),
        ] {
            assert_eq!(ANSWERS.meaning(word), meaning, "{word}");
        }
    }

    #[test]
    fn directions_are_known_by_any_of_their_words() {
        for (word, meaning) in [
            ("входящий с перенаправлением", Some("inbound")),
            ("пропущенный входящий", Some("inbound")),
            ("in", Some("inbound")),
            ("исходящий", Some("outbound")),
            ("internal", Some("internal")),
            ("обратный звонок", None),
            ("admin", None),
        ] {
            assert_eq!(DIRECTIONS.meaning(word), meaning, "{word}");
        }
    }

    /// Not a word of these two is won in every firm: a closed order may have been cancelled.
    const LEFT_OPEN: [&str; 2] = ["закрыт", "partially_refunded"];

    #[test]
    fn words_of_the_built_in_formats_mean_the_same_to_a_draft() {
        let formats = formats::load_all(std::path::Path::new("")).expect("the built-in formats");
        let deals = formats.iter().filter(|format| format.table == "deals");
        let rules = deals.flat_map(|format| &format.columns);
        let maps = rules
            .filter(|rule| rule.to == "status")
            .map(|rule| &rule.map);
        let words = maps.flatten().filter(|(word, meaning)| {
            let has_letters = word.chars().any(char::is_alphabetic);
            has_letters && meaning.as_str() == "won" && !LEFT_OPEN.contains(&word.as_str())
        });
        let mut count = 0;
        for (word, meaning) in words {
            assert_eq!(ENDINGS.meaning(word), Some(meaning.as_str()), "{word}");
            count += 1;
        }
        assert!(count > 10, "{count}");
    }
}
