//! The currency that is written with an amount.

/// Signs and words of currencies, and their codes. The longer first: `US$` has `$` in it.
const SIGNS: &[(&str, &str)] = &[
    ("бел. руб", "BYN"),
    ("белорус", "BYN"),
    ("канадск", "CAD"),
    ("австралийск", "AUD"),
    ("canadian", "CAD"),
    ("australian", "AUD"),
    ("бел.руб", "BYN"),
    ("us$", "USD"),
    ("ca$", "CAD"),
    ("r$", "BRL"),
    ("nz$", "NZD"),
    ("mx$", "MXN"),
    ("a$", "AUD"),
    ("c$", "CAD"),
    ("$", "USD"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("₽", "RUB"),
    ("руб", "RUB"),
    ("р.", "RUB"),
    ("₸", "KZT"),
    ("тенге", "KZT"),
    ("долл", "USD"),
    ("dollar", "USD"),
    ("евро", "EUR"),
    ("euro", "EUR"),
    ("pound", "GBP"),
    ("₴", "UAH"),
    ("грн", "UAH"),
];

/// Codes of currencies that are taken for one where they stand as a word.
const CODES: &[&str] = &[
    "RUB", "USD", "EUR", "GBP", "KZT", "BYN", "UAH", "UZS", "KGS", "AMD", "AZN", "GEL", "AED",
    "TRY", "ILS", "INR", "CNY", "JPY", "CAD", "AUD", "NZD", "CHF", "PLN", "CZK", "HUF", "RON",
    "SEK", "NOK", "DKK", "BRL", "MXN", "ZAR",
];

/// Other words that are a currency only where they stand by themselves, in capitals.
const WORDS: &[(&str, &str)] = &[
    ("Р", "RUB"),
    ("RUR", "RUB"),
    ("РУБ", "RUB"),
    ("ТГ", "KZT"),
    ("СУМ", "UZS"),
    ("СОМ", "KGS"),
    ("ZŁ", "PLN"),
    ("KČ", "CZK"),
];

/// The ISO 4217 code of the currency that a text names.
pub fn currency(text: &str) -> Option<&'static str> {
    let upper = text.to_uppercase();
    let mut words = upper.split(|symbol: char| !symbol.is_alphabetic());
    if let Some(code) = words.find_map(code_of) {
        return Some(code);
    }
    let lower = text.to_lowercase();
    let sign = SIGNS.iter().find(|(sign, _)| lower.contains(sign));
    sign.map(|(_, code)| *code)
}

fn code_of(word: &str) -> Option<&'static str> {
    let code = CODES.iter().find(|code| **code == word);
    let other = || WORDS.iter().find(|(known, _)| *known == word);
    code.copied().or_else(|| Some(other()?.1))
}

/// The currency that stands in the cell of an amount. The usual cell has digits and marks alone, and is not looked at.
pub fn currency_of_amount(cell: &[u8]) -> Option<&'static str> {
    let is_of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b',' | b' ' | b'-' | b'+');
    if cell.iter().all(is_of_number) {
        return None;
    }
    currency(std::str::from_utf8(cell).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_currency_is_known_by_its_sign_its_word_or_its_code() {
        let cases = [
            ("US$1.92", Some("USD")),
            ("A$1.92", Some("AUD")),
            ("1 234,50 ₽", Some("RUB")),
            ("руб.", Some("RUB")),
            ("GBP", Some("GBP")),
            ("Российский рубль", Some("RUB")),
            ("Белорусский рубль", Some("BYN")),
            ("US Dollar", Some("USD")),
            ("12.50 eur", Some("EUR")),
            ("5 000 р", Some("RUB")),
            ("120000 тг", Some("KZT")),
            ("1 234,50", None),
            ("без НДС", None),
        ];
        for (text, code) in cases {
            assert_eq!(currency(text), code, "{text}");
        }
    }
}
