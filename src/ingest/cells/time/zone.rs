//! How far ahead of UTC a time is, when the cell says so.

use chrono::TimeDelta;

use super::cursor::Cursor;
use super::minutes;

/// The time of day that stands before an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeBefore {
    /// None: a date alone.
    None,
    /// With seconds, or behind the `T` of ISO 8601: no second time follows it.
    Exact,
    /// Hours and minutes: a second time may follow.
    Rough,
}

/// The offset behind a time: `Z`, `UTC`, `GMT+3`, `(UTC+03:00)`, `МСК`, `+0300`, `-5:00`. `None` when what stands there is
/// none; without anything there, `Some(None)`.
pub(super) fn offset(cursor: &mut Cursor<'_>, time: &TimeBefore) -> Option<Option<TimeDelta>> {
    if cursor.is_at_end() {
        return Some(None);
    }
    cursor.spaces();
    let in_brackets = cursor.eat("(");
    let base = zone_word(cursor);
    let shift = shift(cursor)?;
    if base.is_none() && !shift.is_some_and(|shift| shift.stands_alone(time)) {
        return None;
    }
    let said = base.unwrap_or_default() + shift.map_or(TimeDelta::zero(), |shift| shift.by);
    if in_brackets && !cursor.eat(")") {
        return None;
    }
    if base.is_none() && !is_same_zone(cursor, said) {
        return None;
    }
    comment(cursor);
    is_real(said).then_some(Some(said))
}

/// A zone that goes by one name everywhere, and has no summer time.
fn zone_word(cursor: &mut Cursor<'_>) -> Option<TimeDelta> {
    cursor.attempt(|cursor| {
        let hours = match cursor.word() {
            "z" | "utc" | "gmt" | "ut" => 0,
            "msk" | "мск" => 3,
            _ => return None,
        };
        Some(minutes(hours, 0))
    })
}

/// Whether a zone's name behind an offset, as Go and Ruby add it (`+0300 MSK`), says the same; or there is none.
fn is_same_zone(cursor: &mut Cursor<'_>, offset: TimeDelta) -> bool {
    let named = cursor.attempt(|cursor| {
        cursor.spaces();
        zone_word(cursor)
    });
    named.is_none_or(|named| named == offset)
}

/// A signed number of hours and minutes.
#[derive(Debug, Clone, Copy)]
struct Shift {
    by: TimeDelta,
    has_colon: bool,
}

impl Shift {
    /// Whether it is an offset without a zone's name before it. `10:00-10:30` is a span of hours; an ISO time, or one with
    /// seconds, is followed by no second time. A date alone is followed by no bare number.
    fn stands_alone(&self, time: &TimeBefore) -> bool {
        let may_be_time = self.has_colon && self.by < TimeDelta::zero();
        match time {
            TimeBefore::None => self.has_colon,
            TimeBefore::Exact => true,
            TimeBefore::Rough => !may_be_time,
        }
    }
}

/// `+3`, `+03`, `+0300`, `+3:00`; `Some(None)` when no sign stands here.
fn shift(cursor: &mut Cursor<'_>) -> Option<Option<Shift>> {
    let sign = if cursor.eat("+") {
        1
    } else if cursor.eat("-") {
        -1
    } else {
        return Some(None);
    };
    let number = cursor.number()?;
    let value = i64::try_from(number.value).ok()?;
    let colon = number.digits <= 2 && cursor.eat(":");
    let (hours, rest) = match number.digits {
        1 | 2 if colon => (value, i64::from(cursor.number()?.short()?)),
        1 | 2 => (value, 0),
        4 => (value / 100, value % 100),
        _ => return None,
    };
    Some(Some(Shift {
        by: minutes(sign * hours, sign * rest),
        has_colon: colon,
    }))
}

/// The zone's name behind an offset, as browsers and Java add it: `(Moscow Standard Time)`, `[Europe/Moscow]`.
fn comment(cursor: &mut Cursor<'_>) {
    cursor.attempt(|cursor| {
        cursor.spaces();
        let end = match () {
            () if cursor.eat("(") => ")",
            () if cursor.eat("[") => "]",
            () => return None,
        };
        while !cursor.eat(end) {
            let is_name = !cursor.word().is_empty()
                || [" ", "/", "_", ",", ".", "-"]
                    .iter()
                    .any(|mark| cursor.eat(mark));
            if !is_name {
                return None;
            }
        }
        Some(())
    });
}

/// Whether some place of the world is so far from UTC: whole quarters of an hour from −12:00 to +14:00.
fn is_real(offset: TimeDelta) -> bool {
    let minutes = offset.num_minutes();
    minutes % 15 == 0 && (-12 * 60..=14 * 60).contains(&minutes)
}
