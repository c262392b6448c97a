//! What a buyer brings in a life: average check × frequency × life.

use chrono::{Days, NaiveDate};

use super::history::{History, gross_margin, people, revenue};
use super::types::Lifetime;
use crate::metrics::values::Rate;
use crate::model::bought::Span;
use crate::model::money::Minor;

/// The lifetime value by the last two spans of `silence_days` up to a day. With a share `r` of buyers who buy again in the
/// next span a buyer lives `1 ÷ (1 − r)` spans: S. Gupta, D. Lehmann, J. Stuart, Journal of Marketing Research 41 (2004) 7–18,
/// with constant margin and no discount. Absent before two spans are known, and with fewer buyers than are stated.
pub(super) fn lifetime(history: &History<'_>, last_day: NaiveDate) -> Option<Lifetime> {
    let window = Days::new(history.silence_days.into());
    let last = (last_day.checked_sub_days(window)? + Days::new(1), last_day);
    let before: Span = (last.0.checked_sub_days(window)?, last.0 - Days::new(1));
    if history.bought.known_from > before.0 {
        return None;
    }
    let sales = history.made(last);
    let (then, now) = (people(&history.made(before)), people(&sales));
    if now.len() < history.min_events as usize {
        return None;
    }
    let stayed = then.intersection(&now).count() as f64;
    let retained = Rate::share(Some(stayed), Some(then.len() as f64), history.min_events);
    let windows = life(retained.value?)?;
    let all = revenue(&sales);
    let a_window = all.0 as f64 / now.len() as f64;
    let in_a_life = |windows: f64| Minor((a_window * windows).round() as i64);
    let margin = gross_margin(&sales).map(|margin| margin.0 as f64 / now.len() as f64);
    Some(Lifetime {
        window_days: history.silence_days,
        average_check: Minor((all.0 as f64 / sales.len() as f64).round() as i64),
        frequency: sales.len() as f64 / now.len() as f64,
        windows,
        revenue: in_a_life(windows),
        low: in_a_life(life(retained.low?)?),
        high: retained.high.and_then(life).map(in_a_life),
        margin: margin.map(|margin| Minor((margin * windows).round() as i64)),
        retained,
    })
}

/// Expected number of spans; endless where everybody stays.
fn life(retained: f64) -> Option<f64> {
    (retained < 1.0).then(|| 1.0 / (1.0 - retained))
}
