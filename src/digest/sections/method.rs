//! How to read: every definition that a reader could dispute, with the settings this digest was made by.

use super::section::{Section, no_subtitle};
use crate::config::rules::AttributionModel;
use crate::digest::blocks::{Block, Definition};
use crate::digest::page::Page;

pub(super) const SECTION: Section = Section {
    code: "method",
    title: Some(|page| page.text("method.title")),
    subtitle: no_subtitle,
    blocks,
    is_in_mail: true,
};

fn blocks(page: &Page) -> Vec<Block> {
    let definitions = [
        ("method.term.inquiry", inquiry(page)),
        ("method.term.conv1", page.text("method.conv1")),
        ("method.term.conv2", conv2(page)),
        ("method.term.attribution", attribution(page)),
        ("method.term.noise", noise(page)),
        ("method.term.too_few", few(page)),
        ("method.term.points", page.text("method.points")),
        ("method.term.money", page.text("method.money")),
        ("method.term.missing", page.text("method.missing")),
    ];
    let definitions = definitions.into_iter().map(|(term, text)| Definition {
        term: page.text(term),
        text,
    });
    vec![Block::Definitions(definitions.collect())]
}

fn days(page: &Page, days: u32) -> String {
    page.figures.counted_whole("words.days_of", f64::from(days))
}

fn inquiry(page: &Page) -> String {
    let rules = &page.digest.definitions;
    let answered = match rules.target_call_min_s {
        0 => page.text("method.any_call"),
        least => page.fill(
            "method.long_call",
            &[("s", &page.figures.count(u64::from(least)))],
        ),
    };
    let missed = page.text(if rules.count_missed_calls {
        "method.missed_counts"
    } else {
        "method.missed_left_out"
    });
    page.fill(
        "method.inquiry",
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
        "method.conv2",
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
        AttributionModel::LastNonDirect => page.text("method.model.last_non_direct"),
        AttributionModel::Last => page.text("method.model.last"),
        AttributionModel::First => page.text("method.model.first"),
        AttributionModel::Linear => page.text("method.model.linear"),
        AttributionModel::PositionBased => {
            let ends = page
                .figures
                .percent(f64::from(rules.position_ends_percent) / 100.0, 0);
            page.fill("method.model.position_based", &[("ends", &ends)])
        }
        AttributionModel::TimeDecay => page.fill(
            "method.model.time_decay",
            &[("half_life", &days(page, rules.half_life_days))],
        ),
    };
    let matched = page
        .digest
        .match_rate
        .value
        .zip(page.digest.client_match_rate.value);
    let rule = page.fill(
        "method.attribution",
        &[("model", &model), ("lookback", &lookback)],
    );
    let Some((known, by_client)) = matched else {
        return rule;
    };
    let [known, by_client] = [known, by_client].map(|share| page.figures.percent(share, 0));
    format!(
        "{rule} {}",
        page.fill(
            "method.match",
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
        "method.noise",
        &[("periods", &periods), ("alpha", &alpha), ("fdr", &fdr)],
    )
}

fn few(page: &Page) -> String {
    let rules = &page.digest.definitions;
    let (events, base) = (
        page.figures.count(u64::from(rules.min_events)),
        page.figures.count(u64::from(rules.min_base)),
    );
    page.fill("method.too_few", &[("events", &events), ("base", &base)])
}
