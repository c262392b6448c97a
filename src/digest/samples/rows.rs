//! Rows of the samples: a channel's numbers from its sessions and inquiries.

use crate::metrics::scorecard::{
    Changes, ChannelRow, CohortRate, Comparison, Deviation, RowVerdict, UnitCosts, Usual,
};
use crate::metrics::values::{Estimate, Measures, Rate};
use crate::model::change::Change;
use crate::model::channel::ChannelId;
use crate::model::money::Minor;
use crate::model::period::Period;
use std::collections::BTreeMap;

pub(super) fn rate(k: f64, n: f64) -> Rate {
    const Z: f64 = 1.96;
    if n <= 0.0 {
        return Rate {
            value: None,
            low: None,
            high: None,
            k: Some(k),
            n: Some(n),
            needed: None,
        };
    }
    let (p, square) = (k / n, Z * Z);
    let middle = (p + square / (2.0 * n)) / (1.0 + square / n);
    let half = Z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt() / (1.0 + square / n);
    Rate {
        value: (k >= 10.0).then_some(p),
        low: Some((middle - half).max(0.0)),
        high: Some(middle + half),
        k: Some(k),
        n: Some(n),
        needed: (k < 10.0).then_some(500),
    }
}

pub(super) fn measures(sessions: u64, inquiries: f64) -> Measures {
    Measures {
        sessions: Some(sessions),
        users: Some(sessions * 4 / 5),
        inquiries: Some(inquiries),
        sales: Some((inquiries * 0.05).round()),
        revenue: Some(Minor((inquiries * 0.05).round() as i64 * 8_400_000)),
        sales_closed: Some((inquiries * 0.23).round()),
        revenue_closed: Some(Minor((inquiries * 0.23).round() as i64 * 8_400_000)),
        given_back: Minor(0),
        gross_margin: None,
        spend: Some(Minor(sessions as i64 * 5_571)),
        impressions: Some(sessions * 60),
        clicks: Some(sessions),
    }
}

pub(super) fn row(
    week: &Period,
    id: &str,
    title: &str,
    sessions: u64,
    inquiries: f64,
) -> ChannelRow {
    let verdict = if inquiries < 10.0 {
        RowVerdict::TooFew
    } else {
        RowVerdict::Noise
    };
    let base = |period: Period, factor: f64| {
        comparison(
            period,
            (sessions as f64 * factor) as u64,
            (inquiries * factor).round(),
        )
    };
    let mut row = ChannelRow {
        channel: ChannelId::new(id),
        title: title.to_owned(),
        measures: measures(sessions, inquiries),
        conv1: rate(inquiries, sessions as f64),
        conv2: CohortRate {
            rate: rate((inquiries * 0.05).round(), inquiries),
            maturity: Some(0.31),
            expected_by_now: Some(inquiries * 0.06),
            expected_final: (inquiries >= 100.0).then_some(Estimate {
                value: 0.24,
                low: 0.19,
                high: 0.29,
            }),
        },
        overall: rate((inquiries * 0.05).round(), sessions as f64),
        costs: UnitCosts::default(),
        previous: Some(base(week.previous(), 0.98)),
        last_year: Some(base(week.last_year(), 0.94)),
        usual: None,
        plan: BTreeMap::new(),
        stages: Vec::new(),
        past: [1.0, 0.9, 1.1, 1.05, 0.95, 1.0]
            .map(|factor| Some((inquiries * factor).round()))
            .to_vec(),
        verdict,
    };
    set_inquiries(&mut row, inquiries, verdict);
    row.usual = (sessions > 0 && inquiries >= 10.0).then(|| usual(sessions, inquiries));
    row
}

pub(super) fn usual(sessions: u64, inquiries: f64) -> Usual {
    let around = |value: f64, share: f64| Estimate {
        value,
        low: value * (1.0 - share),
        high: value * (1.0 + share),
    };
    let expected = around(inquiries, 0.095);
    let conv1 = around(inquiries / sessions as f64, 0.095);
    Usual {
        inquiries: expected,
        conv1,
        deviation: Deviation::of(&expected, &conv1, inquiries, sessions as f64),
        p_value: 0.21,
        periods: 13,
        detectable: Some(0.12),
    }
}

