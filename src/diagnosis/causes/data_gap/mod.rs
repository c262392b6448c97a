//! An export has holes: days without a row, or none after a day, where rows were to be expected.

mod rows;
mod thin;
mod witnesses;

use self::rows::{DueDay, cut_day, due_days, midday, missing_days, seldom, silence};
use self::thin::thinned;
pub(super) use self::witnesses::deals_without_contacts;
use self::witnesses::{deals_go_on, orphans, sends_go_on};
use super::forms::sent::Sent;
use super::{Assess, Assessment, Cause, scope_of};
use crate::config::words;
use crate::diagnosis::case::Case;
use crate::diagnosis::codes::{CauseCode, Conversion};
use crate::diagnosis::weigh::evidence::{Evidence, Value};
use crate::diagnosis::weigh::scopes::{best, range};
use crate::model::observations::{Dimension, ExportDays, SeenInquiry};
use crate::model::table::Table;

pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::DataGap,
    conversion: Conversion::First,
    checks: &[
        words::check::data_gap::EXPORT_AGAIN,
        words::check::data_gap::RERUN,
    ],
    assess: Assess::Alone(assess),
};

/// Relative variance of a day's level beyond chance: a deviation of 32 %. Single days differ far more than weeks do.
const DAY_NOISE: f64 = 0.1;
/// Silence of one export weighs no more than this, nats.
const SILENCE_CAP: f64 = 20.0;
/// Days of a week.
const DAYS_A_WEEK: f64 = 7.0;
/// What silence has to tell before it speaks for a hole, nats: a day on which nobody worked is silent too.
const DAY_OFF: f64 = 3.0;
/// What an export without an empty day says, nats: there is no hole.
const NO_HOLE: f64 = -4.0;
/// What the silence of an export is worth when the days seem to have been silent in truth: half.
const DOUBT: f64 = 0.5;
/// What must speak against the silence, beside it, for it to be in doubt, nats.
const DOUBTFUL: f64 = -0.5;
/// The share of the rows that lacks on days without one.
const ALL_ROWS: f64 = 1.0;
/// Silence of fewer nats is not looked into any further.
const SILENT: f64 = 1.5;

fn assess(case: &Case) -> Assessment {
    let mut exports = Vec::new();
    for (at, export) in case.seen.exports.iter().enumerate() {
        if let Some(Hole { days, evidence }) = hole(case, export) {
            exports.push(((at, days), evidence));
        }
    }
    let Some(((at, missing), evidence)) = best([(exports, 0.0)]) else {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::data_gap::NO_HISTORY,
            0.0,
            [],
        ));
    };
    let export = &case.seen.exports[at];
    let first = missing.first().copied();
    let last = missing.last().copied();
    // A hole that lasts to the end of the history has no end yet.
    let last = last.filter(|last| last + 1 < case.days());
    let voids = if is_doubtful(&evidence) {
        Vec::new()
    } else {
        voids(case, export.table)
    };
    Assessment {
        scope: scope_of(case, Dimension::Export, export.export),
        started_at: first.map(|day| case.instant(day)),
        ended_at: last.map(|day| case.instant(day + 1)),
        // Inquiries that were not exported are not lost; they only are not counted.
        lost_inquiries: Some(range(0.0, 0.0)),
        explains: uncounted(case, export, &missing),
        voids,
        evidence,
        ..Assessment::default()
    }
}

/// Whether anything says that the days were silent in truth and not only in the export.
fn is_doubtful(evidence: &[Evidence]) -> bool {
    let beside = evidence.iter().skip(1).map(|evidence| evidence.weight);
    beside.fold(0.0, f64::min) < DOUBTFUL
}

/// Days that an export lacks rows of, and what is known of them.
struct Hole {
    /// Days of the history, in order.
    days: Vec<usize>,
    /// What speaks for and against rows being missing; the rows themselves come first.
    evidence: Vec<Evidence>,
}

impl Hole {
    fn weight(&self) -> f64 {
        self.evidence.iter().map(|evidence| evidence.weight).sum()
    }
}

fn hole(case: &Case, export: &ExportDays) -> Option<Hole> {
    if !export.table.has_rows_by_day() {
        return None;
    }
    let days = due_days(case, export);
    if days.is_empty() {
        return None;
    }
    // Days with a part of their rows may lie around an empty one: they are one hole.
    let thin = thinned(case, export, &days);
    let whole_days = without_rows(case, export, &days);
    Some(match thin {
        Some(thin) if thin.weight() > whole_days.weight() => thin,
        _ => whole_days,
    })
}

/// Days without any row, or a last day that was cut.
fn without_rows(case: &Case, export: &ExportDays, days: &[DueDay]) -> Hole {
    let missing = one_hole(days, missing_days(case, export));
    let empty = longest_silence(case, export, days);
    let evidence = if empty.is_empty() {
        let whole = || {
            let values = [("export", name(case, export))];
            Evidence::new(words::evidence::data_gap::WHOLE, NO_HOLE, values)
        };
        vec![cut_day(case, export, days).unwrap_or_else(whole)]
    } else {
        of_empty_days(case, export, &empty)
    };
    Hole {
        days: missing,
        evidence,
    }
}

fn name(case: &Case, export: &ExportDays) -> Value {
    Value::Text(case.text(Dimension::Export, export.export).to_owned())
}

