//! Costs that are told twice under other names of campaigns.

use anyhow::Result;
use polars::prelude::*;

use super::{RowsOfDays, number};
use crate::model::data_fault::DataFault;

/// Clicks from which the numbers of two campaigns of one day are not equal by chance.
const LEAST_CLICKS: u64 = 5;
/// Copies, at the least, and as a share of the rows with so many clicks.
const LEAST_COPIES: u64 = 5;
const COPIED_SHARE: f64 = 0.25;
/// Different numbers among the copies: campaigns with one budget and one price a day, the same on all days, are no copies of
/// each other.
const LEAST_SORTS: u64 = 5;

impl RowsOfDays<'_> {
    /// Rows with the day, the impressions, the clicks and the cost of another row.
    pub(super) fn copies(&self) -> Result<Option<DataFault>> {
        let Some(rows) = self.rows()? else {
            return Ok(None);
        };
        let numbers = ["impressions", "clicks", "cost"].map(col);
        let same = [["from_day", "day"].map(col).to_vec(), numbers.to_vec()].concat();
        let rows = rows.filter(col("clicks").gt_eq(lit(LEAST_CLICKS)));
        let kinds = rows.group_by(same).agg([len().alias("rows")]);
        let counts = [col("rows").sum().alias("of"), len().alias("different")];
        let copies = kinds.clone().filter(col("rows").gt(lit(1)));
        let sorts = copies.group_by(numbers).agg([len().alias("days")]);
        let sorts = sorts.select([len().alias("sorts")]).collect()?;
        let counted = kinds.select(counts).collect()?;
        let (of, different) = (number(&counted, "of")?, number(&counted, "different")?);
        Ok(copied(of, different, number(&sorts, "sorts")?))
    }
}

/// The fault of so many rows, of which so many differ, and so many numbers that stand more than once on a day.
fn copied(of: u64, different: u64, sorts: u64) -> Option<DataFault> {
    let rows = of - different;
    let is_many = rows >= LEAST_COPIES && rows as f64 >= COPIED_SHARE * of as f64;
    let is_told = is_many && sorts >= LEAST_SORTS;
    is_told.then_some(DataFault::Repeated { rows, of })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn campaigns_with_equal_numbers_on_many_days_are_copies() {
        let fault = DataFault::Repeated { rows: 14, of: 28 };
        assert_eq!(copied(28, 14, 14), Some(fault));
        // Four equal days of two small campaigns; a tenth; one budget on all days.
        assert_eq!(copied(8, 4, 4), None);
        assert_eq!(copied(100, 90, 10), None);
        assert_eq!(copied(28, 14, 1), None);
    }
}
