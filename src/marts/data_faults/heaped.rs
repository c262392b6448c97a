//! Rows that all lie on one day: the day of an export or an import in place of the events' own.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::model::data_fault::DataFault;

/// Rows of the period from which its days are judged.
const LEAST_ROWS: u64 = 20;
/// Share of the rows on one day that is a heap …
const HEAP: f64 = 0.8;
/// … where no week before had more than this on one: some firms enter their deals on Fridays.
const USUAL_SHARE: f64 = 0.5;
/// A period of fewer days has no heap.
const LEAST_DAYS: i64 = 5;
/// Rows of a week before that make it one to learn from.
const LEAST_OF_WEEK: u64 = 10;

/// Whether nearly all rows of the period lie on one day.
pub(super) fn heaped(
    days: impl Iterator<Item = NaiveDate>,
    (from, to): (NaiveDate, NaiveDate),
    (first, last): (NaiveDate, NaiveDate),
) -> Option<DataFault> {
    let mut now: BTreeMap<NaiveDate, u64> = BTreeMap::new();
    let mut weeks: BTreeMap<i64, BTreeMap<NaiveDate, u64>> = BTreeMap::new();
    for day in days {
        if (from..=to).contains(&day) {
            *now.entry(day).or_default() += 1;
        } else if (first..=last).contains(&day) {
            let week = weeks.entry((last - day).num_days() / 7).or_default();
            *week.entry(day).or_default() += 1;
        }
    }
    let (of, heap) = fullest(&now)?;
    let usual = weeks.values().filter_map(fullest);
    let usual = usual.filter(|(of, _)| *of >= LEAST_OF_WEEK);
    let shares: Vec<f64> = usual.map(|(of, heap)| share(of, heap.1)).collect();
    let is_unusual = !shares.is_empty() && shares.iter().all(|share| *share <= USUAL_SHARE);
    let is_heap = of >= LEAST_ROWS && share(of, heap.1) >= HEAP;
    let has_days = (to - from).num_days() + 1 >= LEAST_DAYS;
    (has_days && is_unusual && is_heap).then_some(DataFault::Heaped {
        day: heap.0,
        rows: heap.1,
        of,
    })
}

/// All rows, and the day with the most of them.
fn fullest(days: &BTreeMap<NaiveDate, u64>) -> Option<(u64, (NaiveDate, u64))> {
    let fullest = days.iter().max_by_key(|(_, rows)| **rows)?;
    Some((days.values().sum(), (*fullest.0, *fullest.1)))
}

fn share(of: u64, rows: u64) -> f64 {
    rows as f64 / of as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;

    fn monday() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 9).expect("a day")
    }

    /// Eight weeks with so many rows on their Fridays and two on each other day, then a week with so many on its Sunday.
    fn told(fridays: u64, sunday: u64) -> Option<DataFault> {
        let mut days = vec![monday() + Days::new(6); sunday as usize];
        for back in 1..=56 {
            let day = monday() - Days::new(back);
            let rows = if back % 7 == 3 { fridays } else { 2 };
            days.extend(vec![day; rows as usize]);
        }
        let week = (monday(), monday() + Days::new(6));
        let before = (monday() - Days::new(56), monday() - Days::new(1));
        heaped(days.into_iter(), week, before)
    }

    #[test]
    fn a_week_whose_deals_are_all_of_one_day_is_told() {
        let fault = DataFault::Heaped {
            day: monday() + Days::new(6),
            rows: 24,
            of: 24,
        };
        assert_eq!(told(4, 24), Some(fault));
    }

    #[test]
    fn who_always_enters_them_on_one_day_or_has_few_is_not() {
        assert_eq!(told(20, 24), None);
        assert_eq!(told(4, 19), None);
    }
}
