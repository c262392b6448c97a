//! Killed at random moments of a month and started again, the program loses nothing and doubles nothing. How it is done, and how
//! to do it more often, is in `tests/kills.py`.

use crate::support;

#[test]
fn a_month_of_kills_ends_as_an_undisturbed_one() {
    let Some(mut python) = support::python("kills: a month with kills") else {
        return;
    };
    let script = support::root().join("tests/kills.py");
    let options = ["--kills", "10", "--readers", "3", "--binary"];
    let program = env!("CARGO_BIN_EXE_voronka");
    let ran = support::run(python.arg(script).args(options).arg(program)).expect_code(0);
    assert!(ran.stdout.contains("0 lost, 0 doubled"), "{ran:?}");
}
