//! Whole samples, small ones: the same bytes from the same seed, and files that agree with one another.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Firm, SampleSpec, generate};

/// A folder that is removed when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("voronka-sample-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn small(weeks: u32) -> SampleSpec {
    SampleSpec {
        weeks,
        sessions_per_week: 2000,
        ..SampleSpec::of(Firm::OknaSever)
    }
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(
                files(&path)
                    .into_iter()
                    .map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)),
            );
        } else {
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
    found
}

/// All rows of the files under `prefix`, unpacked, without headers that begin with `header`.
fn rows(files: &BTreeMap<String, Vec<u8>>, prefix: &str, header: &str) -> Vec<String> {
    let mut rows = Vec::new();
    for (name, bytes) in files.iter().filter(|(name, _)| name.starts_with(prefix)) {
        let mut text = String::new();
        if name.ends_with(".gz") {
            flate2::read::GzDecoder::new(bytes.as_slice())
                .read_to_string(&mut text)
                .unwrap();
        } else {
            text = String::from_utf8(bytes.clone()).unwrap();
        }
        rows.extend(
            text.lines()
                .filter(|row| header.is_empty() || !row.starts_with(header))
                .map(str::to_owned),
        );
    }
    rows
}

#[test]
fn one_seed_gives_the_same_bytes() {
    let (one, two, other) = (Folder::new("one"), Folder::new("two"), Folder::new("other"));
    generate(&small(3), &one.0).unwrap();
    generate(&small(3), &two.0).unwrap();
    generate(
        &SampleSpec {
            seed: 2,
            ..small(3)
        },
        &other.0,
    )
    .unwrap();
    assert!(files(&one.0) == files(&two.0));
    assert!(files(&one.0) != files(&other.0));
}

#[test]
fn visits_are_numbered_upwards_and_fall_into_their_part() {
    let folder = Folder::new("visits");
    generate(&small(9), &folder.0).unwrap();
    let files = files(&folder.0);
    let names: Vec<&str> = files
        .keys()
        .filter_map(|name| name.strip_prefix("metrika/"))
        .collect();
    assert_eq!(
        names.len(),
        3,
        "eight weeks are two parts, the ninth begins a request: {names:?}"
    );
    let mut last = 0;
    for name in names {
        let (from, to) = (&name[7..17], &name[18..28]);
        for row in rows(&files, &format!("metrika/{name}"), "ym:s:") {
            let cells: Vec<&str> = row.split('\t').collect();
            assert_eq!(cells.len(), 28);
            assert!(
                (from..=to).contains(&cells[3]),
                "{} outside {name}",
                cells[3]
            );
            let id: u64 = cells[0].parse().unwrap();
            assert!(id > last);
            last = id;
        }
    }
}

#[test]
fn every_link_has_its_call_and_an_earlier_visit() {
    let folder = Folder::new("links");
    generate(
        &SampleSpec {
            default_incidents: false,
            ..small(4)
        },
        &folder.0,
    )
    .unwrap();
    let files = files(&folder.0);
    let linked = rows(&files, "telephony/", "")
        .iter()
        .map(|row| row.rsplit(',').nth(1).unwrap().replace('"', ""))
        .collect::<BTreeSet<_>>();
    let clients = rows(&files, "metrika/", "ym:s:")
        .iter()
        .map(|row| row.split('\t').nth(2).unwrap().to_owned())
        .collect::<BTreeSet<_>>();
    let links = rows(&files, "calltracking/", "Дата");
    assert!(links.len() > 50, "{}", links.len());
    for link in links {
        let cells: Vec<&str> = link.split(';').collect();
        assert!(linked.contains(cells[3]), "{link}");
        assert!(clients.contains(cells[4]), "{link}");
    }
}

#[test]
fn every_inbound_call_begins_with_a_recording() {
    let folder = Folder::new("legs");
    generate(&small(2), &folder.0).unwrap();
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    for row in rows(&files(&folder.0), "telephony/", "") {
        let call = row.rsplit(',').nth(1).unwrap().to_owned();
        first.entry(call).or_insert(row);
    }
    let inbound: Vec<&String> = first
        .values()
        .filter(|row| row.contains("\"from-trunk\""))
        .collect();
    assert!(inbound.len() > 40);
    assert!(
        inbound
            .iter()
            .all(|row| row.contains("\"BackGround\"") || row.contains("\"Playback\""))
    );
}

