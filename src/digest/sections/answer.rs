//! The answer: what changed, how sure that is, why, whether the data carry it, what to do first.

use super::cells::by_kind;
use super::headline::{fault, headline, lead};
use super::section::{Section, no_subtitle};
use crate::config::words::{self, Key};
use crate::diagnosis::finding::{RankedCause, found};
use crate::digest::blocks::{Answer, Block, Headline};
use crate::digest::causes;
use crate::digest::doubts;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::{channel_titles, sources, upper_first};
use crate::digest::verdict::VerdictKind;
use crate::model::metric::Metric;

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
            words::answer::kicker::WEEK,
            words::answer::kicker::MONTH,
            words::answer::kicker::QUARTER,
            words::answer::kicker::RANGE,
        ],
    );
    let headline = Headline {
        kicker: page.text(kicker),
        text: headline(page),
    };
    let rows = [
        (words::answer::label::CHANGED, changed(page)),
        (words::answer::label::CERTAINTY, certainty(page)),
        (words::answer::label::WHY, why(page)),
        (words::answer::label::DATA, data(page)),
        (words::answer::label::NEXT, next_step(page)),
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
    let head = page.rich(words::answer::why::CAUSE, &values);
    let when = causes::span(page, cause.started_at, cause.ended_at);
    let when = when.map(|when| Rich::plain(upper_first(&when) + "."));
    let label = page.text(causes::loss_label(cause));
    let loss = causes::loss_of(page, cause).map(|loss| {
        let label = page.rich(words::answer::why::LOSS, &[("label", &label)]);
        label.then(loss.lower_first())
    });
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
    let found = page.figures.counted(words::words::INQUIRIES, inquiries);
    let traffic = page
        .figures
        .counted_whole(words::words::SESSIONS_WITH, sessions as f64);
    if digest.verdict.kind == VerdictKind::DataNotFit {
        // Where only sales are in doubt, inquiries are all there.
        let key = match doubts::only_doubt(page) {
            Some(_) => words::answer::changed::COUNTS,
            None => words::answer::changed::INCOMPLETE,
        };
        return Some(page.rich(key, &[("inquiries", &found), ("sessions", &traffic)]));
    }
    let counts = match &totals.usual {
        Some(usual) => page.rich(
            words::answer::changed::AGAINST_USUAL,
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
            words::answer::changed::COUNTS,
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
                words::answer::changed::CONV1_USUAL,
                &[("conv1", &rate), ("range", &range)],
            )
        }
        None => page.rich(words::answer::changed::CONV1, &[("conv1", &rate)]),
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
    let period = page.figures.of_period(&cohort.period);
    let counts = super::cells::of(page, k, n);
    let rate = page.figures.percent(value, 1);
    Some(page.rich(
        words::answer::changed::COHORT,
        &[("period", &period), ("conv2", &rate), ("counts", &counts)],
    ))
}

