//! The currency that a sheet shows with its numbers: it stands in the style of the cells, and in no text.

use std::collections::VecDeque;

use anyhow::Result;
use calamine::Xlsx;

use super::book::{Place, broken};
use super::seekable::Seekable;
use crate::ingest::cells;

/// Numbers of styles that are not a book's own: what these show depends on whose machine shows it.
const OWN_FORMATS: u32 = 164;

/// The cells of a sheet whose style shows a currency, in the order of the sheet.
#[derive(Default)]
pub(super) struct Currencies(VecDeque<(Place, &'static str)>);

impl Currencies {
    /// Of a sheet; most books have no such style, and are not looked through for it.
    pub(super) fn of(book: &mut Xlsx<Seekable>, sheet: &str) -> Result<Self> {
        let mut reader = book.worksheet_cells_reader(sheet).map_err(broken)?;
        let formats = reader.styles().iter().map(|style| {
            let format = style.number_format.as_ref()?;
            let is_own = format.format_id.is_none_or(|id| id >= OWN_FORMATS);
            is_own.then(|| shown(&format.format_code)).flatten()
        });
        let by_style: Vec<Option<&'static str>> = formats.collect();
        let mut currencies = VecDeque::new();
        if by_style.iter().all(Option::is_none) {
            return Ok(Self(currencies));
        }
        while let Some((row, column, style)) = reader.next_style_id().map_err(broken)? {
            let currency = by_style.get(style).copied().flatten();
            currencies.extend(currency.map(|currency| ((row, column), currency)));
        }
        Ok(Self(currencies))
    }

    /// The currency of a cell; cells are asked for in the order of the sheet.
    pub(super) fn at(&mut self, place: Place) -> Option<&'static str> {
        while self.0.front().is_some_and(|(before, _)| *before < place) {
            self.0.pop_front();
        }
        let (at, currency) = self.0.front()?;
        (*at == place).then_some(*currency)
    }
}

/// The currency in the code of a number's format: `[$$-409]#,##0.00`, `#,##0.00\ "€"`.
fn shown(code: &str) -> Option<&'static str> {
    // Amounts below zero have a part of their own, which shows the same.
    let code = code.split(';').next().unwrap_or_default();
    let mut bare = String::new();
    let mut rest = code;
    while let Some((before, behind)) = rest.split_once('[') {
        bare.push_str(before);
        let (inside, behind) = behind.split_once(']').unwrap_or((behind, ""));
        // `[$-419]` has a language and no sign; `[Red]` is a colour.
        let sign = inside.strip_prefix('$').unwrap_or_default();
        bare.push_str(sign.split('-').next().unwrap_or_default());
        rest = behind;
    }
    bare.push_str(rest);
    let is_of_amounts = bare.contains(['0', '#']);
    cells::currency(&bare).filter(|_| is_of_amounts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_currency_of_a_format_is_its_sign_and_no_language_or_colour() {
        let cases = [
            ("[$$-409]#,##0.00", Some("USD")),
            ("#,##0.00\\ [$€-407];[Red]-#,##0.00\\ [$€-407]", Some("EUR")),
            ("\"$\"#,##0", Some("USD")),
            ("#,##0.00\\ \"₽\"", Some("RUB")),
            ("#,##0\\ [$₸-43F]", Some("KZT")),
            ("[$USD]\\ #,##0.00", Some("USD")),
            ("[$-419]d mmmm yyyy;@", None),
            ("[Red]0.00", None),
            ("#,##0\\ \"шт.\"", None),
            ("General", None),
        ];
        for (code, currency) in cases {
            assert_eq!(shown(code), currency, "{code}");
        }
    }
}
