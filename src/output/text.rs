//! `digest.txt` and the text part of the mail: the same facts in lines that are at most 78 columns wide.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use super::form::{Input, Output, TEXT_FILE};
use crate::digest::Document;
use crate::digest::blocks::{Answer, Block, Cell, Row, Step, Table};

pub(super) const OUTPUT: Output = Output {
    file: TEXT_FILE,
    media_type: "text/plain; charset=utf-8",
    render,
};

const WIDTH: usize = 78;

fn render(input: &Input) -> anyhow::Result<Vec<u8>> {
    let document = input.document;
    let mut text = format!(
        "{}\n{}\n",
        clean(&document.brand).to_uppercase(),
        document.period
    );
    for part in document.mail_parts() {
        text.push('\n');
        if let Some(title) = &part.title {
            text += &format!("{}\n", title.to_uppercase());
        }
        if let Some(subtitle) = &part.subtitle {
            text += &wrap(&subtitle.text(), "");
        }
        for block in &part.blocks {
            text += &lines(block, document);
        }
    }
    text.push('\n');
    for line in &document.mail_footer {
        text += &wrap(line, "");
    }
    Ok(text.into_bytes())
}

pub(super) fn lines(block: &Block, document: &Document) -> String {
    match block {
        // As it is: capitals would change the addresses of pages in it.
        Block::Headline(headline) => wrap(&headline.text, "") + "\n",
        Block::Answers(answers) => answers.iter().map(answer_line).collect(),
        Block::Notice(notice) => wrap(&format!("{} {}", notice.lead, notice.text.text()), ""),
        Block::Table(table) => self::table(table, document),
        Block::Funnel(steps) => steps.iter().map(step).collect(),
        Block::Chart(chart) => wrap(&chart.alt, ""),
        Block::Text(text) => wrap(&text.text(), ""),
        Block::List(items) => items
            .iter()
            .map(|item| wrap(&format!("- {}", item.text()), "  "))
            .collect(),
        Block::Definitions(definitions) => definitions
            .iter()
            .map(|entry| wrap(&format!("{}. {}", entry.term, entry.text), "  "))
            .collect(),
        Block::Link(link) => wrap(&format!("{}: {}", link.text, link.href), "  "),
    }
}

/// One row of an answer; a row without a label goes on with the one above.
fn answer_line(answer: &Answer) -> String {
    match answer.label.is_empty() {
        true => wrap(&answer.text.text(), ""),
        false => wrap(&format!("{}: {}", answer.label, answer.text.text()), ""),
    }
}

fn table(table: &Table, document: &Document) -> String {
    let titles: Vec<&str> = table
        .columns
        .iter()
        .skip(1)
        .map(|column| column.title.as_str())
        .filter(|title| !title.is_empty())
        .collect();
    let mut text = wrap(&format!("({})", titles.join("; ")), "");
    if table
        .rows
        .iter()
        .flat_map(|row| &row.cells)
        .any(|cell| cell.arrow.is_some())
    {
        text += &wrap(&document.labels.beyond_noise, "");
    }
    text.extend(table.rows.iter().map(row));
    text += &table
        .note
        .as_ref()
        .map_or_else(String::new, |note| wrap(&note.text(), ""));
    text
}

fn row(row: &Row) -> String {
    let cells = row.cells.iter().map(cell);
    let cells: Vec<String> = cells.filter(|cell| !cell.is_empty()).collect();
    wrap(&format!("{}: {}", cell(&row.head), cells.join("; ")), "  ")
}

/// `▼ −14,3 % (!) (−1,63…−0,42), значимо хуже [412]`
fn cell(cell: &Cell) -> String {
    let mut text = String::new();
    if let Some(arrow) = cell.arrow {
        text += &format!("{}\u{a0}", arrow.glyph());
    }
    text += cell.shown();
    if cell.arrow.is_some() {
        text += " (!)";
    }
    if let Some(interval) = &cell.interval {
        text += &format!(" ({interval})");
    }
    if let Some(word) = &cell.word {
        text += &format!(", {word}");
    }
    if let Some(under) = &cell.under {
        text += &format!(" [{under}]");
    }
    text
}

fn step(step: &Step) -> String {
    let usual = step
        .gauge_label
        .as_ref()
        .map_or_else(String::new, |label| format!(" ({label})"));
    wrap(
        &format!(
            "{}: {} {} → {}{usual} → {} {}",
            step.caption,
            step.from.shown,
            step.from.noun,
            step.rate.shown(),
            step.to.shown,
            step.to.noun
        ),
        "  ",
    )
}

/// Breaks at ordinary spaces only; what is held together by a no-break space stays together, and so does a long word.
pub(super) fn wrap(text: &str, indent: &str) -> String {
    let text = clean(text);
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let options = Options::new(WIDTH)
        .subsequent_indent(indent)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .break_words(false);
    textwrap::fill(&words.join(" "), options) + "\n"
}

/// Control characters from exports would break lines.
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .map(|symbol| if symbol.is_control() { ' ' } else { symbol })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::language::Rich;

    #[test]
    fn long_lines_break_at_spaces_and_never_at_no_break_spaces() {
        let text = wrap(&"14\u{a0}020 визитов ".repeat(12), "  ");
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH));
        assert!(text.lines().all(|line| !line.ends_with("14")));
    }

    #[test]
    fn lines_are_as_wide_as_they_are_seen() {
        let wide = wrap(&"漢字 ".repeat(40), "");
        assert!(
            wide.lines().all(|line| line.chars().count() <= 47),
            "{wide}"
        );
        let joined = wrap(&"e\u{301} ".repeat(40), "");
        assert_eq!(
            joined.lines().next().map(|line| line.chars().count()),
            Some(39 * 3 - 1)
        );
    }

    #[test]
    fn a_long_word_stays_whole_and_spaces_are_single() {
        let address = format!("https://example.com/{}", "a-b/".repeat(30));
        assert_eq!(
            wrap(&format!("see   {address}\nnow"), "  "),
            format!("see\n  {address}\n  now\n")
        );
        assert_eq!(wrap("", "  "), "\n");
    }

    #[test]
    fn emphasis_leaves_no_trace() {
        assert_eq!(Rich::plain("a").then(Rich::plain("b")).text(), "a b");
    }
}
