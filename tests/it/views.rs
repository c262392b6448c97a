//! Views: several readers of one pipeline, each of whom sees a part of it and learns nothing of the rest.

use std::fs;

use serde_json::{Value, json};

use crate::data_faults::with_last_week;
use crate::restated::{head, header};
use crate::smtp::Server;
use crate::support::{self, Firm, read_json};

const PERIOD: &str = "2026-W10";

const VIEWS: &str = r#"
groups = "../recipients.toml"

[[views]]
name = "search"
title = "Search agency"
to = ["@agency"]
channels = ["organic-search"]

[[views]]
name = "links"
to = ["dora@firm.example"]
channels = ["referral"]
sections = ["channels"]
language = "ru"
attach = []
"#;

fn unread_firm() -> Firm {
    let firm = Firm::of_ten_weeks_with(VIEWS);
    firm.write(
        "recipients.toml",
        "agency = [\"Agency <ads@agency.example>\", \"second@agency.example\"]\n",
    );
    firm
}

fn firm() -> Firm {
    let firm = unread_firm();
    firm.voronka("run", &["--period", PERIOD, "--no-send"])
        .expect_code(0);
    firm
}

fn digest_of(firm: &Firm, view: &str) -> Value {
    let folder = firm.report(PERIOD).join("views").join(view);
    read_json(&folder.join("digest.json"))
}

/// Whether a number stands anywhere in a value.
fn holds(value: &Value, number: f64) -> bool {
    match value {
        Value::Number(found) => found.as_f64() == Some(number),
        Value::Array(list) => list.iter().any(|value| holds(value, number)),
        Value::Object(fields) => fields.values().any(|value| holds(value, number)),
        _ => false,
    }
}

// Days of the week have 20 to 26 visits, by turns of search, direct and links: of 20 7, 7, 6; of 21 7, 7, 7; of 22 8, 7, 7;
// of 23 8, 8, 7; of 24 8, 8, 8; of 25 9, 8, 8; of 26 9, 9, 8. That is 56 of search, 54 direct, 51 of links, 161 in all. Of the
// three forms of each day one is of each channel.
#[test]
fn each_view_has_its_own_channels_and_no_number_of_the_others() {
    let firm = firm();
    for (view, channel, sessions) in [("search", "organic-search", 56), ("links", "referral", 51)] {
        let digest = digest_of(&firm, view);
        let channels = digest["channels"].as_array().expect("channels");
        let with_visits: Vec<&Value> = channels.iter().filter(|row| row["sessions"] != 0).collect();
        assert_eq!(with_visits.len(), 1, "{channels:?}");
        assert_eq!(with_visits[0]["channel"], channel);
        for row in [with_visits[0], &digest["totals"]] {
            assert_eq!(
                (&row["sessions"], &row["users"]),
                (&sessions.into(), &sessions.into())
            );
            assert_eq!(row["inquiries"], 7.0);
        }
        assert!(
            !holds(&digest, 161.0),
            "the view {view} holds the visits of all"
        );
    }
    assert!(
        holds(&firm.read_digest(PERIOD), 161.0),
        "the whole digest holds them"
    );
}

#[test]
fn each_reader_gets_the_letter_of_one_view_that_says_what_it_is_of() {
    let firm = firm();
    let letters = firm.report(PERIOD).join("outbox");
    let mut names: Vec<String> = fs::read_dir(&letters)
        .expect("the outbox")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    let expected = [
        "ads@agency.example.eml",
        "anna@firm.example.eml",
        "boris@firm.example.eml",
        "dora@firm.example.eml",
        "second@agency.example.eml",
    ];
    assert_eq!(names, expected);
    let text = |view: &str| {
        let file = firm
            .report(PERIOD)
            .join("views")
            .join(view)
            .join("digest.txt");
        fs::read_to_string(file).expect("a text")
    };
    let search = text("search");
    assert!(search.contains("TEN WEEKS · SEARCH AGENCY"), "{search}");
    assert!(search.contains("A part of the firm."), "{search}");
    let links = text("links");
    assert!(links.contains("Только часть фирмы."), "{links}");
    let letter = |name: &str| fs::read_to_string(letters.join(name)).expect("a letter");
    assert!(!letter("dora@firm.example.eml").contains("application/pdf"));
    assert_eq!(
        letter("ads@agency.example.eml").contains("application/pdf"),
        letter("anna@firm.example.eml").contains("application/pdf")
    );
    let readers = firm.voronka("recipients", &[]).expect_code(0);
    assert!(
        readers
            .stdout
            .contains("dora@firm.example  gets every digest of view links"),
        "{readers:?}"
    );
}

