//! The whole counter loses a part of the sessions.

use super::sessions;
use crate::config::words;
use crate::diagnosis::case::Case;
use crate::diagnosis::causes::counts_and_change;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role};
use crate::model::observations::{Code, Dimension};

/// What a fall of all sessions is worth less for a lost counter, nats: lost visitors make the same fall, and more often.
const RATHER_VISITORS: f64 = 0.5;
/// The share of sessions that the fall leaves, at most: with nearly all of them left, "the counter lost them" could not be
/// told from "it did not" by the clicks.
const MOST_LEFT: f64 = 0.9;
/// Fewer sessions due of paid clicks do not tell how many a click brings.
const FEWEST_SESSIONS: f64 = 50.0;

/// The whole counter loses a part of the sessions; clicks and those who get in touch do not know of it.
pub(super) fn lost_everywhere(case: &Case) -> Option<Vec<Evidence>> {
    let judged = case.judge(&sessions(case, None), None)?;
    let weight = judged.fall() - RATHER_VISITORS;
    let values = counts_and_change(&judged);
    let mut found = vec![Evidence::new(
        words::evidence::tracking::SESSIONS_LOST,
        weight,
        values,
    )];
    found.extend(more_per_session(case));
    let left = (judged.observed / judged.expected.max(1.0)).min(MOST_LEFT);
    found.extend(fewer_per_click(case, left));
    Some(found)
}

/// Inquiries for a session rise in every channel alike when sessions are not counted.
fn more_per_session(case: &Case) -> Option<Evidence> {
    case.seen.inquiries.as_ref()?;
    let judged = case.judge(&case.inquiries(|_| true), Some(&case.exposure(|_| true)))?;
    let weight = judged.rise();
    let code = if weight >= 0.0 {
        words::evidence::tracking::MORE_PER_SESSION
    } else {
        words::evidence::tracking::USUAL_PER_SESSION
    };
    Some(Evidence::new(code, weight, counts_and_change(&judged)).of(Role::Outcome))
}

/// Sessions of paid channels for their clicks, when all sessions fell to a share of the usual.
fn fewer_per_click(case: &Case, left: f64) -> Option<Evidence> {
    let has_clicks = |code: &Code| case.clicks(Some(*code)).iter().any(|clicks| *clicks > 0.0);
    let paid: Vec<Code> = case.codes(Dimension::Channel).filter(has_clicks).collect();
    let mut clicks = vec![0.0; case.days()];
    for code in &paid {
        for (all, own) in clicks.iter_mut().zip(case.clicks(Some(*code))) {
            *all += own;
        }
    }
    let sessions = case.sessions(|row| paid.contains(&row.channel), |counts| counts.sessions);
    let judged = case.judge(&sessions, Some(&clicks))?;
    if judged.expected < FEWEST_SESSIONS {
        return None;
    }
    // "The counter lost them" against "the visitors never came": then clicks fell as the sessions did.
    let weight = bayes::by(left, judged.observed, judged.expected, judged.dispersion);
    let code = if weight > 0.0 {
        words::evidence::tracking::FEWER_PER_CLICK
    } else {
        words::evidence::tracking::USUAL_PER_CLICK
    };
    Some(Evidence::new(code, weight, counts_and_change(&judged)).of(Role::Demand))
}
