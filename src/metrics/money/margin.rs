//! Gross margin of sales: amount less cost of goods, or a stated share of the amount.

use super::types::MarginSource;
use crate::model::bought::Purchase;
use crate::model::money::Minor;

/// Gross margin of one sale: amount − cost; without a cost `rate` of the amount. `None` where neither is known. What brought
/// nothing and carries no cost has a margin of nothing.
pub(in crate::metrics) fn gross(
    amount: Minor,
    cost: Option<Minor>,
    rate: Option<f64>,
) -> Option<Minor> {
    match (cost, rate) {
        (Some(cost), _) => Some(Minor(amount.0.saturating_sub(cost.0))),
        (None, Some(rate)) => Some(Minor((amount.0 as f64 * rate).round() as i64)),
        (None, None) => (amount.0 == 0).then_some(amount),
    }
}

/// The margins of all, if all are known.
pub(super) fn sum(margins: impl Iterator<Item = Option<Minor>>) -> Option<Minor> {
    margins.sum()
}

/// Where the margin of some sales comes from.
pub(super) fn source<'a>(
    sales: impl Iterator<Item = &'a Purchase>,
    rate: Option<f64>,
) -> MarginSource {
    let (mut with, mut without) = (false, false);
    for sale in sales {
        with |= sale.cost.is_some();
        without |= sale.cost.is_none() && sale.amount.0 != 0;
    }
    match (with, without, rate) {
        (true, false, _) => MarginSource::Costs,
        (false, _, Some(_)) => MarginSource::Setting,
        (true, true, Some(_)) => MarginSource::Both,
        (_, true, None) | (false, false, None) => MarginSource::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stated_cost_goes_before_the_rate_of_the_pipeline() {
        let of = |cost: Option<i64>, rate| gross(Minor(200_000), cost.map(Minor), rate);
        assert_eq!(of(Some(120_000), Some(0.9)), Some(Minor(80_000)));
        assert_eq!(of(None, Some(0.4)), Some(Minor(80_000)));
        assert_eq!(of(None, None), None);
        assert_eq!(of(Some(250_000), None), Some(Minor(-50_000)), "a loss");
        assert_eq!(gross(Minor(0), None, None), Some(Minor(0)));
    }

    #[test]
    fn one_unknown_margin_makes_the_sum_unknown() {
        let known = [Some(Minor(1)), Some(Minor(2))];
        assert_eq!(sum(known.into_iter()), Some(Minor(3)));
        assert_eq!(sum(known.into_iter().chain([None])), None);
    }
}
