//! `voronka localise` on tables small enough to work out by hand.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::support::{self, Ran};

/// A file in a folder of its own, gone when dropped.
struct Table {
    dir: tempfile::TempDir,
}

impl Table {
    fn new(text: impl AsRef<[u8]>) -> Self {
        let dir = tempfile::tempdir().expect("a folder can be made");
        fs::write(dir.path().join("week.csv"), text).expect("the file can be written");
        Self { dir }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("week.csv")
    }

    fn localise(&self, options: &[&str]) -> Ran {
        support::run(
            Command::new(env!("CARGO_BIN_EXE_voronka"))
                .arg("localise")
                .arg(self.path())
                .args(options),
        )
    }
}

/// Three channels on two devices and three pages: each of 18 cells had 4 000 visits with 120 inquiries over four weeks
/// and has 1 000 visits now, so 30 inquiries are expected of it. The phones' landing page is dead: 3 x 30 = 90 expected
/// and none came.
fn dead_landing_page(delimiter: &str) -> String {
    let mut lines =
        vec![["channel", "device", "page", "base_n", "base_k", "n", "k"].join(delimiter)];
    for channel in ["cpc", "organic", "direct"] {
        for device in ["desktop", "phone"] {
            for page in ["/", "/lp", "/prices"] {
                let k = if (device, page) == ("phone", "/lp") {
                    "0"
                } else {
                    "30"
                };
                lines.push([channel, device, page, "4000", "120", "1000", k].join(delimiter));
            }
        }
    }
    lines.join("\n") + "\n"
}

fn json(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).expect("the output is JSON")
}

#[test]
fn a_dead_page_on_phones_is_named() {
    let found = json(
        &Table::new(dead_landing_page(","))
            .localise(&["--json"])
            .expect_code(0),
    );
    let segments = found["segments"].as_array().expect("there is a list");
    assert_eq!(segments.len(), 1, "{found}");
    assert_eq!(
        segments[0]["dimensions"],
        serde_json::json!({"device": "phone", "page": "/lp"})
    );
    assert_eq!(segments[0]["observed"], 0.0);
    let expected = segments[0]["expected"].as_f64().expect("a number");
    assert!((expected - 90.0).abs() < 1.0, "{expected}");
    assert!(segments[0]["score"].as_f64().expect("a number") > 10.0);
}

#[test]
fn people_get_a_table() {
    let ran = Table::new(dead_landing_page(","))
        .localise(&[])
        .expect_code(0);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert!(lines[0].starts_with("segment"), "{}", ran.stdout);
    assert!(
        lines[1].starts_with("device=phone & page=/lp "),
        "{}",
        ran.stdout
    );
    assert!(lines[1].contains(" 100 %"), "{}", ran.stdout);
    assert_eq!(lines[2], "everything else: as expected");
}

#[test]
fn nothing_beyond_noise_is_said_so() {
    let quiet = Table::new(dead_landing_page(",").replace(",0\n", ",30\n"));
    let ran = quiet.localise(&[]).expect_code(0);
    assert_eq!(
        ran.stdout,
        "no drop: nothing beyond noise in any segment\neverything else: as expected\n"
    );
    assert_eq!(
        json(&quiet.localise(&["--json"]))["segments"],
        serde_json::json!([])
    );
}

#[test]
fn rises_are_found_when_asked_for() {
    let table = Table::new(dead_landing_page(",").replace(",0\n", ",90\n"));
    assert_eq!(
        json(&table.localise(&["--json"]))["segments"],
        serde_json::json!([])
    );
    let found = json(&table.localise(&["--json", "--rise"]).expect_code(0));
    assert_eq!(
        found["segments"][0]["dimensions"],
        serde_json::json!({"device": "phone", "page": "/lp"})
    );
}

/// Order of rows, delimiter, byte-order mark, line ends, quotes, order and case of columns: all the same table.
#[test]
fn how_the_table_is_written_changes_nothing() {
    let expected = Table::new(dead_landing_page(","))
        .localise(&["--json"])
        .expect_code(0)
        .stdout;
    let plain = dead_landing_page(",");
    let (header, rows) = plain.split_once('\n').expect("there is a header");
    let backwards: Vec<&str> = rows.lines().rev().collect();
    let swapped = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        [6, 2, 1, 0, 3, 4, 5].map(|at| cells[at]).join(",")
    };
    let variants = [
        format!("{header}\n{}\n", backwards.join("\n")),
        dead_landing_page(";"),
        dead_landing_page("\t"),
        format!("\u{feff}{}", plain.replace('\n', "\r\n")),
        plain.replace("/lp", "\"/lp\"").replace("base_n", "BASE_N"),
        plain.lines().map(|line| swapped(line) + "\n").collect(),
        plain
            .lines()
            .enumerate()
            .map(|(at, line)| {
                format!(
                    "{},{line}\n",
                    [at.to_string(), String::new()][usize::from(at == 0)]
                )
            })
            .collect(),
    ];
    for text in variants {
        assert_eq!(
            Table::new(&text)
                .localise(&["--json"])
                .expect_code(0)
                .stdout,
            expected,
            "{text}"
        );
    }
}

