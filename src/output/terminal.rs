//! The diagnosis on a terminal: the digest's sentences, and its tables with aligned columns.

use super::text;
use crate::config::language::Language;
use crate::config::words::{self, Key};
use crate::diagnosis::causes::CAUSES;
use crate::diagnosis::codes::CauseCode;
use crate::digest::blocks::{Align, Block, Cell, Table};
use crate::digest::language::Strings;
use crate::digest::page::Page;
use crate::digest::{self, Digest, causes};

/// A column of text is cut at so many characters.
const WIDEST: usize = 58;

/// The diagnosis of a digest, for the terminal.
pub fn diagnosis_text(digest: &Digest, strings: &Strings) -> String {
    let document = digest::diagnosis(digest, strings);
    let mut out = format!("{}\n{}\n", text::clean(&document.brand), document.period);
    for part in &document.parts {
        out += &part.title.as_ref().map_or_else(
            || "\n".to_owned(),
            |title| format!("\n{}\n", title.to_uppercase()),
        );
        for block in &part.blocks {
            out += &match block {
                Block::Table(table) => aligned(table),
                other => text::lines(other, &document),
            };
        }
    }
    out
}

/// One line about a period: what the digest's subject would say, and how probable an incident was.
pub fn diagnosis_line(digest: &Digest, strings: &Strings) -> String {
    let page = Page::of(digest, strings);
    let incident = digest
        .incident_probability
        .map_or_else(String::new, |p| causes::probability(&page, p));
    let first = digest
        .findings
        .iter()
        .flat_map(|finding| &finding.causes)
        .next();
    let said = first.map_or_else(
        || page.text(words::causes::NOTHING_SHORT),
        |cause| {
            let place = causes::scope(&page, &cause.scope)
                .map_or_else(String::new, |scope| format!(" ({scope})"));
            format!(
                "{}{place}: {}",
                causes::title_of(&page, cause),
                causes::certainty(&page, cause)
            )
        },
    );
    text::clean(&format!("{incident:>5}  {said}"))
}

/// A cause in one line: its code and its title.
pub fn cause_line(code: CauseCode, language: Language) -> String {
    let strings = Strings::shipped(language);
    format!(
        "{:<16} {}",
        code.as_str(),
        strings.fill(causes::CauseWords::of(code).title, &[])
    )
}

/// A cause explained: what it means, how it is found, what to check first.
pub fn cause_text(code: CauseCode, language: Language) -> String {
    let strings = Strings::shipped(language);
    let words = causes::CauseWords::of(code);
    let title = strings.fill(words.title, &[]);
    let mut out = text::wrap(&format!("{}: {}", code.as_str(), title), "")
        + "\n"
        + &text::wrap(&strings.fill(words.about, &[]), "");
    // A cause may hurt both conversions, with other checks in each.
    let mut checks: Vec<Key> = Vec::new();
    for check in CAUSES
        .iter()
        .filter(|cause| cause.code == code)
        .flat_map(|cause| cause.checks)
    {
        if !checks.contains(check) {
            checks.push(*check);
        }
    }
    if !checks.is_empty() {
        out += &format!("\n{}:\n", strings.raw(words::causes::label::CHECK));
    }
    for (place, check) in checks.iter().enumerate() {
        out += &text::wrap(
            &format!("{}. {}", place + 1, strings.fill(*check, &[])),
            "   ",
        );
    }
    out
}

fn aligned(table: &Table) -> String {
    let heads: Vec<String> = table
        .columns
        .iter()
        .map(|column| text::clean(&column.title))
        .collect();
    let rows: Vec<Vec<String>> = table
        .rows
        .iter()
        .map(|row| {
            [&row.head]
                .into_iter()
                .chain(&row.cells)
                .map(shown)
                .collect()
        })
        .collect();
    let width = |at: usize| {
        let cells = rows.iter().map(|row| &row[at]).chain([&heads[at]]);
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
            .min(WIDEST)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let line = |cells: &[String]| {
        let padded = cells
            .iter()
            .enumerate()
            .map(|(at, cell)| pad(cell, widths[at], table.columns[at].align));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    let mut out = line(&heads);
    out.extend(rows.iter().map(|row| line(row)));
    out + &table
        .note
        .as_ref()
        .map_or_else(String::new, |note| text::wrap(&note.text(), ""))
}

fn shown(cell: &Cell) -> String {
    let word = cell
        .word
        .as_ref()
        .map_or_else(String::new, |word| format!(" ({word})"));
    text::clean(&format!("{}{word}", cell.shown()))
}

fn pad(cell: &str, width: usize, align: Align) -> String {
    let cut: String = match cell.chars().count() > width {
        true => cell.chars().take(width - 1).chain(['…']).collect(),
        false => cell.to_owned(),
    };
    let space = " ".repeat(width - cut.chars().count());
    if align == Align::Left {
        cut + &space
    } else {
        space + &cut
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::VerdictKind;

    #[test]
    fn a_diagnosis_names_the_cause_and_what_was_ruled_out() {
        let text = diagnosis_text(
            &Digest::sample(VerdictKind::Drop, Language::RU),
            Strings::shipped(Language::RU),
        );
        assert!(
            text.contains("вероятнее всего (86\u{a0}%)") && text.contains("Проверено"),
            "{text}"
        );
        assert!(
            !text.contains("causes.") && !text.contains("evidence."),
            "{text}"
        );
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        assert_eq!(pad("ab", 4, Align::Right), "  ab");
        assert_eq!(pad("abcdef", 4, Align::Left), "abc…");
    }
}
