//! What makes another kind of digest of the full one.

use chrono::Days;

use super::rows::{rate, set_inquiries};
use crate::metrics::scorecard::{RowVerdict, Scorecard, UnitCosts};
use crate::metrics::values::Measures;
use crate::model::facts::SourceHealth;

/// The CRM stopped two days before the period's end, and calls did not arrive at all.
pub(super) fn hole(card: &mut Scorecard) {
    let end = card.period.to;
    card.data_health[3].state = SourceHealth::Partial;
    card.data_health[3].last_day = Some(end - Days::new(2));
    card.data_health[3].missing_days = vec![end - Days::new(1), end];
    card.data_health[1].state = SourceHealth::Missing;
    card.data_health[1].last_day = None;
    card.data_health[1].read = 0;
    for row in card.channels.iter_mut().chain([&mut card.total]) {
        row.measures.sales_closed = None;
        row.measures.revenue_closed = None;
        row.verdict = RowVerdict::Worse;
    }
}

pub(super) fn forget_history(card: &mut Scorecard) {
    for row in card.channels.iter_mut().chain([&mut card.total]) {
        (row.previous, row.last_year, row.usual) = (None, None, None);
        row.verdict = RowVerdict::Unknown;
        row.conv2.maturity = None;
        row.conv2.expected_by_now = None;
        row.conv2.expected_final = None;
    }
    card.trend = card.trend.split_off(card.trend.len() - 1);
    card.mature_cohort = None;
}

pub(super) fn no_traffic(card: &mut Scorecard) {
    card.channels.clear();
    card.funnel.clear();
    card.contacts.clear();
    card.left_out.clear();
    set_inquiries(&mut card.total, 0.0, RowVerdict::TooFew);
    card.total.measures = Measures {
        sessions: Some(0),
        inquiries: Some(0.0),
        ..Measures::default()
    };
    (card.total.conv1, card.total.costs) = (rate(0.0, 0.0), UnitCosts::default());
    (card.match_rate, card.client_match_rate) = (rate(0.0, 0.0), rate(0.0, 0.0));
    card.total.conv2.rate = rate(0.0, 0.0);
}

pub(super) fn too_small(card: &mut Scorecard) {
    for row in &mut card.channels {
        let sessions = row.measures.sessions.unwrap_or_default();
        row.measures.sessions = Some(sessions / 100);
        set_inquiries(row, 1.0, RowVerdict::TooFew);
        row.usual = None;
    }
    card.total.measures.sessions = Some(141);
    set_inquiries(&mut card.total, 8.0, RowVerdict::TooFew);
    card.total.usual = None;
    card.match_rate = rate(6.0, 8.0);
}
