//! The weeks ahead: traffic, inquiries, sales and revenue with ranges that past forecasts of the same kind bear out.

mod ahead;
#[cfg(test)]
mod coverage_tests;
mod history;
mod model;
mod sales;

use serde::{Deserialize, Serialize};

use super::assemble::Parts;
use super::timeline::Scope;
use crate::model::period::Period;

use ahead::Ahead;
pub use ahead::Projection;
pub(super) use ahead::Replayed;
pub(super) use history::History;
pub(super) use model::Setting;

use self::sales::{Lags, inquiries, plus, revenue_of};

/// Days of a week.
const DAYS_A_WEEK: usize = 7;

/// Weeks that are forecast.
const WEEKS: usize = 8;

/// Forecasts of the next weeks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// Week by week, the next one first; none where too little is known.
    pub weeks: Vec<ForecastWeek>,
    /// Ranges of sales that past weeks were judged by, over all weeks ahead.
    pub replayed: u32,
    /// How many of them held what came.
    pub held: u32,
}

/// What one week ahead is expected to bring; each is absent where it is not known of the past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForecastWeek {
    /// The week.
    pub period: Period,
    /// Sessions.
    pub sessions: Option<Projection>,
    /// Inquiries: sessions times the usual first conversion.
    pub inquiries: Option<Projection>,
    /// Sales closed, whatever inquiry they come from.
    pub sales: Option<Projection>,
    /// Revenue of these sales, major units, refunds taken off.
    pub revenue: Option<Projection>,
}

/// Replayed expectations of one row.
#[derive(Debug, Clone, Default)]
pub(super) struct Outlooks {
    pub(super) sessions: Option<Replayed>,
    pub(super) inquiries: Option<Replayed>,
    pub(super) sales: Option<Replayed>,
    pub(super) revenue: Option<Replayed>,
    pub(super) spend: Option<Replayed>,
}

impl Outlooks {
    /// Those of the total: sales come from open and expected inquiries.
    pub(super) fn of_total(parts: &Parts<'_>, setting: &Setting<'_>) -> Self {
        let (facts, ledger, history) = (parts.facts, parts.ledger, setting.history);
        let sessions = facts
            .daily
            .as_ref()
            .map(|daily| history.sessions(daily, Scope::Total));
        let counts = (ledger.has_inquiries && ledger.arrived.contacts)
            .then(|| history.inquiries(ledger, Scope::Total));
        let closed = (ledger.has_deals && ledger.arrived.deals)
            .then(|| history.closed(ledger, Scope::Total));
        let inquiries = counts.as_ref().and_then(|counts| {
            let ahead = |origin| inquiries(setting, counts, sessions.as_deref(), origin);
            setting.replay(counts.clone(), ahead)
        });
        let sales = closed
            .as_ref()
            .and_then(|(closed, _)| sales_of(parts, setting, closed, inquiries.as_ref()));
        let revenue = closed.as_ref().and_then(|(counts, amounts)| {
            let of = |sales: &Ahead, origin| revenue_of(sales, (counts, amounts), origin);
            sales.as_ref()?.then(amounts.clone(), of)
        });
        Self {
            inquiries,
            sales,
            revenue,
            spend: spend(parts, setting, Scope::Total),
            sessions: sessions.and_then(|seen| setting.replay_count(seen, 1.0)),
        }
    }

    /// Those of a channel, each number by its own past.
    pub(super) fn of_channel(parts: &Parts<'_>, setting: &Setting<'_>, scope: Scope<'_>) -> Self {
        let (facts, ledger, history) = (parts.facts, parts.ledger, setting.history);
        let count = |seen: Option<Vec<f64>>| setting.replay_count(seen?, 1.0);
        let daily = facts.daily.as_ref();
        let has_inquiries = ledger.has_inquiries && ledger.arrived.contacts;
        let has_sales = ledger.has_cohorts && ledger.arrived.deals;
        let closed = has_sales.then(|| history.closed(ledger, scope));
        let check = closed.as_ref().and_then(|(sales, revenue)| {
            let (sales, revenue) = (sales.iter().sum::<f64>(), revenue.iter().sum::<f64>());
            (sales > 0.0 && revenue > 0.0).then(|| revenue / sales)
        });
        let revenue = |check| setting.replay_count(closed.as_ref()?.1.clone(), check);
        Self {
            sessions: count(daily.map(|daily| history.sessions(daily, scope))),
            inquiries: count(has_inquiries.then(|| history.inquiries(ledger, scope))),
            sales: count(closed.as_ref().map(|(sales, _)| sales.clone())),
            revenue: check.and_then(revenue),
            spend: spend(parts, setting, scope),
        }
    }
}

/// Sales ahead: of open and expected inquiries and, by their own past, of nobody's; all of them by their own past where it is
/// not known of inquiries whether they sold.
fn sales_of(
    parts: &Parts<'_>,
    setting: &Setting<'_>,
    closed: &[f64],
    inquiries: Option<&Replayed>,
) -> Option<Replayed> {
    let known = inquiries.filter(|_| parts.ledger.has_cohorts);
    let Some(inquiries) = known else {
        return setting.replay_count(closed.to_vec(), 1.0);
    };
    let lags = Lags::of(setting, parts.ledger);
    let all = closed.iter().zip(&lags.of_inquiries);
    let of_nobody: Vec<f64> = all.map(|(all, known)| all - known).collect();
    inquiries.then(closed.to_vec(), |new, origin| {
        let of_inquiries = lags.expected(setting, origin, &new.days, new.dispersion);
        match of_inquiries {
            Some(known) => Some(plus(known, setting.count_ahead(&of_nobody, origin))),
            None => setting.count_ahead(closed, origin),
        }
    })
}

/// Advertising cost ahead, by its own past.
fn spend(parts: &Parts<'_>, setting: &Setting<'_>, scope: Scope<'_>) -> Option<Replayed> {
    let paid = parts.facts.paid.as_ref()?;
    // What is paid is decided, not drawn: all of its variance is learnt from the past.
    setting.replay_count(setting.history.spend(paid, scope), 0.0)
}

/// The next eight whole ISO weeks after the reported period.
pub(super) fn forecast(outlooks: &Outlooks, last: chrono::NaiveDate) -> Forecast {
    let next = Period::week_of(last + chrono::Days::new(1));
    let first = if next.from > last { next } else { next.next() };
    let mut forecast = Forecast::default();
    let weeks = std::iter::successors(Some(first), |week| Some(week.next()));
    for period in weeks.take(WEEKS) {
        let from = (period.from - last).num_days() as usize - 1;
        let project = |of: &Option<Replayed>| of.as_ref()?.project((from, from + DAYS_A_WEEK));
        let week = ForecastWeek {
            sessions: project(&outlooks.sessions),
            inquiries: project(&outlooks.inquiries),
            sales: project(&outlooks.sales),
            revenue: project(&outlooks.revenue),
            period,
        };
        if let Some(sales) = week.sales.filter(|sales| sales.low.is_some()) {
            forecast.replayed += sales.replayed;
            forecast.held += sales.held;
        }
        if week.sales.is_some() || week.inquiries.is_some() {
            forecast.weeks.push(week);
        }
    }
    forecast
}
