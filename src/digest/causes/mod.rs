//! Causes in words: titles, scopes, evidence, losses and checks, each a sentence of the language files.

mod losses;
mod steps;

use chrono::{DateTime, Days, NaiveTime, Utc};
use chrono_tz::Tz;

pub use self::losses::{loss_label, loss_of};
pub use self::steps::checks;
use crate::config::words::{self, Key};
use crate::diagnosis::codes::{CauseCode, Scope};
use crate::diagnosis::finding::{Certainty, RankedCause};
use crate::diagnosis::weigh::evidence::{Evidence, Value};
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::{channel_title, shorten};
use crate::model::channel::ChannelId;
use crate::model::observations::Dimension;

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

/// A cause as a noun phrase that says which way it went: less traffic is one thing, and more of it another.
pub fn title_of(page: &Page, cause: &RankedCause) -> String {
    if is_surge(cause) {
        page.text(words::cause::traffic_volume::SURGE)
    } else {
        title(page, cause.code)
    }
}

/// The few words for a cause in the subject of a mail.
pub fn short_of(page: &Page, cause: &RankedCause) -> String {
    if is_surge(cause) {
        page.text(words::causes::short::TRAFFIC_SURGE)
    } else {
        page.text(CauseWords::of(cause.code).short)
    }
}

fn is_surge(cause: &RankedCause) -> bool {
    let mut evidence = cause.evidence.iter().chain(&cause.against);
    evidence.any(|evidence| evidence.code == words::evidence::traffic_volume::SURGE)
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

/// Where, in words: «линия 8142…, Петрозаводск»; `None` is everywhere.
pub fn scope(page: &Page, scope: &Scope) -> Option<String> {
    let parts: Vec<String> = scope
        .iter()
        .map(|(dimension, text)| place(page, *dimension, text))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The first part of where, for headlines that have no room for the whole.
pub fn first_place(page: &Page, scope: &Scope) -> Option<String> {
    scope
        .first_key_value()
        .map(|(dimension, text)| place(page, *dimension, text))
}

fn place(page: &Page, dimension: Dimension, text: &str) -> String {
    let value = match dimension {
        Dimension::Channel => channel_title(page, &ChannelId::new(text)),
        Dimension::Contact | Dimension::Device => word(page, text),
        Dimension::Line => line(page, text),
        _ => free_text(page, text, 40),
    };
    let key = match dimension {
        Dimension::Channel => words::causes::place::CHANNEL,
        Dimension::Contact => words::causes::place::CONTACT,
        Dimension::Line => words::causes::place::LINE,
        Dimension::Trunk => words::causes::place::TRUNK,
        Dimension::Form => words::causes::place::FORM,
        Dimension::Page => words::causes::place::PAGE,
        Dimension::Device => words::causes::place::DEVICE,
        Dimension::Region => words::causes::place::REGION,
        Dimension::Operator => words::causes::place::OPERATOR,
        Dimension::Manager => words::causes::place::MANAGER,
        Dimension::Reason => words::causes::place::REASON,
        Dimension::Export => words::causes::place::EXPORT,
    };
    page.fill(key, &[("name", &value)])
}

/// A word of the program in the page's language; one that has no translation stands as it is.
fn word(page: &Page, word: &str) -> String {
    match page.strings.word(word) {
        Some(translated) => translated.to_owned(),
        None => shorten(word, 40),
    }
}

/// A text of an export as it stands; small values that are gathered under one name have a word.
fn free_text(page: &Page, text: &str, most: usize) -> String {
    if text == "(other)" {
        page.text(words::causes::THE_REST)
    } else {
        shorten(text, most)
    }
}

/// A telephone line by the name that the pipeline gives it, else by its number.
fn line(page: &Page, number: &str) -> String {
    match page.digest.pipeline.lines.get(number) {
        Some(name) => page.fill(words::causes::LINE, &[("name", &shorten(name, 40))]),
        None => shorten(number, 40),
    }
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
    let values: Vec<(String, String)> = evidence
        .values
        .iter()
        .map(|(name, value)| (name.clone(), named(page, name, value)))
        .collect();
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    page.rich(evidence.code, &values)
}

fn named(page: &Page, name: &str, value: &Value) -> String {
    match (name, value) {
        ("line", Value::Text(number)) => line(page, number),
        ("device", Value::Text(device)) => word(page, device),
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
