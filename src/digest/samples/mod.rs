//! Invented digests: every block, every kind of headline and hostile text, for `check` and for tests.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};

use super::meta::{Definitions, DigestMeta, PipelineInfo, Reject};
use super::{Digest, VerdictKind};
use crate::config::language::Language;
use crate::config::rules::{AttributionModel, FunnelBase};
#[cfg(test)]
use crate::diagnosis::Diagnosis;
use crate::metrics::ads::Ads;
use crate::metrics::decomposition::Decomposition;
use crate::metrics::scorecard::{
    ChannelRow, MatureCohort, RowVerdict, Scorecard, Stage, TrendPoint,
};
use crate::metrics::slices::SliceTables;
use crate::metrics::values::Estimate;
use crate::model::change::Change;
use crate::model::channel::ChannelId;
use crate::model::facts::{ContactKind, SourceHealth, SourceState};
use crate::model::record_links::RecordLinks;

use crate::model::period::Period;
use crate::model::table::Table;
use crate::model::target::PlanMetric;

mod changes;
mod findings;
mod nameless;
mod parts;
mod planned;
mod restatement;
mod rows;
#[cfg(test)]
mod stages;

use self::changes::{forget_history, hole, no_traffic, too_small};
use self::parts::decomposition;
use self::restatement::restated;
use self::rows::{forget_spend, rate, row, set_inquiries};
#[cfg(test)]
pub(super) use self::stages::broken_stage;

impl Digest {
    /// An invented digest of a headline kind, with text in it that tries to break out.
    pub fn sample(kind: VerdictKind, language: Language) -> Self {
        let mut meta = meta(language);
        // Where everything is new, this is, too; and the smallest letter has room for all of it.
        if kind == VerdictKind::FirstPeriod {
            meta.nameless = nameless::all();
        }
        Self::new(
            scorecard(kind, language),
            Some(findings::diagnosis(kind)),
            meta,
        )
    }

    /// An invented digest of numbers and a diagnosis of one's own.
    #[cfg(test)]
    pub(super) fn of_parts(card: Scorecard, diagnosis: Diagnosis, language: Language) -> Self {
        Self::new(card, Some(diagnosis), meta(language))
    }

    /// Every kind of headline in one language.
    pub fn samples(language: Language) -> impl Iterator<Item = Self> {
        use VerdictKind::{
            AllTooSmall, DataNotFit, Drop, FirstPeriod, Incident, NoTraffic, NothingSignificant,
            Rise,
        };
        let kinds = [
            Drop,
            Rise,
            Incident,
            NothingSignificant,
            DataNotFit,
            FirstPeriod,
            NoTraffic,
            AllTooSmall,
        ];
        kinds
            .into_iter()
            .map(move |kind| Self::sample(kind, language))
    }
}

fn meta(language: Language) -> DigestMeta {
    let (title, currency, time_zone) = if language == Language::RU {
        ("Окна-Север", "RUB", chrono_tz::Europe::Moscow)
    } else {
        ("North Windows", "GBP", chrono_tz::Europe::London)
    };
    DigestMeta {
        pipeline: PipelineInfo {
            name: "sample".to_owned(),
            title: title.to_owned(),
            language,
            currency: currency.to_owned(),
            time_zone,
            lines: [("8142000002".to_owned(), "Наружная реклама".to_owned())].into(),
            exports: BTreeMap::new(),
            people: BTreeMap::new(),
            takes_replies: true,
            reports_at: Some("https://reports.firm.example".to_owned()),
            attaches_pdf: true,
            view: None,
            records: RecordLinks::default(),
        },
        as_of: DateTime::from_timestamp(1_794_805_200, 0).unwrap_or_default(),
        snapshot_id: "3f9c2a7d41".to_owned(),
        report_version: 1,
        check_days: (16..=20)
            .chain(23..=27)
            .filter_map(|day| NaiveDate::from_ymd_opt(2026, 11, day))
            .collect(),
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        rejects: vec![Reject {
            source: "forms".to_owned(),
            reason: "date-out-of-range".to_owned(),
            rows: 9,
        }],
        nameless: Vec::new(),
        restated: restated(),
        followup: None,
        ads: Ads::default(),
        slices: SliceTables::default(),
        definitions: definitions(),
    }
}

