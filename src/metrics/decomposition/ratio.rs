//! The change of one ratio over channels, as the digest holds it.

use super::bennet::{Bennet, Effect, Noise, Segment, Z, bennet};
use super::counted::{Counted, Side};
use super::types::{Ratio, RatioPart};
use crate::metrics::scorecard::Estimate;

pub(super) fn ratio(
    counted: &[Counted],
    of: &dyn Fn(&Side) -> Option<[f64; 2]>,
    noise: Noise,
    min_events: u32,
) -> Option<Ratio> {
    let segment = |one: &Counted| {
        let ([n0, k0], [n1, k1]) = (of(&one.sides[0])?, of(&one.sides[1])?);
        Some(Segment { n0, k0, n1, k1 })
    };
    let segments: Vec<Segment> = counted.iter().map(segment).collect::<Option<_>>()?;
    let events = |of: fn(&Segment) -> [f64; 2]| {
        segments.iter().fold([0.0, 0.0], |sum, one| {
            [sum[0] + of(one)[0], sum[1] + of(one)[1]]
        })
    };
    let events = match noise {
        Noise::Events => events(|one| [one.k0, one.k1]),
        Noise::Amounts => events(|one| [one.n0, one.n1]),
    };
    let enough = events
        .iter()
        .all(|events| *events >= f64::from(min_events.max(1)));
    let found = bennet(&segments, noise).filter(|_| enough)?;
    Some(stated(&found, counted))
}

fn stated(found: &Bennet, counted: &[Counted]) -> Ratio {
    let part = |(one, part): (&Counted, &super::bennet::Part)| {
        let [base_rate, now_rate] = part.rates?;
        Some(RatioPart {
            channel: one.channel.clone(),
            base_share: part.shares[0],
            now_share: part.shares[1],
            base_rate,
            now_rate,
            within: part.within + 0.0,
            mix: part.mix + 0.0,
        })
    };
    Ratio {
        base: found.ratio[0],
        now: found.ratio[1],
        change: found.ratio[1] - found.ratio[0],
        within: estimate(found.within),
        mix: estimate(found.mix),
        outside: found.outside + 0.0,
        base_inside: found.inside[0],
        now_inside: found.inside[1],
        standardised: found.standardised,
        verdict: found.verdict,
        channels: counted.iter().zip(&found.parts).filter_map(part).collect(),
    }
}

/// Adding zero turns −0 into 0.
pub(super) fn estimate(effect: Effect) -> Estimate {
    let half = Z * effect.error;
    Estimate {
        value: effect.value + 0.0,
        low: effect.value - half + 0.0,
        high: effect.value + half + 0.0,
    }
}
