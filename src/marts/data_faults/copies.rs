//! Costs that are told twice under other names of campaigns.

use anyhow::Result;
use polars::prelude::*;

use super::{Span, number};
use crate::model::data_fault::DataFault;

/// Clicks from which the numbers of two campaigns of one day are not equal by chance.
const LEAST_CLICKS: u64 = 5;
/// Copies, at the least, and as a share of the rows with so many clicks.
const LEAST_COPIES: u64 = 5;
const COPIED_SHARE: f64 = 0.25;

impl Span<'_> {
    /// Rows with the day, the impressions, the clicks and the cost of another row.
    pub(super) fn copies(&self) -> Result<Option<DataFault>> {
        let Some(rows) = self.rows()? else {
            return Ok(None);
        };
        let same = ["from_day", "day", "impressions", "clicks", "cost"].map(col);
        let rows = rows.filter(col("clicks").gt_eq(lit(LEAST_CLICKS)));
        let kinds = rows.group_by(same).agg([len().alias("rows")]);
        let counts = [col("rows").sum().alias("of"), len().alias("different")];
        let counted = kinds.select(counts).collect()?;
        let (of, different) = (number(&counted, "of")?, number(&counted, "different")?);
        Ok(copied(of, different))
    }
}

fn copied(of: u64, different: u64) -> Option<DataFault> {
    let rows = of - different;
    let is_told = rows >= LEAST_COPIES && rows as f64 >= COPIED_SHARE * of as f64;
    is_told.then_some(DataFault::Repeated { rows, of })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn campaigns_with_equal_numbers_on_many_days_are_copies() {
        let fault = DataFault::Repeated { rows: 14, of: 28 };
        assert_eq!(copied(28, 14), Some(fault));
        // Four equal days of two small campaigns; a tenth.
        assert_eq!(copied(8, 4), None);
        assert_eq!(copied(100, 90), None);
    }
}
