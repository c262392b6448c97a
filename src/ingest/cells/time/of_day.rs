//! A time of day in a cell of its own.

use chrono::{NaiveDate, NaiveTime};

use super::{DateOrder, Moment, moment};

/// The days on which spreadsheets put a time that has no date, as they are written when it is given one.
const NO_DAY: [&str; 4] = ["1899-12-30", "1899-12-31", "30.12.1899", "31.12.1899"];
/// Any day: only the time behind it is wanted.
const ANY_DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day of the calendar");

/// Reads a time of day: `10:05`, `10:05:33`, `10:05 PM`.
pub fn time_of_day(cell: &[u8]) -> Option<NaiveTime> {
    let text = std::str::from_utf8(cell).ok()?.trim();
    let dated = NO_DAY.iter().find_map(|day| text.strip_prefix(day));
    let clock = dated.unwrap_or(text).trim_start();
    // A number alone is a count of something.
    if !clock.contains(':') {
        return None;
    }
    match moment(format!("{ANY_DAY} {clock}").as_bytes(), DateOrder::Ymd)? {
        Moment::Local(at) if at.date() == ANY_DAY => Some(at.time()),
        Moment::Local(_) | Moment::Instant(_) => None,
    }
}

/// A date whose time of day stands in a cell of its own. What has a time already, or an empty cell beside it, stays.
pub fn moment_at(date: &[u8], clock: &[u8], order: DateOrder) -> Option<Moment> {
    let found = moment(date, order)?;
    match found {
        Moment::Local(at) if at.time() == NaiveTime::MIN && !clock.is_empty() => {
            let time = time_of_day(clock)?;
            Some(Moment::Local(at.date().and_time(time)))
        }
        Moment::Local(_) | Moment::Instant(_) => Some(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> Option<Moment> {
        Some(Moment::Local(text.parse().expect("a time")))
    }

    #[test]
    fn a_date_takes_the_time_of_day_of_the_cell_beside_it() {
        let at =
            |date: &str, clock: &str| moment_at(date.as_bytes(), clock.as_bytes(), DateOrder::Dmy);
        assert_eq!(at("09.11.2026", "10:05"), local("2026-11-09T10:05:00"));
        assert_eq!(at("09.11.2026", "9:05:33"), local("2026-11-09T09:05:33"));
        assert_eq!(at("09.11.2026", "10:05 PM"), local("2026-11-09T22:05:00"));
        // As spreadsheets write a date without a time, and a time without a date.
        let saved = at("09.11.2026 0:00:00", "1899-12-31 10:05:00");
        assert_eq!(saved, local("2026-11-09T10:05:00"));
        assert_eq!(at("09.11.2026", ""), local("2026-11-09T00:00:00"));
    }

    #[test]
    fn what_is_no_time_of_day_leaves_the_date_unread() {
        for clock in ["65", "25:00", "soon", "2026-11-09 10:05"] {
            assert_eq!(
                moment_at(b"2026-11-09", clock.as_bytes(), DateOrder::Ymd),
                None
            );
        }
    }

    #[test]
    fn a_date_with_its_own_time_keeps_it() {
        let own = moment_at(b"2026-11-09 12:00:00", b"10:05", DateOrder::Ymd);
        assert_eq!(own, local("2026-11-09T12:00:00"));
    }
}
