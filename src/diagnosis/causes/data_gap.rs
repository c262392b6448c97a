//! An export has holes: days without a row, or none after a day, where rows were to be expected.

use super::{Assess, Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::finding::{CauseCode, Conversion};
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::diagnosis::weigh::scopes::{best, range};
use crate::model::facts::ContactKind;
use crate::model::observations::{Dimension, ExportDays, SeenDeal};

pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::DataGap,
    conversion: Conversion::First,
    checks: &["data_gap.export_again", "data_gap.rerun"],
    assess: Assess::Alone(assess),
};

/// Weeks before the period that tell how many rows a weekday has.
const WEEKS: usize = 6;
/// Variance of a day's level beyond chance.
const DAY_NOISE: f64 = 0.1;
/// Evidence of one export weighs no more than this.
const MOST: f64 = 20.0;
/// What the silence of an export is worth when the days seem to have been silent in truth.
const DOUBT: f64 = 0.5;
/// Silence of fewer nats is not looked into any further.
const SILENT: f64 = 1.5;
/// Deals that come without a known inquiry in any firm, as a share.
const USUAL_ORPHANS: f64 = 0.01;
/// A day with less than this share of its rows, among others that are whole, lacks a part.
const PARTIAL: f64 = 0.35;

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

/// Rows that a day of an export usually has, by the same weekday of the weeks before: the median.
fn usual(case: &Case, export: &ExportDays, day: usize) -> Option<f64> {
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
fn missing_days(case: &Case, export: &ExportDays) -> Vec<usize> {
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

/// How seldom a day of this export like that one, of work or of a weekend, has had no row before, nats.
fn seldom(case: &Case, export: &ExportDays, like: usize) -> f64 {
    let kind = |day: usize| case.seen.calendar.kind(case.seen.date(day as u32));
    let first = export.rows.iter().position(|rows| *rows > 0).unwrap_or(0);
    let days: Vec<usize> = (first..case.start())
        .filter(|day| kind(*day) == kind(like))
        .collect();
    let empty = days.iter().filter(|day| export.rows[**day] == 0).count();
    ((days.len() as f64 + 1.0) / (empty as f64 + 0.5)).ln()
}

/// The last day of an export that was taken too early: a part of its rows, while every other day has its own.
fn cut_day(case: &Case, export: &ExportDays, days: &[(usize, f64)]) -> Option<Evidence> {
    let (last, usual) = *days.last()?;
    let rows = f64::from(export.rows[last]);
    let is_cut = usual >= 20.0 && rows < PARTIAL * usual;
    let others = days[..days.len() - 1]
        .iter()
        .all(|(day, usual)| f64::from(export.rows[*day]) > 0.5 * usual);
    (is_cut && others && last + 1 == case.days()).then(|| {
        let weight =
            crate::diagnosis::weigh::bayes::by(rows / usual, rows, usual, DAY_NOISE).min(6.0);
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
fn midday(case: &Case, export: &ExportDays, first: usize) -> Option<Evidence> {
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

/// Deals of the days without contacts: people who could not get in touch make none, people whose contact was not exported
/// do.
fn deals_go_on(case: &Case, export: &ExportDays, days: &[usize]) -> Option<Evidence> {
    let is_kind: fn(&SeenDeal) -> bool = match export.table.as_str() {
        "calls" => |deal| {
            matches!(
                deal.contact,
                Some(ContactKind::Call | ContactKind::MissedCall)
            )
        },
        "forms" => |deal| deal.contact == Some(ContactKind::Form),
        _ => return None,
    };
    let base = case.base_start()..case.start();
    let count = |keep: &dyn Fn(&SeenDeal) -> bool| {
        let deals = case
            .seen
            .deals
            .iter()
            .flatten()
            .filter(|deal| base.contains(&(deal.day as usize)));
        deals.filter(|deal| keep(deal)).count() as f64
    };
    // Two exports of one table share its deals as they share its rows.
    let share = count(&is_kind) / count(&|_| true).max(1.0) * share_of_table(case, export);
    go_on(
        case,
        &case.deals(|_| true),
        days,
        share,
        ["data_gap.deals_go_on", "data_gap.deals_stopped"],
    )
}

/// What the deals of some days say for a hole in the exports of a table, nats: negative when none came of contacts that
/// nobody knows; 0 when they cannot tell.
pub(super) fn deals_without_contacts(case: &Case, table: &str, days: &[usize]) -> f64 {
    let exports = case
        .seen
        .exports
        .iter()
        .filter(|export| export.table == table);
    exports
        .filter_map(|export| orphans(case, export, days))
        .map(|found| found.weight)
        .sum()
}

/// Deals of the days without contacts whose inquiry nobody knows: with a hole in the export they are as many as usually
/// come of its contacts, with a dead line or form none.
fn orphans(case: &Case, export: &ExportDays, days: &[usize]) -> Option<Evidence> {
    let is_kind: fn(&SeenDeal) -> bool = match export.table.as_str() {
        "calls" => |deal| {
            matches!(
                deal.contact,
                Some(ContactKind::Call | ContactKind::MissedCall)
            )
        },
        "forms" => |deal| deal.contact == Some(ContactKind::Form),
        _ => return None,
    };
    let base = case.base_start()..case.start();
    let count = |keep: &dyn Fn(&SeenDeal) -> bool, of: &mut dyn Iterator<Item = usize>| -> f64 {
        let counts = case.deals(keep);
        of.map(|day| counts[day]).sum()
    };
    let all = count(&|_| true, &mut base.clone());
    // Where deals are contacts themselves, a deal whose call or form is missing is one of its own.
    let is_orphan = |deal: &SeenDeal| matches!(deal.contact, None | Some(ContactKind::Deal));
    let usual = count(&is_orphan, &mut base.clone()) / all.max(1.0) + USUAL_ORPHANS;
    let of_kind = count(&is_kind, &mut base.clone()) / all.max(1.0) * share_of_table(case, export);
    let due: f64 = days
        .iter()
        .filter_map(|day| case.judge_span(&case.deals(|_| true), None, *day, *day + 1))
        .map(|judged| judged.expected)
        .sum();
    let seen = count(&is_orphan, &mut days.iter().copied());
    if of_kind < 0.05 || due * of_kind < 1.0 {
        return None;
    }
    let expected = due * usual;
    let weight =
        crate::diagnosis::weigh::bayes::by((usual + of_kind) / usual, seen, expected, ORPHAN_NOISE);
    let values = [
        ("observed", Value::Count(seen)),
        ("expected", Value::Count(expected)),
    ];
    let code = if weight >= 0.0 {
        "data_gap.orphans"
    } else {
        "data_gap.no_orphans"
    };
    Some(Evidence::new(code, weight, values).of(Role::Demand))
}

/// Relative variance of how many deals a day has.
const ORPHAN_NOISE: f64 = 0.2;

/// The share of its table's rows that an export usually brings.
fn share_of_table(case: &Case, export: &ExportDays) -> f64 {
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

/// Forms that the analytics saw being sent on days without a form.
fn sends_go_on(case: &Case, export: &ExportDays, days: &[usize]) -> Option<Evidence> {
    let sends = case.sessions(|_| true, |counts| counts.form_sends);
    (export.table == "forms")
        .then(|| {
            go_on(
                case,
                &sends,
                days,
                0.9,
                ["data_gap.sends_go_on", "data_gap.sends_stopped"],
            )
        })
        .flatten()
}

/// Whether a count went on as usual on some days, or fell by a share.
fn go_on(
    case: &Case,
    counts: &[f64],
    days: &[usize],
    share: f64,
    codes: [&str; 2],
) -> Option<Evidence> {
    let judged: Vec<Judged> = days
        .iter()
        .filter_map(|day| case.judge_span(counts, None, *day, *day + 1))
        .collect();
    let (observed, expected) = judged.iter().fold((0.0, 0.0), |sum, day| {
        (sum.0 + day.observed, sum.1 + day.expected)
    });
    if share < 0.1 || expected < 2.0 {
        return None;
    }
    let noise = judged[0].dispersion + DAY_NOISE / days.len() as f64;
    let weight =
        -crate::diagnosis::weigh::bayes::by(1.0 - share.min(0.97), observed, expected, noise);
    let values = [
        ("observed", Value::Count(observed)),
        ("expected", Value::Count(expected.round())),
    ];
    let name = if weight >= 0.0 { codes[0] } else { codes[1] };
    Some(Evidence::new(name, (2.0 * weight).clamp(-14.0, 6.0), values).of(Role::Rows))
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
mod tests {
    use super::*;
    use crate::diagnosis::firm;

    #[test]
    fn two_days_without_calls_are_a_hole() {
        let mut seen = firm::quiet(12);
        let gone = firm::START + 1..firm::START + 3;
        seen.calls
            .as_mut()
            .expect("calls")
            .retain(|call| !gone.contains(&call.day));
        seen.inquiries
            .as_mut()
            .expect("contacts")
            .retain(|seen| !(Case::is_call(seen) && gone.contains(&seen.day)));
        // Deals go on, and nobody knows any more which call they came of.
        let is_gone = |deal: &&mut SeenDeal| {
            gone.contains(&deal.day)
                && matches!(
                    deal.contact,
                    Some(ContactKind::Call | ContactKind::MissedCall)
                )
        };
        seen.deals
            .iter_mut()
            .flatten()
            .filter(is_gone)
            .for_each(|deal| deal.contact = None);
        firm::count_exports(&mut seen);
        let settings = firm::settings();
        let found = assess(&Case::new(&seen, &settings));
        assert!(
            found.log_odds().is_some_and(|log_odds| log_odds > 6.0),
            "{found:?}"
        );
        assert_eq!(found.scope[&Dimension::Export], "telephony");
        assert!(found.explains > 10.0, "{found:?}");
        assert_eq!(
            found.ended_at.expect("an end") - found.started_at.expect("a start"),
            chrono::TimeDelta::days(2)
        );
    }

    #[test]
    fn quiet_exports_have_no_holes() {
        let settings = firm::settings();
        let raised = (0..30).filter(|seed| {
            let seen = firm::quiet(*seed);
            assess(&Case::new(&seen, &settings))
                .log_odds()
                .is_some_and(|log_odds| log_odds > 0.0)
        });
        assert!(raised.count() <= 1);
    }
}
