//! The answer: what changed, how sure that is, why, whether the data carry it, what to do first.

use super::cells::by_kind;
use super::headline::{fault, headline, lead};
use super::section::{Section, no_subtitle};
use crate::digest::blocks::{Answer, Block, Headline};
use crate::digest::causes;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::{channel_titles, sources, upper_first};
use crate::digest::verdict::{Metric, VerdictKind};

pub(super) const SECTION: Section = Section {
    code: "answer",
    title: None,
    subtitle: no_subtitle,
    blocks,
    is_in_mail: true,
};

fn blocks(page: &Page) -> Vec<Block> {
    let kicker = by_kind(
        page,
        [
            "answer.kicker.week",
            "answer.kicker.month",
            "answer.kicker.quarter",
            "answer.kicker.range",
        ],
    );
    let headline = Headline {
        kicker: page.text(kicker),
        text: headline(page),
    };
    let rows = [
        ("answer.label.changed", changed(page)),
        ("answer.label.certainty", certainty(page)),
        ("answer.label.why", why(page)),
        ("answer.label.data", data(page)),
        ("answer.label.next", next_step(page)),
    ];
    let answers = rows
        .into_iter()
        .filter_map(|(label, text)| {
            Some(Answer {
                label: page.text(label),
                text: text?,
            })
        })
        .collect();
    vec![Block::Headline(headline), Block::Answers(answers)]
}

/// Why: the first cause with its probability, its beginning and its price.
fn why(page: &Page) -> Option<Rich> {
    let cause = lead(page)?;
    let values = [
        ("cause", &*upper_first(&fault(page, cause))),
        ("certainty", &causes::certainty(page, cause)),
    ];
    let head = page.rich("answer.why.cause", &values);
    let when = causes::span(page, cause.started_at, cause.ended_at);
    let when = when.map(|when| Rich::plain(upper_first(&when) + "."));
    let loss = causes::loss(page, &cause.explains)
        .map(|loss| page.rich("answer.why.loss", &[]).then(loss.lower_first()));
    Some([when, loss].into_iter().flatten().fold(head, Rich::then))
}

/// What changed, with the numbers on both sides.
pub(super) fn changed(page: &Page) -> Option<Rich> {
    let digest = page.digest;
    let totals = &digest.totals;
    let (sessions, inquiries) = (totals.measures.sessions?, totals.measures.inquiries?);
    if digest.verdict.kind == VerdictKind::NoTraffic {
        return None;
    }
    let found = page.figures.counted("words.inquiries", inquiries);
    let traffic = page
        .figures
        .counted_whole("words.sessions_with", sessions as f64);
    if digest.verdict.kind == VerdictKind::DataNotFit {
        return Some(page.rich(
            "answer.changed.incomplete",
            &[("inquiries", &found), ("sessions", &traffic)],
        ));
    }
    let counts = match &totals.usual {
        Some(usual) => page.rich(
            "answer.changed.against_usual",
            &[
                ("inquiries", &found),
                ("sessions", &traffic),
                ("expected", &page.figures.number(usual.inquiries.value, 0)),
                (
                    "range",
                    &page
                        .figures
                        .event_range(usual.inquiries.low, usual.inquiries.high),
                ),
            ],
        ),
        None => page.rich(
            "answer.changed.counts",
            &[("inquiries", &found), ("sessions", &traffic)],
        ),
    };
    Some(
        [conv1(page), cohort(page), named(page)]
            .into_iter()
            .flatten()
            .fold(counts, Rich::then),
    )
}

fn conv1(page: &Page) -> Option<Rich> {
    let totals = &page.digest.totals;
    let rate = page.figures.percent(totals.conv1.value?, 2);
    Some(match &totals.usual {
        Some(usual) => {
            let range = page
                .figures
                .percent_range(usual.conv1.low, usual.conv1.high, 2);
            page.rich(
                "answer.changed.conv1_usual",
                &[("conv1", &rate), ("range", &range)],
            )
        }
        None => page.rich("answer.changed.conv1", &[("conv1", &rate)]),
    })
}

/// The mature second conversion, when the headline is about it.
fn cohort(page: &Page) -> Option<Rich> {
    let cohort = page
        .digest
        .mature_cohort
        .as_ref()
        .filter(|_| page.digest.verdict.metric == Some(Metric::Conv2))?;
    let (value, k, n) = (cohort.rate.value?, cohort.rate.k?, cohort.rate.n?);
    let period = page.figures.short_period(&cohort.period);
    let counts = super::cells::of(page, k, n);
    let rate = page.figures.percent(value, 1);
    Some(page.rich(
        "answer.changed.cohort",
        &[("period", &period), ("conv2", &rate), ("counts", &counts)],
    ))
}

