//! Tests of the digest as a whole: headline kinds, the schema, and the sources that tests read.

use std::fs;
use std::path::Path;

use super::*;
use crate::config::settings::Language;

/// The program text of some folders, for tests that compare it with data files.
pub(crate) fn source_of(folders: &[&str]) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    let mut left: Vec<_> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(folder).expect("the folder is there").flatten() {
            let path = entry.path();
            if path.is_dir() {
                left.push(path);
            } else if !path.ends_with("tests.rs") {
                text += &fs::read_to_string(path).expect("program text");
            }
        }
    }
    text
}

fn headline(kind: VerdictKind, language: Language) -> String {
    let document = Digest::sample(kind, language).document();
    match &document.parts[0].blocks[0] {
        blocks::Block::Headline(headline) => headline.text.clone(),
        other => panic!("the first block is the headline, not {other:?}"),
    }
}

#[test]
fn every_kind_of_headline_says_what_it_means() {
    let cases = [
        (VerdictKind::Drop, "Обращений на 17\u{a0}% меньше, чем обычно при таком трафике"),
        (VerdictKind::Rise, "Обращений на 11\u{a0}% больше, чем обычно при таком трафике"),
        (VerdictKind::NothingSignificant, "Без заметных изменений: 423\u{a0}обращения, конверсия 3,01\u{a0}%"),
        (VerdictKind::DataNotFit, "Сводку рано читать: данные неполные (asterisk, amocrm)"),
        (VerdictKind::FirstPeriod, "Первая сводка: 423\u{a0}обращения, сравнивать пока не\u{a0}с\u{a0}чем"),
        (VerdictKind::NoTraffic, "За период нет ни одного визита"),
        (VerdictKind::AllTooSmall, "Для выводов мало данных: 8\u{a0}обращений"),
    ];
    for (kind, text) in cases {
        assert_eq!(Digest::sample(kind, Language::Ru).verdict.kind, kind);
        assert_eq!(headline(kind, Language::Ru), text);
    }
    assert_eq!(headline(VerdictKind::Drop, Language::En), "Inquiries are 17% below what this traffic usually brings");
}

#[test]
fn a_source_of_costs_that_is_missing_does_not_change_the_headline() {
    let mut card = Digest::sample(VerdictKind::Drop, Language::Ru);
    card.data_health[4].state = SourceHealth::Missing;
    assert_eq!(card.verdict.kind, VerdictKind::Drop);
}

#[test]
fn json_reads_back_as_the_same_digest() {
    for digest in Digest::samples(Language::Ru) {
        let json = serde_json::to_string(&digest).expect("a digest is written");
        let back: Digest = serde_json::from_str(&json).expect("a digest is read");
        let shown = |digest: &Digest| crate::output::render_all(digest).expect("rendered").text;
        assert_eq!(shown(&back), shown(&digest));
        assert_eq!((back.verdict.kind, back.totals.measures), (digest.verdict.kind, digest.totals.measures));
    }
}

#[test]
fn subjects_fit_and_hold_the_period() {
    for digest in Digest::samples(Language::Ru).chain(Digest::samples(Language::En)) {
        let subject = digest.document().subject;
        assert!(subject.chars().count() <= 70, "{subject}");
        assert!(subject.contains("9–15\u{a0}"), "{subject}");
    }
}

#[test]
fn no_language_leaves_a_place_unfilled() {
    for digest in Digest::samples(Language::Ru).chain(Digest::samples(Language::En)) {
        let text = format!("{:?}", digest.document());
        for key in language::Strings::of(digest.pipeline.language).keys() {
            assert!(!text.contains(&format!("\"{key}\"")), "{key} shows as itself");
        }
        let document = digest.document();
        let places = regex::Regex::new(r"\{[a-z_]+\}").expect("a regular expression");
        for part in &document.parts {
            let shown = format!("{:?} {:?}", part.title, part.blocks);
            assert!(places.find(&shown).is_none(), "{:?} in {}", places.find(&shown), part.code);
        }
    }
}
