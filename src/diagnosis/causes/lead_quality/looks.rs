//! How the people of a place look before anything becomes of them: how briefly they talk, and from where they come.

use super::holds;
use crate::config::words;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::cohort::earlier::{earlier_base, weigh};
use crate::diagnosis::cohort::panel::DealPlace;
use crate::diagnosis::weigh::evidence::{Evidence, Value};
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Dimension, Direction, SeenCall, SeenInquiry};

/// A line belongs to a channel that more than this share of its inquiries come from: clearly most of them.
const DOMINATED: f64 = 0.6;
/// The share of the usual talks that are short. A limit in seconds would fit one firm: how long a talk takes depends on
/// what is sold.
const SHORTEST: f64 = 0.3;
/// The share of the usual inquiries that come from the usual regions, the largest first.
const USUAL_REGIONS: f64 = 0.8;
/// Fewer inquiries due from other regions do not tell whether there are more.
const FEWEST_STRANGERS: f64 = 1.0;

/// Lines whose callers are people of a place.
enum Lines {
    All,
    These(Vec<Code>),
}

impl Lines {
    fn hold(&self, line: Code) -> bool {
        match self {
            Self::All => true,
            Self::These(lines) => lines.contains(&line),
        }
    }
}

/// The lines of a place; `None` where nobody calls or where callers of several places share them.
fn lines(case: &Case, place: DealPlace) -> Option<Lines> {
    match place {
        DealPlace::All | DealPlace::Contact(ContactKind::Call) => Some(Lines::All),
        DealPlace::Channel(channel) => {
            let lines = dominated_lines(case, channel);
            (!lines.is_empty()).then_some(Lines::These(lines))
        }
        DealPlace::Contact(_) | DealPlace::Manager(_) => None,
    }
}

/// More short talks among first-time callers, on the lines that belong to the place.
pub(super) fn short_talks(case: &Case, place: DealPlace) -> Option<Evidence> {
    let lines = lines(case, place)?;
    let is_meant = |call: &SeenCall| {
        // Who calls again talks as long as the matter needs, whoever sent them.
        let is_first = call.direction == Direction::Inbound && call.answered && call.is_first;
        is_first && lines.hold(call.line)
    };
    let limit = shortest_talks(case, is_meant)?;
    let short = case.calls(|call| is_meant(call) && call.talk_s < limit);
    let (weight, judged) = weigh(case, &short, &case.calls(is_meant), Judged::rise)?;
    let [observed, expected] = judged.counts();
    let limit = Value::Seconds(f64::from(limit));
    let values = [observed, expected, ("limit", limit)];
    Some(Evidence::new(
        words::evidence::lead_quality::SHORT_TALKS,
        weight,
        values,
    ))
}

/// Seconds below which a talk is among the shortest of the base.
fn shortest_talks(case: &Case, is_meant: impl Fn(&SeenCall) -> bool) -> Option<u32> {
    let base = earlier_base(case);
    let calls = case.seen.calls.as_ref()?.iter();
    let of_base = calls.filter(|call| base.contains(&call.day) && is_meant(call));
    let mut talks: Vec<u32> = of_base.map(|call| call.talk_s).collect();
    talks.sort_unstable();
    let at = talks.len() as f64 * SHORTEST;
    talks.get(at as usize).copied()
}

/// Inquiries of one line.
#[derive(Clone, Default)]
struct LineCount {
    of_channel: f64,
    all: f64,
}

/// Lines that most of the base's inquiries of which came from a channel.
fn dominated_lines(case: &Case, channel: Code) -> Vec<Code> {
    let base = earlier_base(case);
    let mut counts = vec![LineCount::default(); case.seen.names.len(Dimension::Line)];
    let inquiries = case.seen.inquiries.iter().flatten();
    for seen in inquiries.filter(|seen| seen.line > 0 && base.contains(&seen.day)) {
        let count = &mut counts[usize::from(seen.line)];
        count.all += 1.0;
        if seen.channel == channel {
            count.of_channel += 1.0;
        }
    }
    let is_dominated = |line: &Code| {
        let count = &counts[usize::from(*line)];
        count.of_channel > DOMINATED * count.all
    };
    case.codes(Dimension::Line).filter(is_dominated).collect()
}

/// More inquiries from regions that few of the usual ones come from.
pub(super) fn strange_regions(case: &Case, place: DealPlace) -> Option<Evidence> {
    let known = usual_regions(case, place)?;
    // Of an inquiry without a region nobody can say that it is a strange one.
    let is_here =
        |seen: &SeenInquiry| seen.region > 0 && holds(place, seen.channel, Some(seen.kind));
    let strange = case.inquiries(|seen| is_here(seen) && !known.contains(&seen.region));
    let (weight, judged) = weigh(case, &strange, &case.inquiries(is_here), Judged::rise)?;
    if judged.expected <= FEWEST_STRANGERS {
        return None;
    }
    let values = judged.counts();
    Some(Evidence::new(
        words::evidence::lead_quality::REGIONS,
        weight,
        values,
    ))
}

/// Inquiries of one region.
struct RegionCount {
    region: Code,
    inquiries: f64,
}

/// The largest regions of the base, until they hold the usual inquiries.
fn usual_regions(case: &Case, place: DealPlace) -> Option<Vec<Code>> {
    let base = earlier_base(case);
    let mut counts: Vec<RegionCount> = (0..case.seen.names.len(Dimension::Region))
        .map(|code| RegionCount {
            region: code as Code,
            inquiries: 0.0,
        })
        .collect();
    let is_here = |seen: &&SeenInquiry| holds(place, seen.channel, Some(seen.kind));
    let inquiries = case.seen.inquiries.as_ref()?.iter();
    for seen in inquiries
        .filter(|seen| base.contains(&seen.day))
        .filter(is_here)
    {
        counts[usize::from(seen.region)].inquiries += 1.0;
    }
    // Of equally large regions the one of the lower code goes first, so that the answer is always the same.
    counts.sort_by(|left, right| {
        let by_size = right.inquiries.total_cmp(&left.inquiries);
        by_size.then(left.region.cmp(&right.region))
    });
    let total: f64 = counts.iter().map(|count| count.inquiries).sum();
    let mut covered = 0.0;
    let mut known = Vec::new();
    for count in counts {
        if covered >= USUAL_REGIONS * total {
            break;
        }
        covered += count.inquiries;
        known.push(count.region);
    }
    Some(known)
}
