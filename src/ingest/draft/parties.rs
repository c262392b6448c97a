//! Calls of which no column says which way they went: who called whom tells, and the adapter of telephone systems knows how.

use std::collections::BTreeSet;

use super::guess::Guess;
use super::guess::comes_again;
use super::shape::{Shape, is_extension, is_phone};
use super::sheet::Sheet;
use super::text::Rule;
use crate::model::table::Table;

/// Whether the two ends of the calls tell which way they went: an extension or a number of the firm stands on either side.
pub(super) fn tell_directions(guess: &Guess, sheet: &Sheet) -> bool {
    let place = |to: &str| guess.places.iter().find(|(found, _)| found == to);
    if guess.table != Table::Calls || place("direction").is_some() {
        return false;
    }
    let (Some((_, from)), Some((_, to))) = (place("phone"), place("line")) else {
        return false;
    };
    let values = |at: &usize| sheet.columns[*at].values.iter();
    // Names beside the numbers (`Anna <201>`) are nothing that the adapter knows the ends of calls by.
    let is_number = |value: &String| is_extension(value) || is_phone(value);
    if !values(from).chain(values(to)).all(is_number) {
        return false;
    }
    let called: BTreeSet<&String> = values(to).collect();
    values(from).any(|number| is_extension(number) || called.contains(number))
}

/// Whether all calls surely came in: those of a tracking service, where people call a few numbers of the firm again and again.
pub(super) fn all_came_in(place: &dyn Fn(&str) -> Option<usize>, sheet: &Sheet) -> bool {
    let (Some(from), Some(to)) = (place("phone"), place("line")) else {
        return false;
    };
    let (from, to) = (&sheet.columns[from], &sheet.columns[to]);
    let is_person = |value: &String| is_phone(value) && !to.values.contains(value);
    from.shape == Shape::Phone && from.values.iter().all(is_person) && comes_again(to)
}

/// The rules of a table of calls as those of the legs of calls, which the adapter takes.
pub(super) fn as_legs(rules: Vec<Rule>) -> Vec<Rule> {
    let mut legs = Vec::new();
    for mut rule in rules {
        rule.to = match rule.to {
            "call_id" => "linked_id",
            "at" => "start_at",
            "line" => {
                rule.read = None;
                "destination"
            }
            "phone" => {
                legs.push(caller(&rule));
                "caller"
            }
            // It follows from the ends, as who answered does.
            "direction" | "operator" => continue,
            to => to,
        };
        legs.push(rule);
    }
    legs
}

/// The number that called as it is written: an extension is no person's.
fn caller(rule: &Rule) -> Rule {
    let doubt = "no column tells which way a call went: extensions and the numbers of the firm do";
    Rule {
        to: "source_number",
        from: rule.from,
        doubt: Some(doubt.to_owned()),
        ..Rule::default()
    }
}
