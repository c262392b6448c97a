use super::*;
use crate::diagnosis::firm;
use crate::model::observations::Observations;

fn log_odds(seen: &Observations) -> f64 {
    assess(&Case::new(seen, &firm::settings()))
        .log_odds()
        .expect("assessable")
}

/// A firm whose sessions of one channel, or of all, are counted twice since the period began.
fn counted_twice(channel: Option<Code>) -> Assessment {
    let mut seen = firm::quiet(11);
    for row in seen.visits.iter_mut().flatten() {
        let is_here = channel.is_none_or(|channel| row.channel == channel);
        if row.day >= firm::START && is_here {
            row.counts.doubled = row.counts.sessions;
            row.counts.sessions *= 2;
        }
    }
    assess(&Case::new(&seen, &firm::settings()))
}

#[test]
fn a_tag_that_fires_twice_is_found_everywhere_with_what_it_takes_from_the_rate() {
    let found = counted_twice(None);
    assert!(found.log_odds().is_some_and(|odds| odds > 8.0), "{found:?}");
    assert!(found.scope.is_empty(), "{found:?}");
    // Twice the sessions bring as many inquiries as ever: as many again seem to be missing.
    let came = firm::quiet(11).inquiries.expect("contacts");
    let came = came.iter().filter(|seen| seen.day >= firm::START).count() as f64;
    assert!(
        (0.7..1.3).contains(&(found.explains / came)),
        "{found:?} of {came}"
    );
}

#[test]
fn a_channel_that_is_counted_twice_is_named() {
    let found = counted_twice(Some(1));
    assert!(found.log_odds().is_some_and(|odds| odds > 8.0), "{found:?}");
    let channel = found.scope.get(&Dimension::Channel).map(String::as_str);
    assert_eq!(channel, Some("yandex-direct-search"));
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

/// A firm whose first page has half of its sessions since the period began; the other half are on the second one, or nowhere.
fn half_of_a_page(is_moved: bool) -> Observations {
    let mut seen = firm::quiet(11);
    let (first, second) = (1, 2);
    let mut moved = Vec::new();
    for row in &mut seen.page_visits {
        if row.day >= firm::START && row.page == first {
            let part = row.counts.sessions / 2;
            row.counts.sessions -= part;
            let mut other = *row;
            other.page = second;
            other.counts.sessions = part;
            moved.push(other);
        }
    }
    let page = seen.slices.position(Dimension::Page).expect("pages");
    let places = &mut seen.slices.places;
    for at in 0..places.len() {
        if places[at].codes[page] != first {
            continue;
        }
        let part = places[at].now / 2;
        places[at].now -= part;
        let mut codes = places[at].codes.clone();
        codes[page] = second;
        let other = places.iter_mut().find(|place| place.codes == codes);
        if let Some(other) = other.filter(|_| is_moved) {
            other.now += part;
        }
    }
    if is_moved {
        seen.page_visits.extend(moved);
    }
    seen
}

#[test]
fn visitors_who_went_to_another_page_are_not_lost() {
    let (lost, moved) = (
        log_odds(&half_of_a_page(false)),
        log_odds(&half_of_a_page(true)),
    );
    assert!(lost > 2.0 && moved < 0.0, "{lost} {moved}");
}

#[test]
fn quiet_firms_are_counted_as_ever() {
    let raised = (0..30).filter(|seed| log_odds(&firm::quiet(*seed)) > 1.0);
    assert!(raised.count() <= 1);
}
