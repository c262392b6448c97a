//! What an export's own rows say of its days.

use crate::config::words;
use crate::diagnosis::case::Case;
use crate::diagnosis::causes::data_gap::DAY_NOISE;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::model::observations::{Dimension, ExportDays};
use crate::model::table::Table;

/// Days of a week.
const WEEK: usize = 7;
/// Weeks before the period that tell how many rows a weekday has: enough for a median, and too few for a season.
const WEEKS: usize = 6;
/// Fewer weeks than this have no median that one odd day would not move.
const FEWEST_WEEKS: usize = 3;
/// A day with less than this share of its rows, among others that are whole, lacks a part.
const PARTIAL: f64 = 0.35;
/// A day with more than this share of its rows is whole: the difference to [`PARTIAL`] is left to doubt.
const WHOLE: f64 = 0.5;
/// Rows that must be usual on a day for a part of them to be told from a quiet day.
const FEWEST_ROWS_TO_CUT: f64 = 20.0;
/// A day that was cut weighs no more than this, nats: people may have stopped at that hour.
const CUT_DAY_CAP: f64 = 6.0;
/// A silence before midnight that tells less than this is chance, nats …
const SILENT_BEFORE_MIDNIGHT: f64 = -1.5;
/// … and one that tells more weighs no more than this against a hole, nats.
const MIDDAY_CAP: f64 = -8.0;

/// A day of the period on which it is known how many rows are usual.
#[derive(Debug, Clone, Copy)]
pub(super) struct DueDay {
    /// Day of the history.
    pub(super) day: usize,
    /// Rows that such a day usually has.
    pub(super) usual: f64,
}

/// The days of the period with what is usual on them, without those that nobody knows it of.
pub(super) fn due_days(case: &Case, export: &ExportDays) -> Vec<DueDay> {
    let days = case.start()..case.days();
    days.filter_map(|day| {
        let usual = usual(case, export, day)?;
        Some(DueDay { day, usual })
    })
    .collect()
}

/// Rows that a day of an export usually has, by the same weekday of the weeks before the period: the median, which a hole
/// in one of them does not move.
fn usual(case: &Case, export: &ExportDays, day: usize) -> Option<f64> {
    let weeks_inside = (day - case.start()) / WEEK;
    let mut rows: Vec<f64> = (1..=WEEKS)
        .filter_map(|week| day.checked_sub(WEEK * (week + weeks_inside)))
        .map(|before| f64::from(export.rows[before]))
        .collect();
    if rows.len() < FEWEST_WEEKS {
        return None;
    }
    rows.sort_by(f64::total_cmp);
    // A holiday without a row is a holiday, and its eve, its weekend or a moved day of work may be one for this firm: how many
    // rows there should have been, nobody knows.
    let date = case.seen.date(day as u32);
    let calendar = &case.seen.calendar;
    let is_special = calendar.kind(date).is_special() || calendar.is_of_holiday(date);
    (!is_special).then(|| rows[rows.len() / 2])
}

/// Days of the period that lack their rows: all of them, or on the last day of the history a part of them, for an export
/// may have been taken in the middle of it.
pub(super) fn missing_days(case: &Case, export: &ExportDays) -> Vec<usize> {
    let mut missing = Vec::new();
    for day in case.start()..case.days() {
        let Some(usual) = usual(case, export, day) else {
            continue;
        };
        let rows = export.rows[day];
        let is_last = day + 1 == case.days();
        let is_partial = is_last && f64::from(rows) < PARTIAL * usual;
        if usual >= 1.0 && (rows == 0 || is_partial) {
            missing.push(day);
        }
    }
    missing
}

/// What it tells that no row came where so many are usual, nats. Days differ, so their rows are gamma-Poisson of relative
/// variance `f`: `−ln P(0) = ln(1 + f·m) ÷ f`.
pub(super) fn silence(usual: f64) -> f64 {
    (1.0 + DAY_NOISE * usual).ln() / DAY_NOISE
}

/// How seldom a day of this export like that one, of work or of a weekend, has had no row before, nats.
pub(super) fn seldom(case: &Case, export: &ExportDays, like: usize) -> f64 {
    let kind = |day: usize| case.seen.calendar.kind(case.seen.date(day as u32));
    // Before its first row the export was not collected yet.
    let first = export.rows.iter().position(|rows| *rows > 0).unwrap_or(0);
    let alike: Vec<usize> = (first..case.start())
        .filter(|day| kind(*day) == kind(like))
        .collect();
    let empty = alike.iter().filter(|day| export.rows[**day] == 0).count();
    // Half an empty day is added: where none was ever empty, the first one is seldom and not impossible.
    ((alike.len() as f64 + 1.0) / (empty as f64 + 0.5)).ln()
}

