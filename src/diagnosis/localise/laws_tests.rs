//! What must hold for every cube.

use proptest::prelude::*;

use super::{Cell, Cube, Findings, ScanOptions, scan};

/// Values of each dimension of the cubes below.
const VALUES: [usize; 3] = [3, 4, 2];

fn cube_of(cells: Vec<Cell>) -> Cube {
    let values =
        |(at, count): (usize, &usize)| (0..*count).map(|value| format!("{at}-{value}")).collect();
    Cube {
        dimensions: vec!["channel".to_owned(), "page".to_owned(), "device".to_owned()],
        values: VALUES.iter().enumerate().map(values).collect(),
        cells,
    }
}

/// A cube with some cells missing and any counts, so that segments are often found.
fn cubes() -> impl Strategy<Value = Cube> {
    let counts = (
        0_u32..4000,
        0.0..0.1_f64,
        0_u32..2000,
        0.0..0.1_f64,
        prop::bool::weighted(0.9),
    );
    prop::collection::vec(counts, VALUES.iter().product::<usize>()).prop_map(|rows| {
        let cells = rows
            .into_iter()
            .enumerate()
            .filter(|(_, row)| row.4)
            .map(|(at, row)| {
                let (base_n, n) = (f64::from(row.0), f64::from(row.2));
                let codes = [at / 8, at / 2 % 4, at % 2]
                    .map(|code| code as u32)
                    .to_vec();
                Cell {
                    codes,
                    base_n,
                    base_k: (base_n * row.1).floor(),
                    n,
                    k: (n * row.3).floor(),
                }
            });
        cube_of(cells.collect())
    })
}

fn found(cube: &Cube) -> Findings {
    scan(cube, &ScanOptions::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_rows_changes_nothing(cube in cubes(), turn in 0_usize..24) {
        let mut turned = cube.clone();
        let at = turn.min(turned.cells.len());
        turned.cells.rotate_left(at);
        turned.cells.reverse();
        prop_assert_eq!(found(&cube), found(&turned));
    }

    #[test]
    fn a_row_written_as_two_changes_nothing(cube in cubes(), which in 0_usize..24, part in 0.0..1.0_f64) {
        prop_assume!(!cube.cells.is_empty());
        let mut divided = cube.clone();
        let at = which % divided.cells.len();
        let whole = divided.cells[at].clone();
        let piece = |count: f64| (count * part).floor();
        let first = Cell {
            codes: whole.codes.clone(),
            base_n: piece(whole.base_n),
            base_k: piece(whole.base_k),
            n: piece(whole.n),
            k: piece(whole.k),
        };
        divided.cells[at] = Cell {
            codes: whole.codes,
            base_n: whole.base_n - first.base_n,
            base_k: whole.base_k - first.base_k,
            n: whole.n - first.n,
            k: whole.k - first.k,
        };
        divided.cells.push(first);
        prop_assert_eq!(found(&cube), found(&divided));
    }

    #[test]
    fn the_numbering_of_values_changes_nothing(cube in cubes()) {
        let mut renumbered = cube.clone();
        renumbered.values.iter_mut().for_each(|values| values.reverse());
        for cell in &mut renumbered.cells {
            for (code, count) in cell.codes.iter_mut().zip(VALUES) {
                *code = count as u32 - 1 - *code;
            }
        }
        prop_assert_eq!(found(&cube), found(&renumbered));
    }

    /// Rates differ between the values of every dimension, and this period's visits are any: the rates stay.
    #[test]
    fn a_pure_mix_shift_is_no_signal(
        rates in prop::collection::vec(0.01..0.08, 9),
        visits in prop::collection::vec((500_u32..5000, 0_u32..5000), 24),
    ) {
        let cells = visits.into_iter().enumerate().map(|(at, (base_n, n))| {
            let codes = [at / 8, at / 2 % 4, at % 2];
            // Main effects only: the rate of the channel, times those of page and device against 4 %.
            let rate = rates[codes[0]] * rates[3 + codes[1]] * rates[7 + codes[2]] / 0.0016;
            let (base_n, n) = (f64::from(base_n), f64::from(n));
            let codes = codes.map(|code| code as u32).to_vec();
            Cell { codes, base_n, base_k: base_n * rate, n, k: n * rate }
        });
        let findings = found(&cube_of(cells.collect()));
        prop_assert!(findings.segments.is_empty(), "{:?}", findings);
    }

    #[test]
    fn every_segment_is_below_its_expectation_and_every_number_finite(cube in cubes()) {
        let findings = found(&cube);
        prop_assert!(findings.common_factor.is_finite() && findings.common_factor > 0.0);
        for segment in findings.segments {
            prop_assert!(segment.observed < 0.8 * segment.expected, "{:?}", segment);
            prop_assert!(segment.score.is_finite());
            prop_assert!(!segment.dimensions.is_empty());
        }
    }
}
