//! A row of totals among the counts: it is the sum of all others, and would pass for a segment of its own.

use crate::diagnosis::localise::Cell;

/// Rows that must be beside the totals: two equal rows may be two segments.
const FEWEST_OTHERS: usize = 2;

/// Position of the row that is the sum of all others in each of its counts.
pub fn row(cells: &[Cell]) -> Option<usize> {
    if cells.len() <= FEWEST_OTHERS {
        return None;
    }
    let mut all = [0.0; 4];
    for cell in cells {
        for (sum, count) in all.iter_mut().zip(counts(cell)) {
            *sum += count;
        }
    }
    cells.iter().position(|cell| is_sum_of_others(cell, all))
}

fn counts(cell: &Cell) -> [f64; 4] {
    [cell.base_n, cell.base_k, cell.n, cell.k]
}

/// Counts may be averages of several periods, so that their sum is not exact to the last bit.
const ROUNDING: f64 = 1e-6;

/// Whether a row is one half of everything in every count, and of something at all.
fn is_sum_of_others(cell: &Cell, all: [f64; 4]) -> bool {
    let mut pairs = counts(cell).into_iter().zip(all);
    let is_half = |(own, all): (f64, f64)| (2.0 * own - all).abs() <= ROUNDING * all.max(1.0);
    cell.base_n > 0.0 && cell.base_k > 0.0 && pairs.all(is_half)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(counts: [f64; 4]) -> Cell {
        let [base_n, base_k, n, k] = counts;
        Cell {
            codes: Vec::new(),
            base_n,
            base_k,
            n,
            k,
        }
    }

    #[test]
    fn the_row_that_is_the_sum_of_the_others_is_found_wherever_it_stands() {
        let mobile = [12.0, 4.0, 3.0, 1.0];
        let desktop = [8.0, 2.0, 2.0, 1.0];
        let sum = [20.0, 6.0, 5.0, 2.0];
        assert_eq!(row(&[mobile, desktop, sum].map(cell)), Some(2));
        assert_eq!(row(&[sum, mobile, desktop].map(cell)), Some(0));
        assert_eq!(
            row(&[mobile, desktop, [20.0, 6.0, 5.0, 1.0]].map(cell)),
            None
        );
        assert_eq!(row(&[mobile, mobile].map(cell)), None);
    }
}
