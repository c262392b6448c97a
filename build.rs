//! Lists the language files, so that a language is one file in `report-templates/lang/`, and makes a constant of every key
//! of a string, so that a key that is missing or misspelt does not compile.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use toml::{Table, Value};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let folder = root.join("report-templates").join("lang");
    println!("cargo::rerun-if-changed={}", folder.display());
    let files = language_files(&folder)?;
    fs::write(out.join("languages.rs"), list_of(&files))?;
    fs::write(out.join("words.rs"), constants_of(&files)?)
}

fn language_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|suffix| suffix == "toml") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn list_of(files: &[PathBuf]) -> String {
    let mut list = "/// Code and text of every shipped language.\n\
        pub const SHIPPED: &[(&str, &str)] = &[\n"
        .to_owned();
    for file in files {
        let code = file.file_stem().unwrap_or_default().to_string_lossy();
        let path = file.display().to_string();
        put(
            &mut list,
            &format!("    ({code:?}, include_str!({path:?})),"),
        );
    }
    list + "];\n"
}

/// The tables of a language file that hold no strings of sentences: how numbers are written, and names that grow with the
/// firms' own.
const NO_KEYS: [&str; 6] = [
    "export_titles",
    "language",
    "numbers",
    "lexicon",
    "devices_from",
    "channel_titles",
];

/// Forms of a word by the numbers that it goes with (CLDR).
const PLURAL_FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// A string, a word with plural forms, or a table of both.
enum Entry {
    Key,
    Noun,
    Group(BTreeMap<String, Entry>),
}

/// A module for each table and a constant for each string, of all languages together: that they have the same keys is for
/// the tests to see.
fn constants_of(files: &[PathBuf]) -> io::Result<String> {
    let mut all = BTreeMap::new();
    for file in files {
        let text = fs::read_to_string(file)?;
        let table: Table = text.parse().map_err(io::Error::other)?;
        let words = table
            .into_iter()
            .filter(|(name, _)| !NO_KEYS.contains(&name.as_str()));
        gather(words.collect(), &mut all);
    }
    let mut code = String::new();
    write_group(&all, "", &mut code);
    code += "/// Every name of a string.\nconst ALL: &[Key] = &[\n";
    list_keys(&all, "", &mut code);
    Ok(code + "];\n")
}

fn gather(table: Table, into: &mut BTreeMap<String, Entry>) {
    for (name, value) in table {
        let Value::Table(below) = value else {
            into.insert(name, Entry::Key);
            continue;
        };
        if below.keys().all(|key| PLURAL_FORMS.contains(&key.as_str())) {
            into.insert(name, Entry::Noun);
            continue;
        }
        let group = into
            .entry(name)
            .or_insert_with(|| Entry::Group(BTreeMap::new()));
        if let Entry::Group(known) = group {
            gather(below, known);
        }
    }
}

fn write_group(group: &BTreeMap<String, Entry>, path: &str, code: &mut String) {
    for (name, entry) in group {
        let key = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        let constant = name.to_uppercase();
        match entry {
            Entry::Key => put(
                code,
                &format!(
                    "pub const {constant}: crate::config::words::Key = crate::config::words::Key({key:?});"
                ),
            ),
            Entry::Noun => put(
                code,
                &format!(
                    "pub const {constant}: crate::config::words::Noun = crate::config::words::Noun({key:?});"
                ),
            ),
            Entry::Group(below) => {
                put(code, &format!("pub mod r#{name} {{"));
                write_group(below, &key, code);
                put(code, "}");
            }
        }
    }
}

fn list_keys(group: &BTreeMap<String, Entry>, path: &str, code: &mut String) {
    for (name, entry) in group {
        match entry {
            Entry::Key => put(code, &format!("    Key({:?}),", format!("{path}{name}"))),
            Entry::Noun => {}
            Entry::Group(below) => list_keys(below, &format!("{path}{name}."), code),
        }
    }
}

fn put(code: &mut String, line: &str) {
    writeln!(code, "{line}").expect("text can always be added to");
}