/// The last day of an export that was taken too early: a part of its rows, while every other day has its own.
pub(super) fn cut_day(case: &Case, export: &ExportDays, days: &[DueDay]) -> Option<Evidence> {
    let (last, others) = days.split_last()?;
    let rows = f64::from(export.rows[last.day]);
    let is_of_history = last.day + 1 == case.days();
    let is_cut = last.usual >= FEWEST_ROWS_TO_CUT && rows < PARTIAL * last.usual;
    let is_whole = |due: &DueDay| f64::from(export.rows[due.day]) > WHOLE * due.usual;
    if !is_of_history || !is_cut || !others.iter().all(is_whole) {
        return None;
    }
    let factor = rows / last.usual;
    let weight = bayes::by(factor, rows, last.usual, DAY_NOISE).min(CUT_DAY_CAP);
    let name = Value::Text(case.text(Dimension::Export, export.export).to_owned());
    let values = [
        ("export", name),
        ("rows", Value::Count(rows)),
        ("expected", Value::Count(last.usual)),
    ];
    Some(Evidence::new(
        words::evidence::data_gap::CUT_DAY,
        weight,
        values,
    ))
}

/// When a contact came.
struct Moment {
    day: usize,
    hour: u8,
}

/// The contacts of a table; `None` of one whose rows have no hours.
fn contacts(case: &Case, table: Table) -> Option<Vec<Moment>> {
    let moment = |day: u32, hour: u8| Moment {
        day: day as usize,
        hour,
    };
    match table {
        Table::Calls => {
            let calls = case.seen.calls.iter().flatten();
            Some(calls.map(|call| moment(call.day, call.hour)).collect())
        }
        Table::Forms => {
            let inquiries = case.seen.inquiries.iter().flatten();
            let forms = inquiries.filter(|seen| seen.form > 0);
            Some(forms.map(|seen| moment(seen.day, seen.hour)).collect())
        }
        _ => None,
    }
}

/// A hole in an export begins at midnight; a fault begins when it begins. Only contacts know their hours: the silence that
/// began on the eve of the first empty day speaks against a hole.
pub(super) fn midday(case: &Case, export: &ExportDays, first_empty: usize) -> Option<Evidence> {
    let eve = first_empty.checked_sub(1)?;
    let contacts = contacts(case, export.table)?;
    let of_eve = contacts.iter().filter(|contact| contact.day == eve);
    let hours: Vec<u8> = of_eve.map(|contact| contact.hour).collect();
    let last_hour = hours.iter().copied().max()?;
    let usual = usual_after(&contacts, eve, last_hour);
    // Some contact is always the last one: a silence as long as the gap between two of them is no sign.
    let chance = (1.0 + hours.len() as f64).ln();
    let weight = chance - silence(usual);
    let has_rows = export.rows[eve] > 0;
    if !has_rows || weight >= SILENT_BEFORE_MIDNIGHT {
        return None;
    }
    Some(
        Evidence::new(
            words::evidence::data_gap::MIDDAY,
            weight.max(MIDDAY_CAP),
            [],
        )
        .of(Role::Rival),
    )
}

/// Contacts that the rest of such a day usually brings after an hour: a mean over the weeks before, since the counts of a
/// few hours are too small for a median.
fn usual_after(contacts: &[Moment], day: usize, hour: u8) -> f64 {
    let same_weekday: Vec<usize> = (1..=WEEKS)
        .filter_map(|week| day.checked_sub(WEEK * week))
        .collect();
    let is_later = |contact: &&Moment| contact.hour > hour && same_weekday.contains(&contact.day);
    let later = contacts.iter().filter(is_later).count();
    later as f64 / same_weekday.len().max(1) as f64
}

/// The share of its table's rows that an export usually brings.
pub(super) fn share_of_table(case: &Case, export: &ExportDays) -> f64 {
    let base = case.base_start()..case.start();
    let rows = |one: &ExportDays| {
        let rows = one.rows[base.clone()].iter();
        rows.map(|rows| f64::from(*rows)).sum::<f64>()
    };
    let exports = case.seen.exports.iter();
    let of_table = exports.filter(|one| one.table == export.table);
    let all: f64 = of_table.map(rows).sum();
    if all > 0.0 { rows(export) / all } else { 1.0 }
}
