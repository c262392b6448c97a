use super::*;
use crate::diagnosis::firm;
use crate::model::facts::ContactKind;
use crate::model::observations::SeenDeal;

#[test]
fn two_days_without_calls_are_a_hole() {
    let mut seen = firm::quiet(12);
    let gone = firm::START + 1..firm::START + 3;
    seen.calls
        .as_mut()
        .expect("calls")
        .retain(|call| !gone.contains(&call.day));
    seen.inquiries
        .as_mut()
        .expect("contacts")
        .retain(|seen| !(Case::is_call(seen) && gone.contains(&seen.day)));
    // Deals go on, and nobody knows any more which call they came of.
    let is_gone = |deal: &&mut SeenDeal| {
        gone.contains(&deal.day)
            && matches!(
                deal.contact,
                Some(ContactKind::Call | ContactKind::MissedCall)
            )
    };
    seen.deals
        .iter_mut()
        .flatten()
        .filter(is_gone)
        .for_each(|deal| deal.contact = None);
    firm::count_exports(&mut seen);
    let settings = firm::settings();
    let found = assess(&Case::new(&seen, &settings));
    assert!(
        found.log_odds().is_some_and(|log_odds| log_odds > 6.0),
        "{found:?}"
    );
    assert_eq!(found.scope[&Dimension::Export], "telephony");
    assert!(found.explains > 10.0, "{found:?}");
    assert_eq!(
        found.ended_at.expect("an end") - found.started_at.expect("a start"),
        chrono::TimeDelta::days(2)
    );
}

#[test]
fn quiet_exports_have_no_holes() {
    let settings = firm::settings();
    let raised = (0..30).filter(|seed| {
        let seen = firm::quiet(*seed);
        assess(&Case::new(&seen, &settings))
            .log_odds()
            .is_some_and(|log_odds| log_odds > 0.0)
    });
    assert!(raised.count() <= 1);
}
