//! Tests of all outputs over the sample digests: safety, size, honesty and sameness.

use regex::Regex;

use super::*;
use crate::config::language::Language;
use crate::digest::blocks::Block;
use crate::digest::language::Strings;
use crate::digest::{VerdictKind, document};
use crate::snapshots::Snapshots;

/// A digest in every form, in the shipped look of its language.
fn rendered(digest: &Digest) -> Rendered {
    render_all(digest, &Look::shipped(digest.pipeline.language)).expect("a sample is rendered")
}

/// Every sample in every form, made once for all tests.
fn all() -> &'static [(Digest, Rendered)] {
    static ALL: std::sync::OnceLock<Vec<(Digest, Rendered)>> = std::sync::OnceLock::new();
    ALL.get_or_init(|| {
        let samples = Digest::samples(Language::RU).chain(Digest::samples(Language::EN));
        samples
            .map(|digest| (digest.clone(), rendered(&digest)))
            .collect()
    })
}

fn found(pattern: &str, text: &str) -> Option<String> {
    let pattern = Regex::new(pattern).expect("a regular expression");
    pattern.find(text).map(|hit| {
        let from = text[..hit.start()]
            .char_indices()
            .rev()
            .nth(40)
            .map_or(0, |(at, _)| at);
        text[from..].chars().take(120).collect()
    })
}

#[test]
fn the_mail_holds_nothing_that_mail_programs_refuse() {
    for (digest, rendered) in all() {
        assert_eq!(
            lint(&rendered.mail_html),
            [],
            "{} {:?}",
            digest.pipeline.language,
            digest.verdict.kind
        );
    }
}

#[test]
fn the_mail_is_small_enough_to_be_shown_whole() {
    for (digest, rendered) in all() {
        let size = rendered.mail_html.len();
        assert!(
            size <= 75_000,
            "{:?} {:?}: {size}",
            digest.pipeline.language,
            digest.verdict.kind
        );
        for chart in &rendered.charts {
            assert!(
                chart.png.len() <= 80_000,
                "{}: {}",
                chart.name,
                chart.png.len()
            );
        }
        for style in rendered.mail_html.split("<style>").skip(1) {
            assert!(style.split("</style>").next().unwrap_or_default().len() < 16_000);
        }
    }
}

#[test]
fn a_mail_of_many_channels_is_no_larger() {
    let mut digest = Digest::sample(VerdictKind::Drop, Language::RU);
    let (paid, last) = (
        digest.channels[2].clone(),
        digest.channels.pop().expect("a channel"),
    );
    digest
        .channels
        .extend((0..40).map(|_| paid.clone()).chain([last]));
    let rendered = rendered(&digest);
    assert!(
        rendered.mail_html.len() <= 75_000,
        "{}",
        rendered.mail_html.len()
    );
    assert!(
        rendered.text_of("report.html").contains("Не определён"),
        "the report has every channel"
    );
}

