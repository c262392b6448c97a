//! Spans of days: what reports put into a column of dates when they are grouped by weeks or months, and above a table.

use chrono::NaiveDate;

use super::cursor::{Cursor, plain_text};
use super::{DateOrder, Moment, moment, words};
use crate::model::period::{Period, PeriodKind};

/// First and last day of a span.
type Span = (NaiveDate, NaiveDate);

/// What stands between the two ends of a span; longer marks first, for a dash stands inside dates too.
const BETWEEN: &[&str] = &[" - ", "..", ", ", " to ", " по ", " до ", ",", "-", "/"];

/// The first and the last day of a cell: `2026-11`, `2026-W46`, `2025-09-01 - 2025-09-30`, `27 January 2026 – 23 February
/// 2026`, `с 01.11.2026 по 07.11.2026`, or one day.
pub fn span(cell: &[u8], order: DateOrder) -> Option<Span> {
    let plain = plain_text(cell)?;
    let text = plain.trim();
    if let Some(span) = end(text, order) {
        return Some(span);
    }
    let text = ["с ", "from "]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text);
    let mut found = BETWEEN.iter().flat_map(|mark| halves(text, mark));
    found.find_map(|(from, to)| {
        let (from, _) = end(from, order)?;
        let (_, to) = end(to, order)?;
        (from <= to).then_some((from, to))
    })
}

/// The same of a column that can hold nothing but spans, where a year alone is one too.
pub fn plan_span(cell: &[u8], order: DateOrder) -> Option<Span> {
    span(cell, order).or_else(|| {
        let text = std::str::from_utf8(cell).ok()?.trim();
        let year = text.parse().ok().filter(|_| text.len() == 4)?;
        let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
        Some((first, NaiveDate::from_ymd_opt(year, 12, 31)?))
    })
}

/// Each way of cutting a text in two at a mark.
fn halves<'t>(text: &'t str, mark: &'t str) -> impl Iterator<Item = (&'t str, &'t str)> {
    let places = text.match_indices(mark);
    places.map(move |(at, _)| (&text[..at], &text[at + mark.len()..]))
}

/// One end of a span, which may be a period itself.
fn end(text: &str, order: DateOrder) -> Option<Span> {
    let text = text.trim();
    period(text)
        .or_else(|| month(text))
        .or_else(|| day(text, order))
}

fn period(text: &str) -> Option<Span> {
    // Relative periods such as `last-week` make no sense in a file, so any day serves as "today".
    if text.starts_with("last") {
        return None;
    }
    // The letters of weeks and quarters are small here, and large in periods.
    let period = Period::parse(&text.to_ascii_uppercase(), NaiveDate::default()).ok()?;
    // Four digits may be anything, and a day is read by its own rules.
    let is_span = !matches!(period.kind, PeriodKind::Year | PeriodKind::Day);
    is_span.then_some((period.from, period.to))
}

/// `ноябрь 2026`, `Nov 2026`, `11.2026`.
fn month(text: &str) -> Option<Span> {
    let mut cursor = Cursor::new(text);
    let by_name = cursor.attempt(|cursor| {
        let month = words::month(cursor.word())?;
        cursor.eat(".");
        cursor.spaces().then_some(month)
    });
    let month = by_name.or_else(|| {
        cursor.attempt(|cursor| {
            let month = cursor.number()?.short()?;
            (cursor.eat(".") || cursor.eat("/")).then_some(month)
        })
    })?;
    let year = cursor.number().filter(|year| year.digits == 4)?;
    if !cursor.is_at_end() {
        return None;
    }
    period(&format!("{:04}-{month:02}", year.value))
}

fn day(text: &str, order: DateOrder) -> Option<Span> {
    let at = match moment(text.as_bytes(), order)? {
        Moment::Local(at) | Moment::Instant(at) => at,
    };
    Some((at.date(), at.date()))
}
