//! The mark before the fraction, told from all amounts of a column.

use memchr::memchr2;

use super::Seen;
use super::units;
use crate::ingest::cells::{Decimal, Shown, mark_shown, unit};
use crate::model::fault::Fault;

/// What the amounts of a column have shown: for each mark the first cell in which it can be nothing but the fraction's,
/// and the first in which it may be.
#[derive(Debug, Default)]
pub(super) struct Amounts {
    fraction_dot: Option<Seen>,
    fraction_comma: Option<Seen>,
    open_dot: Option<Seen>,
    open_comma: Option<Seen>,
    /// The first number that its carrier holds as one, with a point before its fraction whatever the texts beside it have,
    /// and the first of these that would mean thousands as a text.
    number: Option<Seen>,
    open_number: Option<Seen>,
    /// A cell that is no amount but says of what units all are, as a second line of a header does.
    unit: Option<(Seen, &'static str)>,
}

impl Amounts {
    pub(super) fn look(&mut self, line: u32, cell: &[u8]) {
        self.look_for_unit(line, cell);
        if memchr2(b'.', b',', cell).is_none() {
            return;
        }
        let Some(shown) = mark_shown(cell) else {
            return;
        };
        let place = match shown {
            Shown::Fraction(Decimal::Dot) => &mut self.fraction_dot,
            Shown::Fraction(Decimal::Comma) => &mut self.fraction_comma,
            Shown::Open(Decimal::Dot) => &mut self.open_dot,
            Shown::Open(Decimal::Comma) => &mut self.open_comma,
        };
        place.get_or_insert_with(|| Seen::new(line, cell));
    }

    /// Looks at a number with a fraction that is no text.
    pub(super) fn look_at_number(&mut self, line: u32, cell: &[u8]) {
        self.number.get_or_insert_with(|| Seen::new(line, cell));
        if matches!(mark_shown(cell), Some(Shown::Open(_))) {
            self.open_number
                .get_or_insert_with(|| Seen::new(line, cell));
        }
    }

    fn look_for_unit(&mut self, line: u32, cell: &[u8]) {
        // Of nearly all cells the first byte tells that they are amounts.
        let is_amount = cell.first().is_none_or(u8::is_ascii_digit);
        if is_amount || self.unit.is_some() || cell.iter().any(u8::is_ascii_digit) {
            return;
        }
        let said = unit(&String::from_utf8_lossy(cell));
        self.unit = said.map(|unit| (Seen::new(line, cell), unit));
    }

    /// The mark of the column; nothing where numbers have a point and texts a comma, so that each cell has to show its own.
    pub(super) fn decide(&self, file: &str, column: &str) -> Result<Option<Decimal>, Fault> {
        let written = self.decide_written(file, column)?;
        if self.number.is_none() || written == Decimal::Dot {
            return Ok(Some(written));
        }
        // As a text either of these is thousands or a fraction, by the mark of a column that has only one.
        let numbers = [&self.open_number, &self.number].into_iter().flatten();
        let texts = [&self.open_comma, &self.fraction_comma, &self.open_dot];
        let is_open = self.open_number.is_some() || self.open_comma.is_some();
        let mut seen = numbers.zip(texts.into_iter().flatten());
        match seen.next() {
            Some((number, text)) if is_open => Err(both(file, column, number, text)),
            _ => Ok(None),
        }
    }

    /// The mark of the texts. Where every amount has three digits behind its only mark they are thousands: no amount of
    /// money has three places.
    fn decide_written(&self, file: &str, column: &str) -> Result<Decimal, Fault> {
        if let Some((seen, unit)) = &self.unit {
            return Err(units::refusal(&seen.text, unit).at(format!("{file}:{}", seen.line)));
        }
        match (&self.fraction_dot, &self.fraction_comma) {
            (Some(dot), Some(comma)) => return Err(both(file, column, dot, comma)),
            (Some(_), None) => return Ok(Decimal::Dot),
            (None, Some(_)) => return Ok(Decimal::Comma),
            (None, None) => {}
        }
        match (&self.open_dot, &self.open_comma) {
            (Some(dot), Some(comma)) => Err(both(file, column, dot, comma)),
            (Some(_), None) => Ok(Decimal::Comma),
            // Without any mark the mark does not matter.
            (None, _) => Ok(Decimal::Dot),
        }
    }
}

/// A column in which either mark is the fraction's: one of the two kinds of amounts would be read wrongly.
fn both(file: &str, column: &str, dot: &Seen, comma: &Seen) -> Fault {
    let (first, second) = if dot.line <= comma.line {
        (dot, comma)
    } else {
        (comma, dot)
    };
    let message = format!(
        "{column}: two ways of writing amounts in one column: \"{}\" here, \"{}\" in line {}",
        first.text, second.text, second.line
    );
    Fault::new(message)
        .at(format!("{file}:{}", first.line))
        .hint("export the amounts in one way; or say which mark is before the fraction, decimal = \"comma\" or \"dot\" under [exports.options], and the other rows are rejected")
}
