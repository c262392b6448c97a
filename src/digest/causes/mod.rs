//! Causes in words: titles, scopes, evidence, losses and checks, each a sentence of the language files.

mod counted;
mod losses;
mod outcomes;
mod places;
mod roles;
mod steps;
mod titles;

use chrono::{DateTime, Days, NaiveTime, Utc};
use chrono_tz::Tz;

pub use self::counted::{counted, counted_then, counts_missing, main_count, measured};
pub use self::losses::{loss_label, loss_of, lost_inquiries};
pub use self::outcomes::outcome;
pub(in crate::digest) use self::places::free_text;
pub use self::places::{fault_in, fault_then, places, scope, slice};
use self::places::{line, path, starting_from, word};
pub use self::roles::{person, who};
pub use self::steps::{checks, first_step, steps, told};
pub use self::titles::{distorts_sessions, is_over, loses_channels};
use self::titles::{is_of_orders, is_surge};
use crate::config::words::{self, Key};
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::{Certainty, RankedCause};
use crate::diagnosis::weigh::evidence::{Evidence, Value};
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::shorten;
use crate::model::zone;

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

/// A cause that is only suspected: of more than a week in the past, for nobody knows whether it goes on.
pub fn suspected(page: &Page, code: CauseCode) -> String {
    match page.digest.period.days() > DAYS_A_WEEK {
        true => page.text(titles::suspected_then(code)),
        false => title(page, code),
    }
}

const DAYS_A_WEEK: u64 = 7;

/// A cause with its place as a noun phrase: of one form or of all, less traffic or more of it; in the past when it is over.
pub fn title_of(page: &Page, cause: &RankedCause) -> String {
    page.text(titles::of_place(page, cause, &cause.scope))
}

/// The few words for a cause in the subject of a mail.
pub fn short_of(page: &Page, cause: &RankedCause) -> String {
    if is_surge(cause) {
        page.text(words::causes::short::TRAFFIC_SURGE)
    } else if is_of_orders(cause) {
        page.text(words::causes::short::ORDERS)
    } else {
        page.text(titles::short_of_deals(cause).unwrap_or(CauseWords::of(cause.code).short))
    }
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

/// Growth by so many times is told as such.
const MANYFOLD: f64 = 9.0;

/// A probability in whole percent, never quite certain: nobody can be.
pub fn probability(page: &Page, probability: f64) -> String {
    page.figures.percent(probability.clamp(0.01, 0.99), 0)
}

/// When it began, where that is known: what is counted over the whole period has its first hour for a start, and may have begun
/// on any of its days.
pub fn began(page: &Page, started_at: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    let first = zone::day_start(page.digest.period.from, page.digest.pipeline.time_zone);
    started_at.filter(|at| *at != first)
}

/// When it began and ended, on the pipeline's clock.
pub fn span(page: &Page, from: Option<DateTime<Utc>>, to: Option<DateTime<Utc>>) -> Option<String> {
    Some(match (from, to) {
        // Whole days: the last one is the day before the midnight on which it ended.
        (Some(from), Some(to)) if is_midnight(page, from) && is_midnight(page, to) && from < to => {
            let last = local(page, to).date_naive() - Days::new(1);
            page.figures.days(local(page, from).date_naive(), last)
        }
        // It lasted to the end of a day, which is the last day of it.
        (Some(from), Some(to)) if is_midnight(page, to) && from < to => {
            let last = local(page, to).date_naive() - Days::new(1);
            let values = [
                ("from", &*moment(page, from)),
                ("to", &page.figures.day(last)),
            ];
            page.fill(words::causes::when::THROUGH, &values)
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
    let code = match evidence.code {
        words::evidence::unknown::TOTAL if page.is_without_traffic() => {
            words::evidence::unknown::TOTAL_ALONE
        }
        code => code,
    };
    let said = page.rich(code, &values);
    match run_of(page, evidence) {
        Some(days) => {
            let days = page.rich(words::causes::ON_DAYS, &[("days", &days)]);
            days.then(said.lower_first())
        }
        None => said,
    }
}

/// The days that an evidence is about, where it is not about the whole period.
fn run_of(page: &Page, evidence: &Evidence) -> Option<String> {
    let values = &evidence.values;
    let (Value::Day(first), Value::Day(last)) = (values.get("first")?, values.get("last")?) else {
        return None;
    };
    Some(page.figures.days(*first, *last))
}

/// When what an evidence counts was: its stretch, its days, or the whole period.
pub fn when(page: &Page, evidence: &Evidence) -> String {
    let period = &page.digest.period;
    span_of(page, evidence)
        .or_else(|| run_of(page, evidence))
        .unwrap_or_else(|| page.figures.days(period.from, period.to))
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
        ("expected", Value::Count(count)) => page.figures.usual(*count),
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
        Value::Count(count) => figures.expected(*count),
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
        // Beyond ten times a percentage is no size that anybody sees before him.
        Value::Change(change) if *change > MANYFOLD => page.text(words::causes::MANYFOLD),
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
