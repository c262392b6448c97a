//! Costs that are told twice under other names of campaigns, or are those of an earlier week under other days.

use anyhow::Result;
use polars::prelude::*;

use super::{RowsOfDays, number};
use crate::marts::usual_days::DAYS_A_WEEK;
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

/// What a row of costs tells beside its days.
const ROW: [&str; 7] = [
    "engine",
    "campaign",
    "ad_group",
    "utm_term",
    "impressions",
    "clicks",
    "cost",
];

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
        earlier_week(now, usual)
    }
}

/// The fault of rows that stand some weeks earlier among the usual ones.
fn earlier_week(now: LazyFrame, usual: LazyFrame) -> Result<Option<DataFault>> {
    let days = ["from_day", "day"];
    let has_clicks = || col("clicks").gt_eq(lit(LEAST_CLICKS));
    let columns = [days.map(col).to_vec(), ROW.map(told).to_vec()].concat();
    let now = now.filter(has_clicks()).select(&columns);
    let now = now.with_row_index("row", None).collect()?;
    let usual = usual.filter(has_clicks()).select(&columns);
    let same = ROW.map(col);
    let pairs = now.clone().lazy();
    let pairs = pairs.join(usual, &same, &same, JoinArgs::new(JoinType::Inner));
    let later = |day: &str| {
        (col(day) - col(format!("{day}_right")))
            .dt()
            .total_days(false)
    };
    let [from, to] = days.map(later);
    let is_whole_weeks = (to.clone() % lit(DAYS_A_WEEK as i64)).eq(lit(0));
    let pairs = pairs.filter(to.clone().eq(from).and(is_whole_weeks));
    let weeks = (to / lit(DAYS_A_WEEK as i64)).alias("weeks");
    let counts = [("row", "rows"), ("clicks", "sorts")];
    let counts = counts.map(|(of, name)| col(of).n_unique().alias(name));
    let by_week = pairs.group_by([weeks]).agg(counts);
    // Of equal weeks the nearest one.
    let order = SortMultipleOptions::default().with_order_descending_multi([true, false]);
    let found = by_week.sort(["rows", "weeks"], order).limit(1).collect()?;
    if found.height() == 0 {
        return Ok(None);
    }
    let [rows, sorts, weeks] = ["rows", "sorts", "weeks"].map(|name| number(&found, name));
    let found = (rows?, sorts?, u32::try_from(weeks?)?);
    Ok(redated(now.height() as u64, found))
}

/// A cell of a row of costs. What an export does not tell is alike in all of its rows.
fn told(column: &str) -> Expr {
    let is_number = ["impressions", "clicks", "cost"].contains(&column);
    match is_number {
        true => col(column).fill_null(lit(0)),
        false => col(column).cast(DataType::String).fill_null(lit("")),
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

    /// Costs of two campaigns a day for so many days; clicks differ from day to day, and the second has no group.
    fn costs(first_day: i32, days: i32, more_clicks: i64) -> LazyFrame {
        let rows = || (0..days).flat_map(|day| [(day, "search"), (day, "network")]);
        let day: Vec<i32> = rows().map(|(day, _)| first_day + day).collect();
        let clicks: Vec<i64> = rows()
            .map(|(day, _)| 10 + i64::from(day % 7) + more_clicks)
            .collect();
        let names: Vec<&str> = rows().map(|(_, name)| name).collect();
        let groups: Vec<Option<&str>> = names
            .iter()
            .map(|name| (*name == "search").then_some("a"))
            .collect();
        let cost: Vec<i64> = clicks.iter().map(|clicks| clicks * 25).collect();
        let frame = DataFrame::new_infer_height(vec![
            Column::new("from_day".into(), day.clone()),
            Column::new("day".into(), day),
            Column::new("engine".into(), vec![None::<&str>; names.len()]),
            Column::new("campaign".into(), names.clone()),
            Column::new("ad_group".into(), groups),
            Column::new("utm_term".into(), vec![None::<&str>; names.len()]),
            Column::new("impressions".into(), vec![None::<i64>; names.len()]),
            Column::new("clicks".into(), clicks),
            Column::new("cost".into(), cost),
        ]);
        let date = |name| col(name).cast(DataType::Date);
        frame
            .expect("a frame")
            .lazy()
            .with_columns(["from_day", "day"].map(date))
    }

    #[test]
    fn a_week_of_costs_that_stands_two_weeks_earlier_is_told_and_another_is_not() {
        let fault = DataFault::Redated {
            rows: 14,
            of: 14,
            weeks: 2,
        };
        let two_weeks_ago = costs(20_000, 7, 0);
        let told = earlier_week(costs(20_014, 7, 0), two_weeks_ago.clone());
        assert_eq!(told.expect("it is read"), Some(fault));
        let another = earlier_week(costs(20_014, 7, 100), two_weeks_ago);
        assert_eq!(another.expect("it is read"), None);
    }
}
