//! Each model by hand on one path, the order of evidence, and the law that credit adds up to 1.

use proptest::prelude::*;

use super::*;
use crate::marts::inquiries::{Contact, PersonKeys};
use crate::model::facts::ContactKind;
use crate::model::money::Minor;
use crate::model::origin::Origin;

const MODELS: [AttributionModel; 6] = AttributionModel::ALL;

const RULES: AttributionRules = AttributionRules {
    model: AttributionModel::LastNonDirect,
    lookback_days: 90,
    half_life_days: 7,
    position_ends_percent: 40,
};

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-{text}:00Z")
        .parse()
        .expect("a test writes real times")
}

fn touch(client: u64, time: &str, channel: &str) -> SessionTouch {
    SessionTouch {
        client,
        at: at(time),
        channel: ChannelId::new(channel),
        place: PlaceId::default(),
    }
}

fn rules() -> ChannelRules {
    ChannelRules::shipped("ru-default")
}

fn contact(time: &str, client: Option<u64>) -> Contact {
    Contact {
        row: 0,
        at: at(time),
        kind: ContactKind::Call,
        keys: PersonKeys {
            client,
            ..PersonKeys::default()
        },
        origin: None,
        line_channel: None,
        fixed_channel: None,
        source: "pbx".to_owned(),
        id: time.to_owned(),
    }
}

fn inquiry(contacts: Vec<Contact>) -> JoinedInquiry {
    JoinedInquiry {
        contacts,
        sales: vec![],
        refunds: vec![],
    }
}

