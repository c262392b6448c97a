//! What to do about a cause: the steps of its playbook.

use super::outcomes::outcome;
use super::titles::{is_of_orders, is_over, strongest};
use super::{places, who};
use crate::config::words::{self, Key};
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::RankedCause;
use crate::digest::page::Page;
use crate::model::channel::ChannelId;
use crate::model::observations::Dimension;

/// The steps of a playbook, the one that fits what was seen first.
pub fn steps(page: &Page, cause: &RankedCause) -> Vec<Key> {
    let mut steps: Vec<Key> = cause
        .checks
        .iter()
        .map(|step| without_site(page, *step))
        .collect();
    if let Some(first) = fitting_check(page, cause) {
        // The sort is stable: the others keep their order.
        steps.sort_by_key(|step| *step != first);
    }
    steps
}

/// A step of a site where there is one; who has none is reached by telephone.
fn without_site(page: &Page, step: Key) -> Key {
    use words::check::unknown;
    match step {
        unknown::SITE if page.is_without_traffic() => unknown::PHONE,
        step => step,
    }
}

/// The same as sentences: who does what.
pub fn checks(page: &Page, cause: &RankedCause) -> Vec<String> {
    let steps = steps(page, cause);
    let said = steps
        .iter()
        .map(|step| says(page, *step, &told(page, cause, *step)));
    said.collect()
}

fn says(page: &Page, check: Key, what: &str) -> String {
    page.fill(
        words::role::SAYS,
        &[("who", &who(page, check)), ("what", what)],
    )
}

/// What a step says to do; a shop is told of orders.
pub fn told(page: &Page, cause: &RankedCause, check: Key) -> String {
    let of_orders = of_orders(check).filter(|_| is_of_orders(cause));
    page.text(of_orders.unwrap_or(check))
}

/// The first step as a whole: who does what and where, and what follows.
pub fn first_step(page: &Page, cause: &RankedCause) -> Option<String> {
    let first = steps(page, cause).first().copied()?;
    let at = places(page, cause.code, &cause.scope);
    let step = match (in_place(cause, first), at.is_empty()) {
        (Some(placed), false) => page.fill(placed, &[("place", &at)]),
        _ => told(page, cause, first),
    };
    let step = says(page, first, &step);
    Some(match outcome(cause, first) {
        Some(then) => format!("{step} {}", page.text(then)),
        None => step,
    })
}

/// The same step, said of a place: nobody has to look for it.
fn in_place(cause: &RankedCause, check: Key) -> Option<Key> {
    use words::{action, action::at, check as of};
    if check == of::forms::SEND_TEST && is_of_orders(cause) {
        return Some(action::orders::SEND_TEST_AT);
    }
    let is_of_page = cause.scope.contains_key(&Dimension::Page);
    let placed = [
        (of::forms::SEND_TEST, at::SEND_TEST),
        (of::telephony::CALL_LINE, at::CALL_LINE),
        (of::traffic_quality::PLACEMENTS, at::PLACEMENTS),
        (of::managers::DEALS, at::DEALS),
        (of::tracking::COUNTER, at::COUNTER),
    ];
    placed
        .into_iter()
        .find_map(|(step, placed)| (step == check).then_some(placed))
        .filter(|placed| *placed != at::COUNTER || is_of_page)
}

/// The same step where what did not arrive are orders.
fn of_orders(check: Key) -> Option<Key> {
    use words::{action::orders, check::forms};
    let said = [
        (forms::SEND_TEST, orders::SEND_TEST),
        (forms::CONSOLE, orders::CONSOLE),
        (forms::RELEASE, orders::RELEASE),
        (forms::MAILBOX, orders::MAILBOX),
    ];
    said.into_iter()
        .find_map(|(step, of_orders)| (step == check).then_some(of_orders))
}

/// The step that the place, the strongest evidence or the past asks for.
fn fitting_check(page: &Page, cause: &RankedCause) -> Option<Key> {
    use words::check as of;
    match cause.code {
        // What is over cannot be tried out: it is looked up, and those who did not get through are called back.
        CauseCode::Telephony if is_over(page, cause) => Some(of::telephony::LOG),
        CauseCode::Forms if is_over(page, cause) => Some(of::forms::MAILBOX),
        CauseCode::TrafficVolume => {
            let channel = cause.scope.get(&Dimension::Channel)?;
            let row = page.digest.channel(&ChannelId::new(channel))?;
            // Who pays nothing has no account to open; a campaign that stopped cost something before, or had its clicks.
            let before = row.previous.as_ref();
            let spends = [Some(&row.measures), before.map(|before| &before.measures)];
            let mut spends = spends.into_iter().flatten();
            let is_unpaid = spends.all(|of| of.spend.is_none_or(|spend| spend.0 == 0));
            let is_free = is_unpaid && !has_clicks_of_ads(cause);
            is_free.then_some(of::traffic_volume::POSITIONS)
        }
        CauseCode::Managers | CauseCode::CrmHygiene | CauseCode::Tracking => {
            let strongest = strongest(cause)?;
            BY_EVIDENCE
                .iter()
                .find_map(|(codes, step)| codes.contains(&strongest).then_some(*step))
        }
        _ => None,
    }
}

/// Whether the advertising's own clicks are among what speaks for a cause.
fn has_clicks_of_ads(cause: &RankedCause) -> bool {
    use words::evidence::traffic_volume::{CLICKS_FELL, CLICKS_STAYED};
    let mut evidence = cause.evidence.iter();
    evidence.any(|one| [CLICKS_FELL, CLICKS_STAYED].contains(&one.code))
}

/// Steps that fit one kind of evidence of their cause and no other.
const BY_EVIDENCE: [(&[Key], Key); 5] = {
    use words::check as step;
    use words::evidence::{crm_hygiene, managers, tracking};
    [
        (
            &[
                managers::UNTOUCHED,
                managers::UNTOUCHED_ALL,
                managers::WEAK,
                managers::LOST,
                managers::UNREACHED,
            ],
            step::managers::DEALS,
        ),
        (
            &[managers::SLOW, managers::FORGOTTEN],
            step::managers::CALL_BACK,
        ),
        (
            &[crm_hygiene::REPEATS, crm_hygiene::MORE_DEALS],
            step::crm_hygiene::DUPLICATES,
        ),
        (
            &[
                tracking::CLIENTS_LOST,
                tracking::UNKNOWN_CHANNEL,
                tracking::NOT_BY_CLIENT,
            ],
            step::tracking::CLIENT_ID,
        ),
        (&[tracking::TAGS_LOST], step::tracking::TAGS),
    ]
};
