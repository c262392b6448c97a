//! Reported spans of whole days: days, ISO weeks, months, quarters, years and free ranges, and what each is compared with.

mod read;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

/// Days of the longest free range that is looked at within a month.
const FOUR_WEEKS: u64 = 28;
/// Days of 52 weeks: the year that keeps weekdays aligned.
const YEAR_OF_WEEKS: u64 = 364;

/// What kind of span a period is; it decides what "the period before" means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// ISO week, Monday to Sunday.
    Week,
    /// Calendar month.
    Month,
    /// Calendar quarter.
    Quarter,
    /// Any other unbroken run of days.
    Range,
    /// One day.
    Day,
    /// An ISO week where weeks end with their month: the whole of it, or its part in one month.
    CutWeek,
    /// A month from its first day to one of its days.
    MonthToDate,
    /// Calendar year.
    Year,
}

/// A span of whole days in the pipeline's zone, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Kind of span.
    pub kind: PeriodKind,
    /// The period as it is written on the command line: `2026-W46`, `2026-11`, `2026-Q4`, `2026`, `2026-11-10`,
    /// `2026-11-to-15`, `2026-11-09..2026-11-15`; a part of a week with the number of its month, `2026-W44-10`.
    pub label: String,
}

impl Period {
    /// The ISO week that holds `day`.
    pub fn week_of(day: NaiveDate) -> Self {
        let week = day.week(Weekday::Mon);
        let iso = day.iso_week();
        let label = format!("{:04}-W{:02}", iso.year(), iso.week());
        Self {
            from: week.first_day(),
            to: week.last_day(),
            kind: PeriodKind::Week,
            label,
        }
    }

    /// The calendar month that holds `day`.
    pub fn month_of(day: NaiveDate) -> Self {
        let from = first_of_month(day.year(), day.month());
        Self {
            from,
            to: add_months(from, 1) - Days::new(1),
            kind: PeriodKind::Month,
            label: from.format("%Y-%m").to_string(),
        }
    }

    /// The calendar quarter that holds `day`.
    pub fn quarter_of(day: NaiveDate) -> Self {
        let quarter = day.month0() / 3;
        let from = first_of_month(day.year(), quarter * 3 + 1);
        let label = format!("{:04}-Q{}", day.year(), quarter + 1);
        Self {
            from,
            to: add_months(from, 3) - Days::new(1),
            kind: PeriodKind::Quarter,
            label,
        }
    }

    /// The calendar year that holds `day`.
    pub fn year_of(day: NaiveDate) -> Self {
        let from = first_of_month(day.year(), 1);
        Self {
            from,
            to: add_months(from, 12) - Days::new(1),
            kind: PeriodKind::Year,
            label: format!("{:04}", day.year()),
        }
    }

    /// One day.
    pub fn day(day: NaiveDate) -> Self {
        Self {
            from: day,
            to: day,
            kind: PeriodKind::Day,
            label: day.to_string(),
        }
    }

    /// The month of `day` up to it.
    pub fn month_to(day: NaiveDate) -> Self {
        Self {
            from: first_of_month(day.year(), day.month()),
            to: day,
            kind: PeriodKind::MonthToDate,
            label: day.format("%Y-%m-to-%d").to_string(),
        }
    }

    /// What of the ISO week of `day` lies in its month.
    pub fn cut_week_of(day: NaiveDate) -> Self {
        let (week, month) = (Self::week_of(day), Self::month_of(day));
        let (from, to) = (week.from.max(month.from), week.to.min(month.to));
        let label = match (from, to) == (week.from, week.to) {
            true => week.label,
            false => format!("{}-{:02}", week.label, day.month()),
        };
        Self {
            from,
            to,
            kind: PeriodKind::CutWeek,
            label,
        }
    }

    /// An ISO week as weeks that end with their month: itself, or two parts. Any other period stays what it is.
    #[must_use]
    pub fn cut_at_month_end(self) -> Vec<Self> {
        if self.kind != PeriodKind::Week {
            return vec![self];
        }
        let mut parts = vec![Self::cut_week_of(self.from), Self::cut_week_of(self.to)];
        parts.dedup();
        parts
    }

    /// Whether the period is a part of a month rather than one or more of them.
    pub fn is_within_month(&self) -> bool {
        match self.kind {
            PeriodKind::Day | PeriodKind::Week | PeriodKind::CutWeek | PeriodKind::MonthToDate => {
                true
            }
            PeriodKind::Month | PeriodKind::Quarter | PeriodKind::Year => false,
            // Four weeks may be looked at within a month; more are not.
            PeriodKind::Range => self.days() <= FOUR_WEEKS,
        }
    }

