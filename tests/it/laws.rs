//! Laws of the lake: what is read twice, in another order, in pieces, or by a process that is killed, gives one result.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{self, Firm, assert_same};

const FIRM: &str = r#"
name = "firm"
title = "A firm"
language = "en"

[[exports]]
name = "site"
files = ["../exports/visits*"]

[[exports]]
name = "forms"
files = ["../exports/forms*"]

[[exports]]
name = "crm"
files = ["../exports/deals*"]

[[exports]]
name = "costs"
files = ["../exports/google*"]
"#;

pub const WEEK: &str = "2026-W10";
pub const VISITS: &str = "ym:s:visitID\tym:s:clientID\tym:s:dateTime\tym:s:lastsignTrafficSource\n";
pub const FORMS: &str = "Дата;Форма;Телефон;E-mail;ClientID;utm_source;utm_medium;ID заявки\n";
pub const DEALS: &str = "ID,Этап сделки,Воронка,Бюджет,Дата создания,Дата редактирования,Дата закрытия,Рабочий телефон\n";
pub const COSTS: &str = "Campaign,Day,Currency code,Clicks,Impr.,Cost\n";

/// Forty visits of twenty clients, from Monday on.
pub fn visits() -> Vec<String> {
    (0..40)
        .map(|n| {
            let source = ["organic", "direct", "referral"][n % 3];
            format!(
                "{}\t{}\t2026-03-{:02} {:02}:00:00\t{source}\n",
                1000 + n,
                500 + n % 20,
                2 + n % 7,
                n % 24
            )
        })
        .collect()
}

pub fn forms() -> Vec<String> {
    (0..12)
        .map(|n| {
            format!(
                "{:02}.03.2026 12:00;Форма;+7 900 555-10-{n:02};;{};;;{n}\n",
                2 + n % 7,
                500 + n
            )
        })
        .collect()
}

pub fn deals(open: bool) -> Vec<String> {
    (0..6)
        .map(|n| {
            let (stage, edited, closed) = match open || n % 2 == 1 {
                true => ("Первичный контакт", "06.03.2026 10:00:00", "не закрыта"),
                false => ("Успешно реализовано", "08.03.2026 10:00:00", "08.03.2026 10:00:00"),
            };
            format!("70{n},{stage},Окна,10{n}00,{:02}.03.2026 13:00:00,{edited},{closed},8900555100{n}\n", 2 + n)
        })
        .collect()
}

pub fn costs() -> Vec<String> {
    (2..9)
        .map(|day| format!("g_search,2026-03-{day:02},RUB,10,200,{day}00.50\n"))
        .collect()
}

pub fn all(header: &str, rows: &[String]) -> String {
    format!("{header}{}", rows.concat())
}

/// A firm with everything in whole files.
pub fn whole() -> Firm {
    let firm = Firm::new(FIRM);
    firm.write("exports/visits.tsv", all(VISITS, &visits()));
    firm.write("exports/forms.csv", all(FORMS, &forms()));
    firm.write("exports/deals.csv", all(DEALS, &deals(false)));
    firm.write("exports/google.csv", all(COSTS, &costs()));
    firm
}

/// The numbers of a digest: all of it but the name of the lake's state.
pub fn numbers(firm: &Firm, period: &str) -> Value {
    firm.make_report(period);
    let mut digest = firm.read_digest(period);
    let fields = digest.as_object_mut().expect("a digest is an object");
    fields.remove("snapshot_id");
    // How many rows were read is told per file, and files are what these tests vary.
    for source in fields["data_health"]
        .as_array_mut()
        .expect("sources are a list")
    {
        source
            .as_object_mut()
            .expect("a source is an object")
            .remove("read");
    }
    digest
}

#[test]
fn the_tests_own_firm_has_numbers_to_compare() {
    let digest = numbers(&whole(), WEEK);
    let total = |field: &str| digest["totals"][field].as_f64();
    assert_eq!(
        (total("sessions"), total("users"), total("inquiries")),
        (Some(40.0), Some(20.0), Some(12.0))
    );
    assert_eq!(
        (total("sales"), total("revenue"), total("spend")),
        (Some(3.0), Some(3_060_000.0), Some(350_350.0))
    );
}

#[test]
fn a_file_that_is_read_twice_changes_nothing() {
    let firm = whole();
    let (once, rows) = (numbers(&firm, WEEK), firm.live_rows());
    let again = firm.voronka("ingest", &[]).expect_code(0);
    assert!(again.stdout.contains("already in the lake"), "{again:?}");
    // A copy under another name is the same file.
    fs::copy(
        firm.path("exports/visits.tsv"),
        firm.path("exports/visits (1).tsv"),
    )
    .expect("the file can be copied");
    firm.voronka("ingest", &[]).expect_code(0);
    assert_eq!(firm.live_rows(), rows);
    assert_same(&numbers(&firm, WEEK), &once);
}

