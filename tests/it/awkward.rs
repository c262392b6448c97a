//! Awkward files: each is refused or read with a clear word, nothing of it is half visible, and the lake goes on working.

use std::fs;
use std::process::Command;

use self::files::{Awkward, Expect, HEADER, cut, forms, gzip, visits, with_row};
use crate::snapshots::Snapshots;
use crate::support::{self, Firm, Ran};

mod bytes;
pub mod files;
mod told;

/// A firm with one export.
pub const FIRM: &str = r#"
name = "firm"
title = "A firm"
language = "en"

[[exports]]
name = "in"
files = ["../exports/*"]

[thresholds]
max_reject_share = 1.0
"#;

#[test]
fn what_is_no_table_is_refused_with_its_name_and_what_to_do() {
    check(files::refused(), Some("refused"));
}

#[test]
fn what_people_re_save_is_read() {
    check(files::re_saved(), None);
}

#[test]
fn odd_rows_are_rejected_one_by_one() {
    check(files::odd_rows(), Some("odd-rows"));
}

/// Takes each file in; with the name of a folder of snapshots, what is said about it is held against these.
fn check(files: Vec<Awkward>, snapshots: Option<&str>) {
    let mut snapshots =
        snapshots.map(|folder| Snapshots::in_folder(&format!("tests/it/snapshots/{folder}")));
    let mut wrong = String::new();
    for (name, bytes, expect) in files {
        let firm = Firm::new(FIRM);
        firm.write(&format!("exports/{name}"), &bytes);
        let ran = firm.voronka("ingest", &[]);
        if let Some(snapshots) = &mut snapshots {
            hold(snapshots, &firm, name, &ran);
        }
        if let Err(what) = check_one(&firm, name, &bytes, &expect, &ran) {
            wrong += &format!("--- {name}: {what}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    if let Some(snapshots) = snapshots {
        snapshots.end();
    }
}

/// What `ingest` said about a file, and what `inspect` says.
fn hold(snapshots: &mut Snapshots, firm: &Firm, name: &str, ingested: &Ran) {
    let path = format!("exports/{name}");
    let inspected = firm.voronka("inspect", &[&path]);
    let said = [
        ("ingest", "voronka ingest".to_owned(), ingested),
        ("inspect", format!("voronka inspect {path}"), &inspected),
    ];
    for (command, line, ran) in said {
        let transcript = firm.transcript(ran);
        let name = format!("{command}-{name}");
        snapshots.hold(&name, &line, || {
            insta::assert_snapshot!(name.as_str(), transcript);
        });
    }
}

/// What came of the file alone, and of a good file of the same kind after it.
fn check_one(
    firm: &Firm,
    name: &str,
    bytes: &[u8],
    expect: &Expect,
    ran: &Ran,
) -> Result<(), String> {
    let is_visits = bytes.starts_with(b"ym:s:");
    let kept = firm.rows_of(if is_visits { "sessions" } else { "forms" });
    let asked = match expect {
        Expect::Refused => ran.code == 3 && kept == 0 && ran.stderr.contains("hint:"),
        Expect::Kept(rows) => ran.code == 0 && kept == *rows && ran.stdout.contains("rejected 0"),
        Expect::Rejects(rows, rejects) => {
            ran.code == 0 && kept == *rows && ran.stdout.contains(&format!("rejected {rejects}"))
        }
    };
    if !asked {
        let mut said = ran.said();
        said.truncate(
            said.char_indices()
                .map(|(at, _)| at)
                .nth(1500)
                .unwrap_or(said.len()),
        );
        return Err(format!("code {}, {kept} rows\n{said}", ran.code));
    }
    if ran.said().contains("panicked") || ran.said().contains("0900 555") {
        return Err(format!("a panic or a telephone number in\n{}", ran.said()));
    }
    fs::remove_file(firm.path(&format!("exports/{name}"))).map_err(|error| error.to_string())?;
    let good = if is_visits {
        visits()
            .replace("\t2026-03", "\t2026-04")
            .replace("\n80", "\n70")
    } else {
        forms().replace(".03.2026", ".04.2026")
    };
    firm.write("exports/good.csv", good);
    let ran = firm.voronka("ingest", &[]);
    let now = firm.rows_of(if is_visits { "sessions" } else { "forms" });
    if ran.code != 0 || now != kept + 3 {
        return Err(format!(
            "the good file after it: code {}, {now} rows, expected {}\n{}",
            ran.code,
            kept + 3,
            ran.said()
        ));
    }
    Ok(())
}

#[test]
fn a_folder_among_the_files_is_refused_and_the_files_are_read() {
    let firm = Firm::new(FIRM);
    firm.write("exports/forms.csv", forms());
    fs::create_dir_all(firm.path("exports/older.csv")).expect("a folder can be made");
    let given = firm.path("exports/older.csv").display().to_string();
    let ran = firm.voronka("ingest", &[&given]);
    assert_ne!(ran.code, 0, "{ran:?}");
    firm.voronka("ingest", &[]);
    assert_eq!(firm.rows_of("forms"), 3);
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_is_refused_and_the_files_are_read() {
    let firm = Firm::new(FIRM);
    firm.write("exports/forms.csv", forms());
    std::os::unix::fs::symlink("gone.csv", firm.path("exports/link.csv"))
        .expect("a link can be made");
    let transcript = firm.transcript(&firm.voronka("ingest", &[]).expect_code(3));
    let mut snapshots = Snapshots::in_folder("tests/it/snapshots/link");
    snapshots.hold("ingest-link-to-nothing", "voronka ingest", || {
        insta::assert_snapshot!("ingest-link-to-nothing", transcript);
    });
    snapshots.end();
    assert_eq!(firm.rows_of("forms"), 3);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_pipe_is_refused_and_the_files_are_read() {
    let firm = Firm::new(FIRM);
    firm.write("exports/forms.csv", forms());
    let made = Command::new("mkfifo").arg(firm.path("pipe")).status();
    assert!(made.is_ok_and(|made| made.success()), "a pipe can be made");
    std::os::unix::fs::symlink("../pipe", firm.path("exports/link.csv"))
        .expect("a link can be made");
    let ran = firm.voronka("ingest", &[]).expect_code(3);
    assert!(ran.stderr.contains("is a pipe or a device"), "{ran:?}");
    assert_eq!(firm.rows_of("forms"), 3);
}

#[test]
fn a_folder_that_an_export_names_stands_for_its_files() {
    let firm = Firm::new(&FIRM.replace("../exports/*", "../exports"));
    firm.write("exports/forms.csv", forms());
    firm.write("exports/older/forms.csv", forms().replace(".03.", ".02."));
    firm.voronka("ingest", &[]).expect_code(0);
    assert_eq!(firm.rows_of("forms"), 3);
}

#[test]
fn standard_input_is_inspected() {
    let firm = Firm::new(FIRM);
    firm.write("forms.csv.gz", gzip(forms().as_bytes()));
    let given = fs::File::open(firm.path("forms.csv.gz")).expect("the file is there");
    let mut command = firm.command("inspect", &["-"]);
    let output = command.stdin(given).output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.starts_with("stdin: Site forms"), "{output:?}");
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_refused_and_the_others_are_read() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let firm = Firm::new(FIRM);
    firm.write("exports/forms.csv", forms());
    firm.write("exports/secret.csv", forms().replace(".03.", ".04."));
    let secret = firm.path("exports/secret.csv");
    if fs::metadata(&secret).expect("the file is there").uid() == 0 {
        // Root may read everything.
        return;
    }
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000))
        .expect("permissions can be changed");
    let ran = firm.voronka("ingest", &[]).expect_code(3);
    assert!(ran.stderr.contains("secret.csv"), "{ran:?}");
    assert_eq!(firm.rows_of("forms"), 3);
}

#[test]
fn one_bad_file_among_good_ones_keeps_nothing_else_out() {
    let firm = Firm::new(FIRM);
    firm.write("exports/1.csv", forms());
    firm.write(
        "exports/2.csv.gz",
        cut(gzip(forms().replace(".03.", ".05.").repeat(500).as_bytes())),
    );
    firm.write("exports/3.csv", forms().replace(".03.", ".04."));
    let ran = firm.voronka("ingest", &[]).expect_code(3);
    assert!(
        ran.stderr.contains("2.csv.gz") && ran.stderr.contains("hint:"),
        "{ran:?}"
    );
    assert_eq!(firm.rows_of("forms"), 6);
}

#[test]
fn files_of_two_kinds_in_one_export_are_an_error_and_none_is_kept() {
    let firm = Firm::new(FIRM);
    firm.write("exports/forms.csv", forms());
    firm.write("exports/visits.tsv", visits());
    let ran = firm.voronka("ingest", &[]);
    assert_ne!(ran.code, 0, "{ran:?}");
    assert!(firm.live_rows().is_empty(), "{:?}", firm.live_rows());
}

#[cfg(unix)]
#[test]
fn a_hostile_file_name_does_not_reach_the_terminal() {
    let firm = Firm::new(FIRM);
    firm.write("exports/a\u{1b}[31mred\nline.csv", forms());
    let ran = firm.voronka("ingest", &[]);
    assert!(!ran.said().contains('\u{1b}'), "{ran:?}");
    assert!(!ran.said().contains("red\nline"), "{ran:?}");
}

#[test]
fn too_many_rejects_make_no_report() {
    let firm = Firm::new(&FIRM.replace("1.0", "0.05"));
    firm.write("exports/forms.csv", with_row("01.01.1970 00:00;З;;;;;904"));
    firm.voronka("run", &["--period", "2026-W10", "--no-send"])
        .expect_code(3);
    assert!(!firm.path("out").exists(), "a report was made");
}

/// A file-size limit stands in for a full disk: writing beyond it fails in the same way.
#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_and_leaves_the_lake_as_it_was() {
    let firm = Firm::new(FIRM);
    firm.write("exports/1.csv", forms());
    firm.voronka("ingest", &[]).expect_code(0);
    let many: String = (0..60_000)
        .map(|n| {
            format!(
                "{:02}.03.2026 10:00;Форма {};;k{n}@pochta.example;{n}{n};;{n}\n",
                n % 28 + 1,
                n * 7919
            )
        })
        .collect();
    firm.write("exports/2.csv", format!("{HEADER}{many}"));
    let ingest = firm.command("ingest", &[]);
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 256; exec \"$@\"", "sh"])
        .arg(ingest.get_program());
    limited.args(ingest.get_args()).current_dir(firm.path(""));
    let ran = support::run(&mut limited);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.starts_with("error:"), "{ran:?}");
    assert_eq!(firm.rows_of("forms"), 3);
    firm.voronka("ingest", &[]).expect_code(0);
    assert_eq!(firm.rows_of("forms"), 60_003);
    let check = firm.voronka("check", &[]);
    assert!(
        check.stdout.contains("every live file is whole"),
        "{check:?}"
    );
}
