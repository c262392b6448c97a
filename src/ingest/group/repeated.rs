//! Amounts of records that repeat that of the whole record in each of its rows: a deal of three products has its total
//! three times. What the file holds elsewhere tells them from the amounts of products, which add up.

use std::collections::BTreeMap;

use crate::ingest::collect::Collected;
use crate::model::columns::{NO_LONG, Values};

/// Records of several rows, all with one amount, by which amounts are taken for those of records when no price tells. A
/// judgement: three deals in a row do not hold products of one price only.
const ENOUGH_RECORDS: usize = 3;

/// What the records of an export show.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// Whose amount is what their products come to together, in each row.
    whole: usize,
    /// Whose amounts are those of their products, or differ from row to row.
    by_product: usize,
    /// Whose amounts are all equal, and no price tells why.
    equal: usize,
    /// Positions of the records whose amounts are known to be those of the whole.
    whole_records: Vec<usize>,
}

/// How amounts are to be put together.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Amounts {
    /// Those of rows add up.
    AddUp,
    /// Each row has that of the record.
    OfRecord,
    /// These records have it in each row, those of the others add up.
    OfRecords(Vec<usize>),
}

/// What the amounts of records of several rows are.
pub(super) fn amounts(collected: &Collected, column: &str, records: &[Vec<u32>]) -> Amounts {
    let Values::Long(amounts) = collected.columns.column(column) else {
        return Amounts::AddUp;
    };
    let mut shown = Shown::default();
    for (at, rows) in records
        .iter()
        .enumerate()
        .filter(|(_, rows)| rows.len() > 1)
    {
        let of_rows: Vec<i64> = rows.iter().map(|row| amounts[*row as usize]).collect();
        let worth = rows
            .iter()
            .map(|row| collected.worth.get(*row as usize).copied());
        let worth: Option<Vec<i64>> = worth
            .map(|worth| worth.filter(|worth| *worth != NO_LONG))
            .collect();
        shown.add(at, &of_rows, worth.as_deref());
    }
    shown.decide()
}

impl Shown {
    /// Adds a record, by the amounts of its rows and what their products come to, where that is known of all.
    fn add(&mut self, at: usize, amounts: &[i64], worth: Option<&[i64]>) {
        // A row without an amount says nothing of the others, and neither does a record that is all zeros; a free product in
        // its first row does not silence them.
        let filled = || amounts.iter().filter(|amount| **amount != NO_LONG);
        let Some(&first) = filled().next() else {
            return;
        };
        if filled().count() < 2 || filled().all(|amount| *amount == 0) {
            return;
        }
        if filled().any(|amount| *amount != first) {
            self.by_product += 1;
            return;
        }
        match worth {
            // A product without a price says nothing of the others.
            Some(worth) if worth.iter().all(|worth| *worth == first) => self.by_product += 1,
            Some(worth) if is_sum(first, worth) => {
                self.whole += 1;
                self.whole_records.push(at);
            }
            _ => self.equal += 1,
        }
    }

    fn decide(self) -> Amounts {
        match (self.whole, self.by_product) {
            (0, 0) if self.equal >= ENOUGH_RECORDS => Amounts::OfRecord,
            (0, _) => Amounts::AddUp,
            (_, 0) => Amounts::OfRecord,
            _ => Amounts::OfRecords(self.whole_records),
        }
    }
}

/// Whether an amount is the sum of what products come to, but for rounding.
fn is_sum(amount: i64, worth: &[i64]) -> bool {
    let off = amount - worth.iter().sum::<i64>();
    off.unsigned_abs() as usize <= worth.len() / 2
}

/// Says of how many records the amount was found to be repeated, by the first row of each.
pub(super) fn told(
    collected: &Collected,
    repeated: impl Iterator<Item = u32>,
) -> Vec<(u32, String)> {
    let mut by_file: BTreeMap<u32, u64> = BTreeMap::new();
    for row in repeated {
        *by_file.entry(collected.files[row as usize]).or_default() += 1;
    }
    let told = |(file, records): (u32, u64)| {
        let said = match records {
            1 => "1 record has its amount in each of its rows: it counts once".to_owned(),
            many => {
                format!("{many} records have their amount in each of their rows: it counts once")
            }
        };
        let said = format!("{said} (payments that add up: parts = true in [group])");
        (file, said)
    };
    by_file.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_shown(records: &[(&[i64], Option<&[i64]>)], expected: Amounts) {
        let mut shown = Shown::default();
        for (at, (amounts, worth)) in records.iter().enumerate() {
            shown.add(at, amounts, *worth);
        }
        assert_eq!(shown.decide(), expected);
    }

    #[test]
    fn an_amount_that_is_the_sum_of_all_products_is_the_records() {
        let deal: (&[i64], Option<&[i64]>) = (&[60, 60, 60], Some(&[40, 10, 10]));
        assert_shown(&[deal], Amounts::OfRecord);
        // A deal of two equal products beside it has the amounts of these.
        let products: (&[i64], Option<&[i64]>) = (&[20, 20], Some(&[20, 20]));
        assert_shown(&[products], Amounts::AddUp);
        assert_shown(&[products, deal], Amounts::OfRecords(vec![1]));
    }

    #[test]
    fn amounts_that_never_differ_within_a_record_are_the_records() {
        let equal: (&[i64], Option<&[i64]>) = (&[60, 60], None);
        assert_shown(&[equal, equal, equal], Amounts::OfRecord);
        assert_shown(&[equal, equal], Amounts::AddUp);
        let differ: (&[i64], Option<&[i64]>) = (&[50, 60], None);
        assert_shown(&[equal, equal, equal, differ], Amounts::AddUp);
        let gift_first: (&[i64], Option<&[i64]>) = (&[0, 60], None);
        assert_shown(&[equal, equal, equal, gift_first], Amounts::AddUp);
    }

    #[test]
    fn a_row_without_an_amount_says_nothing_of_those_that_have_one() {
        let absent_first: (&[i64], Option<&[i64]>) = (&[NO_LONG, 60, 60], None);
        assert_shown(
            &[absent_first, absent_first, absent_first],
            Amounts::OfRecord,
        );
        let one_filled: (&[i64], Option<&[i64]>) = (&[NO_LONG, 60], None);
        assert_shown(&[one_filled, one_filled, one_filled], Amounts::AddUp);
        let differ: (&[i64], Option<&[i64]>) = (&[NO_LONG, 50, 60], None);
        assert_shown(
            &[absent_first, absent_first, absent_first, differ],
            Amounts::AddUp,
        );
    }
}
