//! What is planted in the sample shop comes out of its reports.

use std::fs;

use serde_json::Value;

use crate::support::Firm;

fn shop() -> Firm {
    let firm = Firm::of_sample("zerno");
    firm.voronka("ingest", &[]).expect_code(0);
    firm
}

fn digest(firm: &Firm, period: &str) -> Value {
    firm.voronka("report", &["--period", period]).expect_code(0);
    firm.read_digest(period)
}

/// Values of a field over a list.
fn each<'v>(list: &'v Value, field: &str) -> Vec<&'v Value> {
    let list = list.as_array().expect("a list");
    list.iter().map(|item| &item[field]).collect()
}

#[test]
fn the_dead_order_page_is_the_headline_and_the_rest_of_the_week_is_told() {
    let digest = digest(&shop(), "2026-W46");
    let verdict = &digest["verdict"];
    assert_eq!(verdict["kind"], "drop");
    assert_eq!(verdict["cause"], "forms", "{verdict}");
    let found = &digest["findings"][0]["causes"][0];
    assert_eq!(found["code"], "forms", "{found}");
    assert_eq!(found["scope"]["device"], "mobile", "{found}");
    let ads = &digest["ads"];
    assert_eq!(each(&ads["never_sells"], "name"), ["кофе в зёрнах дёшево"]);
    let deserves = each(&ads["deserves_more"], "name");
    assert!(
        deserves.contains(&&Value::from("свежеобжаренный кофе")),
        "{deserves:?}"
    );
    let test = &digest["experiments"][0];
    assert_eq!(test["name"], "catalogue-with-sets");
    let money = &digest["money"];
    assert!(
        money["lifetime"].is_object(),
        "half a year of buyers is known"
    );
    assert!(
        money["months"]
            .as_array()
            .is_some_and(|months| months.len() == 11)
    );
    assert_eq!(money["now"]["closed"]["margin_source"], "costs");
}

#[test]
fn a_lost_page_is_named_from_its_orders() {
    let firm = shop();
    let digest = digest(&firm, "2026-W42");
    let found = &digest["findings"][0]["causes"][0];
    assert_eq!(found["code"], "forms", "{found}");
    let page = &found["scope"]["page"];
    assert_eq!(page, "zerno.example/kofe-dlya-turki", "{found}");
    let letter = fs::read_to_string(firm.report("2026-W42").join("digest.txt")).expect("a text");
    let headline = letter.replace('\u{a0}', " ");
    assert!(
        headline.contains("не проходят заказы на /kofe-dlya-turki"),
        "{letter}"
    );
}

#[test]
fn a_test_of_two_pages_is_no_lost_counter_a_month_later() {
    let digest = digest(&shop(), "2026-W40");
    assert_eq!(digest["findings"], serde_json::json!([]));
}

#[test]
fn a_slow_manager_shows_in_times_scores_and_sales() {
    let firm = shop();
    let digest = digest(&firm, "2026-W32");
    let asked = digest["satisfaction"]["managers"].to_string();
    assert!(asked.contains("Олег Помолов"), "{asked}");
    let slow = digest["deal_stages"].to_string();
    assert!(slow.contains("Олег Помолов"));
    let findings = digest["findings"].to_string();
    let headline = digest["verdict"].to_string();
    assert!(
        headline.contains("Олег") || findings.contains("Олег Помолов"),
        "{headline} {findings}"
    );
}

#[test]
fn a_stage_where_deals_wait_leads_before_sales_that_nobody_explains() {
    let firm = shop();
    let digest = digest(&firm, "2026-W32");
    let slow = &digest["verdict"]["slow"];
    assert_eq!(slow["manager"], "Олег Помолов", "{slow}");
    let found = &digest["findings"][0]["causes"][0];
    assert_eq!(found["code"], "unknown", "{found}");
    let letter = fs::read_to_string(firm.report("2026-W32").join("digest.txt")).expect("a text");
    let letter = letter.replace(['\u{a0}', '\n'], " ");
    assert!(letter.contains("Олег Помолов: этап «Новый»"), "{letter}");
    assert!(letter.contains("без видимой причины"), "{letter}");
}

#[test]
fn a_test_of_two_pages_is_no_fault_of_the_counter() {
    let digest = digest(&shop(), "2026-W40");
    let checked = digest["checked"].as_array().expect("a list");
    let tracking = checked.iter().find(|one| one["code"] == "tracking");
    let probability = tracking.expect("it is checked")["probability"].as_f64();
    assert!(
        probability.is_some_and(|probability| probability < 0.1),
        "{tracking:?}"
    );
}
