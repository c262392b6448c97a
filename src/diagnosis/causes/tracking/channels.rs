//! One channel's sessions: lost or counted twice against its clicks, doubled, or without their tags.

use super::{SECOND_SIGN_CAP, sessions};
use crate::config::words;
use crate::diagnosis::case::{Case, Daily, Judged};
use crate::diagnosis::causes::counts_and_change;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::diagnosis::weigh::scopes::Channels;
use crate::model::observations::Code;

/// Fewer sessions due, or fewer paid clicks, do not tell how many of the one a click of the other brings.
const FEWEST_PER_CLICK: f64 = 20.0;

/// Share of sessions that are counted twice in a healthy counter.
const USUAL_DOUBLES: f64 = 0.004;
/// Relative variance of doubled sessions beyond chance: what was learnt of it is believed up to the one …
const DOUBLES_NOISE_CAP: f64 = 0.5;
/// … and the other is added (32 % of the level): a script that doubles a few sessions does so by fits and starts.
const DOUBLES_NOISE: f64 = 0.1;
/// Doubles that tell so much, nats, and are such a share of all sessions, must show in the number of sessions.
const CLEARLY_DOUBLED: f64 = 2.0;
const SHARE_THAT_SHOWS: f64 = 0.1;
/// As many sessions as ever although many are doubled weigh no more than this against it, nats: fewer visitors may have
/// come in the same week.
const NO_MORE_SESSIONS: f64 = -2.0;

/// What untagged channels gained of what a channel lost, as a share, when tags are lost: from a third to three times, for
/// both are differences of noisy counts.
const GAINED_OF_LOST: std::ops::Range<f64> = 0.3..3.0;
/// What it weighs when they gained another number, nats.
const OTHER_NUMBER: f64 = -4.0;
/// The loss of a channel counts for no more than so many nats beyond what the gain of the others tells: a loss alone is
/// one of traffic.
const LOSS_BEYOND_GAIN: f64 = 3.0;
/// What speaks against lost tags weighs no more than this, nats.
const TAGS_STAND: f64 = -4.0;
/// What it adds, at most, that both together are as many as ever, nats: most weeks have that.
const SUM_STANDS_CAP: f64 = 2.0;

/// Sessions for a paid click: a tag that is lost or fires twice moves it, visitors do not.
pub(super) fn per_click(case: &Case, channel: Code) -> Option<Vec<Evidence>> {
    let clicks = case.clicks(Some(channel));
    let daily = case.daily(&sessions(case, Some(channel)), Some(&clicks))?;
    let paid: f64 = clicks[case.start()..].iter().sum();
    if daily.judged(&case.period()).expected < FEWEST_PER_CLICK || paid < FEWEST_PER_CLICK {
        return None;
    }
    let told = case.told_by(|days| {
        let judged = daily.judged(days);
        bayes::log_mean(&[judged.fall(), judged.rise()])
    });
    let values = counts_and_change(&daily.judged(&told.days));
    let per_click = Evidence::new(words::evidence::tracking::PER_CLICK, told.weight, values);
    Some(vec![told.dated(case, per_click)])
}

/// The same client in the same second, twice.
pub(super) fn doubled(case: &Case, channel: Option<Code>) -> Option<Vec<Evidence>> {
    let doubles = Doubles::of(case, |code| channel.is_none_or(|channel| channel == code))?;
    let values = [
        ("share", Value::Share(doubles.share)),
        ("observed", Value::Count(doubles.observed)),
    ];
    let mut found = vec![Evidence::new(
        words::evidence::tracking::DOUBLED,
        doubles.weight,
        values,
    )];
    if doubles.weight > CLEARLY_DOUBLED && doubles.share > SHARE_THAT_SHOWS {
        let sessions = case.judge(&sessions(case, channel), None)?;
        let weight = sessions.rise().clamp(NO_MORE_SESSIONS, SECOND_SIGN_CAP);
        let values = counts_and_change(&sessions);
        let more = Evidence::new(words::evidence::tracking::MORE_SESSIONS, weight, values);
        found.push(more.of(Role::Outcome));
    }
    Some(found)
}

