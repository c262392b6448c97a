//! A small invented firm for the tests of the causes: 30 quiet weeks, into which a test breaks what it wants.

mod dice;
mod inquiry;
mod traffic;

use chrono::{NaiveDate, TimeDelta};

pub use self::dice::Dice;
use self::traffic::{CHANNELS, traffic};
use super::case::DiagnosisSettings;
use crate::model::money::Minor;
use crate::model::observations::*;
use crate::model::period::Period;
use crate::model::table::Table;
use crate::model::zone;

/// Weeks of the history.
pub const WEEKS: u32 = 30;
/// First day of the reported week, as a day of the history.
pub const START: u32 = (WEEKS - 1) * 7;

/// The settings that a pipeline has by default.
pub fn settings() -> DiagnosisSettings {
    DiagnosisSettings {
        min_events: 5.0,
        base_periods: 8,
        fdr: 0.05,
        alpha: 0.01,
        smallest_loss: 5.0,
        mature_days: 28,
        horizon_days: 90,
    }
}

/// A quiet firm: lines `A` (trunk `T1`) and `B` (trunk `T2`), forms `main` and `callback`, managers `m1` to `m4`, pages
/// `/`, `/price`, `/lp`, devices `phone` and `desktop`, regions `home`, `near` and `far`.
pub fn quiet(seed: u64) -> Observations {
    let mut dice = Dice::new(seed);
    let mut seen = empty();
    for day in 0..WEEKS * 7 {
        traffic(&mut seen, &mut dice, day);
    }
    work(&mut seen, &mut dice);
    count_exports(&mut seen);
    seen
}

/// The firm before anything happened.
fn empty() -> Observations {
    let first_day = NaiveDate::from_ymd_opt(2026, 2, 2).expect("the day exists");
    let last = first_day + TimeDelta::days(i64::from(WEEKS * 7 - 1));
    let zone = chrono_tz::Europe::Moscow;
    Observations {
        zone,
        period: Period::week_of(last),
        first_day,
        known_until: zone::day_start(last + TimeDelta::days(1), zone),
        names: names(),
        visits: Some(Vec::new()),
        page_visits: Vec::new(),
        region_visits: Vec::new(),
        slices: traffic::slices(),
        inquiries: Some(Vec::new()),
        calls: Some(Vec::new()),
        deals: Some(Vec::new()),
        ads: Some(Vec::new()),
        has_forms: true,
        exports: Vec::new(),
        annotations: Vec::new(),
        calendar: Default::default(),
    }
}

fn names() -> Names {
    let exports = ["metrika", "telephony", "forms", "crm", "ads"];
    let texts: [(Dimension, &[&str]); 11] = [
        (Dimension::Channel, &CHANNELS.map(|channel| channel.id)),
        (Dimension::Device, &["phone", "desktop"]),
        (Dimension::Page, &["/", "/price", "/lp"]),
        (Dimension::Region, &["home", "near", "far"]),
        (Dimension::Line, &["A", "B"]),
        (Dimension::Trunk, &["T1", "T2"]),
        (Dimension::Form, &["main", "callback"]),
        (Dimension::Operator, &["201", "202", "203"]),
        (Dimension::Manager, &["m1", "m2", "m3", "m4"]),
        (Dimension::Reason, &["price", "not target"]),
        (Dimension::Export, &exports),
    ];
    let mut names = Names::default();
    for (dimension, texts) in texts {
        // Code 0 is "not known".
        let with_unknown = [""].iter().chain(texts);
        let owned = with_unknown.map(|text| (*text).to_owned());
        names.set(dimension, owned.collect());
    }
    names
}

/// Every inquiry becomes a deal: a quarter is won after about ten days, the rest is lost or stays open.
fn work(seen: &mut Observations, dice: &mut Dice) {
    let deals = seen.deals.as_mut().expect("the firm has a CRM");
    for inquiry in seen.inquiries.as_mut().expect("the firm has contacts") {
        let deal = deal_of(inquiry, dice);
        inquiry.sold_after = deal.won_after;
        inquiry.amount = deal.amount;
        deals.push(deal);
    }
}

