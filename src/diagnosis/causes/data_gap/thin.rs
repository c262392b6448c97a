//! Days with a part of their rows, while the deals of the rest are there: an export that was filtered, cut or lost a part.

use super::rows::DueDay;
use super::witnesses::{deals_go_on, orphans};
use super::{DAY_NOISE, DAY_OFF, Hole, NO_HOLE, name};
use crate::config::words;
use crate::diagnosis::case::Case;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Value};
use crate::model::observations::ExportDays;

/// A day with less than this share of its rows is thin: days differ by a third of their level, hardly by more.
const THIN_DAY: f64 = 0.5;
/// Days that together have more than this share of their rows lack none: one week differs from another by as much.
const THIN_DAYS: f64 = 0.75;
/// Fewer lacking rows are a quiet day.
const FEWEST_LACKING: f64 = 5.0;
/// Rows that came in part tell no more than this by themselves, nats: people may have stayed away. The deals decide.
const THIN_CAP: f64 = 6.0;

/// The days of an export that lack a part of their rows, by the deals whose contact nobody knows: a run of thin days, or the
/// whole period. `None` where no deals tell of it.
pub(super) fn thinned(case: &Case, export: &ExportDays, days: &[DueDay]) -> Option<Hole> {
    let is_thin = |due: &DueDay| f64::from(export.rows[due.day]) < THIN_DAY * due.usual;
    let runs = days.chunk_by(|one, other| is_thin(one) == is_thin(other));
    let thin_runs = runs.filter(|run| run.first().is_some_and(is_thin));
    let stretches: Vec<&[DueDay]> = thin_runs.chain([days]).collect();
    // The stretch is chosen among so many.
    let choice = (stretches.len() as f64).ln();
    let found = stretches
        .into_iter()
        .filter_map(|stretch| of_stretch(case, export, stretch, choice));
    found.max_by(|one, other| one.weight().total_cmp(&other.weight()))
}

fn of_stretch(case: &Case, export: &ExportDays, stretch: &[DueDay], choice: f64) -> Option<Hole> {
    let days: Vec<usize> = stretch.iter().map(|due| due.day).collect();
    let rows: f64 = days.iter().map(|day| f64::from(export.rows[*day])).sum();
    let usual: f64 = stretch.iter().map(|due| due.usual).sum();
    let share = rows / usual.max(1.0);
    if share > THIN_DAYS || usual - rows < FEWEST_LACKING {
        return None;
    }
    let lacking = 1.0 - share;
    let orphans = orphans(case, export, &days, lacking).filter(|seen| seen.weight > 0.0)?;
    let noise = DAY_NOISE / days.len() as f64;
    let fewer = bayes::by(share, rows, usual, noise) - DAY_OFF - choice;
    let values = [
        ("export", name(case, export)),
        ("rows", Value::Count(rows)),
        ("days", Value::Days(days.len() as f64)),
        ("expected", Value::Count(usual.round())),
    ];
    let weight = fewer.clamp(NO_HOLE, THIN_CAP);
    let mut evidence = vec![Evidence::new(
        words::evidence::data_gap::THIN_DAYS,
        weight,
        values,
    )];
    evidence.extend(deals_go_on(case, export, &days, lacking));
    evidence.push(orphans);
    Some(Hole { days, evidence })
}
