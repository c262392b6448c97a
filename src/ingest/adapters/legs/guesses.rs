//! Words of a file that say nothing here: what was concluded without them is told, word by word.

use std::collections::BTreeMap;

use super::rows::{Leg, Rows};
use crate::ingest::detect::mask_contacts;
use crate::ingest::direction::Direction;

/// Words shown of each kind: nobody adds more to a format.
const SHOWN: usize = 8;
/// Calls that name nobody are told from so many on: a slip of a hand is none.
const FEWEST_OF_NOBODY: u32 = 3;

/// Words that say nothing here, by file, with the number of calls.
#[derive(Default)]
pub(super) struct Guesses(BTreeMap<u32, Guessed>);

#[derive(Default)]
struct Guessed {
    directions: BTreeMap<String, u32>,
    states: BTreeMap<String, u32>,
    /// Answered inbound calls.
    answered: u32,
    /// Those of them that name nobody at this end.
    by_nobody: u32,
}

impl Guesses {
    /// Looks at the words of a call.
    pub(super) fn add(&mut self, file: u32, rows: &Rows<'_>, legs: &[Leg<'_>]) {
        let mut directions = legs.iter().map(|leg| Direction::of_word(leg.direction));
        let is_guessed = rows.tell_directions() && directions.all(|known| known.is_none());
        if is_guessed {
            let word = legs.first().map_or("", |leg| leg.direction);
            count(&mut self.0.entry(file).or_default().directions, word);
        }
        for leg in legs.iter().filter(|leg| leg.has_unknown_state()) {
            count(&mut self.0.entry(file).or_default().states, leg.disposition);
        }
    }

    /// Looks at who answered an inbound call. Where a file names who took the others, a menu or a voice mail may have taken one
    /// that names nobody.
    pub(super) fn add_answered(&mut self, file: u32, legs: &[Leg<'_>]) {
        let of_file = self.0.entry(file).or_default();
        let names_nobody = |leg: &Leg<'_>| {
            let ends = [
                leg.party,
                leg.to_extension,
                leg.destination,
                leg.destination_channel,
            ];
            ends.iter().all(|end| end.is_empty())
        };
        of_file.answered += 1;
        of_file.by_nobody += u32::from(legs.iter().filter(|leg| leg.is_up()).all(names_nobody));
    }

    /// What may make the numbers of a file other ones than were meant.
    pub(super) fn remarks(&self) -> Vec<(u32, String)> {
        let is_told = |(_, guessed): &(&u32, &Guessed)| {
            (FEWEST_OF_NOBODY..guessed.answered).contains(&guessed.by_nobody)
        };
        let told = self.0.iter().filter(is_told);
        told.map(|(file, guessed)| {
            let text = format!(
                "{} of {} calls with talk name nobody who took them: they count as answered, and a menu or a voice mail may have",
                guessed.by_nobody, guessed.answered
            );
            (*file, text)
        })
        .collect()
    }

    /// What is to be said of each file.
    pub(super) fn told(&self) -> Vec<(u32, String)> {
        let mut told = Vec::new();
        for (file, guessed) in &self.0 {
            let kinds = [
                (
                    &guessed.directions,
                    "directions that are not known, told by the numbers instead",
                ),
                (
                    &guessed.states,
                    "states that are not known, told by the length of talk instead",
                ),
            ];
            for (words, what) in kinds.into_iter().filter(|(words, _)| !words.is_empty()) {
                let calls: u32 = words.values().sum();
                let calls = if calls == 1 {
                    "1 call".to_owned()
                } else {
                    format!("{calls} calls")
                };
                told.push((*file, format!("{calls} with {what}: {}", shown(words))));
            }
        }
        told
    }
}

fn count(words: &mut BTreeMap<String, u32>, word: &str) {
    *words.entry(mask_contacts(word)).or_insert(0) += 1;
}

/// `"callback" ×12, "(nothing)" ×3`: the most frequent first, of equals the first by name.
fn shown(words: &BTreeMap<String, u32>) -> String {
    let mut sorted: Vec<(&String, &u32)> = words.iter().collect();
    sorted.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let name = |word: &str| match word {
        "" => "nothing".to_owned(),
        word => format!("\"{word}\""),
    };
    let mut shown: Vec<String> = sorted
        .iter()
        .take(SHOWN)
        .map(|(word, count)| format!("{} ×{count}", name(word)))
        .collect();
    if sorted.len() > SHOWN {
        shown.push(format!("{} more", sorted.len() - SHOWN));
    }
    shown.join(", ")
}
