//! The oldest dispute, answered: the inquiries were cold, or the managers lost them.

use super::case::Case;
use super::causes::Assessment;
use super::cohort::panel::DealPlace;
use super::finding::{Dispute, DisputeAnswer};
use super::weigh::evidence::{Evidence, Value};
use crate::config::words;
use crate::model::observations::Dimension;

/// A side is right from this probability on: more likely than not.
const RIGHT_FROM: f64 = 0.5;
/// A fall of the second conversion that weighs more than this is worth a dispute, nats. A judgement: people quarrel long
/// before anything is sure.
const DISPUTED_FALL_NATS: f64 = 1.0;
/// A manager with fewer sales due says nothing: to sell none is then as usual as to sell one.
const FEWEST_SALES_DUE: f64 = 1.0;

/// One side of the dispute.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// What looking at the cause gave.
    pub assessment: &'a Assessment,
    /// Its calibrated probability, 0 to 1.
    pub probability: f64,
}

impl Side<'_> {
    fn is_right(self) -> bool {
        self.assessment.missing.is_none() && self.probability >= RIGHT_FROM
    }
}

/// The answer, with the numbers that decide it: untargeted people, people who were answered late, missed calls, and how
/// many of the managers sell less. `None` when nothing speaks for either side and the second conversion did not fall.
pub fn settle(case: &Case, lead_quality: Side, managers: Side) -> Option<Dispute> {
    let answer = match (lead_quality.is_right(), managers.is_right()) {
        (true, true) => DisputeAnswer::Both,
        (true, false) => DisputeAnswer::Leads,
        (false, true) => DisputeAnswer::Managers,
        (false, false) if has_fallen(case) => DisputeAnswer::Undecided,
        (false, false) => return None,
    };
    let evidence = [untargeted(case), late(case), missed(case), alike(case)];
    Some(Dispute {
        answer,
        lead_quality: lead_quality.probability,
        managers: managers.probability,
        evidence: evidence.into_iter().flatten().collect(),
    })
}

/// Whether fewer of the recent deals are won by now than should be.
fn has_fallen(case: &Case) -> bool {
    let won = case.outcomes().won.as_ref();
    let recent = won.and_then(|won| won.panel.recent(DealPlace::All));
    recent.is_some_and(|judged| judged.fall() > DISPUTED_FALL_NATS)
}

fn untargeted(case: &Case) -> Option<Evidence> {
    let untargeted = case.outcomes().untargeted.as_ref()?;
    let judged = untargeted.panel.recent(DealPlace::All)?;
    let (weight, values) = (judged.rise(), judged.counts());
    Some(Evidence::new(
        words::evidence::dispute::UNTARGETED,
        weight,
        values,
    ))
}

fn late(case: &Case) -> Option<Evidence> {
    let slow = case.response()?.slowest()?;
    Some(Evidence::new(
        words::evidence::dispute::LATE,
        slow.weight,
        slow.judged.counts(),
    ))
}

fn missed(case: &Case) -> Option<Evidence> {
    let (weight, judged) = case.response()?.missed(case, None)?;
    Some(Evidence::new(
        words::evidence::dispute::MISSED,
        weight,
        judged.counts(),
    ))
}

/// How many of the managers sold less than was due of their recent deals: cold inquiries are cold for all of them.
fn alike(case: &Case) -> Option<Evidence> {
    let won = &case.outcomes().won.as_ref()?.panel;
    let mut managers = 0_u32;
    let mut lower = 0_u32;
    for manager in case.codes(Dimension::Manager) {
        let Some(judged) = won.recent(DealPlace::Manager(manager)) else {
            continue;
        };
        if judged.expected >= FEWEST_SALES_DUE {
            managers += 1;
            lower += u32::from(judged.observed < judged.expected);
        }
    }
    // One manager is like nobody.
    if managers < 2 {
        return None;
    }
    let values = [
        ("lower", Value::Count(f64::from(lower))),
        ("managers", Value::Count(f64::from(managers))),
    ];
    // A number for readers: nothing is weighed by it.
    Some(Evidence::new(words::evidence::dispute::ALIKE, 0.0, values))
}
