//! What to do first: who checks what, and what follows from it.

use chrono::NaiveDate;

use super::headline::{beside, lead};
use super::headline_check::HeadlineCheck;
use super::outcomes;
use crate::config::words::{self, Key};
use crate::diagnosis::causes::CAUSES;
use crate::diagnosis::codes::Conversion;
use crate::diagnosis::finding::{Certainty, Loss, RankedCause, found};
use crate::digest::blocks::{Notice, Tone};
use crate::digest::causes;
use crate::digest::doubts::{self, OnlyDoubt};
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::{is_shop, sources};
use crate::digest::verdict::VerdictKind;
use crate::model::metric::Metric;

/// The box below the headline: something is wrong, and somebody can look.
pub(super) fn notice(page: &Page) -> Option<Notice> {
    let text = step(page)?;
    Some(Notice {
        tone: Tone::Warn,
        lead: when(page),
        text,
    })
}

/// «Сделать сегодня.», or the next day of work.
fn when(page: &Page) -> String {
    let digest = page.digest;
    let today = digest
        .as_of
        .with_timezone(&digest.pipeline.time_zone)
        .date_naive();
    match digest.check_days.first() {
        Some(day) if *day > today => later(page, *day),
        _ => page.text(words::action::TODAY),
    }
}

fn later(page: &Page, day: NaiveDate) -> String {
    page.fill(words::action::ON_DAY, &[("day", &page.figures.day(day))])
}

/// The first step of the cause that the headline names, or of a drop that has none.
fn step(page: &Page) -> Option<Rich> {
    if let Some(check) = HeadlineCheck::of(page) {
        return Some(check.said(page));
    }
    if let Some(cause) = lead(page) {
        let check = causes::first_step(page, cause)?;
        return Some(match causes::is_over(page, cause) {
            true => page.rich(words::answer::next::OVER, &[("check", &check)]),
            false => Rich::plain(check),
        });
    }
    if page.digest.verdict.kind == VerdictKind::NothingSignificant {
        return suspected(page).map(Rich::plain);
    }
    (page.digest.verdict.kind == VerdictKind::Drop).then(|| {
        match (found_beside(page), suspected(page)) {
            (Some(check), _) => page.rich(words::answer::next::BESIDE, &[("check", &check)]),
            (None, Some(check)) => Rich::plain(check),
            (None, None) => page.rich(general(page), &[]),
        }
    })
}

/// The first step of a cause that was found beside a drop that it does not explain: of the same conversion, and not over.
fn found_beside(page: &Page) -> Option<String> {
    let cause = beside(page)?;
    let hurts = match page.digest.verdict.metric {
        Some(Metric::Conv2) => Conversion::Second,
        _ => Conversion::First,
    };
    let mut of_same = found(&page.digest.findings).filter(|(conversion, _)| *conversion == hurts);
    let is_of_same = of_same.any(|(_, other)| other.code == cause.code);
    (is_of_same && !causes::is_over(page, cause))
        .then(|| causes::first_step(page, cause))
        .flatten()
}

/// The first step of a cause that was not found and is more likely than not.
fn suspected(page: &Page) -> Option<String> {
    let checked = outcomes::likeliest_of(page)?;
    let mut known = CAUSES.iter().filter(|cause| cause.code == checked.code);
    let cause = RankedCause {
        code: checked.code,
        probability: checked.probability,
        verdict: checked.verdict,
        certainty: Certainty::Candidate,
        scope: checked.scope.clone(),
        started_at: None,
        ended_at: None,
        explains: Loss::default(),
        evidence: checked.reason.iter().cloned().collect(),
        against: Vec::new(),
        checks: known.next()?.checks.to_vec(),
    };
    (checked.probability > outcomes::MORE_LIKELY_THAN_NOT)
        .then(|| causes::first_step(page, &cause))
        .flatten()
}

/// What to do about a drop of which no cause is known: what costs a minute, first.
fn general(page: &Page) -> Key {
    match page.digest.verdict.metric {
        Some(Metric::Conv2) => words::answer::next::LOOK_AT_SALES,
        Some(Metric::Sessions) => words::answer::next::LOOK_AT_TRAFFIC,
        _ if is_shop(page) => words::answer::next::LOOK_AT_ORDERS,
        _ => words::answer::next::LOOK_AT_INQUIRIES,
    }
}

/// What follows from the state of the data, where nothing was found: the box above them says what is wrong with them.
pub(super) fn in_words(page: &Page) -> Option<Rich> {
    let digest = page.digest;
    match digest.verdict.kind {
        VerdictKind::DataNotFit => Some(data_step(page)),
        VerdictKind::NoTraffic => Some(page.rich(words::answer::next::CHECK_COUNTER, &[])),
        VerdictKind::Drop
        | VerdictKind::Rise
        | VerdictKind::Incident
        | VerdictKind::NothingSignificant
        | VerdictKind::FirstPeriod
        | VerdictKind::AllTooSmall => {
            let is_idle = lead(page).is_none() && digest.verdict.kind != VerdictKind::Drop;
            let is_doubtful = !digest.health.is_whole() || page.has_data_faults();
            (is_idle && is_doubtful).then(|| page.rich(words::answer::next::SEE_HEALTH, &[]))
        }
    }
}

fn data_step(page: &Page) -> Rich {
    let values = [
        ("sources", &*sources(page)),
        ("label", &*page.digest.period.label),
    ];
    let key = match doubts::only_doubt(page) {
        None => words::answer::next::WAIT,
        Some(OnlyDoubt::Repeated) => words::answer::next::EXPORT_ONCE,
        Some(OnlyDoubt::Unreconciled) => words::answer::next::EXPORT_AGAIN,
        Some(OnlyDoubt::Sales(doubt)) if doubt.hides_sales() => words::answer::next::NAME_STAGES,
        Some(OnlyDoubt::Sales(_)) => words::answer::next::ADD_CONTACTS,
    };
    page.rich(key, &values)
}