/// How much some days without a row tell, nats. No day tells more than the history of such days allows, in which there may
/// have been empty ones.
fn silence_of(case: &Case, export: &ExportDays, empty: &[DueDay]) -> f64 {
    let of_day = |due: &DueDay| silence(due.usual).min(seldom(case, export, due.day));
    empty.iter().map(of_day).sum()
}

/// The days without a row that tell most of all that follow one another. A hole is of days in a row: the quiet days that a
/// small firm has here and there in a quarter are none, however many.
fn longest_silence(case: &Case, export: &ExportDays, days: &[DueDay]) -> Vec<DueDay> {
    let is_empty = |due: &DueDay| export.rows[due.day] == 0;
    let runs = days.chunk_by(|one, other| is_empty(one) == is_empty(other));
    let silences = runs.filter(|run| run.first().is_some_and(is_empty));
    let best = silences.max_by(|one, other| {
        let (one, other) = (
            silence_of(case, export, one),
            silence_of(case, export, other),
        );
        one.total_cmp(&other)
    });
    let due = best.unwrap_or_default().iter().copied();
    due.filter(|due| due.usual > 0.0).collect()
}

/// Of the missing days those of the hole that weighs most: days that follow one another among those that are due.
fn one_hole(due: &[DueDay], missing: Vec<usize>) -> Vec<usize> {
    let is_missing = |due: &DueDay| missing.contains(&due.day);
    let runs = due.chunk_by(|one, other| is_missing(one) == is_missing(other));
    let holes = runs.filter(|run| run.first().is_some_and(is_missing));
    let rows = |run: &[DueDay]| run.iter().map(|due| due.usual).sum::<f64>();
    let largest = holes.max_by(|one, other| rows(one).total_cmp(&rows(other)));
    let days = largest.unwrap_or_default().iter();
    days.map(|due| due.day).collect()
}

/// Days without a row: how much their silence tells, and what others saw on them.
fn of_empty_days(case: &Case, export: &ExportDays, empty: &[DueDay]) -> Vec<Evidence> {
    // No day tells more than the history of such days allows, in which there may have been empty ones.
    let silent = silence_of(case, export, empty);
    let expected: f64 = empty.iter().map(|due| due.usual).sum();
    let values = [
        ("export", name(case, export)),
        ("days", Value::Days(empty.len() as f64)),
        ("expected", Value::Count(expected.round())),
    ];
    // A longer period has more places for a hole, and a silence of so many days is no wonder somewhere in it.
    let weeks = case.length() as f64 / DAYS_A_WEEK;
    let choice = weeks.max(1.0).ln();
    let weight = (silent - DAY_OFF - choice).clamp(NO_HOLE, SILENCE_CAP);
    let mut found = vec![Evidence::new(
        words::evidence::data_gap::EMPTY_DAYS,
        weight,
        values,
    )];
    if silent > SILENT {
        let days: Vec<usize> = empty.iter().map(|due| due.day).collect();
        found.extend(midday(case, export, days[0]));
        found.extend(deals_go_on(case, export, &days, ALL_ROWS));
        found.extend(sends_go_on(case, export, &days));
        found.extend(orphans(case, export, &days, ALL_ROWS));
        if is_doubtful(&found) {
            found[0].weight *= DOUBT;
        }
    }
    found
}

/// Inquiries that the holes keep from being counted.
fn uncounted(case: &Case, export: &ExportDays, missing: &[usize]) -> f64 {
    let keep: fn(&SeenInquiry) -> bool = match export.table {
        Table::Calls => Case::is_call,
        Table::Forms => |seen| seen.form > 0,
        _ => return 0.0,
    };
    let (counts, exposure) = (case.inquiries(keep), case.exposure(keep));
    let of_day = |day: &usize| {
        let judged = case.judge_span(&counts, Some(&exposure), *day, day + 1);
        judged.map_or(0.0, |judged| judged.lost())
    };
    missing.iter().map(of_day).sum()
}

/// What a hole in a table makes worthless: causes of either conversion that are looked for in its rows.
fn voids(case: &Case, table: Table) -> Vec<(Conversion, CauseCode)> {
    use CauseCode::{
        CrmHygiene, Forms, LeadQuality, Managers, MixShift, Telephony, Tracking, TrafficQuality,
        TrafficVolume, Unknown,
    };
    let (first, second): (&[CauseCode], &[CauseCode]) = match table {
        Table::Calls => (&[Telephony, Unknown, TrafficQuality, Forms], &[Managers]),
        Table::Forms => (&[Forms, Unknown, TrafficQuality, Telephony], &[]),
        Table::Sessions | Table::TrafficDaily => {
            (&[TrafficVolume, TrafficQuality, MixShift, Tracking], &[])
        }
        Table::Deals if Sent::of(case) == Some(Sent::Orders) => (
            &[Forms, Unknown, TrafficQuality],
            &[LeadQuality, Managers, CrmHygiene, Unknown],
        ),
        Table::Deals => (&[], &[LeadQuality, Managers, CrmHygiene, Unknown]),
        Table::Costs => (&[Tracking], &[]),
        _ => (&[], &[]),
    };
    let first = first.iter().map(|code| (Conversion::First, *code));
    let second = second.iter().map(|code| (Conversion::Second, *code));
    first.chain(second).collect()
}

#[cfg(test)]
mod tests;
