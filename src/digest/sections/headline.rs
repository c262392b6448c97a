//! The headline: one sentence for the whole report, hedged as its cause's probability demands.

use super::cells::by_kind;
use crate::diagnosis::finding::{Certainty, RankedCause};
use crate::digest::causes;
use crate::digest::page::Page;
use crate::digest::phrases::{channel_title, inquiries, lower_first, shorten, sources};
use crate::digest::verdict::{Base, Metric, VerdictKind};
use crate::model::change::Change;

/// Characters of a headline that names a cause.
const HEADLINE_LENGTH: usize = 110;
/// A place cut to fewer characters says nothing.
const SHORTEST_PLACE: usize = 16;

/// The sentence above everything.
pub(super) fn headline(page: &Page) -> String {
    let inquiries = inquiries(page, "words.inquiries");
    match page.digest.verdict.kind {
        VerdictKind::Drop => with_cause(page),
        VerdictKind::Rise => moved(page),
        VerdictKind::Incident => match lead(page) {
            Some(cause) => in_room(page, cause, |fault| {
                page.fill(incident(cause.certainty), &[("cause", fault)])
            }),
            None => page.text("headline.conv1_fell_unsized"),
        },
        VerdictKind::NothingSignificant => match page.digest.totals.conv1.value {
            Some(rate) => {
                let rate = page.figures.percent(rate, 2);
                page.fill(
                    "headline.nothing",
                    &[("inquiries", &inquiries), ("conv1", &rate)],
                )
            }
            None => page.fill("headline.nothing_rateless", &[("inquiries", &inquiries)]),
        },
        VerdictKind::DataNotFit => page.fill("headline.not_fit", &[("sources", &sources(page))]),
        VerdictKind::FirstPeriod => page.fill("headline.first", &[("inquiries", &inquiries)]),
        VerdictKind::NoTraffic => page.text("headline.no_traffic"),
        VerdictKind::AllTooSmall => page.fill("headline.too_small", &[("inquiries", &inquiries)]),
    }
}

/// The sentence for totals that look usual, hedged as the cause's probability demands.
fn incident(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Likely => "headline.incident_likely",
        Certainty::Probable => "headline.incident_probable",
        Certainty::Candidate => "headline.incident_candidate",
    }
}

/// The cause that the headline names.
pub(super) fn lead<'a>(page: &Page<'a>) -> Option<&'a RankedCause> {
    let code = page.digest.verdict.cause?;
    page.digest
        .findings
        .iter()
        .flat_map(|finding| &finding.causes)
        .find(|cause| cause.code == code)
}

/// A cause with its place: «не работает форма (страница /ceny)».
pub(super) fn fault(page: &Page, cause: &RankedCause) -> String {
    let title = causes::title(page, cause.code);
    match causes::scope(page, &cause.scope) {
        Some(scope) => page.fill(
            "headline.fault_in",
            &[("title", &title), ("scope", &shorten(&scope, 60))],
        ),
        None => title,
    }
}

/// A sentence about a fault with as much of its place as a headline has room for.
fn in_room(page: &Page, cause: &RankedCause, sentence: impl Fn(&str) -> String) -> String {
    let title = causes::title(page, cause.code);
    let whole = sentence(&fault(page, cause));
    if whole.chars().count() <= HEADLINE_LENGTH {
        return whole;
    }
    let of = |scope: &str| {
        sentence(&page.fill("headline.fault_in", &[("title", &title), ("scope", scope)]))
    };
    let room = HEADLINE_LENGTH.saturating_sub(of("").chars().count());
    match causes::first_place(page, &cause.scope) {
        Some(place) if room >= SHORTEST_PLACE => of(&shorten(&place, room)),
        _ => sentence(&title),
    }
}

/// A drop with its cause, hedged as its probability demands.
fn with_cause(page: &Page) -> String {
    let Some(cause) = lead(page) else {
        return moved(page);
    };
    // What the traffic has to do with it stands below: with a cause, the headline is short of room.
    let sentence = match is_against_usual(page) {
        true => short_drop(page),
        false => moved(page),
    };
    let key = match cause.certainty {
        Certainty::Likely => "headline.likely",
        Certainty::Probable => "headline.probable",
        Certainty::Candidate => "headline.candidate",
    };
    in_room(page, cause, |fault| {
        page.fill(key, &[("sentence", &sentence), ("cause", fault)])
    })
}

/// Whether the headline is about inquiries against what this traffic usually brings.
fn is_against_usual(page: &Page) -> bool {
    let verdict = &page.digest.verdict;
    verdict.metric == Some(Metric::Conv1) && verdict.base == Some(Base::Usual)
}

fn short_drop(page: &Page) -> String {
    let verdict = &page.digest.verdict;
    match verdict
        .change
        .as_ref()
        .and_then(|change| size(page, change))
    {
        Some(by) => in_channel(page, page.fill("headline.fewer", &[("by", &by)])),
        None => moved(page),
    }
}

/// A sentence about one channel, or about all of them.
fn in_channel(page: &Page, sentence: String) -> String {
    match &page.digest.verdict.channel {
        Some(id) => {
            let values = [
                ("channel", &*channel_title(page, id)),
                ("sentence", &lower_first(&sentence)),
            ];
            page.fill("headline.in_channel", &values)
        }
        None => sentence,
    }
}

/// A drop or a rise as a sentence: what moved, by how much, against what.
pub(super) fn moved(page: &Page) -> String {
    let verdict = &page.digest.verdict;
    let falls = verdict.kind == VerdictKind::Drop;
    let by = verdict
        .change
        .as_ref()
        .and_then(|change| size(page, change));
    let key = match (verdict.metric, verdict.base, falls) {
        (Some(Metric::Conv1), Some(Base::Usual), true) => "headline.fewer_than_usual",
        (Some(Metric::Conv1), Some(Base::Usual), false) => "headline.more_than_usual",
        (Some(Metric::Conv2), _, true) => "headline.conv2_fell",
        (Some(Metric::Conv2), _, false) => "headline.conv2_rose",
        (Some(Metric::Inquiries), _, true) => "headline.fewer_inquiries",
        (Some(Metric::Inquiries), _, false) => "headline.more_inquiries",
        (Some(Metric::Sessions), _, true) => "headline.fewer_sessions",
        (Some(Metric::Sessions), _, false) => "headline.more_sessions",
        (_, _, true) => "headline.conv1_fell",
        (_, _, false) => "headline.conv1_rose",
    };
    let sentence = match by {
        Some(by) => page.fill(key, &[("by", &by), ("than", &than(page))]),
        None => page.text(if falls {
            "headline.conv1_fell_unsized"
        } else {
            "headline.conv1_rose_unsized"
        }),
    };
    in_channel(page, sentence)
}

/// The size of a change without its sign: the sentence says the direction.
fn size(page: &Page, change: &Change) -> Option<String> {
    match *change {
        Change::Percent { value, .. } => {
            let decimals = usize::from(value.abs() < 2.0);
            Some(page.figures.percent(value.abs() / 100.0, decimals))
        }
        Change::Points { value, .. } => {
            let decimals = if value.abs() < 2.0 { 2 } else { 1 };
            Some(page.figures.number(value.abs(), decimals) + &page.strings.numbers.points)
        }
        Change::New | Change::Gone | Change::TooFew | Change::Immature | Change::NoBase => None,
    }
}

/// "than a week earlier".
fn than(page: &Page) -> String {
    page.text(by_kind(
        page,
        ["than.week", "than.month", "than.quarter", "than.range"],
    ))
}
