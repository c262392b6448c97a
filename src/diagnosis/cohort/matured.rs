//! Earlier weeks judged again: a week that could not be told from chance on its Monday may be clear a month later.

use chrono::Days;

use super::WEEKS_BEFORE;
use super::panel::{Panel, Place};
use crate::diagnosis::case::Case;
use crate::diagnosis::finding::{Matured, Scope};
use crate::model::observations::Dimension;

/// A week is clear from so much evidence on, nats, after the choice of its place is paid for.
const CLEAR: f64 = 4.0;

/// The weeks before the period that are clearly short of sales by now, oldest first; of each its clearest place.
pub fn matured(case: &Case) -> Vec<Matured> {
    let Some(won) = &case.outcomes().won else {
        return Vec::new();
    };
    let weeks = (0..WEEKS_BEFORE as usize).rev();
    weeks
        .filter_map(|back| clearest(case, &won.panel, back))
        .collect()
}

fn clearest(case: &Case, won: &Panel, back: usize) -> Option<Matured> {
    let last = case.start().checked_sub(7 * back + 1)?;
    let first = last.checked_sub(6)?;
    let channels: Vec<Place> = case.codes(Dimension::Channel).map(Place::Channel).collect();
    let managers: Vec<Place> = case.codes(Dimension::Manager).map(Place::Manager).collect();
    let judged = [vec![Place::All], channels, managers]
        .into_iter()
        .flat_map(|kind| {
            let price = (3.0 * kind.len() as f64).ln();
            kind.into_iter()
                .filter_map(move |place| Some((place, price, won.week_before(place, back)?)))
        });
    let (place, weight, judged) = judged
        .map(|(place, price, judged)| (place, judged.fall() - price, judged))
        .max_by(|left, right| left.1.total_cmp(&right.1))?;
    let from = case.seen.date(first as u32);
    (weight >= CLEAR).then(|| Matured {
        from,
        to: from + Days::new(6),
        scope: scope(case, place),
        observed: judged.observed,
        expected: judged.expected,
        weight,
    })
}

fn scope(case: &Case, place: Place) -> Scope {
    let named = |dimension, code| Scope::from([(dimension, case.text(dimension, code).to_owned())]);
    match place {
        Place::Channel(code) => named(Dimension::Channel, code),
        Place::Manager(code) => named(Dimension::Manager, code),
        Place::All | Place::Contact(_) => Scope::new(),
    }
}
