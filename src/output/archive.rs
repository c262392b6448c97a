//! `<out>/index.html`: all reports by pipeline, newest first, read from what lies in their folders.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::look::Look;
use super::pieces::pieces;
use crate::config::words::{self, Key};
use crate::digest::figures::Figures;
use crate::digest::{Health, VerdictKind};
use crate::disk::{remove_drafts, write_whole};
use crate::model::period::Period;

/// Files that a report may have and the key of what each is called, the page itself first.
const FILES: [(&str, Key); 4] = [
    ("report.html", words::archive::files::PAGE),
    ("report.pdf", words::page::files::PDF),
    ("tables.xlsx", words::page::files::WORKBOOK),
    ("digest.html", words::archive::files::MAIL),
];

/// What of `digest.json` the archive shows; the rest is not looked at, so that reports of other versions are listed too.
#[derive(Deserialize)]
struct Entry {
    pipeline: Owner,
    period: Period,
    verdict: Verdict,
    #[serde(default = "first")]
    report_version: u32,
    totals: Totals,
    health: Health,
    #[serde(default)]
    restated: Vec<Restated>,
}

#[derive(Deserialize)]
struct Owner {
    title: String,
    currency: String,
}

#[derive(Deserialize)]
struct Verdict {
    kind: VerdictKind,
}

#[derive(Deserialize)]
struct Totals {
    sessions: Option<u64>,
    inquiries: Option<f64>,
    conv1: Rate,
}

#[derive(Deserialize)]
struct Rate {
    value: Option<f64>,
}

#[derive(Deserialize)]
struct Restated {
    period: Period,
}

fn first() -> u32 {
    1
}

/// Writes the page that lists every report below `out`. A folder that cannot be read is listed as such.
///
/// # Errors
/// When `out` cannot be listed, a template is broken, or the page cannot be written.
pub fn write_index(out: &Path, look: &Look) -> Result<()> {
    let mut pipelines = Vec::new();
    for pipeline in folders(out)? {
        let reports = reports(&out.join(&pipeline), &pipeline, look)?;
        if !reports.is_empty() {
            let title = reports
                .iter()
                .find_map(|report| report["owner"].as_str())
                .unwrap_or(&pipeline)
                .to_owned();
            pipelines.push(json!({ "name": pipeline, "title": title, "reports": reports }));
        }
    }
    let word = |key: Key| look.strings.raw(key).to_owned();
    let words = json!({
        "title": word(words::archive::TITLE),
        "subtitle": word(words::archive::SUBTITLE),
        "none": word(words::archive::NONE),
        "unreadable": word(words::archive::UNREADABLE),
        "filter": word(words::archive::FILTER),
    });
    let columns = [
        words::archive::column::PERIOD,
        words::archive::column::HEADLINE,
        words::archive::column::HEALTH,
        words::archive::column::FILES,
    ];
    let page = json!({
        "language": look.strings.code(),
        "style": look.fill("page/style.css", &look.colours)?,
        "script": look.raw("page/script.js"),
        "words": words,
        "columns": columns.map(word),
        "pipelines": pipelines,
    });
    remove_drafts(out);
    write_whole(
        &out.join("index.html"),
        look.fill("page/index.html", &page)?.as_bytes(),
    )
}

/// Names of the folders in a folder, in the order of the alphabet.
fn folders(dir: &Path) -> Result<BTreeSet<String>> {
    let entries = fs::read_dir(dir).with_context(|| format!("cannot list {}", dir.display()))?;
    let name = |entry: fs::DirEntry| {
        entry
            .path()
            .is_dir()
            .then(|| entry.file_name().to_string_lossy().into_owned())
    };
    Ok(entries
        .flatten()
        .filter_map(name)
        .filter(|name| !name.starts_with('.'))
        .collect())
}

/// The reports of a pipeline, those of the latest periods first.
fn reports(dir: &Path, pipeline: &str, look: &Look) -> Result<Vec<Json>> {
    let labels = folders(dir)?;
    let read = |label: String| {
        let json = fs::read(dir.join(&label).join("digest.json")).ok()?;
        Some((label, serde_json::from_slice::<Entry>(&json).ok()))
    };
    let mut entries: Vec<(String, Option<Entry>)> = labels.into_iter().filter_map(read).collect();
    let last_day = |entry: &Option<Entry>| {
        entry
            .as_ref()
            .map(|entry| (entry.period.to, entry.period.from))
    };
    entries.sort_by(|left, right| {
        last_day(&right.1)
            .cmp(&last_day(&left.1))
            .then_with(|| right.0.cmp(&left.0))
    });
    let later = |entry: &Entry| {
        entry
            .restated
            .iter()
            .map(|restated| restated.period.label.clone())
            .collect::<Vec<_>>()
    };
    let restated: BTreeSet<String> = entries
        .iter()
        .flat_map(|(_, entry)| entry)
        .flat_map(later)
        .collect();
    let listed = |(label, entry): &(String, Option<Entry>)| {
        let files = files(&dir.join(label), pipeline, label, look);
        match entry {
            Some(entry) => view(
                entry,
                &dir.join(label),
                files,
                restated.contains(label),
                look,
            ),
            None => json!({ "label": label, "files": files, "unreadable": true }),
        }
    };
    Ok(entries.iter().map(listed).collect())
}

