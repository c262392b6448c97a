//! What deals and the analytics saw on days without rows.

use crate::config::words::{self, Key};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::causes::data_gap::rows::share_of_table;
use crate::diagnosis::causes::data_gap::{ALL_ROWS, DAY_NOISE};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::model::facts::ContactKind;
use crate::model::observations::{ExportDays, SeenDeal};
use crate::model::table::Table;

/// Deals that come without a known inquiry in any firm, as a share: where none ever did, one must not prove a hole.
const USUAL_ORPHANS: f64 = 0.01;
/// Relative variance of how many deals a day has (45 % of its level): days of a CRM differ more than those of contacts.
const ORPHAN_NOISE: f64 = 0.2;
/// A table that fewer deals come of, as a share, cannot be missed among them …
const LEAST_SHARE_OF_DEALS: f64 = 0.05;
/// … nor where fewer deals of it are due on the days in question.
const FEWEST_ORPHANS_DUE: f64 = 1.0;
/// A count that would fall by less than this share without the table's contacts tells nothing …
const LEAST_FALL: f64 = 0.1;
/// … and so does one of which fewer events were due.
const FEWEST_DUE: f64 = 2.0;
/// The share by which a count falls at most: some deals and sends come of nothing that an export knows.
const LARGEST_FALL: f64 = 0.97;
/// Sent forms that are gone when nobody can send one, as a share: the rest are goals without a form.
const SENDS_OF_FORMS: f64 = 0.9;
/// What went on or stopped on the very days of a hole counts so many times: it decides between a hole and a fault.
const DECIDES: f64 = 2.0;
/// Bounds of that evidence, nats. A count that stopped says more than one that went on: with the contacts' export alone
/// missing it would not have stopped.
const WENT_ON_CAP: f64 = 6.0;
const STOPPED_CAP: f64 = -14.0;

/// The deals that come of a table's contacts; `None` of a table without contacts.
fn comes_of(table: Table) -> Option<fn(&SeenDeal) -> bool> {
    match table {
        Table::Calls => Some(|deal| {
            matches!(
                deal.contact,
                Some(ContactKind::Call | ContactKind::MissedCall)
            )
        }),
        Table::Forms => Some(|deal| deal.contact == Some(ContactKind::Form)),
        _ => None,
    }
}

/// The share of the base's deals that are such ones.
fn share_of_deals(case: &Case, is_such: impl Fn(&SeenDeal) -> bool) -> f64 {
    let base = case.base_start()..case.start();
    let deals = case.seen.deals.iter().flatten();
    let (mut such, mut all) = (0.0, 0.0_f64);
    for deal in deals.filter(|deal| base.contains(&(deal.day as usize))) {
        all += 1.0;
        such += if is_such(deal) { 1.0 } else { 0.0 };
    }
    such / all.max(1.0)
}

/// Deals of the days that lack a share of the contacts: people who could not get in touch make none, people whose contact
/// was not exported do.
pub(super) fn deals_go_on(
    case: &Case,
    export: &ExportDays,
    days: &[usize],
    lacking: f64,
) -> Option<Evidence> {
    let is_of_table = comes_of(export.table)?;
    // Two exports of one table share its deals as they share its rows.
    let share = share_of_deals(case, is_of_table) * share_of_table(case, export) * lacking;
    let deals = case.deals(|_| true);
    let codes = [
        words::evidence::data_gap::DEALS_GO_ON,
        words::evidence::data_gap::DEALS_STOPPED,
    ];
    go_on(case, &deals, days, share, codes)
}

/// What the deals of some days say for a hole in the exports of a table, nats: negative when none came of contacts that
/// nobody knows; 0 when they cannot tell.
pub(in crate::diagnosis::causes) fn deals_without_contacts(
    case: &Case,
    table: Table,
    days: &[usize],
) -> f64 {
    let exports = case.seen.exports.iter();
    let of_table = exports.filter(|export| export.table == table);
    let found = of_table.filter_map(|export| orphans(case, export, days, ALL_ROWS));
    found.map(|evidence| evidence.weight).sum()
}

