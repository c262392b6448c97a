//! The law of single cells, and what is left out for it, on numbers worked out by hand.

use super::density::{CellNoise, Density};
use super::tests::{found, names, square};
use super::{Cell, Cube, Direction, ScanOptions, scan};

fn density(observed: f64) -> Density {
    Density::new(
        observed,
        1.0,
        CellNoise {
            variance: 0.1,
            wild: 0.01,
        },
    )
}

/// A negative binomial law of shape 10 and mean 20 has the density C(14, 5)·(10/30)^10·(20/30)^5 = 0.004465 at 5; that
/// of shape 1/10.1 gives 0.012 or so, of which there is a hundredth.
#[test]
fn a_cell_is_negative_binomial_and_seldom_wild() {
    let usual: f64 = 0.99 * 2002.0 * (1.0_f64 / 3.0).powi(10) * (2.0_f64 / 3.0).powi(5);
    let found = density(5.0).ln(20.0, 0).exp();
    assert!(
        found > usual && found < usual + 0.01 * 0.02,
        "{found} beside {usual}"
    );
}

/// Over all counts the densities add up to one.
#[test]
fn the_law_of_a_cell_is_a_probability() {
    let sum: f64 = (0..4000)
        .map(|count| density(f64::from(count)).ln(20.0, 2).exp())
        .sum();
    assert!((sum - 1.0).abs() < 1e-3, "{sum}");
}

/// No cell by itself is evidence without end: a wild one explains it.
#[test]
fn evidence_of_one_cell_is_bounded() {
    let gain = |expected: f64| density(0.0).ln(1e-6, 0) - density(0.0).ln(expected, 0);
    assert!(gain(1e3) > 3.0);
    assert!(gain(1e6) < 8.0, "{}", gain(1e6));
}

/// A device whose four pages lost 50, 75, 90 and 95 % is the device.
#[test]
fn an_unevenly_damaged_device_is_one_segment() {
    let kept = |page: &str| match page {
        "/" => 0.5,
        "/a" => 0.25,
        "/b" => 0.1,
        _ => 0.05,
    };
    let cube = square(|device, page| {
        if device == "phone" {
            30_000.0 * kept(page)
        } else {
            30_000.0
        }
    });
    let large = |cell: &Cell| Cell {
        base_n: 4e6,
        base_k: 120_000.0,
        n: 1e6,
        ..cell.clone()
    };
    let cells = cube.cells.iter().map(large).collect();
    assert_eq!(names(&found(&Cube { cells, ..cube })), ["device=phone"]);
}

/// A cube in which all but the inquiries is an event has the same segments, in the other direction, and its own counts.
#[test]
fn misses_of_misses_are_the_events() {
    let cube = square(|_, page| if page == "/a" { 0.0 } else { 30.0 });
    let rises = scan(
        &cube.turned(),
        &ScanOptions {
            direction: Direction::Rise,
            ..ScanOptions::default()
        },
    );
    assert_eq!(names(&rises), ["page=/a"]);
    let (drop, rise) = (&found(&cube).segments[0], &rises.segments[0]);
    assert_eq!(rise.observed, 3000.0 - drop.observed);
    assert!((rise.expected - (3000.0 - drop.expected)).abs() < 1e-6);
    assert!(
        (rises.common_factor - 1.0).abs() < 0.01,
        "{}",
        rises.common_factor
    );
}

/// Where everything fell by half and one page did not, the page did not rise.
#[test]
fn what_stayed_is_no_rise() {
    let cube = square(|_, page| if page == "/a" { 30.0 } else { 15.0 });
    let rises = scan(
        &cube,
        &ScanOptions {
            direction: Direction::Drop,
            ..ScanOptions::default()
        },
    );
    assert!(!names(&rises).contains(&"page=/a".to_owned()));
}
