//! Costs that are told twice under other names of campaigns, or are those of an earlier week under other days.

use anyhow::Result;
use chrono::TimeDelta;
use polars::prelude::*;

use super::{RowsOfDays, USUAL_WEEKS, number};
use crate::model::data_fault::DataFault;

/// Clicks from which the numbers of two campaigns of one day are not equal by chance.
const LEAST_CLICKS: u64 = 5;
/// Copies, at the least, and as a share of the rows with so many clicks.
const LEAST_COPIES: u64 = 5;
const COPIED_SHARE: f64 = 0.25;
/// Different numbers among the copies: campaigns with one budget and one price a day, the same on all days, are no copies of
/// each other.
const LEAST_SORTS: u64 = 5;
/// Share of the rows that stand in an earlier week with the same numbers, from which the file is that week's.
const REDATED_SHARE: f64 = 0.5;

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

    /// Rows with the campaign, the impressions, the clicks and the cost of a row some weeks earlier, to the day: an old file under
    /// new days.
    pub(super) fn of_an_earlier_week(&self, usual: &Self) -> Result<Option<DataFault>> {
        let (Some(now), Some(usual)) = (self.rows()?, usual.rows()?) else {
            return Ok(None);
        };
        // What an export does not tell is alike in all of its rows.
        let name = |column: &str| col(column).cast(DataType::String).fill_null(lit(""));
        let names = ["engine", "campaign", "ad_group", "utm_term"].map(name);
        let numbers = ["impressions", "clicks", "cost"];
        let numbers = numbers.map(|column| col(column).fill_null(lit(0)));
        let days = ["from_day", "day"].map(col);
        let told = [days.to_vec(), names.to_vec(), numbers.to_vec()].concat();
        let same = [
            "from_day",
            "day",
            "engine",
            "campaign",
            "ad_group",
            "utm_term",
            "impressions",
            "clicks",
            "cost",
        ]
        .map(col);
        let has_clicks = || col("clicks").gt_eq(lit(LEAST_CLICKS));
        let now = now.filter(has_clicks()).select(&told);
        let usual = usual.filter(has_clicks()).select(&told);
        let of = number(&now.clone().select([len().alias("of")]).collect()?, "of")?;
        let mut found = (0, 0, 0);
        for weeks in 1..=USUAL_WEEKS as u32 {
            let later = |day: &str| col(day) + lit(TimeDelta::weeks(i64::from(weeks)));
            let moved = usual.clone().with_columns(["from_day", "day"].map(later));
            let again = now
                .clone()
                .join(moved, &same, &same, JoinArgs::new(JoinType::Semi));
            let counts = [len().alias("rows"), col("clicks").n_unique().alias("sorts")];
            let again = again.select(counts).collect()?;
            let (rows, sorts) = (number(&again, "rows")?, number(&again, "sorts")?);
            if rows > found.0 {
                found = (rows, sorts, weeks);
            }
        }
        Ok(redated(of, found))
    }
}

/// The fault of so many rows, of which so many, with so many different numbers, stand some weeks earlier too.
fn redated(of: u64, (rows, sorts, weeks): (u64, u64, u32)) -> Option<DataFault> {
    let is_many = rows >= LEAST_COPIES && rows as f64 >= REDATED_SHARE * of as f64;
    let is_told = is_many && sorts >= LEAST_SORTS;
    is_told.then_some(DataFault::Redated { rows, of, weeks })
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

    #[test]
    fn most_numbers_of_an_earlier_week_are_an_old_file() {
        let fault = DataFault::Redated {
            rows: 14,
            of: 14,
            weeks: 1,
        };
        assert_eq!(redated(14, (14, 12, 1)), Some(fault));
        // Less than half; a budget that is the same each day; a few rows.
        assert_eq!(redated(40, (14, 12, 1)), None);
        assert_eq!(redated(14, (14, 2, 1)), None);
        assert_eq!(redated(4, (4, 4, 1)), None);
    }
}
