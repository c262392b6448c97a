//! Contacts and deals by hand: who is one person, where a window ends, whose sale it is.

use proptest::prelude::*;

use super::*;
use crate::model::money::Minor;

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-{text}:00Z")
        .parse()
        .expect("a test writes real times")
}

fn contact(id: &str, time: &str, keys: PersonKeys) -> Contact {
    let (origin, line_channel, fixed_channel) = (None, None, None);
    let (kind, source) = (ContactKind::Call, "pbx".to_owned());
    Contact {
        row: 0,
        at: at(time),
        kind,
        keys,
        origin,
        line_channel,
        fixed_channel,
        source,
        id: id.to_owned(),
    }
}

fn deal(id: &str, created: &str, won: Option<&str>, keys: PersonKeys) -> DealRecord {
    let (created_at, money) = (at(created), won.map(at).map(Money::Sale));
    DealRecord {
        row: 0,
        source: "crm".to_owned(),
        id: id.to_owned(),
        created_at,
        updated_at: None,
        money,
        amount: Minor(100),
        cost: None,
        keys,
    }
}

fn phone(key: u64) -> PersonKeys {
    PersonKeys {
        phone_key: Some(key),
        ..PersonKeys::default()
    }
}

fn shape(joined: &Joined) -> Vec<String> {
    let ids = |inquiry: &JoinedInquiry| {
        let contacts: Vec<&str> = inquiry
            .contacts
            .iter()
            .map(|contact| contact.id.as_str())
            .collect();
        let sales: Vec<&str> = inquiry.sales.iter().map(|sale| sale.id.as_str()).collect();
        format!("{} > {}", contacts.join(" "), sales.join(" "))
            .trim_end_matches([' ', '>'])
            .to_owned()
    };
    joined.inquiries.iter().map(ids).collect()
}

#[test]
fn the_window_is_counted_from_the_first_contact_and_does_not_slide() {
    let contacts = vec![
        contact("a", "01-01T10:00", phone(1)),
        contact("b", "01-20T10:00", phone(1)),
        contact("c", "01-31T09:59", phone(1)),
        contact("d", "01-31T10:00", phone(1)),
        contact("e", "02-25T10:00", phone(1)),
    ];
    assert_eq!(shape(&join(contacts, vec![], 30, 90)), ["a b c", "d e"]);
}

#[test]
fn a_person_is_known_by_any_chain_of_keys() {
    let contacts = vec![
        contact("call", "03-01T10:00", phone(1)),
        contact(
            "form",
            "03-02T10:00",
            PersonKeys {
                phone_key: Some(1),
                email_key: Some(2),
                ..Default::default()
            },
        ),
        contact(
            "chat",
            "03-03T10:00",
            PersonKeys {
                email_key: Some(2),
                client: Some(3),
                ..Default::default()
            },
        ),
        contact(
            "other",
            "03-03T10:00",
            PersonKeys {
                client: Some(2),
                crm_contact: Some(1),
                ..Default::default()
            },
        ),
        contact("nobody", "03-04T10:00", PersonKeys::default()),
        contact(
            "no-client",
            "03-04T10:01",
            PersonKeys {
                client: Some(0),
                ..Default::default()
            },
        ),
        contact(
            "no-client-2",
            "03-04T10:02",
            PersonKeys {
                client: Some(0),
                ..Default::default()
            },
        ),
    ];
    let expected = [
        "call form chat",
        "other",
        "nobody",
        "no-client",
        "no-client-2",
    ];
    assert_eq!(shape(&join(contacts, vec![], 30, 90)), expected);
}

#[test]
fn a_deal_joins_people_that_only_the_crm_knows_to_be_one() {
    let contacts = vec![
        contact("call", "03-01T10:00", phone(1)),
        contact(
            "form",
            "03-02T10:00",
            PersonKeys {
                email_key: Some(2),
                ..Default::default()
            },
        ),
    ];
    let keys = PersonKeys {
        phone_key: Some(1),
        email_key: Some(2),
        ..Default::default()
    };
    assert_eq!(
        shape(&join(
            contacts,
            vec![deal("7", "03-05T10:00", None, keys)],
            30,
            90
        )),
        ["call form"]
    );
}

