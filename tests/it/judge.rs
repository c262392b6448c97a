//! Three weeks of the sample, recomputed from the raw exports by SQL that shares nothing with the program.

use std::path::PathBuf;

use crate::support::{self, Firm};

/// The last week, one with bad traffic, and one that spans New Year.
const WEEKS: &[&str] = &["2026-W46", "2026-W30", "2026-W01"];

#[test]
fn three_weeks_of_the_sample_equal_the_judge_to_the_kopeck() {
    let Some(mut python) = support::python("judge") else {
        return;
    };
    let firm = Firm::of_sample("okna-sever");
    let digests = digests(&firm, WEEKS);
    python
        .arg(support::root().join("tests/judge/compare.py"))
        .args(digests);
    python
        .arg("--exports")
        .arg(support::root().join("sample-exports/okna-sever"));
    let said = support::run(&mut python).expect_code(0).stdout;
    assert!(said.contains("3 digests"), "{said}");
}

#[test]
fn two_weeks_of_the_english_sample_equal_the_judge() {
    let Some(mut python) = support::python("judge of the English sample") else {
        return;
    };
    let firm = Firm::of_sample("north-windows");
    let digests = digests(&firm, &["2026-W46", "2026-W40"]);
    python
        .arg(support::root().join("tests/judge/compare.py"))
        .args(digests)
        .args(["--firm", "north-windows"]);
    python
        .arg("--exports")
        .arg(support::root().join("sample-exports/north-windows"));
    support::run(&mut python).expect_code(0);
}

fn digests(firm: &Firm, weeks: &[&str]) -> Vec<PathBuf> {
    let digest = |week: &&str| {
        firm.make_report(week);
        firm.report(week).join("digest.json")
    };
    weeks.iter().map(digest).collect()
}
