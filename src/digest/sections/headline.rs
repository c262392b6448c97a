//! The headline: one sentence for the whole report, hedged as its cause's probability demands.

use super::broken;
use super::cells::by_kind;
use super::counted_change;
use super::kpi::bases::inquiries_tested;
use super::lost_place;
use super::profit;
use super::slow;
use crate::config::words::{self, Key};
use crate::diagnosis::codes::{CauseCode, Scope};
use crate::diagnosis::finding::{Answer as Outcome, Certainty, RankedCause};
use crate::digest::causes;
use crate::digest::doubts::{self, OnlyDoubt};
use crate::digest::page::Page;
use crate::digest::phrases::{channel_title, inquiries, lower_first, sources};
use crate::digest::stretch;
use crate::digest::verdict::{Base, VerdictKind};
use crate::model::change::Change;
use crate::model::metric::Metric;
use crate::model::observations::Dimension;

/// Characters of a headline that names a cause.
const HEADLINE_LENGTH: usize = 130;

/// The sentence above everything.
pub(super) fn headline(page: &Page) -> String {
    if let Some(place) = &page.digest.verdict.place {
        return lost_place::headline(page, place);
    }
    if let Some(found) = &page.digest.verdict.stage {
        return broken::headline(page, found);
    }
    if let Some(slow) = &page.digest.verdict.slow {
        return slow::headline(page, slow);
    }
    if let Some(fall) = &page.digest.verdict.profit {
        return profit::headline(page, fall);
    }
    let inquiries = inquiries(page, words::words::INQUIRIES);
    match page.digest.verdict.kind {
        VerdictKind::Drop => with_cause(page),
        VerdictKind::Rise => moved(page),
        VerdictKind::Incident => match lead(page) {
            Some(cause) => {
                let counts = causes::counted(page, cause).unwrap_or_default();
                fault_first(page, cause, &counts)
            }
            None => page.text(words::headline::CONV1_FELL_UNSIZED),
        },
        VerdictKind::NothingSignificant => quiet(page, &inquiries),
        VerdictKind::DataNotFit => page.fill(not_fit(page), &[("sources", &sources(page))]),
        VerdictKind::FirstPeriod => page.fill(words::headline::FIRST, &[("inquiries", &inquiries)]),
        VerdictKind::NoTraffic => page.text(words::headline::NO_TRAFFIC),
        VerdictKind::AllTooSmall => {
            page.fill(words::headline::TOO_SMALL, &[("inquiries", &inquiries)])
        }
    }
}

/// An ordinary week, with what it brought.
fn quiet(page: &Page, inquiries: &str) -> String {
    let measures = &page.digest.totals.measures;
    let sales = measures
        .sales_closed
        .map(|n| page.figures.counted(words::words::SALES, n));
    let what = match (sales, measures.revenue_closed) {
        (Some(_), Some(_)) if page.doubts_sales() => {
            let values = [("inquiries", inquiries)];
            page.fill(words::headline::BROUGHT_UNKNOWN, &values)
        }
        (Some(sales), Some(_)) if page.doubts_revenue() => {
            let values = [("inquiries", inquiries), ("sales", &*sales)];
            page.fill(words::headline::BROUGHT_IN_DOUBT, &values)
        }
        (Some(sales), Some(revenue)) => {
            let revenue = page.figures.money(revenue, 0);
            let values = [
                ("inquiries", inquiries),
                ("sales", &sales),
                ("revenue", &revenue),
            ];
            page.fill(words::headline::BROUGHT, &values)
        }
        _ => inquiries.to_owned(),
    };
    use words::headline::{alone, quiet as usual};
    // Where nobody knows yet what is ordinary, nothing is called so.
    let is_known = page.digest.totals.usual.is_some() || inquiries_tested(page).is_some();
    let kinds = match is_known {
        true => [usual::WEEK, usual::MONTH, usual::QUARTER, usual::RANGE],
        false => [alone::WEEK, alone::MONTH, alone::QUARTER, alone::RANGE],
    };
    page.fill(by_kind(page, kinds), &[("what", &what)])
}

/// What is wrong with data that are not fit: something is missing, or what is there cannot be told.
fn not_fit(page: &Page) -> Key {
    match doubts::only_doubt(page) {
        None => words::headline::NOT_FIT,
        Some(OnlyDoubt::Repeated) => words::headline::REPEATED,
        Some(OnlyDoubt::Unreconciled) => words::headline::UNRECONCILED,
        Some(OnlyDoubt::Sales(doubt)) if doubt.hides_sales() => words::headline::SALES_UNTOLD,
        Some(OnlyDoubt::Sales(_)) => words::headline::UNTRACED,
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

/// The fault with its place, then its two numbers.
fn fault_first(page: &Page, cause: &RankedCause, counts: &str) -> String {
    in_room(page, cause, |fault| {
        page.fill(incident(cause.certainty), &[("cause", fault)]) + counts
    })
}

/// The cause that the headline names.
pub(super) fn lead<'a>(page: &Page<'a>) -> Option<&'a RankedCause> {
    page.digest.lead()
}

