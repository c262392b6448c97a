//! Mails, pages and the archive in a real browser: nothing wider than a phone, nothing clipped, nothing too faint, nothing
//! mute; and axe-core, the judge of accessibility that browsers' own tools use.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use voronka::config::language::Language;
use voronka::digest::{Digest, VerdictKind};
use voronka::model::money::Minor;
use voronka::output::{Look, Rendered, render_all};

use crate::support;

const MEASURE: &str = include_str!("../look/measure.js");

/// A browser, or `None` after saying what is skipped.
fn browser(test: &str) -> Option<String> {
    let found = std::env::var("VORONKA_TEST_CHROMIUM").ok();
    if found.is_none() {
        support::skip(test, "chromium");
    }
    found
}

fn rendered(digest: &Digest) -> Rendered {
    render_all(digest, &Look::shipped(digest.pipeline.language)).expect("rendered")
}

/// What a mail looks like where `<style>` is removed, and where pictures are blocked.
fn variants(html: &str) -> [(&'static str, String); 3] {
    let cut = |html: &str, from: &str, to: &str| {
        let mut rest = html.to_owned();
        while let Some(start) = rest.find(from) {
            let end = rest[start..]
                .find(to)
                .map_or(rest.len(), |at| start + at + to.len());
            rest.replace_range(start..end, "");
        }
        rest
    };
    [
        ("whole", html.to_owned()),
        ("no style", cut(html, "<style>", "</style>")),
        (
            "no pictures",
            html.replace("src=\"charts/", "src=\"blocked/")
                .replace("src=\"cid:", "src=\"blocked:"),
        ),
    ]
}

/// Digests that strain a layout: channels, names and numbers at their extremes.
fn strained() -> Vec<(String, Digest)> {
    let mut strained = Vec::new();
    for language in [Language::RU, Language::EN] {
        for digest in Digest::samples(language) {
            strained.push((format!("{language} {:?}", digest.verdict.kind), digest));
        }
    }
    let base = Digest::sample(VerdictKind::Drop, Language::RU);
    for count in [1, 6, 25] {
        let mut digest = base.clone();
        let row = digest.channels[0].clone();
        digest.channels = (0..count).map(|_| row.clone()).collect();
        strained.push((format!("{count} channels"), digest));
    }
    let mut huge = base.clone();
    for row in huge.channels.iter_mut().chain([&mut huge.totals]) {
        row.measures.sessions = Some(98_765_432);
        row.measures.inquiries = Some(1_234_567.0);
        row.measures.spend = row.measures.spend.map(|_| Minor(12_345_678_901));
        row.measures.revenue_closed = row.measures.revenue_closed.map(|_| Minor(98_765_432_109));
        row.title = "Неразрывноеоченьдлинноеназваниеканалабезединогопробела".to_owned();
    }
    strained.push(("huge".to_owned(), huge));
    let mut hostile = base;
    hostile.pipeline.title = "<img src=x onerror=alert(1)>\"'&{{x}}{% x %}#let".repeat(2);
    for row in &mut hostile.channels {
        row.title = "\"><script>alert(1)</script>=cmd|'/c'!A1 {{7*7}} #eval(\"1\")".to_owned();
    }
    strained.push(("hostile".to_owned(), hostile));
    strained
}

/// Measures pages in one run of the browser; dark is the scheme that the reader has chosen.
fn findings(browser: &str, pages: &[Value], is_dark: bool) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    let list = serde_json::to_string(pages)
        .expect("JSON")
        .replace("</", "<\\/")
        .replace("<!--", "<\\u0021--");
    let page = format!(
        "<!DOCTYPE html><meta charset=utf-8><body><pre id=found></pre><script id=pages type=application/json>{list}</script>\
         <script>{MEASURE}</script>"
    );
    let file = folder.path().join("page.html");
    fs::write(&file, page).expect("written");
    let mut command = Command::new(browser);
    command.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
    ]);
    command.args([
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]);
    command.args([
        "--window-size=1400,900",
        "--virtual-time-budget=600000",
        "--timeout=600000",
        "--dump-dom",
    ]);
    command.arg(format!(
        "--blink-settings=preferredColorScheme={}",
        u8::from(!is_dark)
    ));
    command.arg(format!(
        "--user-data-dir={}",
        folder.path().join("profile").display()
    ));
    let ran = support::run(command.arg(format!("file://{}", file.display())));
    let found = ran
        .stdout
        .split("<pre id=\"found\">")
        .nth(1)
        .and_then(|rest| rest.split("</pre>").next());
    let found = found
        .filter(|found| !found.is_empty())
        .unwrap_or_else(|| panic!("the browser measured nothing: {}", ran.stderr));
    let text = found
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn mails_fit_every_screen_with_and_without_style_and_pictures() {
    let Some(browser) = browser("look: mails") else {
        return;
    };
    let mut pages = Vec::new();
    for (name, digest) in strained() {
        for (variant, html) in variants(&rendered(&digest).mail_html) {
            for width in [320, 375, 800] {
                pages.push(json!({ "name": format!("{name}, {variant}, {width}"), "width": width, "html": html }));
            }
        }
    }
    for is_dark in [false, true] {
        let found = findings(&browser, &pages, is_dark);
        assert_eq!(found, json!({}), "dark: {is_dark}: {found:#}");
    }
}

