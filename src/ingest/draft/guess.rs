//! Which table an unknown file feeds, and which of its columns goes where.

use std::collections::BTreeSet;

use super::names::{holds, plain};
use super::shape::Shape;
use super::sheet::{Column, Sheet};
use super::words::{KNOWN, Known, Looks, Unnamed, Want};
use crate::model::table::Table;

/// The table that a file seems to feed.
pub(super) struct Guess {
    pub(super) table: Table,
    /// For each column of the table that was found, the position of the file's.
    pub(super) places: Vec<(String, usize)>,
    /// For columns of amounts, those of the file that could be it as well.
    pub(super) others: Vec<(String, usize)>,
    /// How much the names of the columns speak for the table.
    weight: u32,
}

/// The table whose columns are found best.
pub(super) fn best_guess(sheet: &Sheet) -> Guess {
    let mut guesses = KNOWN.iter().map(|known| guess(known, sheet));
    let first = guesses.next().expect("there are tables to guess");
    guesses.fold(first, |best, next| {
        // Of equal ones the earlier in the list: it is the more usual one.
        if next.weight > best.weight {
            next
        } else {
            best
        }
    })
}

fn guess(known: &Known, sheet: &Sheet) -> Guess {
    let mut guess = Guess {
        table: known.table,
        places: Vec::new(),
        others: Vec::new(),
        weight: 0,
    };
    let mut taken = BTreeSet::new();
    for want in &known.wants {
        if let Some(at) = named(want, sheet, &taken) {
            taken.insert(at);
            guess.places.push((want.to.clone(), at));
            guess.weight += want.weight;
        }
    }
    for want in &known.wants {
        let is_found = guess.places.iter().any(|(to, _)| *to == want.to);
        if is_found {
            continue;
        }
        if let Some(at) = unnamed(want, sheet, &taken) {
            taken.insert(at);
            guess.places.push((want.to.clone(), at));
            guess.weight += weight_unnamed(want);
        }
    }
    let is_missing = |want: &Want| want.must && guess.places.iter().all(|(to, _)| *to != want.to);
    if known.wants.iter().any(is_missing) {
        guess.weight /= 2;
    }
    let amounts = known
        .wants
        .iter()
        .filter(|want| want.looks == Looks::Amount);
    for want in amounts {
        let is_found = guess.places.iter().any(|(to, _)| *to == want.to);
        let others = (0..sheet.columns.len()).filter(|at| !taken.contains(at) && is_found);
        let others = others.filter(|at| is_named(want, &sheet.columns[*at]));
        guess.others.extend(others.map(|at| (want.to.clone(), at)));
    }
    guess
}

/// Whether a column that holds numbers is called by some word of what is looked for.
fn is_named(want: &Want, column: &Column) -> bool {
    let name = plain(&column.name);
    let is_called = |word: &String| {
        let word = plain(word);
        holds(&name, &word) && fits(want.looks, column, &word)
    };
    !is_barred(want, &name) && want.words.iter().any(is_called)
}

/// What a column found by its looks alone speaks for a table: half of one that is named.
fn weight_unnamed(want: &Want) -> u32 {
    want.weight / 2
}

/// The column that a word of the header tells, and that looks right; the most telling word wins, and of the columns that
/// hold it the one that is called so and no more.
fn named(want: &Want, sheet: &Sheet, taken: &BTreeSet<usize>) -> Option<usize> {
    let free: Vec<(usize, &Column, String)> = sheet
        .columns
        .iter()
        .enumerate()
        .filter(|(at, column)| !taken.contains(at) && !is_of_firm(want.looks, column))
        .map(|(at, column)| (at, column, plain(&column.name)))
        .filter(|(_, _, name)| !is_barred(want, name))
        .collect();
    for word in &want.words {
        let word = plain(word);
        let fitting = |(_, column, _): &&(usize, &Column, String)| fits(want.looks, column, &word);
        let mut columns = free.iter().filter(fitting);
        let is_called = columns.clone().find(|(_, _, name)| *name == word);
        let holding = || columns.find(|(_, _, name)| holds(name, &word));
        if let Some((at, ..)) = is_called.or_else(holding) {
            return Some(*at);
        }
    }
    None
}

/// Words for how many there are of something: a number of employees is no employee.
const NUMBERS_OF: [&str; 6] = ["count", "quantity", "qty", "количество", "кол", "%"];

/// Whether the name of a column says that it is another one than is looked for.
fn is_barred(want: &Want, name: &str) -> bool {
    let is_measure = matches!(want.looks, Looks::Count | Looks::Amount | Looks::Seconds);
    let mut parts = name.split(' ');
    let counts = !is_measure && parts.any(|part| NUMBERS_OF.contains(&part));
    counts || want.not.iter().any(|word| holds(name, &plain(word)))
}

