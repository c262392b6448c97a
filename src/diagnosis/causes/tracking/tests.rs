use super::*;
use crate::diagnosis::firm;
use crate::model::observations::Observations;

fn log_odds(seen: &Observations) -> f64 {
    assess(&Case::new(seen, &firm::settings()))
        .log_odds()
        .expect("assessable")
}

#[test]
fn a_tag_that_fires_twice_is_found() {
    let mut seen = firm::quiet(11);
    for row in seen
        .visits
        .iter_mut()
        .flatten()
        .filter(|row| row.day >= firm::START)
    {
        row.counts.doubled = row.counts.sessions;
        row.counts.sessions *= 2;
    }
    assert!(log_odds(&seen) > 8.0);
}

#[test]
fn a_channel_whose_tags_are_lost_is_found() {
    let mut seen = firm::quiet(11);
    for row in seen
        .visits
        .iter_mut()
        .flatten()
        .filter(|row| row.day >= firm::START && row.channel == 1)
    {
        row.channel = 4;
    }
    assert!(log_odds(&seen) > 8.0);
}

#[test]
fn clients_that_are_lost_are_found() {
    let mut seen = firm::quiet(11);
    for inquiry in seen
        .inquiries
        .iter_mut()
        .flatten()
        .filter(|inquiry| inquiry.day >= firm::START)
    {
        inquiry.matched_by = MatchedBy::Nothing;
    }
    assert!(log_odds(&seen) > 8.0);
}

#[test]
fn quiet_firms_are_counted_as_ever() {
    let raised = (0..30).filter(|seed| log_odds(&firm::quiet(*seed)) > 1.0);
    assert!(raised.count() <= 1);
}
