//! The diagnosis of the shipped sample, whose incidents `sample-exports/README.md` states.

use std::sync::OnceLock;

use serde_json::Value;

use crate::support::{self, Firm, Ran};

/// The sample, taken in once for all tests here.
fn sample() -> &'static Firm {
    static SAMPLE: OnceLock<Firm> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let project = Firm::of_sample("okna-sever");
        project.voronka("ingest", &[]).expect_code(0);
        project
    })
}

fn diagnosis(period: &str) -> Value {
    let ran = sample()
        .voronka("diagnose", &["--period", period, "--then", "--json"])
        .expect_code(0);
    serde_json::from_str(&ran.stdout).expect("the output is JSON")
}

/// The first cause of a period, with its scope.
fn first_cause(period: &str) -> Value {
    diagnosis(period)["findings"][0]["causes"][0].clone()
}

#[test]
fn junk_traffic_of_one_channel_is_named() {
    let cause = first_cause("2026-W30");
    assert_eq!(cause["code"], "traffic_quality", "{cause}");
    assert_eq!(
        cause["scope"],
        serde_json::json!({"channel": "vk-ads"}),
        "{cause}"
    );
    assert!(
        cause["probability"]
            .as_f64()
            .is_some_and(|probability| probability > 0.8),
        "{cause}"
    );
}

#[test]
fn a_poor_channel_that_grew_is_a_shift_of_the_mix() {
    let cause = first_cause("2026-W34");
    assert_eq!(cause["code"], "mix_shift", "{cause}");
    assert_eq!(
        cause["scope"],
        serde_json::json!({"channel": "yandex-direct-network"}),
        "{cause}"
    );
}

#[test]
fn a_manager_who_does_not_call_back_is_named() {
    let cause = first_cause("2026-W23");
    assert_eq!(cause["code"], "managers", "{cause}");
    assert_eq!(
        cause["scope"],
        serde_json::json!({"manager": "Марина Туломская"}),
        "{cause}"
    );
}

#[test]
fn a_dead_form_is_found_although_the_total_looks_usual() {
    let cause = first_cause("2026-W46");
    assert_eq!(cause["code"], "forms", "{cause}");
}

/// The form of this page is dead on phones from Wednesday 11:00 on. Its last request came on Monday at 22:55 in Moscow
/// (three hours ahead of UTC), so a start between that and the fault is all that the rows can tell.
#[test]
fn a_dead_form_is_found_with_its_page_its_device_and_that_it_goes_on() {
    let cause = first_cause("2026-W46");
    assert_eq!(cause["code"], "forms", "{cause}");
    let place = serde_json::json!({"page": "okna-sever.example/okna-nedorogo", "device": "mobile"});
    assert_eq!(cause["scope"], place, "{cause}");
    let start = cause["started_at"].as_str().expect("a start");
    assert!(
        ("2026-11-09T19:55:00Z"..="2026-11-11T08:00:00Z").contains(&start),
        "{start}"
    );
    assert_eq!(cause["ended_at"], Value::Null, "it goes on: {cause}");
}

/// On Tuesday 15 September no call comes through the Murmansk trunk, which usually brings six a day, and calls out fail.
#[test]
fn an_unstable_line_is_telephony_with_its_trunk_and_its_day() {
    let cause = first_cause("2026-W38");
    assert_eq!(cause["code"], "telephony", "{cause}");
    assert_eq!(
        cause["scope"],
        serde_json::json!({"trunk": "SIP/trunk-mmk"}),
        "{cause}"
    );
    let start = cause["started_at"].as_str().expect("a start");
    // Tuesday in Moscow begins at 21:00 UTC on Monday.
    assert!(
        ("2026-09-14T21:00:00Z".."2026-09-15T21:00:00Z").contains(&start),
        "{start}"
    );
}

#[test]
fn holidays_explain_the_first_weeks_of_january() {
    assert_eq!(first_cause("2026-W02")["code"], "seasonality");
}

#[test]
fn quiet_weeks_have_no_findings_and_say_what_was_checked() {
    for week in 39..=44 {
        let found = diagnosis(&format!("2026-W{week}"));
        assert_eq!(
            found["findings"],
            serde_json::json!([]),
            "week {week}: {}",
            found["findings"]
        );
        assert_eq!(
            found["checked"].as_array().map(Vec::len),
            Some(11),
            "every cause but the unknown one"
        );
    }
}

