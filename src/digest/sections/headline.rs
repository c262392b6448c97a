//! The headline: one sentence for the whole report, hedged as its cause's probability demands.

use super::cells::by_kind;
use crate::config::words::{self, Key};
use crate::diagnosis::codes::Scope;
use crate::diagnosis::finding::{Certainty, RankedCause};
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::digest::causes;
use crate::digest::doubts;
use crate::digest::page::Page;
use crate::digest::phrases::{channel_title, inquiries, lower_first, shorten, sources};
use crate::digest::verdict::{Base, VerdictKind};
use crate::model::change::Change;
use crate::model::metric::Metric;
use crate::model::observations::Dimension;

/// Characters of a headline that names a cause.
const HEADLINE_LENGTH: usize = 130;
/// A place cut to fewer characters says nothing.
const SHORTEST_PLACE: usize = 16;

/// The sentence above everything.
pub(super) fn headline(page: &Page) -> String {
    let inquiries = inquiries(page, words::words::INQUIRIES);
    match page.digest.verdict.kind {
        VerdictKind::Drop => with_cause(page),
        VerdictKind::Rise => moved(page),
        VerdictKind::Incident => match lead(page) {
            Some(cause) => {
                let counts = counts(page, cause).unwrap_or_default();
                in_room(page, cause, |fault| {
                    page.fill(incident(cause.certainty), &[("cause", fault)]) + &counts
                })
            }
            None => page.text(words::headline::CONV1_FELL_UNSIZED),
        },
        VerdictKind::NothingSignificant => match page.digest.totals.conv1.value {
            Some(rate) => {
                let rate = page.figures.percent(rate, 2);
                page.fill(
                    words::headline::NOTHING,
                    &[("inquiries", &inquiries), ("conv1", &rate)],
                )
            }
            None => page.fill(
                words::headline::NOTHING_RATELESS,
                &[("inquiries", &inquiries)],
            ),
        },
        VerdictKind::DataNotFit => page.fill(not_fit(page), &[("sources", &sources(page))]),
        VerdictKind::FirstPeriod => page.fill(words::headline::FIRST, &[("inquiries", &inquiries)]),
        VerdictKind::NoTraffic => page.text(words::headline::NO_TRAFFIC),
        VerdictKind::AllTooSmall => {
            page.fill(words::headline::TOO_SMALL, &[("inquiries", &inquiries)])
        }
    }
}

/// What is wrong with data that are not fit: something is missing, or what is there cannot be told.
fn not_fit(page: &Page) -> Key {
    match doubts::only_doubt(page) {
        None => words::headline::NOT_FIT,
        Some(doubt) if doubt.hides_sales() => words::headline::SALES_UNTOLD,
        Some(_) => words::headline::UNTRACED,
    }
}

/// The sentence for totals that look usual, hedged as the cause's probability demands.
fn incident(certainty: Certainty) -> Key {
    match certainty {
        Certainty::Likely => words::headline::INCIDENT_LIKELY,
        Certainty::Probable => words::headline::INCIDENT_PROBABLE,
        Certainty::Candidate => words::headline::INCIDENT_CANDIDATE,
    }
}

/// What its main evidence counted, against what is usual: «: 0 вместо 16».
fn counts(page: &Page, cause: &RankedCause) -> Option<String> {
    // What speaks against the cause is no number of it.
    let mut evidence = cause.evidence.iter();
    let main = evidence.find(|evidence| evidence.role == Role::Main)?;
    let (observed, expected) = (count(main, "observed")?, count(main, "expected")?);
    let values = [
        ("observed", &*page.figures.number(observed, 0)),
        ("expected", &page.figures.number(expected, 0)),
    ];
    Some(page.fill(words::headline::COUNTS, &values))
}

