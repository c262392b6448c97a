//! The time of day behind a date: hours on either clock, a fraction of the seconds, and how far ahead of UTC it is.

use chrono::TimeDelta;

use super::cursor::Cursor;
use super::zone::{self, TimeBefore};

/// A time of day as it is written.
pub(super) struct Time {
    /// From midnight; 24:00 is the whole day.
    pub(super) since_midnight: TimeDelta,
    /// Ahead of UTC, when the cell says so.
    pub(super) offset: Option<TimeDelta>,
}

/// The time of day behind a date; midnight when nothing follows.
pub(super) fn time(cursor: &mut Cursor<'_>) -> Option<Time> {
    if cursor.is_at_end() {
        return Some(Time {
            since_midnight: TimeDelta::zero(),
            offset: None,
        });
    }
    let parted = separator(cursor)?;
    let clock = if cursor.peek().is_some_and(|next| next.is_ascii_digit()) {
        clock(cursor, parted)?
    } else {
        Clock::default()
    };
    let offset = zone::offset(cursor, &clock.before_offset(parted))?;
    Some(Time {
        since_midnight: clock.since_midnight()?,
        offset,
    })
}

/// What stands between a date and its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parted {
    /// `T`, as ISO 8601 writes it.
    T,
    /// Spaces, `в`, `at`, a colon.
    Spaces,
    /// A comma or a dash, as between the two dates of a span.
    Mark,
    /// Nothing: `2026110910`.
    Nothing,
}

fn separator(cursor: &mut Cursor<'_>) -> Option<Parted> {
    if cursor.peek().is_some_and(|next| next.is_ascii_digit()) {
        return Some(Parted::Nothing);
    }
    if cursor.eat("t") {
        return Some(Parted::T);
    }
    // `09/Nov/2026:10:05:33`, as web servers write it.
    if cursor.eat(":") || cursor.eat("_") {
        return Some(Parted::Spaces);
    }
    let comma = cursor.eat(",");
    let spaces = cursor.spaces();
    if comma || cursor.eat("- ") {
        cursor.attempt(at_word);
        return Some(Parted::Mark);
    }
    let word = cursor.attempt(at_word).is_some();
    // A zone may stand behind a date at once: `2026-11-09Z`, `2026-11-09+03:00`.
    let zone = cursor
        .peek()
        .is_some_and(|next| matches!(next, 'z' | '+' | '-'));
    (spaces || word || zone).then_some(Parted::Spaces)
}

/// The word before a time: `в 10:05`, `at 10:05`.
fn at_word(cursor: &mut Cursor<'_>) -> Option<()> {
    let is_at = matches!(cursor.word(), "в" | "at");
    (is_at && cursor.spaces()).then_some(())
}

/// Hours, minutes and seconds as they are written.
#[derive(Debug, Default)]
struct Clock {
    hour: u32,
    minute: u32,
    second: u32,
    half: Option<Half>,
    /// Whether seconds are written.
    has_seconds: bool,
    /// Whether anything is.
    is_written: bool,
}

/// Half of the day on a clock of twelve hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
}

impl Clock {
    fn before_offset(&self, parted: Parted) -> TimeBefore {
        if !self.is_written {
            TimeBefore::None
        } else if self.has_seconds || parted == Parted::T {
            TimeBefore::Exact
        } else {
            TimeBefore::Rough
        }
    }

    fn since_midnight(&self) -> Option<TimeDelta> {
        let is_end_of_day = self.hour == 24 && self.minute == 0 && self.second == 0;
        let fits = self.hour < 24 && self.minute < 60 && self.second < 60;
        let hour = match self.half {
            None if fits || is_end_of_day => self.hour,
            // On a clock of twelve hours the first one is called 12.
            Some(Half::Am) if fits && self.hour <= 12 => self.hour % 12,
            Some(Half::Pm) if fits && self.hour <= 12 => self.hour % 12 + 12,
            // Some systems write PM behind the hours of a clock of twenty-four.
            Some(Half::Pm) if fits => self.hour,
            _ => return None,
        };
        let seconds = (hour * 60 + self.minute) * 60 + self.second;
        Some(TimeDelta::seconds(i64::from(seconds)))
    }
}

