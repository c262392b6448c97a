//! Who a check is for, and by which name.

use crate::config::words::{self, Key};
use crate::digest::page::Page;
use crate::model::role::Role;

/// Who a check is for.
pub fn who(page: &Page, check: Key) -> String {
    person(page, role(check))
}

/// Whose work is a role's: the person that the pipeline names, else the role.
pub fn person(page: &Page, role: Role) -> String {
    let title = page.text(title(role));
    match page.digest.pipeline.people.get(&role) {
        Some(name) => page.fill(
            words::role::NAMED,
            &[("name", name), ("role", &lower(&title))],
        ),
        None => title,
    }
}

/// A role inside brackets; abbreviations do not begin one.
fn lower(title: &str) -> String {
    crate::digest::phrases::lower_first(title)
}

fn title(role: Role) -> Key {
    match role {
        Role::Webmaster => words::role::WEBMASTER,
        Role::Marketer => words::role::MARKETER,
        Role::HeadOfSales => words::role::HEAD_OF_SALES,
        Role::TelephonyAdmin => words::role::TELEPHONY_ADMIN,
        Role::Analyst => words::role::ANALYST,
        Role::Head => words::role::HEAD,
        Role::Anyone => words::role::ANYONE,
    }
}

/// Whose work a check is.
pub fn role(check: Key) -> Role {
    let groups = [
        (WEBMASTER, Role::Webmaster),
        (MARKETER, Role::Marketer),
        (TELEPHONY_ADMIN, Role::TelephonyAdmin),
        (ANALYST, Role::Analyst),
        (HEAD, Role::Head),
        (ANYONE, Role::Anyone),
    ];
    let mut groups = groups.into_iter();
    let found = groups.find(|(checks, _)| checks.contains(&check));
    // Half of the checks are of the sales floor: what no group names is, too.
    found.map_or(Role::HeadOfSales, |(_, role)| role)
}

const WEBMASTER: &[Key] = {
    use words::check::{forms, tracking, traffic_volume, unknown};
    &[
        forms::SEND_TEST,
        forms::CONSOLE,
        forms::RELEASE,
        forms::MAILBOX,
        tracking::COUNTER,
        tracking::CLIENT_ID,
        traffic_volume::SITE,
        unknown::SITE,
    ]
};
const MARKETER: &[Key] = {
    use words::check::{
        lead_quality, mix_shift, tracking, traffic_quality, traffic_volume, unknown,
    };
    &[
        traffic_volume::ADS,
        traffic_volume::POSITIONS,
        traffic_quality::PLACEMENTS,
        traffic_quality::QUERIES,
        mix_shift::BUDGETS,
        tracking::TAGS,
        unknown::COMPETITORS,
        lead_quality::ADVERTISING,
        lead_quality::REGIONS,
    ]
};
const TELEPHONY_ADMIN: &[Key] = {
    use words::check::telephony;
    &[telephony::TRUNK, telephony::LOG]
};
const ANALYST: &[Key] = {
    use words::check::{data_gap, seasonality, traffic_quality};
    &[
        traffic_quality::BOTS,
        data_gap::EXPORT_AGAIN,
        data_gap::RERUN,
        seasonality::NEXT_WEEK,
    ]
};
const HEAD: &[Key] = {
    use words::check::{mix_shift, seasonality, unknown};
    &[mix_shift::PER_CHANNEL, seasonality::PLAN, unknown::OFFER]
};
const ANYONE: &[Key] = &[words::check::telephony::CALL_LINE];
