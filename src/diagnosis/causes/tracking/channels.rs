//! One channel's sessions: lost or counted twice against its clicks, doubled, or without their tags.

use super::{MOST, counts, sessions};
use crate::diagnosis::case::Case;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::diagnosis::weigh::scopes::Channels;
use crate::model::observations::Code;

/// Share of sessions that are counted twice in a healthy counter.
const USUAL_DOUBLES: f64 = 0.004;

/// Sessions for a paid click: a tag that is lost or fires twice moves it, visitors do not.
pub(super) fn per_click(case: &Case, channel: Code) -> Option<Vec<Evidence>> {
    let clicks = case.clicks(Some(channel));
    let judged = case
        .judge(&sessions(case, Some(channel)), Some(&clicks))
        .filter(|judged| judged.expected >= 20.0)?;
    if clicks[case.start()..].iter().sum::<f64>() < 20.0 {
        return None;
    }
    let weight = bayes::log_mean(&[judged.fall(), judged.rise()]);
    Some(vec![Evidence::new(
        "tracking.per_click",
        weight,
        counts(&judged),
    )])
}

/// The same client in the same second, twice.
pub(super) fn doubled(case: &Case, channel: Option<Code>) -> Option<Vec<Evidence>> {
    let keep = |code: Code| channel.is_none_or(|channel| channel == code);
    let whole = sessions(case, channel);
    let part = case.sessions(|row| keep(row.channel), |counts| counts.doubled);
    let judged = case.judge(&part, Some(&whole))?;
    let all: f64 = whole[case.start()..].iter().sum();
    // Some doubles occur in every counter, though none may have been seen before.
    let expected = judged.expected + USUAL_DOUBLES * all;
    let weight = bayes::rise(judged.observed, expected, judged.dispersion.min(0.5) + 0.1);
    let share = judged.observed / all.max(1.0);
    let values = [
        ("share", Value::Share(share)),
        ("observed", Value::Count(judged.observed)),
    ];
    let mut found = vec![Evidence::new("tracking.doubled", weight, values)];
    if weight > 2.0 && share > 0.1 {
        let sessions = case.judge(&whole, None)?;
        let weight = sessions.rise().clamp(-2.0, MOST);
        found.push(
            Evidence::new("tracking.more_sessions", weight, counts(&sessions)).of(Role::Outcome),
        );
    }
    Some(found)
}

/// A tagged channel's sessions that turn up without a tag: what it loses, the untagged ones gain.
pub(super) fn lost_tags(case: &Case, channels: &Channels, code: Code) -> Option<Vec<Evidence>> {
    if channels.untagged.contains(&code) {
        return None;
    }
    let lost = case.judge(&sessions(case, Some(code)), None)?;
    let is_untagged = |channel: Code| channels.untagged.contains(&channel);
    let gained = case.judge(
        &case.sessions(|row| is_untagged(row.channel), |counts| counts.sessions),
        None,
    )?;
    let both = case.judge(
        &case.sessions(
            |row| row.channel == code || is_untagged(row.channel),
            |counts| counts.sessions,
        ),
        None,
    )?;
    let values = [
        ("lost", Value::Count(lost.lost().round())),
        ("gained", Value::Count(-gained.lost().round())),
    ];
    let share = -gained.lost() / lost.lost().max(1.0);
    let agree = if (0.3..3.0).contains(&share) {
        0.0
    } else {
        -4.0
    };
    let weight = lost.fall().min(gained.rise() + 3.0) + gained.rise().min(MOST) + agree;
    let mut found = vec![Evidence::new(
        "tracking.tags_lost",
        weight.clamp(-4.0, bayes::MOST),
        values,
    )];
    if weight > 0.0 {
        // Together they are as many as ever.
        found.push(
            Evidence::new(
                "tracking.sum_stands",
                -both.fall().clamp(-2.0, MOST),
                counts(&both),
            )
            .of(Role::Others),
        );
    }
    Some(found)
}
