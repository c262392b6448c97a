//! Days and periods as a language writes them.

use chrono::{Datelike, NaiveDate};

use super::figures::Figures;
use crate::model::period::{Period, PeriodKind};

impl<'a> Figures<'a> {
    /// One day: `9 ноября`.
    pub fn day(&self, day: NaiveDate) -> String {
        let month = self.month_of_day(day);
        self.strings.fill(
            "dates.day",
            &[("day", &day.day().to_string()), ("month", month)],
        )
    }

    /// A run of days without the year: `9–15 ноября`, `28 сентября – 4 октября`.
    pub fn days(&self, from: NaiveDate, to: NaiveDate) -> String {
        if from == to {
            return self.day(from);
        }
        let (start, end) = (from.day().to_string(), to.day().to_string());
        let months = [self.month_of_day(from), self.month_of_day(to)];
        let values = [
            ("from", &*start),
            ("to", &*end),
            ("from_month", months[0]),
            ("month", months[1]),
        ];
        let same_month = (from.year(), from.month()) == (to.year(), to.month());
        self.strings.fill(
            if same_month {
                "dates.in_month"
            } else {
                "dates.across_months"
            },
            &values,
        )
    }

    /// A period with its year and name: `9–15 ноября 2026, неделя 46`.
    pub fn period(&self, period: &Period) -> String {
        let year = period.to.year().to_string();
        match period.kind {
            PeriodKind::Week => {
                let days = self.days_and_year(period);
                self.strings.fill(
                    "dates.week",
                    &[
                        ("days", &days),
                        ("week", &period.from.iso_week().week().to_string()),
                    ],
                )
            }
            PeriodKind::Month => {
                let month = self
                    .strings
                    .raw(MONTHS_ALONE[period.from.month0() as usize]);
                self.strings
                    .fill("dates.month", &[("month", month), ("year", &year)])
            }
            PeriodKind::Quarter => {
                let quarter = (period.from.month0() / 3 + 1).to_string();
                self.strings
                    .fill("dates.quarter", &[("quarter", &quarter), ("year", &year)])
            }
            PeriodKind::Range => self.days_and_year(period),
        }
    }

    /// A period as short as a subject or an axis needs: `9–15 ноября`, `ноябрь 2026`.
    pub fn short_period(&self, period: &Period) -> String {
        match period.kind {
            PeriodKind::Week | PeriodKind::Range => self.days(period.from, period.to),
            PeriodKind::Month | PeriodKind::Quarter => self.period(period),
        }
    }

    /// A period as short as an axis needs: `9–15 ноя`, `ноябрь 2026`.
    pub fn axis_period(&self, period: &Period) -> String {
        let (from, to) = (period.from, period.to);
        if matches!(period.kind, PeriodKind::Month | PeriodKind::Quarter) {
            return self.period(period);
        }
        let months = [from, to].map(|day| self.strings.raw(MONTHS_SHORT[day.month0() as usize]));
        let (start, end) = (from.day().to_string(), to.day().to_string());
        let values = [
            ("from", &*start),
            ("to", &*end),
            ("from_month", months[0]),
            ("month", months[1]),
        ];
        self.strings.fill(
            if from.month() == to.month() {
                "dates.in_month"
            } else {
                "dates.across_months"
            },
            &values,
        )
    }

    /// A day on an axis: `12 ноя`.
    pub fn axis_day(&self, day: NaiveDate) -> String {
        let month = self.strings.raw(MONTHS_SHORT[day.month0() as usize]);
        self.strings.fill(
            "dates.day",
            &[("day", &day.day().to_string()), ("month", month)],
        )
    }

    fn days_and_year(&self, period: &Period) -> String {
        let (from, to) = (period.from, period.to);
        if from.year() == to.year() {
            let year = to.year().to_string();
            return self.strings.fill(
                "dates.with_year",
                &[("days", &self.days(from, to)), ("year", &year)],
            );
        }
        let ends = [from, to].map(|day| {
            let year = day.year().to_string();
            self.strings.fill(
                "dates.with_year",
                &[("days", &self.day(day)), ("year", &year)],
            )
        });
        self.strings.fill(
            "dates.across_years",
            &[("from", &ends[0]), ("to", &ends[1])],
        )
    }

    fn month_of_day(&self, day: NaiveDate) -> &'a str {
        self.strings.raw(MONTHS_OF_DAY[day.month0() as usize])
    }
}

/// Keys of the months as they follow a day: «9 ноября».
const MONTHS_OF_DAY: [&str; 12] = [
    "dates.of_day.m1",
    "dates.of_day.m2",
    "dates.of_day.m3",
    "dates.of_day.m4",
    "dates.of_day.m5",
    "dates.of_day.m6",
    "dates.of_day.m7",
    "dates.of_day.m8",
    "dates.of_day.m9",
    "dates.of_day.m10",
    "dates.of_day.m11",
    "dates.of_day.m12",
];

/// Keys of the months by themselves: «ноябрь 2026».
const MONTHS_ALONE: [&str; 12] = [
    "dates.alone.m1",
    "dates.alone.m2",
    "dates.alone.m3",
    "dates.alone.m4",
    "dates.alone.m5",
    "dates.alone.m6",
    "dates.alone.m7",
    "dates.alone.m8",
    "dates.alone.m9",
    "dates.alone.m10",
    "dates.alone.m11",
    "dates.alone.m12",
];

/// Keys of the months on an axis: «9–15 ноя».
const MONTHS_SHORT: [&str; 12] = [
    "dates.short.m1",
    "dates.short.m2",
    "dates.short.m3",
    "dates.short.m4",
    "dates.short.m5",
    "dates.short.m6",
    "dates.short.m7",
    "dates.short.m8",
    "dates.short.m9",
    "dates.short.m10",
    "dates.short.m11",
    "dates.short.m12",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;
    use crate::digest::language::Strings;

    fn figures(language: Language, currency: &'static str) -> Figures<'static> {
        Figures::new(Strings::shipped(language), currency, 0)
    }

    fn period(text: &str) -> Period {
        Period::parse(text, NaiveDate::default()).expect("a test writes real periods")
    }

    #[test]
    fn periods_are_named_as_each_language_does() {
        let (ru, en) = (figures(Language::RU, "RUB"), figures(Language::EN, "GBP"));
        let cases = [
            (
                "2026-W46",
                "9–15\u{a0}ноября 2026, неделя\u{a0}46",
                "9–15\u{a0}November 2026 (week\u{a0}46)",
            ),
            ("2026-11", "ноябрь 2026", "November 2026"),
            ("2026-Q4", "4-й\u{a0}квартал 2026", "Q4 2026"),
            (
                "2026-09-28..2026-10-04",
                "28\u{a0}сентября – 4\u{a0}октября 2026",
                "28\u{a0}September – 4\u{a0}October 2026",
            ),
        ];
        for (label, russian, english) in cases {
            assert_eq!(ru.period(&period(label)), russian);
            assert_eq!(en.period(&period(label)), english);
        }
        assert_eq!(
            ru.period(&period("2020-W53")),
            "28\u{a0}декабря 2020 – 3\u{a0}января 2021, неделя\u{a0}53"
        );
    }
}
