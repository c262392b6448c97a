//! Months, in which the lake keeps its rows: as numbers (months since year 0) and as the names of folders.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

/// Row numbers by month (months since year 0).
pub(super) fn rows_by_month(days: &[i32]) -> BTreeMap<i32, Vec<u32>> {
    let mut months: BTreeMap<i32, Vec<u32>> = BTreeMap::new();
    let (mut last_day, mut last_month) = (i32::MIN, 0);
    let mut run: Vec<u32> = Vec::new();
    for (row, &day) in days.iter().enumerate() {
        if day != last_day {
            let month = month_of(day);
            if month != last_month && !run.is_empty() {
                months.entry(last_month).or_default().append(&mut run);
            }
            (last_day, last_month) = (day, month);
        }
        run.push(row as u32);
    }
    if !run.is_empty() {
        months.entry(last_month).or_default().append(&mut run);
    }
    months
}

fn month_of(day: i32) -> i32 {
    let date = NaiveDate::from_num_days_from_ce_opt(day + 719_163).unwrap_or_default();
    date.year() * 12 + date.month0().cast_signed()
}

pub(super) fn month_label(month: i32) -> String {
    format!(
        "{:04}-{:02}",
        month.div_euclid(12),
        month.rem_euclid(12) + 1
    )
}

pub(super) fn month_number(label: &str) -> Option<i32> {
    let (year, month) = label.split_once('-')?;
    Some(year.parse::<i32>().ok()? * 12 + month.parse::<i32>().ok()? - 1)
}
