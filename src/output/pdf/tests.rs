//! The printed report: its size, its pages, its sameness, its fonts.

use crate::config::language::Language;
use crate::digest::{Digest, VerdictKind};
use crate::output::{Look, render_all};

fn pdf(digest: &Digest) -> Vec<u8> {
    let rendered = render_all(digest, &Look::shipped(digest.pipeline.language)).expect("rendered");
    rendered
        .file("report.pdf")
        .expect("a printed report")
        .bytes
        .clone()
}

/// Pages by the objects of the file: `/Type /Page`, not `/Pages`.
fn pages(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    text.matches("/Type/Page").count() - text.matches("/Type/Pages").count()
}

#[test]
fn every_kind_of_report_is_a_few_small_pages() {
    for digest in Digest::samples(Language::RU).chain(Digest::samples(Language::EN)) {
        let pdf = pdf(&digest);
        let name = format!("{} {:?}", digest.pipeline.language, digest.verdict.kind);
        assert!(pdf.len() <= 300 * 1024, "{name}: {} bytes", pdf.len());
        assert!(
            (2..=7).contains(&pages(&pdf)),
            "{name}: {} pages",
            pages(&pdf)
        );
    }
}

#[test]
fn the_same_digest_is_the_same_file() {
    let digest = Digest::sample(VerdictKind::Drop, Language::RU);
    assert!(pdf(&digest) == pdf(&digest));
}

#[test]
fn letters_of_any_script_stop_no_report() {
    let mut digest = Digest::sample(VerdictKind::Drop, Language::RU);
    digest.channels[0].title = "Қазақстан ₸ 张伟 🚀👍🏽 реклама".to_owned();
    assert!(!pdf(&digest).is_empty());
}

#[test]
fn control_characters_in_a_name_stop_no_report() {
    let mut digest = Digest::sample(VerdictKind::Drop, Language::RU);
    digest.channels[0].title = "Анна\u{7}\u{1b}[1m\u{8}\u{7f}\u{85}\u{c} Б".to_owned();
    assert!(!pdf(&digest).is_empty());
}
