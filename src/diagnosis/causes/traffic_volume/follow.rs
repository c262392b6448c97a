//! What clicks, inquiries and untagged channels did while sessions fell.

use super::sessions;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::diagnosis::weigh::scopes::Channels;
use crate::model::observations::Code;

/// Corroboration weighs no more than this.
const MOST: f64 = 4.0;
/// What clicks that fell with the sessions add: the counter is sound.
const SAME_VISITORS: f64 = 1.0;

/// Whether paid clicks fell as the sessions did, or stayed: against each other, not against "nothing happened".
pub(super) fn clicks_follow(
    case: &Case,
    code: Option<Code>,
    sessions: &Judged,
) -> Option<Evidence> {
    let clicks = case.clicks(code);
    let judged = case
        .judge(&clicks, None)
        .filter(|judged| judged.expected >= 20.0)?;
    let fallen = share_left(sessions);
    let weight = bayes::by(
        fallen,
        judged.observed,
        judged.expected,
        judged.dispersion + sessions.dispersion,
    );
    let values = [
        ("observed", Value::Count(judged.observed)),
        ("expected", Value::Count(judged.expected.round())),
    ];
    let evidence = match weight > 0.0 {
        // Clicks and sessions are the same visitors: that both fell is no second sign of a fall.
        true => Evidence::new(
            "traffic_volume.clicks_fell",
            weight.min(SAME_VISITORS),
            values,
        ),
        false => Evidence::new("traffic_volume.clicks_stayed", weight, values),
    };
    Some(evidence.of(Role::Demand))
}

/// Whether inquiries fell as the sessions did, or stayed.
pub(super) fn inquiries_follow(
    case: &Case,
    scope: Option<Code>,
    sessions: &Judged,
) -> Option<Evidence> {
    let counts = case.inquiries(|seen| scope.is_none_or(|code| seen.channel == code));
    let judged = case
        .judge(&counts, None)
        .filter(|judged| judged.expected >= 3.0)?;
    let fallen = share_left(sessions);
    let weight = bayes::by(
        fallen,
        judged.observed,
        judged.expected,
        judged.dispersion + sessions.dispersion,
    );
    let values = [
        ("observed", Value::Count(judged.observed)),
        ("expected", Value::Count(judged.expected.round())),
    ];
    let evidence = match weight > 0.0 {
        true => Evidence::new("traffic_volume.inquiries_fell", weight.min(MOST), values),
        false => Evidence::new(
            "traffic_volume.inquiries_stayed",
            weight.max(-2.0 * MOST),
            values,
        ),
    };
    Some(evidence.of(Role::Outcome))
}

/// Sessions without a tag that rise by as much as this channel lost: the visitors are there, their tag is not.
pub(super) fn others_take_over(
    case: &Case,
    channels: &Channels,
    code: Code,
    judged: &Judged,
) -> Option<Evidence> {
    let untagged = channels.untagged.iter().filter(|other| **other != code);
    let (mut risen, mut weight) = (0.0, 0.0);
    for other in untagged {
        let Some(other) = case.judge(&sessions(case, Some(*other)), None) else {
            continue;
        };
        if other.lost() < 0.0 && other.rise() > 1.0 {
            (risen, weight) = (risen - other.lost(), weight + other.rise());
        }
    }
    let share = risen / judged.lost().max(1.0);
    (share > 0.5).then(|| {
        let values = [
            ("risen", Value::Count(risen.round())),
            ("lost", Value::Count(judged.lost().round())),
        ];
        Evidence::new("traffic_volume.taken_over", -weight.min(2.0 * MOST), values).of(Role::Rival)
    })
}

/// What is left of the sessions; a fall that is best seen in the last days may leave nearly all of the total.
fn share_left(sessions: &Judged) -> f64 {
    (sessions.observed / sessions.expected.max(1.0)).min(0.95)
}
