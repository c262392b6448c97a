//! Wall clocks to instants and instants to business days, fast: the offset of each half hour is looked up once.

use chrono::{DateTime, NaiveDateTime, Offset, TimeZone};
use chrono_tz::Tz;

use crate::model::columns::{Columns, Values};
use crate::model::zone;

/// 2000-01-01 in Unix seconds, the first instant of the tables; cells hold no earlier times.
const FIRST_SECOND: i64 = 946_684_800;
/// Seconds of a half hour: offsets are taken to change between two of them only.
const HALF_HOUR: i64 = 1800;
/// Half hours of a page: those of a leap year. Most exports touch one page or two, so a clock costs next to nothing before
/// it is used.
const PAGE: usize = 366 * 48;
/// Pages of the hundred years that cells may lie in, and one to spare.
const PAGES: usize = 101;
/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;
/// Stands for an offset that was not looked up yet; no real one is that large.
const UNKNOWN: i32 = i32::MAX;

/// Offsets of one zone, looked up either by wall clock or by instant.
struct Offsets {
    zone: Tz,
    /// Seconds ahead of UTC by half hours since [`FIRST_SECOND`]; a page is made when it is first needed.
    pages: Vec<Option<Box<[i32]>>>,
    /// The slow way, for what no page holds yet.
    find: fn(Tz, i64) -> i32,
}

impl Offsets {
    fn new(zone: Tz, find: fn(Tz, i64) -> i32) -> Self {
        Self {
            zone,
            pages: vec![None; PAGES],
            find,
        }
    }

    /// Seconds ahead of UTC.
    #[inline]
    fn at(&mut self, seconds: i64) -> i64 {
        let half_hour = (seconds - FIRST_SECOND).div_euclid(HALF_HOUR);
        // Before the first instant there is no page, just as behind the last.
        let place = usize::try_from(half_hour).unwrap_or(usize::MAX);
        let Some(page) = self.pages.get_mut(place / PAGE) else {
            return i64::from((self.find)(self.zone, seconds));
        };
        let page = page.get_or_insert_with(|| vec![UNKNOWN; PAGE].into());
        let slot = &mut page[place % PAGE];
        if *slot == UNKNOWN {
            *slot = (self.find)(self.zone, FIRST_SECOND + half_hour * HALF_HOUR);
        }
        i64::from(*slot)
    }
}

fn offset_of_wall_clock(zone: Tz, seconds: i64) -> i32 {
    let local = naive(seconds);
    let ahead = local.and_utc() - zone::to_utc(local, zone);
    i32::try_from(ahead.num_seconds()).unwrap_or(0)
}

fn offset_of_instant(zone: Tz, seconds: i64) -> i32 {
    let offset = zone.offset_from_utc_datetime(&naive(seconds));
    offset.fix().local_minus_utc()
}

/// Date and time of a clock that shows so many seconds since 1970.
fn naive(seconds: i64) -> NaiveDateTime {
    let at = DateTime::from_timestamp(seconds, 0);
    at.map_or_else(NaiveDateTime::default, |at| at.naive_utc())
}

/// The clocks of one export.
pub struct Clock {
    export: Offsets,
    business: Offsets,
}

impl Clock {
    /// Clocks for an export in `export` time of a business that lives by `business` time.
    pub fn new(export: Tz, business: Tz) -> Self {
        Self {
            export: Offsets::new(export, offset_of_wall_clock),
            business: Offsets::new(business, offset_of_instant),
        }
    }

    /// Zone of the export's clock.
    pub fn zone(&self) -> Tz {
        self.export.zone
    }

    /// Reads on by another clock: a file may name its own. What was looked up of one and the same is kept.
    pub fn read_by(&mut self, zone: Tz) {
        if self.export.zone != zone {
            self.export = Offsets::new(zone, offset_of_wall_clock);
        }
    }

    /// UTC milliseconds of a wall-clock time of the export.
    #[inline]
    pub fn utc_ms(&mut self, local: NaiveDateTime) -> i64 {
        let seconds = local.and_utc().timestamp();
        (seconds - self.export.at(seconds)) * 1000
    }

    /// The business day of an instant, days since 1970-01-01.
    #[inline]
    pub fn day(&mut self, utc_ms: i64) -> i32 {
        let seconds = utc_ms.div_euclid(1000);
        let local = seconds + self.business.at(seconds);
        i32::try_from(local.div_euclid(DAY_SECONDS)).unwrap_or(i32::MAX)
    }
}

/// The business day of every dated row, from its instant: an adapter may know the instant better than the file's clock.
pub(super) fn date_rows(columns: &mut Columns, clock: &mut Clock) {
    let Some(time) = columns.table.time else {
        return;
    };
    let day = columns.table.position(columns.table.day);
    let day = day.expect("every table has a day");
    if let Values::Long(times) = columns.column(time) {
        columns.values[day] = Values::Day(times.iter().map(|&at| clock.day(at)).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_agrees_with_the_calendar_around_clock_changes() {
        let mut clock = Clock::new(chrono_tz::Europe::London, chrono_tz::Europe::Moscow);
        for text in [
            "2026-03-29T00:59:59",
            "2026-03-29T02:00:00",
            "2026-10-25T01:30:00",
            "2026-10-25T02:00:00",
            "2026-07-01T23:30:00",
        ] {
            let local: NaiveDateTime = text.parse().expect("a time");
            let instant = zone::to_utc(local, chrono_tz::Europe::London);
            assert_eq!(clock.utc_ms(local), instant.timestamp_millis(), "{text}");
            let day = zone::local_day(instant, chrono_tz::Europe::Moscow);
            assert_eq!(
                clock.day(instant.timestamp_millis()),
                crate::ingest::cells::day_number(day),
                "{text}"
            );
        }
    }
}
