//! What an export's own rows say of its days.

use super::DAY_NOISE;
use crate::diagnosis::case::Case;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::model::observations::{Dimension, ExportDays};

/// Weeks before the period that tell how many rows a weekday has.
const WEEKS: usize = 6;
/// A day with less than this share of its rows, among others that are whole, lacks a part.
const PARTIAL: f64 = 0.35;

/// Rows that a day of an export usually has, by the same weekday of the weeks before: the median.
pub(super) fn usual(case: &Case, export: &ExportDays, day: usize) -> Option<f64> {
    let whole = (day - case.start()) / 7 + 1;
    let back = |weeks: usize| day.checked_sub(7 * (weeks + whole - 1));
    let mut before: Vec<f64> = (1..=WEEKS)
        .filter_map(back)
        .map(|day| f64::from(export.rows[day]))
        .collect();
    if before.len() < 3 {
        return None;
    }
    before.sort_by(f64::total_cmp);
    // A holiday without a row is a holiday, and its eve or a moved day of work may be one for this firm: how many rows
    // there should have been, nobody knows.
    let is_special = case
        .seen
        .calendar
        .kind(case.seen.date(day as u32))
        .is_special();
    (!is_special).then(|| before[before.len() / 2])
}

/// Days of the period that lack their rows.
pub(super) fn missing_days(case: &Case, export: &ExportDays) -> Vec<usize> {
    let lacks = |day: &usize| {
        let share = if day + 1 == case.days() {
            PARTIAL
        } else {
            f64::MIN_POSITIVE
        };
        usual(case, export, *day)
            .is_some_and(|usual| usual >= 1.0 && f64::from(export.rows[*day]) < share * usual)
    };
    (case.start()..case.days()).filter(lacks).collect()
}

/// How seldom a day of this export like that one, of work or of a weekend, has had no row before, nats.
pub(super) fn seldom(case: &Case, export: &ExportDays, like: usize) -> f64 {
    let kind = |day: usize| case.seen.calendar.kind(case.seen.date(day as u32));
    let first = export.rows.iter().position(|rows| *rows > 0).unwrap_or(0);
    let days: Vec<usize> = (first..case.start())
        .filter(|day| kind(*day) == kind(like))
        .collect();
    let empty = days.iter().filter(|day| export.rows[**day] == 0).count();
    ((days.len() as f64 + 1.0) / (empty as f64 + 0.5)).ln()
}

/// The last day of an export that was taken too early: a part of its rows, while every other day has its own.
pub(super) fn cut_day(case: &Case, export: &ExportDays, days: &[(usize, f64)]) -> Option<Evidence> {
    let (last, usual) = *days.last()?;
    let rows = f64::from(export.rows[last]);
    let is_cut = usual >= 20.0 && rows < PARTIAL * usual;
    let others = days[..days.len() - 1]
        .iter()
        .all(|(day, usual)| f64::from(export.rows[*day]) > 0.5 * usual);
    (is_cut && others && last + 1 == case.days()).then(|| {
        let weight = bayes::by(rows / usual, rows, usual, DAY_NOISE).min(6.0);
        let name = Value::Text(case.text(Dimension::Export, export.export).to_owned());
        let values = [
            ("export", name),
            ("rows", Value::Count(rows)),
            ("expected", Value::Count(usual)),
        ];
        Evidence::new("data_gap.cut_day", weight, values)
    })
}

/// A hole in an export begins at midnight; a fault begins when it begins. Only contacts know their hours.
pub(super) fn midday(case: &Case, export: &ExportDays, first: usize) -> Option<Evidence> {
    let before = first.checked_sub(1)?;
    let is_usual = export.rows[before] > 0;
    let hours: Vec<u8> = match export.table.as_str() {
        "calls" => case
            .seen
            .calls
            .iter()
            .flatten()
            .filter(|call| call.day as usize == before)
            .map(|call| call.hour)
            .collect(),
        "forms" => {
            let forms = case
                .seen
                .inquiries
                .iter()
                .flatten()
                .filter(|seen| seen.form > 0);
            forms
                .filter(|seen| seen.day as usize == before)
                .map(|seen| seen.hour)
                .collect()
        }
        _ => return None,
    };
    let usual = usual_after(case, export, before, hours.iter().copied().max()?);
    // Some contact is always the last one: a silence as long as the gap between two of them is no sign.
    let chance = (1.0 + hours.len() as f64).ln();
    let weight = chance - (1.0 + DAY_NOISE * usual).ln() / DAY_NOISE;
    (is_usual && weight < -1.5)
        .then(|| Evidence::new("data_gap.midday", weight.max(-8.0), []).of(Role::Rival))
}

/// Contacts that the rest of such a day usually brings after an hour.
fn usual_after(case: &Case, export: &ExportDays, day: usize, hour: u8) -> f64 {
    let weeks: Vec<usize> = (1..=WEEKS)
        .filter_map(|week| day.checked_sub(7 * week))
        .collect();
    let is_later = |at: u32, of: u8| weeks.contains(&(at as usize)) && of > hour;
    let count = match export.table.as_str() {
        "calls" => case
            .seen
            .calls
            .iter()
            .flatten()
            .filter(|call| is_later(call.day, call.hour))
            .count(),
        _ => {
            let forms = case
                .seen
                .inquiries
                .iter()
                .flatten()
                .filter(|seen| seen.form > 0);
            forms.filter(|seen| is_later(seen.day, seen.hour)).count()
        }
    };
    count as f64 / weeks.len().max(1) as f64
}

/// The share of its table's rows that an export usually brings.
pub(super) fn share_of_table(case: &Case, export: &ExportDays) -> f64 {
    let base = case.base_start()..case.start();
    let rows = |one: &ExportDays| {
        one.rows[base.clone()]
            .iter()
            .map(|rows| f64::from(*rows))
            .sum::<f64>()
    };
    let all: f64 = case
        .seen
        .exports
        .iter()
        .filter(|one| one.table == export.table)
        .map(rows)
        .sum();
    if all > 0.0 { rows(export) / all } else { 1.0 }
}
