//! The date of a cell: in digits, with the name of its month, or as the number of a day that spreadsheets count.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, Weekday};

use super::cursor::{Cursor, Number};
use super::{DateOrder, YEARS, words, ymd};

/// A weekday before or behind a date, in brackets or not, with the comma behind it.
pub(super) fn weekday(cursor: &mut Cursor<'_>) -> Option<Weekday> {
    cursor.attempt(|cursor| {
        cursor.eat(",");
        cursor.spaces();
        let in_brackets = cursor.eat("(");
        let weekday = words::weekday(cursor.word())?;
        cursor.eat(".");
        if in_brackets && !cursor.eat(")") {
            return None;
        }
        cursor.attempt(|cursor| {
            cursor.eat(",");
            cursor.spaces();
            let is_before_date = cursor.peek()?.is_alphanumeric();
            is_before_date.then_some(())
        });
        Some(weekday)
    })
}

/// A date in any of its writings; the order decides only about three numbers.
pub(super) fn date(cursor: &mut Cursor<'_>, order: DateOrder) -> Option<NaiveDate> {
    let forms = [joined, month_first, month_between];
    let by_words = forms
        .iter()
        .find_map(|form| cursor.attempt(|cursor| form(cursor, order)));
    by_words.or_else(|| cursor.attempt(|cursor| numbers(cursor, order)))
}

/// Digits of a date without marks: year, month and day.
const JOINED_DATE: usize = 8;

/// `20261109`. With more digits the time of day follows at once: `2026110910`, `20261109100533`.
fn joined(cursor: &mut Cursor<'_>, order: DateOrder) -> Option<NaiveDate> {
    if order != DateOrder::Ymd {
        return None;
    }
    let number = cursor.joined_digits(JOINED_DATE)?;
    let short = |part: u64| u32::try_from(part).ok();
    ymd(
        short(number / 10_000)?,
        short(number / 100 % 100)?,
        short(number % 100)?,
    )
}

/// `Nov 2, 2026`, `November 2nd 2026`, `Nov 09 2026`.
fn month_first(cursor: &mut Cursor<'_>, _order: DateOrder) -> Option<NaiveDate> {
    let month = words::month(cursor.word())?;
    between_words(cursor);
    let day = cursor.number()?.short()?;
    ordinal(cursor);
    cursor.eat(",");
    between_words(cursor);
    ymd(four_digits(cursor)?, month, day)
}

/// `2 ноября 2026 г.`, `5-Feb-2026`, `2nd of November, 2026`; with the year in front `2026-Nov-02`.
fn month_between(cursor: &mut Cursor<'_>, _order: DateOrder) -> Option<NaiveDate> {
    let first = cursor.number()?;
    ordinal(cursor);
    between_words(cursor);
    if cursor
        .attempt(|cursor| (cursor.word() == "of").then_some(()))
        .is_some()
    {
        cursor.spaces();
    }
    let month = words::month(cursor.word())?;
    between_words(cursor);
    if first.digits == 4 {
        let day = cursor.number()?.short()?;
        return ymd(u32::try_from(first.value).ok()?, month, day);
    }
    cursor.eat(",");
    cursor.spaces();
    let year = year_of(cursor)?;
    let date = ymd(year, month, first.short()?);
    word_of_year(cursor);
    date
}

/// Marks and spaces between the parts of a date with a word in it.
fn between_words(cursor: &mut Cursor<'_>) {
    let _ = cursor.eat(".") || cursor.eat("-") || cursor.eat("/");
    cursor.spaces();
}

/// The ending of an ordinal number: `2nd`.
fn ordinal(cursor: &mut Cursor<'_>) {
    let _ = ["st", "nd", "rd", "th"]
        .iter()
        .any(|ending| cursor.eat(ending));
}

/// The word that Russian puts behind a year: `2026 г.`
fn word_of_year(cursor: &mut Cursor<'_>) {
    cursor.attempt(|cursor| {
        cursor.spaces();
        let is_year = matches!(cursor.word(), "г" | "год" | "года");
        cursor.eat(".");
        is_year.then_some(())
    });
}

