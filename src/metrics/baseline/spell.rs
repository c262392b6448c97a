//! A spell that is over: some periods of a base that stand clearly apart from those before and after them.
//!
//! A manager who confirms late for a month, a page that is gone for three: once it is mended the periods after it are as
//! those before, and a level over all of them would forecast a part of the fault for half a year.

use super::HALF_EVENT;
use super::level::PeriodCount;

/// So many periods must have come since it ended, and have been before it: one alone may be chance.
const FEWEST_BESIDE: usize = 2;

/// A single odd period is pulled in by the level itself; what lasted longer than these is what is usual here.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=6;

/// So many other periods must be left, for anything to stand apart from them.
const FEWEST_OTHERS: usize = 6;

/// So many deviations must lie between: of a hundred runs in half a year chance makes one stand so far out once in two
/// hundred bases.
const CLEAR_DEVIATIONS: f64 = 4.0;

/// The base, newest first, without the spell that stands out most clearly; all of it where none does. `noise` is the
/// relative variance of periods beyond chance.
pub(super) fn without_spell(base: &[PeriodCount], noise: f64) -> Vec<PeriodCount> {
    let mut clearest: Option<(f64, usize, usize)> = None;
    for start in FEWEST_BESIDE..base.len() {
        for length in LENGTHS {
            let end = start + length;
            let Some(deviations) = apart(base, start, end, noise) else {
                continue;
            };
            if deviations >= clearest.map_or(CLEAR_DEVIATIONS, |(most, ..)| most) {
                clearest = Some((deviations, start, end));
            }
        }
    }
    match clearest {
        Some((_, start, end)) => [&base[..start], &base[end..]].concat(),
        None => base.to_vec(),
    }
}

/// By how many deviations the periods `start..end` lie from all others; `None` where they are no spell that is over.
fn apart(base: &[PeriodCount], start: usize, end: usize, noise: f64) -> Option<f64> {
    let is_inside = end + FEWEST_BESIDE <= base.len();
    if !is_inside || base.len() - (end - start) < FEWEST_OTHERS {
        return None;
    }
    let run = SomePeriods::of(&base[start..end], &[], noise);
    let newer = SomePeriods::of(&base[..start], &[], noise);
    let older = SomePeriods::of(&base[end..], &[], noise);
    // The whole of it is meant: the period right behind it stands with those before it as well.
    let behind = SomePeriods::of(&base[start - 1..start], &[], noise);
    let stands_with_older =
        |side: &SomePeriods| (side.level - older.level).abs() <= (side.level - run.level).abs();
    let is_over = stands_with_older(&newer) && stands_with_older(&behind);
    let others = SomePeriods::of(&base[..start], &base[end..], noise);
    let deviation = (run.variance + others.variance).sqrt();
    is_over.then(|| (run.level - others.level).abs() / deviation)
}

/// Some periods together, in logarithms.
struct SomePeriods {
    level: f64,
    variance: f64,
}

impl SomePeriods {
    fn of(some: &[PeriodCount], more: &[PeriodCount], noise: f64) -> Self {
        let sum = |of: fn(&PeriodCount) -> f64| some.iter().chain(more).map(of).sum::<f64>();
        let (events, units) = (sum(|one| one.events) + HALF_EVENT, sum(|one| one.units));
        let count = (some.len() + more.len()) as f64;
        Self {
            level: (events / units).ln(),
            variance: noise / count + 1.0 / events,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many periods are left, newest first.
    fn kept(events: &[f64]) -> Vec<f64> {
        let of = |events: &f64| PeriodCount {
            events: *events,
            units: 7.0,
        };
        let base: Vec<PeriodCount> = events.iter().map(of).collect();
        let left = without_spell(&base, 0.04 * 0.04);
        left.iter().map(|period| period.events).collect()
    }

    const USUAL: [f64; 8] = [410., 395., 402., 388., 407., 399., 412., 391.];

    #[test]
    fn a_month_that_is_over_is_left_out() {
        let spell = [398., 405., 290., 281., 302., 288.];
        assert_eq!(
            kept(&[&spell[..], &USUAL].concat()),
            [&spell[..2], &USUAL].concat()
        );
    }

    #[test]
    fn one_that_goes_on_or_ended_last_week_stays() {
        for newest in [&[290., 281., 302., 288.][..], &[398., 290., 281., 302.]] {
            let base = [newest, &USUAL].concat();
            assert_eq!(kept(&base), base);
        }
    }

    #[test]
    fn a_new_level_is_no_spell_and_chance_is_none() {
        let moved = [&[300., 291., 305., 288., 296.][..], &USUAL].concat();
        assert_eq!(kept(&moved), moved);
        let few = [12., 15., 7., 8., 11., 14., 9., 13., 10., 12., 16., 11.];
        assert_eq!(kept(&few), few);
    }

    #[test]
    fn a_short_base_stays_whole() {
        let short = [405., 398., 290., 281., 402., 396.];
        assert_eq!(kept(&short), short);
    }
}
