//! Which cells feed which column, and what the header itself says of them.

use std::collections::BTreeSet;

use super::unit_name::without_unit;
use super::zone::same_but_zone;
use super::{begins_otherwise, same};
use crate::ingest::cells;
use crate::ingest::format::{Choose, ColumnRule, Format, OneOf, Reading, UNANSWERED, Which};

/// The cells behind each column rule; the wanted names when a required one has none.
pub(super) fn feeds(format: &Format, header: &[String]) -> Result<Vec<Vec<usize>>, String> {
    let word = format
        .one_of
        .as_ref()
        .and_then(|one_of| word_of(one_of, format, header));
    let mut feeds = Vec::new();
    for rule in &format.columns {
        let cells = cells_of(rule, word.as_ref(), header);
        // What a draft asks its reader for is needed, too: without an answer its rows say something else.
        let is_asked = rule.from.iter().any(|name| name == UNANSWERED);
        if (rule.required || is_asked) && cells.is_empty() {
            return Err(quoted(&rule.from));
        }
        feeds.push(cells);
    }
    Ok(feeds)
}

fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    names.join(" or ")
}

/// What stands in the names of columns for a word, and the word that is read.
type Word<'a> = (String, &'a str);

/// The first of the words that the names of the header's columns have.
fn word_of<'a>(one_of: &'a OneOf, format: &Format, header: &[String]) -> Option<Word<'a>> {
    let place = format!("{{{}}}", one_of.name);
    let names: Vec<&String> = format.columns.iter().flat_map(|rule| &rule.from).collect();
    let is_there = |word: &&String| {
        let with_place = names.iter().filter(|name| name.contains(&place));
        let mut written = with_place.map(|name| name.replace(&place, word));
        written.any(|name| header.iter().any(|cell| same(&name, cell)))
    };
    let word = one_of.words.iter().find(is_there)?;
    Some((place, word))
}

fn cells_of(rule: &ColumnRule, word: Option<&Word<'_>>, header: &[String]) -> Vec<usize> {
    let places = |want: &String| match word {
        Some((place, word)) => places_of(&want.replace(place, word), rule, header),
        None => places_of(want, rule, header),
    };
    let mut cells: Vec<usize> = rule.from.iter().flat_map(places).collect();
    if rule.choose == Choose::Present {
        cells.truncate(1);
    }
    cells
}

/// Where the cells of a name stand in the header. Some systems give several columns the same name: of those that tell who
/// a person is all are looked at, of others one.
fn places_of(want: &str, rule: &ColumnRule, header: &[String]) -> Vec<usize> {
    let is_time = rule.read == Reading::Time;
    let is_contact = rule.read.is_personal();
    let is_called = |cell: &str| {
        same(want, cell)
            || is_time && same_but_zone(want, cell)
            || is_contact && same(want, without_number(cell))
    };
    let is_meant = |cell: &str| is_called(cell) && is_amount_of(want, rule, cell);
    // The name itself goes before one with a currency behind it: `Сумма` before `Сумма, $`.
    let is_there = header.iter().any(|cell| is_meant(cell));
    let by_unit = !is_there && is_money(rule);
    let is_meant = |cell: &str| is_meant(cell) || by_unit && same_but_unit(want, cell);
    let cells = header.iter().enumerate().filter(|(_, cell)| is_meant(cell));
    let mut places = cells.map(|(at, _)| at);
    if rule.read.names_person() && rule.which == Which::First {
        return places.collect();
    }
    let place = match rule.which {
        Which::First => places.next(),
        Which::Last => places.next_back(),
    };
    place.into_iter().collect()
}

/// Whether a cell is called so, but for the currency behind the name.
pub(super) fn same_but_unit(want: &str, cell: &str) -> bool {
    let may_be = !begins_otherwise(want, cell);
    may_be && without_unit(cell).is_some_and(|(name, _)| same(want, name))
}

fn is_money(rule: &ColumnRule) -> bool {
    matches!(rule.read, Reading::Money | Reading::MoneyMicros)
}

/// A name without the number by which a second column of its kind is told apart: `Телефон` of `Телефон 2`, `Phone` of
/// `Phone_2`.
fn without_number(cell: &str) -> &str {
    let digits = |letter: char| letter.is_ascii_digit();
    let bare = cell.trim_end_matches(')').trim_end_matches(digits);
    let number = cell.len() - bare.len();
    let is_numbered = (1..=LONGEST_NUMBER).contains(&number);
    let marks = [' ', '_', '-', '№', '#', '('];
    if is_numbered {
        bare.trim_end_matches(marks)
    } else {
        cell
    }
}

/// Bytes of such a number, with a bracket: no person has a hundred telephones.
const LONGEST_NUMBER: usize = 3;

/// Words that may follow the name of an amount and leave it what it is: `Расход, руб. с НДС`.
const OF_AMOUNT: &[&str] = &[
    "с",
    "со",
    "без",
    "в",
    "вкл",
    "включая",
    "учетом",
    "учётом",
    "всего",
    "итого",
    "ндс",
    "валюте",
    "with",
    "without",
    "incl",
    "including",
    "excl",
    "excluding",
    "net",
    "gross",
    "vat",
    "tax",
    "total",
    "in",
    "day",
];

