//! A surge: many more visitors than usual come by one channel, real ones by their looks, and bring few inquiries more.

use super::super::traffic_quality::{first_conversion, signs};
use super::{scope, sessions};
use crate::diagnosis::case::Case;
use crate::diagnosis::causes::Assessment;
use crate::diagnosis::change_point;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::model::observations::Code;

/// A channel that grew by less is no surge.
const SMALLEST: f64 = 1.2;
/// Share of a channel's new sessions that the firm as a whole must have gained: else they only changed their channel, as
/// when a tag is lost.
const NEW_TO_ALL: f64 = 0.5;

/// The evidence of a surge in one channel; `None` when it did not grow.
pub(super) fn evidence(case: &Case, code: Code) -> Option<Vec<Evidence>> {
    let judged = case.judge(&sessions(case, Some(code)), None)?;
    let all = case.judge(&sessions(case, None), None)?;
    if judged.observed < SMALLEST * judged.expected || all.lost() > NEW_TO_ALL * judged.lost() {
        return None;
    }
    let rate = first_conversion(case, Some(code))?;
    let values = [
        ("observed", Value::Count(judged.observed)),
        ("expected", Value::Count(judged.expected.round())),
        ("change", Value::Change(judged.change())),
    ];
    let weaker = [
        ("observed", Value::Count(rate.observed)),
        ("expected", Value::Count(rate.expected.round())),
    ];
    // More visitors who bring what visitors bring are no fault, and fewer inquiries of as many visitors are no surge: the
    // weaker of the two signs decides.
    let both = judged.rise().min(rate.fall());
    let mut found = vec![Evidence::new("traffic_volume.surge", both, values)];
    found.push(Evidence::new("traffic_volume.weaker", 0.0, weaker).of(Role::Outcome));
    // Visitors that look like bots, or like others than before, are no more of the same.
    let strange = signs(case, Some(code))
        .into_iter()
        .map(|sign| sign.weight)
        .fold(0.0, f64::max);
    if strange > 0.0 {
        found.push(Evidence::new("traffic_volume.strangers", -strange, []).of(Role::Rival));
    }
    Some(found)
}

/// What a surge does to the first conversion: the visitors it adds bring less, and nobody is lost.
pub(super) fn assessment(case: &Case, code: Code, evidence: Vec<Evidence>) -> Assessment {
    let rate = first_conversion(case, Some(code));
    let start = change_point::start(case, &sessions(case, Some(code)), None);
    Assessment {
        evidence,
        scope: scope(case, Some(code)),
        started_at: start.map(|day| case.instant(day)),
        explains: rate.map_or(0.0, |rate| rate.lost()),
        ..Assessment::default()
    }
}
