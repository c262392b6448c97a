//! What clicks, inquiries and untagged channels did while sessions fell.

use super::fall::Fall;
use super::sessions;
use crate::config::words;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::causes::whole_counts;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::diagnosis::weigh::scopes::Channels;
use crate::model::observations::Code;

/// Fewer expected clicks do not tell whether they followed the sessions.
const FEWEST_CLICKS: f64 = 20.0;
/// What clicks that fell with the sessions add, nats, at most: they say that the counter is sound.
const CLICKS_AGREE_CAP: f64 = 1.0;
/// Fewer expected inquiries do not tell whether they followed the sessions.
const FEWEST_INQUIRIES: f64 = 3.0;
/// What inquiries that fell with the sessions add, nats, at most: they are few, and fall for other reasons too.
const INQUIRIES_AGREE_CAP: f64 = 4.0;
/// What contradicts a loss of visitors weighs no more than this, nats: twice what agrees, for visitors who are still
/// there were not lost, while inquiries may fall for many reasons.
const CONTRADICTION_CAP: f64 = 8.0;
/// Evidence from which on an untagged channel has risen, nats: less is chance.
const CLEARLY_RISEN: f64 = 1.0;
/// Share of the lost sessions that untagged channels must have gained to have taken them over.
const TAKEN_OVER: f64 = 0.5;
/// The share of the total that a fall leaves, at most: one that is best seen on its own days may leave nearly all of it,
/// and then "fell as the sessions did" would be no fall that can be told from none.
const MOST_LEFT: f64 = 0.95;

/// Whether paid clicks fell as the sessions did, or stayed: against each other, not against "nothing happened".
pub(super) fn clicks_follow(case: &Case, code: Option<Code>, sessions: &Fall) -> Option<Evidence> {
    let clicks = on_its_days(case, &case.clicks(code), sessions)?;
    if clicks.expected < FEWEST_CLICKS {
        return None;
    }
    let weight = fell_alike(&clicks, &sessions.judged);
    let values = whole_counts(&clicks);
    let evidence = if weight > 0.0 {
        // Clicks and sessions are the same visitors: that both fell is no second sign of a fall.
        let weight = weight.min(CLICKS_AGREE_CAP);
        Evidence::new(words::evidence::traffic_volume::CLICKS_FELL, weight, values)
    } else {
        Evidence::new(
            words::evidence::traffic_volume::CLICKS_STAYED,
            weight,
            values,
        )
    };
    Some(evidence.of(Role::Demand))
}

/// Whether inquiries fell as the sessions did, or stayed.
pub(super) fn inquiries_follow(
    case: &Case,
    scope: Option<Code>,
    sessions: &Fall,
) -> Option<Evidence> {
    let counts = case.inquiries(|seen| scope.is_none_or(|code| seen.channel == code));
    let inquiries = on_its_days(case, &counts, sessions)?;
    if inquiries.expected < FEWEST_INQUIRIES {
        return None;
    }
    let weight = fell_alike(&inquiries, &sessions.judged);
    let values = whole_counts(&inquiries);
    let evidence = if weight > 0.0 {
        let weight = weight.min(INQUIRIES_AGREE_CAP);
        Evidence::new(
            words::evidence::traffic_volume::INQUIRIES_FELL,
            weight,
            values,
        )
    } else {
        let weight = weight.max(-CONTRADICTION_CAP);
        Evidence::new(
            words::evidence::traffic_volume::INQUIRIES_STAYED,
            weight,
            values,
        )
    };
    Some(evidence.of(Role::Outcome))
}

/// Another count on the days that tell the fall.
fn on_its_days(case: &Case, counts: &[f64], fall: &Fall) -> Option<Judged> {
    let daily = case.daily(counts, None)?;
    Some(daily.judged(&fall.told.days))
}

/// Log Bayes factor of "it fell to the share that the sessions fell to" against "it stayed", nats. That share is known no
/// better than the sessions' expectation, so both variances add up.
fn fell_alike(judged: &Judged, sessions: &Judged) -> f64 {
    let dispersion = judged.dispersion + sessions.dispersion;
    bayes::by(
        share_left(sessions),
        judged.observed,
        judged.expected,
        dispersion,
    )
}

fn share_left(sessions: &Judged) -> f64 {
    (sessions.observed / sessions.expected.max(1.0)).min(MOST_LEFT)
}

/// Sessions without a tag that rise by as much as this channel lost: the visitors are there, their tag is not.
pub(super) fn others_take_over(
    case: &Case,
    channels: &Channels,
    code: Code,
    fall: &Fall,
) -> Option<Evidence> {
    let (mut risen, mut weight) = (0.0, 0.0);
    for other in channels.untagged.iter().filter(|other| **other != code) {
        let Some(other) = on_its_days(case, &sessions(case, Some(*other)), fall) else {
            continue;
        };
        let gained = -other.lost();
        if gained > 0.0 && other.rise() > CLEARLY_RISEN {
            risen += gained;
            weight += other.rise();
        }
    }
    let lost = fall.judged.lost();
    let share = risen / lost.max(1.0);
    if share <= TAKEN_OVER {
        return None;
    }
    let values = [
        ("risen", Value::Count(risen.round())),
        ("lost", Value::Count(lost.round())),
    ];
    let weight = -weight.min(CONTRADICTION_CAP);
    Some(Evidence::new(words::evidence::traffic_volume::TAKEN_OVER, weight, values).of(Role::Rival))
}
