//! Shares of credit as whole numbers, so that channels add up to the total exactly and in any order.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::model::channel::ChannelId;

/// One whole inquiry (or sale), in units of credit: 2³². A share is kept to 2·10⁻¹⁰, and sums of up to two million
/// events stay exact when they are turned into floating-point numbers.
pub(super) const WHOLE: u64 = 1 << 32;

static UNATTRIBUTED: LazyLock<ChannelId> = LazyLock::new(ChannelId::unattributed);

/// Credit of one inquiry: channels in order of their ids, with units that add up to [`WHOLE`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Credit<'a>(Vec<(&'a ChannelId, u64)>);

impl<'a> Credit<'a> {
    /// Reads shares: they are merged by channel and scaled to add up to one inquiry. Without any positive share the
    /// whole credit is unattributed.
    pub(super) fn new(shares: &'a [(ChannelId, f64)]) -> Self {
        // Nearly every inquiry has one channel: it needs no arithmetic.
        if let [(channel, share)] = shares
            && is_usable(*share)
        {
            return Self(vec![(channel, WHOLE)]);
        }
        let mut weights = BTreeMap::<&ChannelId, f64>::new();
        for (channel, share) in shares {
            if is_usable(*share) {
                *weights.entry(channel).or_default() += share;
            }
        }
        let sum: f64 = weights.values().sum();
        if weights.is_empty() || !sum.is_finite() {
            return Self(vec![(&UNATTRIBUTED, WHOLE)]);
        }
        let units = whole_units(weights.values().map(|weight| weight / sum));
        let mut credit: Vec<(&ChannelId, u64)> = weights.into_keys().zip(units).collect();
        credit.retain(|(_, units)| *units > 0);
        Self(credit)
    }

    /// Channels with their units.
    pub(super) fn units(&self) -> impl Iterator<Item = (&'a ChannelId, u64)> {
        self.0.iter().copied()
    }

    /// Splits an amount of minor units by the credit; the parts add up to it exactly (largest remainder method).
    pub(super) fn split(&self, amount: i64) -> impl Iterator<Item = (&'a ChannelId, i128)> {
        // Only the size is split: a refund falls to the same channels as the sale.
        let sign = i128::from(amount.signum());
        let size = amount.unsigned_abs();
        let one_inquiry = u128::from(WHOLE);
        let exact: Vec<u128> = self
            .0
            .iter()
            .map(|(_, units)| u128::from(size) * u128::from(*units))
            .collect();
        let floors = exact
            .iter()
            .map(|part| (part / one_inquiry) as u64)
            .collect();
        let remainder = |index: usize| exact[index] % one_inquiry;
        let largest_first = |one: usize, other: usize| remainder(other).cmp(&remainder(one));
        let parts = top_up(floors, size, largest_first);
        let channels = self.0.iter().map(|(channel, _)| *channel);
        channels
            .zip(parts)
            .map(move |(channel, part)| (channel, sign * i128::from(part)))
    }
}

/// Shares that add up to one, as units that add up to [`WHOLE`]: what rounding down leaves over goes to the largest
/// remainders.
fn whole_units(shares: impl Iterator<Item = f64>) -> Vec<u64> {
    let exact: Vec<f64> = shares.map(|share| share * WHOLE as f64).collect();
    let floors = exact.iter().map(|units| units.floor() as u64).collect();
    let remainders: Vec<f64> = exact.iter().map(|units| units.fract()).collect();
    let largest_first = |one: usize, other: usize| remainders[other].total_cmp(&remainders[one]);
    top_up(floors, WHOLE, largest_first)
}

fn is_usable(share: f64) -> bool {
    share.is_finite() && share > 0.0
}

/// Raises the parts by one each, in the given order and then by position, until they add up to `whole`.
fn top_up(
    mut parts: Vec<u64>,
    whole: u64,
    order: impl Fn(usize, usize) -> std::cmp::Ordering,
) -> Vec<u64> {
    let missing = whole.saturating_sub(parts.iter().sum());
    let mut by_remainder: Vec<usize> = (0..parts.len()).collect();
    by_remainder.sort_by(|one, other| order(*one, *other).then(one.cmp(other)));
    for index in by_remainder.into_iter().take(missing as usize) {
        parts[index] += 1;
    }
    parts
}

/// Units of credit as a count of events.
pub(super) fn events(units: u64) -> f64 {
    units as f64 / WHOLE as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(of: &[(&str, f64)]) -> Vec<(ChannelId, f64)> {
        of.iter()
            .map(|(channel, share)| (ChannelId::new(*channel), *share))
            .collect()
    }

    #[test]
    fn thirds_add_up_to_one_inquiry() {
        let shares = shares(&[("a", 1.0 / 3.0), ("b", 1.0 / 3.0), ("c", 1.0 / 3.0)]);
        let credit = Credit::new(&shares);
        assert_eq!(credit.units().map(|(_, units)| units).sum::<u64>(), WHOLE);
    }

    #[test]
    fn a_kopeck_that_cannot_be_split_goes_to_the_largest_remainder() {
        let shares = shares(&[("a", 0.4), ("b", 0.6)]);
        let parts: Vec<_> = Credit::new(&shares)
            .split(101)
            .map(|(_, part)| part)
            .collect();
        assert_eq!(parts, [40, 61], "40.4 and 60.6");
        let refund: Vec<_> = Credit::new(&shares)
            .split(-101)
            .map(|(_, part)| part)
            .collect();
        assert_eq!(refund, [-40, -61]);
    }

    #[test]
    fn credit_without_a_usable_share_is_unattributed() {
        for bad in [
            vec![],
            shares(&[("a", f64::NAN)]),
            shares(&[("a", -1.0), ("b", 0.0)]),
        ] {
            assert_eq!(Credit::new(&bad), Credit(vec![(&UNATTRIBUTED, WHOLE)]));
        }
    }
}
