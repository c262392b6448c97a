use super::*;
use crate::config::words;
use crate::diagnosis::firm::{Dice, START, count_exports, quiet, settings};
use crate::model::facts::ContactKind;
use crate::model::observations::{Dimension, Observations, SeenDeal, SeenInquiry};

/// Takes forms away in hours of the history, each with probability `lost`.
fn break_forms(
    seen: &mut Observations,
    of: impl Fn(&SeenInquiry) -> bool,
    hours: std::ops::Range<u32>,
    lost: f64,
) {
    let mut dice = Dice::new(99);
    seen.inquiries.as_mut().expect("contacts").retain(|one| {
        let is_hit = one.kind == ContactKind::Form
            && of(one)
            && hours.contains(&(one.day * 24 + u32::from(one.hour)));
        !(is_hit && dice.hits(lost))
    });
    count_exports(seen);
}

fn of(seen: &Observations) -> Assessment {
    let settings = settings();
    assess(&Case::new(seen, &settings))
}

fn odds(seen: &Observations) -> f64 {
    of(seen).log_odds().expect("there are forms")
}

fn at(day: u32, hour: u32) -> u32 {
    (START + day) * 24 + hour
}

#[test]
fn a_dead_form_is_found() {
    for seed in 0..5 {
        let mut seen = quiet(seed);
        break_forms(&mut seen, |one| one.form == 1, at(0, 0)..at(7, 0), 1.0);
        let found = of(&seen);
        assert!(found.log_odds().expect("forms") > 5.0, "{found:?}");
        assert_eq!(
            found.scope.get(&Dimension::Form).map(String::as_str),
            Some("main"),
            "{found:?}"
        );
        assert!(found.lost_inquiries.expect("a loss").value > 8.0 && found.ended_at.is_none());
    }
}

#[test]
fn a_form_that_fails_on_telephones_is_found_by_device() {
    let hits = (0..10).filter(|seed| {
        let mut seen = quiet(*seed);
        break_forms(&mut seen, |one| one.device == 1, at(0, 0)..at(7, 0), 1.0);
        let found = of(&seen);
        found.log_odds().expect("forms") > 3.0
            && found
                .scope
                .get(&Dimension::Device)
                .is_some_and(|on| on == "phone")
    });
    assert!(hits.count() >= 9);
}

#[test]
fn forms_that_come_without_their_device_are_not_missing() {
    for seed in 0..5 {
        let mut seen = quiet(seed);
        for one in seen.inquiries.iter_mut().flatten() {
            if one.kind == ContactKind::Form && one.day >= START {
                one.device = 0;
            }
        }
        let found = of(&seen);
        assert!(
            !found.scope.contains_key(&Dimension::Device) && found.log_odds().expect("forms") < 1.0,
            "{found:?}"
        );
    }
}

#[test]
fn all_forms_dead_from_noon_are_found_with_their_start_and_end() {
    for seed in 0..5 {
        let mut seen = quiet(seed);
        break_forms(&mut seen, |_| true, at(1, 12)..at(5, 12), 1.0);
        let found = of(&seen);
        assert!(
            found.log_odds().expect("forms") > 3.0 && found.scope.is_empty(),
            "{found:?}"
        );
        let settings = settings();
        let case = Case::new(&seen, &settings);
        let off = |found: Option<chrono::DateTime<chrono::Utc>>, day: u32| {
            (found.expect("a time") - case.hour((START + day) as usize, 12))
                .num_hours()
                .abs()
        };
        assert!(
            off(found.started_at, 1) <= 24 && off(found.ended_at, 5) <= 24,
            "{found:?}"
        );
    }
}

#[test]
fn quiet_weeks_are_quiet() {
    let loud = (0..34).filter(|seed| odds(&quiet(*seed)) > 1.0).count();
    assert!(loud <= 1, "{loud} of 34");
}

#[test]
fn a_dead_line_is_no_broken_form() {
    for seed in 0..10 {
        let mut seen = quiet(seed);
        seen.inquiries
            .as_mut()
            .expect("contacts")
            .retain(|one| one.line != 1 || one.day < START);
        assert!(odds(&seen) < 1.0);
    }
}

