//! A surge: many more visitors than usual come by one channel, real ones by their looks, and bring few inquiries more.

use std::ops::Range;

use super::super::traffic_quality::{first_conversion, signs};
use super::{scope, sessions};
use crate::config::words;
use crate::diagnosis::case::Case;
use crate::diagnosis::causes::{Assessment, Stretch, counts_and_change, whole_counts};
use crate::diagnosis::change_point;
use crate::diagnosis::weigh::evidence::{Evidence, Role};
use crate::model::observations::Code;

/// A channel that did not grow to so many times its expectation is no surge: a fifth more is within a good week's reach.
const SMALLEST: f64 = 1.2;
/// Share of a channel's new sessions that the firm as a whole must have gained: else they only changed their channel, as
/// when a tag is lost.
const NEW_TO_ALL: f64 = 0.5;

/// Nats of a surge for each nat of its weaker rate. A rate that fell in one of many channels is chance now and then; that it
/// fell in the very one that surged is no choice among many, and few surges are there to choose from. A judgement.
const IN_THE_SAME_CHANNEL: f64 = 3.0;

/// The evidence of a surge in one channel; `None` when it did not grow.
pub(super) fn evidence(case: &Case, code: Code) -> Option<Vec<Evidence>> {
    let sessions_by_day = sessions(case, Some(code));
    let channel = case.daily(&sessions_by_day, None)?;
    let all = case.daily(&sessions(case, None), None)?;
    first_conversion(case, Some(code))?;
    let inquiries = case.inquiries(|seen| seen.channel == code);
    let rate = case.daily(&inquiries, Some(&sessions_by_day))?;
    // More visitors who bring what visitors bring are no fault, and fewer inquiries of as many visitors are no surge: the
    // weaker of the two signs decides.
    let both = |days: &Range<usize>| {
        let surge = channel.judged(days).rise();
        let weaker = rate.judged(days).fall();
        surge.min(IN_THE_SAME_CHANNEL * weaker)
    };
    let told = case.told_by(both);
    let [channel, all, rate] = [&channel, &all, &rate].map(|daily| daily.judged(&told.days));
    let is_small = channel.observed < SMALLEST * channel.expected;
    // Both are gains here, that is negative losses: "more" is the smaller gain.
    let is_moved = all.lost() > NEW_TO_ALL * channel.lost();
    if is_small || is_moved {
        return None;
    }
    let surge = Evidence::new(
        words::evidence::traffic_volume::SURGE,
        told.weight,
        counts_and_change(&channel),
    );
    // Told without a weight of its own: it is in the surge's.
    let weaker = Evidence::new(
        words::evidence::traffic_volume::WEAKER,
        0.0,
        whole_counts(&rate),
    );
    let mut found = vec![told.dated(case, surge), weaker.of(Role::Outcome)];
    found.extend(strangers(case, code, &told.days));
    Some(found)
}

/// Visitors that look like bots, or like others than before, are no more of the same.
fn strangers(case: &Case, code: Code, days: &Range<usize>) -> Option<Evidence> {
    let signs = signs(case, Some(code), days);
    let weights = signs.into_iter().map(|sign| sign.weight);
    let strange = weights.fold(0.0, f64::max);
    if strange <= 0.0 {
        return None;
    }
    Some(Evidence::new(words::evidence::traffic_volume::STRANGERS, -strange, []).of(Role::Rival))
}

/// What a surge does to the first conversion: the visitors it adds bring less, and nobody is lost.
pub(super) fn assessment(case: &Case, code: Code, evidence: Vec<Evidence>) -> Assessment {
    let rate = first_conversion(case, Some(code));
    let begun = || change_point::start(case, &sessions(case, Some(code)), None);
    let stretch = Stretch::told(case, &evidence, begun);
    Assessment {
        evidence,
        scope: scope(case, Some(code)),
        started_at: stretch.started_at,
        ended_at: stretch.ended_at,
        explains: rate.map_or(0.0, |rate| rate.lost()),
        ..Assessment::default()
    }
}
