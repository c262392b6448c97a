//! The change of one ratio over channels, as the digest holds it.

use super::bennet::{Bennet, Effect, Noise, Segment, bennet};
use super::counted::{CountedChain, Side};
use super::types::{Ratio, RatioPart};
use crate::metrics::rate::Z;
use crate::metrics::values::Estimate;

/// One channel's numerator and denominator on one side.
pub(super) struct Fraction {
    /// Numerator.
    pub(super) k: f64,
    /// Denominator.
    pub(super) n: f64,
}

/// Takes a ratio's change apart. `None` where a channel's numbers are unknown, where a side has no denominator, and
/// where it has less than `min_events` events.
pub(super) fn ratio(
    counted: &[CountedChain],
    of: impl Fn(&Side) -> Option<Fraction>,
    noise: Noise,
    min_events: u32,
) -> Option<Ratio> {
    let mut segments = Vec::with_capacity(counted.len());
    for one in counted {
        let [base, now] = &one.sides;
        let (base, now) = (of(base)?, of(now)?);
        segments.push(Segment {
            n0: base.n,
            k0: base.k,
            n1: now.n,
            k1: now.k,
        });
    }
    // Even where no smallest sample is set, a side without a single event has no ratio to speak of.
    let fewest = f64::from(min_events.max(1));
    let [base_events, now_events] = events(&segments, noise);
    if base_events >= fewest && now_events >= fewest {
        let found = bennet(&segments, noise)?;
        Some(stated(&found, counted))
    } else {
        None
    }
}

/// The events behind a ratio on either side: of a mean amount they are its denominator.
fn events(segments: &[Segment], noise: Noise) -> [f64; 2] {
    let mut events = [0.0, 0.0];
    for segment in segments {
        let [base, now] = match noise {
            Noise::Events => [segment.k0, segment.k1],
            Noise::Amounts => [segment.n0, segment.n1],
        };
        events[0] += base;
        events[1] += now;
    }
    events
}

fn stated(found: &Bennet, counted: &[CountedChain]) -> Ratio {
    let mut channels = Vec::new();
    for (one, part) in counted.iter().zip(&found.parts) {
        // Without a denominator on either side a channel has no rate to show.
        let Some([base_rate, now_rate]) = part.rates else {
            continue;
        };
        channels.push(RatioPart {
            channel: one.channel.clone(),
            base_share: part.shares[0],
            now_share: part.shares[1],
            base_rate,
            now_rate,
            within: positive_zero(part.within),
            mix: positive_zero(part.mix),
        });
    }
    Ratio {
        base: found.ratio[0],
        now: found.ratio[1],
        change: found.ratio[1] - found.ratio[0],
        within: estimate(found.within),
        mix: estimate(found.mix),
        outside: positive_zero(found.outside),
        base_inside: found.inside[0],
        now_inside: found.inside[1],
        standardised: found.standardised,
        verdict: found.verdict,
        channels,
    }
}

/// An effect with its 95 % interval.
pub(super) fn estimate(effect: Effect) -> Estimate {
    let half_width = Z * effect.error;
    Estimate {
        value: positive_zero(effect.value),
        low: positive_zero(effect.value - half_width),
        high: positive_zero(effect.value + half_width),
    }
}

/// Nobody wants to read "−0": adding zero turns it into 0 and changes nothing else.
pub(super) fn positive_zero(value: f64) -> f64 {
    value + 0.0
}
