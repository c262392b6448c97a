use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::*;
use crate::metrics::sample;
use crate::model::channel::ChannelId;
use crate::model::data_fault::Priced;
use crate::model::facts::{Spend, Traffic};
use crate::model::link::{DealAmounts, Found, Link, LinkCounts, SaleAmounts};
use crate::model::money::Minor;

fn source(name: &str, table: Table) -> SourceState {
    SourceState {
        source: name.to_owned(),
        table: Some(table),
        state: SourceHealth::Complete,
        last_day: None,
        missing_days: Vec::new(),
        rejected: 0,
        read: 0,
        sales_doubt: None,
        other_currencies: Vec::new(),
        data_faults: Vec::new(),
    }
}

/// Eight weeks and the reported one of a channel with so many visits and clicks each.
pub(super) fn firm(weeks: [(u64, u64); 9]) -> Facts {
    let empty: &[sample::Planted] = &[];
    let mut facts = sample::facts(&[empty; 9]);
    for (known, (sessions, clicks)) in facts.periods.iter_mut().zip(weeks) {
        let channel = || ChannelId::new("direct-ads");
        let traffic = Traffic {
            sessions,
            users: None,
        };
        let spend = Spend {
            impressions: 20 * clicks,
            clicks,
            cost: Minor(clicks as i64 * 2000),
        };
        known.traffic = Some(BTreeMap::from([(channel(), traffic)]));
        known.spend = Some(BTreeMap::from([(channel(), spend)]));
    }
    facts.costs_of = BTreeMap::from([(ChannelId::new("direct-ads"), "costs".to_owned())]);
    facts.sources = vec![
        source("site", Table::Sessions),
        source("telephony", Table::Calls),
        source("crm", Table::Deals),
        source("costs", Table::Costs),
    ];
    facts
}

pub(super) fn quiet() -> Facts {
    firm([(300, 200); 9])
}

/// Events of which so many were found in each of eight weeks, and on each day of the reported one.
pub(super) fn link(link: Link, (found, of): (u64, u64), week: [(u64, u64); 7]) -> LinkCounts {
    let monday: NaiveDate = "2026-11-09".parse().expect("a day");
    let days = monday.iter_days().zip(week);
    let days: Vec<(NaiveDate, Found)> = days
        .map(|(day, (found, of))| (day, Found { of, found }))
        .collect();
    let now = days.iter().fold(Found::default(), |sum, (_, day)| Found {
        of: sum.of + day.of,
        found: sum.found + day.found,
    });
    let mut periods = vec![Found { of, found }; 8];
    periods.push(now);
    let place = if link == Link::DealsToContacts {
        "telephony"
    } else {
        "crm"
    };
    let found = periods.iter().map(|period| period.found).collect();
    LinkCounts {
        link,
        witness: if link == Link::DealsToContacts {
            "crm"
        } else {
            "telephony"
        }
        .to_owned(),
        places: vec![(place.to_owned(), found)],
        periods,
        days,
    }
}

/// What is told of an export.
pub(super) fn told(facts: &Facts, export: &str) -> Vec<DataFault> {
    let sources = sources(facts);
    let source = sources.iter().find(|source| source.source == export);
    source.expect("the export").data_faults.clone()
}

#[test]
fn a_firm_as_ever_has_no_faults() {
    let mut facts = quiet();
    facts.links = vec![
        link(Link::CallsToDeals, (42, 60), [(6, 9); 7]),
        link(Link::DealsToContacts, (50, 60), [(7, 9); 7]),
        link(Link::ContactsToVisits, (36, 40), [(5, 6); 7]),
    ];
    for source in sources(&facts) {
        assert_eq!(source.data_faults, [], "{}", source.source);
    }
}