#[test]
fn a_sale_belongs_to_the_last_inquiry_before_its_deal() {
    let contacts = vec![
        contact("a", "01-01T10:00", phone(1)),
        contact("b", "02-10T10:00", phone(1)),
        contact("c", "04-01T10:00", phone(1)),
    ];
    let deals = vec![
        deal("old", "01-05T00:00", Some("05-01T10:00"), phone(1)),
        deal("same-day", "02-10T00:00", Some("02-20T10:00"), phone(1)),
        deal("second", "03-01T00:00", Some("03-02T10:00"), phone(1)),
        deal("lost", "03-01T00:00", None, phone(1)),
    ];
    let joined = join(contacts, deals, 30, 90);
    assert_eq!(shape(&joined), ["a > old", "b > same-day second", "c"]);
    assert!(joined.sales_without_inquiry.is_empty());
}

#[test]
fn a_deal_before_or_long_after_the_inquiry_is_a_sale_without_one() {
    let contacts = vec![contact("a", "02-10T10:00", phone(1))];
    let deals = vec![
        deal("grace", "02-09T10:00", Some("02-11T10:00"), phone(1)),
        deal("too-early", "02-09T09:59", Some("02-12T10:00"), phone(1)),
        deal("last-day", "05-11T10:00", Some("05-12T10:00"), phone(1)),
        deal("too-late", "05-11T10:01", Some("05-12T10:00"), phone(1)),
        deal("stranger", "02-11T10:00", Some("02-11T12:00"), phone(9)),
    ];
    let joined = join(contacts, deals, 30, 90);
    assert_eq!(shape(&joined), ["a > grace last-day"]);
    let without: Vec<&str> = joined
        .sales_without_inquiry
        .iter()
        .map(|sale| sale.id.as_str())
        .collect();
    assert_eq!(without, ["stranger", "too-early", "too-late"]);
}

#[test]
fn a_deal_that_is_its_own_contact_needs_no_key() {
    let mut own = contact("7", "02-10T10:00", PersonKeys::default());
    (own.kind, own.source) = (ContactKind::Deal, "crm".to_owned());
    let deals = vec![deal(
        "7",
        "02-10T10:00",
        Some("02-20T10:00"),
        PersonKeys::default(),
    )];
    assert_eq!(shape(&join(vec![own], deals, 30, 90)), ["7 > 7"]);
}

#[test]
fn an_office_telephone_joins_and_is_counted() {
    let calls = |count: u32| {
        (0..count).map(|n| {
            contact(
                &n.to_string(),
                &format!("03-{:02}T10:00", n / 3 + 1),
                phone(1),
            )
        })
    };
    // Many others, so that the telephone is no large part of all.
    let among_others = |count: u32| {
        let others = (0..400).map(|n| contact(&format!("o{n}"), "03-01T09:00", phone(100 + n)));
        join(calls(count).chain(others).collect(), vec![], 30, 90)
    };
    assert_eq!(among_others(50).crowded_keys, 0);
    let crowd = among_others(51);
    assert_eq!((crowd.crowded_keys, crowd.inquiries.len()), (1, 401));
}

#[test]
fn a_number_on_a_fifth_of_all_contacts_is_a_crowd() {
    let own = (0..11).map(|n| {
        contact(
            &format!("own{n}"),
            &format!("03-{:02}T10:00", n + 1),
            phone(1),
        )
    });
    let with_others = |count: u64| {
        let others = (0..count).map(|n| contact(&format!("o{n}"), "03-01T09:00", phone(100 + n)));
        join(own.clone().chain(others).collect(), vec![], 30, 90).crowded_keys
    };
    assert_eq!(with_others(44), 1);
    assert_eq!(with_others(45), 0);
}

fn with_email(number: u64, email: u64) -> PersonKeys {
    PersonKeys {
        email_key: Some(email),
        ..phone(number)
    }
}

fn at_numbers(count: u64) -> Joined {
    let contacts = (1..=count).map(|n| contact(&n.to_string(), "03-02T10:00", with_email(n, 9)));
    join(contacts.collect(), vec![], 30, 90)
}