/// No form arrives on five days, though the analytics sees as many sent as ever.
fn unseen(seed: u64) -> Observations {
    let mut seen = quiet(seed);
    let mut sent = vec![0; seen.days() as usize];
    seen.inquiries
        .iter()
        .flatten()
        .filter(|one| one.form > 0)
        .for_each(|one| sent[one.day as usize] += 1);
    for row in seen
        .visits
        .iter_mut()
        .flatten()
        .filter(|row| row.channel == 1 && row.device == 1)
    {
        row.counts.form_sends = sent[row.day as usize];
    }
    break_forms(&mut seen, |_| true, at(0, 0)..at(5, 0), 1.0);
    seen
}

/// Whether a deal came of a form of those days.
fn is_of_unseen(deal: &SeenDeal) -> bool {
    (START..START + 5).contains(&deal.day) && deal.contact == Some(ContactKind::Form)
}

#[test]
fn days_that_only_the_analytics_saw_are_a_missing_export() {
    for seed in 0..5 {
        let mut seen = unseen(seed);
        // People whose form was not exported have deals of which nobody knows the inquiry.
        for deal in seen
            .deals
            .iter_mut()
            .flatten()
            .filter(|deal| is_of_unseen(deal))
        {
            deal.contact = None;
        }
        let found = of(&seen);
        assert!(
            found
                .evidence
                .iter()
                .any(|evidence| evidence.code == words::evidence::forms::NO_ROWS),
            "{found:?}"
        );
        assert!(found.log_odds().expect("forms") < 0.0, "{found:?}");
    }
}

#[test]
fn forms_that_were_sent_and_became_no_deals_arrived_nowhere() {
    for seed in 0..5 {
        let mut seen = unseen(seed);
        seen.deals
            .as_mut()
            .expect("a CRM")
            .retain(|deal| !is_of_unseen(deal));
        let found = of(&seen);
        assert!(
            found
                .evidence
                .iter()
                .all(|evidence| evidence.code != words::evidence::forms::NO_ROWS),
            "{found:?}"
        );
        assert!(found.log_odds().expect("forms") > 5.0, "{found:?}");
    }
}

/// A shop: no forms and no telephones, its orders are the contacts.
fn quiet_shop(seed: u64) -> Observations {
    let mut seen = quiet(seed);
    seen.has_forms = false;
    seen.calls = None;
    for one in seen.inquiries.iter_mut().flatten() {
        one.kind = ContactKind::Deal;
        (one.form, one.line) = (0, 0);
    }
    seen
}

#[test]
fn a_shop_whose_orders_stop_on_telephones_has_a_broken_form() {
    for seed in 0..5 {
        assert!(odds(&quiet_shop(seed)) < 1.0, "{seed}: quiet");
        let mut seen = quiet_shop(seed);
        let inquiries = seen.inquiries.as_mut().expect("contacts");
        inquiries.retain(|one| one.day < START || one.device != 1);
        let found = of(&seen);
        assert!(found.log_odds().expect("orders") > 5.0, "{found:?}");
        let device = found.scope.get(&Dimension::Device);
        assert_eq!(device.map(String::as_str), Some("phone"), "{found:?}");
        let told = &found.evidence[0].code;
        assert_eq!(*told, words::evidence::forms::NO_ORDERS_DEVICE);
    }
}

#[test]
fn all_orders_together_are_no_form() {
    for seed in 0..5 {
        let mut seen = quiet_shop(seed);
        for one in seen.inquiries.iter_mut().flatten() {
            (one.page, one.device) = (0, 0);
        }
        let found = of(&seen);
        assert_eq!(
            found.log_odds(),
            None,
            "no visit tells where they came from"
        );
    }
}

#[test]
fn without_an_export_of_forms_nothing_can_be_said() {
    let mut seen = quiet(1);
    seen.has_forms = false;
    assert_eq!(of(&seen).log_odds(), None);
}
