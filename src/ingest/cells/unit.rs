//! Units by which an amount is another one than it looks: `тыс. руб.`.

/// Words that make an amount something else than units of a currency.
const UNITS: &[&str] = &[
    "тыс",
    "тысяч",
    "тысячи",
    "млн",
    "миллионов",
    "коп",
    "копейки",
    "копеек",
    "thousand",
    "thousands",
    "million",
    "millions",
    "mln",
    "cents",
    "pence",
];
/// Of no currency: whose rate it is nobody says. Written with points, which part words.
const CONDITIONAL: &[&str] = &["у.е", "у. е", "усл. ед", "усл.ед"];

/// The word of a text that says that its amounts are not of whole units of a currency.
pub fn unit(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let mut words = lower.split(|symbol: char| !symbol.is_alphabetic());
    let word = words.find_map(|word| UNITS.iter().find(|unit| **unit == word));
    let conditional = || CONDITIONAL.iter().find(|unit| lower.contains(**unit));
    word.or_else(conditional).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_hundredths_and_units_of_no_currency_are_told() {
        let cases = [
            ("Расход, тыс. руб.", Some("тыс")),
            ("Сумма (коп.)", Some("коп")),
            ("Бюджет, у.е.", Some("у.е")),
            ("Cost (thousands)", Some("thousands")),
            ("Расход, руб.", None),
            ("Расход без НДС", None),
            ("Стоимость копирайтинга", None),
        ];
        for (text, found) in cases {
            assert_eq!(unit(text), found, "{text}");
        }
    }
}