/// A cause that was found beside the one that leads, or beside a drop that it does not explain, in a sentence of its own.
pub(super) fn beside<'a>(page: &Page<'a>) -> Option<&'a RankedCause> {
    let lead = lead(page).map(|cause| cause.code);
    let findings = page.digest.findings.iter();
    let mut firsts = findings.filter_map(|finding| finding.causes.first());
    let is_found = |cause: &RankedCause| cause.verdict == Outcome::Found;
    // Nobody knows how much of the missing sales a slow stage explains: they are told beside it.
    let leads_with_stage = page.digest.verdict.slow.is_some();
    let is_named = |cause: &RankedCause| cause.code != CauseCode::Unknown || leads_with_stage;
    firsts.find(|cause| is_found(cause) && Some(cause.code) != lead && is_named(cause))
}

/// The sentence of such a cause.
pub(super) fn sentence_of(page: &Page, cause: &RankedCause) -> String {
    let counts = causes::counted(page, cause).unwrap_or_default();
    fault_first(page, cause, &counts)
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
    let whole = unnamed_scope(page, cause);
    let first = whole
        .iter()
        .take(1)
        .map(|(dimension, text)| (*dimension, text.clone()));
    let places = [whole.clone(), first.collect(), Scope::new()];
    let fault = |scope: Scope| in_time(page, cause, causes::fault_in(page, cause, &scope));
    let sentences = places.map(|scope| sentence(&fault(scope)));
    let fits = |sentence: &&String| sentence.chars().count() <= HEADLINE_LENGTH;
    let fitting = sentences.iter().find(fits).or(sentences.last());
    fitting.cloned().unwrap_or_default()
}

/// A fault that is over is told with its days: «15 сентября не работала телефония».
fn in_time(page: &Page, cause: &RankedCause, fault: String) -> String {
    if !causes::is_over(page, cause) {
        return fault;
    }
    let days = stretch::between(page, cause.started_at, cause.ended_at);
    let days = page.figures.days(*days.start(), *days.end());
    let values = [("days", &*days), ("cause", &fault)];
    page.fill(words::headline::PAST, &values)
}

/// A drop with its cause, hedged as its probability demands.
fn with_cause(page: &Page) -> String {
    let Some(cause) = lead(page) else {
        return moved(page);
    };
    // The fault with its own numbers stands first; how much all lost is a line below it.
    let counts = causes::counted(page, cause).filter(|_| cause.code != CauseCode::Unknown);
    if let Some(counts) = counts {
        return fault_first(page, cause, &counts);
    }
    let sentence = moved(page);
    if cause.code == CauseCode::Unknown {
        return page.fill(words::headline::UNKNOWN, &[("sentence", &sentence)]);
    }
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
    if let Some(counts) = counted_change::sentence(page).or_else(|| beyond_usual(page)) {
        return counts;
    }
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
        Some(by) => {
            let before = page.digest.mature_cohort.as_ref();
            let before = before.map(|cohort| page.figures.of_period(&cohort.period.previous()));
            let values = [
                ("by", &*by),
                ("than", &than(page)),
                ("rate", &cohort(page)),
                ("before", &before.unwrap_or_default()),
            ];
            page.fill(key, &values)
        }
        None => page.text(if falls {
            words::headline::CONV1_FELL_UNSIZED
        } else {
            words::headline::CONV1_ROSE_UNSIZED
        }),
    };
    in_channel(page, sentence)
}

/// A second conversion with its usual range, as the table has them: «купили 16,2 %, обычно 16,4–26,2 %».
fn beyond_usual(page: &Page) -> Option<String> {
    let is_meant = page.digest.verdict.metric == Some(Metric::Conv2);
    let matured = page.digest.mature_cohort.as_ref().filter(|_| is_meant)?;
    let (value, usual) = (matured.rate.value?, matured.usual?);
    let range = page.figures.percent_range(usual.low, usual.high, 1);
    let values = [("rate", &*cohort(page)), ("range", &range)];
    let is_beyond = value < usual.low || value > usual.high;
    is_beyond.then(|| page.fill(words::headline::CONV2_BEYOND, &values))
}

/// The reported rate of the matured cohort with its inquiries: «обращений сентября 2026 купили 16 %».
fn cohort(page: &Page) -> String {
    let cohort = page.digest.mature_cohort.as_ref();
    let said = cohort.and_then(|cohort| {
        let values = [
            ("period", &*page.figures.of_period(&cohort.period)),
            ("rate", &page.figures.percent(cohort.rate.value?, 1)),
        ];
        Some(page.fill(words::headline::COHORT, &values))
    });
    said.unwrap_or_default()
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
