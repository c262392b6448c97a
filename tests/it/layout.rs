//! The directions between the rooms of the source (docs/ARCHITECTURE.md), read from the source itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::support;

/// The flow from the lake to the readers: each room may use those before it.
const FLOW: &[&str] = &[
    "lake",
    "marts",
    "metrics",
    "diagnosis",
    "digest",
    "output",
    "delivery",
];
/// Rooms that everybody may use.
const COMMON: &[&str] = &["config", "disk", "model"];

/// The rooms that a room may use, beside itself.
fn may_use(room: &str) -> Vec<&'static str> {
    match room {
        "disk" | "model" => vec![],
        "config" => vec!["model"],
        "ingest" | "sample" | "schedule" => COMMON.to_vec(),
        "run" => [FLOW, COMMON, &["ingest", "schedule"]].concat(),
        "cli" => [FLOW, COMMON, &["ingest", "sample", "schedule", "run"]].concat(),
        _ => {
            let at = FLOW.iter().position(|known| *known == room);
            let at =
                at.unwrap_or_else(|| panic!("src/{room} is a new room: say here what it may use"));
            [&FLOW[..at], COMMON].concat()
        }
    }
}

/// Crates that only these rooms or files may name.
const FENCED: &[(&str, &[&str])] = &[
    ("polars", &["lake", "marts"]),
    ("parquet", &["lake", "ingest"]),
    ("calamine", &["ingest"]),
    ("html5ever", &["ingest"]),
    ("tera", &["output"]),
    ("resvg", &["output"]),
    ("rust_xlsxwriter", &["output"]),
    ("typst", &["output"]),
    ("typst_pdf", &["output"]),
    ("css_inline", &["output"]),
    ("rusqlite", &["lake", "delivery", "run", "schedule"]),
    ("croner", &["model"]),
    ("signal_hook", &["cli"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("lettre", &["delivery", "config"]),
    ("ring", &["delivery"]),
    ("ureq", &["delivery"]),
    ("tempfile", &["disk"]),
];

/// One file of the source without its comments and its tests.
struct Source {
    path: PathBuf,
    room: String,
    code: String,
}

fn sources() -> Vec<Source> {
    let src = support::root().join("src");
    let files = support::files_below(&src)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs"));
    files
        .map(|path| {
            let inside = path.strip_prefix(&src).expect("the file is in src");
            let room = inside
                .components()
                .next()
                .expect("a path has a part")
                .as_os_str()
                .to_string_lossy();
            Source {
                room: room.trim_end_matches(".rs").to_owned(),
                code: code_of(&path),
                path,
            }
        })
        .filter(|source| !["main", "lib"].contains(&source.room.as_str()))
        .collect()
}

/// Files of tests may look everywhere; so may what stands under `#[cfg(test)]` in a file, wherever in it.
fn code_of(path: &Path) -> String {
    let name = path
        .file_name()
        .expect("a file has a name")
        .to_string_lossy();
    let is_in_tests = path
        .parent()
        .is_some_and(|folder| folder.ends_with("tests"));
    if is_in_tests || name == "tests.rs" || name.ends_with("_tests.rs") || name == "testing.rs" {
        return String::new();
    }
    let text = fs::read_to_string(path).expect("the source can be read");
    let code = without_tests(&text);
    code.into_iter()
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// The lines of a file without the items under `#[cfg(test)]`: each ends with a semicolon on its first line, or with a
/// brace at the beginning of one.
fn without_tests(text: &str) -> Vec<&str> {
    let mut code = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if !line.starts_with("#[cfg(test)]") {
            code.push(line);
            continue;
        }
        let first = lines
            .by_ref()
            .find(|line| !line.starts_with("#["))
            .unwrap_or_default();
        if !first.ends_with([';', '}']) {
            lines.by_ref().find(|line| line.starts_with('}'));
        }
    }
    code
}

#[test]
fn code_behind_a_test_is_still_code() {
    let text = "use a;\n#[cfg(test)]\nmod tests;\nuse b;\n#[cfg(test)]\n#[allow(x)]\nmod more {\n    use c;\n}\nuse d;\n";
    assert_eq!(without_tests(text), ["use a;", "use b;", "use d;"]);
}

#[test]
fn rooms_use_only_those_behind_them() {
    let path = Regex::new(r"\bcrate::([a-z_]+)\b").expect("the pattern is fixed");
    let list = Regex::new(r"\bcrate::\{([^;]*)\}").expect("the pattern is fixed");
    let mut wrong = BTreeSet::new();
    for source in sources() {
        let lists = list
            .captures_iter(&source.code)
            .flat_map(|found| names_of_list(&found[1]));
        let used = path
            .captures_iter(&source.code)
            .map(|found| found[1].to_owned())
            .chain(lists);
        let allowed = may_use(&source.room);
        for other in
            used.filter(|other| *other != source.room && !allowed.contains(&other.as_str()))
        {
            wrong.insert(format!(
                "{}: {} must not use {other}",
                source.path.display(),
                source.room
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// First parts of the paths in `crate::{…}`.
fn names_of_list(list: &str) -> Vec<String> {
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for symbol in list.chars() {
        match symbol {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => parts.push(String::new()),
            _ if depth == 0 => parts.last_mut().expect("there is a part").push(symbol),
            _ => {}
        }
    }
    parts
        .iter()
        .map(|part| {
            part.trim()
                .split("::")
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .filter(|part| !part.is_empty())
        .collect()
}

#[test]
fn heavy_crates_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for (name, rooms) in FENCED {
        let named = Regex::new(&format!(r"\b{name}(::|;| as )")).expect("the pattern is fixed");
        for source in sources()
            .iter()
            .filter(|source| named.is_match(&source.code))
        {
            if !rooms.contains(&source.room.as_str()) {
                wrong.push(format!(
                    "{}: only {} may name {name}",
                    source.path.display(),
                    rooms.join(", ")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_model_and_the_metrics_have_no_clock_and_no_files() {
    let outside = Regex::new(
        r"\bUtc::now|\bLocal::now|SystemTime|Instant::now|\bstd::(fs|net|env|process)\b|\bcrate::disk\b",
    )
    .expect("fixed");
    let pure = ["model", "metrics", "diagnosis", "digest"];
    let wrong: Vec<_> = sources()
        .iter()
        .filter(|source| pure.contains(&source.room.as_str()))
        .flat_map(|source| {
            source
                .code
                .lines()
                .filter(|line| outside.is_match(line))
                .map(|line| format!("{}: {line}", source.path.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Four hundred lines are the end of what one reads in one go.
#[test]
fn no_file_is_longer_than_400_lines() {
    let folders = ["src", "tests/it"].map(|folder| support::root().join(folder));
    let files = folders
        .iter()
        .flat_map(|folder| support::files_below(folder));
    let long: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs"))
        .map(|path| {
            (
                fs::read_to_string(&path)
                    .expect("the source can be read")
                    .lines()
                    .count(),
                path,
            )
        })
        .filter(|(lines, _)| *lines > 400)
        .map(|(lines, path)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}