#[test]
fn a_file_that_was_re_saved_changes_nothing() {
    let firm = whole();
    let (once, rows) = (numbers(&firm, WEEK), firm.live_rows());
    let saved = all(FORMS, &forms()).replace('\n', "\r\n");
    firm.write("exports/forms-saved.csv", format!("\u{feff}{saved}"));
    firm.voronka("ingest", &[]).expect_code(0);
    assert_eq!(firm.live_rows(), rows);
    assert_same(&numbers(&firm, WEEK), &once);
}

#[test]
fn files_in_another_order_or_in_pieces_give_the_same_numbers() {
    let expected = numbers(&whole(), WEEK);
    // One run, pieces whose names sort against time.
    let pieces = whole();
    fs::remove_file(pieces.path("exports/visits.tsv")).expect("the file is there");
    fs::remove_file(pieces.path("exports/forms.csv")).expect("the file is there");
    for (name, part) in ["c", "b", "a"].iter().zip(visits().chunks(14)) {
        pieces.write(&format!("exports/visits-{name}.tsv"), all(VISITS, part));
    }
    for (name, part) in ["b", "a"].iter().zip(forms().chunks(7)) {
        pieces.write(&format!("exports/forms-{name}.csv"), all(FORMS, part));
    }
    assert_same(&numbers(&pieces, WEEK), &expected);
    // Piece after piece, the latest first, a run each; calls, deals and costs between.
    let one_by_one = Firm::new(FIRM);
    let mut parts: Vec<(&str, String)> = visits()
        .chunks(9)
        .map(|part| ("visits", all(VISITS, part)))
        .collect();
    parts.push(("deals", all(DEALS, &deals(false))));
    parts.extend(forms().chunks(5).map(|part| ("forms", all(FORMS, part))));
    parts.push(("google", all(COSTS, &costs())));
    for (at, (kind, text)) in parts.iter().enumerate().rev() {
        one_by_one.write(&format!("exports/{kind}-{at}.csv"), text);
        one_by_one.voronka("ingest", &[]);
    }
    assert_same(&numbers(&one_by_one, WEEK), &expected);
}

#[test]
fn a_newer_export_that_overlaps_replaces_rows_by_key() {
    let expected = numbers(&whole(), WEEK);
    let firm = whole();
    // On Friday the week was not over: visits to Thursday, no deal won, and another cost for one day.
    firm.write("exports/visits.tsv", all(VISITS, &visits()[..25]));
    firm.write("exports/deals.csv", all(DEALS, &deals(true)));
    let early: Vec<String> = costs()
        .iter()
        .take(4)
        .map(|row| row.replace("500.50", "123.45"))
        .collect();
    firm.write("exports/google.csv", all(COSTS, &early));
    let friday = numbers(&firm, WEEK);
    assert_eq!(friday["totals"]["sales"].as_f64(), Some(0.0));
    assert_eq!(
        friday["totals"]["spend"].as_f64(),
        Some(20_050.0 + 30_050.0 + 40_050.0 + 12_345.0)
    );
    firm.write("exports/visits-2.tsv", all(VISITS, &visits()[10..]));
    firm.write("exports/deals-2.csv", all(DEALS, &deals(false)));
    firm.write("exports/google-2.csv", all(COSTS, &costs()[2..]));
    let ran = firm.voronka("ingest", &[]).expect_code(0);
    let mut now = numbers(&firm, WEEK);
    // Two exports tell when deals moved on, which one alone cannot.
    now["deal_stages"] = expected["deal_stages"].clone();
    assert_same(&now, &expected);
    assert!(ran.stdout.contains("rejected 0"), "{ran:?}");
}

#[test]
fn an_older_version_of_a_deal_that_comes_late_does_not_win() {
    let expected = numbers(&whole(), WEEK);
    let firm = whole();
    firm.voronka("ingest", &[]).expect_code(0);
    firm.write("exports/deals-old-copy.csv", all(DEALS, &deals(true)));
    assert_same(&numbers(&firm, WEEK), &expected);
}

#[test]
fn a_report_as_of_then_has_the_numbers_of_then() {
    let firm = whole();
    firm.write("exports/deals.csv", all(DEALS, &deals(true)));
    let arguments = [
        "--period",
        WEEK,
        "--no-send",
        "--now",
        "2026-03-09T06:00:00Z",
    ];
    firm.voronka("run", &arguments).expect_code(0);
    let then = read_report(&firm.report(WEEK));
    firm.write("exports/deals-2.csv", all(DEALS, &deals(false)));
    let arguments = [
        "--period",
        WEEK,
        "--no-send",
        "--now",
        "2026-03-16T06:00:00Z",
    ];
    firm.voronka("run", &arguments).expect_code(0);
    assert_eq!(
        firm.read_digest(WEEK)["totals"]["sales"].as_f64(),
        Some(3.0)
    );
    firm.voronka("report", &["--period", WEEK, "--as-of", "2026-03-10"])
        .expect_code(0);
    assert_eq!(
        firm.read_digest(WEEK)["totals"]["sales"].as_f64(),
        Some(0.0)
    );
    assert_equal_files(&then, &read_report(&firm.report(WEEK)));
}

