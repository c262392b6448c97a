//! Numbers and amounts as a language writes them; `dates` adds days and periods.

use crate::config::words::{self, Noun};
use crate::model::money::Minor;

use super::language::Strings;

/// U+2212: the minus of typography, as wide as a plus.
const MINUS: char = '\u{2212}';

/// Writes numbers in one language and currency.
#[derive(Debug, Clone, Copy)]
pub struct Figures<'a> {
    pub(super) strings: &'a Strings,
    currency: &'a str,
    /// Digits after the mark for inquiries and sales: 0, or 1 when an attribution model splits them.
    pub event_decimals: usize,
}

impl<'a> Figures<'a> {
    /// Figures of a language, for a currency by its ISO 4217 code.
    pub fn new(strings: &'a Strings, currency: &'a str, event_decimals: usize) -> Self {
        Self {
            strings,
            currency,
            event_decimals,
        }
    }

    /// A number with grouped digits; never −0, NaN or ∞. From ten million on, nobody reads single things: they
    /// are shortened to two digits after the mark.
    pub fn number(&self, value: f64, decimals: usize) -> String {
        if !value.is_finite() {
            return "—".to_owned();
        }
        match value.abs() {
            1e9.. => self
                .strings
                .fill(words::amounts::BILLION, &[("n", &self.short(value / 1e9))]),
            SHORTENED.. => self
                .strings
                .fill(words::amounts::MILLION, &[("n", &self.short(value / 1e6))]),
            _ => self.digits(value, decimals),
        }
    }

    /// Millions or billions: two digits after the mark, none from a hundred on.
    fn short(&self, value: f64) -> String {
        self.digits(value, if value.abs() < 100.0 { 2 } else { 0 })
    }

