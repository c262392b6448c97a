use super::*;
use crate::config::words;
use crate::diagnosis::firm;

#[test]
fn junk_in_a_channel_is_found() {
    let settings = firm::settings();
    let mut seen = firm::quiet(6);
    for row in seen
        .visits
        .iter_mut()
        .flatten()
        .filter(|row| row.day >= firm::START && row.channel == 2)
    {
        let junk = row.counts.sessions;
        row.counts.sessions += junk;
        row.counts.bounces += junk;
        row.counts.instant += junk;
    }
    let found = assess(&Case::new(&seen, &settings));
    assert!(
        found.log_odds().is_some_and(|log_odds| log_odds > 4.0),
        "{found:?}"
    );
    assert_eq!(found.scope[&Dimension::Channel], "yandex-direct-network");
}

#[test]
fn a_dead_line_is_no_change_of_visitors() {
    let settings = firm::settings();
    let mut seen = firm::quiet(6);
    seen.inquiries
        .as_mut()
        .expect("contacts")
        .retain(|inquiry| inquiry.day < firm::START || !Case::is_call(inquiry));
    let found = assess(&Case::new(&seen, &settings));
    assert!(
        found.log_odds().is_some_and(|log_odds| log_odds < 8.0),
        "{found:?}"
    );
    assert!(
        found
            .evidence
            .iter()
            .any(|evidence| evidence.code == words::evidence::traffic_quality::ONE_KIND),
        "{found:?}"
    );
}

#[test]
fn quiet_firms_have_their_usual_visitors() {
    let settings = firm::settings();
    let raised = (0..30).filter(|seed| {
        let seen = firm::quiet(*seed);
        assess(&Case::new(&seen, &settings))
            .log_odds()
            .is_some_and(|log_odds| log_odds > 1.0)
    });
    assert!(raised.count() <= 1);
}
