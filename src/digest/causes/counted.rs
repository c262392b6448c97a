//! Two numbers of a cause with their unit: «0 заявок вместо 16».

use super::titles::{is_of_sales, loses_channels};
use crate::config::words::{self, Key, Noun};
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::daily::Measure;
use crate::diagnosis::finding::{Finding, RankedCause, Tested};
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::digest::page::Page;
use crate::digest::stretch::{self, DaySums};
use crate::model::metric::Metric;
use crate::model::observations::Dimension;

/// What a cause counted, against what is usual: its main evidence, else the days of its place; nothing where neither is of
/// one thing. Of other visitors what they look like says more than what they brought.
pub fn counted(page: &Page, cause: &RankedCause) -> Option<String> {
    match cause.code {
        CauseCode::TrafficQuality => return looks(page, cause),
        CauseCode::MixShift => return visits(page, cause).or_else(|| by_days(page, cause)),
        CauseCode::Seasonality => return by_calendar(page, cause),
        CauseCode::Telephony => {
            if let Some(failed) = failed_calls(page, cause) {
                return Some(failed);
            }
        }
        _ => {}
    }
    by_evidence(page, cause).or_else(|| by_days(page, cause))
}

/// The same of a finding of an earlier period: by its own evidence alone, for the tests and days of this page are those of
/// another week.
pub fn counted_then(page: &Page, cause: &RankedCause) -> Option<String> {
    match cause.code {
        CauseCode::TrafficQuality => looks(page, cause),
        CauseCode::MixShift => None,
        CauseCode::Seasonality => by_calendar(page, cause),
        _ => by_evidence(page, cause),
    }
}

/// What came, against an ordinary week: what the calendar lets expect is no loss, and may well be exceeded.
fn by_calendar(page: &Page, cause: &RankedCause) -> Option<String> {
    use words::evidence::seasonality as of;
    let units = [
        (of::SESSIONS, words::words::SESSIONS),
        (of::INQUIRIES, words::words::INQUIRIES),
    ];
    let told = |evidence: &Evidence| {
        let mut units = units.iter();
        let (_, unit) = units.find(|(code, _)| *code == evidence.code)?;
        let (observed, ordinary) = (count(evidence, "observed")?, count(evidence, "ordinary")?);
        Some(against_usual(page, *unit, observed, ordinary))
    };
    cause.evidence.iter().find_map(told)
}

fn by_evidence(page: &Page, cause: &RankedCause) -> Option<String> {
    let told = main_count(cause)?;
    Some(against_usual(page, told.unit, told.observed, told.expected))
}

/// Calls that failed, of a fault of telephony that let most of those that came in through: «11 calls instead of 15» shows no
/// dead line.
fn failed_calls(page: &Page, cause: &RankedCause) -> Option<String> {
    let strongest = cause.evidence.first()?;
    let is_of_failures = FAILED.contains(&strongest.code);
    let let_through = main_count(cause).is_none_or(|main| main.observed > main.expected / 2.0);
    let (observed, expected) = (count(strongest, "observed")?, count(strongest, "expected")?);
    (is_of_failures && let_through)
        .then(|| against_usual(page, words::counted::FAILED, observed, expected))
}

/// What the main evidence of a cause counted, and when.
pub struct MainCount<'a> {
    /// What is counted.
    pub unit: Noun,
    /// Seen.
    pub observed: f64,
    /// To be expected.
    pub expected: f64,
    /// The evidence.
    pub evidence: &'a Evidence,
}

/// The numbers of a cause's main evidence; what speaks against the cause is no number of it.
pub fn main_count(cause: &RankedCause) -> Option<MainCount<'_>> {
    let mut evidence = cause.evidence.iter();
    let of_main = evidence.find(|evidence| evidence.role == Role::Main);
    let main = of_main.or(cause.evidence.first())?;
    Some(MainCount {
        unit: unit(main.code)?,
        observed: count(main, "observed")?,
        expected: count(main, "expected")?,
        evidence: main,
    })
}

