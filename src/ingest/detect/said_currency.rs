//! The currency of a whole file: in the names of its amounts, in the lines above its header, or in its name.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use super::HeadRow;
use super::columns::header_currencies;
use super::unit_name::{is_unit, without_unit};
use crate::ingest::cells;
use crate::ingest::format::Format;

/// ISO 4217 codes of currencies.
type Codes = BTreeSet<&'static str>;

/// What a file says of the currency of its amounts.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// ISO 4217 code.
    pub(super) currency: Option<String>,
    /// What is told, where it does not stand in the names of the amounts.
    pub(super) note: Option<String>,
}

/// The currency that a file gives its amounts; both, when it gives them two. A row's own goes before it.
pub(super) fn of_file(
    format: &Format,
    header: &[String],
    feeds: &[Vec<usize>],
    above: &[HeadRow],
    label: &str,
) -> Result<Said, (String, String)> {
    let Some(mut codes) = header_currencies(format, header, feeds) else {
        return Ok(Said::default());
    };
    let of_header = codes.first().copied();
    if has_own(format, feeds) {
        let currency = of_header.map(str::to_owned);
        return Ok(Said {
            currency,
            note: None,
        });
    }
    codes.extend(above.iter().flat_map(of_line));
    let place = if codes.is_empty() {
        "the name of the file"
    } else {
        "a line above the header"
    };
    if codes.is_empty() {
        codes.extend(of_name(label));
    }
    let mut codes = codes.into_iter().map(str::to_owned);
    let (currency, other) = (codes.next(), codes.next());
    if let Some(two) = currency.clone().zip(other) {
        return Err(two);
    }
    let told = currency.as_ref().filter(|_| of_header.is_none());
    let note = told.map(|code| format!("amounts are in {code}, as {place} says"));
    Ok(Said { currency, note })
}

/// Whether each row tells its currency, or the format does.
fn has_own(format: &Format, feeds: &[Vec<usize>]) -> bool {
    let mut rules = format.columns.iter().zip(feeds);
    rules.any(|(rule, cells)| {
        rule.to == "currency" && (!cells.is_empty() || rule.constant.is_some())
    })
}

/// Filled cells of a title, at the most: a longer line is one of another table.
const TITLE_CELLS: usize = 4;

/// The text of a line above the header; none where it is a row of another table.
fn title(row: &HeadRow) -> Option<String> {
    let filled = row.cells.iter().filter(|cell| !cell.is_empty());
    let cells: Vec<&str> = filled.map(String::as_str).collect();
    (cells.len() <= TITLE_CELLS).then(|| cells.join(" "))
}

/// The currencies that a line above the header names. A rate of exchange is not of the amounts.
fn of_line(row: &HeadRow) -> Codes {
    let Some(text) = title(row).filter(|text| !is_of_rates(text)) else {
        return Codes::new();
    };
    if let Some(code) = stated(&text) {
        return Codes::from([code]);
    }
    let codes = in_text(&text);
    if !codes.is_empty() {
        return codes;
    }
    let is_sum = |name: &str| name.ends_with(|symbol: char| symbol.is_ascii_digit());
    let unit = without_unit(&text).filter(|(name, _)| !is_sum(name));
    unit.map(|(_, code)| code).into_iter().collect()
}

fn is_of_rates(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|symbol: char| !symbol.is_alphabetic());
    words.any(|word| matches!(word, "курс" | "курсу" | "rate" | "rates"))
}

/// What stands behind the word for a currency: `Валюта отчёта: USD`.
fn stated(text: &str) -> Option<&'static str> {
    let text = text.to_lowercase();
    let mut behind = ["валют", "currency"]
        .into_iter()
        .filter_map(|word| text.split_once(word));
    behind.find_map(|(_, behind)| cells::currency(behind))
}

/// The currencies of the sheet's name, else of the file's.
fn of_name(label: &str) -> Codes {
    let parts = label.rsplit(['/', '\\']);
    // To a pattern an underscore is a letter.
    let mut codes = parts.map(|part| in_text(&part.replace('_', " ")));
    codes.find(|codes| !codes.is_empty()).unwrap_or_default()
}