#[test]
fn one_lake_and_period_give_the_same_bytes_in_every_form() {
    let firm = Firm::of_ten_weeks();
    firm.voronka("run", &["--period", WEEK, "--no-send"])
        .expect_code(0);
    let first = read_report(&firm.report(WEEK));
    for kind in [".json", ".html", ".txt", ".png", ".eml"] {
        assert!(
            first.iter().any(|(name, _)| name.ends_with(kind)),
            "no {kind} among {} files",
            first.len()
        );
    }
    firm.voronka(
        "report",
        &[
            "--period",
            WEEK,
            "--out",
            "elsewhere",
            "--now",
            "2027-01-01T00:00:00Z",
        ],
    )
    .expect_code(0);
    assert_equal_files(
        &first,
        &read_report(&firm.path("elsewhere/ten-weeks").join(WEEK)),
    );
    // A lake of its own made from the same exports at the same time has other hashes inside, and the same numbers.
    let twin = Firm::of_ten_weeks();
    twin.voronka("run", &["--period", WEEK, "--no-send"])
        .expect_code(0);
    assert_equal_files(&first, &read_report(&twin.report(WEEK)));
}

fn read_report(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let inside = |path: &Path| {
        path.strip_prefix(folder)
            .expect("the file is inside")
            .display()
            .to_string()
    };
    let files = support::files_below(folder);
    files
        .iter()
        .map(|path| (inside(path), fs::read(path).expect("reports can be read")))
        .collect()
}

#[track_caller]
fn assert_equal_files(first: &[(String, Vec<u8>)], second: &[(String, Vec<u8>)]) {
    let names = |files: &[(String, Vec<u8>)]| {
        files
            .iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(first), names(second));
    for ((name, bytes), (_, others)) in first.iter().zip(second) {
        assert!(
            bytes == others,
            "{name} differs: {} and {} bytes",
            bytes.len(),
            others.len()
        );
    }
}

/// Killed at any moment, an ingest leaves whole exports or nothing of them, and the next run ends what it began.
#[test]
fn an_ingest_that_is_killed_leaves_nothing_half_read() {
    let clean = Firm::of_sample("okna-sever");
    let start = Instant::now();
    clean.voronka("ingest", &[]).expect_code(0);
    let whole = start.elapsed();
    let rows = clean.live_rows();
    let killed = Firm::of_sample("okna-sever");
    for step in 1..=6_u32 {
        let mut child = killed
            .command("ingest", &[])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        // Each time a little later, so that different stages are hit; a run that was quicker ends by itself.
        sleep(whole * step / 8 / if step > 3 { 2 } else { 1 } + Duration::from_millis(7));
        child.kill().expect("it can be killed");
        child.wait().expect("it ends");
        for table in killed.live_rows() {
            let complete = rows.contains(&table) || table.0 == "deals" || table.0 == "costs";
            assert!(complete, "after kill {step}: {table:?} of {rows:?}");
        }
    }
    let ended = numbers(&killed, "2026-W46");
    assert_eq!(killed.live_rows(), rows);
    assert_same(&ended, &numbers(&clean, "2026-W46"));
    // Nothing that no commit made visible stays behind.
    let parquet = |firm: &Firm| {
        let files = support::files_below(&firm.lake());
        files
            .iter()
            .filter(|file| !file.to_string_lossy().contains("state.db"))
            .count()
    };
    assert_eq!(parquet(&killed), parquet(&clean));
}

#[test]
fn two_processes_do_not_change_one_lake_at_a_time() {
    let firm = Firm::of_sample("okna-sever");
    let mut first = firm
        .command("ingest", &[])
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let deadline = Instant::now() + Duration::from_secs(20);
    while !firm.lake().join("write.lock").exists() && Instant::now() < deadline {
        sleep(Duration::from_millis(2));
    }
    let second = firm.voronka("ingest", &[]);
    let ended = first.wait().expect("it ends");
    assert!(ended.success(), "{ended}");
    assert!(
        second.code == 1 && second.stderr.contains("hint:"),
        "{second:?}"
    );
    firm.voronka("ingest", &[]).expect_code(0);
    assert_eq!(firm.rows_of("sessions"), 157_155);
}
