//! Tables of measures: every number is that of the digest of its period, and the rows of every cut add up.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::{self, Firm};

/// Twelve weeks that the sample firm has all its exports of.
const WEEKS: &str = "2026-W35..2026-W46";

/// A table as printed: cells by the name of their column.
fn rows(stdout: &str) -> Vec<BTreeMap<String, String>> {
    let mut lines = stdout.lines().map(cells);
    let head = lines.next().expect("a heading");
    lines
        .map(|cells| head.iter().cloned().zip(cells).collect())
        .collect()
}

/// The cells of a line of CSV.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(String::new()),
            letter => cells.last_mut().expect("a cell").push(letter),
        }
    }
    cells
}

fn table(firm: &Firm, rest: &[&str]) -> Vec<BTreeMap<String, String>> {
    let arguments: Vec<&str> = ["--period", WEEKS].iter().chain(rest).copied().collect();
    rows(&firm.voronka("table", &arguments).expect_code(0).stdout)
}

/// Read as the digests are: the reader of JSON rounds the last digit its own way.
fn number(cell: &str) -> Option<f64> {
    (!cell.is_empty()).then(|| serde_json::from_str(cell).expect("a number"))
}

/// Money of the digest is in minor units.
const MONEY: [&str; 8] = [
    "revenue",
    "revenue_closed",
    "gross_margin",
    "spend",
    "cpl",
    "cac",
    "cpc",
    "average_check",
];

/// A measure in a row of a digest.
fn of_digest(row: &Value, measure: &str) -> Option<f64> {
    let value = match measure {
        "conv1" | "conv2" | "overall" => &row[measure]["value"],
        "cpl" | "cac" | "cpc" | "ctr" | "average_check" | "romi" | "romi_margin" => {
            &row["costs"][measure]
        }
        _ => &row[measure],
    };
    let value = value.as_f64();
    match MONEY.contains(&measure) {
        true => value.map(|minor| minor / 100.0),
        false => value,
    }
}

#[test]
fn every_number_of_twelve_weeks_is_that_of_their_digests() {
    let firm = Firm::of_sample("okna-sever");
    firm.voronka("ingest", &[]).expect_code(0);
    firm.voronka("report", &["--period", WEEKS]).expect_code(0);
    let mut compared = BTreeMap::<String, usize>::new();
    let mut listed = BTreeMap::<String, BTreeSet<String>>::new();
    for row in table(&firm, &["--all"]) {
        let (period, channel) = (&row["period"], &row["channel"]);
        let digest = firm.read_digest(period);
        let of = digest["channels"].as_array().expect("channels").iter();
        let of = of.chain([&digest["totals"]]);
        let wanted = of.clone().find(|of| of["channel"] == channel.as_str());
        let wanted = wanted.unwrap_or_else(|| panic!("{row:?}"));
        let is_key = |name: &str| ["period", "channel", "bounces"].contains(&name);
        for (name, cell) in row.iter().filter(|(name, _)| !is_key(name)) {
            assert_eq!(number(cell), of_digest(wanted, name), "{name} of {row:?}");
            *compared.entry(name.clone()).or_default() += usize::from(!cell.is_empty());
        }
        let known = listed.entry(period.clone()).or_default();
        known.insert(channel.clone());
        if channel == "total" {
            assert_eq!(known.len(), of.count(), "the channels of {period}");
        }
    }
    assert_eq!(listed.len(), 12);
    // What the goods of this firm cost nobody says; every other measure is known somewhere.
    for (name, known) in &compared {
        assert_eq!(*known == 0, name == "romi_margin", "{name}: {known}");
    }
    campaigns_are_those_of_the_digests(&firm);
    managers_are_those_of_the_digests(&firm);
    the_rows_of_every_cut_add_up(&firm);
    a_file_holds_what_is_printed(&firm);
}

fn campaigns_are_those_of_the_digests(firm: &Firm) {
    for level in ["campaign", "page"] {
        let mut compared = 0;
        for row in table(firm, &["--of", level]) {
            if row["channel"] == "total" {
                continue;
            }
            let digest = firm.read_digest(&row["period"]);
            let name = if level == "page" { "name" } else { level };
            let mut of = digest["ads"]["rows"].as_array().expect("rows").iter();
            let wanted = of.find(|of| {
                let is_it = |key: &str, value: &str| of[key].as_str().unwrap_or("") == value;
                is_it("level", level)
                    && is_it("channel", &row["channel"])
                    && is_it(name, &row[level])
            });
            // Channels in which nothing is told so finely are no rows of the digest.
            let Some(wanted) = wanted else { continue };
            for measure in ["sessions", "inquiries", "conv1", "spend", "cpl"] {
                if let Some(cell) = row.get(measure) {
                    let wanted = match measure {
                        "cpl" => wanted["cpl"].as_f64().map(|minor| minor / 100.0),
                        _ => of_digest(wanted, measure),
                    };
                    assert_eq!(number(cell), wanted, "{measure} of {row:?}");
                    compared += 1;
                }
            }
        }
        assert!(compared > 200, "{level}: {compared}");
    }
}

