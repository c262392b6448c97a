use super::*;
use crate::config::words;
use crate::diagnosis::firm;
use crate::diagnosis::weigh::evidence::Value;
use crate::model::observations::Observations;

/// Halves the sessions, inquiries and clicks of a channel in the reported week.
fn halve(seen: &mut Observations, channel: Code) {
    for row in seen.visits.iter_mut().flatten() {
        if row.day >= firm::START && row.channel == channel {
            row.counts.sessions /= 2;
        }
    }
    let mut keep = false;
    seen.inquiries
        .as_mut()
        .expect("contacts")
        .retain(|inquiry| {
            keep = !keep;
            inquiry.day < firm::START || inquiry.channel != channel || keep
        });
    for row in seen.ads.iter_mut().flatten() {
        if row.day >= firm::START && row.channel == channel {
            row.clicks /= 2;
        }
    }
}

#[test]
fn a_channel_that_brings_half_is_found_with_its_loss() {
    let settings = firm::settings();
    let mut seen = firm::quiet(5);
    halve(&mut seen, 1);
    let found = assess(&Case::new(&seen, &settings));
    assert!(
        found.log_odds().is_some_and(|log_odds| log_odds > 6.0),
        "{found:?}"
    );
    assert_eq!(found.scope[&Dimension::Channel], "yandex-direct-search");
    let lost = found.lost_inquiries.expect("a loss").value;
    assert!(
        (12.0..28.0).contains(&lost),
        "half of 800 sessions at 5 %: {lost}"
    );
}

/// Takes a channel's sessions, inquiries and clicks of one day away.
fn silence(seen: &mut Observations, channel: Code, on: u32) {
    let is_silent = |day: u32, of: Code| day == on && of == channel;
    let visits = seen.visits.as_mut().expect("sessions");
    visits.retain(|row| !is_silent(row.day, row.channel));
    let ads = seen.ads.as_mut().expect("ads");
    ads.retain(|row| !is_silent(row.day, row.channel));
    let inquiries = seen.inquiries.as_mut().expect("contacts");
    inquiries.retain(|one| !is_silent(one.day, one.channel));
}

#[test]
fn a_channel_that_is_silent_for_a_day_and_comes_back_is_found() {
    let settings = firm::settings();
    for seed in 0..5 {
        let mut seen = firm::quiet(seed);
        silence(&mut seen, 2, firm::START + 2);
        let found = assess(&Case::new(&seen, &settings));
        assert!(
            found.log_odds().is_some_and(|log_odds| log_odds > 5.0),
            "{found:?}"
        );
        assert_eq!(found.scope[&Dimension::Channel], "yandex-direct-network");
        let main = &found.evidence[0];
        let on = Value::Day(seen.date(firm::START + 2));
        assert_eq!(main.code, words::evidence::traffic_volume::SESSIONS);
        assert_eq!(main.values["first"], on);
        let day = |found: Option<chrono::DateTime<chrono::Utc>>| {
            seen.day_of(found?.with_timezone(&seen.zone).date_naive())
        };
        assert_eq!(day(found.started_at), Some(firm::START + 2));
        assert_eq!(day(found.ended_at), Some(firm::START + 3));
        // 1200 sessions a week, 1.15 of 7 of them on a Wednesday, 1.2 % inquire: 2.4.
        let lost = found.lost_inquiries.expect("a loss").value;
        assert!((1.5..3.5).contains(&lost), "{lost}");
    }
}

#[test]
fn sessions_that_only_lost_their_tag_are_no_loss_of_traffic() {
    let settings = firm::settings();
    let mut seen = firm::quiet(5);
    for row in seen
        .visits
        .iter_mut()
        .flatten()
        .filter(|row| row.day >= firm::START && row.channel == 1)
    {
        row.channel = 4;
    }
    let found = assess(&Case::new(&seen, &settings));
    assert!(
        found.log_odds().is_some_and(|log_odds| log_odds < 10.0),
        "{found:?}"
    );
    assert!(
        found.evidence.iter().any(|evidence| evidence.weight < -3.0),
        "{found:?}"
    );
}

#[test]
fn quiet_firms_have_no_loss_of_traffic() {
    let settings = firm::settings();
    let raised = (0..30).filter(|seed| {
        let seen = firm::quiet(*seed);
        assess(&Case::new(&seen, &settings))
            .log_odds()
            .is_some_and(|log_odds| log_odds > 1.0)
    });
    assert!(raised.count() <= 1);
}
