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

/// A test for each case, by the name of its folder.
macro_rules! cases {
    ($($name:ident => $folder:literal,)*) => {
        $(#[test]
        fn $name() {
            check($folder);
        })*
    };
}

cases! {
    last_non_direct => "last-non-direct",
    campaign_phrases => "campaign-phrases",
    date_and_time_apart => "date-and-time-apart",
    amounts_of_two_currencies => "amounts-of-two-currencies",
    downloads_glued => "downloads-glued",
    one_person => "one-person",
    calls_that_count => "calls-that-count",
    product_rows => "product-rows",
    doubled_headers => "doubled-headers",
    clock_changes => "clock-changes",
    every_carrier => "every-carrier",
    exports_of_further_systems => "exports-of-further-systems",
    source_missing => "source-missing",
    ad_costs => "ad-costs",
    stages_of_deals => "stages-of-deals",
    stage_that_broke => "stage-that-broke",
    dates_of_any_hand => "dates-of-any-hand",
    amounts_of_any_hand => "amounts-of-any-hand",
    dates_ahead => "dates-ahead",
    month_first => "month-first",
    through_a_spreadsheet => "through-a-spreadsheet",
    totals_told_twice => "totals-told-twice",
    weeks_across_months => "weeks-across-months",
    two_downloads_of_deals => "two-downloads-of-deals",
    calls_people_answer => "calls-people-answer",
    calls_without_ids => "calls-without-ids",
    calls_3cx_parts => "calls-3cx-parts",
    calls_mango => "calls-mango",
    calls_as_clocks_tell => "calls-as-clocks-tell",
    won_by_state => "won-by-state",
    stages_unknown => "stages-unknown",
    stages_named => "stages-named",
    planned_closing => "planned-closing",
    deals_without_contacts => "deals-without-contacts",
    refunds => "refunds",
    funnel_in_two_files => "funnel-in-two-files",
    crm_leads => "crm-leads",
    ga4_reports => "ga4-reports",
    two_attributions => "two-attributions",
    glued_costs => "glued-costs",
    metrika_report => "metrika-report",
    placeholders => "placeholders",
    tags_as_written => "tags-as-written",
    phones_as_written => "phones-as-written",
    shared_keys => "shared-keys",
    foreign_clients => "foreign-clients",
    deleted_deals => "deleted-deals",
    costs_week_missing => "costs-week-missing",
    orders_with_refunds => "orders-with-refunds",
    sales_formula => "sales-formula",
    plan_of_a_month => "plan-of-a-month",
    two_variants => "two-variants",
    calls_among_messages => "calls-among-messages",
    second_telephone => "second-telephone",
    orders_in_commerceml => "orders-in-commerceml",
    answers_of_apis => "answers-of-apis",
    resaved_dates => "resaved-dates",
    direct_wizard => "direct-wizard",
    shopify_orders => "shopify-orders",
    lead_forms => "lead-forms",
    no_rows => "no-rows",
    rows_of_sums => "rows-of-sums",
    deal_totals_repeated => "deal-totals-repeated",
    instalments => "instalments",
    rests_on_sundays => "rests-on-sundays",
    further_keys => "further-keys",
    operations_and_payments => "operations-and-payments",
    hidden_contacts => "hidden-contacts",
    left_out_by_the_export => "left-out-by-the-export",
    closed_before_entered => "closed-before-entered",
    sales_without_amounts => "sales-without-amounts",
    microsoft_ads => "microsoft-ads",
    two_sites_one_folder => "two-sites-one-folder",
    second_name_of_won => "second-name-of-won",
    lines_below_the_table => "lines-below-the-table",
    calls_of_nobody => "calls-of-nobody",
    numbers_with_spaces => "numbers-with-spaces",
    visits_of_two_counters => "visits-of-two-counters",
    file_for_each_system => "file-for-each-system",
    amounts_named_with_currency => "amounts-named-with-currency",
    currency_above_the_header => "currency-above-the-header",
    tests_of_forms => "tests-of-forms",
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
            source.contains(&format!("=> \"{name}\",")),
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