    fn digits(&self, value: f64, decimals: usize) -> String {
        let digits = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        let mut text = String::new();
        if value < 0.0 && digits.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
            text.push(MINUS);
        }
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                text.push_str(&self.strings.numbers.thousands);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push_str(&self.strings.numbers.decimal);
            text.push_str(fraction);
        }
        text
    }

    /// A number with a plus when it is above zero as shown.
    pub fn signed(&self, value: f64, decimals: usize) -> String {
        let text = self.number(value, decimals);
        let shows_something = text.chars().any(|symbol| ('1'..='9').contains(&symbol));
        if value > 0.0 && shows_something {
            format!("+{text}")
        } else {
            text
        }
    }

    /// Whole things: sessions, rows, days.
    pub fn count(&self, value: u64) -> String {
        self.number(value as f64, 0)
    }

    /// A count that was seen or expected: a fraction is told of the smallest alone, where it is half of them.
    pub fn expected(&self, count: f64) -> String {
        let is_small = count.abs() < 3.0 && count.fract().abs() > 1e-9 && count >= 0.05;
        self.number(count, usize::from(is_small))
    }

    /// A count that is usual: a part of one thing is no number that anybody could picture.
    pub fn usual(&self, count: f64) -> String {
        match (0.05..1.0).contains(&count) {
            true => self.strings.fill(words::amounts::UNDER_ONE, &[]),
            false => self.expected(count),
        }
    }

    /// Inquiries and sales.
    pub fn events(&self, value: f64) -> String {
        self.number(value, self.event_decimals)
    }

    /// A share as a percentage.
    pub fn percent(&self, share: f64, decimals: usize) -> String {
        self.number(share * 100.0, decimals) + &self.strings.numbers.percent
    }

    /// A relative change, given in percent.
    pub fn signed_percent(&self, percent: f64, decimals: usize) -> String {
        self.signed(percent, decimals) + &self.strings.numbers.percent
    }

    /// A difference of rates in percentage points.
    pub fn points(&self, points: f64, decimals: usize) -> String {
        self.signed(points, decimals) + &self.strings.numbers.points
    }

    /// Both ends of a range of shares: `2,66–3,22 %`.
    pub fn percent_range(&self, low: f64, high: f64, decimals: usize) -> String {
        let ends = [low, high].map(|end| self.number(end * 100.0, decimals));
        ends.join(&self.strings.numbers.range) + &self.strings.numbers.percent
    }

    /// Both ends of a range of inquiries or sales, rounded to whole ones.
    pub fn event_range(&self, low: f64, high: f64) -> String {
        [low, high]
            .map(|end| self.number(end, 0))
            .join(&self.strings.numbers.range)
    }

    /// Both ends of an interval that may lie below zero: `−1,63…−0,42`.
    pub fn signed_range(&self, low: f64, high: f64, decimals: usize) -> String {
        [low, high]
            .map(|end| self.signed(end, decimals))
            .join(&self.strings.numbers.signed_range)
    }

    /// An amount with its currency.
    pub fn money(&self, amount: Minor, decimals: usize) -> String {
        self.amount(amount.major(), decimals)
    }

    /// An amount in another currency than the report's, to its minor units.
    pub fn money_in(&self, currency: &str, amount: Minor) -> String {
        let figures = Figures {
            strings: self.strings,
            currency,
            event_decimals: self.event_decimals,
        };
        figures.money(amount, 2)
    }

    /// An amount of major units with its currency; millions and billions are shortened to two digits after the mark.
    pub fn amount(&self, major: f64, decimals: usize) -> String {
        let number = match major.abs() {
            1e6..1e9 => self
                .strings
                .fill(words::amounts::MILLION, &[("n", &self.short(major / 1e6))]),
            _ => self.number(major, decimals),
        };
        let sign = currency_sign(self.currency);
        match (sign, self.strings.numbers.currency_first) {
            (Some(sign), true) => match number.strip_prefix(MINUS) {
                Some(digits) => format!("{MINUS}{sign}{digits}"),
                None => format!("{sign}{number}"),
            },
            (sign, _) => format!("{number}\u{a0}{}", sign.unwrap_or(self.currency)),
        }
    }

    /// An estimated amount: as `amount`, without zeros after the mark that would promise more than is known.
    pub fn about(&self, major: f64) -> String {
        let text = self.amount(major, 0);
        let mark = &self.strings.numbers.decimal;
        match text.split_once(mark.as_str()) {
            Some((whole, rest)) if major.abs() >= 1e6 => {
                let end = rest.find(|symbol: char| !symbol.is_ascii_digit());
                let (digits, unit) = rest.split_at(end.unwrap_or(rest.len()));
                let digits = digits.trim_end_matches('0');
                let mark = if digits.is_empty() { "" } else { mark };
                format!("{whole}{mark}{digits}{unit}")
            }
            _ => text,
        }
    }

    /// The currency's sign, or its code.
    pub fn currency(&self) -> &'a str {
        currency_sign(self.currency).unwrap_or(self.currency)
    }

    /// A number of inquiries or sales with its noun: `353 обращения`.
    pub fn counted(&self, noun: Noun, value: f64) -> String {
        let decimals = if value.abs() < SHORTENED {
            self.event_decimals
        } else {
            0
        };
        self.strings
            .plural(noun, of_form(value), decimals, &self.events(value))
    }

    /// The noun alone, in the form that goes with a number shown with so many digits after the mark.
    pub fn noun(&self, noun: Noun, value: f64, decimals: usize) -> String {
        self.strings.plural(
            noun,
            of_form(value),
            if value.abs() < SHORTENED { decimals } else { 0 },
            "",
        )
    }

    /// A number of whole things with its noun: `14 020 визитов`.
    pub fn counted_whole(&self, noun: Noun, value: f64) -> String {
        self.strings
            .plural(noun, of_form(value), 0, &self.number(value, 0))
    }
}

/// From this on, numbers of things are shown in millions.
const SHORTENED: f64 = 1e7;

/// The number that a noun follows: after millions it stands as after none («12,35 млрд визитов»).
fn of_form(value: f64) -> f64 {
    if value.abs() < SHORTENED { value } else { 0.0 }
}

fn currency_sign(code: &str) -> Option<&'static str> {
    match code {
        "RUB" => Some("₽"),
        "GBP" => Some("£"),
        "USD" => Some("$"),
        "EUR" => Some("€"),
        _ => None,
    }
}

