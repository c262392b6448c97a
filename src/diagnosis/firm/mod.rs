//! A small invented firm for the tests of the causes: 30 quiet weeks, into which a test breaks what it wants.

mod dice;
mod traffic;

use chrono::{NaiveDate, TimeDelta};

pub use self::dice::Dice;
use self::traffic::{CHANNELS, traffic};
use super::case::DiagnosisSettings;
use crate::model::money::Minor;
use crate::model::observations::*;
use crate::model::period::Period;
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
    let first_day = NaiveDate::from_ymd_opt(2026, 2, 2).expect("the day exists");
    let last = first_day + TimeDelta::days(i64::from(WEEKS * 7 - 1));
    let mut names = Names::default();
    let list = |texts: &[&str]| {
        [""].iter()
            .chain(texts)
            .map(|text| (*text).to_owned())
            .collect::<Vec<_>>()
    };
    names.set(Dimension::Channel, list(&CHANNELS.map(|channel| channel.0)));
    names.set(Dimension::Device, list(&["phone", "desktop"]));
    names.set(Dimension::Page, list(&["/", "/price", "/lp"]));
    names.set(Dimension::Region, list(&["home", "near", "far"]));
    names.set(Dimension::Line, list(&["A", "B"]));
    names.set(Dimension::Trunk, list(&["T1", "T2"]));
    names.set(Dimension::Form, list(&["main", "callback"]));
    names.set(Dimension::Operator, list(&["201", "202", "203"]));
    names.set(Dimension::Manager, list(&["m1", "m2", "m3", "m4"]));
    names.set(Dimension::Reason, list(&["price", "not target"]));
    names.set(
        Dimension::Export,
        list(&["metrika", "telephony", "forms", "crm", "ads"]),
    );
    let zone = chrono_tz::Europe::Moscow;
    let mut seen = Observations {
        zone,
        period: Period::week_of(last),
        first_day,
        known_until: zone::day_start(last + TimeDelta::days(1), zone),
        names,
        visits: Some(Vec::new()),
        page_visits: Vec::new(),
        region_visits: Vec::new(),
        leaves: Vec::new(),
        inquiries: Some(Vec::new()),
        calls: Some(Vec::new()),
        deals: Some(Vec::new()),
        ads: Some(Vec::new()),
        has_forms: true,
        exports: Vec::new(),
        annotations: Vec::new(),
        calendar: Default::default(),
    };
    for day in 0..WEEKS * 7 {
        traffic(&mut seen, &mut dice, day);
    }
    work(&mut seen, &mut dice);
    count_exports(&mut seen);
    seen
}

/// Every inquiry becomes a deal: a quarter is won after about ten days, the rest is lost or stays open.
fn work(seen: &mut Observations, dice: &mut Dice) {
    let days = WEEKS * 7;
    let deals = seen.deals.as_mut().expect("the firm has a CRM");
    for inquiry in seen.inquiries.as_mut().expect("the firm has contacts") {
        let after = (-dice.share().max(1e-6).ln() * 10.0) as u32;
        let won = dice.hits(0.25);
        let closes = inquiry.day + if won { after } else { after / 2 + 2 };
        let is_closed = closes < days && (won || dice.hits(0.8));
        let state = match (is_closed, won) {
            (true, true) => DealState::Won,
            (true, false) => DealState::Lost,
            _ if inquiry.first_talk_s.is_none() && dice.hits(0.5) => DealState::New,
            _ => DealState::Open,
        };
        let is_untargeted = state == DealState::Lost && dice.hits(0.2);
        if state == DealState::Won {
            (inquiry.sold_after, inquiry.amount) = (Some(after as u16), Minor(5_000_000));
        }
        deals.push(SeenDeal {
            day: inquiry.day,
            created_at: inquiry.at + TimeDelta::minutes(2),
            state,
            is_untargeted,
            is_unreached: false,
            reason: if state == DealState::Lost {
                1 + Code::from(is_untargeted)
            } else {
                0
            },
            manager: 1 + dice.below(4) as Code,
            channel: inquiry.channel,
            contact: Some(inquiry.kind),
            first_talk_s: inquiry.first_talk_s,
            closed_day: is_closed.then_some(closes),
            updated_day: Some(if is_closed {
                closes
            } else {
                (inquiry.day + 1).min(days - 1)
            }),
            won_after: inquiry.sold_after,
            amount: inquiry.amount,
            is_repeat: false,
        });
    }
}

/// Rows by day of every export, counted from the other tables; a test that removes rows calls it again.
pub fn count_exports(seen: &mut Observations) {
    let days = seen.days() as usize;
    let count = |found: &mut dyn Iterator<Item = u32>| {
        let mut rows = vec![0; days];
        found.for_each(|day| rows[day as usize] += 1);
        rows
    };
    let tables = [
        (
            "sessions",
            count(
                &mut seen
                    .visits
                    .iter()
                    .flatten()
                    .filter(|row| row.counts.sessions > 0)
                    .map(|row| row.day),
            ),
        ),
        (
            "calls",
            count(&mut seen.calls.iter().flatten().map(|row| row.day)),
        ),
        (
            "forms",
            count(
                &mut seen
                    .inquiries
                    .iter()
                    .flatten()
                    .filter(|row| row.form > 0)
                    .map(|row| row.day),
            ),
        ),
        (
            "deals",
            count(&mut seen.deals.iter().flatten().map(|row| row.day)),
        ),
        (
            "costs",
            count(&mut seen.ads.iter().flatten().map(|row| row.day)),
        ),
    ];
    let export = |(at, (table, rows)): (usize, (&str, Vec<u32>))| ExportDays {
        export: at as Code + 1,
        table: table.to_owned(),
        rows,
    };
    seen.exports = tables.into_iter().enumerate().map(export).collect();
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