#[test]
fn the_judge_finds_what_is_planted() {
    let Some(browser) = browser("look: planted") else {
        return;
    };
    let html = "<html lang=\"en\"><body style=\"background:#FFFFFF\"><h1>a</h1><h3>b</h3><p style=\"color:#999999\">faint</p>\
                <div style=\"width:900px\">wide</div><table><tr><th>mute</th></tr></table>\
                <div style=\"overflow:hidden;width:9px;white-space:nowrap\">clipped text</div></body></html>";
    let found = findings(
        &browser,
        &[json!({ "name": "bad", "width": 375, "html": html })],
        false,
    );
    let text = found["bad"].to_string();
    for fault in [
        "wide",
        "contrast 2.85",
        "a heading of level 3 after 1",
        "mute",
        "clipped",
    ] {
        assert!(text.contains(fault), "{fault}: {text}");
    }
}

#[test]
fn pages_fit_every_screen() {
    let Some(browser) = browser("look: pages") else {
        return;
    };
    let mut pages = Vec::new();
    for (name, digest) in strained() {
        let html = rendered(&digest).text_of("report.html").to_owned();
        for width in [320, 375, 800, 1280] {
            pages.push(json!({ "name": format!("{name}, {width}"), "width": width, "html": html }));
        }
    }
    for is_dark in [false, true] {
        let found = findings(&browser, &pages, is_dark);
        assert_eq!(found, json!({}), "dark: {is_dark}: {found:#}");
    }
}

#[test]
fn axe_finds_nothing_serious() {
    let Some(browser) = browser("look: axe") else {
        return;
    };
    let Ok(axe) = std::env::var("VORONKA_TEST_AXE") else {
        support::skip("look: axe", "axe-core");
        return;
    };
    let axe = fs::read_to_string(axe).expect("axe-core can be read");
    let with_axe = |html: &str| {
        // The page's own policy would keep the judge out.
        let html = html.replace("http-equiv=\"Content-Security-Policy\"", "name=\"policy\"");
        html.replace("</body>", &format!("<script>{axe}</script></body>"))
    };
    let out = tempfile::tempdir().expect("a folder");
    let mut pages = Vec::new();
    for language in [Language::RU, Language::EN] {
        for kind in [
            VerdictKind::Drop,
            VerdictKind::DataNotFit,
            VerdictKind::FirstPeriod,
        ] {
            let made = rendered(&Digest::sample(kind, language));
            let dir = out
                .path()
                .join("sample")
                .join(format!("{language}-{kind:?}"));
            voronka::output::write_all(&made, &dir).expect("written");
            for (what, html) in [
                ("mail", made.mail_html.as_str()),
                ("page", made.text_of("report.html")),
            ] {
                pages.push(
                    json!({ "name": format!("{language} {kind:?} {what}"), "width": 800, "html": with_axe(html) }),
                );
            }
        }
    }
    voronka::output::write_index(out.path(), &Look::shipped(Language::RU)).expect("an archive");
    let index = fs::read_to_string(out.path().join("index.html")).expect("an archive");
    pages.push(json!({ "name": "archive", "width": 800, "html": with_axe(&index) }));
    for is_dark in [false, true] {
        let found = findings(&browser, &pages, is_dark);
        assert_eq!(found, json!({}), "dark: {is_dark}: {found:#}");
    }
}