/// Digits after the mark for a column of intervals: two, or as many more as keep an interval that excludes zero from
/// being printed as if it touched zero.
pub fn interval_decimals(intervals: impl IntoIterator<Item = (f64, f64)> + Clone) -> usize {
    let touches = |end: f64, decimals: i32| (end * 10f64.powi(decimals)).round() == 0.0;
    let honest = |decimals: i32| {
        intervals.clone().into_iter().all(|(low, high)| {
            let excludes_zero = low > 0.0 || high < 0.0;
            !excludes_zero || (!touches(low, decimals) && !touches(high, decimals))
        })
    };
    (2..6)
        .find(|decimals| honest(*decimals))
        .map_or(6, |decimals| decimals as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;

    fn figures(language: Language, currency: &'static str) -> Figures<'static> {
        Figures::new(Strings::shipped(language), currency, 0)
    }

    #[test]
    fn very_large_numbers_are_shortened_with_the_noun_that_goes_with_millions() {
        let (ru, en) = (figures(Language::RU, "RUB"), figures(Language::EN, "GBP"));
        assert_eq!(
            ru.counted_whole(words::words::SESSIONS, 12_345_678_901.0),
            "12,35\u{a0}млрд\u{a0}визитов"
        );
        assert_eq!(
            en.counted_whole(words::words::SESSIONS, 987_654_321.0),
            "988m\u{a0}visits"
        );
        assert_eq!(ru.number(9_999_999.0, 0), "9\u{a0}999\u{a0}999");
    }

    #[test]
    fn numbers_are_written_as_each_language_does() {
        let (ru, en) = (figures(Language::RU, "RUB"), figures(Language::EN, "GBP"));
        assert_eq!(ru.count(14020), "14\u{a0}020");
        assert_eq!(en.count(1_234_567), "1,234,567");
        assert_eq!(ru.percent(0.02518, 2), "2,52\u{a0}%");
        assert_eq!(en.percent(0.02518, 2), "2.52%");
        assert_eq!(ru.points(-0.421, 2), "−0,42\u{a0}п.п.");
        assert_eq!(ru.money(Minor(227_200), 0), "2\u{a0}272\u{a0}₽");
        assert_eq!(en.money(Minor(-227_250), 2), "−£2,272.50");
        assert_eq!(ru.money(Minor(680_400_000), 0), "6,80\u{a0}млн\u{a0}₽");
        assert_eq!(en.money(Minor(-680_400_000_000), 0), "−£6.80bn");
        assert_eq!(
            figures(Language::EN, "KZT").money(Minor(100), 0),
            "1\u{a0}KZT"
        );
    }

    #[test]
    fn nothing_is_ever_shown_as_minus_zero_or_not_a_number() {
        let ru = figures(Language::RU, "RUB");
        assert_eq!(ru.signed_percent(-0.04, 1), "0,0\u{a0}%");
        assert_eq!(ru.signed_percent(0.04, 1), "0,0\u{a0}%");
        assert_eq!(ru.number(f64::NAN, 1), "—");
        assert_eq!(ru.number(f64::INFINITY, 1), "—");
    }

    #[test]
    fn an_estimate_has_no_zeros_after_the_mark() {
        let (ru, en) = (figures(Language::RU, "RUB"), figures(Language::EN, "GBP"));
        let said = [52e6, 1.7e6, 440e3, 1.25e9].map(|amount| ru.about(amount));
        let space = [
            "52\u{a0}млн\u{a0}₽",
            "1,7\u{a0}млн\u{a0}₽",
            "440\u{a0}000\u{a0}₽",
            "1,25\u{a0}млрд\u{a0}₽",
        ];
        assert_eq!(said, space);
        assert_eq!(
            [1.2e6, 120e3].map(|amount| en.about(amount)),
            ["£1.2m", "£120,000"]
        );
    }

    #[test]
    fn a_fraction_is_told_of_the_smallest_counts_alone() {
        let ru = figures(Language::RU, "RUB");
        let said = [0.0, 0.03, 0.5, 2.9, 2.0, 5.9, 36.4].map(|count| ru.expected(count));
        assert_eq!(said, ["0", "0", "0,5", "2,9", "2", "6", "36"]);
        let usual = [0.03, 0.2, 1.6].map(|count| ru.usual(count));
        assert_eq!(usual, ["0", "меньше\u{a0}1", "1,6"]);
    }

    #[test]
    fn an_interval_that_excludes_zero_never_touches_it() {
        assert_eq!(interval_decimals([(-0.8, -0.04), (0.1, 0.5)]), 2);
        assert_eq!(interval_decimals([(-0.8, -0.004)]), 3);
        assert_eq!(interval_decimals([(-0.8, 0.001)]), 2);
    }
}