#[test]
fn deals_that_stop_for_calls_are_told_with_the_days_and_spoil_the_export() {
    let mut facts = quiet();
    let week = [(7, 9), (6, 9), (0, 9), (0, 9), (0, 9), (0, 9), (0, 9)];
    facts.links = vec![link(Link::CallsToDeals, (42, 60), week)];
    let [
        DataFault::Unlinked {
            link,
            found,
            of,
            usual_percent,
            from,
            spoils,
            ..
        },
    ] = &told(&facts, "crm")[..]
    else {
        panic!("{:?}", told(&facts, "crm"));
    };
    // 13 of 63 are a third of the usual seven in ten: not nothing yet.
    assert_eq!(
        (*link, *found, *of, *usual_percent, *spoils),
        (Link::CallsToDeals, 0, 45, 70, false)
    );
    assert_eq!(from.to_string(), "2026-11-11");
    facts.links = vec![link_without_any()];
    let [DataFault::Unlinked { spoils, .. }] = &told(&facts, "crm")[..] else {
        panic!("{:?}", told(&facts, "crm"));
    };
    assert!(spoils);
}

fn link_without_any() -> LinkCounts {
    link(Link::CallsToDeals, (42, 60), [(0, 9); 7])
}

#[test]
fn an_export_that_holds_the_deals_of_forms_is_read_although_those_of_calls_are_gone() {
    let mut facts = quiet();
    let forms = link(Link::FormsToDeals, (20, 30), [(3, 4); 7]);
    facts.links = vec![link_without_any(), forms];
    let [DataFault::Unlinked { spoils, .. }] = &told(&facts, "crm")[..] else {
        panic!("{:?}", told(&facts, "crm"));
    };
    assert!(!spoils);
}

#[test]
fn a_share_of_few_that_halves_by_chance_is_not_told() {
    let mut facts = quiet();
    let week = [(1, 2), (0, 1), (1, 1), (0, 1), (0, 1), (0, 0), (0, 0)];
    facts.links = vec![link(Link::CallsToDeals, (4, 6), week)];
    assert_eq!(told(&facts, "crm"), []);
}

#[test]
fn contacts_that_fall_silent_are_no_break_by_themselves() {
    let mut facts = quiet();
    // Three calls a week instead of sixty: the telephone is dead, and what comes is entered as ever.
    let week = [(1, 1), (1, 1), (0, 1), (0, 0), (0, 0), (0, 0), (0, 0)];
    facts.links = vec![
        link(Link::CallsToDeals, (42, 60), week),
        link(
            Link::DealsToContacts,
            (50, 60),
            [(2, 2), (0, 0), (1, 1), (0, 0), (0, 0), (0, 0), (0, 0)],
        ),
    ];
    assert_eq!(told(&facts, "crm"), []);
    assert_eq!(told(&facts, "telephony"), []);
}

#[test]
fn deals_whose_calls_are_unknown_are_a_fault_of_the_calls() {
    let mut facts = quiet();
    facts.links = vec![link(Link::DealsToContacts, (50, 60), [(3, 9); 7])];
    let [
        DataFault::Unlinked {
            link,
            witness,
            spoils,
            ..
        },
    ] = &told(&facts, "telephony")[..]
    else {
        panic!("{:?}", told(&facts, "telephony"));
    };
    assert_eq!(
        (*link, witness.as_str(), *spoils),
        (Link::DealsToContacts, "crm", true)
    );
    assert_eq!(told(&facts, "crm"), []);
}

#[test]
fn visitors_who_are_not_among_the_visits_are_missing_or_of_another_system() {
    let broken = link(Link::ContactsToVisits, (36, 40), [(2, 6); 7]);
    // With half of the visits they are missing there.
    let mut facts = firm([
        (300, 200),
        (300, 200),
        (300, 200),
        (300, 200),
        (300, 200),
        (300, 200),
        (300, 200),
        (300, 200),
        (150, 100),
    ]);
    facts.links = vec![broken.clone()];
    assert!(matches!(
        told(&facts, "site")[..],
        [DataFault::Unlinked { spoils: true, .. }]
    ));
    // With as many visits as ever their ids are wrong.
    let mut facts = quiet();
    facts.links = vec![broken];
    assert!(matches!(
        told(&facts, "telephony")[..],
        [DataFault::Unlinked { spoils: false, .. }]
    ));
    assert_eq!(told(&facts, "site"), []);
}

#[test]
fn clicks_without_visits_and_visits_told_twice_stand_beside_the_visits() {
    let mut weeks = [(300, 200); 9];
    weeks[8] = (40, 200);
    let fault = |sessions| DataFault::Clicks {
        channel: ChannelId::new("direct-ads"),
        clicks: 200,
        sessions,
        expected: 300,
        spoils: false,
    };
    assert_eq!(told(&firm(weeks), "site"), [fault(40)]);
    weeks[8] = (610, 200);
    assert_eq!(told(&firm(weeks), "site"), [fault(610)]);
    weeks[8] = (220, 200);
    assert_eq!(told(&firm(weeks), "site"), []);
}

