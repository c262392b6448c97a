//! Causes in words: titles, scopes, evidence, losses and checks, each a sentence of the language files.

mod counted;
mod losses;
mod places;
mod roles;
mod steps;

use chrono::{DateTime, Days, NaiveTime, Utc};
use chrono_tz::Tz;

pub use self::counted::{counted, counts_missing};
pub use self::losses::{loss_label, loss_of};
pub(in crate::digest) use self::places::free_text;
pub use self::places::{fault_in, places, scope, slice};
use self::places::{line, path, starting_from, word};
pub use self::roles::who;
pub use self::steps::{checks, first_step, outcome, steps};
use crate::config::words::{self, Key};
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::{Certainty, RankedCause};
use crate::diagnosis::weigh::evidence::{Evidence, Value};
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::shorten;

/// The strings of a cause.
pub struct CauseWords {
    /// A noun phrase: «не работает форма».
    pub title: Key,
    /// What it means and how it is found.
    pub about: Key,
    /// A few words for the subject of a mail.
    pub short: Key,
}

impl CauseWords {
    /// The strings of a code.
    pub fn of(code: CauseCode) -> Self {
        use words::cause;
        use words::causes::short;
        let (title, about, short) = match code {
            CauseCode::Telephony => (
                cause::telephony::TITLE,
                cause::telephony::ABOUT,
                short::TELEPHONY,
            ),
            CauseCode::Forms => (cause::forms::TITLE, cause::forms::ABOUT, short::FORMS),
            CauseCode::TrafficVolume => (
                cause::traffic_volume::TITLE,
                cause::traffic_volume::ABOUT,
                short::TRAFFIC_VOLUME,
            ),
            CauseCode::TrafficQuality => (
                cause::traffic_quality::TITLE,
                cause::traffic_quality::ABOUT,
                short::TRAFFIC_QUALITY,
            ),
            CauseCode::MixShift => (
                cause::mix_shift::TITLE,
                cause::mix_shift::ABOUT,
                short::MIX_SHIFT,
            ),
            CauseCode::Tracking => (
                cause::tracking::TITLE,
                cause::tracking::ABOUT,
                short::TRACKING,
            ),
            CauseCode::DataGap => (
                cause::data_gap::TITLE,
                cause::data_gap::ABOUT,
                short::DATA_GAP,
            ),
            CauseCode::Seasonality => (
                cause::seasonality::TITLE,
                cause::seasonality::ABOUT,
                short::SEASONALITY,
            ),
            CauseCode::Unknown => (cause::unknown::TITLE, cause::unknown::ABOUT, short::UNKNOWN),
            CauseCode::LeadQuality => (
                cause::lead_quality::TITLE,
                cause::lead_quality::ABOUT,
                short::LEAD_QUALITY,
            ),
            CauseCode::Managers => (
                cause::managers::TITLE,
                cause::managers::ABOUT,
                short::MANAGERS,
            ),
            CauseCode::CrmHygiene => (
                cause::crm_hygiene::TITLE,
                cause::crm_hygiene::ABOUT,
                short::CRM_HYGIENE,
            ),
        };
        Self {
            title,
            about,
            short,
        }
    }
}

/// A cause as a noun phrase: «не работает форма».
pub fn title(page: &Page, code: CauseCode) -> String {
    page.text(CauseWords::of(code).title)
}

/// A cause as a noun phrase that says which way it went, and of what: less traffic is one thing, and more of it another; a shop
/// gets orders.
pub fn title_of(page: &Page, cause: &RankedCause) -> String {
    if is_surge(cause) {
        page.text(words::cause::traffic_volume::SURGE)
    } else if is_of_orders(cause) {
        page.text(words::cause::forms::ORDERS)
    } else {
        title(page, cause.code)
    }
}

/// The few words for a cause in the subject of a mail.
pub fn short_of(page: &Page, cause: &RankedCause) -> String {
    if is_surge(cause) {
        page.text(words::causes::short::TRAFFIC_SURGE)
    } else if is_of_orders(cause) {
        page.text(words::causes::short::ORDERS)
    } else {
        page.text(CauseWords::of(cause.code).short)
    }
}

fn is_surge(cause: &RankedCause) -> bool {
    let mut evidence = cause.evidence.iter().chain(&cause.against);
    evidence.any(|evidence| evidence.code == words::evidence::traffic_volume::SURGE)
}

/// Whether what is not sent are orders: the firm exports no forms.
fn is_of_orders(cause: &RankedCause) -> bool {
    let mut evidence = cause.evidence.iter().chain(&cause.against);
    evidence.any(|evidence| counted::counts_orders(evidence.code))
}

/// The word for how sure a cause is, with its probability: «вероятнее всего (86 %)».
pub fn certainty(page: &Page, cause: &RankedCause) -> String {
    let word = match cause.certainty {
        Certainty::Likely => words::causes::certainty::LIKELY,
        Certainty::Probable => words::causes::certainty::PROBABLE,
        Certainty::Candidate => words::causes::certainty::CANDIDATE,
    };
    page.fill(word, &[("p", &probability(page, cause.probability))])
}