/// The days of the finding that the cause leads, over its own stretch.
fn by_days(page: &Page, cause: &RankedCause) -> Option<String> {
    // Visits are all there when it is the inquiries that have lost theirs, and inquiries when it is sales.
    if loses_channels(cause) || is_of_sales(cause) {
        return None;
    }
    let leads = |finding: &&Finding| finding.causes.first() == Some(cause);
    let finding = page.digest.findings.iter().find(leads)?;
    let daily = finding.daily.as_ref()?;
    let DaySums { observed, expected } = stretch::sums(page, finding, daily);
    let expected = expected.round();
    let is_told = (observed - expected).abs() >= LEAST_APART;
    is_told.then(|| against_usual(page, measured(daily.measure), observed, expected))
}

/// The visits of the channel that grew, as the picture beside them has them.
fn visits(page: &Page, cause: &RankedCause) -> Option<String> {
    let channel = cause.scope.get(&Dimension::Channel)?;
    let is_of_channel = |test: &&Tested| {
        let is_whole = test.scope.len() == 1 && test.metric == Metric::Sessions;
        is_whole && test.scope.get(&Dimension::Channel) == Some(channel)
    };
    let test = page.digest.tests.iter().find(is_of_channel)?;
    Some(against_usual(
        page,
        words::words::SESSIONS,
        test.observed,
        test.expected,
    ))
}

/// Numbers that lie closer together are no fault that a headline could show.
const LEAST_APART: f64 = 2.0;

/// What a chart of days counts.
pub fn measured(measure: Measure) -> Noun {
    match measure {
        Measure::Inquiries => words::words::INQUIRIES,
        Measure::Forms => words::counted::FORMS,
        Measure::Calls => words::counted::CALLS,
        Measure::Sessions => words::words::SESSIONS,
    }
}

fn against_usual(page: &Page, unit: Noun, observed: f64, expected: f64) -> String {
    let key = match observed > expected {
        true if expected < RARE => words::headline::MORE_COUNTS_RARE,
        true => words::headline::MORE_COUNTS,
        false => words::headline::COUNTS,
    };
    let observed = page.figures.counted_whole(unit, observed.round());
    let values = [
        ("observed", &*observed),
        ("expected", &page.figures.expected(expected)),
    ];
    page.fill(key, &values)
}

/// What is expected less often than this is hardly ever seen: a tenth of a deal says nothing to anybody.
const RARE: f64 = 1.0;

/// The share of sessions with the clearest sign of other visitors, against the usual one.
fn looks(page: &Page, cause: &RankedCause) -> Option<String> {
    use words::evidence::traffic_quality as of;
    let signs = [
        (of::INSTANT, words::headline::looks::INSTANT),
        (of::BOUNCES, words::headline::looks::BOUNCES),
        (of::NEWCOMERS, words::headline::looks::NEWCOMERS),
    ];
    let said = |evidence: &Evidence| {
        let mut signs = signs.iter();
        let (_, key) = signs.find(|(code, _)| *code == evidence.code)?;
        let (share, usual) = (share(evidence, "share")?, share(evidence, "usual")?);
        let shown = |share: f64| page.figures.percent(share, usize::from(share < 0.1));
        let values = [("share", &*shown(share)), ("usual", &shown(usual))];
        Some(page.fill(*key, &values))
    };
    cause.evidence.iter().find_map(said)
}

fn share(evidence: &Evidence, name: &str) -> Option<f64> {
    match evidence.values.get(name)? {
        Value::Share(share) => Some(*share),
        _ => None,
    }
}

/// Whether a piece of evidence counts what did not arrive where it should have.
pub fn counts_missing(evidence: Key) -> bool {
    [FORMS, ORDERS, CALLS]
        .iter()
        .any(|of| of.contains(&evidence))
}

/// Whether a piece of evidence counts orders that did not come from their place.
pub(super) fn counts_orders(evidence: Key) -> bool {
    ORDERS.contains(&evidence)
}

fn count(evidence: &Evidence, name: &str) -> Option<f64> {
    match evidence.values.get(name)? {
        Value::Count(count) => Some(*count),
        _ => None,
    }
}

