//! Running by itself: notices to whoever runs it, the loop, the systemd units; tables, the record of runs, the vacuum.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{self, Firm};

const WEEKLY: &str = "\n[schedule]\nweekly = \"Monday 08:00\"\ntime_zone = \"Europe/Moscow\"\n";

#[test]
fn a_fault_is_told_once_a_day_by_mail_and_to_the_program_of_the_pipeline() {
    let settings = "[notices]\nto = [\"admin@firm.example\"]\ncommand = [\"/bin/sh\", \"-c\", \"cat >> told.jsonl\"]\n";
    let firm = Firm::of_ten_weeks_with(&format!("{WEEKLY}{settings}"));
    fs::remove_file(firm.path("exports/visits.tsv")).expect("it goes");
    for time in [
        "2026-03-09T05:00:00Z",
        "2026-03-09T05:10:00Z",
        "2026-03-09T23:00:00Z",
    ] {
        firm.tick(time).expect_code(0);
    }
    let told = fs::read_to_string(firm.path("told.jsonl")).expect("the program was told");
    let told: Vec<serde_json::Value> = told
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(
        (&told[0]["fault"], &told[0]["period"]),
        (&"waits".into(), &"2026-W10".into())
    );
    assert_eq!(
        told[0]["reason"],
        "export \"site\": no file fits its patterns"
    );
    let letters = support::files_below(&firm.path("out/ten-weeks/notices"));
    assert_eq!(letters.len(), 1, "{letters:?}");
    let letter = fs::read_to_string(&letters[0]).expect("the notice");
    assert!(
        letter.contains("Subject: Voronka, Ten weeks: the digest of 2026-W10 waits for its data"),
        "{letter}"
    );
    // At the deadline it goes out all the same, which is another fault.
    firm.tick("2026-03-10T05:00:00Z").expect_code(0);
    let told = fs::read_to_string(firm.path("told.jsonl")).expect("the program was told");
    assert_eq!(told.matches("\"sent-unfit\"").count(), 1, "{told}");
}

/// A running program that is killed when dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_loop_says_that_it_is_well_and_ends_when_it_is_told() {
    let firm = Firm::of_ten_weeks_with(WEEKLY);
    let words = [
        "serve",
        "firm/firm.toml",
        "--every",
        "1",
        "--health",
        "127.0.0.1:0",
        "--metrics",
        "voronka.prom",
    ];
    let mut command = support::bare(&words);
    command
        .args(["--now", "2026-03-09T05:00:00Z"])
        .current_dir(firm.path(""));
    let mut running = Running(command.stdout(Stdio::piped()).spawn().expect("it starts"));
    let mut lines = BufReader::new(running.0.stdout.take().expect("its output is piped")).lines();
    let first = lines.next().expect("a line").expect("text");
    let address = first
        .strip_prefix("health: http://")
        .and_then(|rest| rest.strip_suffix("/health"));
    let address = address.unwrap_or_else(|| panic!("{first}")).to_owned();
    assert!(lines.by_ref().any(|line| {
        line.expect("text")
            .ends_with("2026-W10, due 2026-03-09 08:00: done")
    }));
    let asked = |path: &str| {
        let mut stream = TcpStream::connect(&address).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    };
    wait_until(|| asked("/health").contains("\"pipelines\":1"));
    assert!(
        asked("/health").starts_with("HTTP/1.1 200 OK")
            && asked("/health").contains("\"status\":\"ok\"")
    );
    assert!(asked("/").starts_with("HTTP/1.1 404"));
    wait_until(|| firm.path("voronka.prom").is_file());
    let metrics = fs::read_to_string(firm.path("voronka.prom")).expect("the metrics");
    assert!(
        metrics.contains("voronka_exit_code{pipeline=\"firm/firm.toml\"} 0\n"),
        "{metrics}"
    );
    let pid = running.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .expect("kill runs")
            .success()
    );
    let status = running.0.wait().expect("it ends");
    assert!(status.success(), "{status}");
    assert_eq!(
        lines.last().expect("a line").expect("text"),
        "serve: stopped"
    );
}

#[track_caller]
fn wait_until(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it takes too long"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_health_of_the_loop_is_no_matter_of_other_machines() {
    let firm = Firm::of_ten_weeks_with(WEEKLY);
    let mut command = support::bare(&["serve", "firm/firm.toml", "--health", "0.0.0.0:0"]);
    let refused = support::run(command.current_dir(firm.path(""))).expect_code(2);
    assert!(
        refused
            .stderr
            .contains("could be reached from other machines"),
        "{refused:?}"
    );
}

