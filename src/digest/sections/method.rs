//! How to read: every definition that a reader could dispute, with the settings this digest was made by.

use super::section::{Section, no_subtitle};
use crate::config::rules::AttributionModel;
use crate::config::words;
use crate::digest::blocks::{Block, Definition};
use crate::digest::document::Readers;
use crate::digest::page::Page;
use crate::metrics::plan::PlanDays;

pub(super) const SECTION: Section = Section {
    code: "method",
    title: Some(|page| page.text(words::method::TITLE)),
    subtitle: no_subtitle,
    blocks,
    readers: Readers::Report,
};

fn blocks(page: &Page) -> Vec<Block> {
    let definitions = [
        (words::method::term::INQUIRY, inquiry(page)),
        (words::method::term::CONV1, page.text(words::method::CONV1)),
        (words::method::term::CONV2, conv2(page)),
        (words::method::term::ATTRIBUTION, attribution(page)),
        (words::method::term::NOISE, noise(page)),
        (words::method::term::TOO_FEW, few(page)),
        (
            words::method::term::POINTS,
            page.text(words::method::POINTS),
        ),
        (words::method::term::MONEY, page.text(words::method::MONEY)),
        (
            words::method::term::MISSING,
            page.text(words::method::MISSING),
        ),
    ];
    let ahead = ahead(page);
    let definitions = definitions
        .into_iter()
        .chain(ahead)
        .map(|(term, text)| Definition {
            term: page.text(term),
            text,
        });
    vec![Block::Definitions(definitions.collect())]
}

/// How plans are prorated and what a forecast's range means, where there are such.
fn ahead(page: &Page) -> Vec<(words::Key, String)> {
    let digest = page.digest;
    let rule = digest
        .planned
        .as_ref()
        .map(|planned| match planned.rule.days {
            PlanDays::Days => words::method::PLAN_BY_DAYS,
            PlanDays::WorkingDays => words::method::PLAN_BY_WORKING_DAYS,
        });
    let plan = rule.map(|rule| (words::method::term::PLAN, page.text(rule)));
    let weeks = digest
        .forecast
        .as_ref()
        .filter(|forecast| !forecast.weeks.is_empty());
    let forecast = weeks.map(|_| {
        (
            words::method::term::FORECAST,
            page.text(words::method::FORECAST),
        )
    });
    plan.into_iter().chain(forecast).collect()
}

fn days(page: &Page, days: u32) -> String {
    page.figures
        .counted_whole(words::words::DAYS_OF, f64::from(days))
}

fn inquiry(page: &Page) -> String {
    let rules = &page.digest.definitions;
    let answered = match rules.target_call_min_s {
        0 => page.text(words::method::ANY_CALL),
        least => page.fill(
            words::method::LONG_CALL,
            &[("s", &page.figures.count(u64::from(least)))],
        ),
    };
    let missed = page.text(if rules.count_missed_calls {
        words::method::MISSED_COUNTS
    } else {
        words::method::MISSED_LEFT_OUT
    });
    page.fill(
        words::method::INQUIRY,
        &[
            ("days", &days(page, rules.uniqueness_days)),
            ("answered", &answered),
            ("missed", &missed),
        ],
    )
}

fn conv2(page: &Page) -> String {
    let rules = &page.digest.definitions;
    page.fill(
        words::method::CONV2,
        &[
            ("mature", &days(page, rules.mature_days)),
            ("horizon", &days(page, rules.horizon_days)),
            ("window", &days(page, rules.deal_window_days)),
        ],
    )
}

fn attribution(page: &Page) -> String {
    let rules = &page.digest.definitions;
    let lookback = days(page, rules.lookback_days);
    let model = match rules.attribution_model {
        AttributionModel::LastNonDirect => page.text(words::method::model::LAST_NON_DIRECT),
        AttributionModel::Last => page.text(words::method::model::LAST),
        AttributionModel::First => page.text(words::method::model::FIRST),
        AttributionModel::Linear => page.text(words::method::model::LINEAR),
        AttributionModel::PositionBased => {
            let ends = page
                .figures
                .percent(f64::from(rules.position_ends_percent) / 100.0, 0);
            page.fill(words::method::model::POSITION_BASED, &[("ends", &ends)])
        }
        AttributionModel::TimeDecay => page.fill(
            words::method::model::TIME_DECAY,
            &[("half_life", &days(page, rules.half_life_days))],
        ),
    };
    let matched = page
        .digest
        .match_rate
        .value
        .zip(page.digest.client_match_rate.value);
    let rule = page.fill(
        words::method::ATTRIBUTION,
        &[("model", &model), ("lookback", &lookback)],
    );
    let Some((known, by_client)) = matched else {
        return rule;
    };
    let [known, by_client] = [known, by_client].map(|share| page.figures.percent(share, 0));
    format!(
        "{rule} {}",
        page.fill(
            words::method::MATCH,
            &[("known", &known), ("by_client", &by_client)]
        )
    )
}

fn noise(page: &Page) -> String {
    let rules = &page.digest.definitions;
    let periods = page.figures.count(u64::from(rules.base_periods));
    let (alpha, fdr) = (
        page.figures.percent(rules.alpha, 1),
        page.figures.percent(rules.channels_fdr, 0),
    );
    page.fill(
        words::method::NOISE,
        &[("periods", &periods), ("alpha", &alpha), ("fdr", &fdr)],
    )
}

fn few(page: &Page) -> String {
    let rules = &page.digest.definitions;
    let (events, base) = (
        page.figures.count(u64::from(rules.min_events)),
        page.figures.count(u64::from(rules.min_base)),
    );
    page.fill(
        words::method::TOO_FEW,
        &[("events", &events), ("base", &base)],
    )
}