#[track_caller]
fn refused(text: &str, says: &str) {
    let ran = Table::new(text).localise(&["--json"]).expect_code(3);
    assert!(ran.stdout.is_empty(), "{}", ran.stdout);
    assert!(
        ran.stderr.contains(says),
        "expected: {says}\n{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("\nhint: "), "{}", ran.stderr);
}

#[test]
fn a_broken_table_is_refused_with_its_line() {
    refused(
        "page,base_n,base_k,n\n/,10,1,10\n",
        "week.csv:1: column \"k\" is missing",
    );
    refused(
        "base_n,base_k,n,k\n10,1,10,1\n",
        "week.csv:1: there are no dimensions",
    );
    refused(
        "page,page,base_n,base_k,n,k\n/,/,10,1,10,1\n",
        "week.csv:1: column \"page\" stands twice",
    );
    refused(
        "page,n,base_n,base_k,n,k\n/,1,10,1,10,1\n",
        "week.csv:1: column \"n\" stands twice",
    );
    refused(
        "page,base_n,base_k,n,k\n/,10,1,10,1\n/a,10,1,ten,1\n",
        "week.csv:3: n is \"ten\", expected a number",
    );
    refused(
        "page,base_n,base_k,n,k\n/,10,1,10,-1\n",
        "week.csv:2: k is \"-1\"",
    );
    refused(
        "page,base_n,base_k,n,k\n/,10,1,10,\n",
        "week.csv:2: k is \"\"",
    );
    refused(
        "page,base_n,base_k,n,k\n/,10,1,10,11\n",
        "week.csv:2: k is 11, more than n, 10",
    );
    refused(
        "page,base_n,base_k,n,k\n/,10,12,10,1\n",
        "week.csv:2: base_k is 12, more than base_n, 10",
    );
    refused(
        "page,base_n,base_k,n,k\n/,10,1,10\n",
        "week.csv:2: the row has 4 cells, the header 5",
    );
    refused("page,base_n,base_k,n,k\n", "week.csv: has no rows");
    refused("", "week.csv: the file is empty");
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    refused(
        "made by hand\n\npage,base_n,base_k,n,k\n\n\n/,10,1,10,1\n\n/a,10,1,ten,1\n",
        "week.csv:8: n is \"ten\"",
    );
    refused(
        "page,base_n,base_k,n,k\r\n\r\n/,10,1,10,1\r\n/a,10,1,ten,1\r\n",
        "week.csv:4: n is \"ten\"",
    );
    refused(
        "page,base_n,base_k,n,k\r/,10,1,10,1\r\r/a,10,1,ten,1\r",
        "week.csv:4: n is \"ten\"",
    );
    refused(
        "page,base_n,base_k,n,k\n\"/\nlong\",10,1,10,1\n/a,10,1,ten,1\n",
        "week.csv:4: n is \"ten\"",
    );
}

#[test]
fn a_quote_that_is_never_closed_is_refused_with_its_line() {
    let open = "a quote is opened and never closed";
    let header = "page,base_n,base_k,n,k\n";
    for (rows, line) in [
        ("/,10,1,10,1\n\"/a,10,1,10,1", 3),
        ("/,10,1,10,\"1", 2),
        ("\"/,10,1,10,1\n/a,10,1,10,1\n/b,10,1,10,1\n", 2),
        ("\"/,10,1,10,1\n/a \"top\",10,1,10,1\n", 2),
        ("\"/,10,1,10,1\n\"/a\",10,1,10,1\n", 2),
        ("/,10,1,10,\"1\n/a,10,1,10,\"1\n", 2),
    ] {
        refused(
            &format!("{header}{rows}"),
            &format!("week.csv:{line}: {open}"),
        );
    }
}

/// Stray quotes, text behind a closing quote, cells too many that are empty, and encodings.
#[test]
fn tables_of_careless_systems_are_read() {
    let header = "page;base_n;base_k;n;k\r\n";
    let rows = [
        "5\" труба;4000;120;1000;0;;\r\n\r\n",
        "\"Окна\" <1>;4000,5;120;1000;30\r\n",
        "\"два\r\nслова\";4000;120;1000;30;\r\n",
        ";4000;120;1000;30",
    ];
    let table = format!("{header}{}", rows.concat());
    let mut wide = vec![0xff, 0xfe];
    wide.extend(table.encode_utf16().flat_map(u16::to_le_bytes));
    let (cyrillic, _, _) = encoding_rs::WINDOWS_1251.encode(&table);
    for bytes in [table.as_bytes(), &wide, &cyrillic] {
        let found = json(&Table::new(bytes).localise(&["--json"]).expect_code(0));
        assert_eq!(
            found["segments"][0]["dimensions"],
            serde_json::json!({"page": "5\" труба"})
        );
    }
}

#[test]
fn a_file_that_is_not_there_is_said_so() {
    let table = Table::new("");
    fs::remove_file(table.path()).expect("the file was there");
    let ran = table.localise(&[]).expect_code(3);
    assert!(ran.stderr.contains("week.csv"), "{}", ran.stderr);
}
