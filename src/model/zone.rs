//! Business days and instants: every day boundary is taken in the pipeline's zone, so a DST day has 23 or 25 hours.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::period::Period;

/// The first instant of a local day.
pub fn day_start(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    to_utc(day.and_time(NaiveTime::MIN), zone)
}

/// A local wall-clock time as an instant. Of a time that the clock shows twice, the first; a time that the clock
/// skips is read with the offset before the gap, so that order within the day is kept.
pub fn to_utc(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    if let Some(instant) = zone.from_local_datetime(&local).earliest() {
        return instant.with_timezone(&Utc);
    }
    let before_gap = local - chrono::TimeDelta::hours(3);
    let shift = chrono::TimeDelta::hours(3);
    zone.from_local_datetime(&before_gap)
        .earliest()
        .map_or_else(
            || local.and_utc(),
            |instant| instant.with_timezone(&Utc) + shift,
        )
}

/// The local day of an instant.
pub fn local_day(instant: DateTime<Utc>, zone: Tz) -> NaiveDate {
    instant.with_timezone(&zone).date_naive()
}

/// A period's bounds as instants: start included, end excluded.
pub fn bounds(period: &Period, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
    (
        day_start(period.from, zone),
        day_start(period.to + Days::new(1), zone),
    )
}

/// A zone as the name of it that the IANA list has, for serde.
pub mod by_name {
    use chrono_tz::Tz;
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    /// Writes the name.
    ///
    /// # Errors
    /// When the text cannot be written.
    pub fn serialize<S: Serializer>(zone: &Tz, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(zone.name())
    }

    /// Reads a name of the list.
    ///
    /// # Errors
    /// When the list has no such name.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Tz, D::Error> {
        let name = String::deserialize(from)?;
        name.parse()
            .map_err(|_| D::Error::custom(format!("unknown time zone \"{name}\"")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_of_a_clock_change_have_23_and_25_hours() {
        let zone = chrono_tz::Europe::London;
        let hours = |text: &str| {
            let day: NaiveDate = text.parse().expect("a day");
            (day_start(day + Days::new(1), zone) - day_start(day, zone)).num_hours()
        };
        assert_eq!(
            (
                hours("2026-03-29"),
                hours("2026-10-25"),
                hours("2026-06-01")
            ),
            (23, 25, 24)
        );
    }

    #[test]
    fn a_skipped_time_lies_between_its_neighbours() {
        let zone = chrono_tz::Europe::London;
        let at = |text: &str| to_utc(text.parse().expect("a time"), zone);
        assert!(at("2026-03-29T00:59:00") < at("2026-03-29T01:30:00"));
        assert!(at("2026-03-29T01:30:00") <= at("2026-03-29T02:30:00"));
    }
}
