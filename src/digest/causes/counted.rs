//! Two numbers of a cause with their unit: «0 заявок вместо 16».

use crate::config::words::{self, Key, Noun};
use crate::diagnosis::finding::RankedCause;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::digest::page::Page;

/// What the main evidence of a cause counted, against what is usual; nothing where it counts several things.
pub fn counted(page: &Page, cause: &RankedCause) -> Option<String> {
    // What speaks against the cause is no number of it.
    let mut evidence = cause.evidence.iter();
    let of_main = evidence.find(|evidence| evidence.role == Role::Main);
    let main = of_main.or(cause.evidence.first())?;
    let (observed, expected) = (count(main, "observed")?, count(main, "expected")?);
    let decimals = usize::from(expected < 10.0 && expected.fract() != 0.0);
    let key = match observed > expected {
        true => words::headline::MORE_COUNTS,
        false => words::headline::COUNTS,
    };
    let observed = page
        .figures
        .counted_whole(unit(main.code)?, observed.round());
    let values = [
        ("observed", &*observed),
        ("expected", &page.figures.number(expected, decimals)),
    ];
    Some(page.fill(key, &values))
}

/// Whether a piece of evidence counts what did not arrive where it should have.
pub fn counts_missing(evidence: Key) -> bool {
    [FORMS, ORDERS, CALLS]
        .iter()
        .any(|of| of.contains(&evidence))
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
    let units: [(&[Key], Noun); 14] = [
        (FORMS, noun::FORMS),
        (ORDERS, words::words::INQUIRIES),
        (CALLS, noun::CALLS),
        (SESSIONS, words::words::SESSIONS),
        (INQUIRIES, words::words::INQUIRIES),
        (SALES, words::words::SALES),
        (LOST, noun::LOST),
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
    use words::evidence::traffic_volume;
    &[traffic_volume::SURGE, traffic_volume::SESSIONS]
};
const INQUIRIES: &[Key] = &[words::evidence::traffic_quality::INQUIRIES];
const SALES: &[Key] = {
    use words::evidence::{lead_quality, managers};
    &[lead_quality::SALES, managers::SALES, managers::WEAK]
};
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