/// Codes that stand as a word, in capitals where they may be another word, and words for money behind "in".
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?x)
        \b (?: RUB | RUR | GBP | UZS | KGS | AZN | AED | CNY | JPY | CHF | PLN | CZK | BRL | MXN | (?i: USD | EUR | KZT | BYN | UAH ) ) \b
        | (?i) \b (?: в | in ) \s+ (?: \p{L}+ \s+ )?
          (?: доллар\p{L}* | рубл\p{L}* | евро | тенге | dollars | rou?bles | euros? ) \b
        | \( [^()]{1,20} \) | \[ [^\[\]]{1,20} \]
    ";
    Regex::new(pattern).expect("the pattern is fixed")
});

fn in_text(text: &str) -> Codes {
    let found = NAMED.find_iter(text).map(|found| found.as_str());
    let is_meant = |found: &&str| !found.starts_with(['(', '[']) || is_unit(found);
    let mut codes: Codes = found.filter(is_meant).filter_map(cells::currency).collect();
    codes.extend(signs(text));
    codes
}

/// Signs that stand by themselves: one beside a number is of that number.
fn signs(text: &str) -> impl Iterator<Item = &'static str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_of_number = move |at: usize| {
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        let has_digit = |word: Option<&&str>| word.is_some_and(|word| word.contains(is_digit));
        has_digit(before) || has_digit(words.get(at)) || has_digit(words.get(at + 1))
    };
    let words = text.split_whitespace().enumerate();
    let signs = words.filter(|(_, word)| word.contains(['$', '€', '£', '₽', '₸', '₴']));
    let own: Vec<&str> = signs
        .filter(|(at, _)| !is_of_number(*at))
        .map(|(_, word)| word)
        .collect();
    own.into_iter()
        .filter_map(cells::currency)
        .collect::<Vec<_>>()
        .into_iter()
}

fn is_digit(symbol: char) -> bool {
    symbol.is_ascii_digit()
}

/// What stands in titles of amounts that the tax is not in.
const WITHOUT_VAT: &[&str] = &["без ндс", "without vat", "excluding vat", "excl. vat"];

/// What is said of a title by which the tax is not in the amounts.
pub(super) fn vat_note(above: &[HeadRow]) -> Option<String> {
    let is_without = |text: &String| {
        let text = text.to_lowercase();
        WITHOUT_VAT.iter().any(|words| text.contains(words))
    };
    let text = above.iter().filter_map(title).find(is_without)?;
    Some(format!(
        "\"{text}\" stands above the header: amounts are read as they are, without the tax"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Vec<&'static str> {
        let row = HeadRow {
            cells: text.split(';').map(str::to_owned).collect(),
            bytes: Vec::new(),
            line: 1,
            end: 0,
        };
        of_line(&row).into_iter().collect()
    }

    #[test]
    fn a_title_names_the_currency_of_the_amounts_in_the_ways_of_people() {
        for text in [
            "Currency: USD",
            "Валюта отчёта;USD;;",
            "Валюта: доллар США",
            "Расходы (USD)",
            "Расходы по каналам, $",
            "Суммы указаны в долларах США",
            "Отчёт в долларах за ноябрь",
            "All amounts in US dollars",
            "Costs USD November",
        ] {
            assert_eq!(line(text), ["USD"], "{text}");
        }
        assert_eq!(line("Расходы, руб."), ["RUB"]);
        assert_eq!(line("Суммы в белорусских рублях"), ["BYN"]);
        assert_eq!(line("USD и EUR вместе"), ["EUR", "USD"]);
    }

    #[test]
    fn other_words_above_a_header_name_no_currency() {
        for text in [
            "Отчёт по кампаниям Европа",
            "Рубрика: окна",
            "Try our new report",
            "Курс USD: 92,50",
            "Скидка $5 за отзыв",
            "Кампании с бюджетом больше 1000 руб.",
            "02.11.2026 - 08.11.2026 (неделя)",
            "A;B;C;D;USD",
        ] {
            assert!(line(text).is_empty(), "{text}: {:?}", line(text));
        }
    }

    #[test]
    fn the_name_of_the_sheet_goes_before_that_of_the_file() {
        let name = |label: &str| of_name(label).into_iter().collect::<Vec<_>>();
        assert_eq!(name("costs RUB.xlsx/Google USD"), ["USD"]);
        assert_eq!(name("costs_usd.csv"), ["USD"]);
        assert_eq!(name("Расходы (руб).xlsx/Лист1"), ["RUB"]);
        assert_eq!(name("costs (1).csv"), [""; 0]);
        assert_eq!(name("team_try_rub.csv"), [""; 0]);
    }
}
