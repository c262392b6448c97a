//! Reported spans of whole days: ISO weeks, months, quarters and free ranges, and what each is compared with.

use super::fault::Fault;
use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

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
    /// The period as it is written on the command line: `2026-W46`, `2026-11`, `2026-Q4`, `2026-11-09..2026-11-15`.
    pub label: String,
}

/// A period that could not be read: what was written and what is expected.
fn no_such(text: &str) -> Fault {
    Fault::usage(format!(
        "no such period \"{text}\": expected 2026-W46, 2026-11, 2026-Q4, 2026-11-09..2026-11-15 or last-week"
    ))
}

impl Period {
    /// Reads a period. `today` (in the pipeline's zone) is used by `last-week`, `last-month` and `last-quarter` only.
    ///
    /// # Errors
    /// When the text is none of the forms of the design, or names a week or day that does not exist.
    pub fn parse(text: &str, today: NaiveDate) -> Result<Self, Fault> {
        let text = text.trim();
        Self::relative(text, today)
            .or_else(|| Self::week_label(text))
            .or_else(|| Self::quarter_label(text))
            .or_else(|| Self::month_label(text))
            .or_else(|| Self::range_label(text))
            .ok_or_else(|| no_such(text))
    }

    /// Reads one period, or a run of them: `2026-W40..2026-W46` is seven weeks, `2026-01..2026-03` three months.
    ///
    /// # Errors
    /// When either end is no period, the ends are of different kinds, or the run goes backwards.
    pub fn parse_run(text: &str, today: NaiveDate) -> Result<Vec<Self>, Fault> {
        let wrong = || no_such(text);
        if let Ok(single) = Self::parse(text, today) {
            return Ok(vec![single]);
        }
        let (first, last) = text.split_once("..").ok_or_else(wrong)?;
        let (first, last) = (Self::parse(first, today)?, Self::parse(last, today)?);
        if first.kind != last.kind || first.from > last.from {
            return Err(wrong());
        }
        Ok(
            std::iter::successors(Some(first), |period| Some(period.next()))
                .take_while(|period| period.from <= last.from)
                .collect(),
        )
    }

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

    /// The period of the same kind right before this one; for a free range, the run of as many days before it.
    pub fn previous(&self) -> Self {
        let before = self.from - Days::new(1);
        match self.kind {
            PeriodKind::Week => Self::week_of(before),
            PeriodKind::Month => Self::month_of(before),
            PeriodKind::Quarter => Self::quarter_of(before),
            PeriodKind::Range => Self::range(self.from - Days::new(self.days()), before),
        }
    }

    /// The period of the same kind right after this one.
    pub fn next(&self) -> Self {
        let after = self.to + Days::new(1);
        match self.kind {
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
            PeriodKind::Range => Self::range(self.from - Days::new(364), self.to - Days::new(364)),
        }
    }

    fn relative(text: &str, today: NaiveDate) -> Option<Self> {
        match text {
            "last-week" => Some(Self::week_of(today).previous()),
            "last-month" => Some(Self::month_of(today).previous()),
            "last-quarter" => Some(Self::quarter_of(today).previous()),
            _ => None,
        }
    }

    fn week_label(text: &str) -> Option<Self> {
        let (year, week) = text.split_once("-W")?;
        let monday =
            NaiveDate::from_isoywd_opt(four_digits(year)?, digits(week, 2)?, Weekday::Mon)?;
        Some(Self::week_of(monday))
    }

    fn quarter_label(text: &str) -> Option<Self> {
        let (year, quarter) = text.split_once("-Q")?;
        let quarter = digits(quarter, 1).filter(|quarter| (1..=4).contains(quarter))?;
        Some(Self::quarter_of(first_of_month(
            four_digits(year)?,
            quarter * 3 - 2,
        )))
    }

    fn month_label(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let month = digits(month, 2).filter(|month| (1..=12).contains(month))?;
        Some(Self::month_of(first_of_month(four_digits(year)?, month)))
    }

    fn range_label(text: &str) -> Option<Self> {
        let (from, to) = text.split_once("..")?;
        let from = NaiveDate::parse_from_str(from, "%Y-%m-%d").ok()?;
        let to = NaiveDate::parse_from_str(to, "%Y-%m-%d").ok()?;
        (from <= to).then(|| Self::range(from, to))
    }
}

fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

/// Years outside 1900–2999 are typing mistakes, and would also leave the calendar's range further on.
fn four_digits(text: &str) -> Option<i32> {
    digits(text, 4)
        .map(u32::cast_signed)
        .filter(|year| (1900..3000).contains(year))
}

fn first_of_month(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).expect("a month from 1 to 12 has a first day")
}

fn add_months(day: NaiveDate, months: i32) -> NaiveDate {
    let step = Months::new(months.unsigned_abs());
    if months < 0 { day - step } else { day + step }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a test writes real days")
    }

    fn period(text: &str) -> Period {
        Period::parse(text, day("2026-11-18")).expect("a test writes real periods")
    }

    #[test]
    fn every_form_of_the_design_is_read() {
        let cases = [
            ("2026-W46", "2026-11-09", "2026-11-15"),
            ("2026-11", "2026-11-01", "2026-11-30"),
            ("2026-Q4", "2026-10-01", "2026-12-31"),
            ("2026-11-09..2026-11-15", "2026-11-09", "2026-11-15"),
            ("last-week", "2026-11-09", "2026-11-15"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2020-W53", "2020-12-28", "2021-01-03"),
        ];
        for (text, from, to) in cases {
            assert_eq!(
                (period(text).from, period(text).to),
                (day(from), day(to)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "2026-W54",
            "2021-W53",
            "2026-13",
            "2026-Q5",
            "2026-11-15..2026-11-09",
            "2026",
            "",
            "0000-W01",
            "W46",
        ] {
            let refused = Period::parse(text, day("2026-11-18")).expect_err(text);
            assert_eq!(refused.to_string(), no_such(text).to_string());
        }
    }

    #[test]
    fn previous_and_next_are_inverse() {
        for text in [
            "2026-W01",
            "2026-01",
            "2026-Q1",
            "2026-03-01..2026-03-10",
            "2020-W53",
        ] {
            assert_eq!(period(text).previous().next(), period(text), "{text}");
        }
    }

    #[test]
    fn week_53_is_compared_with_week_52() {
        assert_eq!(period("2020-W53").last_year().label, "2019-W52");
        assert_eq!(period("2026-W46").last_year().label, "2025-W46");
    }

    #[test]
    fn a_run_of_weeks_crosses_the_year() {
        let run = Period::parse_run("2025-W51..2026-W02", day("2026-11-18")).expect("a run");
        let labels: Vec<_> = run.iter().map(|period| period.label.as_str()).collect();
        assert_eq!(labels, ["2025-W51", "2025-W52", "2026-W01", "2026-W02"]);
    }
}
