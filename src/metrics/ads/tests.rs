//! Campaigns of one channel worked out by hand, and the law that rows add up to their channel.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::metrics::sample;
use crate::metrics::settings::StageTitle;
use crate::model::ads::{AdPlace, AdSpend, AdVisits};
use crate::model::channel::ChannelId;
use crate::model::facts::Spend;

/// Twelve weeks, the reported one last.
const WEEKS: usize = 12;

fn monday(week: usize) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2026, 8, 24).expect("the day exists");
    first + Days::new(7 * week as u64)
}

fn place(campaign: &str, phrase: &str) -> AdPlace {
    AdPlace {
        channel: ChannelId::new("yandex-direct"),
        campaign: campaign.to_owned(),
        group: String::new(),
        phrase: phrase.to_owned(),
        ad: String::new(),
        page: "shop.example/".to_owned(),
    }
}

/// Of each phrase sessions, inquiries and sales (after three weeks) a week; ten thousand a week for two hundred sessions.
fn facts(rows: &[(&str, &str, u64, u32, u32)], last: impl Fn(usize, u32) -> u32) -> AdFacts {
    let (mut visits, mut spend, mut inquiries) = (Vec::new(), Vec::new(), Vec::new());
    for week in 0..WEEKS {
        for (at, (_, _, sessions, usual, sold)) in rows.iter().enumerate() {
            visits.push(AdVisits {
                period: week,
                place: at,
                sessions: *sessions,
                // Every tenth visit reaches the first stage, half of them the second; in the last week of `dveri` a tenth.
                reached: match (week + 1 == WEEKS, rows[at].0) {
                    (true, "dveri") => vec![sessions / 10, sessions / 100],
                    _ => vec![sessions / 10, sessions / 20],
                },
            });
            let cost = Minor(*sessions as i64 * 5_000);
            let spent = Spend {
                cost,
                ..Spend::default()
            };
            spend.push(AdSpend {
                period: week,
                place: at,
                spend: spent,
            });
            let count = if week + 1 == WEEKS {
                last(at, *usual)
            } else {
                *usual
            };
            for number in 0..count {
                // What has not happened by the Monday after the last week is not known.
                let is_known = week + 3 < WEEKS;
                inquiries.push(AdInquiry {
                    day: monday(week) + Days::new(u64::from(number) % 7),
                    place: at,
                    share: 1.0,
                    sold_after: (number < *sold && is_known).then_some(21),
                    revenue: Minor(if number < *sold && is_known {
                        5_000_000
                    } else {
                        0
                    }),
                    cost: Minor(0),
                    uncosted: Minor(if number < *sold && is_known {
                        5_000_000
                    } else {
                        0
                    }),
                });
            }
        }
    }
    AdFacts {
        periods: (0..WEEKS)
            .map(|week| Period::week_of(monday(week)))
            .collect(),
        places: rows.iter().map(|row| place(row.0, row.1)).collect(),
        visits: Some(visits),
        spend: Some(spend),
        inquiries: Some(inquiries),
    }
}

const ROWS: [(&str, &str, u64, u32, u32); 4] = [
    ("okna", "пластиковые окна", 200, 12, 4),
    ("okna", "окна дёшево", 200, 12, 0),
    ("balkon", "остекление балкона", 400, 24, 6),
    ("dveri", "входные двери", 200, 12, 1),
];

/// The phrase that never sells loses its inquiries in the last week.
fn firm() -> Ads {
    let facts = facts(&ROWS, |at, usual| if at == 1 { 0 } else { usual });
    ads(&facts, Some(monday(WEEKS)), &sample::plan())
}

fn named(found: &[AdFinding]) -> Vec<&str> {
    found
        .iter()
        .map(|finding| finding.key.name.as_deref().unwrap_or_default())
        .collect()
}