fn definitions() -> Definitions {
    Definitions {
        uniqueness_days: 30,
        target_call_min_s: 0,
        count_missed_calls: true,
        attribution_model: AttributionModel::LastNonDirect,
        lookback_days: 90,
        half_life_days: 7,
        position_ends_percent: 40,
        deal_window_days: 90,
        horizon_days: 90,
        mature_days: 28,
        min_events: 10,
        min_base: 20,
        alpha: 0.025,
        channels_fdr: 0.05,
        base_periods: 13,
        smallest_loss: 5.0,
        funnel_base: FunnelBase::Sessions,
        margin: None,
        silence_days: 90,
    }
}

pub(super) fn scorecard(kind: VerdictKind, language: Language) -> Scorecard {
    let week = Period::week_of(NaiveDate::from_ymd_opt(2026, 11, 9).unwrap_or_default());
    let mut card = ordinary(&week, language);
    match kind {
        VerdictKind::Drop => {
            set_inquiries(&mut card.channels[0], 109.0, RowVerdict::Worse);
            set_inquiries(&mut card.total, 353.0, RowVerdict::Worse);
        }
        VerdictKind::Rise => {
            set_inquiries(&mut card.channels[0], 210.0, RowVerdict::Better);
            set_inquiries(&mut card.total, 468.0, RowVerdict::Better);
        }
        VerdictKind::NothingSignificant | VerdictKind::Incident => {}
        VerdictKind::DataNotFit => hole(&mut card),
        VerdictKind::FirstPeriod => forget_history(&mut card),
        VerdictKind::NoTraffic => no_traffic(&mut card),
        VerdictKind::AllTooSmall => too_small(&mut card),
    }
    card.decomposition = decomposition(&card);
    // The plan is set against the numbers as the headline has them.
    card.planned = Some(planned::planned(&week, &card.total));
    if let Some(last) = card.trend.last_mut() {
        (last.inquiries, last.conv1) = (card.total.measures.inquiries, card.total.conv1);
    }
    card
}

/// A week in which nothing happened.
fn ordinary(week: &Period, language: Language) -> Scorecard {
    let titles: [(&str, &str, &str, u64, f64); 8] = [
        ("yandex-direct", "Яндекс Директ", "Paid search", 5240, 163.0),
        (
            "organic-search",
            "Поиск (SEO)",
            "Organic search",
            4180,
            120.0,
        ),
        ("vk-ads", "VK Реклама", "Paid social", 2310, 36.0),
        ("direct", "Прямые заходы", "Direct", 1240, 40.0),
        ("maps", "Карты и 2ГИС", "Maps", 860, 48.0),
        (
            "hostile",
            "<script>alert(\"1\")</script> & 'очень длинное название канала, которое не помещается в строку'",
            "<script>alert(\"1\")</script> & 'a very long channel name that does not fit into one line'",
            190,
            5.0,
        ),
        (
            "formula",
            "=HYPERLINK(\"http://x\")",
            "=HYPERLINK(\"http://x\")",
            30,
            0.0,
        ),
        (
            ChannelId::UNATTRIBUTED,
            "Не определён",
            "Unattributed",
            0,
            11.0,
        ),
    ];
    let channels: Vec<ChannelRow> = titles
        .into_iter()
        .map(|(id, russian, english, sessions, inquiries)| {
            let title = if language == Language::RU {
                russian
            } else {
                english
            };
            let mut row = row(week, id, title, sessions, inquiries);
            if !matches!(id, "yandex-direct" | "vk-ads" | "maps" | "hostile") {
                forget_spend(&mut row);
            }
            row
        })
        .collect();
    let mut total = row(week, "total", "total", 14_050, 423.0);
    total.plan = [
        (PlanMetric::Sessions, 14_000.0),
        (PlanMetric::Inquiries, 400.0),
        (PlanMetric::Sales, 96.0),
        (PlanMetric::Spend, 780_000.0),
    ]
    .into();
    Scorecard {
        period: week.clone(),
        funnel: funnel(language),
        stage_breaks: Vec::new(),
        deal_stages: None,
        managers: Vec::new(),
        refusals: Vec::new(),
        satisfaction: None,
        work: None,
        trend: trend(week),
        mature_cohort: Some(mature(week, &channels)),
        planned: Some(planned::planned(week, &total)),
        forecast: Some(planned::forecast(week)),
        lengths: Some(planned::lengths(week)),
        experiments: vec![planned::experiment(week)],
        total,
        channels,
        decomposition: Decomposition::default(),
        money: None,
        match_rate: rate(372.0, 423.0),
        client_match_rate: rate(251.0, 423.0),
        traced_sales: rate(83.0, 96.0),
        contacts: [
            (ContactKind::Call, 298),
            (ContactKind::MissedCall, 41),
            (ContactKind::Form, 160),
            (ContactKind::Chat, 22),
        ]
        .into(),
        left_out: [("spam".to_owned(), 12), ("internal".to_owned(), 57)].into(),
        data_health: health(week),
    }
}