#[test]
fn clicks_that_change_while_visits_stay_are_a_fault_of_the_costs() {
    let mut weeks = [(300, 200); 9];
    let fault = |clicks, expected| DataFault::Clicks {
        channel: ChannelId::new("direct-ads"),
        clicks,
        sessions: 300,
        expected,
        spoils: false,
    };
    for (clicks, expected) in [(100, 150), (500, 750)] {
        weeks[8] = (300, clicks);
        assert_eq!(told(&firm(weeks), "costs"), [fault(clicks, expected)]);
        assert_eq!(told(&firm(weeks), "site"), []);
    }
    // Ads that were halved bring half of the visits.
    weeks[8] = (150, 100);
    assert_eq!(told(&firm(weeks), "costs"), []);
}

#[test]
fn weeks_that_vary_by_themselves_are_let_vary() {
    let weeks = [
        (150, 200),
        (420, 200),
        (200, 200),
        (390, 200),
        (160, 200),
        (350, 200),
        (240, 200),
        (310, 200),
        (130, 200),
    ];
    assert_eq!(told(&firm(weeks), "site"), []);
}

#[test]
fn a_click_that_costs_a_hundred_times_as_much_is_of_another_unit() {
    let mut facts = quiet();
    let last = facts
        .periods
        .last_mut()
        .and_then(|known| known.spend.as_mut());
    let spend = last.and_then(|spend| spend.values_mut().next());
    spend.expect("spend").cost = Minor(200 * 200_000);
    let fault = DataFault::Amounts {
        of: Priced::Click,
        now: Minor(200_000),
        usual: Minor(2000),
    };
    assert_eq!(told(&facts, "costs"), [fault]);
}

#[test]
fn deals_worth_another_size_are_told_from_ten_of_them_on() {
    let mut facts = quiet();
    let amounts = |deals| DealAmounts {
        export: "crm".to_owned(),
        deals,
        median: Some(Minor(9_000_000)),
        usual: Some(Minor(90_000)),
        before: 80,
        before_then: 80,
        sold: SaleAmounts::default(),
    };
    facts.amounts = vec![amounts(9)];
    assert_eq!(told(&facts, "crm"), []);
    facts.amounts = vec![amounts(10)];
    assert!(matches!(
        told(&facts, "crm")[..],
        [DataFault::Amounts {
            of: Priced::Deal,
            ..
        }]
    ));
}

#[test]
fn what_is_known_to_be_missing_is_not_told_a_second_time() {
    let mut facts = quiet();
    facts.links = vec![link_without_any()];
    facts.sources[2].state = SourceHealth::Partial;
    assert_eq!(told(&facts, "crm"), []);
}

#[test]
fn the_visits_of_an_earlier_week_channel_by_channel_are_an_old_export() {
    let mut facts = quiet();
    let week = |shift: u64| -> BTreeMap<ChannelId, Traffic> {
        let ids = ["organic", "direct", "email", "referral"];
        let channels = ids.into_iter().zip(1..);
        channels
            .map(|(id, place)| {
                let sessions = 40 * place + shift * place % 11;
                (
                    ChannelId::new(id),
                    Traffic {
                        sessions,
                        users: None,
                    },
                )
            })
            .collect()
    };
    let mut shifts = [1, 2, 3, 4, 5, 6, 8, 9, 11];
    let with = |facts: &mut Facts, shifts: [u64; 9]| {
        for (known, shift) in facts.periods.iter_mut().zip(shifts) {
            (known.traffic, known.spend) = (Some(week(shift)), None);
        }
    };
    with(&mut facts, shifts);
    assert_eq!(told(&facts, "site"), []);
    shifts[8] = shifts[7];
    with(&mut facts, shifts);
    assert_eq!(told(&facts, "site"), [DataFault::Retold { back: 1 }]);
    // A firm whose weeks are all the same has one more of them.
    with(&mut facts, [1; 9]);
    assert_eq!(told(&facts, "site"), []);
}