/// `10:05`, `10:05:33.250`, `3 PM`; without marks `1005`, `100533` behind a `T` or in one with the date; the hour alone
/// where two digits say that it is one.
fn clock(cursor: &mut Cursor<'_>, parted: Parted) -> Option<Clock> {
    let first = cursor.number()?;
    let mut clock = Clock {
        is_written: true,
        ..Clock::default()
    };
    match first.digits {
        4 | 6 if matches!(parted, Parted::T | Parted::Nothing) => {
            joined(&mut clock, first.value, first.digits)?
        }
        1 | 2 => {
            clock.hour = first.short()?;
            let has_minutes = parts(cursor, &mut clock, parted)?;
            clock.half = half(cursor);
            // One digit behind a date may be anything.
            let is_hour = has_minutes || clock.half.is_some() || first.digits == 2;
            return is_hour.then_some(clock);
        }
        _ => return None,
    }
    if clock.has_seconds {
        fraction(cursor)?;
    }
    Some(clock)
}

/// Hours, minutes and seconds in one number.
fn joined(clock: &mut Clock, number: u64, digits: usize) -> Option<()> {
    let number = u32::try_from(number).ok()?;
    clock.has_seconds = digits == 6;
    let (clock_part, second) = match clock.has_seconds {
        true => (number / 100, number % 100),
        false => (number, 0),
    };
    clock.hour = clock_part / 100;
    clock.minute = clock_part % 100;
    clock.second = second;
    Some(())
}

/// Minutes and seconds behind the hour; whether there were any.
fn parts(cursor: &mut Cursor<'_>, clock: &mut Clock, parted: Parted) -> Option<bool> {
    // Behind a dash or a comma `15.11.26` is the second date of a span.
    let marks: &[&str] = match parted {
        Parted::Mark => &[":"],
        _ => &[":", ".", "-"],
    };
    let Some(mark) = marks.iter().find(|mark| is_part_next(cursor, mark)) else {
        return Some(false);
    };
    cursor.eat(mark);
    clock.minute = cursor.number()?.short()?;
    // A minus behind the minutes may begin an offset; only three parts with it are a time.
    if !is_part_next(cursor, mark) {
        return (*mark != "-").then_some(true);
    }
    cursor.eat(mark);
    clock.second = cursor.number()?.short()?;
    clock.has_seconds = true;
    fraction(cursor)?;
    Some(true)
}

/// Whether the mark and a part of two digits stand next; a mark with more digits begins something else.
fn is_part_next(cursor: &Cursor<'_>, mark: &str) -> bool {
    let mut ahead = *cursor;
    let number = ahead.eat(mark).then(|| ahead.number()).flatten();
    number.is_some_and(|number| number.digits == 2)
}

/// The fraction of a second, which is not kept.
fn fraction(cursor: &mut Cursor<'_>) -> Option<()> {
    if cursor.eat(".") || cursor.eat(",") {
        cursor.number()?;
    }
    Some(())
}

/// `PM`, `p.m.`, `p. m.`
fn half(cursor: &mut Cursor<'_>) -> Option<Half> {
    cursor.attempt(|cursor| {
        cursor.spaces();
        let half = if cursor.eat("a") {
            Half::Am
        } else if cursor.eat("p") {
            Half::Pm
        } else {
            return None;
        };
        cursor.eat(".");
        cursor.spaces();
        if !cursor.eat("m") {
            return None;
        }
        cursor.eat(".");
        let ends = cursor.peek().is_none_or(|next| !next.is_alphanumeric());
        ends.then_some(half)
    })
}
