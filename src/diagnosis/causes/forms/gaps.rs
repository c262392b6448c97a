//! Days without a single sent form although the analytics saw forms being sent: a missing export, no broken form.

use crate::diagnosis::case::Case;
use crate::diagnosis::causes::data_gap::deals_without_contacts;
use crate::diagnosis::outage::hourly::{Hourly, first_day, weights};
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::model::facts::ContactKind;

/// Forms, and sessions with a sent form, that must have been due on a day for its silence to mean something.
const FEWEST: f64 = 5.0;
/// Deals that do not come of the missing forms either show by so many nats that nobody could send one.
const NO_DEALS: f64 = -2.0;
/// The analytics still saw so much of the usual.
const STILL_SENT: f64 = 0.6;

/// Days of the history on which forms are missing from midnight to midnight, although the analytics saw them sent.
pub fn days_without_forms(case: &Case) -> Vec<usize> {
    let (start, days) = (case.start(), case.days());
    let forms = case.hourly_inquiries(|seen| seen.kind == ContactKind::Form);
    let sends = case.sessions(|_| true, |counts| counts.form_sends);
    let spread_sends = sends
        .iter()
        .flat_map(|sent| std::iter::once(*sent).chain([0.0; 23]))
        .collect::<Vec<_>>();
    let flat = vec![1.0; days];
    let by_hour = |counts: Vec<f64>| {
        let spread = weights(&counts, &counts, &flat, case.weekday(), start);
        Hourly::new(counts, spread, &[], start)
    };
    let (forms, sends) = (by_hour(forms), by_hour(spread_sends));
    let (Some(of_forms), Some(of_sends)) = (forms.level(start), sends.level(start)) else {
        return Vec::new();
    };
    let is_empty = |day: &usize| {
        let due = |of: &Hourly, rate: f64| of.weight(*day, day + 1) * rate;
        let (forms_due, sends_due) = (due(&forms, of_forms.rate), due(&sends, of_sends.rate));
        forms.events(*day, day + 1) < 0.5
            && forms_due >= FEWEST
            && sends_due >= FEWEST
            && sends.events(*day, day + 1) >= STILL_SENT * sends_due
    };
    let born = first_day(&forms.counts);
    let empty: Vec<usize> = (born..days).filter(is_empty).collect();
    if nobody_could_send(case, &empty) {
        empty.into_iter().filter(|day| *day < start).collect()
    } else {
        empty
    }
}

/// Whether no deals came of forms of the period's empty days either: what the analytics saw sent arrived nowhere.
fn nobody_could_send(case: &Case, empty: &[usize]) -> bool {
    let empty: Vec<usize> = empty
        .iter()
        .copied()
        .filter(|day| *day >= case.start())
        .collect();
    !empty.is_empty() && deals_without_contacts(case, "forms", &empty) < NO_DEALS
}

/// The evidence against a broken form.
pub fn hidden_forms(case: &Case, empty: &[usize]) -> Option<Evidence> {
    let days: Vec<usize> = empty
        .iter()
        .copied()
        .filter(|day| *day >= case.start())
        .collect();
    let first = *days.first()?;
    let values = [
        ("day", Value::Day(case.seen.date(first as u32))),
        ("days", Value::Days(days.len() as f64)),
    ];
    Some(Evidence::new("forms.no_rows", -8.0, values).of(Role::Rows))
}