/// Which channels moved beyond noise.
fn named(page: &Page) -> Option<Rich> {
    let verdict = &page.digest.verdict;
    let worse = (!verdict.worse.is_empty()).then(|| {
        page.rich(
            "answer.changed.worse",
            &[("channels", &channel_titles(page, &verdict.worse))],
        )
    });
    let better = (!verdict.better.is_empty()).then(|| {
        page.rich(
            "answer.changed.better",
            &[("channels", &channel_titles(page, &verdict.better))],
        )
    });
    [worse, better].into_iter().flatten().reduce(Rich::then)
}

/// How sure that is.
pub(super) fn certainty(page: &Page) -> Option<Rich> {
    let digest = page.digest;
    let usual = digest.totals.usual.as_ref();
    match digest.verdict.kind {
        VerdictKind::Drop | VerdictKind::Rise => Some(certainty_of_change(page)),
        VerdictKind::Incident => Some(page.rich("answer.certainty.incident", &[])),
        VerdictKind::NothingSignificant => {
            let noise = page.rich("answer.certainty.noise", &[]);
            let Some(detectable) = usual.and_then(|usual| usual.detectable) else {
                return Some(noise);
            };
            let smallest = page.figures.percent(detectable, 0);
            Some(noise.then(page.rich("answer.certainty.detectable", &[("by", &smallest)])))
        }
        VerdictKind::DataNotFit => Some(page.rich("answer.certainty.not_fit", &[])),
        VerdictKind::FirstPeriod => Some(page.rich("answer.certainty.first", &[])),
        VerdictKind::NoTraffic => Some(page.rich("answer.certainty.no_traffic", &[])),
        VerdictKind::AllTooSmall => Some(match digest.totals.conv1.needed {
            Some(needed) => page.rich(
                "answer.certainty.too_small_needed",
                &[(
                    "n",
                    &page
                        .figures
                        .counted_whole("words.sessions_of", needed as f64),
                )],
            ),
            None => page.rich("answer.certainty.too_small", &[]),
        }),
    }
}

/// Below this the word for a change is "high certainty".
const HIGH_CERTAINTY: f64 = 0.01;

fn certainty_of_change(page: &Page) -> Rich {
    let verdict = &page.digest.verdict;
    let moved = verdict.worse.len() + verdict.better.len();
    let are_others_quiet = (1..page.digest.channels.len()).contains(&moved);
    let others = are_others_quiet.then(|| page.rich("answer.certainty.others", &[]));
    let lead = match verdict.p_value {
        Some(p) => {
            let (shown, key) = chance(page, p);
            let word = if p < HIGH_CERTAINTY {
                "answer.certainty.high"
            } else {
                "answer.certainty.fair"
            };
            page.rich(word, &[]).then(page.rich(key, &[("p", &shown)]))
        }
        None => page.rich("answer.certainty.beyond_noise", &[]),
    };
    others.into_iter().fold(lead, Rich::then)
}

/// A probability as a percentage; very small ones as "below".
fn chance(page: &Page, p: f64) -> (String, &'static str) {
    const SMALLEST: f64 = 0.0001;
    if p < SMALLEST {
        return (
            page.figures.percent(SMALLEST, 2),
            "answer.certainty.chance_below",
        );
    }
    let decimals = if p < 0.001 { 2 } else { 1 };
    (page.figures.percent(p, decimals), "answer.certainty.chance")
}

/// Whether the data carry the answer.
fn data(page: &Page) -> Option<Rich> {
    let health = &page.digest.health;
    if health.total == 0 {
        return None;
    }
    let whole = page
        .figures
        .counted_whole("words.sources", health.total as f64);
    let state = if health.is_whole() {
        page.rich("answer.data.whole", &[("sources", &whole)])
    } else {
        let complete = page.figures.count(health.complete);
        page.rich(
            "answer.data.partly",
            &[
                ("complete", &complete),
                ("total", &page.figures.count(health.total)),
            ],
        )
    };
    let Some(known) = page.digest.match_rate.value else {
        return Some(state);
    };
    Some(state.then(page.rich(
        "answer.data.match",
        &[("share", &page.figures.percent(known, 0))],
    )))
}

/// What to do first: the first check of the cause, else what follows from the state of the data.
fn next_step(page: &Page) -> Option<Rich> {
    let digest = page.digest;
    if let Some(check) = lead(page).and_then(|cause| causes::checks(page, cause).into_iter().next())
    {
        return Some(Rich::plain(check));
    }
    match digest.verdict.kind {
        VerdictKind::DataNotFit => {
            let values = [
                ("sources", &*sources(page)),
                ("label", &*digest.period.label),
            ];
            Some(page.rich("answer.next.wait", &values))
        }
        VerdictKind::NoTraffic => Some(page.rich("answer.next.check_counter", &[])),
        VerdictKind::Drop
        | VerdictKind::Rise
        | VerdictKind::Incident
        | VerdictKind::NothingSignificant
        | VerdictKind::FirstPeriod
        | VerdictKind::AllTooSmall => {
            (!digest.health.is_whole()).then(|| page.rich("answer.next.see_health", &[]))
        }
    }
}
