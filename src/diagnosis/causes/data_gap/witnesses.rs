//! What deals and the analytics saw on days without rows.

use super::DAY_NOISE;
use super::rows::share_of_table;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::model::facts::ContactKind;
use crate::model::observations::{ExportDays, SeenDeal};

/// Deals that come without a known inquiry in any firm, as a share.
const USUAL_ORPHANS: f64 = 0.01;
/// Relative variance of how many deals a day has.
const ORPHAN_NOISE: f64 = 0.2;

/// Deals of the days without contacts: people who could not get in touch make none, people whose contact was not exported
/// do.
pub(super) fn deals_go_on(case: &Case, export: &ExportDays, days: &[usize]) -> Option<Evidence> {
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
pub(in crate::diagnosis::causes) fn deals_without_contacts(
    case: &Case,
    table: &str,
    days: &[usize],
) -> f64 {
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
pub(super) fn orphans(case: &Case, export: &ExportDays, days: &[usize]) -> Option<Evidence> {
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
    let weight = bayes::by((usual + of_kind) / usual, seen, expected, ORPHAN_NOISE);
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

/// Forms that the analytics saw being sent on days without a form.
pub(super) fn sends_go_on(case: &Case, export: &ExportDays, days: &[usize]) -> Option<Evidence> {
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
    let weight = -bayes::by(1.0 - share.min(0.97), observed, expected, noise);
    let values = [
        ("observed", Value::Count(observed)),
        ("expected", Value::Count(expected.round())),
    ];
    let name = if weight >= 0.0 { codes[0] } else { codes[1] };
    Some(Evidence::new(name, (2.0 * weight).clamp(-14.0, 6.0), values).of(Role::Rows))
}