fn funnel(language: Language) -> Vec<Stage> {
    let stages: [(&str, &str, &str, f64); 4] = [
        ("sessions", "Визиты", "Visits", 14_050.0),
        (
            "calculator",
            "Открыли калькулятор",
            "Opened the calculator",
            2_140.0,
        ),
        ("inquiries", "Обращения", "Inquiries", 423.0),
        ("sales", "Продажи", "Sales", 21.0),
    ];
    let mut before = None;
    let stage = |(code, russian, english, count): (&str, &str, &str, f64)| {
        let to_previous = before.map_or(rate(0.0, 0.0), |n| rate(count, n));
        before = Some(count);
        Stage {
            code: code.to_owned(),
            title: if language == Language::RU {
                russian
            } else {
                english
            }
            .to_owned(),
            count: Some(count),
            to_sessions: rate(count, 14_050.0),
            to_users: None,
            to_inquiries: if count <= 423.0 {
                rate(count, 423.0)
            } else {
                rate(0.0, 0.0)
            },
            drop_off: to_previous.value.map(|share| 1.0 - share),
            to_previous,
            usual: None,
            change: None,
            verdict: RowVerdict::Unknown,
        }
    };
    stages.into_iter().map(stage).collect()
}

fn trend(week: &Period) -> Vec<TrendPoint> {
    const INQUIRIES: [f64; 13] = [
        404., 416., 423., 407., 417., 402., 411., 424., 408., 420., 415., 412., 423.,
    ];
    let mut period = (1..INQUIRIES.len()).fold(week.clone(), |period, _| period.previous());
    let mut points = Vec::new();
    for (place, inquiries) in INQUIRIES.into_iter().enumerate() {
        let middle = 0.0297 + 0.0001 * (place as f64);
        points.push(TrendPoint {
            sessions: Some(14_000),
            inquiries: Some(inquiries),
            sales_closed: Some(80.0 + ((place * 7) % 20) as f64),
            conv1: rate(inquiries, 14_000.0),
            usual: Some(Estimate {
                value: middle,
                low: middle - 0.0028,
                high: middle + 0.0028,
            }),
            last_year_conv1: Some(0.0272 + 0.0006 * ((place % 4) as f64)),
            period: period.clone(),
        });
        period = period.next();
    }
    points
}

fn mature(week: &Period, channels: &[ChannelRow]) -> MatureCohort {
    let period = (0..4).fold(week.clone(), |period, _| period.previous());
    MatureCohort {
        period,
        window_days: 28,
        rate: rate(96.0, 398.0),
        change: Change::Points {
            value: -0.8,
            low: -6.7,
            high: 5.1,
            beyond_noise: false,
        },
        usual: Some(Estimate {
            value: 0.245,
            low: 0.2,
            high: 0.29,
        }),
        channels: channels
            .iter()
            .filter_map(|row| {
                Some((
                    row.channel.clone(),
                    row.measures.inquiries.filter(|n| *n > 0.0)?,
                ))
            })
            .map(|(channel, inquiries)| (channel, rate((inquiries * 0.24).round(), inquiries)))
            .collect(),
    }
}

fn health(week: &Period) -> Vec<SourceState> {
    let source = |source: &str, table, state, rejected| SourceState {
        source: source.to_owned(),
        table: Some(table),
        state,
        last_day: Some(week.to),
        missing_days: Vec::new(),
        rejected,
        read: 1204,
        sales_doubt: None,
        other_currencies: Vec::new(),
        data_faults: Vec::new(),
    };
    vec![
        source("metrica", Table::Sessions, SourceHealth::Complete, 0),
        source("asterisk", Table::Calls, SourceHealth::Complete, 0),
        source("forms", Table::Forms, SourceHealth::Rejects, 9),
        source("amocrm", Table::Deals, SourceHealth::Complete, 0),
        source("direct-costs", Table::Costs, SourceHealth::Complete, 0),
    ]
}