/// What the numbers of a piece of evidence count.
fn unit(evidence: Key) -> Option<Noun> {
    use words::counted as noun;
    let units: [(&[Key], Noun); 18] = [
        (FORMS, noun::FORMS),
        (ORDERS, words::words::INQUIRIES),
        (CALLS, noun::CALLS),
        (SESSIONS, words::words::SESSIONS),
        (INQUIRIES, words::words::INQUIRIES),
        (SALES, words::words::SALES),
        (LOST, noun::LOST),
        (&[words::evidence::unknown::REFUSALS], noun::OWN_REASONS),
        (
            &[words::evidence::lead_quality::UNTARGETED],
            noun::UNTARGETED,
        ),
        (SHORT_TALKS, noun::SHORT_TALKS),
        (UNTOUCHED, noun::UNTOUCHED),
        (&[words::evidence::managers::MISSED], noun::MISSED),
        (LATE, noun::LATE),
        (&[words::evidence::managers::FORGOTTEN], noun::FORGOTTEN),
        (&[words::evidence::crm_hygiene::CLOSINGS], noun::CLOSINGS),
        (&[words::evidence::crm_hygiene::REPEATS], noun::REPEATS),
        (DEALS, words::words::DEALS),
        (CHANNELLESS, noun::CHANNELLESS),
    ];
    let mut units = units.into_iter();
    units.find_map(|(codes, noun)| codes.contains(&evidence).then_some(noun))
}

const FORMS: &[Key] = {
    use words::evidence::forms;
    &[
        forms::SILENCE_ALL,
        forms::SILENCE_FORM,
        forms::SILENCE_PAGE,
        forms::SILENCE_DEVICE,
        forms::SILENCE_FORM_PAGE,
        forms::SILENCE_FORM_DEVICE,
        forms::SILENCE_PAGE_DEVICE,
        forms::LOSS_ALL,
        forms::LOSS_FORM,
        forms::LOSS_PAGE,
        forms::LOSS_DEVICE,
        forms::LOSS_FORM_PAGE,
        forms::LOSS_FORM_DEVICE,
        forms::LOSS_PAGE_DEVICE,
    ]
};
const ORDERS: &[Key] = {
    use words::evidence::forms;
    &[
        forms::NO_ORDERS_PAGE,
        forms::NO_ORDERS_DEVICE,
        forms::NO_ORDERS_PAGE_DEVICE,
        forms::FEW_ORDERS_PAGE,
        forms::FEW_ORDERS_DEVICE,
        forms::FEW_ORDERS_PAGE_DEVICE,
    ]
};
const CALLS: &[Key] = {
    use words::evidence::telephony;
    &[
        telephony::SILENCE_LINE,
        telephony::SILENCE_TRUNK,
        telephony::SILENCE_ALL,
        telephony::LOSS_LINE,
        telephony::LOSS_TRUNK,
        telephony::LOSS_ALL,
    ]
};
const SESSIONS: &[Key] = {
    use words::evidence::{tracking, traffic_volume};
    &[
        traffic_volume::SURGE,
        traffic_volume::SESSIONS,
        tracking::PAGE_LOST,
        tracking::SESSIONS_LOST,
        tracking::PER_CLICK,
        tracking::MORE_SESSIONS,
    ]
};
const INQUIRIES: &[Key] = &[words::evidence::unknown::TOTAL];
const SALES: &[Key] = {
    use words::evidence::{lead_quality, managers};
    &[
        lead_quality::SALES,
        managers::SALES,
        managers::WEAK,
        words::evidence::unknown::SALES,
        words::evidence::unknown::SALES_CLOSED,
        words::evidence::crm_hygiene::SALES_CLOSED,
    ]
};
const FAILED: &[Key] = &[words::evidence::telephony::OUTBOUND_FAILED];
const LOST: &[Key] = {
    use words::evidence::{lead_quality, managers};
    &[
        lead_quality::QUICKLY_LOST,
        managers::LOST,
        managers::UNREACHED,
    ]
};
const SHORT_TALKS: &[Key] = {
    use words::evidence::{lead_quality, telephony};
    &[lead_quality::SHORT_TALKS, telephony::SHORT_TALKS]
};
const UNTOUCHED: &[Key] = {
    use words::evidence::managers;
    &[managers::UNTOUCHED, managers::UNTOUCHED_ALL]
};
const LATE: &[Key] = {
    use words::evidence::managers;
    &[managers::SLOW, managers::SLOW_MANAGER]
};
const DEALS: &[Key] = {
    use words::evidence::crm_hygiene;
    &[crm_hygiene::MORE_DEALS, crm_hygiene::NOT_ENTERED]
};
const CHANNELLESS: &[Key] = {
    use words::evidence::tracking;
    &[tracking::UNKNOWN_CHANNEL, tracking::NOT_BY_CLIENT]
};
