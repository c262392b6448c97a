//! What to do about a cause: the steps of its playbook.

use super::{places, who};
use crate::config::words::{self, Key};
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::RankedCause;
use crate::digest::page::Page;
use crate::model::channel::ChannelId;
use crate::model::observations::Dimension;

/// The steps of a playbook, the one that fits what was seen first.
pub fn steps(page: &Page, cause: &RankedCause) -> Vec<Key> {
    let mut steps = cause.checks.clone();
    if let Some(first) = fitting_check(page, cause) {
        // The sort is stable: the others keep their order.
        steps.sort_by_key(|step| *step != first);
    }
    steps
}

/// The same as sentences: who does what.
pub fn checks(page: &Page, cause: &RankedCause) -> Vec<String> {
    let steps = steps(page, cause);
    let said = steps
        .iter()
        .map(|step| says(page, *step, &page.text(*step)));
    said.collect()
}

fn says(page: &Page, check: Key, what: &str) -> String {
    page.fill(
        words::role::SAYS,
        &[("who", &who(page, check)), ("what", what)],
    )
}

/// The first step as a whole: who does what and where, and what follows.
pub fn first_step(page: &Page, cause: &RankedCause) -> Option<String> {
    let first = steps(page, cause).first().copied()?;
    let at = places(page, cause.code, &cause.scope);
    let step = match (in_place(first), at.is_empty()) {
        (Some(placed), false) => page.fill(placed, &[("place", &at)]),
        _ => page.text(first),
    };
    let step = says(page, first, &step);
    Some(match outcome(first) {
        Some(then) => format!("{step} {}", page.text(then)),
        None => step,
    })
}

/// The same step, said of a place: nobody has to look for it.
fn in_place(check: Key) -> Option<Key> {
    use words::{action::at, check as of};
    let placed = [
        (of::forms::SEND_TEST, at::SEND_TEST),
        (of::telephony::CALL_LINE, at::CALL_LINE),
        (of::traffic_quality::PLACEMENTS, at::PLACEMENTS),
        (of::managers::DEALS, at::DEALS),
    ];
    placed
        .into_iter()
        .find_map(|(step, placed)| (step == check).then_some(placed))
}

/// What follows when a step finds what it looks for.
pub fn outcome(check: Key) -> Option<Key> {
    use words::{action::then, check as of};
    let outcomes = [
        (of::forms::SEND_TEST, then::SEND_TEST),
        (of::telephony::CALL_LINE, then::CALL_LINE),
        (of::traffic_volume::ADS, then::ADS),
        (of::traffic_volume::POSITIONS, then::POSITIONS),
        (of::tracking::COUNTER, then::COUNTER),
        (of::lead_quality::LISTEN, then::LISTEN),
        (of::managers::MISSED, then::MISSED),
        (of::mix_shift::BUDGETS, then::BUDGETS),
        (of::data_gap::EXPORT_AGAIN, then::EXPORT_AGAIN),
        (of::unknown::SITE, then::SITE),
        (of::unknown::LOST_DEALS, then::LOST_DEALS),
    ];
    outcomes
        .into_iter()
        .find_map(|(step, then)| (step == check).then_some(then))
}

/// The step that the place or the strongest evidence asks for.
fn fitting_check(page: &Page, cause: &RankedCause) -> Option<Key> {
    use words::evidence::managers;
    match cause.code {
        CauseCode::TrafficVolume => {
            let channel = cause.scope.get(&Dimension::Channel)?;
            let row = page.digest.channel(&ChannelId::new(channel))?;
            // Who pays nothing has no account to open.
            let is_free = row.measures.spend.is_none_or(|spend| spend.0 == 0);
            is_free.then_some(words::check::traffic_volume::POSITIONS)
        }
        CauseCode::Managers => {
            let strongest = cause.evidence.first()?.code;
            let is_about_deals = [
                managers::UNTOUCHED,
                managers::UNTOUCHED_ALL,
                managers::WEAK,
                managers::LOST,
                managers::UNREACHED,
            ]
            .contains(&strongest);
            is_about_deals.then_some(words::check::managers::DEALS)
        }
        _ => None,
    }
}
