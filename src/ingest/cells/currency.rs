//! The currency that is written with an amount.

/// Signs and words of currencies, and their codes. The longer first: `US$` has `$` in it.
const SIGNS: &[(&str, &str)] = &[
    ("бел. руб", "BYN"),
    ("бел.руб", "BYN"),
    ("us$", "USD"),
    ("ca$", "CAD"),
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
    ("евро", "EUR"),
    ("₴", "UAH"),
    ("грн", "UAH"),
];

/// Codes of currencies that are taken for one where they stand as a word.
const CODES: &[&str] = &[
    "RUB", "USD", "EUR", "GBP", "KZT", "BYN", "UAH", "UZS", "AMD", "GEL", "AED", "TRY", "CAD",
    "AUD", "CHF", "PLN",
];

/// The ISO 4217 code of the currency that a text names.
pub fn currency(text: &str) -> Option<&'static str> {
    let upper = text.to_uppercase();
    let mut words = upper.split(|symbol: char| !symbol.is_alphabetic());
    if let Some(code) = words.find_map(|word| CODES.iter().find(|code| **code == word)) {
        return Some(code);
    }
    let lower = text.to_lowercase();
    let sign = SIGNS.iter().find(|(sign, _)| lower.contains(sign));
    sign.map(|(_, code)| *code)
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
            ("12.50 eur", Some("EUR")),
            ("1 234,50", None),
            ("без НДС", None),
        ];
        for (text, code) in cases {
            assert_eq!(currency(text), code, "{text}");
        }
    }
}
