//! Working days and holidays: shipped calendars as data, days of the lake's own table over them.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};

/// Every shipped calendar by name: only days that differ from an ordinary Monday-to-Friday week.
const SHIPPED: &[(&str, &str)] = &[
    ("ru", include_str!("../../pipelines/calendars/ru.csv")),
    ("gb", include_str!("../../pipelines/calendars/gb.csv")),
    ("none", ""),
];

/// What kind of day it is for a business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayKind {
    /// Monday to Friday, nothing special.
    Working,
    /// Saturday or Sunday, nothing special.
    Weekend,
    /// A day off for a holiday, transferred ones too.
    Holiday,
    /// From 31 December to 3 January.
    NewYear,
    /// The rest of a New Year holiday.
    AfterNewYear,
    /// The shortened working day before a holiday.
    Short,
    /// A Saturday or Sunday that is worked.
    WorkingWeekend,
}

impl DayKind {
    /// All kinds, in order.
    pub const ALL: [Self; 7] = [
        Self::Working,
        Self::Weekend,
        Self::Holiday,
        Self::NewYear,
        Self::AfterNewYear,
        Self::Short,
        Self::WorkingWeekend,
    ];

    /// Whether the day differs from an ordinary one of its weekday.
    pub fn is_special(self) -> bool {
        !matches!(self, Self::Working | Self::Weekend)
    }

    /// Whether offices work on it.
    pub fn is_worked(self) -> bool {
        matches!(self, Self::Working | Self::Short | Self::WorkingWeekend)
    }

    /// Whether people are off work for a holiday.
    pub fn is_holiday(self) -> bool {
        matches!(self, Self::Holiday | Self::NewYear | Self::AfterNewYear)
    }
}

/// A production calendar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    special: BTreeMap<NaiveDate, (DayKind, String)>,
}

impl Calendar {
    /// A shipped calendar; `None` when there is none of that name.
    pub fn shipped(name: &str) -> Option<Self> {
        let (_, text) = SHIPPED.iter().find(|(known, _)| *known == name)?;
        let mut calendar = Self::default();
        for line in text.lines().skip(1) {
            let mut cells = line.split(';');
            let (Some(day), Some(kind), Some(name)) = (cells.next(), cells.next(), cells.next())
            else {
                continue;
            };
            let Ok(day) = day.parse() else { continue };
            calendar.set(day, kind, name);
        }
        Some(calendar)
    }

    /// The names of all shipped calendars.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// Says what kind of day a day is, over what the calendar says: `holiday`, `short`, `working` (a worked weekend) or
    /// `ordinary`. Answers whether the kind is one of these.
    pub fn set(&mut self, day: NaiveDate, kind: &str, name: &str) -> bool {
        let is_weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let kind = match kind {
            "holiday" => match (day.month(), day.day()) {
                (12, 31) | (1, 1..=3) => DayKind::NewYear,
                (12, 28..) | (1, 4..=11) => DayKind::AfterNewYear,
                _ => DayKind::Holiday,
            },
            "short" => DayKind::Short,
            "working" if is_weekend => DayKind::WorkingWeekend,
            "working" | "ordinary" => {
                self.special.remove(&day);
                return true;
            }
            _ => return false,
        };
        self.special.insert(day, (kind, name.to_owned()));
        true
    }

    /// The kind of a day.
    pub fn kind(&self, day: NaiveDate) -> DayKind {
        match (self.special.get(&day), day.weekday()) {
            (Some((kind, _)), _) => *kind,
            (None, Weekday::Sat | Weekday::Sun) => DayKind::Weekend,
            (None, _) => DayKind::Working,
        }
    }

    /// Whether a day is of a holiday: one itself, or of a weekend that touches one. Nobody need be at work on it.
    pub fn is_of_holiday(&self, day: NaiveDate) -> bool {
        let is_free = |day: &NaiveDate| !self.kind(*day).is_worked();
        let back = std::iter::successors(Some(day), NaiveDate::pred_opt).take_while(is_free);
        let on = day.iter_days().take_while(is_free);
        back.chain(on).any(|day| self.kind(day).is_holiday())
    }

    /// Names of the holidays in a span of days, each once, in their order.
    pub fn holidays(&self, from: NaiveDate, to: NaiveDate) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for (kind, name) in self.special.range(from..=to).map(|(_, day)| day) {
            if kind.is_holiday() && !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }

    /// Days of a span on which people are off work for a holiday although it is no weekend.
    pub fn days_off(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        let is_weekend = |day: &NaiveDate| matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let off = self
            .special
            .range(from..=to)
            .filter(|(day, (kind, _))| kind.is_holiday() && !is_weekend(day));
        off.count() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn the_russian_calendar_is_the_official_one() {
        let ours = Calendar::shipped("ru").expect("shipped");
        for date in day("2019-01-01")
            .iter_days()
            .take_while(|date| date.year() < 2028)
        {
            let (year, month, number) = (date.year(), date.month() as u8, date.day() as u8);
            let official = holidays_ru::is_day_off_ymd::<holidays_ru::Federal>(year, month, number);
            let official = official.expect("the year is known").value();
            let kind = ours.kind(date);
            assert_eq!(
                kind.is_holiday() || kind == DayKind::Weekend,
                official,
                "{date} {kind:?}"
            );
        }
    }

    #[test]
    fn holidays_are_named_and_counted() {
        let ours = Calendar::shipped("ru").expect("shipped");
        assert_eq!(
            ours.holidays(day("2026-05-04"), day("2026-05-17")),
            ["victory_day"]
        );
        assert_eq!(ours.days_off(day("2026-01-01"), day("2026-01-11")), 7);
        assert_eq!(ours.kind(day("2026-11-03")), DayKind::Short);
    }

    #[test]
    fn a_day_of_ones_own_goes_over_the_calendar() {
        let mut ours = Calendar::shipped("ru").expect("shipped");
        assert!(
            ours.set(day("2026-11-04"), "ordinary", "")
                && ours.set(day("2026-11-06"), "holiday", "our day")
        );
        assert_eq!(ours.kind(day("2026-11-04")), DayKind::Working);
        assert_eq!(
            ours.holidays(day("2026-11-02"), day("2026-11-08")),
            ["our day"]
        );
        assert!(!ours.set(day("2026-11-06"), "closed", ""));
    }

    #[test]
    fn a_weekend_that_touches_a_holiday_is_of_it() {
        let calendar = Calendar::shipped("ru").expect("it is shipped");
        let is_of_holiday = |day: &str| calendar.is_of_holiday(day.parse().expect("a day"));
        // Saturday the 8th of March 2025, and the Sunday after it; an ordinary weekend and a Monday.
        assert!(is_of_holiday("2025-03-08") && is_of_holiday("2025-03-09"));
        assert!(!is_of_holiday("2025-03-15") && !is_of_holiday("2025-03-10"));
    }
}