/// Deals of the days that lack a share of the contacts, whose inquiry nobody knows: with a hole in the export they are as
/// many as usually come of these contacts, with a dead line or form none.
pub(super) fn orphans(
    case: &Case,
    export: &ExportDays,
    days: &[usize],
    lacking: f64,
) -> Option<Evidence> {
    let is_of_table = comes_of(export.table)?;
    // Where deals are contacts themselves, a deal whose call or form is missing is one of its own.
    let is_orphan = |deal: &SeenDeal| matches!(deal.contact, None | Some(ContactKind::Deal));
    let usual = share_of_deals(case, is_orphan) + USUAL_ORPHANS;
    let of_table = share_of_deals(case, is_of_table) * share_of_table(case, export) * lacking;
    let deals_due: f64 = judged_days(case, &case.deals(|_| true), days)
        .iter()
        .map(|judged| judged.expected)
        .sum();
    if of_table < LEAST_SHARE_OF_DEALS || deals_due * of_table < FEWEST_ORPHANS_DUE {
        return None;
    }
    let orphans = case.deals(is_orphan);
    let seen = days.iter().map(|day| orphans[*day]).sum();
    let expected = deals_due * usual;
    let factor_of_a_hole = (usual + of_table) / usual;
    let weight = bayes::by(factor_of_a_hole, seen, expected, ORPHAN_NOISE);
    let values = [
        ("observed", Value::Count(seen)),
        ("expected", Value::Count(expected)),
    ];
    let code = if weight >= 0.0 {
        words::evidence::data_gap::ORPHANS
    } else {
        words::evidence::data_gap::NO_ORPHANS
    };
    Some(Evidence::new(code, weight, values).of(Role::Demand))
}

/// Forms that the analytics saw being sent on days without a form.
pub(super) fn sends_go_on(case: &Case, export: &ExportDays, days: &[usize]) -> Option<Evidence> {
    if export.table != Table::Forms {
        return None;
    }
    let sends = case.sessions(|_| true, |counts| counts.form_sends);
    let codes = [
        words::evidence::data_gap::SENDS_GO_ON,
        words::evidence::data_gap::SENDS_STOPPED,
    ];
    go_on(case, &sends, days, SENDS_OF_FORMS, codes)
}

/// Whether a count went on as usual on some days, or fell by a share; with the sentences of both answers.
fn go_on(
    case: &Case,
    counts: &[f64],
    days: &[usize],
    share: f64,
    [went_on, stopped]: [Key; 2],
) -> Option<Evidence> {
    let judged = judged_days(case, counts, days);
    let (mut observed, mut expected) = (0.0, 0.0);
    for day in &judged {
        observed += day.observed;
        expected += day.expected;
    }
    if share < LEAST_FALL || expected < FEWEST_DUE {
        return None;
    }
    // The level is shared by all days; what days differ by averages out over them.
    let noise = judged[0].dispersion + DAY_NOISE / days.len() as f64;
    let left = 1.0 - share.min(LARGEST_FALL);
    let weight = -bayes::by(left, observed, expected, noise);
    let name = if weight >= 0.0 { went_on } else { stopped };
    let values = [
        ("observed", Value::Count(observed)),
        ("expected", Value::Count(expected.round())),
    ];
    let weight = (DECIDES * weight).clamp(STOPPED_CAP, WENT_ON_CAP);
    Some(Evidence::new(name, weight, values).of(Role::Rows))
}

/// Each of some days by itself, without those that nothing is usual on.
fn judged_days(case: &Case, counts: &[f64], days: &[usize]) -> Vec<Judged> {
    days.iter()
        .filter_map(|day| case.judge_span(counts, None, *day, day + 1))
        .collect()
}