/// A probability in whole percent, never quite certain: nobody can be.
pub fn probability(page: &Page, probability: f64) -> String {
    page.figures.percent(probability.clamp(0.01, 0.99), 0)
}

/// When it began and ended, on the pipeline's clock.
pub fn span(page: &Page, from: Option<DateTime<Utc>>, to: Option<DateTime<Utc>>) -> Option<String> {
    Some(match (from, to) {
        // Whole days: the last one is the day before the midnight on which it ended.
        (Some(from), Some(to)) if is_midnight(page, from) && is_midnight(page, to) && from < to => {
            let last = local(page, to).date_naive() - Days::new(1);
            page.figures.days(local(page, from).date_naive(), last)
        }
        (Some(from), Some(to)) => page.fill(
            words::causes::when::BETWEEN,
            &[("from", &moment(page, from)), ("to", &moment(page, to))],
        ),
        (Some(from), None) => {
            page.fill(words::causes::when::SINCE, &[("from", &moment(page, from))])
        }
        (None, Some(to)) => page.fill(words::causes::when::UNTIL, &[("to", &moment(page, to))]),
        (None, None) => return None,
    })
}

/// An instant on the pipeline's clock.
fn local(page: &Page, at: DateTime<Utc>) -> DateTime<Tz> {
    at.with_timezone(&page.digest.pipeline.time_zone)
}

fn is_midnight(page: &Page, at: DateTime<Utc>) -> bool {
    local(page, at).time() == NaiveTime::MIN
}

/// An instant as a day and a time; midnight as the day alone.
fn moment(page: &Page, at: DateTime<Utc>) -> String {
    let local = local(page, at);
    let (day, time) = (
        page.figures.day(local.date_naive()),
        local.format("%H:%M").to_string(),
    );
    if time == "00:00" {
        day
    } else {
        page.fill(words::causes::MOMENT, &[("day", &day), ("time", &time)])
    }
}

/// One piece of evidence as its sentence.
pub fn sentence(page: &Page, evidence: &Evidence) -> Rich {
    let shown = evidence
        .values
        .iter()
        .map(|(name, value)| (name.clone(), named(page, name, value)));
    let span = span_of(page, evidence).map(|span| ("span".to_owned(), span));
    let values: Vec<(String, String)> = shown.chain(span).collect();
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let said = page.rich(evidence.code, &values);
    match run_of(page, evidence) {
        Some(days) => days.then(said),
        None => said,
    }
}

/// The days that an evidence is about, where it is not about the whole period.
fn run_of(page: &Page, evidence: &Evidence) -> Option<Rich> {
    let values = &evidence.values;
    let (Value::Day(first), Value::Day(last)) = (values.get("first")?, values.get("last")?) else {
        return None;
    };
    let days = page.figures.days(*first, *last);
    Some(page.rich(words::causes::ON_DAYS, &[("days", &days)]))
}

/// The stretch that an evidence is about, as people write it.
fn span_of(page: &Page, evidence: &Evidence) -> Option<String> {
    match (evidence.values.get("from")?, evidence.values.get("to")?) {
        (Value::Time(from), Value::Time(to)) => span(page, Some(*from), Some(*to)),
        _ => None,
    }
}

fn named(page: &Page, name: &str, value: &Value) -> String {
    match (name, value) {
        ("line", Value::Text(number)) => line(page, number),
        ("export", Value::Text(name)) => shorten(page.export(name), 40),
        ("page", Value::Text(address)) => shorten(path(address), 60),
        ("device", Value::Text(device) | Value::Word(device)) => starting_from(page, device),
        _ => shown(page, value),
    }
}

fn shown(page: &Page, value: &Value) -> String {
    let figures = &page.figures;
    match value {
        Value::Count(count) if count.fract().abs() < 1e-9 => figures.number(*count, 0),
        Value::Count(count) => figures.number(*count, usize::from(count.abs() < 10.0)),
        Value::Share(share) => figures.percent(*share, usize::from(*share < 0.1)),
        Value::Seconds(seconds) if *seconds >= 172_800.0 => {
            figures.counted_whole(words::words::DAYS, (seconds / 86_400.0).round())
        }
        Value::Seconds(seconds) if *seconds >= 7_200.0 => page.fill(
            words::causes::HOURS,
            &[("n", &figures.number(seconds / 3_600.0, 0))],
        ),
        Value::Seconds(seconds) if *seconds >= 120.0 => page.fill(
            words::causes::MINUTES,
            &[("n", &figures.number(seconds / 60.0, 0))],
        ),
        Value::Seconds(seconds) => page.fill(
            words::causes::SECONDS,
            &[("n", &figures.number(*seconds, 0))],
        ),
        Value::Change(change) => figures.signed_percent(change * 100.0, 0),
        Value::Times(times) => figures.number(*times, 1),
        Value::Days(days) => figures.counted_whole(words::words::DAYS, *days),
        Value::Money(amount) => figures.money(*amount, 0),
        Value::Day(day) => figures.day(*day),
        Value::Time(at) => moment(page, *at),
        Value::Text(text) => free_text(page, text, 60),
        Value::Word(text) => word(page, text),
    }
}