#[test]
fn an_address_beside_more_numbers_than_a_person_has_joins_nobody() {
    assert_eq!(at_numbers(5).inquiries.len(), 1);
    let shared = at_numbers(6);
    assert_eq!(shared.inquiries.len(), 6);
    let of_email = SharedKeys {
        keys: 1,
        records: 6,
    };
    assert_eq!(shared.shared, BTreeMap::from([(KeyKind::Email, of_email)]));
}

#[test]
fn numbers_of_deals_tell_that_an_address_is_nobodys_too() {
    let contacts: Vec<Contact> = (1..=6)
        .map(|n| contact(&n.to_string(), "03-02T10:00", phone(n)))
        .collect();
    let deals = (1..=6).map(|n| deal(&n.to_string(), "03-02T11:00", None, with_email(n, 9)));
    let joined = join(contacts, deals.collect(), 30, 90);
    assert_eq!(joined.inquiries.len(), 6);
}

#[test]
fn an_office_with_one_number_and_one_address_stays_one_client() {
    let contacts = (1..=20).map(|n| {
        let time = format!("03-{n:02}T10:00");
        contact(&n.to_string(), &time, with_email(1, 9))
    });
    assert_eq!(join(contacts.collect(), vec![], 30, 90).inquiries.len(), 1);
}

/// The keys of a number with a second one.
fn with_second(number: u64, second: u64) -> PersonKeys {
    PersonKeys {
        more: vec![(KeyKind::Phone, second)],
        ..phone(number)
    }
}

#[test]
fn a_deal_finds_the_inquiry_of_its_second_number() {
    let contacts = vec![contact("form", "03-02T10:00", phone(1))];
    let deals = vec![deal(
        "7",
        "03-02T11:00",
        Some("03-05T10:00"),
        with_second(5, 1),
    )];
    assert_eq!(join(contacts, deals, 30, 90).inquiries[0].sales.len(), 1);
}

#[test]
fn the_firms_own_number_beside_many_others_joins_nobody_and_is_no_news() {
    let joined = |people: u64| {
        let contacts = (1..=people).map(|n| contact(&n.to_string(), "03-02T10:00", phone(n)));
        let own = 99;
        let deals =
            (1..=people).map(|n| deal(&n.to_string(), "03-02T11:00", None, with_second(n, own)));
        join(contacts.collect(), deals.collect(), 30, 90)
    };
    assert_eq!(joined(6).inquiries.len(), 6);
    assert_eq!(joined(6).shared, BTreeMap::new());
    assert_eq!(joined(2).inquiries.len(), 1, "a family");
}

proptest! {
    #[test]
    fn order_of_input_changes_nothing(
        written in prop::collection::vec((0_i64..200, 0_u64..4, 0_u64..4), 0..20).prop_shuffle(),
        rotate in 0_usize..20,
    ) {
        let start = at("01-01T00:00");
        let (mut contacts, mut deals) = (Vec::new(), Vec::new());
        for (index, (days, first, second)) in written.iter().enumerate() {
            let keys = PersonKeys { phone_key: Some(*first), email_key: (*second > 0).then_some(*second), ..Default::default() };
            let mut one = contact(&index.to_string(), "01-01T00:00", keys.clone());
            one.at = start + TimeDelta::days(*days);
            contacts.push(one);
            let mut sale = deal(&index.to_string(), "01-01T00:00", Some("01-01T00:00"), keys);
            sale.created_at = start + TimeDelta::days(days + 3);
            deals.push(sale);
        }
        let joined = join(contacts.clone(), deals.clone(), 30, 60);
        let (turn, count) = (rotate % contacts.len().max(1), contacts.len());
        contacts.rotate_left(turn);
        deals.reverse();
        prop_assert_eq!(&joined, &join(contacts, deals, 30, 60));
        let sold: usize = joined.inquiries.iter().map(|inquiry| inquiry.sales.len()).sum();
        let kept: usize = joined.inquiries.iter().map(|inquiry| inquiry.contacts.len()).sum();
        prop_assert_eq!(kept, count);
        prop_assert_eq!(sold + joined.sales_without_inquiry.len(), count);
    }
}
