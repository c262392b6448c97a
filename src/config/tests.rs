//! A pipeline and what is said about it: one good one and a table of bad ones.

use std::path::PathBuf;

use super::Plan;
use super::load::from_text;
use crate::model::fault::{Fault, told};
use crate::snapshots::Snapshots;

const GOOD: &str = include_str!("testdata/good.toml");

fn plan(text: &str) -> Result<Plan, Fault> {
    from_text(
        "p/weekly.toml",
        text,
        PathBuf::from("/home/firm/p/weekly.toml"),
    )
}

fn least(more: &str) -> String {
    format!("name = \"weekly\"\ntitle = \"Weekly\"\n{more}")
}

#[test]
fn two_settings_are_enough_and_the_rest_is_default() {
    let plan = plan(&least("")).expect("a plan");
    assert_eq!(plan.zone, chrono_tz::Europe::Moscow);
    assert_eq!(plan.lake, PathBuf::from("/home/firm/lake/weekly"));
    assert_eq!(plan.out, PathBuf::from("/home/firm/out"));
    assert_eq!(plan.formats, PathBuf::from("/home/firm/p/formats"));
    assert_eq!(
        (plan.inquiry.uniqueness_days, plan.thresholds.alpha),
        (30, 0.01)
    );
    assert_eq!(
        plan.delivery.from.to_string(),
        "Voronka <voronka@localhost>"
    );
    assert!(plan.exports.is_empty() && plan.delivery.to.is_empty());
}

#[test]
fn everything_that_is_written_is_in_the_plan() {
    let plan = plan(GOOD).expect("a plan");
    assert_eq!(plan.exports[0].zone, Some(chrono_tz::UTC));
    assert_eq!(
        plan.exports[0].options["internal"].as_array().map(Vec::len),
        Some(2)
    );
    assert_eq!(
        plan.exports[1].channel.as_ref().map(|id| id.as_str()),
        Some("yandex-direct")
    );
    assert_eq!(plan.exports[1].spam_words.as_slice(), ["тест"]);
    assert_eq!(plan.lines[0].number, "8142000001");
    assert_eq!(plan.inquiry.uniqueness_days, 14);
    assert!(
        plan.inquiry.count_missed_calls,
        "a table is merged key by key"
    );
    assert_eq!(plan.delivery.to[1].email.to_string(), "boss@example.com");
}

#[test]
fn every_bad_pipeline_is_refused_in_the_words_of_its_snapshot() {
    let mut snapshots = Snapshots::in_folder("src/config/snapshots");
    for (name, written) in cases(include_str!("testdata/bad.txt")) {
        let is_whole = written.starts_with("name") || written.starts_with("title");
        let text = if is_whole {
            written.to_owned()
        } else {
            least(written)
        };
        let said = told(&plan(&text).expect_err(name).into());
        snapshots.hold(name, &text, || insta::assert_snapshot!(name, said));
    }
    snapshots.end();
}

/// The pipelines of a table, each under a line `==== name`.
fn cases(table: &str) -> impl Iterator<Item = (&str, &str)> {
    let cases = table.split("==== ").skip(1);
    let cases = cases.map(|case| case.split_once('\n').expect("a name and a pipeline"));
    cases.map(|(name, written)| (name, written.trim()))
}

#[test]
fn the_ready_pipelines_load() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines");
    for name in ["okna-sever", "north-windows", "zerno"] {
        let plan =
            super::load(&folder.join(name).with_extension("toml")).expect("a ready pipeline");
        assert_eq!(plan.name, name);
    }
}

#[test]
fn every_setting_is_described() {
    let page = include_str!("../../docs/PIPELINES.md");
    let settings = [include_str!("settings.rs"), include_str!("rules.rs")].join("\n");
    let fields = settings
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(": "));
    let missing: Vec<&str> = fields
        .map(|(name, _)| name)
        .filter(|name| !name.starts_with("fn ") && !name.starts_with("const "))
        .filter(|name| !page.contains(&format!("`{name}`")))
        .collect();
    assert!(
        missing.is_empty(),
        "docs/PIPELINES.md says nothing about {missing:?}"
    );
}

#[test]
fn every_default_stands_on_the_page_as_it_is() {
    let page = include_str!("../../docs/PIPELINES.md");
    let defaults = super::source::DEFAULTS
        .lines()
        .filter_map(|line| line.split_once(" = "));
    for (name, value) in defaults {
        // Two tables may have a setting of one name.
        let mut rows = page
            .lines()
            .filter(|line| line.starts_with(&format!("| `{name}` |")));
        assert!(
            rows.any(|row| row.contains(&format!("`{value}`"))),
            "a row of `{name}` should state its default `{value}`"
        );
    }
}