#[test]
fn a_phrase_that_lost_its_inquiries_is_told_and_not_its_campaign() {
    let ads = firm();
    assert_eq!(named(&ads.fell), ["окна дёшево"]);
    let fell = &ads.fell[0];
    assert_eq!((fell.observed, fell.of), (0.0, 200.0));
    assert!((fell.expected - 12.0).abs() < 0.2, "{fell:?}");
}

#[test]
fn a_stage_of_a_campaign_that_fell_is_told_and_the_others_are_not() {
    let mut rows = ROWS;
    // Enough visits for a share of a stage.
    rows.iter_mut().for_each(|row| row.2 *= 4);
    let mut plan = sample::plan();
    plan.stages = [("cart", "Cart"), ("order", "Order")]
        .map(|(code, title)| StageTitle {
            code: code.to_owned(),
            title: title.to_owned(),
        })
        .into();
    let ads = ads(&facts(&rows, |_, usual| usual), Some(monday(WEEKS)), &plan);
    let campaigns = ads
        .rows
        .iter()
        .filter(|row| row.key.level == AdLevel::Campaign);
    let words: Vec<_> = campaigns
        .map(|row| {
            let stages = row.stages.iter();
            let stages = stages.map(|stage| (stage.count, stage.verdict));
            (
                row.key.campaign.as_deref().unwrap_or_default(),
                stages.collect::<Vec<_>>(),
            )
        })
        .collect();
    let noise = RowVerdict::Noise;
    assert_eq!(
        words,
        [
            ("balkon", vec![(160, noise), (80, noise)]),
            ("dveri", vec![(80, noise), (8, RowVerdict::Worse)]),
            ("okna", vec![(160, noise), (80, noise)]),
        ]
    );
    let phrases = ads
        .rows
        .iter()
        .filter(|row| row.key.level == AdLevel::Phrase);
    assert!(phrases.into_iter().all(|row| row.stages.is_empty()));
}

#[test]
fn a_phrase_with_one_ad_is_told_once() {
    let mut facts = facts(&ROWS, |_, usual| usual);
    for (at, place) in facts.places.iter_mut().enumerate() {
        place.ad = format!("ad{at}");
    }
    let ads = ads(&facts, Some(monday(WEEKS)), &sample::plan());
    let found: Vec<_> = (ads.never_sells.iter())
        .map(|finding| (finding.key.level, finding.key.name.as_deref()))
        .collect();
    assert_eq!(found, [(AdLevel::Phrase, Some("окна дёшево"))]);
}

#[test]
fn the_return_is_of_margin_where_goods_have_a_cost() {
    let mut facts = facts(&ROWS, |_, usual| usual);
    for inquiry in facts.inquiries.iter_mut().flatten() {
        // Sixty of a hundred roubles went for goods.
        inquiry.cost = Minor(inquiry.revenue.0 * 6 / 10);
        inquiry.uncosted = Minor(0);
    }
    let of = |facts: &AdFacts, name: &str| {
        let ads = ads(facts, Some(monday(WEEKS)), &sample::plan());
        let row = ads
            .rows
            .iter()
            .find(|row| row.key.level == AdLevel::Phrase && row.key.name.as_deref() == Some(name));
        row.and_then(|row| row.matured).expect("matured")
    };
    // A week: 24 inquiries, six sales of 50 000 for 20 000; of each 20 000 are left.
    let sells = of(&facts, "остекление балкона");
    assert_eq!(sells.margin, Some(Minor(sells.revenue.0 * 4 / 10)));
    assert_eq!(sells.romi_margin, Some(5.0), "(120 000 − 20 000) ÷ 20 000");
    assert_eq!(sells.romi, Some(14.0), "(300 000 − 20 000) ÷ 20 000");
    let never = of(&facts, "окна дёшево");
    assert_eq!(
        (never.margin, never.romi_margin),
        (Some(Minor(0)), Some(-1.0))
    );
    let first_sale = facts
        .inquiries
        .iter_mut()
        .flatten()
        .find(|row| row.cost.0 > 0);
    first_sale.expect("a sale").uncosted = Minor(1);
    assert_eq!(
        of(&facts, "пластиковые окна").margin,
        None,
        "one cost is not known"
    );
    assert_eq!(firm().rows[0].matured.and_then(|row| row.margin), None);
}

