//! Months, in which the lake keeps its rows: as numbers (months since year 0) and as the names of folders.

use std::collections::BTreeMap;

use chrono::Datelike;

use super::scan::day_from_number;

/// Row numbers by month (months since year 0).
pub(super) fn rows_by_month(days: &[i32]) -> BTreeMap<i32, Vec<u32>> {
    let mut months: BTreeMap<i32, Vec<u32>> = BTreeMap::new();
    // Rows of one day mostly follow one another, and then days of one month: neither is looked up anew for each row.
    let mut last_day = i32::MIN;
    let mut last_month = 0;
    let mut run: Vec<u32> = Vec::new();
    for (row, &day) in days.iter().enumerate() {
        if day != last_day {
            let month = month_of(day);
            if month != last_month && !run.is_empty() {
                months.entry(last_month).or_default().append(&mut run);
            }
            last_day = day;
            last_month = month;
        }
        run.push(row as u32);
    }
    if !run.is_empty() {
        months.entry(last_month).or_default().append(&mut run);
    }
    months
}

fn month_of(day: i32) -> i32 {
    let date = day_from_number(day);
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