fn view(entry: &Entry, dir: &Path, files: Vec<Json>, restated_later: bool, look: &Look) -> Json {
    let strings = &look.strings;
    let figures = Figures::new(strings, &entry.pipeline.currency, 0);
    let Health {
        complete, total, ..
    } = entry.health;
    let exports = figures.counted_whole(words::archive::EXPORTS, total as f64);
    let health = match complete == total {
        true => strings.fill(words::archive::WHOLE, &[]),
        false => strings.fill(
            words::archive::PARTLY,
            &[("complete", &complete.to_string()), ("exports", &exports)],
        ),
    };
    let restated = match (entry.report_version, restated_later) {
        (1, false) => None,
        (1, true) => Some(strings.fill(words::archive::RESTATED_LATER, &[])),
        (version, _) => Some(strings.fill(
            words::archive::RESTATED,
            &[("version", &version.to_string())],
        )),
    };
    let period = figures.period(&entry.period);
    json!({
        "label": entry.period.label,
        "owner": entry.pipeline.title,
        "period": pieces(&period, false),
        "from": entry.period.from,
        "year": entry.period.to.format("%G").to_string(),
        "headline": headline(dir, &figures.short_period(&entry.period)),
        "numbers": numbers(entry, figures),
        "kind": strings.fill(kind(entry.verdict.kind), &[]),
        "glyph": glyph(entry.verdict.kind),
        "tone": tone(entry.verdict.kind),
        "is_whole": complete == total,
        "health": health,
        "restated": restated,
        "files": files,
    })
}

/// `14 050 визитов → 353 обращения, 2,51 %`, as far as it is known.
fn numbers(entry: &Entry, figures: Figures) -> String {
    let Totals {
        sessions,
        inquiries,
        conv1,
    } = &entry.totals;
    let sessions =
        sessions.map(|sessions| figures.counted_whole(words::words::SESSIONS, sessions as f64));
    let inquiries = inquiries.map(|inquiries| figures.counted(words::words::INQUIRIES, inquiries));
    let rate = conv1.value.map_or_else(String::new, |rate| {
        format!(", {}", figures.percent(rate, 2))
    });
    let counts: Vec<String> = [sessions, inquiries].into_iter().flatten().collect();
    counts.join(" → ") + &rate
}

/// The subject of the report's mail without its period: the beginning of the page says it.
fn headline(dir: &Path, period: &str) -> Option<String> {
    let mut start = Vec::new();
    fs::File::open(dir.join("digest.html"))
        .ok()?
        .take(4096)
        .read_to_end(&mut start)
        .ok()?;
    let start = String::from_utf8_lossy(&start);
    let title = start.split_once("<title>")?.1.split_once("</title>")?.0;
    let title = unescaped(title);
    Some(
        title
            .strip_suffix(&format!(" · {period}"))
            .map_or_else(|| title.clone(), str::to_owned),
    )
}

/// The text that a template has escaped; it is escaped again where it is put in.
fn unescaped(text: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#x2F;", "/"),
    ];
    let text = entities
        .iter()
        .fold(text.to_owned(), |text, (entity, symbol)| {
            text.replace(entity, symbol)
        });
    text.replace("&amp;", "&")
}

fn kind(kind: VerdictKind) -> Key {
    use words::archive::kind;
    match kind {
        VerdictKind::Drop => kind::DROP,
        VerdictKind::Rise => kind::RISE,
        VerdictKind::Incident => kind::INCIDENT,
        VerdictKind::NothingSignificant => kind::NOTHING_SIGNIFICANT,
        VerdictKind::DataNotFit => kind::DATA_NOT_FIT,
        VerdictKind::FirstPeriod => kind::FIRST_PERIOD,
        VerdictKind::NoTraffic => kind::NO_TRAFFIC,
        VerdictKind::AllTooSmall => kind::ALL_TOO_SMALL,
    }
}

fn glyph(kind: VerdictKind) -> &'static str {
    match kind {
        VerdictKind::Drop => "▼",
        VerdictKind::Rise => "▲",
        VerdictKind::Incident | VerdictKind::DataNotFit | VerdictKind::NoTraffic => "!",
        VerdictKind::NothingSignificant | VerdictKind::FirstPeriod | VerdictKind::AllTooSmall => {
            "●"
        }
    }
}

fn tone(kind: VerdictKind) -> &'static str {
    match kind {
        VerdictKind::Drop | VerdictKind::NoTraffic => "bad",
        VerdictKind::Rise => "good",
        VerdictKind::Incident | VerdictKind::DataNotFit => "warn",
        VerdictKind::NothingSignificant | VerdictKind::FirstPeriod | VerdictKind::AllTooSmall => "",
    }
}

fn files(dir: &Path, pipeline: &str, label: &str, look: &Look) -> Vec<Json> {
    let is_there = |(file, _): &&(&str, Key)| dir.join(file).is_file();
    let link = |(file, key): &(&str, Key)| json!({ "href": format!("{}/{}/{file}", encoded(pipeline), encoded(label)), "title": look.strings.raw(*key) });
    FILES.iter().filter(is_there).map(link).collect()
}

/// A folder's name as a step of a link.
fn encoded(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    name.bytes()
        .map(|byte| {
            if is_plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
