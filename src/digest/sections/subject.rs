//! Subject and preheader of the mail: a number, the hedged cause and the period, by rule.

use super::answer::{certainty, changed};
use super::broken;
use super::counted_change;
use super::headline::lead;
use super::lost_place;
use super::profit;
use super::slow;
use crate::config::words;
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::Certainty;
use crate::digest::causes;
use crate::digest::doubts::{self, OnlyDoubt};
use crate::digest::page::Page;
use crate::digest::phrases::{channel_title, inquiries, lower_first, shorten, sources};
use crate::digest::verdict::VerdictKind;
use crate::model::change::Change;
use crate::model::metric::Metric;

/// Characters that every mail list shows of a subject.
const SUBJECT_LENGTH: usize = 70;

/// Characters of a subject that a channel's name may take: a third, so that what happened keeps its room.
const CHANNEL_LENGTH: usize = 24;

/// The subject: a number and the period. The period is always whole, so that threads of different weeks stay apart.
pub(in crate::digest) fn subject(page: &Page) -> String {
    let digest = page.digest;
    let of_few = counted_change::of_few(page, CHANNEL_LENGTH);
    let what = of_few.unwrap_or_else(|| in_its_channel(page, what_happened(page)));
    let period = page.figures.short_period(&digest.period);
    let whole = |what: &str| {
        let subject = format!("{what} · {period}");
        if digest.report_version > 1 {
            page.fill(words::subject::UPDATE, &[("subject", &subject)])
        } else {
            subject
        }
    };
    let fits = |subject: &String| subject.chars().count() <= SUBJECT_LENGTH;
    // The cause is what the letter is about: a channel's change that leaves it no room gives way to the count of all. One
    // that does not fit beside that is left to the headline: half a word says nothing.
    let counted = inquiries(page, words::words::INQUIRIES);
    let mut said = [what.as_str(), counted.as_str()].into_iter();
    let hedged = said.find_map(|what| with_cause(page, what).map(|what| whole(&what)).filter(fits));
    // A number that is cut says something else: the channel gives way before what happened does.
    let happened = what_happened(page);
    let mut plain = [what.as_str(), happened.as_str()].into_iter();
    let plain = plain.find_map(|what| Some(whole(what)).filter(fits));
    let room = SUBJECT_LENGTH.saturating_sub(whole("").chars().count());
    one_line(
        &hedged
            .or(plain)
            .unwrap_or_else(|| whole(&shorten(&what, room))),
    )
}

/// The verdict in a few words, without its channel, period and cause.
pub(super) fn what_happened(page: &Page) -> String {
    let verdict = &page.digest.verdict;
    match (verdict.kind, verdict.change, verdict.metric) {
        _ if verdict.place.is_some() => lost_place::subject(page),
        _ if verdict.stage.is_some() => broken::subject(page),
        _ if verdict.slow.is_some() => slow::subject(page),
        _ if verdict.profit.is_some() => profit::subject(page),
        (VerdictKind::Drop | VerdictKind::Rise, Some(Change::Percent { value, .. }), metric) => {
            let decimals = usize::from(value.abs() < 2.0);
            let change = page.figures.signed_percent(value, decimals);
            let key = if metric == Some(Metric::Sessions) {
                words::subject::SESSIONS
            } else {
                words::subject::INQUIRIES
            };
            page.fill(key, &[("change", &change)])
        }
        (VerdictKind::Drop | VerdictKind::Rise, Some(Change::Points { value, .. }), metric) => {
            let change = page.figures.points(value, 2);
            let key = if metric == Some(Metric::Conv2) {
                words::subject::CONV2
            } else {
                words::subject::CONV1
            };
            page.fill(key, &[("change", &change)])
        }
        (VerdictKind::DataNotFit, ..) => {
            let key = match doubts::only_doubt(page) {
                Some(OnlyDoubt::Repeated) => words::subject::REPEATED,
                Some(OnlyDoubt::Unreconciled) => words::subject::UNRECONCILED,
                Some(OnlyDoubt::Sales(_)) | None => words::subject::NOT_FIT,
            };
            page.fill(key, &[("sources", &sources(page))])
        }
        (VerdictKind::NoTraffic, ..) => page.text(words::subject::NO_TRAFFIC),
        (VerdictKind::Incident, ..) => inquiries(page, words::words::INQUIRIES),
        (VerdictKind::NothingSignificant, ..) => page.fill(
            words::subject::NOTHING,
            &[("inquiries", &inquiries(page, words::words::INQUIRIES))],
        ),
        _ => page.fill(
            words::subject::PLAIN,
            &[("inquiries", &inquiries(page, words::words::INQUIRIES))],
        ),
    }
}

/// What happened, with the channel that it happened in.
fn in_its_channel(page: &Page, what: String) -> String {
    let verdict = &page.digest.verdict;
    match &verdict.channel {
        // A place names its channel itself.
        Some(_) if verdict.place.is_some() => what,
        Some(channel) => page.fill(
            words::headline::IN_CHANNEL,
            &[
                (
                    "channel",
                    &shorten(&channel_title(page, channel), CHANNEL_LENGTH),
                ),
                ("sentence", &lower_first(&what)),
            ],
        ),
        None => what,
    }
}

/// What changed with its likely cause, hedged as its probability demands; never as a fact.
fn with_cause(page: &Page, what: &str) -> Option<String> {
    let cause = lead(page)?;
    let key = match (cause.code, cause.certainty) {
        (CauseCode::Unknown, _) => words::subject::CAUSE_UNKNOWN,
        (_, Certainty::Likely | Certainty::Probable) => words::subject::CAUSE_LIKELY,
        (_, Certainty::Candidate) => words::subject::CAUSE_POSSIBLE,
    };
    let short = causes::short_of(page, cause);
    Some(page.fill(key, &[("what", what), ("cause", &short)]))
}

/// What a mail list shows after the subject: the sentences of "what changed", or of certainty when there are none.
pub(in crate::digest) fn preheader(page: &Page) -> String {
    let text = changed(page)
        .or_else(|| certainty(page))
        .unwrap_or_default()
        .text();
    one_line(&shorten(&text, 160))
}

/// Without control characters, which headers must not hold.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|symbol| if symbol.is_control() { ' ' } else { symbol })
        .collect()
}
