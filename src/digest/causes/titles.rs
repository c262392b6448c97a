//! What a cause is called in a sentence: of one form or of all, of orders, of more or of less; in the past when it is over.

use super::counted;
use crate::config::words::{self, Key};
use crate::diagnosis::codes::{CauseCode, Scope};
use crate::diagnosis::finding::RankedCause;
use crate::digest::page::Page;
use crate::model::observations::Dimension;

/// A cause as it is told of a place: «не отправляется форма», of a fault that is over «не отправлялась форма».
pub(super) fn of_place(page: &Page, cause: &RankedCause, scope: &Scope) -> Key {
    let (now, past) = tenses(cause, scope);
    if is_over(page, cause) { past } else { now }
}

/// The same of a period that is gone.
pub(super) fn in_the_past(cause: &RankedCause, scope: &Scope) -> Key {
    tenses(cause, scope).1
}

/// Whether a fault was over before the period was.
pub fn is_over(page: &Page, cause: &RankedCause) -> bool {
    let zone = page.digest.pipeline.time_zone;
    let end = cause
        .ended_at
        .map(|at| at.with_timezone(&zone).date_naive());
    end.is_some_and(|end| end <= page.digest.period.to)
}

/// The title while it goes on, and when it is over; one that is a noun is the same in both.
fn tenses(cause: &RankedCause, scope: &Scope) -> (Key, Key) {
    use words::cause as of;
    let both = |key: Key| (key, key);
    match cause.code {
        CauseCode::Telephony => (of::telephony::TITLE, of::telephony::PAST),
        CauseCode::Forms if is_of_orders(cause) => (of::forms::ORDERS, of::forms::ORDERS_PAST),
        CauseCode::Forms if is_about(scope, FORMS) => (of::forms::SINGLE, of::forms::SINGLE_PAST),
        CauseCode::Forms => (of::forms::TITLE, of::forms::PAST),
        CauseCode::Managers if is_about(scope, PEOPLE) => {
            (of::managers::SINGLE, of::managers::SINGLE_PAST)
        }
        CauseCode::Managers => (of::managers::TITLE, of::managers::PAST),
        CauseCode::LeadQuality => (of::lead_quality::TITLE, of::lead_quality::PAST),
        CauseCode::CrmHygiene => both(of_deals(cause)),
        CauseCode::Tracking => both(of_visits(cause)),
        CauseCode::TrafficVolume if is_surge(cause) => both(of::traffic_volume::SURGE),
        CauseCode::TrafficVolume
        | CauseCode::TrafficQuality
        | CauseCode::MixShift
        | CauseCode::DataGap
        | CauseCode::Seasonality => both(super::CauseWords::of(cause.code).title),
        CauseCode::Unknown if is_of_sales(cause) => (of::unknown::SALES, of::unknown::SALES_PAST),
        CauseCode::Unknown => (of::unknown::INQUIRIES, of::unknown::INQUIRIES_PAST),
    }
}

/// Whether what nothing explains are sales, and not inquiries.
pub(super) fn is_of_sales(cause: &RankedCause) -> bool {
    use words::evidence::unknown as of;
    let codes = [of::SALES, of::SALES_CLOSED, of::REFUSALS, of::REASON];
    let mut evidence = cause.evidence.iter().chain(&cause.against);
    cause.code == CauseCode::Unknown && evidence.any(|evidence| codes.contains(&evidence.code))
}

/// A cause that is only suspected, of a period that is gone.
pub(super) fn suspected_then(code: CauseCode) -> Key {
    use words::cause as of;
    match code {
        CauseCode::Telephony => of::telephony::PAST,
        CauseCode::Forms => of::forms::PAST,
        CauseCode::Managers => of::managers::PAST,
        CauseCode::LeadQuality => of::lead_quality::PAST,
        CauseCode::CrmHygiene
        | CauseCode::Tracking
        | CauseCode::TrafficVolume
        | CauseCode::TrafficQuality
        | CauseCode::MixShift
        | CauseCode::DataGap
        | CauseCode::Seasonality
        | CauseCode::Unknown => super::CauseWords::of(code).title,
    }
}

const FORMS: [Dimension; 2] = [Dimension::Form, Dimension::Page];
const PEOPLE: [Dimension; 2] = [Dimension::Manager, Dimension::Operator];

fn is_about(scope: &Scope, dimensions: [Dimension; 2]) -> bool {
    let mut dimensions = dimensions.iter();
    dimensions.any(|dimension| scope.contains_key(dimension))
}

/// What is wrong with the deals: closed too late, entered twice, or not at all. The strongest evidence says which.
fn of_deals(cause: &RankedCause) -> Key {
    use words::{cause::crm_hygiene as title, evidence::crm_hygiene as of};
    match strongest(cause) {
        Some(code) if [of::REPEATS, of::MORE_DEALS].contains(&code) => title::REPEATS,
        Some(code) if code == of::NOT_ENTERED => title::NOT_ENTERED,
        _ => title::TITLE,
    }
}

/// The few words for deals that are entered wrongly, where they are not closed too late.
pub(super) fn short_of_deals(cause: &RankedCause) -> Option<Key> {
    use words::{cause::crm_hygiene as title, causes::short};
    match of_deals(cause) {
        _ if cause.code != CauseCode::CrmHygiene => None,
        key if key == title::REPEATS => Some(short::REPEATS),
        key if key == title::NOT_ENTERED => Some(short::NOT_ENTERED),
        _ => None,
    }
}

/// What is wrong with the count of visits, as the strongest evidence says.
fn of_visits(cause: &RankedCause) -> Key {
    use words::{cause::tracking as title, evidence::tracking as of};
    match strongest(cause) {
        Some(code) if CLIENTS.contains(&code) => title::CLIENTS,
        Some(code) if code == of::TAGS_LOST => title::TAGS,
        Some(code) if code == of::DOUBLED => title::DOUBLED,
        _ => title::TITLE,
    }
}

/// Evidence of inquiries that nobody can tell the channel of.
const CLIENTS: [Key; 3] = {
    use words::evidence::tracking as of;
    [of::CLIENTS_LOST, of::UNKNOWN_CHANNEL, of::NOT_BY_CLIENT]
};

/// Whether inquiries came whose visits are not known: channels then have fewer than they brought.
pub fn loses_channels(cause: &RankedCause) -> bool {
    cause.code == CauseCode::Tracking
        && strongest(cause).is_some_and(|code| {
            CLIENTS.contains(&code) || code == words::evidence::tracking::TAGS_LOST
        })
}

/// Whether the counter counts other visits than there were, everywhere: what is usual for its visits is not usual for these.
pub fn distorts_sessions(cause: &RankedCause) -> bool {
    cause.code == CauseCode::Tracking && cause.scope.is_empty() && !loses_channels(cause)
}

/// The code of the evidence that a cause rests on.
pub(super) fn strongest(cause: &RankedCause) -> Option<Key> {
    cause.evidence.first().map(|evidence| evidence.code)
}

/// Whether there is more traffic, and not less.
pub(super) fn is_surge(cause: &RankedCause) -> bool {
    let mut evidence = cause.evidence.iter().chain(&cause.against);
    evidence.any(|evidence| evidence.code == words::evidence::traffic_volume::SURGE)
}

/// Whether what is not sent are orders: the firm exports no forms.
pub(super) fn is_of_orders(cause: &RankedCause) -> bool {
    let mut evidence = cause.evidence.iter().chain(&cause.against);
    evidence.any(|evidence| counted::counts_orders(evidence.code))
}
