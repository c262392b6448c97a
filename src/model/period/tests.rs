use super::read::no_such;
use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a test writes real days")
}

fn period(text: &str) -> Period {
    Period::parse(text, day("2026-11-18")).expect("a test writes real periods")
}

#[test]
fn every_form_of_the_design_is_read() {
    let cases = [
        ("2026-W46", "2026-11-09", "2026-11-15"),
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026-11-09..2026-11-15", "2026-11-09", "2026-11-15"),
        ("last-week", "2026-11-09", "2026-11-15"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-11-10", "2026-11-10", "2026-11-10"),
        ("yesterday", "2026-11-17", "2026-11-17"),
        ("last-year", "2025-01-01", "2025-12-31"),
        ("month-to-date", "2026-11-01", "2026-11-17"),
        ("2026-11-to-date", "2026-11-01", "2026-11-17"),
        ("2026-10-to-date", "2026-10-01", "2026-10-31"),
        ("2026-11-to-15", "2026-11-01", "2026-11-15"),
        ("2026-W44-10", "2026-10-26", "2026-10-31"),
        ("2026-W44-11", "2026-11-01", "2026-11-01"),
    ];
    for (text, from, to) in cases {
        assert_eq!(
            (period(text).from, period(text).to),
            (day(from), day(to)),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_period_is_refused() {
    for text in [
        "2026-W54",
        "2021-W53",
        "2026-13",
        "2026-Q5",
        "2026-11-15..2026-11-09",
        "20261",
        "2026-11-31",
        "2026-11-to-31",
        "2026-W46-11",
        "2026-W44-12",
        "",
        "0000-W01",
        "W46",
    ] {
        let refused = Period::parse(text, day("2026-11-18")).expect_err(text);
        assert_eq!(refused.to_string(), no_such(text).to_string());
    }
}

#[test]
fn previous_and_next_are_inverse() {
    for text in [
        "2026-W01",
        "2026-01",
        "2026-Q1",
        "2026-03-01..2026-03-10",
        "2020-W53",
        "2026-11-10",
        "2026-11-to-15",
        "2026-W44-10",
        "2026",
    ] {
        assert_eq!(period(text).previous().next(), period(text), "{text}");
    }
}

#[test]
fn week_53_is_compared_with_week_52() {
    assert_eq!(period("2020-W53").last_year().label, "2019-W52");
    assert_eq!(period("2026-W46").last_year().label, "2025-W46");
}

#[test]
fn a_run_of_weeks_crosses_the_year() {
    let run = Period::parse_run("2025-W51..2026-W02", day("2026-11-18")).expect("a run");
    let labels: Vec<_> = run.iter().map(|period| period.label.as_str()).collect();
    assert_eq!(labels, ["2025-W51", "2025-W52", "2026-W01", "2026-W02"]);
}

#[test]
fn a_month_to_date_is_compared_with_as_many_days_of_others() {
    let to_date = period("2026-11-to-15");
    assert_eq!(to_date.previous().label, "2026-10-to-15");
    assert_eq!(to_date.last_year().label, "2025-11-to-15");
    assert_eq!(period("2026-03-to-30").previous().label, "2026-02-to-28");
    assert_eq!(period("2026-02-to-28").previous().label, "2026-01-to-31");
}

#[test]
fn a_month_to_date_on_its_first_morning_is_the_month_before() {
    let first = Period::parse("month-to-date", day("2026-11-01")).expect("a period");
    assert_eq!(first.label, "2026-10-to-31");
}

#[test]
fn a_day_is_compared_with_the_same_weekday() {
    assert_eq!(period("2026-11-10").previous().label, "2026-11-03");
    let run = Period::parse_run("2026-11-09..2026-11-10", day("2026-11-18")).expect("a run");
    assert_eq!(run.len(), 1, "two days with dots between are one range");
}

#[test]
fn weeks_may_end_with_their_month() {
    let labels = |text: &str| -> Vec<String> {
        let parts = period(text).cut_at_month_end().into_iter();
        parts.map(|part| part.label).collect()
    };
    assert_eq!(labels("2026-W44"), ["2026-W44-10", "2026-W44-11"]);
    assert_eq!(labels("2026-W45"), ["2026-W45"]);
    assert_eq!(labels("2026-11"), ["2026-11"]);
    let part = period("2026-W44-11");
    assert_eq!(part.previous().label, "2026-W44-10");
    assert_eq!(part.next().label, "2026-W45");
    assert_eq!(part.next().next().label, "2026-W46");
}

#[test]
fn a_day_is_found_in_its_period_and_days_between_periods_in_none() {
    let periods = ["2026-11-09", "2026-11-16..2026-11-17", "2026-W48"].map(period);
    let found = |text: &str| place_of(&periods, day(text));
    assert_eq!(found("2026-11-08"), None);
    assert_eq!(found("2026-11-09"), Some(0));
    assert_eq!(found("2026-11-10"), None);
    assert_eq!(found("2026-11-17"), Some(1));
    assert_eq!(found("2026-11-23"), Some(2));
    assert_eq!(found("2026-11-29"), Some(2));
    assert_eq!(found("2026-11-30"), None);
}
