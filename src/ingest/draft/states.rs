//! What the words of an unknown file say of a record's state: how a deal ended, whether somebody answered, what is spam.

use super::meanings::{Said, all_meanings, meanings};
use super::names::{holds, plain};
use super::sheet::{Column, Sheet};
use super::text::Rule;
use super::words::{ANSWERS, ENDINGS, Vocabulary};

/// Where each column of the table was found.
type Place<'a> = &'a dyn Fn(&str) -> Option<usize>;

/// The meanings of a column's words, and what a person should look at.
pub(super) fn worded(
    rule: &mut Rule,
    column: &Column,
    vocabulary: &Vocabulary,
    asked: &str,
    meant: &str,
) {
    say(rule, meanings(column, vocabulary), asked, meant);
}

fn say(rule: &mut Rule, said: Said, asked: &str, meant: &str) {
    rule.doubt = Some(format!("{asked}{}", said.open_words(meant)));
    rule.map = said.known;
}

/// How a deal ended: by a column of states beside that of stages whose words all say it, else by the words for the stage.
/// What the others mean is left open: that they are no sales would be a guess today, and of a stage that is renamed or
/// added tomorrow a plain zero.
pub(super) fn ended(mut rule: Rule, sheet: &Sheet, place: Place<'_>) -> Option<Rule> {
    let stage = place("stage")?;
    let of_stage = || {
        let column = &sheet.columns[stage];
        all_meanings(column, &ENDINGS).unwrap_or_else(|| meanings(column, &ENDINGS))
    };
    let (at, said) = state_beside(sheet, stage).unwrap_or_else(|| (stage, of_stage()));
    let asked = "which stages are won, and which are lost";
    let meant = "\"won\", \"lost\" or \"open\"";
    rule.from = Some(at);
    say(&mut rule, said, asked, meant);
    rule.map.push(("*".to_owned(), ""));
    Some(rule)
}

/// Names of columns that tell whether a deal is won beside another that tells how far it came.
const STATES: [&str; 4] = ["статус", "состояние", "status", "state"];

fn state_beside(sheet: &Sheet, stage: usize) -> Option<(usize, Said)> {
    let others = sheet
        .columns
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != stage);
    let mut states = others.filter(|(_, column)| {
        let name = plain(&column.name);
        STATES.iter().any(|word| holds(&name, word))
    });
    states.find_map(|(at, column)| Some((at, all_meanings(column, &ENDINGS)?)))
}

/// Whether somebody answered: by the words for how the call ended, else by whether there was talk; asked where the file
/// tells neither.
pub(super) fn answered(mut rule: Rule, sheet: &Sheet, place: Place<'_>) -> Rule {
    rule.read = Some("flag");
    if let Some(at) = place("disposition") {
        // A word that is not listed is a reject: it must not pass for a missed call.
        let asked = "which words mean that somebody answered? Rows with others are rejected";
        let meant = "\"yes\" or \"no\"";
        worded(&mut rule, &sheet.columns[at], &ANSWERS, asked, meant);
        rule.from = Some(at);
        if !rule.map.is_empty() {
            return rule;
        }
    }
    rule.from = place("talk_s");
    if rule.from.is_none() {
        rule.doubt = Some(
            "which column says whether somebody answered, or how long they talked?".to_owned(),
        );
        return rule;
    }
    for silence in ["", "0", "0:00", "00:00", "00:00:00", "0:00:00"] {
        rule.map.push((silence.to_owned(), "no"));
    }
    rule.map.push(("*".to_owned(), "yes"));
    rule.doubt = Some(
        "answered is taken from the length of the talk: is it zero when nobody answers?".to_owned(),
    );
    rule
}

/// Words for what nobody asked for.
const SPAM: [&str; 2] = ["spam", "спам"];

/// Which requests are spam: by a column called so, or a state that says so of some.
pub(super) fn spam(mut rule: Rule, sheet: &Sheet) -> Option<Rule> {
    let says = |text: &str| SPAM.iter().any(|word| text.to_lowercase().contains(word));
    let mut columns = sheet.columns.iter();
    let at = columns.position(|column| {
        let is_state = STATES.iter().any(|word| holds(&plain(&column.name), word));
        says(&column.name) || (is_state && column.values.iter().any(|value| says(value)))
    })?;
    rule.from = Some(at);
    rule.read = Some("flag");
    let words = ["spam", "спам", "yes", "да", "true", "1"];
    rule.map = words.map(|word| (word.to_owned(), "yes")).to_vec();
    rule.map.push(("*".to_owned(), ""));
    rule.doubt = Some("which words say that a request is spam?".to_owned());
    Some(rule)
}
