//! The currency that is written into the name of an amount: `Бюджет, ₽`, `Amount (USD)`, `Value in USD`.

use crate::ingest::cells;

/// Words that lead to a currency, or stand beside one.
const BESIDE: &[&str] = &["in", "в", "us", "сша", "рф"];
/// Beginnings of the words for a currency, as they stand behind "in".
const BEGINNINGS: &[&str] = &[
    "доллар",
    "рубл",
    "dollar",
    "roubl",
    "rubl",
    "белорус",
    "канадск",
    "австралийск",
    "canadian",
    "australian",
];

/// A name without the currency at its end, and the ISO 4217 code of that; `None` when it has none.
pub(super) fn without_unit(name: &str) -> Option<(&str, &'static str)> {
    let (bare, unit) = name.split_at(start_of_unit(name)?);
    let currency = cells::currency(unit)?;
    let bare = bare.trim_end_matches(is_mark);
    // A name in thousands is left as it is: the file is refused for it.
    let is_name = !bare.is_empty() && cells::unit(bare).is_none();
    is_name.then_some((bare, currency))
}

/// Where the words begin that end a name and are all of a currency. Most names end with another word, and are asked once:
/// every cell of a header is held against every name of every format.
fn start_of_unit(name: &str) -> Option<usize> {
    let is_border = |(_, symbol): &(usize, char)| !symbol.is_alphanumeric();
    let borders = name.char_indices().rev().filter(is_border);
    let mut start = None;
    let mut end = name.len();
    for (at, _) in borders {
        let words = &name[at..end];
        if is_unit(words) {
            (start, end) = (Some(at), at);
        } else if words.contains(char::is_alphanumeric) {
            break;
        }
        // Else a point that is a part of the word before it: «руб.».
    }
    start
}

/// Whether a text has a currency, and nothing beside it.
pub(super) fn is_unit(text: &str) -> bool {
    let mut words = text.split(is_mark).filter(|word| !word.is_empty());
    words.all(|word| {
        let lower = word.to_lowercase();
        let begins = || BEGINNINGS.iter().any(|start| lower.starts_with(start));
        BESIDE.contains(&lower.as_str()) || cells::is_currency(word) || begins()
    })
}

fn is_mark(symbol: char) -> bool {
    symbol.is_whitespace() || ",;:()[]/_-–—".contains(symbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_at_the_end_of_a_name_is_its_unit_and_not_a_part_of_it() {
        for (name, bare, currency) in [
            ("Бюджет, ₽", "Бюджет", "RUB"),
            ("Сумма, руб.", "Сумма", "RUB"),
            ("Сумма (рублей)", "Сумма", "RUB"),
            ("Сумма в долларах США", "Сумма", "USD"),
            ("Amount (USD)", "Amount", "USD"),
            ("Lead value, $", "Lead value", "USD"),
            ("Deal - Value in USD", "Deal - Value", "USD"),
            ("amount_eur", "amount", "EUR"),
            ("Сумма в белорусских рублях", "Сумма", "BYN"),
            ("Цена€", "Цена", "EUR"),
        ] {
            assert_eq!(without_unit(name), Some((bare, currency)), "{name}");
        }
    }

    #[test]
    fn words_that_are_no_currency_stay_in_a_name() {
        for name in [
            "Сумма",
            "USD",
            "Amount in company currency",
            "Сумма в валюте",
            "Сумма, руб. без скидки",
            "Европа, расход",
            "Сумма, тыс. руб.",
        ] {
            assert_eq!(without_unit(name), None, "{name}");
        }
    }
}