fn managers_are_those_of_the_digests(firm: &Firm) {
    let mut compared = 0;
    for row in table(firm, &["--of", "manager"]) {
        let digest = firm.read_digest(&row["period"]);
        let mut of = digest["managers"].as_array().expect("managers").iter();
        if let Some(wanted) = of.find(|of| of["manager"] == row["manager"].as_str()) {
            for measure in ["deals", "inquiries"] {
                assert_eq!(number(&row[measure]), wanted[measure].as_f64(), "{row:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 60, "{compared}");
}

/// Counts of the rows of a cut are those of its total, and the total is the same in every cut.
fn the_rows_of_every_cut_add_up(firm: &Firm) {
    let totals = |rows: &[BTreeMap<String, String>]| -> Vec<BTreeMap<String, String>> {
        let totals = rows.iter().filter(|row| row["channel"] == "total");
        totals.cloned().collect()
    };
    let of_channels = totals(&table(firm, &["--all"]));
    for of in ["channel", "campaign", "page"] {
        let rows = table(firm, &["--of", of]);
        for (total, of_channels) in totals(&rows).iter().zip(&of_channels) {
            for measure in [
                "sessions",
                "bounces",
                "inquiries",
                "sales",
                "revenue",
                "spend",
            ] {
                let Some(cell) = total.get(measure) else {
                    continue;
                };
                assert_eq!(cell, &of_channels[measure], "{measure} of {of} {total:?}");
                let own = rows
                    .iter()
                    .filter(|row| row["period"] == total["period"] && row["channel"] != "total");
                let sum: f64 = own.filter_map(|row| number(&row[measure])).sum();
                let (sum, total) = ((sum * 100.0).round(), number(cell).expect("known") * 100.0);
                assert_eq!(sum, total.round(), "{measure} of {of}");
            }
            assert_eq!(total["users"], of_channels["users"], "users of {of}");
        }
    }
}

fn a_file_holds_what_is_printed(firm: &Firm) {
    let csv = firm.path("campaigns.csv");
    let printed = firm
        .voronka("table", &["--period", WEEKS, "--of", "campaign"])
        .expect_code(0);
    let save = |file: &std::path::Path| {
        let file = file.display().to_string();
        let arguments = ["--period", WEEKS, "--of", "campaign", "--save", &file];
        assert_eq!(firm.voronka("table", &arguments).expect_code(0).stdout, "");
    };
    save(&csv);
    let saved = std::fs::read_to_string(&csv).expect("the file");
    assert_eq!(saved, printed.stdout);
    let parquet = firm.path("campaigns.parquet");
    save(&parquet);
    let Some(mut python) = support::python("table") else {
        return;
    };
    let ran = support::run(python.args(["-c", READ]).arg(&parquet)).expect_code(0);
    let read: Vec<Value> = serde_json::from_str(&ran.stdout).expect("rows as JSON");
    let rows = rows(&printed.stdout);
    assert_eq!(read.len(), rows.len());
    for (read, row) in read.iter().zip(&rows) {
        for (name, cell) in row {
            let same = match &read[name] {
                Value::String(text) => text == cell,
                value => value.as_f64() == number(cell),
            };
            assert!(same, "{name}: {read} {row:?}");
        }
    }
}

const READ: &str = "
import duckdb, json, sys
found = duckdb.sql(f\"SELECT * EXCLUDE (\\\"from\\\", \\\"to\\\") FROM read_parquet('{sys.argv[1]}')\")
print(json.dumps([dict(zip(found.columns, row)) for row in found.fetchall()]))
";

#[test]
fn days_and_months_are_told_as_periods_of_their_own() {
    let firm = Firm::of_ten_weeks();
    firm.voronka("ingest", &[]).expect_code(0);
    let told = |by: &str| {
        let arguments = ["--period", "2026-01", "--by", by, "--of", "channel"];
        let table = firm.voronka("table", &arguments).expect_code(0);
        let mut totals = rows(&table.stdout);
        totals.retain(|row| row["channel"] == "total");
        totals
    };
    // 20 to 26 visits a day by the day's number, and three forms.
    let days = told("day");
    assert_eq!(days.len(), 31);
    assert_eq!(
        (&*days[0]["period"], &*days[0]["sessions"]),
        ("2026-01-01", "23")
    );
    assert_eq!(days[0]["inquiries"], "3");
    // Nobody says of a visit whether it was left at once: that is not none.
    assert_eq!(days[0]["bounces"], "");
    let months = told("month");
    assert_eq!(months.len(), 1);
    let sum: u64 = days
        .iter()
        .map(|day| day["sessions"].parse::<u64>().expect("a count"))
        .sum();
    assert_eq!(months[0]["sessions"], sum.to_string());
    // Monday 5 January to Sunday 25: weeks that lie whole in the month.
    assert_eq!(told("week").len(), 3);
}

#[test]
fn a_file_of_another_kind_is_refused_before_anything_is_read() {
    let firm = Firm::of_ten_weeks();
    let refused = firm.voronka(
        "table",
        &["--period", "2026-W10", "--all", "--save", "weeks.xlsx"],
    );
    let refused = refused.expect_code(2);
    assert!(refused.stderr.contains(".csv or .parquet"), "{refused:?}");
}
