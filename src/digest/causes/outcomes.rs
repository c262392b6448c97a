//! What follows when a check finds what it looks for.

use super::titles::is_of_orders;
use crate::config::words::{self, Key};
use crate::diagnosis::finding::RankedCause;

/// What follows when a step of a cause finds what it looks for.
pub fn outcome(cause: &RankedCause, check: Key) -> Option<Key> {
    if check == words::check::forms::SEND_TEST && is_of_orders(cause) {
        return Some(words::action::orders::SEND_TEST_THEN);
    }
    let groups = [TECHNICAL, TRAFFIC, SALES];
    let mut outcomes = groups.into_iter().flatten();
    outcomes.find_map(|(step, then)| (*step == check).then_some(*then))
}

const TECHNICAL: &[(Key, Key)] = {
    use words::action::then;
    use words::check::{data_gap, forms, telephony, tracking};
    &[
        (forms::SEND_TEST, then::SEND_TEST),
        (forms::CONSOLE, then::CONSOLE),
        (forms::RELEASE, then::RELEASE),
        (forms::MAILBOX, then::MAILBOX),
        (telephony::CALL_LINE, then::CALL_LINE),
        (telephony::TRUNK, then::TRUNK),
        (telephony::LOG, then::LOG),
        (telephony::CALL_BACK, then::CALL_BACK),
        (tracking::COUNTER, then::COUNTER),
        (tracking::TAGS, then::TAGS),
        (tracking::CLIENT_ID, then::CLIENT_ID),
        (data_gap::EXPORT_AGAIN, then::EXPORT_AGAIN),
        (data_gap::RERUN, then::RERUN),
    ]
};
const TRAFFIC: &[(Key, Key)] = {
    use words::action::then;
    use words::check::{mix_shift, seasonality, traffic_quality, traffic_volume, unknown};
    &[
        (traffic_volume::ADS, then::ADS),
        (traffic_volume::POSITIONS, then::POSITIONS),
        (traffic_volume::SITE, then::TRAFFIC_SITE),
        (traffic_quality::PLACEMENTS, then::PLACEMENTS),
        (traffic_quality::QUERIES, then::QUERIES),
        (traffic_quality::BOTS, then::BOTS),
        (mix_shift::BUDGETS, then::BUDGETS),
        (mix_shift::PER_CHANNEL, then::PER_CHANNEL),
        (seasonality::PLAN, then::PLAN),
        (seasonality::NEXT_WEEK, then::NEXT_WEEK),
        (unknown::SITE, then::SITE),
        (unknown::PHONE, then::PHONE),
        (unknown::OFFER, then::OFFER),
        (unknown::COMPETITORS, then::COMPETITORS),
        (unknown::LOST_DEALS, then::LOST_DEALS),
    ]
};
const SALES: &[(Key, Key)] = {
    use words::action::then;
    use words::check::{crm_hygiene, lead_quality, managers};
    &[
        (lead_quality::LISTEN, then::LISTEN),
        (lead_quality::REASONS, then::REASONS),
        (lead_quality::ADVERTISING, then::ADVERTISING),
        (lead_quality::REGIONS, then::REGIONS),
        (managers::MISSED, then::MISSED),
        (managers::CALL_BACK, then::MANAGERS_CALL_BACK),
        (managers::DEALS, then::DEALS),
        (managers::COMPARE, then::COMPARE),
        (crm_hygiene::CLOSINGS, then::CLOSINGS),
        (crm_hygiene::RESPONSIBLE, then::RESPONSIBLE),
        (crm_hygiene::DUPLICATES, then::DUPLICATES),
        (crm_hygiene::RULE, then::RULE),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;
    use crate::diagnosis::causes::CAUSES;
    use crate::digest::{Digest, VerdictKind};

    #[test]
    fn every_check_says_what_follows() {
        let digest = Digest::sample(VerdictKind::Incident, Language::RU);
        let cause = digest.lead().expect("the sample has a cause");
        for check in CAUSES.iter().flat_map(|cause| cause.checks) {
            assert!(outcome(cause, *check).is_some(), "{check:?}");
        }
    }
}
