//! How the people of a place look before anything becomes of them: how briefly they talk, and from where they come.

use super::holds;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::cohort::earlier::{earlier_base, weigh};
use crate::diagnosis::cohort::panel::Place;
use crate::diagnosis::weigh::evidence::{Evidence, Value};
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Dimension, Direction, SeenCall, SeenInquiry};

/// A line belongs to a channel that at least so much of its inquiries come from.
const DOMINATED: f64 = 0.6;
/// Talks shorter than so much of the usual ones are short.
const SHORTEST: f64 = 0.3;
/// Regions that so much of the usual inquiries come from are the usual ones.
const USUAL_REGIONS: f64 = 0.8;

/// More short talks among first-time callers, on the lines that belong to the place.
pub(super) fn short_talks(case: &Case, place: Place) -> Option<Evidence> {
    let lines = match place {
        Place::All | Place::Contact(ContactKind::Call) => None,
        Place::Channel(channel) => Some(dominated_lines(case, channel))
            .filter(|lines| !lines.is_empty())
            .map(Some)?,
        Place::Contact(_) | Place::Manager(_) => return None,
    };
    let is_meant = |call: &SeenCall| {
        let is_first = call.direction == Direction::Inbound && call.answered && call.is_first;
        is_first
            && lines
                .as_ref()
                .is_none_or(|lines| lines.contains(&call.line))
    };
    let base = earlier_base(case);
    let calls = case
        .seen
        .calls
        .as_ref()?
        .iter()
        .filter(|call| base.contains(&call.day) && is_meant(call));
    let mut talks: Vec<u32> = calls.map(|call| call.talk_s).collect();
    talks.sort_unstable();
    let limit = *talks.get((talks.len() as f64 * SHORTEST) as usize)?;
    let short = case.calls(|call| is_meant(call) && call.talk_s < limit);
    let (weight, judged) = weigh(case, &short, &case.calls(is_meant), Judged::rise)?;
    let values = [
        ("observed", Value::Count(judged.observed)),
        ("expected", Value::Count(judged.expected)),
        ("limit", Value::Seconds(f64::from(limit))),
    ];
    Some(Evidence::new("lead_quality.short_talks", weight, values))
}

/// Lines that most of the base's inquiries of which came from a channel.
fn dominated_lines(case: &Case, channel: Code) -> Vec<Code> {
    let base = earlier_base(case);
    let mut counts = vec![(0.0, 0.0); case.seen.names.len(Dimension::Line)];
    for seen in case
        .seen
        .inquiries
        .iter()
        .flatten()
        .filter(|seen| seen.line > 0 && base.contains(&seen.day))
    {
        let count = &mut counts[usize::from(seen.line)];
        count.0 += if seen.channel == channel { 1.0 } else { 0.0 };
        count.1 += 1.0;
    }
    let lines = case.codes(Dimension::Line);
    lines
        .filter(|line| counts[usize::from(*line)].0 > DOMINATED * counts[usize::from(*line)].1)
        .collect()
}

/// More inquiries from regions that few of the usual ones come from.
pub(super) fn strange_regions(case: &Case, place: Place) -> Option<Evidence> {
    let base = earlier_base(case);
    let mut usual = vec![(0.0_f64, 0); case.seen.names.len(Dimension::Region)];
    usual
        .iter_mut()
        .enumerate()
        .for_each(|(code, region)| region.1 = code as Code);
    let inquiries = case.seen.inquiries.as_ref()?.iter();
    for seen in inquiries
        .filter(|seen| base.contains(&seen.day) && holds(place, seen.channel, Some(seen.kind)))
    {
        usual[usize::from(seen.region)].0 += 1.0;
    }
    usual.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
    let total: f64 = usual.iter().map(|region| region.0).sum();
    let mut covered = 0.0;
    let known: Vec<Code> = (usual.iter())
        .take_while(|region| {
            let is_needed = covered < USUAL_REGIONS * total;
            covered += region.0;
            is_needed
        })
        .map(|region| region.1)
        .collect();
    let is_here =
        |seen: &SeenInquiry| seen.region > 0 && holds(place, seen.channel, Some(seen.kind));
    let strange = case.inquiries(|seen| is_here(seen) && !known.contains(&seen.region));
    let (weight, judged) = weigh(case, &strange, &case.inquiries(is_here), Judged::rise)
        .filter(|found| found.1.expected > 1.0)?;
    let values = [
        ("observed", Value::Count(judged.observed)),
        ("expected", Value::Count(judged.expected)),
    ];
    Some(Evidence::new("lead_quality.regions", weight, values))
}
