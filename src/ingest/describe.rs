//! Formats in words, for the documentation: what a format file states, as Markdown.

use std::fmt::Write;

use super::cells::DateOrder;
use super::format::{Choose, ColumnRule, Format, Group, Reading, Which};

/// All formats: a list with links, then a section each.
pub fn page(formats: &[Format]) -> String {
    let mut text = String::from("| format | export | table |\n| --- | --- | --- |\n");
    for format in formats {
        let Format {
            name, title, table, ..
        } = format;
        let _ = writeln!(
            text,
            "| [`{name}`](#{name}) | {} | `{table}` |",
            cell(title)
        );
    }
    for format in formats {
        text.push('\n');
        text.push_str(&section(format));
    }
    text
}

fn section(format: &Format) -> String {
    let title = format!("{}.", format.title);
    let about = format.about.as_deref().map_or(title.as_str(), str::trim);
    let mut parts = vec![
        format!("### `{}`", format.name),
        about.to_owned(),
        recognised(format),
    ];
    if let Some(other) = &format.like {
        parts.push(format!(
            "Its other columns are those of [`{other}`](#{other})."
        ));
    }
    if let Some(refusal) = &format.refuse {
        parts.push(format!(
            "**Refused**: {}; {}.",
            refusal.reason, refusal.hint
        ));
    }
    if !format.columns.is_empty() {
        parts.push(columns(&format.columns));
    }
    parts.extend(format.group.as_ref().map(grouped));
    let totals = &format.rows.totals;
    if !totals.is_empty() {
        parts.push(format!("Totals rows begin with {}.", codes(totals)));
    }
    if format.bytes.quoting == Some(false) {
        parts.push("Quotes are ordinary characters.".to_owned());
    }
    parts.join("\n\n") + "\n"
}

/// How a file of the format is told from others.
fn recognised(format: &Format) -> String {
    let recognise = &format.recognise;
    let mut text = if recognise.header.is_empty() {
        let tests = recognise.cells.iter();
        let tests: Vec<String> = tests
            .map(|(at, pattern)| format!("{at} matches {}", code(pattern)))
            .collect();
        format!(
            "No header. Recognised by its cells, counted from 0: {}",
            tests.join("; ")
        )
    } else {
        format!(
            "Recognised by the header cells {}",
            codes(&recognise.header)
        )
    };
    if let Some(preamble) = &recognise.preamble {
        let _ = write!(text, ", with {} above", code(preamble.trim()));
    }
    text.push('.');
    if !recognise.any_of.is_empty() {
        let _ = write!(
            text,
            " One at least of {} is there, too.",
            codes(&recognise.any_of)
        );
    }
    if !recognise.not_header.is_empty() {
        let _ = write!(
            text,
            " With {} it is another report.",
            codes(&recognise.not_header)
        );
    }
    text
}

fn columns(rules: &[ColumnRule]) -> String {
    let mut text = String::from("| column | header cell | read |\n| --- | --- | --- |");
    for rule in rules {
        let name = format!("`{}`", rule.to);
        let name = if rule.required {
            format!("**{name}**")
        } else {
            name
        };
        let _ = write!(text, "\n| {name} | {} | {} |", from(rule), read(rule));
    }
    text
}

fn from(rule: &ColumnRule) -> String {
    let mut cells = codes(&rule.from);
    if rule.choose == Choose::Present && rule.from.len() > 1 {
        cells.push_str(", the first that the file has");
    }
    match (&rule.constant, rule.from.is_empty()) {
        (Some(constant), true) => format!("always {}", code(constant)),
        (Some(constant), false) => format!("{cells}, else always {}", code(constant)),
        (None, _) => cells,
    }
}

/// The reading, and what is special about it.
fn read(rule: &ColumnRule) -> String {
    let mut text = format!("`{}`", rule.read.word());
    let order = match rule.order {
        DateOrder::Ymd => None,
        DateOrder::Dmy => Some("dmy"),
        DateOrder::Mdy => Some("mdy"),
        DateOrder::Unix => Some("unix"),
    };
    if let Some(order) = order {
        let _ = write!(text, ", `{order}`");
    }
    if let Some(mark) = &rule.before {
        let _ = write!(text, ", before {}", code(mark.trim()));
    }
    if let Some(mark) = &rule.behind {
        let _ = write!(text, ", behind {}", code(mark.trim()));
    }
    if rule.which == Which::Last {
        text.push_str(", the last of equal names");
    }
    if !rule.map.is_empty() {
        let pairs = rule.map.iter().filter(|(value, _)| *value != "*");
        let mut words: Vec<String> = pairs
            .map(|(value, meaning)| format!("{} → {}", shown(value), shown(meaning)))
            .collect();
        words.extend(
            rule.map
                .get("*")
                .map(|rest| format!("else → {}", shown(rest))),
        );
        let _ = write!(text, "; {}", words.join(", "));
    }
    if !rule.absent.is_empty() {
        let _ = write!(text, "; absent: {}", codes(&rule.absent));
    }
    text
}

fn shown(text: &str) -> String {
    if text.is_empty() {
        "(empty)".to_owned()
    } else {
        cell(text)
    }
}

fn grouped(group: &Group) -> String {
    let mut parts = Vec::new();
    if !group.sum.is_empty() {
        parts.push(format!("{} added up", codes(&group.sum)));
    }
    if !group.any.is_empty() {
        parts.push(format!("{} yes when any row's is", codes(&group.any)));
    }
    let when = match group.when.as_slice() {
        [] => String::new(),
        cells => format!(
            " in a file with the column {}",
            cells
                .iter()
                .map(|cell| code(cell))
                .collect::<Vec<_>>()
                .join(" or ")
        ),
    };
    format!("Rows of one record are one{when}: {}.", parts.join(", "))
}

fn codes(texts: &[String]) -> String {
    let codes: Vec<String> = texts.iter().map(|text| code(text)).collect();
    codes.join(", ")
}

fn code(text: &str) -> String {
    format!("`{}`", cell(text))
}

/// Text inside a table: a bar would end the cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

impl Reading {
    /// The word that formats use for it.
    fn word(self) -> String {
        let word = serde_json::to_value(self);
        let word = word.ok().and_then(|word| word.as_str().map(str::to_owned));
        word.expect("a reading is a word")
    }
}
