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
    let is_border = |(_, symbol): &(usize, char)| !symbol.is_alphanumeric();
    let mut borders = name.char_indices().filter(is_border);
    borders.find_map(|(at, _)| {
        let (bare, unit) = name.split_at(at);
        let currency = cells::currency(unit).filter(|_| is_unit(unit))?;
        let bare = bare.trim_end_matches(is_mark);
        // A name in thousands is left as it is: the file is refused for it.
        let is_name = !bare.is_empty() && cells::unit(bare).is_none();
        is_name.then_some((bare, currency))
    })
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
