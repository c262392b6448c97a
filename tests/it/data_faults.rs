//! Exports that arrive whole and are not to be read as they stand: the digest says so, or is held back.

use std::fs;

use serde_json::{Value, json};

use crate::support::{self, Firm};

const PERIOD: &str = "2026-W10";
/// The first visit of that week: visits of the n-th day are numbered from 1000 n + 1.
const FIRST_VISIT: u64 = 63_001;

/// The firm's visits, each as its cells, and what comes of them when those of the last week are changed.
fn with_last_week(firm: &Firm, change: impl Fn(&[&str]) -> Vec<String>) {
    let path = firm.path("exports/visits.tsv");
    let text = fs::read_to_string(&path).expect("the export");
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        match cells[0].parse::<u64>() {
            Ok(id) if id >= FIRST_VISIT => lines.extend(change(&cells)),
            _ => lines.push(line.to_owned()),
        }
    }
    fs::write(path, lines.join("\n") + "\n").expect("it can be written");
}

fn digest(firm: &Firm) -> Value {
    support::read_json(&firm.report(PERIOD).join("digest.json"))
}

fn site(digest: &Value) -> &Value {
    let sources = digest["data_health"].as_array().expect("sources");
    sources
        .iter()
        .find(|source| source["source"] == "site")
        .expect("the site")
}

/// The text of the letter, without its line ends.
fn letter(firm: &Firm) -> String {
    let text = fs::read_to_string(firm.report(PERIOD).join("digest.txt")).expect("the text");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn visits_that_are_exported_twice_under_other_ids_hold_the_digest_back() {
    let firm = Firm::of_ten_weeks();
    with_last_week(&firm, |cells| {
        let again = format!("9{}", cells[0]);
        vec![
            cells.join("\t"),
            [&[again.as_str()], &cells[1..]].concat().join("\t"),
        ]
    });
    let ran = firm.voronka("run", &["--period", PERIOD]).expect_code(3);
    assert!(ran.stdout.contains("send: held back"), "{ran:?}");
    let digest = digest(&firm);
    // Twenty visits on a Monday, one more on each day after it: 161 in a week.
    assert_eq!(
        site(&digest)["data_faults"],
        json!([{"kind": "repeated", "rows": 161, "of": 322}])
    );
    assert_eq!(
        (&digest["verdict"]["kind"], &digest["verdict"]["sources"]),
        (&json!("data_not_fit"), &json!(["site"]))
    );
    let text = letter(&firm);
    assert!(
        text.contains("visits were exported twice (Yandex Metrica)"),
        "{text}"
    );
    assert!(
        text.contains("Yandex Metrica: 161 of 322 rows repeat other visits"),
        "{text}"
    );
}

#[test]
fn an_id_of_visitors_that_is_suddenly_empty_is_told() {
    let firm = Firm::of_ten_weeks();
    with_last_week(&firm, |cells| {
        vec![[&cells[..1], &[""], &cells[2..]].concat().join("\t")]
    });
    firm.voronka("run", &["--period", PERIOD]).expect_code(0);
    let digest = digest(&firm);
    let fault =
        json!({"kind": "emptied", "column": "client", "rows": 0, "of": 161, "usual_percent": 100});
    assert_eq!(site(&digest)["data_faults"], json!([fault]));
    let text = letter(&firm);
    assert!(
        text.contains("is there in 0 of 161 rows, usually in 100%"),
        "{text}"
    );
}

#[test]
fn a_firm_whose_rows_are_as_ever_has_no_data_faults() {
    let firm = Firm::of_ten_weeks();
    firm.voronka("run", &["--period", PERIOD]).expect_code(0);
    let digest = digest(&firm);
    for source in digest["data_health"].as_array().expect("sources") {
        assert_eq!(source["data_faults"], json!([]));
    }
}
