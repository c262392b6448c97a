//! The stages that visits pass: goals of the analytics, one after another.

use super::Place;
use super::run::Run;
use crate::metrics::predictive::Sample;
use crate::model::facts::{Facts, PeriodFacts};

/// How many of those at the stage before came to the stage at `index`, in every period.
pub(super) fn run(facts: &Facts, place: Place<'_>, index: usize) -> Run {
    let periods = facts.periods.iter();
    periods.map(|period| passed(period, place, index)).collect()
}

/// Sessions that reached a stage of the pipeline; `None` where no single sessions arrived.
pub(super) fn reached(facts: &PeriodFacts, place: Place<'_>, index: usize) -> Option<f64> {
    let by_channel = facts.stages.get(index)?;
    let count = match place {
        Place::Total => by_channel
            .values()
            .fold(0_u64, |sum, count| sum.saturating_add(*count)),
        Place::Channel(channel) => by_channel.get(channel).copied().unwrap_or(0),
        // Nobody of the firm is in charge of a visit.
        Place::Manager(_) => return None,
    };
    Some(count as f64)
}

fn passed(period: &PeriodFacts, place: Place<'_>, index: usize) -> Option<Sample> {
    let n = match index.checked_sub(1) {
        Some(before) => reached(period, place, before)?,
        None => sessions(period, place)?,
    };
    Some(Sample {
        k: reached(period, place, index)?,
        n,
    })
}

fn sessions(period: &PeriodFacts, place: Place<'_>) -> Option<f64> {
    let traffic = period.traffic.as_ref()?;
    let count = match place {
        Place::Total => traffic
            .values()
            .fold(0_u64, |sum, of| sum.saturating_add(of.sessions)),
        Place::Channel(channel) => traffic.get(channel).map_or(0, |of| of.sessions),
        Place::Manager(_) => return None,
    };
    Some(count as f64)
}
