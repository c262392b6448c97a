//! Periods as people write them.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::{Period, PeriodKind, first_of_month};
use crate::model::fault::Fault;

/// A period that could not be read: what was written and what is expected.
pub(super) fn no_such(text: &str) -> Fault {
    Fault::usage(format!(
        "no such period \"{text}\": expected 2026-W46, 2026-11, 2026-Q4, 2026, 2026-11-10, 2026-11-to-15, 2026-11-to-date, 2026-11-09..2026-11-15, last-week, yesterday or month-to-date"
    ))
}

impl Period {
    /// Reads a period. `today` (in the pipeline's zone) is used by `last-week`, `month-to-date` and the like only.
    ///
    /// # Errors
    /// When the text is none of the forms of the design, or names a week or day that does not exist.
    pub fn parse(text: &str, today: NaiveDate) -> Result<Self, Fault> {
        let text = text.trim();
        relative(text, today)
            .or_else(|| week_label(text))
            .or_else(|| quarter_label(text))
            .or_else(|| to_date_label(text, today))
            .or_else(|| month_label(text))
            .or_else(|| year_label(text))
            .or_else(|| day_label(text).map(Self::day))
            .or_else(|| range_label(text))
            .ok_or_else(|| no_such(text))
    }

    /// Whether a period is written so that it ends with what is known: `month-to-date`, `2026-11-to-date`.
    pub fn is_to_date(text: &str) -> bool {
        text.trim().ends_with("to-date")
    }

    /// Reads one period, or a run of them: `2026-W40..2026-W46` is seven weeks, `2026-01..2026-03` three months.
    ///
    /// # Errors
    /// When either end is no period, the ends are of different kinds, or the run goes backwards.
    pub fn parse_run(text: &str, today: NaiveDate) -> Result<Vec<Self>, Fault> {
        let wrong = || no_such(text);
        if let Ok(single) = Self::parse(text, today) {
            return Ok(vec![single]);
        }
        let (first, last) = text.split_once("..").ok_or_else(wrong)?;
        Self::run(&Self::parse(first, today)?, &Self::parse(last, today)?).ok_or_else(wrong)
    }

    /// The unbroken run of equal periods from one to another; `None` when they are of different kinds or the run goes
    /// backwards. Days follow each other, whatever weekday each is compared with.
    pub fn run(first: &Self, last: &Self) -> Option<Vec<Self>> {
        if first.kind != last.kind || first.from > last.from {
            return None;
        }
        let step = |period: &Self| match period.kind {
            PeriodKind::Day => Self::day(period.to + Days::new(1)),
            _ => period.next(),
        };
        let run = std::iter::successors(Some(first.clone()), |period| Some(step(period)));
        Some(run.take_while(|period| period.from <= last.from).collect())
    }
}

fn relative(text: &str, today: NaiveDate) -> Option<Period> {
    let yesterday = before(today);
    match text {
        "yesterday" => Some(Period::day(yesterday)),
        "last-week" => Some(Period::week_of(today).previous()),
        "last-month" => Some(Period::month_of(today).previous()),
        "last-quarter" => Some(Period::quarter_of(today).previous()),
        "last-year" => Some(Period::year_of(today).previous()),
        // Today is not over: the last whole day is yesterday, on the first of a month one of the month before.
        "month-to-date" => Some(Period::month_to(yesterday)),
        _ => None,
    }
}

/// The day before; the first day of all has none.
fn before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

/// `2026-W46`, or `2026-W44-10`, what of a week lies in a month.
fn week_label(text: &str) -> Option<Period> {
    let (year, rest) = text.split_once("-W")?;
    let (week, month) = match rest.split_once('-') {
        Some((week, month)) => (week, Some(digits(month, 2)?)),
        None => (rest, None),
    };
    let monday = NaiveDate::from_isoywd_opt(four_digits(year)?, digits(week, 2)?, Weekday::Mon)?;
    let Some(month) = month else {
        return Some(Period::week_of(monday));
    };
    let parts = Period::week_of(monday).cut_at_month_end();
    let is_cut = parts.len() > 1;
    parts
        .into_iter()
        .find(|part| is_cut && part.from.month() == month)
}

fn quarter_label(text: &str) -> Option<Period> {
    let (year, quarter) = text.split_once("-Q")?;
    let quarter = digits(quarter, 1).filter(|quarter| (1..=4).contains(quarter))?;
    let first = first_of_month(four_digits(year)?, quarter * 3 - 2);
    Some(Period::quarter_of(first))
}

/// `2026-11-to-15`, or `2026-11-to-date`, which ends with yesterday where the month is not over.
fn to_date_label(text: &str, today: NaiveDate) -> Option<Period> {
    let (month, end) = text.split_once("-to-")?;
    let month = month_label(month)?;
    if end == "date" {
        let yesterday = before(today);
        return Some(Period::month_to(yesterday.clamp(month.from, month.to)));
    }
    let last = month.from.with_day(digits(end, 2)?)?;
    Some(Period::month_to(last))
}

fn month_label(text: &str) -> Option<Period> {
    let (year, month) = text.split_once('-')?;
    let month = digits(month, 2).filter(|month| (1..=12).contains(month))?;
    Some(Period::month_of(first_of_month(four_digits(year)?, month)))
}

fn year_label(text: &str) -> Option<Period> {
    Some(Period::year_of(first_of_month(four_digits(text)?, 1)))
}

/// A day, written in full: years outside 1900–2999 are typing mistakes here, too.
fn day_label(text: &str) -> Option<NaiveDate> {
    let year = text.split('-').next()?;
    four_digits(year)?;
    let is_full = text.len() == "2026-11-10".len();
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|_| is_full)
}

fn range_label(text: &str) -> Option<Period> {
    let (from, to) = text.split_once("..")?;
    let from = NaiveDate::parse_from_str(from, "%Y-%m-%d").ok()?;
    let to = NaiveDate::parse_from_str(to, "%Y-%m-%d").ok()?;
    (from <= to).then(|| Period::range(from, to))
}

fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

/// Years outside 1900–2999 are typing mistakes, and would also leave the calendar's range further on.
fn four_digits(text: &str) -> Option<i32> {
    digits(text, 4)
        .map(u32::cast_signed)
        .filter(|year| (1900..3000).contains(year))
}