/// Whether a cell that fits a name with `*` is the amount itself: `Расход на лид`, `Расход (план)` and `Сумма скидки` are
/// other ones.
fn is_amount_of(want: &str, rule: &ColumnRule, cell: &str) -> bool {
    let Some(stem) = want.strip_suffix('*').filter(|_| is_money(rule)) else {
        return true;
    };
    let behind: String = cell.chars().skip(stem.chars().count()).collect();
    let behind = behind.to_lowercase();
    // A file in thousands is refused for that, and not for a column that it seems to lack.
    if cells::unit(&behind).is_some() {
        return true;
    }
    let mut words = behind.split(|symbol: char| !symbol.is_alphabetic());
    words.all(|word| word.is_empty() || OF_AMOUNT.contains(&word) || cells::is_currency(word))
}

/// Two cells of the header of which either may be the one that a rule for a number wants: `Расход, Директ` and `Расход, VK`
/// of a rule for `Расход*`, or a name that stands twice. Half of the money would be left out.
pub(super) fn either(format: &Format, header: &[String]) -> Option<(String, String)> {
    let is_number = |rule: &&ColumnRule| {
        matches!(
            rule.read,
            Reading::Count | Reading::Money | Reading::MoneyMicros
        )
    };
    let numbers = format.columns.iter().filter(is_number);
    let first_only = numbers.filter(|rule| rule.which == Which::First);
    first_only.filter_map(|rule| twins(rule, header)).next()
}

/// The first two cells that the first name of a rule that is there fits.
fn twins(rule: &ColumnRule, header: &[String]) -> Option<(String, String)> {
    let cells = |want: &String| -> Vec<&String> {
        let is_meant = |cell: &&String| same(want, cell) && is_amount_of(want, rule, cell);
        let named: Vec<&String> = header.iter().filter(is_meant).collect();
        if !named.is_empty() || !is_money(rule) {
            return named;
        }
        let is_named = |cell: &&String| same_but_unit(want, cell);
        header.iter().filter(is_named).collect()
    };
    let found = rule
        .from
        .iter()
        .map(cells)
        .find(|cells| !cells.is_empty())?;
    match found[..] {
        [one, other, ..] => Some((one.clone(), other.clone())),
        _ => None,
    }
}

/// The currencies that the header gives the amounts: `Расход (руб.)`, `Amount spent (GBP)`; `None` where it has no amounts.
pub(super) fn header_currencies(
    format: &Format,
    header: &[String],
    feeds: &[Vec<usize>],
) -> Option<BTreeSet<&'static str>> {
    let rules = format.columns.iter().zip(feeds);
    let amounts = rules.filter(|(rule, _)| is_money(rule));
    let mut cells = amounts.flat_map(|(_, cells)| cells).peekable();
    cells.peek()?;
    Some(cells.filter_map(|at| currency_of(&header[*at])).collect())
}

/// The currency that the name of an amount has in it.
fn currency_of(name: &str) -> Option<&'static str> {
    let unit = without_unit(name).map(|(_, currency)| currency);
    unit.or_else(|| cells::currency(unit_of(name)))
}

/// The unit in a header cell: what stands in brackets or behind the last comma.
fn unit_of(cell: &str) -> &str {
    let behind = cell.rsplit_once(['(', ',']);
    behind.map_or("", |(_, unit)| unit.trim_end_matches(')'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_two_cells_may_be_is_told() {
        let formats = crate::ingest::formats::load_all(std::path::Path::new(""));
        let formats = formats.expect("the built-in formats");
        let at = formats.iter().position(|format| format.name == "own-costs");
        let format = &formats[at.expect("the format is built in")];
        let header = |cells: &[&str]| {
            cells
                .iter()
                .map(|cell| (*cell).to_owned())
                .collect::<Vec<_>>()
        };
        let two = header(&["Дата", "Площадка", "Расход без НДС", "Расход с НДС"]);
        let told = Some(("Расход без НДС".to_owned(), "Расход с НДС".to_owned()));
        assert_eq!(either(format, &two), told);
        let one = header(&["Дата", "Площадка", "Расход, руб.", "Клики", "Переходы"]);
        assert_eq!(either(format, &one), None);
    }

    #[test]
    fn another_measure_that_begins_with_the_name_of_an_amount_is_none() {
        let rule = ColumnRule {
            to: "cost".to_owned(),
            from: vec!["Расход*".to_owned()],
            read: Reading::Money,
            ..ColumnRule::default()
        };
        let is_meant = |cell: &str| is_amount_of("Расход*", &rule, cell);
        for cell in [
            "Расход",
            "Расход (руб.)",
            "Расход, ₽ с НДС",
            "Расход, тыс. руб.",
        ] {
            assert!(is_meant(cell), "{cell}");
        }
        for cell in [
            "Расход на лид",
            "Расход (план)",
            "Расход нарастающим итогом",
            "Расход Европа",
        ] {
            assert!(!is_meant(cell), "{cell}");
        }
    }

    #[test]
    fn the_unit_of_an_amount_stands_in_brackets_or_behind_a_comma() {
        assert_eq!(unit_of("Расход (руб.)"), "руб.");
        assert_eq!(unit_of("Amount spent (GBP)"), "GBP");
        assert_eq!(unit_of("Потрачено, ₽"), " ₽");
        assert_eq!(unit_of("Расход"), "");
    }
}
