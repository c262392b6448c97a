//! Cases whose numbers are worked out by hand: `tests/cases/<name>/`, each with the working in its README.
//!
//! A case is a pipeline with tiny exports, `case.toml` (the clock and the periods to report) and for each period
//! `expected/<period>.txt`, a table of channels, and if need be `expected/<period>.json`, a part of the digest. In the
//! table `-` is unknown; a channel that is not listed must have nothing but zeros.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;
use serde_json::Value;

use crate::support::{self, Firm};

/// `case.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The moment of the run.
    now: String,
    /// Periods to report.
    periods: Vec<String>,
    /// Exit code of the runs; left out, the report is made and may be called incomplete (0 or 3).
    exit_code: Option<i32>,
}

#[test]
fn last_non_direct() {
    check("last-non-direct");
}

#[test]
fn campaign_phrases() {
    check("campaign-phrases");
}

#[test]
fn date_and_time_apart() {
    check("date-and-time-apart");
}

#[test]
fn amounts_of_two_currencies() {
    check("amounts-of-two-currencies");
}

#[test]
fn downloads_glued() {
    check("downloads-glued");
}

#[test]
fn one_person() {
    check("one-person");
}

#[test]
fn calls_that_count() {
    check("calls-that-count");
}

#[test]
fn product_rows() {
    check("product-rows");
}

#[test]
fn doubled_headers() {
    check("doubled-headers");
}

#[test]
fn clock_changes() {
    check("clock-changes");
}

#[test]
fn every_carrier() {
    check("every-carrier");
}

#[test]
fn source_missing() {
    check("source-missing");
}

#[test]
fn ad_costs() {
    check("ad-costs");
}

#[test]
fn stages_of_deals() {
    check("stages-of-deals");
}

#[test]
fn stage_that_broke() {
    check("stage-that-broke");
}

#[test]
fn dates_of_any_hand() {
    check("dates-of-any-hand");
}

#[test]
fn amounts_of_any_hand() {
    check("amounts-of-any-hand");
}

#[test]
fn dates_ahead() {
    check("dates-ahead");
}

#[test]
fn month_first() {
    check("month-first");
}

#[test]
fn through_a_spreadsheet() {
    check("through-a-spreadsheet");
}

#[test]
fn totals_told_twice() {
    check("totals-told-twice");
}

#[test]
fn weeks_across_months() {
    check("weeks-across-months");
}

#[test]
fn two_downloads_of_deals() {
    check("two-downloads-of-deals");
}

#[test]
fn calls_people_answer() {
    check("calls-people-answer");
}

#[test]
fn calls_without_ids() {
    check("calls-without-ids");
}

#[test]
fn calls_3cx_parts() {
    check("calls-3cx-parts");
}

#[test]
fn calls_mango() {
    check("calls-mango");
}

#[test]
fn won_by_state() {
    check("won-by-state");
}

#[test]
fn stages_unknown() {
    check("stages-unknown");
}

#[test]
fn stages_named() {
    check("stages-named");
}

#[test]
fn planned_closing() {
    check("planned-closing");
}

#[test]
fn deals_without_contacts() {
    check("deals-without-contacts");
}

#[test]
fn refunds() {
    check("refunds");
}

#[test]
fn funnel_in_two_files() {
    check("funnel-in-two-files");
}

#[test]
fn crm_leads() {
    check("crm-leads");
}

#[test]
fn ga4_reports() {
    check("ga4-reports");
}

#[test]
fn two_attributions() {
    check("two-attributions");
}

#[test]
fn glued_costs() {
    check("glued-costs");
}

#[test]
fn metrika_report() {
    check("metrika-report");
}

#[test]
fn placeholders() {
    check("placeholders");
}

#[test]
fn tags_as_written() {
    check("tags-as-written");
}

#[test]
fn phones_as_written() {
    check("phones-as-written");
}

#[test]
fn shared_keys() {
    check("shared-keys");
}

#[test]
fn foreign_clients() {
    check("foreign-clients");
}

#[test]
fn deleted_deals() {
    check("deleted-deals");
}

#[test]
fn costs_week_missing() {
    check("costs-week-missing");
}

#[test]
fn orders_with_refunds() {
    check("orders-with-refunds");
}