#[test]
fn truth_lists_what_was_planted_and_nothing_outside_the_weeks() {
    let folder = Folder::new("truth");
    let spec = SampleSpec {
        incidents: vec!["traffic-drop@2026-W44".into()],
        ..small(4)
    };
    let truth = generate(&spec, &folder.0).unwrap();
    let names: Vec<&str> = truth
        .incidents
        .iter()
        .map(|incident| incident.name)
        .collect();
    assert_eq!(names, ["traffic-drop", "holiday", "dead-form"]);
    assert_eq!(truth.incidents[2].start_utc, "2026-11-11T08:00:00Z");
    assert_eq!(truth.clean_weeks, ["2026-W43"]);
    let written: serde_json::Value =
        serde_json::from_slice(&files(&folder.0)["truth.json"]).unwrap();
    assert_eq!(
        written["incidents"][0]["scope"]["channel"],
        "organic-search"
    );
}

#[test]
fn missing_days_are_absent_from_telephony_only() {
    let folder = Folder::new("missing");
    let incidents = vec!["missing-days".to_owned()];
    generate(
        &SampleSpec {
            incidents,
            default_incidents: false,
            ..small(1)
        },
        &folder.0,
    )
    .unwrap();
    let files = files(&folder.0);
    let calls = rows(&files, "telephony/", "");
    assert!(calls.iter().any(|row| row.contains("2026-11-10")));
    assert!(!calls.iter().any(|row| row.contains("\"2026-11-11 12:")));
    assert!(
        rows(&files, "metrika/", "ym:s:")
            .iter()
            .any(|row| row.contains("2026-11-11 12:"))
    );
}

#[test]
fn the_english_firm_has_a_file_a_week_and_its_drop() {
    let folder = Folder::new("north");
    let truth = generate(
        &SampleSpec {
            weeks: 4,
            ..SampleSpec::of(Firm::NorthWindows)
        },
        &folder.0,
    )
    .unwrap();
    assert_eq!(truth.incidents[0].weeks, ["2026-W45", "2026-W46"]);
    let organic = |from: &str| {
        let rows = rows(
            &files(&folder.0),
            &format!("ga4/traffic-acquisition-{from}"),
            "#",
        );
        let row = rows
            .iter()
            .find(|row| row.starts_with("Organic Search,"))
            .unwrap()
            .clone();
        row.split(',').nth(2).unwrap().parse::<u32>().unwrap()
    };
    assert!(organic("20261109") * 3 < organic("20261026") * 2);
}

#[test]
fn an_incident_of_the_other_firm_is_refused() {
    let folder = Folder::new("refused");
    let spec = SampleSpec {
        incidents: vec!["dead-form".into()],
        ..SampleSpec::of(Firm::NorthWindows)
    };
    assert!(generate(&spec, &folder.0).is_err());
}

#[test]
fn the_files_of_the_shop_agree_with_one_another() {
    let folder = Folder::new("shop");
    let spec = SampleSpec {
        weeks: 8,
        ..SampleSpec::of(Firm::Zerno)
    };
    let truth = generate(&spec, &folder.0).unwrap();
    let files = files(&folder.0);
    let cells =
        |row: &String, mark: char| -> Vec<String> { row.split(mark).map(str::to_owned).collect() };
    // Who ordered, and whether by the phrase that never sells alone.
    let mut clients: BTreeMap<String, bool> = BTreeMap::new();
    let ordered = rows(&files, "metrika/", "ym:s:").into_iter();
    for cells in ordered.map(|row| cells(&row, '\t')) {
        if cells[12].contains("203") {
            let is_never = cells[23] == "кофе в зёрнах дёшево";
            *clients.entry(cells[2].clone()).or_insert(true) &= is_never;
        }
    }
    let orders = rows(&files, "orders/zakazy", "\u{feff}");
    assert_eq!(orders.len() as u64, truth.simulated["orders"]);
    let (mut unsold, mut numbers) = (0, BTreeSet::new());
    for order in orders.iter().map(|row| cells(row, ';')) {
        let is_never = clients.get(&order[14]).expect("an order has its visit");
        assert!(order[8].is_empty() || order[3] == "Выполнен", "{order:?}");
        if *is_never {
            assert_ne!(order[3], "Выполнен", "{order:?}");
            unsold += 1;
        }
        numbers.insert(order[0].clone());
    }
    assert!(unsold > 20, "{unsold}");
    let history = rows(&files, "orders/istoriya", "\u{feff}");
    assert!(
        history
            .iter()
            .all(|row| numbers.contains(&cells(row, ';')[1]))
    );
    let again: BTreeSet<_> = orders
        .iter()
        .map(|row| cells(row, ';')[13].clone())
        .collect();
    assert!(again.len() < orders.len(), "somebody buys again");
}

#[test]
fn the_shop_takes_no_incidents_of_others() {
    let folder = Folder::new("shop-refused");
    let spec = SampleSpec {
        incidents: vec!["dead-form".into()],
        ..SampleSpec::of(Firm::Zerno)
    };
    assert!(generate(&spec, &folder.0).is_err());
}