#[test]
fn the_whole_digest_is_the_same_whatever_views_there_are() {
    let plain = Firm::of_ten_weeks();
    plain
        .voronka("run", &["--period", PERIOD, "--no-send"])
        .expect_code(0);
    let mut expected = plain.read_digest(PERIOD);
    let mut found = firm().read_digest(PERIOD);
    for digest in [&mut expected, &mut found] {
        digest["as_of"] = Value::Null;
    }
    assert_eq!(found, expected);
}

/// What a view is told to be wrong with the visits.
fn faults_of(digest: &Value) -> &Value {
    let sources = digest["data_health"].as_array().expect("sources");
    let mut sources = sources.iter();
    let site = sources.find(|source| source["source"] == "site");
    &site.expect("the site")["data_faults"]
}

#[test]
fn visits_that_were_exported_twice_hold_each_view_back_without_their_number() {
    let firm = unread_firm();
    with_last_week(&firm, |cells| {
        let again = format!("9{}", cells[0]);
        let again = [&[again.as_str()], &cells[1..]].concat().join("\t");
        vec![cells.join("\t"), again]
    });
    firm.voronka("run", &["--period", PERIOD]).expect_code(3);
    for view in ["search", "links"] {
        let digest = digest_of(&firm, view);
        let fault = json!({"kind": "of_all", "fault": "repeated", "spoils": true});
        assert_eq!(faults_of(&digest), &json!([fault]));
        assert_eq!(digest["verdict"]["kind"], "data_not_fit");
        for number in [161.0, 322.0] {
            assert!(!holds(&digest, number), "{view} holds {number}");
        }
    }
}

#[test]
fn a_column_that_is_empty_is_told_to_views_in_their_language_whatever_sections_they_see() {
    let firm = unread_firm();
    with_last_week(&firm, |cells| {
        vec![[&cells[..1], &[""], &cells[2..]].concat().join("\t")]
    });
    firm.voronka("run", &["--period", PERIOD]).expect_code(0);
    let text = |view: &str| {
        let folder = firm.report(PERIOD).join("views").join(view);
        let text = fs::read_to_string(folder.join("digest.txt")).expect("a text");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let search = text("search");
    assert!(search.contains("Data with reservations."), "{search}");
    assert!(
        search.contains("a column is empty that usually is not"),
        "{search}"
    );
    let links = text("links");
    assert!(
        links.contains("пуст столбец, который обычно заполнен"),
        "{links}"
    );
    assert!(!links.contains("161"), "{links}");
}

// Each week three of each day's visits write, one of each channel. Late forms are of visitors of the last Sunday whom links brought.
#[test]
fn a_view_counts_the_versions_of_its_own_numbers_and_answers_to_its_own_letters() {
    let Some(server) = Server::start("views: versions", &[]) else {
        return;
    };
    let firm = unread_firm();
    let run = |day: u32| {
        let now = format!("2026-03-{day:02}T06:00:00Z");
        let mut command = firm.command("run", &["--period", PERIOD, "--now", &now]);
        support::run(command.envs(server.environment())).expect_code(0);
    };
    let add = |visits: &[u32]| {
        let mut text = fs::read_to_string(firm.path("exports/forms.csv")).expect("the forms");
        for visit in visits {
            let client = 569_000 + visit;
            text += &format!(
                "08.03.2026 20:{visit:02};Форма;+7 911 {visit:03}-00-01;;{client};late{visit}\n"
            );
        }
        firm.write("exports/forms.csv", text);
    };
    let versions = || {
        let of_view = |view: &str| digest_of(&firm, view)["report_version"].clone();
        let whole = firm.read_digest(PERIOD)["report_version"].clone();
        [whole, of_view("links"), of_view("search")].map(|version| version.as_u64())
    };
    run(9);
    let first = head(&firm, "dora@firm.example");
    assert_eq!(versions(), [Some(1), Some(1), Some(1)]);
    add(&[5]);
    run(10);
    assert_eq!(versions(), [Some(2), Some(2), Some(1)]);
    add(&[8, 11, 14, 17, 20, 23]);
    run(11);
    assert_eq!(versions(), [Some(3), Some(3), Some(1)]);
    run(12);
    assert_eq!(versions(), [Some(3), Some(3), Some(1)]);
    let third = head(&firm, "dora@firm.example");
    let digest = header(&third, "X-Voronka-Digest");
    assert_eq!(digest.as_deref(), Some("ten-weeks 2026-W10 v3"));
    assert_eq!(header(&first, "In-Reply-To"), None);
    assert_eq!(header(&third, "In-Reply-To"), header(&first, "Message-ID"));
    let agency = head(&firm, "ads@agency.example");
    assert_eq!(header(&agency, "In-Reply-To"), None, "{agency}");
}
