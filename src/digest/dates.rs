//! Days and periods as a language writes them.

use chrono::{Datelike, NaiveDate};

use super::figures::Figures;
use crate::config::words::{self, Key};
use crate::model::period::{Period, PeriodKind};

impl<'a> Figures<'a> {
    /// One day: `9 ноября`.
    pub fn day(&self, day: NaiveDate) -> String {
        let month = self.month_of_day(day);
        self.strings.fill(
            words::dates::DAY,
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
                words::dates::IN_MONTH
            } else {
                words::dates::ACROSS_MONTHS
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
                    words::dates::WEEK,
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
                    .fill(words::dates::MONTH, &[("month", month), ("year", &year)])
            }
            PeriodKind::Quarter => {
                let quarter = quarter(period);
                self.strings.fill(
                    words::dates::QUARTER,
                    &[("quarter", &quarter), ("year", &year)],
                )
            }
            PeriodKind::Range | PeriodKind::CutWeek | PeriodKind::MonthToDate => {
                self.days_and_year(period)
            }
            PeriodKind::Day => self.day_and_year(period.from),
            PeriodKind::Year => self.strings.fill(words::dates::YEAR, &[("year", &year)]),
        }
    }

    /// `10 ноября 2026`.
    fn day_and_year(&self, day: NaiveDate) -> String {
        let (month, year) = (self.month_of_day(day), day.year().to_string());
        let values = [
            ("day", &*day.day().to_string()),
            ("month", month),
            ("year", &year),
        ];
        self.strings.fill(words::dates::DAY_OF_YEAR, &values)
    }

    /// A period as short as a subject or an axis needs: `9–15 ноября`, `ноябрь 2026`.
    pub fn short_period(&self, period: &Period) -> String {
        match period.kind {
            PeriodKind::Week
            | PeriodKind::Range
            | PeriodKind::CutWeek
            | PeriodKind::MonthToDate
            | PeriodKind::Day => self.days(period.from, period.to),
            PeriodKind::Month | PeriodKind::Quarter | PeriodKind::Year => self.period(period),
        }
    }

    /// A period behind a noun, as short as a subject needs: (обращения) `9–15 ноября`, `сентября 2026`, `3-го квартала 2026`.
    pub fn of_period(&self, period: &Period) -> String {
        let year = period.to.year().to_string();
        match period.kind {
            PeriodKind::Week
            | PeriodKind::Range
            | PeriodKind::CutWeek
            | PeriodKind::MonthToDate
            | PeriodKind::Day => self.days(period.from, period.to),
            PeriodKind::Year => self.strings.fill(words::dates::OF_YEAR, &[("year", &year)]),
            PeriodKind::Month => {
                let month = self.month_of_day(period.from);
                self.strings
                    .fill(words::dates::MONTH, &[("month", month), ("year", &year)])
            }
            PeriodKind::Quarter => {
                let quarter = quarter(period);
                self.strings.fill(
                    words::dates::OF_QUARTER,
                    &[("quarter", &quarter), ("year", &year)],
                )
            }
        }
    }

    /// A period as short as an axis needs: `9–15 ноя`, `ноябрь 2026`.
    pub fn axis_period(&self, period: &Period) -> String {
        let (from, to) = (period.from, period.to);
        if matches!(
            period.kind,
            PeriodKind::Month | PeriodKind::Quarter | PeriodKind::Year
        ) {
            return self.period(period);
        }
        if from == to {
            let month = self.strings.raw(MONTHS_SHORT[from.month0() as usize]);
            let values = [("day", &*from.day().to_string()), ("month", month)];
            return self.strings.fill(words::dates::DAY, &values);
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
                words::dates::IN_MONTH
            } else {
                words::dates::ACROSS_MONTHS
            },
            &values,
        )
    }

    /// A day on an axis: `12 ноя`.
    pub fn axis_day(&self, day: NaiveDate) -> String {
        let month = self.strings.raw(MONTHS_SHORT[day.month0() as usize]);
        self.strings.fill(
            words::dates::DAY,
            &[("day", &day.day().to_string()), ("month", month)],
        )
    }

    fn days_and_year(&self, period: &Period) -> String {
        let (from, to) = (period.from, period.to);
        if from.year() == to.year() {
            let year = to.year().to_string();
            return self.strings.fill(
                words::dates::WITH_YEAR,
                &[("days", &self.days(from, to)), ("year", &year)],
            );
        }
        let ends = [from, to].map(|day| {
            let year = day.year().to_string();
            self.strings.fill(
                words::dates::WITH_YEAR,
                &[("days", &self.day(day)), ("year", &year)],
            )
        });
        self.strings.fill(
            words::dates::ACROSS_YEARS,
            &[("from", &ends[0]), ("to", &ends[1])],
        )
    }

    fn month_of_day(&self, day: NaiveDate) -> &'a str {
        self.strings.raw(MONTHS_OF_DAY[day.month0() as usize])
    }
}

/// The number of a quarter in its year.
fn quarter(period: &Period) -> String {
    (period.from.month0() / 3 + 1).to_string()
}

/// Keys of the months as they follow a day: «9 ноября».
const MONTHS_OF_DAY: [Key; 12] = [
    words::dates::of_day::M1,
    words::dates::of_day::M2,
    words::dates::of_day::M3,
    words::dates::of_day::M4,
    words::dates::of_day::M5,
    words::dates::of_day::M6,
    words::dates::of_day::M7,
    words::dates::of_day::M8,
    words::dates::of_day::M9,
    words::dates::of_day::M10,
    words::dates::of_day::M11,
    words::dates::of_day::M12,
];

/// Keys of the months by themselves: «ноябрь 2026».
const MONTHS_ALONE: [Key; 12] = [
    words::dates::alone::M1,
    words::dates::alone::M2,
    words::dates::alone::M3,
    words::dates::alone::M4,
    words::dates::alone::M5,
    words::dates::alone::M6,
    words::dates::alone::M7,
    words::dates::alone::M8,
    words::dates::alone::M9,
    words::dates::alone::M10,
    words::dates::alone::M11,
    words::dates::alone::M12,
];

/// Keys of the months on an axis: «9–15 ноя».
const MONTHS_SHORT: [Key; 12] = [
    words::dates::short::M1,
    words::dates::short::M2,
    words::dates::short::M3,
    words::dates::short::M4,
    words::dates::short::M5,
    words::dates::short::M6,
    words::dates::short::M7,
    words::dates::short::M8,
    words::dates::short::M9,
    words::dates::short::M10,
    words::dates::short::M11,
    words::dates::short::M12,
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