#[test]
fn sales_formula() {
    check("sales-formula");
}

#[test]
fn plan_of_a_month() {
    check("plan-of-a-month");
}

#[test]
fn two_variants() {
    check("two-variants");
}

#[test]
fn every_case_has_its_test_and_says_how_its_numbers_come_about() {
    let source = include_str!("cases.rs");
    for entry in fs::read_dir(support::root().join("tests/cases"))
        .expect("there are cases")
        .flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        assert!(
            source.contains(&format!("check(\"{name}\")")),
            "tests/cases/{name} has no test"
        );
        assert!(
            entry.path().join("README.md").exists(),
            "tests/cases/{name} has no README.md"
        );
    }
}

fn check(name: &str) {
    let folder = support::root().join("tests/cases").join(name);
    let text = fs::read_to_string(folder.join("case.toml")).expect("the case has a case.toml");
    let case: Case = toml::from_str(&text).expect("case.toml is sound");
    let firm = Firm::of_case(&folder);
    let mut wrong = String::new();
    for period in &case.periods {
        let arguments = ["--period", period, "--no-send", "--now", &case.now];
        let ran = firm.voronka("run", &arguments);
        match case.exit_code {
            Some(code) => drop(ran.expect_code(code)),
            None => assert!([0, 3].contains(&ran.code), "{ran:?}"),
        }
        let digest = firm.read_digest(period);
        let expected = folder.join("expected").join(format!("{period}.txt"));
        wrong += &table_differences(
            &fs::read_to_string(expected).expect("a table is expected"),
            &digest,
            period,
        );
        let part = folder.join("expected").join(format!("{period}.json"));
        if part.exists() {
            wrong += &part_differences(&support::read_json(&part), &digest, period);
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n{wrong}",
        folder.join("README.md").display()
    );
}

/// Each cell of the table that the digest shows otherwise, a line each.
fn table_differences(expected: &str, digest: &Value, period: &str) -> String {
    let mut lines = expected.lines();
    let columns: Vec<&str> = lines
        .next()
        .expect("the table has a header")
        .split_whitespace()
        .skip(1)
        .collect();
    let mut rows: BTreeMap<String, &Value> =
        BTreeMap::from([("total".to_owned(), &digest["totals"])]);
    for row in digest["channels"]
        .as_array()
        .expect("the digest has channels")
    {
        rows.insert(
            row["channel"]
                .as_str()
                .expect("a channel has an id")
                .to_owned(),
            row,
        );
    }
    let mut wrong = String::new();
    for line in lines {
        let mut cells = line.split_whitespace();
        let channel = cells.next().expect("a line begins with its channel");
        let Some(row) = rows.remove(channel) else {
            wrong += &format!("{period}: {channel} is not in the digest\n");
            continue;
        };
        for (column, cell) in columns.iter().zip(cells) {
            let found = shown(column, &row[*column]);
            if found != cell {
                wrong += &format!(
                    "{period}: {channel}, {column}: expected {cell}, the digest has {found}\n"
                );
            }
        }
    }
    for (channel, row) in rows {
        for column in &columns {
            if row[*column].as_f64().is_some_and(|value| value != 0.0) {
                wrong += &format!(
                    "{period}: {channel}, {column}: expected nothing, the digest has {}\n",
                    row[*column]
                );
            }
        }
    }
    wrong
}

/// A number as the tables write it: amounts in major units, unknown as `-`.
fn shown(column: &str, value: &Value) -> String {
    match (column, value.as_f64()) {
        (_, None) => "-".to_owned(),
        ("revenue" | "revenue_closed" | "spend", Some(minor)) => format!("{:.2}", minor / 100.0),
        (_, Some(count)) => count.to_string(),
    }
}

/// Each value of `expected` that the digest shows otherwise; what `expected` leaves out may be anything.
fn part_differences(expected: &Value, digest: &Value, path: &str) -> String {
    match expected {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| part_differences(value, &digest[name], &format!("{path}.{name}")))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, item)| part_differences(item, &digest[at], &format!("{path}[{at}]")))
            .collect(),
        Value::Number(number) if number.as_f64() == digest.as_f64() => String::new(),
        _ if expected == digest => String::new(),
        _ => format!("{path}: expected {expected}, the digest has {digest}\n"),
    }
}
