//! Digests that are due by themselves: each period once, in time or told to be late, and never of data that are not there.

use std::fs;

use crate::support::{Firm, Ran};

/// Sends nothing anywhere: letters are queued in the outbox.
const WEEKLY: &str = "\n[schedule]\nweekly = \"Monday 08:00\"\ntime_zone = \"Europe/Moscow\"\n";

fn firm(settings: &str) -> Firm {
    Firm::of_ten_weeks_with(&format!("{WEEKLY}{settings}"))
}

fn listed(firm: &Firm, now: &str) -> Vec<String> {
    let ran = firm
        .voronka("schedule", &["--next", "1", "--now", now])
        .expect_code(0);
    let lines = ran.stdout.lines();
    lines
        .map(|line| {
            line.split_whitespace()
                .skip(3)
                .take(3)
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

fn made(ran: &Ran) -> usize {
    ran.stdout.matches("letters").count()
}

#[test]
fn a_digest_is_made_when_it_is_due_and_once() {
    let firm = firm("");
    // The last of the ten weeks, 2026-W10, ends on 8 March.
    assert_eq!(made(&firm.tick("2026-03-09T04:59:59Z").expect_code(0)), 0);
    assert_eq!(listed(&firm, "2026-03-09T04:59:59Z"), ["MSK 2026-W10 next"]);
    assert_eq!(made(&firm.tick("2026-03-09T05:00:00Z").expect_code(0)), 1);
    assert!(
        firm.report("2026-W10")
            .join("outbox/boris@firm.example.eml")
            .is_file()
    );
    assert_eq!(made(&firm.tick("2026-03-09T05:10:00Z").expect_code(0)), 0);
    assert_eq!(
        listed(&firm, "2026-03-09T06:00:00Z"),
        ["MSK 2026-W10 done", "MSK 2026-W11 next"]
    );
}

#[test]
fn days_months_to_date_and_years_are_due_by_themselves() {
    let settings = "\n[schedule]\ndaily = \"every day 08:00\"\nmonth_to_date = \"0 9 * * 1\"\nyearly = \"0 9 12 1 *\"\n\
                    time_zone = \"Europe/Moscow\"\n";
    let firm = Firm::of_ten_weeks_with(settings);
    // Monday, the day after the last of the exports: the day before at eight, the month so far at nine.
    assert_eq!(made(&firm.tick("2026-03-09T04:59:59Z").expect_code(0)), 0);
    assert_eq!(made(&firm.tick("2026-03-09T05:00:00Z").expect_code(0)), 1);
    assert!(firm.report("2026-03-08").join("digest.json").is_file());
    assert_eq!(made(&firm.tick("2026-03-09T06:00:00Z").expect_code(0)), 1);
    let digest = firm.read_digest("2026-03-to-08");
    assert_eq!(digest["period"]["from"], "2026-03-01");
    assert_eq!(digest["period"]["to"], "2026-03-08");
    assert_eq!(made(&firm.tick("2026-03-09T06:10:00Z").expect_code(0)), 0);
    let all = ["--next", "400", "--now", "2026-03-09T07:00:00Z"];
    let lines = firm.voronka("schedule", &all).expect_code(0).stdout;
    for due in [
        "09:00 MSK  2026-03-to-08 done",
        "2026-03-10 08:00 MSK  2026-03-09 next",
        "2027-01-12 09:00 MSK  2026  ",
    ] {
        assert!(lines.contains(due), "{due} in {lines}");
    }
}

#[test]
fn a_digest_waits_for_its_exports_until_the_deadline() {
    let firm = firm("wait_hours = 24\nat_deadline = \"owner\"\n");
    let visits = fs::read(firm.path("exports/visits.tsv")).expect("the export");
    fs::remove_file(firm.path("exports/visits.tsv")).expect("it goes");
    let waits = firm.tick("2026-03-09T05:00:00Z").expect_code(0);
    assert!(
        waits.stdout.contains("waiting, until 2026-03-10T05:00:00Z"),
        "{waits:?}"
    );
    assert!(
        waits.stderr.contains("export \"site\": no file fits"),
        "{waits:?}"
    );
    // Nothing new has come: nothing is made.
    assert_eq!(made(&firm.tick("2026-03-09T06:00:00Z").expect_code(0)), 0);
    firm.write("exports/visits.tsv", visits);
    assert_eq!(made(&firm.tick("2026-03-09T07:00:00Z").expect_code(0)), 1);
    assert_eq!(
        listed(&firm, "2026-03-09T08:00:00Z")[0],
        "MSK 2026-W10 done"
    );
}

#[test]
fn at_the_deadline_the_readers_or_the_owner_are_told_as_set() {
    for (setting, code, state) in [("send", 0, "done"), ("owner", 3, "unfit")] {
        let firm = firm(&format!("wait_hours = 24\nat_deadline = \"{setting}\"\n"));
        fs::remove_file(firm.path("exports/visits.tsv")).expect("it goes");
        firm.tick("2026-03-09T05:00:00Z").expect_code(0);
        let ended = firm.tick("2026-03-10T05:00:00Z").expect_code(code);
        assert_eq!(
            ended.stdout.matches("queued").count(),
            if code == 0 { 2 } else { 0 },
            "{ended:?}"
        );
        assert_eq!(
            listed(&firm, "2026-03-10T06:00:00Z")[0],
            format!("MSK 2026-W10 {state}")
        );
        assert_eq!(made(&firm.tick("2026-03-10T07:00:00Z").expect_code(0)), 0);
    }
}

#[test]
fn after_an_outage_the_policy_says_which_digests_are_made_late() {
    let weeks = ["2026-W07", "2026-W08", "2026-W09", "2026-W10"];
    for (policy, states) in [
        ("latest", ["skipped", "skipped", "skipped", "done,"]),
        ("all", ["done,", "done,", "done,", "done,"]),
        ("none", ["skipped", "skipped", "skipped", "skipped"]),
    ] {
        let firm = firm(&format!("catch_up = \"{policy}\"\n"));
        // Somebody looks in the sixth week, then nobody until the Wednesday after the tenth.
        firm.tick("2026-02-10T12:00:00Z").expect_code(0);
        let back = firm.tick("2026-03-11T12:00:00Z").expect_code(0);
        assert_eq!(
            made(&back),
            states.iter().filter(|state| **state == "done,").count(),
            "{back:?}"
        );
        let mut found = listed(&firm, "2026-03-11T13:00:00Z");
        found.pop();
        found.iter_mut().for_each(|line| {
            *line = line
                .trim_end_matches(" late")
                .replace("skipped,", "skipped")
        });
        let wanted: Vec<String> = weeks
            .iter()
            .zip(states)
            .map(|(week, state)| format!("MSK {week} {state}"))
            .collect();
        assert_eq!(found, wanted, "{policy}");
    }
}

#[test]
fn a_run_that_fails_is_tried_again_and_told() {
    let firm = firm("");
    // A folder stands where the report's folder is to be made.
    firm.write("out", "no folder");
    let failed = firm.tick("2026-03-09T05:00:00Z").expect_code(0);
    assert!(
        failed.stderr.contains("error:") && failed.stdout.contains(": due, until"),
        "{failed:?}"
    );
    fs::remove_file(firm.path("out")).expect("it goes");
    assert_eq!(made(&firm.tick("2026-03-09T05:05:00Z").expect_code(0)), 1);
}

#[test]
fn a_folder_of_pipelines_is_ticked_whole_though_one_is_broken() {
    let firm = firm("");
    let text = fs::read_to_string(firm.path("firm/firm.toml")).expect("the pipeline");
    firm.write(
        "firm/second.toml",
        text.replace("\"ten-weeks\"", "\"second\""),
    );
    firm.write("firm/broken.toml", text.replace("Monday 08:00", "Someday"));
    firm.write(
        "firm/by-hand.toml",
        text.replace("weekly", "# weekly")
            .replace("\"ten-weeks\"", "\"by-hand\""),
    );
    let mut command = crate::support::bare(&[
        "tick",
        "firm",
        "--jobs",
        "2",
        "--now",
        "2026-03-09T05:00:00Z",
    ]);
    let ran = crate::support::run(command.current_dir(firm.path(""))).expect_code(2);
    assert_eq!(made(&ran), 2, "{ran:?}");
    assert!(
        ran.stderr
            .contains("broken.toml:19: \"someday\" in \"Someday\""),
        "{ran:?}"
    );
    assert!(!ran.said().contains("by-hand"), "{ran:?}");
}
