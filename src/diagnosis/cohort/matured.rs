//! Earlier weeks judged again: a week that could not be told from chance on its Monday may be clear a month later.

use chrono::Days;

use super::WEEKS_BEFORE;
use super::panel::{DealPlace, Panel};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::codes::Scope;
use crate::diagnosis::finding::Matured;
use crate::model::observations::Dimension;

/// A week is clear from so much evidence on, nats, after the choice of its place is paid for. A judgement: 55 times as
/// likely as a quiet week, since every report asks it of every week.
const CLEAR_NATS: f64 = 4.0;
/// A place is everywhere, a channel or a manager.
const KINDS_OF_PLACES: f64 = 3.0;

/// The weeks before the period that are clearly short of sales by now, oldest first; of each its clearest place.
pub fn matured(case: &Case) -> Vec<Matured> {
    let Some(won) = &case.outcomes().won else {
        return Vec::new();
    };
    let oldest_first = (0..WEEKS_BEFORE as usize).rev();
    oldest_first
        .filter_map(|back| clear_week(case, &won.panel, back))
        .collect()
}

/// A week with what tells most that it is short of sales.
struct ShortWeek {
    place: DealPlace,
    /// Log evidence of a fall, nats, less the price of the choice among places.
    weight: f64,
    judged: Judged,
}

fn clear_week(case: &Case, won: &Panel, back: usize) -> Option<Matured> {
    let last = case.start().checked_sub(7 * back + 1)?;
    let first = last.checked_sub(6)?;
    let clearest = clearest_place(case, won, back)?;
    let from = case.seen.date(first as u32);
    (clearest.weight >= CLEAR_NATS).then(|| Matured {
        from,
        to: from + Days::new(6),
        scope: scope(case, clearest.place),
        observed: clearest.judged.observed,
        expected: clearest.judged.expected,
        weight: clearest.weight,
    })
}

fn clearest_place(case: &Case, won: &Panel, back: usize) -> Option<ShortWeek> {
    let channels: Vec<DealPlace> = case
        .codes(Dimension::Channel)
        .map(DealPlace::Channel)
        .collect();
    let managers: Vec<DealPlace> = case
        .codes(Dimension::Manager)
        .map(DealPlace::Manager)
        .collect();
    let mut candidates = Vec::new();
    for places in [vec![DealPlace::All], channels, managers] {
        // The kinds are equally likely beforehand, and so are the places of a kind.
        let price = (KINDS_OF_PLACES * places.len() as f64).ln();
        for place in places {
            if let Some(judged) = won.week_before(place, back) {
                candidates.push(ShortWeek {
                    place,
                    weight: judged.fall() - price,
                    judged,
                });
            }
        }
    }
    candidates
        .into_iter()
        .max_by(|left, right| left.weight.total_cmp(&right.weight))
}

fn scope(case: &Case, place: DealPlace) -> Scope {
    let named = |dimension, code| Scope::from([(dimension, case.text(dimension, code).to_owned())]);
    match place {
        DealPlace::Channel(code) => named(Dimension::Channel, code),
        DealPlace::Manager(code) => named(Dimension::Manager, code),
        DealPlace::All | DealPlace::Contact(_) => Scope::new(),
    }
}