fn written(credit: &[(ChannelId, f64)]) -> String {
    credit
        .iter()
        .map(|(channel, share)| format!("{channel} {share:.4}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Ads on the 1st, search on the 8th, ads on the 8th, direct on the 15th; the contact is on the 15th.
fn example() -> Paths {
    Paths::new(vec![
        touch(1, "06-15T10:00", "direct"),
        touch(1, "06-01T10:00", "ads"),
        touch(1, "06-08T10:00", "search"),
        touch(1, "06-08T10:00", "ads"),
    ])
}

#[test]
fn each_model_shares_one_path_as_by_hand() {
    let paths = example();
    let inquiry = inquiry(vec![contact("06-15T10:00", Some(1))]);
    let evidence = evidence(&inquiry, &paths, &rules(), 90);
    let expected = [
        (AttributionModel::LastNonDirect, "search 1.0000"),
        (AttributionModel::Last, "direct 1.0000"),
        (AttributionModel::First, "ads 1.0000"),
        (
            AttributionModel::Linear,
            "ads 0.5000, direct 0.2500, search 0.2500",
        ),
        // 40 to the first ads, 40 to direct, 10 and 10 to the two between.
        (
            AttributionModel::PositionBased,
            "ads 0.5000, direct 0.4000, search 0.1000",
        ),
        // Weights 1/4 + 1/2 for ads, 1/2 for search, 1 for direct: of 9/4.
        (
            AttributionModel::TimeDecay,
            "ads 0.3333, direct 0.4444, search 0.2222",
        ),
    ];
    for (model, shares) in expected {
        assert_eq!(
            written(&evidence.credit(model, inquiry.at(), &RULES)),
            shares,
            "{model:?}"
        );
    }
}

#[test]
fn short_paths_and_extreme_settings_are_shared_sensibly() {
    let paths = Paths::new(vec![
        touch(1, "06-01T10:00", "ads"),
        touch(1, "06-02T10:00", "search"),
        touch(1, "06-03T10:00", "email"),
    ]);
    let path = |count: usize| {
        paths
            .before(&[1], at("06-03T10:00"), 90)
            .into_iter()
            .take(count)
            .collect::<Vec<_>>()
    };
    let by_position = |count: usize, ends: u32| {
        let rules = AttributionRules {
            position_ends_percent: ends,
            ..RULES
        };
        written(&Evidence::Path(path(count)).credit(
            AttributionModel::PositionBased,
            at("06-03T10:00"),
            &rules,
        ))
    };
    assert_eq!(by_position(1, 40), "ads 1.0000");
    assert_eq!(by_position(2, 40), "ads 0.5000, search 0.5000");
    assert_eq!(by_position(3, 50), "ads 0.5000, email 0.5000");
    assert_eq!(by_position(3, 0), "search 1.0000");
}

#[test]
fn only_direct_sessions_are_direct_and_so_is_a_client_without_any() {
    let paths = Paths::new(vec![
        touch(1, "06-01T10:00", "direct"),
        touch(2, "02-01T10:00", "ads"),
        touch(2, "06-03T10:01", "ads"),
    ]);
    for client in [1, 2, 3] {
        let found = attribute(
            &inquiry(vec![contact("06-03T10:00", Some(client))]),
            &paths,
            &rules(),
            &RULES,
            Tz::UTC,
        );
        assert_eq!(
            (written(&found.credit).as_str(), found.matched_by),
            ("direct 1.0000", MatchedBy::Client),
            "{client}"
        );
    }
}

#[test]
fn the_lookback_holds_both_its_ends() {
    let paths = Paths::new(vec![
        touch(1, "03-03T09:59", "before"),
        touch(1, "03-03T10:00", "first"),
        touch(2, "06-01T10:00", "last"),
        touch(2, "06-01T10:01", "after"),
    ]);
    let path = paths.before(&[1, 2], at("06-01T10:00"), 90);
    assert_eq!(
        path.iter()
            .map(|touch| touch.channel.as_str())
            .collect::<Vec<_>>(),
        ["first", "last"]
    );
}

#[test]
fn evidence_is_taken_strongest_first() {
    let paths = example();
    let tag = Origin {
        source: Some("yandex".to_owned()),
        medium: Some("cpc".to_owned()),
        ..Origin::default()
    };
    let plain = || contact("06-15T10:00", None);
    let lined = Contact {
        line_channel: Some(ChannelId::new("outdoor")),
        ..plain()
    };
    let tagged = Contact {
        origin: Some(tag),
        ..lined.clone()
    };
    let nothing = Contact {
        fixed_channel: Some(ChannelId::unattributed()),
        ..lined.clone()
    };
    let fixed = Contact {
        fixed_channel: Some(ChannelId::new("avito")),
        ..tagged.clone()
    };
    let referred = Contact {
        origin: Some(Origin {
            referrer_host: Some("own.example".to_owned()),
            ..Origin::default()
        }),
        ..plain()
    };
    let cases = [
        (vec![plain()], "unattributed", MatchedBy::Nothing),
        (vec![referred], "unattributed", MatchedBy::Nothing),
        (vec![lined.clone()], "outdoor", MatchedBy::Line),
        (vec![nothing], "outdoor", MatchedBy::Line),
        (
            vec![lined.clone(), tagged.clone()],
            "yandex-direct",
            MatchedBy::Tag,
        ),
        (vec![tagged], "yandex-direct", MatchedBy::Tag),
        (vec![fixed.clone()], "avito", MatchedBy::Tag),
        (
            vec![fixed, contact("06-15T12:00", Some(1))],
            "search",
            MatchedBy::Client,
        ),
    ];
    for (contacts, channel, matched_by) in cases {
        let found = attribute(&inquiry(contacts), &paths, &rules(), &RULES, Tz::UTC);
        assert_eq!(
            (found.credit, found.matched_by),
            (vec![(ChannelId::new(channel), 1.0)], matched_by)
        );
    }
}

#[test]
fn days_are_those_of_the_pipelines_zone() {
    let sale = WonDeal {
        won_at: at("06-30T21:30"),
        amount: Minor(5),
        cost: None,
        source: "crm".to_owned(),
        id: "1".to_owned(),
        person: 0,
    };
    let joined = JoinedInquiry {
        contacts: vec![contact("06-15T22:00", None)],
        sales: vec![sale],
        refunds: vec![],
    };
    let found = attribute(
        &joined,
        &Paths::default(),
        &rules(),
        &RULES,
        chrono_tz::Europe::Moscow,
    );
    assert_eq!(
        (found.day.to_string(), found.sales[0].day.to_string()),
        ("2026-06-16".to_owned(), "2026-07-01".to_owned())
    );
}

proptest! {
    #[test]
    fn credit_adds_up_to_one(
        path in prop::collection::vec((0_i64..3650 * 86_400, 0_usize..4), 0..30),
        half_life_days in 1_u32..400,
        position_ends_percent in 0_u32..=50,
    ) {
        let contact = at("06-15T10:00");
        let channel = |index: usize| ChannelId::new(["direct", "ads", "search", "email"][index]);
        let touches = path.iter().map(|(age, index)| SessionTouch { client: 1, at: contact - TimeDelta::seconds(*age), channel: channel(*index), place: PlaceId::default() });
        let paths = Paths::new(touches.collect());
        let evidence = Evidence::Path(paths.before(&[1], contact, 3650));
        let rules = AttributionRules { half_life_days, position_ends_percent, ..RULES };
        for model in MODELS {
            let credit = evidence.credit(model, contact, &rules);
            let sum: f64 = credit.iter().map(|(_, share)| share).sum();
            prop_assert!((sum - 1.0).abs() < 1e-9, "{:?} {}", model, sum);
            let placed = evidence.placed(model, contact, &rules);
            let by_channel: Vec<(ChannelId, f64)> = placed.into_iter().map(|((channel, _), share)| (channel, share)).collect();
            // No session is credited to direct by its absence, of which there is no place.
            prop_assert!(path.is_empty() || by_channel == credit);
            prop_assert!(credit.is_sorted_by(|a, b| a.0 < b.0) && credit.iter().all(|(_, share)| *share > 0.0));
        }
    }
}
