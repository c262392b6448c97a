use super::*;
use crate::diagnosis::firm;
use crate::model::facts::ContactKind;
use crate::model::observations::Observations;

/// Takes the calls of some days out of the exports. Deals go on, and nobody knows any more which call they came of.
fn lose_calls(seen: &mut Observations, gone: std::ops::Range<u32>) {
    let calls = seen.calls.as_mut().expect("calls");
    calls.retain(|call| !gone.contains(&call.day));
    let inquiries = seen.inquiries.as_mut().expect("contacts");
    inquiries.retain(|seen| !(Case::is_call(seen) && gone.contains(&seen.day)));
    for deal in seen.deals.iter_mut().flatten() {
        let is_of_call = matches!(
            deal.contact,
            Some(ContactKind::Call | ContactKind::MissedCall)
        );
        if is_of_call && gone.contains(&deal.day) {
            deal.contact = None;
        }
    }
    firm::count_exports(seen);
}

#[test]
fn two_days_without_calls_are_a_hole() {
    let mut seen = firm::quiet(12);
    lose_calls(&mut seen, firm::START + 1..firm::START + 3);
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

#[test]
fn quiet_days_here_and_there_in_a_quarter_are_no_hole() {
    let mut seen = firm::quiet(12);
    // A site that gets a form on two days of three.
    let forms = seen
        .exports
        .iter_mut()
        .find(|export| export.table == Table::Forms);
    let forms = forms.expect("an export of forms");
    for (day, rows) in forms.rows.iter_mut().enumerate() {
        *rows = u32::from(day % 3 != 0);
    }
    seen.period.from = seen.period.to - chrono::Days::new(90);
    let settings = firm::settings();
    let found = assess(&Case::new(&seen, &settings));
    assert!(
        found.log_odds().is_some_and(|log_odds| log_odds < 0.0),
        "{found:?}"
    );
}

/// Takes four of five calls of some days away; the deals of these calls stay, or were never made.
fn thin_out(seen: &mut Observations, days: std::ops::Range<u32>, deals_stay: bool) {
    let mut at = 0;
    let mut is_kept = |is_of_these_days: bool| {
        at += 1;
        !is_of_these_days || at % 5 == 0
    };
    let is_of_call = |contact: Option<ContactKind>| {
        matches!(contact, Some(ContactKind::Call | ContactKind::MissedCall))
    };
    let calls = seen.calls.as_mut().expect("calls");
    calls.retain(|call| is_kept(days.contains(&call.day)));
    let inquiries = seen.inquiries.as_mut().expect("contacts");
    inquiries.retain(|seen| is_kept(Case::is_call(seen) && days.contains(&seen.day)));
    let deals = seen.deals.as_mut().expect("deals");
    if deals_stay {
        for deal in deals.iter_mut() {
            let keeps_call = is_kept(is_of_call(deal.contact) && days.contains(&deal.day));
            deal.contact = deal.contact.filter(|_| keeps_call);
        }
    } else {
        deals.retain(|deal| is_kept(is_of_call(deal.contact) && days.contains(&deal.day)));
    }
    firm::count_exports(seen);
}

#[test]
fn days_with_a_part_of_their_calls_are_a_hole_when_the_deals_are_there() {
    let mut seen = firm::quiet(12);
    thin_out(&mut seen, firm::START + 1..firm::START + 6, true);
    let settings = firm::settings();
    let found = assess(&Case::new(&seen, &settings));
    let log_odds = found.log_odds();
    assert!(log_odds.is_some_and(|odds| odds > 6.0), "{found:?}");
    assert_eq!(found.scope[&Dimension::Export], "telephony");
    assert!(found.explains > 10.0, "{found:?}");
}

#[test]
fn fewer_calls_with_fewer_deals_are_no_hole() {
    let mut seen = firm::quiet(12);
    thin_out(&mut seen, firm::START + 1..firm::START + 6, false);
    let settings = firm::settings();
    let found = assess(&Case::new(&seen, &settings));
    let log_odds = found.log_odds();
    assert!(log_odds.is_some_and(|odds| odds < 0.0), "{found:?}");
}
