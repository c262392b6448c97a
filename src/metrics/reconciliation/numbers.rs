//! Exports whose running numbers have gaps: rows that were not exported, or that somebody deleted.

use super::links::{Break, break_of, told};
use super::{FaultOfExport, is_sound};
use crate::metrics::predictive::{MIN_PERIODS, Prediction, noise_of_counts};
use crate::metrics::ranks::median;
use crate::model::facts::Facts;
use crate::model::link::{Found, LinkCounts};

/// Rows are missing, and not deleted, where so much at the most is left of the numbers and of the rows of a usual period …
const LEFT_OF_ROWS: f64 = 0.75;
/// … and chance leaves so few rows once in a hundred periods: what is deleted has come beside the usual rows.
const ALPHA_OF_ROWS: f64 = 0.01;

/// An export in whose numbers more are skipped than usual. Its counts cannot be read where its rows are as much fewer.
pub(super) fn skipped(facts: &Facts, counts: &LinkCounts) -> Option<FaultOfExport> {
    let export = &counts.witness;
    let broken = break_of(counts).filter(|_| is_sound(facts, export))?;
    let spoils = lacks_rows(&broken, counts);
    Some((export.clone(), told(counts, &broken, spoils)))
}

fn lacks_rows(broken: &Break, counts: &LinkCounts) -> bool {
    let rows = |period: &Found| period.found as f64;
    let Some((now, before)) = counts.periods.split_last() else {
        return false;
    };
    let before: Vec<f64> = before
        .iter()
        .filter(|period| period.of > 0)
        .map(rows)
        .collect();
    let usual = median(before.clone()).unwrap_or(0.0);
    if before.len() < MIN_PERIODS {
        return false;
    }
    let all: f64 = before.iter().sum();
    let dispersion = 1.0 / all.max(1.0) + noise_of_counts(&before);
    let expected = all / before.len() as f64;
    let usual_rows = Prediction::of_expected(expected, dispersion, before.len() as u32, None);
    let is_rare = usual_rows.is_some_and(|rows| rows.at_most(now.found as f64) <= ALPHA_OF_ROWS);
    let is_half_gone = broken.left_of_period(counts) <= LEFT_OF_ROWS;
    is_rare && is_half_gone && rows(now) <= LEFT_OF_ROWS * usual
}

#[cfg(test)]
mod tests {
    use super::super::tests::{link, quiet, told};
    use crate::model::data_fault::DataFault;
    use crate::model::link::Link;

    /// What is told of the telephony whose eight weeks had so many calls of numbers, when this week has these.
    fn numbers(usual: (u64, u64), week: [(u64, u64); 7]) -> Vec<DataFault> {
        let mut counts = link(Link::NumbersToRows, usual, week);
        counts.witness = "telephony".to_owned();
        counts.places[0].0 = "telephony".to_owned();
        let mut facts = quiet();
        facts.links = vec![counts];
        told(&facts, "telephony")
    }

    #[test]
    fn half_of_the_numbers_in_half_of_the_rows_is_an_export_that_lacks_a_part() {
        let told = numbers((70, 70), [(5, 10); 7]);
        let [
            DataFault::Unlinked {
                found, of, spoils, ..
            },
        ] = &told[..]
        else {
            panic!("{told:?}");
        };
        assert_eq!((*found, *of, *spoils), (35, 70, true));
    }

    #[test]
    fn numbers_that_were_deleted_beside_the_usual_rows_spoil_nothing() {
        let told = numbers((70, 70), [(10, 20); 7]);
        assert!(
            matches!(told[..], [DataFault::Unlinked { spoils: false, .. }]),
            "{told:?}"
        );
    }

    #[test]
    fn fewer_rows_with_all_of_their_numbers_are_a_quiet_week() {
        assert_eq!(numbers((70, 70), [(5, 5); 7]), []);
    }

    #[test]
    fn a_day_of_a_small_firm_leaves_a_gap_of_its_own() {
        let week = [(8, 8), (7, 7), (0, 5), (9, 9), (8, 8), (0, 0), (0, 0)];
        assert!(
            matches!(
                numbers((37, 37), week)[..],
                [DataFault::Unlinked {
                    found: 32,
                    of: 37,
                    ..
                }]
            ),
            "{:?}",
            numbers((37, 37), week)
        );
    }

    #[test]
    fn of_an_exchange_that_takes_several_numbers_for_a_call_a_half_is_told_and_a_tenth_is_not() {
        assert_eq!(numbers((230, 800), [(29, 114); 7]), []);
        assert_eq!(numbers((230, 800), [(16, 114); 7]).len(), 1);
    }
}
