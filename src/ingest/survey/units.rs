//! Units in the header of an amount by which it is another one than it looks: `Расход, тыс. руб.`.

use crate::ingest::detect::Layout;
use crate::ingest::format::{Format, Reading};
use crate::model::fault::Fault;

/// Words of a header that make an amount something else than units of a currency.
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

/// Refuses a file whose amounts are not of whole units of a currency: they would be wrong a thousandfold.
pub(super) fn check(format: &Format, layout: &Layout, file: &str) -> Result<(), Fault> {
    let rules = format.columns.iter().zip(&layout.feeds);
    let amounts = rules.filter(|(rule, _)| rule.read == Reading::Money);
    for at in amounts.flat_map(|(_, cells)| cells) {
        let name = &layout.header[*at];
        if let Some(unit) = unit_of(name) {
            let line = layout.first_line.saturating_sub(1).max(1);
            let message =
                format!("{name}: amounts in \"{unit}\" are not of whole units of a currency");
            return Err(Fault::new(message).at(format!("{file}:{line}")).hint(
                "export the amounts in roubles, dollars, …, not in thousands or hundredths of them",
            ));
        }
    }
    Ok(())
}

fn unit_of(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
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
        for (name, unit) in cases {
            assert_eq!(unit_of(name), unit, "{name}");
        }
    }
}