/// Whether the sessions of all other channels are clearly counted twice as well: then it is the counter's fault, not the
/// channel's.
pub(super) fn others_are_doubled(case: &Case, channel: Code) -> bool {
    let others = Doubles::of(case, |code| code != channel);
    others.is_some_and(|others| others.weight > CLEARLY_DOUBLED && others.share > SHARE_THAT_SHOWS)
}

/// Sessions of the reported period that are counted twice.
struct Doubles {
    observed: f64,
    /// Of all sessions.
    share: f64,
    /// Log evidence that they are more than usual, nats.
    weight: f64,
}

impl Doubles {
    fn of(case: &Case, keep: impl Fn(Code) -> bool) -> Option<Self> {
        let all = case.sessions(|row| keep(row.channel), |counts| counts.sessions);
        let doubles = case.sessions(|row| keep(row.channel), |counts| counts.doubled);
        let judged = case.judge(&doubles, Some(&all))?;
        let reported: f64 = all[case.start()..].iter().sum();
        // Some doubles occur in every counter, though none may have been seen before.
        let expected = judged.expected + USUAL_DOUBLES * reported;
        let dispersion = judged.dispersion.min(DOUBLES_NOISE_CAP) + DOUBLES_NOISE;
        Some(Self {
            observed: judged.observed,
            share: judged.observed / reported.max(1.0),
            weight: bayes::rise(judged.observed, expected, dispersion),
        })
    }
}

/// A tagged channel's sessions that turn up without a tag: what it loses, the untagged ones gain.
pub(super) fn lost_tags(case: &Case, channels: &Channels, code: Code) -> Option<Vec<Evidence>> {
    let is_untagged = |channel: Code| channels.untagged.contains(&channel);
    if is_untagged(code) {
        return None;
    }
    let daily = |keep: &dyn Fn(Code) -> bool| {
        let kept = case.sessions(|row| keep(row.channel), |counts| counts.sessions);
        case.daily(&kept, None)
    };
    let own = daily(&|channel| channel == code)?;
    let untagged = daily(&is_untagged)?;
    let told = case.told_by(|days| moved(&own.judged(days), &untagged.judged(days)));
    let both = daily(&|channel| channel == code || is_untagged(channel))?;
    let on_its_days = |daily: &Daily| daily.judged(&told.days);
    let (own, untagged, both) = (
        on_its_days(&own),
        on_its_days(&untagged),
        on_its_days(&both),
    );
    let values = [
        ("lost", Value::Count(own.lost().round())),
        ("gained", Value::Count(-untagged.lost().round())),
    ];
    let weight = told.weight.clamp(TAGS_STAND, bayes::EVIDENCE_CAP);
    let tags = Evidence::new(words::evidence::tracking::TAGS_LOST, weight, values);
    let mut found = vec![told.dated(case, tags)];
    if told.weight > 0.0 {
        // Together they are as many as ever: a fall of the sum is one of traffic.
        let weight = -both.fall().clamp(-SUM_STANDS_CAP, SECOND_SIGN_CAP);
        let sum = Evidence::new(
            words::evidence::tracking::SUM_STANDS,
            weight,
            counts_and_change(&both),
        );
        found.push(sum.of(Role::Others));
    }
    Some(found)
}

/// Log Bayes factor of "what the channel lost, the untagged ones gained", nats.
fn moved(own: &Judged, untagged: &Judged) -> f64 {
    let gained_of_lost = -untagged.lost() / own.lost().max(1.0);
    let agree = if GAINED_OF_LOST.contains(&gained_of_lost) {
        0.0
    } else {
        OTHER_NUMBER
    };
    let of_loss = own.fall().min(untagged.rise() + LOSS_BEYOND_GAIN);
    let of_gain = untagged.rise().min(SECOND_SIGN_CAP);
    of_loss + of_gain + agree
}
