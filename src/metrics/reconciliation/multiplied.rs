//! Visits that are twice as many as usual in every channel alike, while inquiries are as ever: told twice.

use super::clicks::{BASE_PERIODS, HALF_VISIT};
use super::{FaultOfExport, is_sound, traffic_export};
use crate::metrics::predictive::MIN_PERIODS;
use crate::metrics::ranks::median;
use crate::model::channel::ChannelId;
use crate::model::data_fault::DataFault;
use crate::model::facts::{Facts, PeriodFacts};

/// Channels with so many visits usually, and so many of such channels, are judged.
const LEAST_VISITS: f64 = 40.0;
const LEAST_CHANNELS: usize = 3;
/// Twice as many, as far as weeks differ; more than that is more copies.
const TWICE: std::ops::RangeInclusive<f64> = 1.75..=2.3;
/// Channels differ from the common factor by so much on a log scale at most, beside chance: real growth is not so even.
const UNEVEN: f64 = 0.2;
/// Chance adds so many standard deviations of the logarithm of a count: nineteen of twenty channels stay within.
const CHANCE_DEVIATIONS: f64 = 2.0;
/// Inquiries that are more than this times the usual say that the visits are real.
const MORE_INQUIRIES: f64 = 1.3;

/// Visits of every channel alike that are twice the usual ones.
pub(super) fn multiplied(facts: &Facts) -> Vec<FaultOfExport> {
    let visits = traffic_export(facts).filter(|visits| is_sound(facts, visits));
    let Some((visits, times)) = visits.zip(times(facts)) else {
        return Vec::new();
    };
    let percent = (times * 100.0).round() as u32;
    vec![(visits.to_owned(), DataFault::Multiplied { percent })]
}

fn times(facts: &Facts) -> Option<f64> {
    let (now, before) = facts.periods.split_last()?;
    let before = &before[before.len().saturating_sub(BASE_PERIODS)..];
    if before.len() < MIN_PERIODS || has_more_inquiries(facts, now, before) {
        return None;
    }
    let channels = before.last()?.traffic.as_ref()?.keys();
    let pairs = channels.filter_map(|channel| {
        let usual = median(
            before
                .iter()
                .filter_map(|known| visits(channel, known))
                .collect(),
        )?;
        let now = visits(channel, now).unwrap_or(0.0);
        (usual >= LEAST_VISITS).then_some((now, usual))
    });
    let pairs: Vec<(f64, f64)> = pairs.collect();
    let sum = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>();
    let times = sum(|pair| pair.0) / sum(|pair| pair.1);
    let is_alike = |(now, usual): &(f64, f64)| {
        let off = (now.max(HALF_VISIT) / usual / times).ln().abs();
        off <= UNEVEN + CHANCE_DEVIATIONS * (1.0 / now.max(1.0) + 1.0 / usual).sqrt()
    };
    let is_told = pairs.len() >= LEAST_CHANNELS && TWICE.contains(&times);
    (is_told && pairs.iter().all(is_alike)).then_some(times)
}

fn visits(channel: &ChannelId, known: &PeriodFacts) -> Option<f64> {
    let traffic = known.traffic.as_ref()?;
    Some(
        traffic
            .get(channel)
            .map_or(0.0, |traffic| traffic.sessions as f64),
    )
}

/// Whether inquiries grew with the visits; without any nobody knows, and nothing is told.
fn has_more_inquiries(facts: &Facts, now: &PeriodFacts, before: &[PeriodFacts]) -> bool {
    let Some(inquiries) = &facts.inquiries else {
        return true;
    };
    let count = |known: &PeriodFacts| {
        let of_period = inquiries
            .iter()
            .filter(|inquiry| known.period.contains(inquiry.day));
        of_period.count() as f64
    };
    let usual = median(before.iter().map(count).collect()).unwrap_or(0.0);
    usual == 0.0 || count(now) > MORE_INQUIRIES * usual
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::tests::{quiet, told};
    use super::*;
    use crate::metrics::sample;
    use crate::model::facts::Traffic;

    /// Eight weeks of four channels and the reported one with so many percent of their visits; inquiries as planted.
    fn firm(percent: [u64; 4], inquiries: u64) -> Facts {
        let usual = [sample::Planted("organic", 100, 20, 0)];
        let now = [sample::Planted("organic", 100, inquiries as usize, 0)];
        let mut weeks: Vec<&[sample::Planted]> = vec![&usual; 8];
        weeks.push(&now);
        let sources = quiet().sources;
        let mut facts = Facts {
            sources,
            ..sample::facts(&weeks)
        };
        let ids = ["organic", "direct", "email", "referral"];
        for (at, known) in facts.periods.iter_mut().enumerate() {
            let of_week = |place: usize| if at == 8 { percent[place] } else { 100 };
            let channels = ids.iter().enumerate().map(|(place, id)| {
                let sessions = (100 + 50 * place as u64 + at as u64) * of_week(place) / 100;
                let users = None;
                (ChannelId::new(*id), Traffic { sessions, users })
            });
            known.traffic = Some(channels.collect::<BTreeMap<_, _>>());
            known.spend = None;
        }
        facts
    }

    #[test]
    fn visits_that_double_in_every_channel_without_inquiries_are_told_twice() {
        let told = told(&firm([200, 196, 205, 200], 21), "site");
        assert!(
            matches!(told[..], [DataFault::Multiplied { percent: 200..=210 }]),
            "{told:?}"
        );
    }

    #[test]
    fn growth_of_one_channel_and_growth_with_inquiries_are_real() {
        assert_eq!(told(&firm([500, 110, 100, 100], 21), "site"), []);
        assert_eq!(told(&firm([200, 196, 205, 200], 40), "site"), []);
        assert_eq!(told(&firm([100; 4], 21), "site"), []);
    }
}
