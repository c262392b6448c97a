//! When gross profit is what the headline is about.

use super::verdict::{Base, Verdict, VerdictKind};
use crate::metrics::scorecard::Scorecard;
use crate::model::facts::SourceState;

/// The verdict, or that of gross profit where it fell in a period that shows nothing else.
pub(super) fn or_profit(verdict: Verdict, scorecard: &Scorecard) -> Verdict {
    // What is in doubt has not fallen: nobody knows.
    let mut sources = scorecard.data_health.iter();
    let is_in_doubt = sources.any(SourceState::doubts_revenue);
    let is_free = verdict.kind == VerdictKind::NothingSignificant && !is_in_doubt;
    let money = scorecard.money.as_ref().filter(|_| is_free);
    match money.and_then(|money| money.profit_fall.clone()) {
        None => verdict,
        Some(fall) => Verdict {
            kind: VerdictKind::Incident,
            base: Some(Base::Previous),
            cause: None,
            profit: Some(fall),
            ..verdict
        },
    }
}