#[test]
fn the_units_of_systemd_name_the_pipelines_and_go_again() {
    let firm = Firm::of_ten_weeks_with(WEEKLY);
    let run = |words: &[&str]| support::run(support::bare(words).current_dir(firm.path("")));
    run(&["install", "--print", "firm"]).expect_code(0);
    assert!(!firm.path("lake").exists(), "showing changes nothing");
    run(&["install", "--into", "units", "--every", "5", "firm"]).expect_code(0);
    let service = fs::read_to_string(firm.path("units/voronka.service")).expect("the service");
    let folder = fs::canonicalize(firm.path("")).expect("the folder");
    for wanted in [
        format!("tick \"{}\"\n", folder.join("firm").display()),
        format!(
            "ReadWritePaths=\"{}\"\n",
            folder.join("lake/ten-weeks").display()
        ),
        format!("ReadWritePaths=\"{}\"\n", folder.join("out").display()),
        "ProtectSystem=strict\n".to_owned(),
    ] {
        assert!(service.contains(&wanted), "{wanted}\n{service}");
    }
    let timer = fs::read_to_string(firm.path("units/voronka.timer")).expect("the timer");
    assert!(
        timer.contains("OnCalendar=*:0/5\n") && timer.contains("Persistent=yes\n"),
        "{timer}"
    );
    // The manager of one account could not start a service that fences files off.
    run(&["install", "--user", "--into", "own", "firm"]).expect_code(0);
    let own = fs::read_to_string(firm.path("own/voronka.service")).expect("the service");
    assert!(
        own.contains("NoNewPrivileges=yes\n") && !own.contains("ProtectSystem"),
        "{own}"
    );
    let of_nothing = ["install", "--into", "own", "--env", "no/env", "firm"];
    let refused = run(&of_nothing).expect_code(2);
    assert!(refused.stderr.contains("no/env"), "{refused:?}");
    run(&["uninstall", "--from", "units"]).expect_code(0);
    assert_eq!(support::files_below(&firm.path("units")).len(), 0);
}

#[test]
fn vacuum_takes_only_what_no_report_of_the_kept_days_needs() {
    let firm = Firm::of_ten_weeks();
    let run = |now: &str| {
        firm.voronka("run", &["--period", "2026-W10", "--no-send", "--now", now])
            .expect_code(0)
    };
    run("2026-03-09T05:00:00Z");
    // A newer export of the same visits: its rows replace the old ones.
    let visits = fs::read_to_string(firm.path("exports/visits.tsv")).expect("the export");
    firm.write("exports/visits.tsv", visits.replace("referral", "organic"));
    run("2026-03-10T05:00:00Z");
    let vacuum = |now: &str| {
        firm.voronka("vacuum", &["--keep-days", "30", "--now", now])
            .expect_code(0)
    };
    assert!(
        vacuum("2026-03-20T05:00:00Z")
            .stdout
            .starts_with("vacuum: 0 files")
    );
    let report = |as_of: &str| firm.voronka("report", &["--period", "2026-W10", "--as-of", as_of]);
    report("2026-03-09T12:00:00Z").expect_code(0);
    let latest = "2026-03-10T05:00:00Z";
    report(latest).expect_code(0);
    // Once what the first report knew is removed, nobody can tell any more what differs from it.
    let known = || {
        let mut digest = firm.read_digest("2026-W10");
        let fields = digest.as_object_mut().expect("a digest");
        fields.retain(|name, _| !["restated", "report_version"].contains(&name.as_str()));
        digest
    };
    let before = known();
    let files = || {
        support::files_below(&firm.path("lake"))
            .into_iter()
            .filter(|path| path.extension().is_some_and(|kind| kind == "parquet"))
            .count()
    };
    let all = files();
    let vacuumed = vacuum("2026-05-20T05:00:00Z");
    // Months of visits with a changed row were replaced, each with its daily cube, and none of forms.
    assert!(
        vacuumed.stdout.starts_with("vacuum: 8 files removed"),
        "{vacuumed:?}"
    );
    assert_eq!(files(), all - 8);
    let refused = report("2026-03-09T12:00:00Z").expect_code(1);
    assert!(
        refused.stderr.contains("was removed by `voronka vacuum`"),
        "{refused:?}"
    );
    firm.voronka("check", &[]).expect_code(0);
    firm.voronka("report", &["--period", "2026-W10"])
        .expect_code(0);
    assert_eq!(known(), before, "what is known now is untouched");
}

#[test]
fn timings_say_what_each_stage_took() {
    let firm = Firm::of_ten_weeks();
    let stages = |ran: support::Ran| -> Vec<String> {
        let lines = ran.expect_code(0).stderr;
        let stages = lines.lines().filter(|line| line.contains("peak memory"));
        let names = stages.filter_map(|line| line.split_whitespace().next());
        names.map(str::to_owned).collect()
    };
    let period = ["--period", "2026-W10"];
    let timed = ["--period", "2026-W10", "--timings"];
    assert_eq!(stages(firm.voronka("ingest", &["--timings"])), ["ingest"]);
    assert_eq!(
        stages(firm.voronka("run", &timed)),
        ["ingest", "report", "send"]
    );
    assert_eq!(stages(firm.voronka("report", &timed)), ["report"]);
    let table = [&timed[..], &["--all"]].concat();
    assert_eq!(
        stages(firm.voronka("table", &table)),
        ["read", "count", "write"]
    );
    assert_eq!(
        stages(firm.voronka("report", &period)),
        Vec::<String>::new()
    );
}

#[test]
fn a_run_is_shown_with_its_stages() {
    let firm = Firm::of_ten_weeks();
    firm.voronka("run", &["--period", "2026-W10"])
        .expect_code(0);
    let shown = firm.voronka("runs", &["show", "1"]).expect_code(0);
    let stages: Vec<&str> = shown
        .stdout
        .lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(stages, ["ingest", "report", "send"]);
    // 23 visits a day on the average and three forms, for seventy days.
    assert!(
        shown.stdout.contains("2 files       1820 rows"),
        "{shown:?}"
    );
    firm.voronka("runs", &["show", "99"]).expect_code(2);
}
