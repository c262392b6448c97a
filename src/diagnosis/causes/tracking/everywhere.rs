//! The whole counter loses a part of the sessions.

use super::{counts, sessions};
use crate::diagnosis::case::Case;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role};
use crate::model::observations::{Code, Dimension};

/// The whole counter loses a part of the sessions; clicks and those who get in touch do not know of it.
pub(super) fn lost_everywhere(case: &Case) -> Option<Vec<Evidence>> {
    let judged = case.judge(&sessions(case, None), None)?;
    let mut found = vec![Evidence::new(
        "tracking.sessions_lost",
        judged.fall() - 0.5,
        counts(&judged),
    )];
    found.extend(more_per_session(case));
    found.extend(fewer_per_click(
        case,
        (judged.observed / judged.expected.max(1.0)).min(0.9),
    ));
    Some(found)
}

/// Inquiries for a session rise in every channel alike when sessions are not counted.
fn more_per_session(case: &Case) -> Option<Evidence> {
    case.seen.inquiries.as_ref()?;
    let judged = case.judge(&case.inquiries(|_| true), Some(&case.exposure(|_| true)))?;
    let weight = judged.rise();
    let code = if weight >= 0.0 {
        "tracking.more_per_session"
    } else {
        "tracking.usual_per_session"
    };
    Some(Evidence::new(code, weight, counts(&judged)).of(Role::Outcome))
}

/// Sessions of paid channels for their clicks, when all sessions fell to a share of the usual.
fn fewer_per_click(case: &Case, fallen: f64) -> Option<Evidence> {
    let paid: Vec<Code> = case
        .codes(Dimension::Channel)
        .filter(|code| case.clicks(Some(*code)).iter().any(|n| *n > 0.0))
        .collect();
    let mut clicks = vec![0.0; case.days()];
    for code in &paid {
        clicks
            .iter_mut()
            .zip(case.clicks(Some(*code)))
            .for_each(|(all, own)| *all += own);
    }
    let sessions = case.sessions(|row| paid.contains(&row.channel), |counts| counts.sessions);
    let judged = case
        .judge(&sessions, Some(&clicks))
        .filter(|judged| judged.expected >= 50.0)?;
    // "The counter lost them" against "the visitors never came": then clicks fell as the sessions did.
    let weight = bayes::by(fallen, judged.observed, judged.expected, judged.dispersion);
    let code = if weight > 0.0 {
        "tracking.fewer_per_click"
    } else {
        "tracking.usual_per_click"
    };
    Some(Evidence::new(code, weight, counts(&judged)).of(Role::Demand))
}