#[test]
fn evidence_stands_on_the_side_that_it_speaks_for_and_every_word_is_translated() {
    let found = diagnosis("2026-W30");
    let keys: Vec<&str> = found
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    let expected = [
        "checked",
        "deficit",
        "dispute",
        "findings",
        "first_probability",
        "incident_probability",
        "matured",
        "scores",
        "second_probability",
        "segments",
        "tests",
    ];
    for key in expected {
        assert!(keys.contains(&key), "{key} is not among {keys:?}");
    }
    let weights = |cause: &Value, side: &str| -> Vec<f64> {
        cause[side]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|evidence| evidence["weight"].as_f64())
            .collect()
    };
    for cause in found["findings"][0]["causes"].as_array().expect("causes") {
        assert!(
            weights(cause, "evidence")
                .iter()
                .all(|weight| *weight >= 0.0),
            "{cause}"
        );
        assert!(
            weights(cause, "against").iter().all(|weight| *weight < 0.0),
            "{cause}"
        );
    }
    for period in ["2026-W23", "2026-W30", "2026-W34", "2026-W44", "2026-W46"] {
        let text = sample()
            .voronka("diagnose", &["--period", period])
            .expect_code(0)
            .stdout;
        for left in ["causes.", "evidence.", "check.", "cause.", "{", "NaN", "-0"] {
            assert!(!text.contains(left), "{left} in\n{text}");
        }
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let with = |threads: Option<&str>| {
        let mut command = sample().command("diagnose", &["--period", "2026-W30", "--json"]);
        if let Some(threads) = threads {
            command
                .env("POLARS_MAX_THREADS", threads)
                .env("RAYON_NUM_THREADS", threads);
        }
        support::run(&mut command).expect_code(0).stdout
    };
    assert_eq!(with(Some("1")), with(None));
}

#[test]
fn the_past_is_a_line_a_period() {
    let ran = sample()
        .voronka("backtest", &["--from", "2026-W29", "--to", "2026-W31"])
        .expect_code(0);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{}", ran.stdout);
    assert!(
        lines[1].starts_with("2026-W30") && lines[1].contains('%'),
        "{}",
        lines[1]
    );
}

#[test]
fn a_cause_is_explained_and_an_unknown_one_is_refused_with_the_list() {
    let explain = |arguments: &[&str]| -> Ran { support::run(&mut support::bare(arguments)) };
    let known = explain(&["explain", "telephony"]).expect_code(0);
    assert!(
        known.stdout.starts_with("telephony:") && known.stdout.contains("1."),
        "{}",
        known.stdout
    );
    let refused = explain(&["explain", "nonsense"]).expect_code(2);
    assert!(
        refused.said().contains("hint: one of data_gap, tracking")
            && refused.said().contains("telephony")
    );
    let all = explain(&["explain", "--language", "en"]).expect_code(0);
    assert_eq!(all.stdout.lines().count(), 12, "{}", all.stdout);
}

/// A release shortly before a fault is evidence; the same entry a week earlier is none. A day of one's own is a holiday.
#[test]
fn notes_and_days_of_ones_own_are_read() {
    let project = Firm::of_sample("okna-sever");
    project.write(
        "notes.csv",
        "at;kind;title\n2026-07-19 20:00;campaign;New audience in VK\n",
    );
    project.write("days.csv", "day;kind;name\n2026-10-06;holiday;Our day\n");
    let pipeline = project.path("pipelines/okna-sever.toml");
    let text = std::fs::read_to_string(&pipeline).expect("the pipeline is there");
    let without = diagnosis("2026-W41")["checked"].to_string();
    assert!(without.contains("seasonality.no_holidays"), "{without}");
    let own = "\n[[exports]]\nname = \"notes\"\nfiles = [\"../notes.csv\"]\n\n[[exports]]\nname = \"days\"\nfiles = [\"../days.csv\"]\n";
    let at = text
        .find("\n# --- Channels")
        .expect("the exports come before the channels");
    project.write(
        "pipelines/okna-sever.toml",
        format!("{}{own}{}", &text[..at], &text[at..]),
    );
    project.voronka("ingest", &[]).expect_code(0);
    assert_eq!(
        (project.rows_of("annotations"), project.rows_of("calendar")),
        (1, 1)
    );
    let ran = project
        .voronka("diagnose", &["--period", "2026-W30", "--then", "--json"])
        .expect_code(0);
    let found: Value = serde_json::from_str(&ran.stdout).expect("the output is JSON");
    let evidence = found["findings"][0]["causes"][0]["evidence"]
        .as_array()
        .expect("evidence")
        .clone();
    assert!(
        evidence
            .iter()
            .any(|evidence| evidence["code"] == "annotation.near"),
        "{evidence:?}"
    );
    let ran = project
        .voronka("diagnose", &["--period", "2026-W41", "--then", "--json"])
        .expect_code(0);
    assert!(
        !ran.stdout.contains("seasonality.no_holidays"),
        "the firm's own day off is a holiday"
    );
}
