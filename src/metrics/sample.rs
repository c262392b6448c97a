//! Invented facts for tests: weeks of a small firm, planted number by number.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::{CohortAges, FunnelTitles, MetricSettings, StageTitle};
use crate::config::rules::{MoneyRules, Proration, Thresholds};
use crate::model::calendar::Calendar;
use crate::model::channel::ChannelId;
use crate::model::facts::{
    Arrived, ContactKind, Facts, Inquiry, MatchedBy, PeriodFacts, Sale, Spend, Traced, Traffic,
};
use crate::model::money::Minor;
use crate::model::period::Period;
use crate::model::zone::day_start;

/// One channel in one week: sessions, inquiries and spend in roubles.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planted(
    pub(super) &'static str,
    pub(super) u64,
    pub(super) usize,
    pub(super) i64,
);

/// The settings of the defaults, in Moscow.
pub(super) fn plan() -> MetricSettings {
    MetricSettings {
        thresholds: Thresholds {
            min_events: 10,
            min_base: 20,
            alpha: 0.01,
            channels_fdr: 0.05,
            base_periods: 8,
            max_reject_share: 0.05,
        },
        sales: CohortAges {
            horizon_days: 90,
            mature_days: 28,
        },
        money: MoneyRules {
            margin: None,
            silence_days: 90,
        },
        proration: Proration::Auto,
        experiments: Vec::new(),
        zone: chrono_tz::Europe::Moscow,
        channel_titles: BTreeMap::from([(ChannelId::new("ads"), "Advertising".to_owned())]),
        total_title: "All channels".to_owned(),
        funnel_titles: FunnelTitles {
            sessions: "Sessions".to_owned(),
            inquiries: "Inquiries".to_owned(),
            deals: "Deals".to_owned(),
            sales: "Sales".to_owned(),
        },
        stages: vec![StageTitle {
            code: "price".to_owned(),
            title: "Price list".to_owned(),
        }],
        deal_stages: Vec::new(),
    }
}

/// The week that reports are made for in tests.
pub(super) fn reported_week() -> Period {
    Period::week_of(day("2026-11-09"))
}

/// A day.
pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a test writes real days")
}

/// The end of a day in Moscow.
pub(super) fn end_of(text: &str) -> DateTime<Utc> {
    day_start(day(text) + Days::new(1), chrono_tz::Europe::Moscow)
}

/// An inquiry that belongs to one channel, with sales of 1 000 roubles so many days later.
pub(super) fn inquiry(channel: &str, arrived: NaiveDate, sold_after: &[u64]) -> Inquiry {
    let at = |day: NaiveDate| {
        day.and_hms_opt(9, 0, 0)
            .expect("nine in the morning")
            .and_utc()
    };
    let sale = |days: &u64| {
        let day = arrived + Days::new(*days);
        Sale {
            won_at: at(day),
            day,
            amount: Minor(100_000),
            cost: None,
        }
    };
    Inquiry {
        at: at(arrived),
        day: arrived,
        kind: ContactKind::Call,
        contacts: 1,
        credit: vec![(ChannelId::new(channel), 1.0)],
        matched_by: if channel == ChannelId::UNATTRIBUTED {
            MatchedBy::Nothing
        } else {
            MatchedBy::Client
        },
        sales: sold_after.iter().map(sale).collect(),
        refunds: Vec::new(),
    }
}

/// Weeks, oldest first, ending with the reported one. Inquiries are spread over the days of their week; every fifth of
/// them sells 0, 4, 8, … 20 days later, unless that is after the last known day, the reported Sunday.
pub(super) fn facts(weeks: &[&[Planted]]) -> Facts {
    let known_until = end_of("2026-11-15");
    let mut periods: Vec<Period> =
        std::iter::successors(Some(reported_week()), |week| Some(week.previous()))
            .take(weeks.len())
            .collect();
    periods.reverse();
    let mut inquiries = Vec::new();
    for (period, channels) in periods.iter().zip(weeks) {
        for Planted(channel, _, count, _) in *channels {
            for index in 0..*count as u64 {
                let arrived = period.from + Days::new(index % 7);
                let lag = index / 5 % 6 * 4;
                let is_sold = index % 5 == 0 && arrived + Days::new(lag) <= day("2026-11-15");
                inquiries.push(inquiry(
                    channel,
                    arrived,
                    if is_sold {
                        std::slice::from_ref(&lag)
                    } else {
                        &[]
                    },
                ));
            }
        }
    }
    Facts {
        daily: None,
        periods: periods
            .into_iter()
            .zip(weeks)
            .map(|(period, channels)| period_facts(period, channels))
            .collect(),
        last_year: None,
        inquiries: Some(inquiries),
        deal_paths: None,
        answers: None,
        work: None,
        sales_without_inquiry: Vec::new(),
        refunds_without_inquiry: Vec::new(),
        bought: None,
        has_deals: true,
        traced: Traced::default(),
        sales_are_traced: true,
        arrived: Arrived {
            contacts: true,
            deals: true,
        },
        known_until,
        left_out: BTreeMap::new(),
        contacts: BTreeMap::new(),
        targets: Vec::new(),
        calendar: Calendar::default(),
        month: None,
        paid: None,
        managed: None,
        experiments: Vec::new(),
        sources: Vec::new(),
        links: Vec::new(),
        amounts: Vec::new(),
        costs_of: BTreeMap::new(),
        click_prices: Vec::new(),
        absent_managers: Vec::new(),
    }
}

/// Traffic and spend of one period. Half of the sessions see the price list; every second session is a client's second.
pub(super) fn period_facts(period: Period, channels: &[Planted]) -> PeriodFacts {
    let by = |channels: &[Planted]| -> BTreeMap<ChannelId, Planted> {
        channels
            .iter()
            .map(|planted| (ChannelId::new(planted.0), *planted))
            .collect()
    };
    let site: BTreeMap<_, _> = by(channels)
        .into_iter()
        .filter(|(_, planted)| planted.1 > 0)
        .collect();
    let traffic: BTreeMap<_, _> = (site.iter())
        .map(|(id, planted)| {
            (
                id.clone(),
                Traffic {
                    sessions: planted.1,
                    users: Some(planted.1.div_ceil(2)),
                },
            )
        })
        .collect();
    let spend = |planted: &Planted| Spend {
        impressions: planted.1 * 40,
        clicks: planted.1,
        cost: Minor(planted.3 * 100),
    };
    PeriodFacts {
        period,
        users_total: traffic.values().map(|row| row.users).sum(),
        traffic: Some(traffic),
        spend: Some(
            site.iter()
                .filter(|(_, row)| row.3 > 0)
                .map(|(id, row)| (id.clone(), spend(row)))
                .collect(),
        ),
        stage_users: Vec::new(),
        stages: vec![
            site.iter()
                .map(|(id, planted)| (id.clone(), planted.1 / 2))
                .collect(),
        ],
    }
}
