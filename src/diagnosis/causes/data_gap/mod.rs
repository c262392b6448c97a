//! An export has holes: days without a row, or none after a day, where rows were to be expected.

mod rows;
mod witnesses;

use self::rows::{cut_day, midday, missing_days, seldom, usual};
pub(super) use self::witnesses::deals_without_contacts;
use self::witnesses::{deals_go_on, orphans, sends_go_on};
use super::{Assess, Assessment, Cause};
use crate::diagnosis::case::Case;
use crate::diagnosis::finding::{CauseCode, Conversion};
use crate::diagnosis::weigh::evidence::{Evidence, Value};
use crate::diagnosis::weigh::scopes::{best, range};
use crate::model::observations::{Dimension, ExportDays};

pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::DataGap,
    conversion: Conversion::First,
    checks: &["data_gap.export_again", "data_gap.rerun"],
    assess: Assess::Alone(assess),
};

/// Variance of a day's level beyond chance.
const DAY_NOISE: f64 = 0.1;
/// Evidence of one export weighs no more than this.
const MOST: f64 = 20.0;
/// What the silence of an export is worth when the days seem to have been silent in truth.
const DOUBT: f64 = 0.5;
/// Silence of fewer nats is not looked into any further.
const SILENT: f64 = 1.5;

fn assess(case: &Case) -> Assessment {
    let exports: Vec<_> = (case.seen.exports.iter().enumerate())
        .filter_map(|(at, export)| Some((at, evidence(case, export)?)))
        .collect();
    let Some((at, evidence)) = best([(exports, 0.0)]) else {
        return Assessment::not_assessable(Evidence::new("data_gap.no_history", 0.0, []));
    };
    let export = &case.seen.exports[at];
    let missing = missing_days(case, export);
    let first = missing.first().copied();
    let last = missing
        .last()
        .copied()
        .filter(|last| last + 1 < case.days());
    let lost = lost(case, export, &missing);
    Assessment {
        scope: [(
            Dimension::Export,
            case.text(Dimension::Export, export.export).to_owned(),
        )]
        .into(),
        started_at: first.map(|day| case.instant(day)),
        ended_at: last.map(|day| case.instant(day + 1)),
        lost_inquiries: Some(range(0.0, 0.0)),
        explains: lost,
        voids: if is_doubtful(&evidence) {
            Vec::new()
        } else {
            voids(&export.table)
        },
        evidence,
        ..Assessment::default()
    }
}

/// Whether anything says that the days were silent in truth and not only in the export.
fn is_doubtful(evidence: &[Evidence]) -> bool {
    evidence
        .iter()
        .skip(1)
        .map(|evidence| evidence.weight)
        .fold(0.0, f64::min)
        < -0.5
}

fn evidence(case: &Case, export: &ExportDays) -> Option<Vec<Evidence>> {
    // Plans and notes have no rows by day; exports with totals have one.
    if matches!(
        export.table.as_str(),
        "targets" | "annotations" | "calendar"
    ) {
        return None;
    }
    let days: Vec<(usize, f64)> = (case.start()..case.days())
        .filter_map(|day| Some((day, usual(case, export, day)?)))
        .collect();
    if days.is_empty() {
        return None;
    }
    let empty: Vec<&(usize, f64)> = days
        .iter()
        .filter(|(day, usual)| export.rows[*day] == 0 && *usual > 0.0)
        .collect();
    // A day without a row where so many are usual: gamma-Poisson, −ln P(0) = ln(1 + f·m) ÷ f; but never more than the
    // history of such days allows, in which there may have been empty ones.
    let silence = |(day, usual): &&(usize, f64)| {
        ((1.0 + DAY_NOISE * usual).ln() / DAY_NOISE).min(seldom(case, export, *day))
    };
    let silent: f64 = empty.iter().map(silence).sum();
    let expected: f64 = empty.iter().map(|(_, usual)| usual).sum();
    let name = Value::Text(case.text(Dimension::Export, export.export).to_owned());
    let values = [
        ("export", name.clone()),
        ("days", Value::Days(empty.len() as f64)),
        ("expected", Value::Count(expected.round())),
    ];
    if empty.is_empty() {
        let cut = cut_day(case, export, &days);
        return Some(vec![cut.unwrap_or_else(|| {
            Evidence::new("data_gap.whole", -4.0, [("export", name)])
        })]);
    }
    let mut found = vec![Evidence::new(
        "data_gap.empty_days",
        (silent - 3.0).clamp(-4.0, MOST),
        values,
    )];
    if silent > SILENT {
        found.extend(midday(case, export, empty[0].0));
        let days: Vec<usize> = empty.iter().map(|(day, _)| *day).collect();
        found.extend(deals_go_on(case, export, &days));
        found.extend(sends_go_on(case, export, &days));
        found.extend(orphans(case, export, &days));
        if is_doubtful(&found) {
            found[0].weight *= DOUBT;
        }
    }
    Some(found)
}

/// Inquiries that the holes keep from being counted.
fn lost(case: &Case, export: &ExportDays, missing: &[usize]) -> f64 {
    let keep: fn(&crate::model::observations::SeenInquiry) -> bool = match export.table.as_str() {
        "calls" => Case::is_call,
        "forms" => |seen| seen.form > 0,
        _ => return 0.0,
    };
    let (counts, exposure) = (case.inquiries(keep), case.exposure(keep));
    let of = |day: &usize| {
        case.judge_span(&counts, Some(&exposure), *day, *day + 1)
            .map_or(0.0, |judged| judged.lost())
    };
    missing.iter().map(of).sum()
}

/// What a hole in a table makes worthless.
fn voids(table: &str) -> Vec<(Conversion, CauseCode)> {
    use CauseCode::{
        CrmHygiene, Forms, LeadQuality, Managers, MixShift, Telephony, Tracking, TrafficQuality,
        TrafficVolume, Unknown,
    };
    let (first, second): (&[CauseCode], &[CauseCode]) = match table {
        "calls" => (&[Telephony, Unknown, TrafficQuality, Forms], &[Managers]),
        "forms" => (&[Forms, Unknown, TrafficQuality, Telephony], &[]),
        "sessions" | "traffic_daily" => (&[TrafficVolume, TrafficQuality, MixShift, Tracking], &[]),
        "deals" => (&[], &[LeadQuality, Managers, CrmHygiene, Unknown]),
        "costs" => (&[Tracking], &[]),
        _ => (&[], &[]),
    };
    let of = |conversion, codes: &[CauseCode]| {
        codes
            .iter()
            .map(|code| (conversion, *code))
            .collect::<Vec<_>>()
    };
    [of(Conversion::First, first), of(Conversion::Second, second)].concat()
}

#[cfg(test)]
mod tests;
