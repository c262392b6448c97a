//! The oldest dispute, answered: the inquiries were cold, or the managers lost them.

use super::case::{Case, Judged};
use super::causes::Assessment;
use super::cohort::earlier::weigh;
use super::cohort::panel::Place;
use super::finding::{Dispute, DisputeAnswer};
use super::weigh::evidence::{Evidence, Value};
use crate::model::observations::Dimension;

/// A side is right from this probability on.
const RIGHT: f64 = 0.5;
/// A fall of the second conversion that weighs more than this is worth a dispute, nats.
const FALL: f64 = 1.0;
/// A manager with fewer sales due says nothing.
const MIN_DUE: f64 = 1.0;

/// One side of the dispute.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// What looking at the cause gave.
    pub assessment: &'a Assessment,
    /// Its calibrated probability, 0 to 1.
    pub probability: f64,
}

/// The answer, with the three numbers that decide it: untargeted people, people who were answered late, and how many of
/// the managers sell less. `None` when nothing speaks for either side and the second conversion did not fall.
pub fn settle(case: &Case, lead_quality: Side, managers: Side) -> Option<Dispute> {
    let fallen = case
        .outcomes()
        .won
        .as_ref()
        .and_then(|won| won.panel.recent(Place::All));
    let is_disputed = fallen.is_some_and(|judged| judged.fall() > FALL);
    let is_right = |side: Side| side.assessment.missing.is_none() && side.probability >= RIGHT;
    let answer = match (is_right(lead_quality), is_right(managers)) {
        (true, true) => DisputeAnswer::Both,
        (true, false) => DisputeAnswer::Leads,
        (false, true) => DisputeAnswer::Managers,
        (false, false) if is_disputed => DisputeAnswer::Undecided,
        (false, false) => return None,
    };
    Some(Dispute {
        answer,
        lead_quality: lead_quality.probability,
        managers: managers.probability,
        evidence: [untargeted(case), late(case), missed(case), alike(case)]
            .into_iter()
            .flatten()
            .collect(),
    })
}

fn untargeted(case: &Case) -> Option<Evidence> {
    let judged = case
        .outcomes()
        .untargeted
        .as_ref()?
        .panel
        .recent(Place::All)?;
    Some(Evidence::new(
        "dispute.untargeted",
        judged.rise(),
        judged.counts(),
    ))
}

fn late(case: &Case) -> Option<Evidence> {
    let (slow, all) = case.response()?.slow_by_day(case, 1)?;
    let (weight, judged) = weigh(case, &slow, &all, Judged::rise)?;
    Some(Evidence::new("dispute.late", weight, judged.counts()))
}

fn missed(case: &Case) -> Option<Evidence> {
    let (weight, judged) = case.response()?.missed(case, None)?;
    Some(Evidence::new("dispute.missed", weight, judged.counts()))
}

/// How many of the managers sold less than was due of their recent deals: cold inquiries are cold for all of them.
fn alike(case: &Case) -> Option<Evidence> {
    let won = &case.outcomes().won.as_ref()?.panel;
    let judged: Vec<Judged> = (case.codes(Dimension::Manager))
        .filter_map(|manager| won.recent(Place::Manager(manager)))
        .filter(|judged| judged.expected >= MIN_DUE)
        .collect();
    let lower = judged
        .iter()
        .filter(|judged| judged.observed < judged.expected)
        .count();
    let values = [
        ("lower", Value::Count(lower as f64)),
        ("managers", Value::Count(judged.len() as f64)),
    ];
    (judged.len() > 1).then(|| Evidence::new("dispute.alike", 0.0, values))
}
