//! Every number that readers see has its source in `digest.json`, says a judge that shares no code with the program.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::{self, Firm, Ran};

const FILES: [&str; 5] = [
    "digest.html",
    "digest.txt",
    "report.html",
    "report.pdf",
    "tables.xlsx",
];

/// The tracer's verdict over some files of a report, or `None` where its tools are not installed.
fn traced(folder: &Path, files: &[&str]) -> Option<Ran> {
    let mut python = support::python("trace")?;
    if Command::new("pdftotext").arg("-v").output().is_err() {
        support::skip("trace", "pdftotext");
        return None;
    }
    let mut command = python.arg(support::root().join("tests/trace/trace.py"));
    command = command.arg(folder.join("digest.json"));
    for file in files {
        command = command.arg(folder.join(file));
    }
    Some(support::run(command))
}

#[test]
fn every_number_of_every_file_is_in_the_digest() {
    for (firm, periods) in [
        ("okna-sever", ["2026-W46", "2026-W23", "2026-10"]),
        ("north-windows", ["2026-W46", "2026-W44", "2026-10"]),
        ("zerno", ["2026-W46", "2026-W31", "2026-10"]),
    ] {
        let firm = Firm::of_sample(firm);
        firm.voronka("ingest", &[]).expect_code(0);
        for period in periods {
            firm.voronka("preview", &["--period", period])
                .expect_code(0);
            let Some(ran) = traced(&firm.report(period), &FILES) else {
                return;
            };
            ran.expect_code(0);
        }
    }
}

#[test]
fn a_number_that_is_not_in_the_digest_is_found() {
    let firm = Firm::of_sample("north-windows");
    firm.voronka("ingest", &[]).expect_code(0);
    firm.voronka("preview", &["--period", "2026-W46"])
        .expect_code(0);
    let folder = firm.report("2026-W46");
    let text = fs::read_to_string(folder.join("digest.txt")).expect("a text");
    fs::write(
        folder.join("wrong.txt"),
        format!("{text}\nConversion 73.519%\n"),
    )
    .expect("written");
    fs::write(folder.join("short.txt"), "nothing\n").expect("written");
    let Some(ran) = traced(&folder, &["wrong.txt", "short.txt"]) else {
        return;
    };
    let ran = ran.expect_code(1);
    assert!(
        ran.stdout.contains("73.519 has no source"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("short.txt") && ran.stdout.contains("is missing"),
        "{}",
        ran.stdout
    );
}
