//! What to do about a cause: the steps of its playbook.

use crate::config::words::{self, Key};
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::RankedCause;
use crate::digest::page::Page;
use crate::model::channel::ChannelId;
use crate::model::observations::Dimension;

/// The steps of a playbook as sentences, the one that fits what was seen first.
pub fn checks(page: &Page, cause: &RankedCause) -> Vec<String> {
    let mut steps = cause.checks.clone();
    if let Some(first) = fitting_check(page, cause) {
        // The sort is stable: the others keep their order.
        steps.sort_by_key(|step| *step != first);
    }
    steps.iter().map(|check| page.text(*check)).collect()
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