fn four_digits(cursor: &mut Cursor<'_>) -> Option<u32> {
    let year = cursor.number().filter(|year| year.digits == 4)?;
    u32::try_from(year.value).ok()
}

/// A year of four digits, or of two: all exports are of this century, as [`YEARS`] says.
pub(super) fn year(number: Number) -> Option<u32> {
    match number.digits {
        4 => u32::try_from(number.value).ok(),
        2 => Some(2000 + number.short()?),
        _ => None,
    }
}

/// The year that stands next. Two digits with a colon behind them are hours: «13 нояб., 09:15» says no year.
fn year_of(cursor: &mut Cursor<'_>) -> Option<u32> {
    let number = cursor.number()?;
    year(number).filter(|_| number.digits == 4 || cursor.peek() != Some(':'))
}

/// Three numbers with one mark between them, by the order. A first part of four digits is the year whatever the order
/// says.
fn numbers(cursor: &mut Cursor<'_>, order: DateOrder) -> Option<NaiveDate> {
    let [a, b, c] = three_numbers(cursor)?;
    let date = match order {
        _ if a.digits == 4 => ymd(u32::try_from(a.value).ok()?, b.short()?, c.short()?),
        DateOrder::Dmy => ymd(year(c)?, b.short()?, a.short()?),
        DateOrder::Mdy => ymd(year(c)?, a.short()?, b.short()?),
        DateOrder::Ymd | DateOrder::Unix => None,
    };
    word_of_year(cursor);
    date
}

/// `9.11.2026`, `9. 11. 2026`, `11/9/26`, `2026-11-09`.
pub(super) fn three_numbers(cursor: &mut Cursor<'_>) -> Option<[Number; 3]> {
    let a = cursor.number()?;
    let mark = ["-", "/", "."].into_iter().find(|mark| cursor.eat(mark))?;
    cursor.spaces();
    let b = cursor.number()?;
    if !cursor.eat(mark) {
        return None;
    }
    cursor.spaces();
    let c = cursor.number()?;
    // «13.11. 09:15» says no year.
    let is_clock = c.digits == 2 && cursor.peek() == Some(':');
    (!is_clock).then_some([a, b, c])
}

/// The day that spreadsheets call 0, so that 61 is 1 March 1900; they count a 29 February of that year before it.
const SERIAL_EPOCH: NaiveDate = NaiveDate::from_ymd_opt(1899, 12, 30).expect("a real day");
/// Digits of a serial number of this century: 36526 is 2000-01-01, 73050 is 2099-12-31.
const SERIAL_DIGITS: usize = 5;
/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// A date as spreadsheets keep it: days, and a fraction for the time of day (`46328`, `46328,4201`). It stands alone.
pub(super) fn serial(cursor: &mut Cursor<'_>) -> Option<NaiveDateTime> {
    cursor.attempt(|cursor| {
        let days = cursor
            .number()
            .filter(|days| days.digits == SERIAL_DIGITS)?;
        let midnight = SERIAL_EPOCH.and_hms_opt(0, 0, 0)?;
        let mut at = midnight + TimeDelta::days(i64::try_from(days.value).ok()?);
        if cursor.eat(",") || cursor.eat(".") {
            at += part_of_day(cursor.number()?)?;
        }
        let year = chrono::Datelike::year(&at);
        (cursor.is_at_end() && YEARS.contains(&year)).then_some(at)
    })
}

/// The time of day of a fraction, to the nearest second: spreadsheets keep no finer one.
fn part_of_day(fraction: Number) -> Option<TimeDelta> {
    let places = u32::try_from(fraction.digits).ok()?;
    let whole = 10i128.checked_pow(places)?;
    let ms = i128::from(fraction.value) * i128::from(DAY_MS) / whole;
    let seconds = (i64::try_from(ms).ok()? + 500) / 1000;
    Some(TimeDelta::seconds(seconds))
}