    /// Any run of days.
    pub fn range(from: NaiveDate, to: NaiveDate) -> Self {
        Self {
            from,
            to,
            kind: PeriodKind::Range,
            label: format!("{from}..{to}"),
        }
    }

    /// Number of days.
    pub fn days(&self) -> u64 {
        (self.to - self.from).num_days().unsigned_abs() + 1
    }

    /// Whether `day` lies inside.
    pub fn contains(&self, day: NaiveDate) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// The period of the same kind right before this one; for a free range, the run of as many days before it; for a day,
    /// the same weekday a week before; for a month to date, as many days of the month before, or all it has.
    pub fn previous(&self) -> Self {
        let before = self.from - Days::new(1);
        match self.kind {
            PeriodKind::Day => Self::day(self.from - Days::new(7)),
            PeriodKind::CutWeek => Self::cut_week_of(before),
            PeriodKind::MonthToDate => self.same_days_of(before),
            PeriodKind::Year => Self::year_of(before),
            PeriodKind::Week => Self::week_of(before),
            PeriodKind::Month => Self::month_of(before),
            PeriodKind::Quarter => Self::quarter_of(before),
            PeriodKind::Range => Self::range(self.from - Days::new(self.days()), before),
        }
    }

    /// The period of the same kind right after this one, as [`Self::previous`] has them.
    pub fn next(&self) -> Self {
        let after = self.to + Days::new(1);
        match self.kind {
            PeriodKind::Day => Self::day(self.from + Days::new(7)),
            PeriodKind::CutWeek => Self::cut_week_of(after),
            PeriodKind::MonthToDate => self.same_days_of(add_months(self.from, 1)),
            PeriodKind::Year => Self::year_of(after),
            PeriodKind::Week => Self::week_of(after),
            PeriodKind::Month => Self::month_of(after),
            PeriodKind::Quarter => Self::quarter_of(after),
            PeriodKind::Range => Self::range(after, self.to + Days::new(self.days())),
        }
    }

    /// The same period of last year: a week keeps its ISO number (53 falls back to 52), months and quarters their
    /// name, a free range moves back 52 weeks so that weekdays stay aligned.
    pub fn last_year(&self) -> Self {
        match self.kind {
            PeriodKind::Week => {
                let iso = self.from.iso_week();
                let monday = [iso.week(), 52]
                    .into_iter()
                    .find_map(|week| NaiveDate::from_isoywd_opt(iso.year() - 1, week, Weekday::Mon))
                    .expect("every ISO year has a week 52");
                Self::week_of(monday)
            }
            PeriodKind::Month => Self::month_of(add_months(self.from, -12)),
            PeriodKind::Quarter => Self::quarter_of(add_months(self.from, -12)),
            // 52 weeks: weekdays stay aligned.
            PeriodKind::Range | PeriodKind::CutWeek => Self::range(
                self.from - Days::new(YEAR_OF_WEEKS),
                self.to - Days::new(YEAR_OF_WEEKS),
            ),
            PeriodKind::Day => Self::day(self.from - Days::new(YEAR_OF_WEEKS)),
            PeriodKind::MonthToDate => self.same_days_of(add_months(self.from, -12)),
            PeriodKind::Year => Self::year_of(self.from - Days::new(1)),
        }
    }

    /// As many days of the month of `day` as this month to date has, or all of that month.
    fn same_days_of(&self, day: NaiveDate) -> Self {
        let month = Self::month_of(day);
        let last = month.from + Days::new(self.days() - 1);
        // A whole February is set against a whole March, not against 28 of its days.
        let is_whole = self.to == Self::month_of(self.to).to;
        Self::month_to(if is_whole {
            month.to
        } else {
            last.min(month.to)
        })
    }
}

fn first_of_month(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).expect("a month from 1 to 12 has a first day")
}

fn add_months(day: NaiveDate, months: i32) -> NaiveDate {
    let step = Months::new(months.unsigned_abs());
    if months < 0 { day - step } else { day + step }
}

/// The place of the one that holds a day among periods in the order of time. Between two of them may be days of none.
pub fn place_of(periods: &[Period], day: NaiveDate) -> Option<usize> {
    let begun = periods.partition_point(|period| period.from <= day);
    let place = begun.checked_sub(1)?;
    periods[place].contains(day).then_some(place)
}

#[cfg(test)]
mod tests;
