//! What people wrote down: a release or a new price near the start of a fault is evidence, never proof.

use chrono::{DateTime, TimeDelta, Utc};

use super::causes::Assessment;
use super::codes::CauseCode;
use super::weigh::evidence::{Evidence, Role, Value};
use crate::config::words;
use crate::model::observations::Annotation;

/// A coincidence makes a cause three times as likely, no more: most releases break nothing.
pub const WEIGHT: f64 = 1.1;
/// How long before the start of a fault an entry may lie: a day and a half, for a release in the evening shows next day.
const LONGEST_BEFORE: TimeDelta = TimeDelta::hours(36);
/// How far after it: many starts are known to the day only, and memories differ.
const LONGEST_AFTER: TimeDelta = TimeDelta::hours(30);

/// Kinds of entries that can start a cause.
fn kinds(code: CauseCode) -> &'static [&'static str] {
    match code {
        CauseCode::Forms => &["release"],
        CauseCode::Tracking => &["release", "campaign"],
        CauseCode::Telephony => &["telephony"],
        CauseCode::TrafficVolume | CauseCode::MixShift | CauseCode::TrafficQuality => &["campaign"],
        CauseCode::LeadQuality => &["campaign", "price"],
        CauseCode::Managers => &["staff"],
        CauseCode::CrmHygiene => &["crm"],
        CauseCode::Unknown => &["price", "release", "other"],
        CauseCode::DataGap | CauseCode::Seasonality => &[],
    }
}

/// The entry nearest to the start of a fault that may have caused it, as evidence.
pub fn near(
    code: CauseCode,
    started_at: Option<DateTime<Utc>>,
    annotations: &[Annotation],
) -> Option<Evidence> {
    let start = started_at?;
    let kinds = kinds(code);
    let is_near = |at: DateTime<Utc>| at >= start - LONGEST_BEFORE && at <= start + LONGEST_AFTER;
    let fitting = annotations
        .iter()
        .filter(|entry| kinds.contains(&entry.kind.as_str()) && is_near(entry.at));
    // Of two that are equally near the earlier one.
    let entry = fitting.min_by_key(|entry| ((entry.at - start).abs(), entry.at))?;
    let values = [
        ("title", Value::Text(entry.title.clone())),
        ("at", Value::Time(entry.at)),
    ];
    Some(Evidence::new(words::evidence::annotation::NEAR, WEIGHT, values).of(Role::Note))
}

/// Adds the nearest entry to a cause that speaks for itself already; a coincidence alone is nothing.
pub fn add(code: CauseCode, assessment: &mut Assessment, annotations: &[Annotation]) {
    if assessment.log_odds().is_some_and(|log_odds| log_odds > 0.0) {
        assessment
            .evidence
            .extend(near(code, assessment.started_at, annotations));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(hours_before: i64, kind: &str) -> Annotation {
        let at = DateTime::UNIX_EPOCH - TimeDelta::hours(hours_before);
        Annotation {
            at,
            until: None,
            kind: kind.to_owned(),
            scope: String::new(),
            title: kind.to_owned(),
        }
    }

    #[test]
    fn a_release_just_before_a_form_died_is_evidence_and_an_older_one_is_not() {
        let start = Some(DateTime::UNIX_EPOCH);
        assert!(near(CauseCode::Forms, start, &[entry(3, "release")]).is_some());
        assert!(
            near(
                CauseCode::Forms,
                start,
                &[entry(48, "release"), entry(-36, "release")]
            )
            .is_none()
        );
        assert!(near(CauseCode::Forms, start, &[entry(3, "price")]).is_none());
        assert!(near(CauseCode::Forms, None, &[entry(3, "release")]).is_none());
    }
}