fn unnamed(want: &Want, sheet: &Sheet, taken: &BTreeSet<usize>) -> Option<usize> {
    let mut free = Vec::new();
    for (at, column) in sheet.columns.iter().enumerate() {
        let is_free = !taken.contains(&at)
            && !is_of_firm(want.looks, column)
            && !is_barred(want, &plain(&column.name));
        if is_free && is_surely(want.looks, column.shape) {
            free.push((at, column));
        }
    }
    let found = match want.unnamed {
        Unnamed::Never => None,
        // A time of day looks like a length, and the time of ringing is one: where columns have names, theirs has to tell.
        Unnamed::First if sheet.has_header && want.looks == Looks::Seconds => None,
        Unnamed::First => free.first(),
        // Where columns have names, a column of no such name is no id and no state.
        _ if sheet.has_header => None,
        Unnamed::Distinct => free
            .iter()
            .find(|(_, column)| distinct(column) == column.values.len()),
        Unnamed::Repeated => free.iter().rfind(|(_, column)| is_repeated(column)),
    };
    found.map(|(at, _)| *at)
}

fn distinct(column: &Column) -> usize {
    column.values.iter().collect::<BTreeSet<_>>().len()
}

/// Times that each value of a column of states comes, at least, on average.
const REPEATED: usize = 3;

/// Whether the values of a column are words of a system, which come again and again, and not of people.
fn is_repeated(column: &Column) -> bool {
    let distinct = distinct(column);
    column.shape == Shape::Text && distinct > 0 && distinct * REPEATED <= column.values.len()
}

/// Telephones from which on a column tells whose they are.
const ENOUGH: usize = 10;
/// Times that each telephone of a column comes, on average, where they are the firm's own: customers do not call so often.
const OF_FIRM: usize = 5;

/// Whether a column of telephones holds a few numbers again and again: those of the firm, and no person's.
fn is_of_firm(looks: Looks, column: &Column) -> bool {
    looks == Looks::Phone && comes_again(column)
}

/// Whether a column holds a few values again and again.
pub(super) fn comes_again(column: &Column) -> bool {
    let rows = column.values.len();
    rows >= ENOUGH && distinct(column) * OF_FIRM <= rows
}

/// Of ten values of an id one may come again: exports overlap.
const OF_TEN_DISTINCT: usize = 9;

/// Whether nearly each row has a value of its own.
pub(super) fn is_one_each(column: &Column) -> bool {
    distinct(column) * 10 >= column.values.len() * OF_TEN_DISTINCT
}

/// Whether a column that is called by a word may hold what is looked for. One without values may hold anything but what
/// counts.
fn fits(looks: Looks, column: &Column, word: &str) -> bool {
    let shape = column.shape;
    if shape == Shape::Empty {
        return !matches!(
            looks,
            Looks::Count | Looks::Amount | Looks::Seconds | Looks::Id
        );
    }
    match looks {
        Looks::Id => {
            // `Order ID` may stand at each product of an order, `ID` alone may be anything's.
            let is_telling = word.contains(' ');
            is_name(shape) && (is_telling || is_one_each(column))
        }
        Looks::Word => is_name(shape) && shape != Shape::Amount,
        Looks::Date => matches!(shape, Shape::Date { .. }),
        Looks::Phone | Looks::Line => matches!(shape, Shape::Phone | Shape::Count | Shape::Text),
        Looks::Email => matches!(shape, Shape::Email | Shape::Text),
        Looks::Address => matches!(shape, Shape::Address | Shape::Text),
        Looks::Seconds => matches!(shape, Shape::Duration | Shape::Count),
        Looks::Count => shape == Shape::Count,
        Looks::Amount => matches!(shape, Shape::Amount | Shape::Count),
        Looks::Any => is_name(shape),
    }
}

/// Whether a column may hold names, numbers of things, or words of a system.
fn is_name(shape: Shape) -> bool {
    !matches!(shape, Shape::Date { .. } | Shape::Email | Shape::Phone)
}

/// Whether a column looks like this and nothing else: without a name only that tells.
fn is_surely(looks: Looks, shape: Shape) -> bool {
    match looks {
        Looks::Date => matches!(shape, Shape::Date { .. }),
        Looks::Phone => shape == Shape::Phone,
        Looks::Email => shape == Shape::Email,
        Looks::Address => shape == Shape::Address,
        Looks::Seconds => shape == Shape::Duration,
        Looks::Amount => shape == Shape::Amount,
        Looks::Count | Looks::Line => false,
        Looks::Id | Looks::Word | Looks::Any => matches!(shape, Shape::Text | Shape::Count),
    }
}