fn deal_of(inquiry: &SeenInquiry, dice: &mut Dice) -> SeenDeal {
    let days = WEEKS * 7;
    // Exponential, with a mean of ten days; refusals come sooner.
    let after = (-dice.share().max(1e-6).ln() * 10.0) as u32;
    let would_win = dice.hits(0.25);
    let closes_after = if would_win { after } else { after / 2 + 2 };
    let closes = inquiry.day + closes_after;
    // What is decided behind the last day is not known yet, and some refusals are never entered.
    let is_closed = closes < days && (would_win || dice.hits(0.8));
    let state = match (is_closed, would_win) {
        (true, true) => DealState::Won,
        (true, false) => DealState::Lost,
        _ if inquiry.first_talk_s.is_none() && dice.hits(0.5) => DealState::New,
        _ => DealState::Open,
    };
    let (is_won, is_lost) = (state == DealState::Won, state == DealState::Lost);
    let is_untargeted = is_lost && dice.hits(0.2);
    let touched_day = (inquiry.day + 1).min(days - 1);
    SeenDeal {
        day: inquiry.day,
        created_at: inquiry.at + TimeDelta::minutes(2),
        state,
        is_untargeted,
        is_unreached: false,
        reason: if is_lost {
            1 + Code::from(is_untargeted)
        } else {
            0
        },
        manager: 1 + dice.below(4) as Code,
        channel: inquiry.channel,
        contact: Some(inquiry.kind),
        first_talk_s: inquiry.first_talk_s,
        first_answer_s: None,
        closed_day: is_closed.then_some(closes),
        updated_day: Some(if is_closed { closes } else { touched_day }),
        won_after: is_won.then_some(after as u16),
        amount: if is_won { Minor(5_000_000) } else { Minor(0) },
        is_repeat: false,
    }
}

/// Rows by day of every export, counted from the other tables; a test that removes rows calls it again.
pub fn count_exports(seen: &mut Observations) {
    let days = seen.days() as usize;
    let visits = seen.visits.iter().flatten();
    let sessions = visits.filter(|row| row.counts.sessions > 0);
    let calls = seen.calls.iter().flatten();
    let inquiries = seen.inquiries.iter().flatten();
    let forms = inquiries.filter(|row| row.form > 0);
    let deals = seen.deals.iter().flatten();
    let costs = seen.ads.iter().flatten();
    let tables = [
        (Table::Sessions, by_day(days, sessions.map(|row| row.day))),
        (Table::Calls, by_day(days, calls.map(|row| row.day))),
        (Table::Forms, by_day(days, forms.map(|row| row.day))),
        (Table::Deals, by_day(days, deals.map(|row| row.day))),
        (Table::Costs, by_day(days, costs.map(|row| row.day))),
    ];
    let mut exports = Vec::new();
    for (at, (table, rows)) in tables.into_iter().enumerate() {
        exports.push(ExportDays {
            export: at as Code + 1,
            table,
            rows,
        });
    }
    seen.exports = exports;
}

fn by_day(days: usize, rows: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut counts = vec![0; days];
    for day in rows {
        counts[day as usize] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::case::Case;

    #[test]
    fn a_quiet_firm_is_quiet() {
        let (seen, settings) = (quiet(1), settings());
        let case = Case::new(&seen, &settings);
        let all = case.inquiries(|_| true);
        let judged = case
            .judge(&all, Some(&case.exposure(|_| true)))
            .expect("there is history");
        assert!(
            judged.expected > 70.0 && judged.z().abs() < 2.5,
            "{judged:?}"
        );
        assert!(judged.fall() < 1.0 && judged.rise() < 1.0);
    }
}