#[test]
fn what_spends_and_never_sells_is_told_with_its_money() {
    let ads = firm();
    assert_eq!(named(&ads.never_sells), ["окна дёшево"]);
    let never = &ads.never_sells[0];
    // Nine weeks of 10 000 and 12 inquiries; of the others' 432 inquiries 99 sold, 23 %.
    assert_eq!(never.spend, Some(Minor(9_000_000)));
    assert_eq!((never.observed, never.of), (0.0, 108.0));
    assert!((never.expected - 24.8).abs() < 0.2, "{never:?}");
}

#[test]
fn the_matured_cohort_has_its_cost_per_sale() {
    let ads = firm();
    let latest = ads.latest.expect("a week has matured");
    assert_eq!((latest.from, latest.periods), (monday(7), 1));
    let of = |phrase: &str| {
        let row = ads
            .rows
            .iter()
            .find(|row| row.key.name.as_deref() == Some(phrase));
        let cohort = row
            .and_then(|row| row.latest)
            .expect("the phrase has a row");
        (cohort.sales, cohort.inquiries, cohort.cost_per_sale)
    };
    assert_eq!(of("пластиковые окна"), (4.0, 12.0, Some(Minor(250_000))));
    assert_eq!(of("окна дёшево"), (0.0, 12.0, None));
    assert_eq!(of("остекление балкона"), (6.0, 24.0, Some(Minor(333_333))));
    assert_eq!(of("входные двери"), (1.0, 12.0, Some(Minor(1_000_000))));
}

#[test]
fn the_cheapest_sales_deserve_more() {
    assert!(named(&firm().deserves_more).contains(&"пластиковые окна"));
}

#[test]
fn equal_phrases_stand_out_by_nothing() {
    let rows: Vec<_> = ROWS.iter().map(|row| (row.0, row.1, 200, 12, 3)).collect();
    let ads = ads(
        &facts(&rows, |_, usual| usual),
        Some(monday(WEEKS)),
        &sample::plan(),
    );
    assert_eq!(named(&ads.fell), [""; 0]);
    assert_eq!(named(&ads.never_sells), [""; 0]);
    assert_eq!(named(&ads.deserves_more), [""; 0]);
}

#[test]
fn without_costs_no_row_has_a_cost() {
    let mut facts = facts(&ROWS, |_, usual| usual);
    facts.spend = None;
    let ads = ads(&facts, Some(monday(WEEKS)), &sample::plan());
    assert!(
        ads.rows
            .iter()
            .all(|row| row.spend.is_none() && row.cpl.is_none())
    );
    assert_eq!(ads.never_sells, []);
}

proptest! {
    #[test]
    fn rows_of_every_level_add_up_to_the_channel(
        counts in prop::collection::vec((0_u64..500, 0_u32..20, 0_u32..5), 4),
    ) {
        let rows: Vec<_> = ROWS.iter().zip(&counts).map(|(row, (sessions, inquiries, sold))| {
            (row.0, row.1, *sessions, *inquiries, *sold)
        }).collect();
        let ads = ads(&facts(&rows, |_, usual| usual), Some(monday(WEEKS)), &sample::plan());
        let sessions: u64 = counts.iter().map(|count| count.0).sum();
        for level in [AdLevel::Campaign, AdLevel::Phrase, AdLevel::Page] {
            let of_level = || ads.rows.iter().filter(move |row| row.key.level == level);
            prop_assert_eq!(of_level().filter_map(|row| row.sessions).sum::<u64>(), sessions);
            let inquiries: f64 = of_level().filter_map(|row| row.inquiries).sum();
            prop_assert_eq!(inquiries, f64::from(counts.iter().map(|count| count.1).sum::<u32>()));
        }
    }
}
