//! Whole files of every system, each with numbers that were counted by hand.

mod asterisk;
mod ends;
mod systems;

use std::collections::BTreeMap;

use crate::ingest::identity::IdentityKey;
use crate::ingest::{ExportRules, formats, inspect, source};

/// What `inspect` makes of a file: the format's name and its account, or the refusal.
fn looked(text: &str, options: &str) -> (String, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("calls.csv");
    std::fs::write(&path, text).expect("the file is written");
    let options: BTreeMap<String, toml::Value> = toml::from_str(options).expect("options");
    let rules = ExportRules {
        format: None,
        zone: None,
        business_zone: chrono_tz::Europe::Moscow,
        spam_words: &[],
        spam_contacts: &[],
        options: &options,
        key: &IdentityKey::new([1; 32]),
        now: "2027-01-01T00:00:00Z".parse().expect("a time"),
    };
    let formats = formats::load_all(std::path::Path::new("")).expect("the built-in formats");
    let source = source::sources(&path).expect("a source").remove(0);
    match inspect::inspect(source, &formats, &rules) {
        Ok(found) => match found.layout {
            Ok(layout) => {
                let rejects = found.outcome.expect("it was read").rejects;
                assert!(rejects.is_empty(), "{rejects:?}");
                (formats[layout.format].name.clone(), found.account)
            }
            Err(error) => (error.to_string(), Vec::new()),
        },
        Err(error) => (error.to_string(), Vec::new()),
    }
}

fn account(text: &str) -> Vec<String> {
    looked(text, "").1
}

/// The numbers of the account's first line: calls, inbound, answered, missed, outbound, answered, internal, talk.
fn numbers(account: &[String]) -> Vec<u32> {
    let first = account.first().expect("calls have an account");
    let digits = first.split(|symbol: char| !symbol.is_ascii_digit());
    digits.filter_map(|digits| digits.parse().ok()).collect()
}

fn calls(text: &str) -> Vec<u32> {
    numbers(&account(text))
}
