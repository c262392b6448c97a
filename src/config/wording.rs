//! The parser's complaints in the words of the person who writes the file.

use super::hint::expected_one_of;

/// Words that make a key a secret, whatever stands around them.
const SECRETS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "api_key",
    "apikey",
    "api-key",
    "private_key",
    "smtp_url",
];

/// Whether the last step of the path names a secret.
pub(super) fn names_a_secret(path: &str) -> bool {
    let key = path.rsplit('.').next().unwrap_or(path).to_lowercase();
    SECRETS.iter().any(|word| key.contains(word))
}

/// A setting for people: `"files" in [[exports]]`.
pub(super) fn setting(path: &str) -> String {
    let written = without_trailing_index(path);
    let (table, key) = written.rsplit_once('.').unwrap_or(("", written));
    format!("\"{key}\"{}", inside(table))
}

/// What the parser said about the setting at this path, reworded, and a hint.
pub(super) fn reading(said: &str, path: &str) -> (String, Option<String>) {
    let quoted = backticked(said);
    let known = quoted.get(1..).unwrap_or_default();
    if let (true, Some(field)) = (said.starts_with("unknown field"), quoted.first()) {
        let table = path.rsplit_once('.').map_or("", |(table, _)| table);
        return (
            format!("unknown setting \"{field}\"{}", inside(table)),
            Some(expected_one_of(field, known)),
        );
    }
    if let (true, Some(value)) = (said.starts_with("unknown variant"), quoted.first()) {
        return (
            format!("unknown value \"{value}\" for {}", setting(path)),
            Some(expected_one_of(value, known)),
        );
    }
    if let (true, Some(field)) = (said.starts_with("missing field"), quoted.first()) {
        return (
            format!("setting \"{field}\" is missing{}", inside(path)),
            None,
        );
    }
    match said
        .split_once(": ")
        .and_then(|(_, rest)| rest.rsplit_once(", expected "))
    {
        Some((found, expected)) => (
            format!(
                "expected {} for {}, found {}",
                plain(expected),
                setting(path),
                found.replace('`', "")
            ),
            None,
        ),
        None if path.is_empty() => (said.to_owned(), None),
        None => (format!("{said}, in {}", setting(path)), None),
    }
}

fn inside(table: &str) -> String {
    if table.is_empty() {
        return String::new();
    }
    let name: Vec<&str> = table.split('.').filter(|step| !is_index(step)).collect();
    let name = name.join(".");
    if table.rsplit('.').next().is_some_and(is_index) {
        format!(" in [[{name}]]")
    } else {
        format!(" in [{name}]")
    }
}

fn without_trailing_index(path: &str) -> &str {
    match path.rsplit_once('.') {
        Some((list, index)) if is_index(index) => list,
        _ => path,
    }
}

fn is_index(step: &str) -> bool {
    !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit())
}

fn backticked(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Types of the program in plain words.
fn plain(expected: &str) -> String {
    match expected {
        "u32" | "u64" | "i64" | "usize" => "a whole number from 0".to_owned(),
        "f64" => "a number".to_owned(),
        "a string" => "text in quotes".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list in [ ]".to_owned(),
        "a map" => "a table".to_owned(),
        other => match other.strip_prefix("struct ") {
            Some(_) => "a table".to_owned(),
            None => other.to_owned(),
        },
    }
}
