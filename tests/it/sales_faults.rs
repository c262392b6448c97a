//! Sales that the CRM tells otherwise than it did: their revenue is no fact, and the digest says so.

use std::fs;

use serde_json::json;

use crate::data_faults::{PERIOD, digest, faults, letter, with_deals};

const BEFORE: [&str; 2] = ["--now", "2026-03-02T06:00:00Z"];
const NOW: [&str; 4] = ["--period", PERIOD, "--now", "2026-03-09T06:00:00Z"];

#[test]
fn past_sales_that_come_with_a_tax_on_them_leave_the_headline_without_revenue() {
    let firm = with_deals(|_| true);
    firm.voronka("ingest", &BEFORE).expect_code(0);
    let path = firm.path("exports/deals.csv");
    let text = fs::read_to_string(&path).expect("the export");
    fs::write(&path, text.replace(";9000;", ";10800;")).expect("it can be written");
    firm.voronka("run", &NOW).expect_code(0);
    // One of three forms a day is a sale: 63 days before the week.
    let fault = json!({"kind": "repriced", "rows": 63, "of": 63, "now": 1_080_000, "was": 900_000});
    assert_eq!(faults(&digest(&firm), "crm"), json!([fault]));
    let text = letter(&firm);
    assert!(text.contains("revenue is in doubt"), "{text}");
    assert!(
        text.contains("63 of 63 sales in earlier periods have another amount now"),
        "{text}"
    );
}

#[test]
fn past_sales_as_they_were_are_a_fact() {
    let firm = with_deals(|_| true);
    firm.voronka("ingest", &BEFORE).expect_code(0);
    firm.voronka("run", &NOW).expect_code(0);
    assert_eq!(faults(&digest(&firm), "crm"), json!([]));
    let text = letter(&firm);
    assert!(!text.contains("in doubt"), "{text}");
}