/// Channels that nobody pays for by the click.
pub(super) fn forget_spend(row: &mut ChannelRow) {
    row.measures = Measures {
        spend: None,
        impressions: None,
        clicks: None,
        ..row.measures
    };
    row.costs = UnitCosts::default();
    for base in [&mut row.previous, &mut row.last_year]
        .into_iter()
        .flatten()
    {
        base.change.cpl = Change::NoBase;
    }
}

/// Puts a count of inquiries into a row, with the changes and costs that follow from it.
pub(super) fn set_inquiries(row: &mut ChannelRow, inquiries: f64, verdict: RowVerdict) {
    let sessions = row.measures.sessions.unwrap_or_default();
    row.measures = measures(sessions, inquiries);
    row.conv1 = rate(inquiries, sessions as f64);
    row.verdict = verdict;
    let is_moved = matches!(verdict, RowVerdict::Worse | RowVerdict::Better);
    if let Some(usual) = row.usual.as_mut() {
        let (expected, conv1) = (usual.inquiries, usual.conv1);
        usual.deviation = Deviation::of(&expected, &conv1, inquiries, sessions as f64);
    }
    if let Some(usual) = row.usual.as_mut().filter(|_| is_moved) {
        usual.p_value = 0.0004;
    }
    row.costs = UnitCosts {
        cpc: Some(Minor(5_571)),
        ctr: Some(0.0167),
        cpl: (inquiries >= 10.0).then(|| Minor((sessions as f64 * 5_571.0 / inquiries) as i64)),
        cac: (inquiries >= 50.0)
            .then(|| Minor((sessions as f64 * 5_571.0 / (inquiries * 0.23)) as i64)),
        average_check: Some(Minor(8_400_000)),
        romi: (inquiries >= 50.0).then_some(3.17),
        romi_margin: None,
    };
    for base in [&mut row.previous, &mut row.last_year]
        .into_iter()
        .flatten()
    {
        let before = base.measures;
        let (k, n) = (
            before.inquiries.unwrap_or_default(),
            before.sessions.unwrap_or_default() as f64,
        );
        base.change.inquiries = percent(inquiries, k, is_moved);
        base.change.conv1 = points(&row.conv1, &base.conv1, is_moved, n);
        base.change.cpl = match (row.costs.cpl, base.cpl) {
            (Some(now), Some(then)) => percent(now.major(), then.major(), is_moved),
            _ => Change::TooFew,
        };
    }
}

pub(super) fn percent(now: f64, base: f64, beyond_noise: bool) -> Change {
    if base < 20.0 {
        return Change::TooFew;
    }
    Change::Percent {
        value: (now / base - 1.0) * 100.0,
        beyond_noise,
    }
}

pub(super) fn points(now: &Rate, base: &Rate, beyond_noise: bool, n: f64) -> Change {
    let (Some(now), Some(base)) = (now.value, base.value) else {
        return Change::TooFew;
    };
    let (value, half) = (
        (now - base) * 100.0,
        196.0 * (2.0 * base * (1.0 - base) / n.max(1.0)).sqrt(),
    );
    Change::Points {
        value,
        low: value - half,
        high: value + half,
        beyond_noise,
    }
}

pub(super) fn comparison(period: Period, sessions: u64, inquiries: f64) -> Comparison {
    let small = Change::Percent {
        value: 1.9,
        beyond_noise: false,
    };
    Comparison {
        period,
        measures: measures(sessions, inquiries),
        conv1: rate(inquiries, sessions as f64),
        conv2: rate((inquiries * 0.06).round(), inquiries),
        cpl: (inquiries >= 10.0).then(|| Minor((sessions as f64 * 5_571.0 / inquiries) as i64)),
        change: Changes {
            sessions: small,
            users: Change::Percent {
                value: -0.04,
                beyond_noise: false,
            },
            inquiries: small,
            conv1: Change::TooFew,
            conv2: Change::Immature,
            sales_closed: Change::Percent {
                value: -3.1,
                beyond_noise: false,
            },
            revenue_closed: Change::Percent {
                value: 4.4,
                beyond_noise: false,
            },
            spend: small,
            cpl: Change::TooFew,
        },
    }
}
