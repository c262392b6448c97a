//! Days without a single sent form although the analytics saw forms being sent: a missing export, no broken form.

use super::sent::Sent;
use crate::config::words;
use crate::diagnosis::case::Case;
use crate::diagnosis::causes::data_gap::deals_without_contacts;
use crate::diagnosis::outage::hourly::{Hourly, first_day, weights};
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::model::table::Table;

/// Forms, and sessions with a sent form, that must have been due on a day for its silence to mean something.
const FEWEST: f64 = 5.0;
/// Deals that do not come of the missing forms either show by so many nats that nobody could send one.
const NO_DEALS: f64 = -2.0;
/// The analytics still saw so much of the usual.
const STILL_SENT: f64 = 0.6;
/// Fewer forms on a day than this are none: counts are whole, but are kept as fractions.
const NO_FORMS: f64 = 0.5;
/// What whole days that only the analytics saw weigh against a broken form, nats.
const HIDDEN_DAYS: f64 = -8.0;

/// What is usual on a day, learnt from the weeks before the period.
struct Usual {
    hourly: Hourly,
    rate: f64,
}

impl Usual {
    /// From counts by hour; `None` when their level is not known.
    fn of(case: &Case, counts: Vec<f64>) -> Option<Self> {
        let every_day_alike = vec![1.0; case.days()];
        let start = case.start();
        let spread = weights(&counts, &counts, &every_day_alike, case.weekday(), start);
        let hourly = Hourly::new(counts, spread, &[], start);
        let rate = hourly.level(start)?.rate;
        Some(Self { hourly, rate })
    }

    fn due(&self, day: usize) -> f64 {
        self.hourly.weight(day, day + 1) * self.rate
    }

    fn seen(&self, day: usize) -> f64 {
        self.hourly.events(day, day + 1)
    }
}

/// Days of the history on which forms are missing from midnight to midnight, although the analytics saw them sent.
pub fn days_without_forms(case: &Case, sent: Sent) -> Vec<usize> {
    let forms = case.hourly_inquiries(|seen| sent.holds(seen));
    let sends = case.sessions(|_| true, |counts| counts.form_sends);
    let (Some(forms), Some(sends)) = (Usual::of(case, forms), Usual::of(case, by_hour(&sends)))
    else {
        return Vec::new();
    };
    let is_hidden = |day: &usize| {
        let (forms_due, sends_due) = (forms.due(*day), sends.due(*day));
        let is_known = forms_due >= FEWEST && sends_due >= FEWEST;
        let is_empty = forms.seen(*day) < NO_FORMS;
        is_known && is_empty && sends.seen(*day) >= STILL_SENT * sends_due
    };
    let born = first_day(&forms.hourly.counts);
    let mut hidden: Vec<usize> = (born..case.days()).filter(is_hidden).collect();
    if sent == Sent::Forms && nobody_could_send(case, &hidden) {
        // The period's empty days are the fault itself.
        hidden.retain(|day| *day < case.start());
    }
    hidden
}

/// Counts by day as counts by hour: all in the first hour, for only whole days are asked for.
fn by_hour(days: &[f64]) -> Vec<f64> {
    let mut hours = Vec::with_capacity(days.len() * 24);
    for count in days {
        hours.push(*count);
        hours.extend([0.0; 23]);
    }
    hours
}

/// Whether no deals came of forms of the period's empty days either: what the analytics saw sent arrived nowhere.
fn nobody_could_send(case: &Case, empty: &[usize]) -> bool {
    let reported = reported(case, empty);
    !reported.is_empty() && deals_without_contacts(case, Table::Forms, &reported) < NO_DEALS
}

/// The evidence against a broken form.
pub fn hidden_forms(case: &Case, empty: &[usize]) -> Option<Evidence> {
    let days = reported(case, empty);
    let first = *days.first()?;
    let values = [
        ("day", Value::Day(case.seen.date(first as u32))),
        ("days", Value::Days(days.len() as f64)),
    ];
    Some(Evidence::new(words::evidence::forms::NO_ROWS, HIDDEN_DAYS, values).of(Role::Rows))
}

/// Those of some days that lie in the reported period.
fn reported(case: &Case, days: &[usize]) -> Vec<usize> {
    let is_reported = |day: &usize| *day >= case.start();
    days.iter().copied().filter(is_reported).collect()
}