fn count(evidence: &Evidence, name: &str) -> Option<f64> {
    match evidence.values.get(name)? {
        Value::Count(count) => Some(*count),
        _ => None,
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
    let title = causes::title_of(page, cause);
    match causes::scope(page, &unnamed_scope(page, cause)) {
        Some(scope) => page.fill(
            words::headline::FAULT_IN,
            &[("title", &title), ("scope", &shorten(&scope, 60))],
        ),
        None => title,
    }
}

/// The place of a cause without the channel that the sentence before it has named.
fn unnamed_scope(page: &Page, cause: &RankedCause) -> Scope {
    let named = page.digest.verdict.channel.as_ref();
    let mut scope = cause.scope.clone();
    scope.retain(|dimension, value| {
        let is_named = named.is_some_and(|channel| channel.as_str() == value);
        *dimension != Dimension::Channel || !is_named
    });
    scope
}

/// A sentence about a fault with as much of its place as a headline has room for.
fn in_room(page: &Page, cause: &RankedCause, sentence: impl Fn(&str) -> String) -> String {
    let title = causes::title_of(page, cause);
    let whole = sentence(&fault(page, cause));
    if whole.chars().count() <= HEADLINE_LENGTH {
        return whole;
    }
    let of = |scope: &str| {
        sentence(&page.fill(
            words::headline::FAULT_IN,
            &[("title", &title), ("scope", scope)],
        ))
    };
    let room = HEADLINE_LENGTH.saturating_sub(of("").chars().count());
    match causes::first_place(page, &unnamed_scope(page, cause)) {
        Some(place) if room >= SHORTEST_PLACE => of(&shorten(&place, room)),
        _ => sentence(&title),
    }
}

/// A drop with its cause, hedged as its probability demands.
fn with_cause(page: &Page) -> String {
    let Some(cause) = lead(page) else {
        return moved(page);
    };
    let sentence = moved(page);
    let key = match cause.certainty {
        Certainty::Likely => words::headline::LIKELY,
        Certainty::Probable => words::headline::PROBABLE,
        Certainty::Candidate => words::headline::CANDIDATE,
    };
    in_room(page, cause, |fault| {
        page.fill(key, &[("sentence", &sentence), ("cause", fault)])
    })
}

/// A sentence about one channel, or about all of them.
fn in_channel(page: &Page, sentence: String) -> String {
    match &page.digest.verdict.channel {
        Some(id) => {
            let values = [
                ("channel", &*channel_title(page, id)),
                ("sentence", &lower_first(&sentence)),
            ];
            page.fill(words::headline::IN_CHANNEL, &values)
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
        (Some(Metric::Conv1), Some(Base::Usual), true) => words::headline::FEWER_THAN_USUAL,
        (Some(Metric::Conv1), Some(Base::Usual), false) => words::headline::MORE_THAN_USUAL,
        (Some(Metric::Conv2), _, true) => words::headline::CONV2_FELL,
        (Some(Metric::Conv2), _, false) => words::headline::CONV2_ROSE,
        (Some(Metric::Inquiries), _, true) => words::headline::FEWER_INQUIRIES,
        (Some(Metric::Inquiries), _, false) => words::headline::MORE_INQUIRIES,
        (Some(Metric::Sessions), Some(Base::Usual), true) => {
            words::headline::FEWER_SESSIONS_THAN_USUAL
        }
        (Some(Metric::Sessions), Some(Base::Usual), false) => {
            words::headline::MORE_SESSIONS_THAN_USUAL
        }
        (Some(Metric::Sessions), _, true) => words::headline::FEWER_SESSIONS,
        (Some(Metric::Sessions), _, false) => words::headline::MORE_SESSIONS,
        (_, _, true) => words::headline::CONV1_FELL,
        (_, _, false) => words::headline::CONV1_ROSE,
    };
    let sentence = match by {
        Some(by) => page.fill(key, &[("by", &by), ("than", &than(page))]),
        None => page.text(if falls {
            words::headline::CONV1_FELL_UNSIZED
        } else {
            words::headline::CONV1_ROSE_UNSIZED
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
        [
            words::than::WEEK,
            words::than::MONTH,
            words::than::QUARTER,
            words::than::RANGE,
        ],
    ))
}