#[test]
fn pages_can_be_read_aloud() {
    let images = Regex::new(r"<img[^>]*>").expect("a regular expression");
    for (digest, rendered) in all() {
        let html = &rendered.mail_html;
        assert_eq!(html.matches("<h1").count(), 1);
        let language = if digest.pipeline.language == Language::RU {
            "ru"
        } else {
            "en"
        };
        assert!(
            html.contains(&format!("<html lang=\"{language}\"")),
            "{}",
            &html[..200]
        );
        for image in images.find_iter(html).map(|image| image.as_str()) {
            let alt = image
                .split("alt=\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next())
                .unwrap_or_default();
            assert!(
                alt.chars().count() >= 20 && image.contains("width=\""),
                "{image}"
            );
        }
        for cell in html
            .split("<th")
            .skip(1)
            .filter(|cell| !cell.starts_with("ead"))
        {
            assert!(
                cell.split('>')
                    .next()
                    .unwrap_or_default()
                    .contains("scope="),
                "{}",
                &cell[..60]
            );
        }
        for table in html
            .split("<table")
            .skip(1)
            .map(|table| table.split('>').next().unwrap_or_default())
        {
            assert!(
                table.contains("role=\"presentation\"") != table.contains("border-collapse"),
                "{table}"
            );
        }
    }
}

#[test]
fn text_from_exports_is_escaped() {
    for (digest, rendered) in all() {
        assert!(
            !rendered.mail_html.contains("<script>alert"),
            "{:?}",
            digest.verdict.kind
        );
        assert!(!rendered.text_of("digest.html").contains("<script>alert"));
    }
    let rendered = rendered(&Digest::sample(VerdictKind::Drop, Language::RU));
    assert!(rendered.mail_html.contains("&lt;script&gt;alert("));
    assert!(
        rendered.text().contains("<script>alert("),
        "plain text needs no escaping"
    );
}

#[test]
fn a_title_cannot_break_out_of_an_attribute_or_a_line() {
    let mut digest = Digest::sample(VerdictKind::Drop, Language::RU);
    digest.pipeline.title = "x\" onload=\"y\r\nBcc: e@x <b>".to_owned();
    let rendered = rendered(&digest);
    assert!(!rendered.mail_html.contains("<b>e@x") && !rendered.mail_html.contains("e@x <b>"));
    assert!(!rendered.text().contains("\nBcc") && !rendered.subject.contains('\n'));
}

#[test]
fn the_same_digest_gives_the_same_bytes() {
    let digest = Digest::sample(VerdictKind::Drop, Language::RU);
    let (once, again) = (rendered(&digest), rendered(&digest));
    assert!(once == again);
    let read: Digest =
        serde_json::from_str(once.text_of("digest.json")).expect("digest.json reads back");
    let read = rendered(&read);
    assert!(
        read.mail_html == once.mail_html
            && read.text() == once.text()
            && read.charts == once.charts
    );
}

#[test]
fn no_output_shows_what_is_no_number() {
    let tags = Regex::new("<[^>]*>").expect("a regular expression");
    for (_, rendered) in all() {
        for text in [rendered.text(), rendered.mail_html.as_str()] {
            let shown = tags.replace_all(text, " ");
            for pattern in [
                "NaN",
                r"\binf\b",
                "[−-]0(,0+|\\.0+)?[\u{a0}%]",
                r"\+0(,0+|\.0+)?[\u{a0}%;]",
                r"\+100\u{a0}?%",
            ] {
                assert_eq!(found(pattern, &shown), None, "{pattern}");
            }
        }
    }
}

#[test]
fn text_and_html_show_the_same_cells() {
    let digest = Digest::sample(VerdictKind::Drop, Language::RU);
    let (document, rendered) = (
        document(&digest, Strings::shipped(Language::RU)),
        rendered(&digest),
    );
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let tags = Regex::new("<[^>]*>").expect("a regular expression");
    let (text, html) = (
        words(rendered.text()),
        words(&tags.replace_all(&rendered.mail_html, "")),
    );
    for block in document.mail_parts().flat_map(|part| &part.blocks) {
        let Block::Table(table) = block else {
            continue;
        };
        // The mail leaves the optional columns to the page.
        let is_in_mail = |at: usize| {
            table
                .columns
                .get(at + 1)
                .is_none_or(|column| !column.is_optional)
        };
        let rows = table.rows.iter();
        let cells = rows.flat_map(|row| row.cells.iter().enumerate());
        for (_, cell) in cells.filter(|(at, _)| is_in_mail(*at)) {
            let shown = words(cell.shown());
            assert!(
                text.contains(&shown) && html.contains(&shown.replace('"', "&quot;")),
                "{shown}"
            );
        }
    }
}

#[test]
fn a_report_that_is_not_fit_calls_nothing_better_or_worse() {
    let rendered = rendered(&Digest::sample(VerdictKind::DataNotFit, Language::RU));
    assert!(
        !rendered.text().contains("значимо") && !rendered.text().contains("(!)"),
        "{}",
        rendered.text()
    );
    assert!(
        rendered.text().contains("нет данных"),
        "sales are unknown, not zero"
    );
}

#[test]
fn the_page_on_disk_points_at_files_and_the_mail_at_its_parts() {
    let rendered = rendered(&Digest::sample(VerdictKind::Drop, Language::EN));
    assert!(
        rendered
            .text_of("digest.html")
            .contains("src=\"charts/daily.png\"")
            && !rendered.text_of("digest.html").contains("cid:")
    );
    assert!(
        rendered.mail_html.contains("src=\"cid:daily@voronka\"")
            && !rendered.mail_html.contains("charts/")
    );
}

#[test]
fn files_are_written_whole_and_written_over() {
    let dir = tempfile::tempdir().expect("a folder");
    for kind in [VerdictKind::Drop, VerdictKind::Rise] {
        let rendered = rendered(&Digest::sample(kind, Language::RU));
        write_all(&rendered, dir.path()).expect("written");
        let json = std::fs::read_to_string(dir.path().join("digest.json")).expect("digest.json");
        assert_eq!(json, rendered.text_of("digest.json"));
    }
    let names = std::fs::read_dir(dir.path())
        .expect("listed")
        .flatten()
        .map(|entry| entry.file_name());
    let mut names: Vec<_> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    let mut expected: Vec<_> = OUTPUTS
        .iter()
        .map(|output| output.file)
        .chain(["charts"])
        .collect();
    expected.sort_unstable();
    assert_eq!(names, expected);
}

#[test]
fn every_sample_reads_in_plain_text_as_its_snapshot() {
    let mut snapshots = Snapshots::in_folder("src/output/snapshots");
    for (digest, rendered) in all() {
        let (language, kind) = (digest.pipeline.language, digest.verdict.kind);
        let name = format!("{language}-{kind:?}").to_lowercase();
        // The next version of the program says the same.
        let text = rendered.text().replace(&digest.program_version, "0.0.0");
        snapshots.hold(
            &name,
            &format!("digest.txt of {kind:?}, {language}"),
            || {
                insta::assert_snapshot!(name.as_str(), text);
            },
        );
    }
    snapshots.end();
}

/// Writes every sample to the folder that `VORONKA_SAMPLES` names, for looking at.
#[test]
fn samples_can_be_looked_at() {
    let Some(folder) = std::env::var_os("VORONKA_SAMPLES") else {
        return;
    };
    for (digest, rendered) in all() {
        let name = format!("{}-{:?}", digest.pipeline.language, digest.verdict.kind).to_lowercase();
        write_all(rendered, &std::path::Path::new(&folder).join(name)).expect("written");
    }
}
