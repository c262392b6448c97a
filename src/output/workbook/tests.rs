//! The workbook read back.

use std::collections::BTreeSet;
use std::io::Read as _;

use super::sheets::sheet_name;
use crate::config::language::Language;
use crate::digest::{Digest, VerdictKind};
use crate::output::{Look, render_all};

fn workbook(language: Language) -> Vec<u8> {
    let digest = Digest::sample(VerdictKind::Drop, language);
    let rendered = render_all(&digest, &Look::shipped(language)).expect("rendered");
    rendered
        .file("tables.xlsx")
        .expect("a workbook")
        .bytes
        .clone()
}

fn parts(book: Vec<u8>) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).expect("a zip");
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).expect("a part");
        let mut text = String::new();
        file.read_to_string(&mut text).expect("text");
        parts.push((file.name().expect("a name").into_owned(), text));
    }
    parts
}

#[test]
fn the_same_digest_is_the_same_file() {
    assert!(workbook(Language::RU) == workbook(Language::RU));
}

#[test]
fn numbers_are_numbers_and_nothing_is_a_formula() {
    let parts = parts(workbook(Language::EN));
    let sheets: Vec<_> = parts
        .iter()
        .filter(|(name, _)| name.starts_with("xl/worksheets/"))
        .collect();
    assert!(sheets.len() > 6, "{}", sheets.len());
    assert!(sheets.iter().all(|(_, sheet)| !sheet.contains("<f>")));
    let texts = &parts
        .iter()
        .find(|(name, _)| name == "xl/sharedStrings.xml")
        .expect("texts")
        .1;
    assert!(
        texts.contains("=HYPERLINK("),
        "the hostile name is there as text"
    );
    // 14 050 sessions of all channels, as a number.
    assert!(
        sheets
            .iter()
            .any(|(_, sheet)| sheet.contains("<v>14050</v>"))
    );
}

#[test]
fn names_of_sheets_are_short_legal_and_free() {
    let mut taken = BTreeSet::new();
    assert_eq!(sheet_name("a/b: [c]", &taken), "a b c");
    let long = "Очень длинное название таблицы каналов";
    let first = sheet_name(long, &taken);
    assert_eq!(first, "Очень длинное название таблицы");
    taken.insert(first.to_lowercase());
    assert_ne!(
        sheet_name(long, &taken).to_lowercase(),
        first.to_lowercase()
    );
}
