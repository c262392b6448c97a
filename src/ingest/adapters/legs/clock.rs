//! The clock of the file against the ids: Asterisk and its kin write the true Unix time into the id of every channel.

use anyhow::Result;
use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;

use super::rows::Rows;
use crate::model::fault::Fault;

/// Digits of Unix seconds from 2001 to 2286; a number of any other length is no time.
const EPOCH_DIGITS: usize = 10;

/// The Unix time in an id such as `1706368044.0`, sometimes behind a host name, in milliseconds.
pub(super) fn epoch_ms(unique_id: &str) -> Option<i64> {
    let number = unique_id.rsplit('-').next()?;
    let (seconds, count) = number.split_once('.')?;
    let is_count = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
    if seconds.len() != EPOCH_DIGITS || !is_count {
        return None;
    }
    let seconds: i64 = seconds.parse().ok()?;
    Some(seconds * 1000)
}

/// Clocks differ by quarters of an hour; what remains is the time until the first row of a call was written.
const QUARTER_MS: i64 = 15 * 60 * 1000;

/// Farther than any zone from UTC with an hour to spare: such a clock has another date, not another zone.
const OTHER_DATE_MS: i64 = 16 * 60 * 60 * 1000;

/// How far the times of the calls, as they were read, stand before those of their ids; the middle one of all calls, so
/// that no single odd row decides. With it the number of calls.
fn ahead_ms(rows: &Rows<'_>, calls: &[Vec<usize>]) -> Option<(i64, usize)> {
    let ahead = |call: &Vec<usize>| {
        let first = *call.first()?;
        let true_time = epoch_ms(rows.unique_id.at(first))?;
        Some(rows.start(first) - true_time)
    };
    let mut found: Vec<i64> = calls.iter().filter_map(ahead).collect();
    found.sort_unstable();
    let middle = *found.get(found.len() / 2)?;
    Some((middle, found.len()))
}

/// Refuses an export whose dates are none of those in its ids: day and month stand the other way round.
///
/// # Errors
/// When most calls are dated by another day than their ids.
pub(super) fn refuse_foreign_dates(rows: &Rows<'_>, calls: &[Vec<usize>]) -> Result<()> {
    let Some((ahead, _)) = ahead_ms(rows, calls) else {
        return Ok(());
    };
    if ahead.abs() <= OTHER_DATE_MS {
        return Ok(());
    }
    let days = (ahead as f64 / 86_400_000.0).round();
    let message = format!(
        "the dates of the calls are {} days off the Unix times in their ids",
        days.abs()
    );
    let hint = "day and month stand the other way round: copy the format and change the `order` of its dates";
    Err(Fault::new(message).hint(hint).into())
}

/// What the ids say of the file's clock, beside the zone that it was read by.
pub(super) fn note(rows: &Rows<'_>, calls: &[Vec<usize>], zone: Tz) -> Option<String> {
    let (ahead, count) = ahead_ms(rows, calls)?;
    let first = *calls.first()?.first()?;
    let at = DateTime::from_timestamp_millis(rows.start(first))?;
    let zone_ms = i64::from(
        zone.offset_from_utc_datetime(&at.naive_utc())
            .fix()
            .local_minus_utc(),
    ) * 1000;
    let by_ids = (ahead + zone_ms + QUARTER_MS / 2).div_euclid(QUARTER_MS) * QUARTER_MS;
    let is_right = by_ids == zone_ms;
    let verdict = if is_right {
        format!("as {zone} is")
    } else {
        format!(
            "but it was read as {zone} ({}); set `time_zone` of the export",
            offset(zone_ms)
        )
    };
    Some(format!(
        "the clock is {} by the ids of {count} calls, {verdict}",
        offset(by_ids)
    ))
}

/// `UTC`, `5 h ahead of UTC`, `3.5 h behind UTC`.
fn offset(ms: i64) -> String {
    let hours = ms.abs() as f64 / 3_600_000.0;
    match ms {
        0 => "that of UTC".to_owned(),
        1.. => format!("{hours} h ahead of UTC"),
        _ => format!("{hours} h behind UTC"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_hold_unix_seconds_or_no_time() {
        assert_eq!(epoch_ms("1706368044.0"), Some(1_706_368_044_000));
        assert_eq!(
            epoch_ms("mainserver-1706420300.12"),
            Some(1_706_420_300_000)
        );
        for id in [
            "",
            "4001",
            "7165700000",
            "d80e22e0-4c15-11ea-97a0-9dd79410affb",
            "1706368044",
        ] {
            assert_eq!(epoch_ms(id), None, "{id}");
        }
    }

    #[test]
    fn offsets_are_said_in_hours() {
        assert_eq!(offset(5 * 3_600_000), "5 h ahead of UTC");
        assert_eq!(offset(-12_600_000), "3.5 h behind UTC");
        assert_eq!(offset(0), "that of UTC");
    }
}