/// Which channels moved beyond noise.
fn named(page: &Page) -> Option<Rich> {
    let verdict = &page.digest.verdict;
    let worse = (!verdict.worse.is_empty()).then(|| {
        page.rich(
            words::answer::changed::WORSE,
            &[("channels", &channel_titles(page, &verdict.worse))],
        )
    });
    let better = (!verdict.better.is_empty()).then(|| {
        page.rich(
            words::answer::changed::BETTER,
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
        // How sure it is stands with the cause, and what is normal in the table.
        VerdictKind::Incident => None,
        VerdictKind::NothingSignificant => {
            let noise = page.rich(words::answer::certainty::NOISE, &[]);
            let Some(detectable) = usual.and_then(|usual| usual.detectable) else {
                return Some(noise);
            };
            let smallest = page.figures.percent(detectable, 0);
            Some(noise.then(page.rich(words::answer::certainty::DETECTABLE, &[("by", &smallest)])))
        }
        VerdictKind::DataNotFit => Some(page.rich(words::answer::certainty::NOT_FIT, &[])),
        VerdictKind::FirstPeriod => Some(page.rich(words::answer::certainty::FIRST, &[])),
        VerdictKind::NoTraffic => Some(page.rich(words::answer::certainty::NO_TRAFFIC, &[])),
        VerdictKind::AllTooSmall => Some(match digest.totals.conv1.needed {
            Some(needed) => page.rich(
                words::answer::certainty::TOO_SMALL_NEEDED,
                &[(
                    "n",
                    &page
                        .figures
                        .counted_whole(words::words::SESSIONS_OF, needed as f64),
                )],
            ),
            None => page.rich(words::answer::certainty::TOO_SMALL, &[]),
        }),
    }
}

/// Below this the word for a change is "high certainty".
const HIGH_CERTAINTY: f64 = 0.01;

fn certainty_of_change(page: &Page) -> Rich {
    let verdict = &page.digest.verdict;
    let moved = verdict.worse.len() + verdict.better.len();
    let are_others_quiet = (1..page.digest.channels.len()).contains(&moved);
    let others = are_others_quiet.then(|| page.rich(words::answer::certainty::OTHERS, &[]));
    let lead = match verdict.p_value {
        Some(p) => {
            let (shown, key) = chance(page, p);
            let word = if p < HIGH_CERTAINTY {
                words::answer::certainty::HIGH
            } else {
                words::answer::certainty::FAIR
            };
            page.rich(word, &[]).then(page.rich(key, &[("p", &shown)]))
        }
        None => page.rich(words::answer::certainty::BEYOND_NOISE, &[]),
    };
    others.into_iter().fold(lead, Rich::then)
}

/// A probability as a percentage; very small ones as "below".
fn chance(page: &Page, p: f64) -> (String, Key) {
    const SMALLEST: f64 = 0.0001;
    if p < SMALLEST {
        return (
            page.figures.percent(SMALLEST, 2),
            words::answer::certainty::CHANCE_BELOW,
        );
    }
    let decimals = if p < 0.001 { 2 } else { 1 };
    (
        page.figures.percent(p, decimals),
        words::answer::certainty::CHANCE,
    )
}

/// Whether the data carry the answer.
fn data(page: &Page) -> Option<Rich> {
    let health = &page.digest.health;
    if health.total == 0 {
        return None;
    }
    let whole = page
        .figures
        .counted_whole(words::words::SOURCES, health.total as f64);
    let is_unfit = page.digest.verdict.kind == VerdictKind::DataNotFit;
    let state = if doubts::only_doubt(page).is_some() {
        page.rich(words::answer::data::DOUBTFUL, &[])
    } else if health.is_whole() && is_unfit {
        page.rich(words::status::HOLED, &[("sources", &sources(page))])
    } else if health.is_whole() {
        page.rich(words::answer::data::WHOLE, &[("sources", &whole)])
    } else {
        let complete = page.figures.count(health.complete);
        page.rich(
            words::answer::data::PARTLY,
            &[
                ("complete", &complete),
                ("total", &page.figures.count(health.total)),
            ],
        )
    };
    let Some(known) = page.digest.match_rate.value else {
        return Some(state);
    };
    let state = state.then(page.rich(
        words::answer::data::MATCH,
        &[("share", &page.figures.percent(known, 0))],
    ));
    let traced = page.digest.traced_sales.value.map(|share| {
        let share = page.figures.percent(share, 0);
        page.rich(words::answer::data::TRACED, &[("share", &share)])
    });
    Some(traced.into_iter().fold(state, Rich::then))
}

/// Whether a fault was over before the period was.
fn is_over(page: &Page, cause: &RankedCause) -> bool {
    let zone = page.digest.pipeline.time_zone;
    let end = cause
        .ended_at
        .map(|at| at.with_timezone(&zone).date_naive());
    end.is_some_and(|end| end <= page.digest.period.to)
}

/// The first step of a cause that was found beside a drop that it does not explain.
fn found_beside(page: &Page) -> Option<String> {
    let (_, cause) = found(&page.digest.findings).next()?;
    causes::checks(page, cause).into_iter().next()
}

/// What to do about a drop of which no cause is known: what costs a minute, first.
fn general(metric: Option<Metric>) -> Key {
    match metric {
        Some(Metric::Conv2) => words::answer::next::LOOK_AT_SALES,
        Some(Metric::Sessions) => words::answer::next::LOOK_AT_TRAFFIC,
        _ => words::answer::next::LOOK_AT_INQUIRIES,
    }
}

/// What to do first: the first check of the cause, else what follows from the state of the data.
fn next_step(page: &Page) -> Option<Rich> {
    let digest = page.digest;
    if let Some(cause) = lead(page) {
        let check = causes::checks(page, cause).into_iter().next();
        return check.map(|check| match is_over(page, cause) {
            true => page.rich(words::answer::next::OVER, &[("check", &check)]),
            false => Rich::plain(check),
        });
    }
    match digest.verdict.kind {
        VerdictKind::DataNotFit => {
            let values = [
                ("sources", &*sources(page)),
                ("label", &*digest.period.label),
            ];
            let key = match doubts::only_doubt(page) {
                None => words::answer::next::WAIT,
                Some(doubt) if doubt.hides_sales() => words::answer::next::NAME_STAGES,
                Some(_) => words::answer::next::ADD_CONTACTS,
            };
            Some(page.rich(key, &values))
        }
        VerdictKind::NoTraffic => Some(page.rich(words::answer::next::CHECK_COUNTER, &[])),
        VerdictKind::Drop => Some(match found_beside(page) {
            Some(check) => page.rich(words::answer::next::BESIDE, &[("check", &check)]),
            None => page.rich(general(digest.verdict.metric), &[]),
        }),
        VerdictKind::Rise
        | VerdictKind::Incident
        | VerdictKind::NothingSignificant
        | VerdictKind::FirstPeriod
        | VerdictKind::AllTooSmall => {
            (!digest.health.is_whole()).then(|| page.rich(words::answer::next::SEE_HEALTH, &[]))
        }
    }
}
