//! Small cubes whose answers can be worked out by hand.

use super::evidence::{log_bayes_factor, log_ratio};
use super::{Cell, Cube, Direction, Findings, ScanOptions, scan};

/// Three devices by four pages, 4 000 visits and 120 inquiries of the base in each cell and 1 000 visits now, with the
/// inquiries that a rule gives: 30 where nothing happened.
pub fn square(inquiries: impl Fn(&str, &str) -> f64) -> Cube {
    let (devices, pages) = (["desktop", "phone", "tablet"], ["/", "/a", "/b", "/c"]);
    let mut cells = Vec::new();
    for (device, name) in devices.iter().enumerate() {
        for (page, path) in pages.iter().enumerate() {
            let codes = vec![device as u32, page as u32];
            cells.push(Cell {
                codes,
                base_n: 4000.0,
                base_k: 120.0,
                n: 1000.0,
                k: inquiries(name, path),
            });
        }
    }
    let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    let dimensions = owned(&["device", "page"]);
    Cube {
        dimensions,
        values: vec![owned(&devices), owned(&pages)],
        cells,
    }
}

pub fn found(cube: &Cube) -> Findings {
    scan(cube, &ScanOptions::default())
}

/// `device=phone&page=/a` for each segment, sorted.
pub fn names(findings: &Findings) -> Vec<String> {
    let name = |segment: &super::Segment| {
        let parts: Vec<String> = segment
            .dimensions
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        parts.join("&")
    };
    let mut names: Vec<String> = findings.segments.iter().map(name).collect();
    names.sort();
    names
}

#[test]
fn a_quiet_cube_has_no_segments() {
    let findings = found(&square(|_, _| 30.0));
    assert!(findings.segments.is_empty());
    assert!(
        (findings.common_factor - 1.0).abs() < 0.01,
        "{}",
        findings.common_factor
    );
}

#[test]
fn a_dead_page_is_one_segment_and_not_three() {
    let findings = found(&square(|_, page| if page == "/a" { 0.0 } else { 30.0 }));
    assert_eq!(names(&findings), ["page=/a"]);
    assert_eq!(findings.segments[0].observed, 0.0);
    assert!(
        (findings.segments[0].expected - 90.0).abs() < 1.0,
        "{}",
        findings.segments[0].expected
    );
}

#[test]
fn a_page_dead_on_one_device_is_that_pair() {
    let findings = found(&square(|device, page| {
        if (device, page) == ("phone", "/a") {
            0.0
        } else {
            30.0
        }
    }));
    assert_eq!(names(&findings), ["device=phone&page=/a"]);
    assert!(
        (findings.segments[0].expected - 30.0).abs() < 0.5,
        "{}",
        findings.segments[0].expected
    );
}

#[test]
fn two_pages_dead_on_one_device_are_two_pairs() {
    let dead = |device: &str, page: &str| device == "phone" && (page == "/a" || page == "/b");
    let findings = found(&square(
        |device, page| if dead(device, page) { 0.0 } else { 30.0 },
    ));
    assert_eq!(
        names(&findings),
        ["device=phone&page=/a", "device=phone&page=/b"]
    );
}

#[test]
fn a_drop_of_everything_is_no_segment() {
    let findings = found(&square(|_, _| 15.0));
    assert!(findings.segments.is_empty(), "{findings:?}");
    assert!(
        (findings.common_factor - 0.5).abs() < 0.03,
        "{}",
        findings.common_factor
    );
}

#[test]
fn a_dead_page_is_found_below_a_general_drop() {
    let findings = found(&square(|_, page| if page == "/a" { 3.0 } else { 24.0 }));
    assert_eq!(names(&findings), ["page=/a"]);
    assert!(
        (findings.segments[0].expected - 72.0).abs() < 6.0,
        "{}",
        findings.segments[0].expected
    );
}

#[test]
fn a_rise_is_found_when_rises_are_looked_for() {
    let cube = square(|device, _| if device == "tablet" { 75.0 } else { 30.0 });
    assert!(found(&cube).segments.is_empty());
    let rises = scan(
        &cube,
        &ScanOptions {
            direction: Direction::Rise,
            ..ScanOptions::default()
        },
    );
    assert_eq!(names(&rises), ["device=tablet"]);
}

#[test]
fn a_column_with_one_value_is_never_named() {
    let mut cube = square(|_, page| if page == "/a" { 0.0 } else { 30.0 });
    cube.dimensions.push("site".to_owned());
    cube.values.push(vec!["firm.example".to_owned()]);
    cube.cells.iter_mut().for_each(|cell| cell.codes.push(0));
    assert_eq!(names(&found(&cube)), ["page=/a"]);
}

#[test]
fn a_cell_without_a_base_is_expected_to_be_like_its_neighbours() {
    let mut cube = square(|_, _| 30.0);
    cube.cells[5].base_n = 0.0;
    cube.cells[5].base_k = 0.0;
    assert!(found(&cube).segments.is_empty());
}

#[test]
fn cubes_without_anything_in_them_have_no_segments() {
    assert!(found(&Cube::default()).segments.is_empty());
    let empty = Cell {
        codes: vec![0, 0],
        base_n: 0.0,
        base_k: 0.0,
        n: 0.0,
        k: 0.0,
    };
    let mut cube = square(|_, _| 0.0);
    cube.cells.iter_mut().for_each(|cell| {
        *cell = Cell {
            codes: cell.codes.clone(),
            ..empty.clone()
        }
    });
    let findings = found(&cube);
    assert!(findings.segments.is_empty());
    assert!(findings.common_factor.is_finite());
}

/// By hand: 10·ln(10/20) + 10 = 3.0685; with nothing seen it is the expectation itself.
#[test]
fn the_log_ratio_is_that_of_poisson_counts() {
    assert!((log_ratio(10.0, 20.0) - 3.068_528).abs() < 1e-6);
    assert_eq!(log_ratio(0.0, 7.5), 7.5);
}

/// The integrals over the factor were taken numerically (scipy's quad, relative error 1e-11).
#[test]
fn the_bayes_factor_is_the_integral_over_all_factors() {
    let near = |found: f64, expected: f64| {
        assert!((found - expected).abs() < 1e-6, "{found}, not {expected}")
    };
    near(
        log_bayes_factor(10.0, 20.0, 1.0, Direction::Drop),
        2.314_834_56,
    );
    near(
        log_bayes_factor(0.0, 7.5, 1.0, Direction::Drop),
        5.836_510_59,
    );
    near(
        log_bayes_factor(30.0, 60.0, 1.5, Direction::Drop),
        5.150_300_48,
    );
    near(
        log_bayes_factor(40.0, 20.0, 1.0, Direction::Rise),
        6.454_121_06,
    );
    near(
        log_bayes_factor(40.0, 20.0, 2.0, Direction::Rise),
        2.859_316_05,
    );
}
