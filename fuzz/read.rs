//! What the fuzzers do with bytes. The tests of the program do the same with the corpora, so that it compiles and passes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::DateTime;
use voronka::ingest::cells::{self, DateOrder, Decimal, TagUse};
use voronka::ingest::identity::IdentityKey;
use voronka::ingest::source::{self, Fingerprint};
use voronka::ingest::{ExportRules, formats, inspect};

/// A file of these bytes is recognised and read through: formats, adapters, rejects.
pub fn detection(bytes: &[u8]) {
    with_file(bytes, |path| {
        let known = formats::load_all(Path::new("no/formats/of/ones/own")).expect("formats");
        let key = IdentityKey::new([7; 32]);
        let options = BTreeMap::new();
        let rules = ExportRules {
            format: None,
            zone: None,
            business_zone: chrono_tz::Europe::Moscow,
            spam_words: &[],
            spam_contacts: &[],
            options: &options,
            key: &key,
            now: DateTime::from_timestamp(1_800_000_000, 0).expect("a moment"),
        };
        for source in source::sources(path).unwrap_or_default() {
            let _ = inspect::inspect(source.clone(), &known, &rules);
            let _ = inspect::drafted(&source, &known, &rules, "drafted");
        }
    });
}

/// A file of these bytes is unpacked, decoded, and taken apart by its carrier.
pub fn decoding(bytes: &[u8]) {
    with_file(bytes, |path| {
        for source in source::sources(path).unwrap_or_default() {
            let Ok(head) = source::head(&source) else {
                continue;
            };
            let _ = source::tail(&source, &head);
            let _ = source::paging(&source);
            let blocks = source::blocks(&source, head.encoding, &Fingerprint::default());
            blocks.for_each(drop);
        }
    });
}

/// Each line is a cell, and is read in every way that a format may name.
pub fn cells(bytes: &[u8]) {
    for cell in bytes.split(|byte| *byte == b'\n') {
        numbers(cell);
        times(cell);
        let _ = (cells::key(cell), cells::flag(cell), cells::is_null(cell));
        let _ = (cells::page(cell), cells::host(cell), cells::trim(cell));
        let _ = (
            cells::damage(cell),
            cells::as_written(cell),
            cells::plain_spaces(cell),
        );
        cells::goals(cell, &mut Vec::new());
        let text = String::from_utf8_lossy(cell);
        let _ = (
            cells::unit(&text),
            cells::tags_of_address(&text),
            cells::currency(&text),
        );
        let _ = cells::tag(&text, TagUse::of_table("forms"));
        let key = IdentityKey::new([7; 32]);
        let _ = (
            key.phone(cell, &mut Vec::new()),
            key.email(cell, &mut Vec::new()),
        );
    }
}

fn numbers(cell: &[u8]) {
    for decimal in [Decimal::Dot, Decimal::Comma] {
        let _ = (cells::milli(cell, decimal), cells::minor(cell, decimal));
        let _ = (
            cells::minor_of_micros(cell, decimal),
            cells::count(cell, Some(decimal)),
        );
    }
    let _ = (
        cells::count(cell, None),
        cells::duration(cell),
        cells::unsigned(cell),
    );
    let _ = (cells::mark_shown(cell), cells::currency_of_amount(cell));
}

fn times(cell: &[u8]) {
    for order in [DateOrder::Dmy, DateOrder::Mdy] {
        let _ = (cells::moment(cell, order), cells::span(cell, order));
        let _ = cells::moment_at(cell, cell, order);
    }
    let _ = (cells::open_date(cell), cells::time_of_day(cell));
}

fn with_file(bytes: &[u8], read: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("export");
    fs::write(&path, bytes).expect("a file");
    read(&path);
}
