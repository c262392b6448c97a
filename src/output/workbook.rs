//! `tables.xlsx`: every table and chart as a sheet, numbers as numbers, for those who go on counting.

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::Datelike;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use super::form::{Input, Output};
use crate::config::words;
use crate::digest::blocks::{
    Answer, Arrow, Block, Cell, Chart, DayMark, Drawing, Row, Step, Table, TrendMark, Unit, Value,
};
use crate::digest::document::Part;
use crate::digest::language::Strings;

pub(super) const OUTPUT: Output = Output {
    file: "tables.xlsx",
    media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    render,
};

/// Symbols that the name of a sheet must not hold, and how many it may have.
const REFUSED: &[char] = &['[', ']', ':', '*', '?', '/', '\\'];
const LONGEST: usize = 31;

fn render(input: &Input) -> Result<Vec<u8>> {
    let mut book = Book::new(input);
    book.summary()?;
    for part in &input.document.parts {
        for block in &part.blocks {
            book.block(part, block)?;
        }
    }
    Ok(book.workbook.save_to_buffer()?)
}

struct Book<'a> {
    input: &'a Input<'a>,
    workbook: Workbook,
    names: BTreeSet<String>,
}

impl<'a> Book<'a> {
    fn new(input: &'a Input<'a>) -> Self {
        let mut workbook = Workbook::new();
        let at = input.digest.as_of.date_naive();
        // The clock of the machine would make every file another one.
        let created = ExcelDateTime::from_ymd(
            at.year().clamp(1900, 9999) as u16,
            at.month() as u8,
            at.day() as u8,
        );
        let properties = DocProperties::new()
            .set_title(&input.document.subject)
            .set_author("Voronka");
        workbook.set_properties(&created.map_or(properties.clone(), |created| {
            properties.set_creation_datetime(&created)
        }));
        Self {
            input,
            workbook,
            names: BTreeSet::new(),
        }
    }

    fn strings(&self) -> &'a Strings {
        &self.input.look.strings
    }

    /// A new sheet under a name that is free.
    fn sheet(&mut self, title: &str) -> Result<&mut Worksheet, XlsxError> {
        let name = sheet_name(title, &self.names);
        self.names.insert(name.to_lowercase());
        self.workbook.add_worksheet().set_name(name)
    }

    /// The first sheet: what the report says in words.
    fn summary(&mut self) -> Result<()> {
        let document = self.input.document;
        let mut lines = vec![
            (String::new(), document.brand.clone()),
            (String::new(), document.period.clone()),
        ];
        for block in document.parts.iter().flat_map(|part| &part.blocks) {
            match block {
                Block::Headline(headline) => {
                    lines.push((headline.kicker.clone(), headline.text.clone()))
                }
                Block::Answers(answers) => lines.extend(answers.iter().map(answer)),
                Block::Notice(notice) => lines.push((notice.lead.clone(), notice.text.text())),
                Block::Text(text) => lines.push((String::new(), text.text())),
                Block::List(items) => {
                    lines.extend(items.iter().map(|item| (String::new(), item.text())))
                }
                Block::Definitions(terms) => {
                    lines.extend(
                        terms
                            .iter()
                            .map(|entry| (entry.term.clone(), entry.text.clone())),
                    );
                }
                Block::Table(_) | Block::Funnel(_) | Block::Chart(_) => {}
            }
        }
        lines.extend(
            document
                .footer
                .iter()
                .map(|line| (String::new(), line.clone())),
        );
        let title = self.strings().raw(words::workbook::SUMMARY);
        let sheet = self.sheet(title)?;
        let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let label = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::Top);
        sheet.set_column_width(0, 26)?.set_column_width(1, 110)?;
        for (row, (name, text)) in lines.iter().enumerate() {
            sheet.write_string_with_format(row as u32, 0, name, &label)?;
            sheet.write_string_with_format(row as u32, 1, text, &wrapped)?;
        }
        Ok(())
    }

    fn block(&mut self, part: &Part, block: &Block) -> Result<()> {
        let title = part.title.as_deref().unwrap_or(part.code);
        match block {
            Block::Table(table) => self.table(title, table),
            Block::Funnel(steps) => self.funnel(title, steps),
            Block::Chart(chart) => self.chart(chart),
            // In words: on the first sheet.
            Block::Headline(_)
            | Block::Answers(_)
            | Block::Notice(_)
            | Block::Text(_)
            | Block::List(_)
            | Block::Definitions(_) => Ok(()),
        }
    }

    fn table(&mut self, title: &str, table: &Table) -> Result<()> {
        let columns = columns(table, self.strings());
        let currency = self.input.digest.pipeline.currency.clone();
        let sheet = self.sheet(title)?;
        header(sheet, columns.iter().map(|column| column.title.as_str()))?;
        for (row, line) in table.rows.iter().enumerate() {
            for (at, column) in columns.iter().enumerate() {
                if let Some(cell) = cell_of(line, column.cell) {
                    write(
                        sheet,
                        (row as u32 + 1, at as u16),
                        cell,
                        column.aspect,
                        line.is_total,
                        &currency,
                    )?;
                }
            }
        }
        finish(sheet, table.rows.len(), columns.len())
    }

    fn funnel(&mut self, title: &str, steps: &[Step]) -> Result<()> {
        let strings = self.strings();
        let titles = [
            words::workbook::STEP,
            words::workbook::FROM,
            words::workbook::RATE,
            words::workbook::TO,
            words::workbook::USUAL,
        ];
        let sheet = self.sheet(title)?;
        header(sheet, titles.map(|key| strings.raw(key)))?;
        for (row, step) in steps.iter().enumerate() {
            let row = row as u32 + 1;
            sheet.write_string(row, 0, &step.caption)?;
            sheet.write_string(row, 1, format!("{} {}", step.from.shown, step.from.noun))?;
            write(sheet, (row, 2), &step.rate, Aspect::Value, false, "")?;
            sheet.write_string(row, 3, format!("{} {}", step.to.shown, step.to.noun))?;
            sheet.write_string(row, 4, step.gauge_label.as_deref().unwrap_or_default())?;
        }
        finish(sheet, steps.len(), titles.len())
    }

    fn chart(&mut self, chart: &Chart) -> Result<()> {
        let strings = self.strings();
        let title = chart.title.text();
        match &chart.drawing {
            Drawing::Trend(trend) => {
                let titles = [
                    words::workbook::PERIOD,
                    words::workbook::VALUE,
                    words::workbook::LOW,
                    words::workbook::HIGH,
                    words::workbook::LAST_YEAR,
                ];
                let titles = titles.map(|key| strings.raw(key));
                let values = |mark: &TrendMark| {
                    [
                        mark.value,
                        mark.usual.map(|ends| ends.0),
                        mark.usual.map(|ends| ends.1),
                        mark.last_year,
                    ]
                };
                let rows = trend
                    .points
                    .iter()
                    .map(|mark| (mark.label.as_str(), values(mark)));
                series(self.sheet(&title)?, &titles, rows, "0.00%")
            }
            Drawing::Daily(daily) => {
                let titles = [
                    words::workbook::DAY,
                    words::workbook::VALUE,
                    words::workbook::EXPECTED,
                    words::workbook::LOW,
                    words::workbook::HIGH,
                ];
                let titles = titles.map(|key| strings.raw(key));
                let values = |mark: &DayMark| {
                    [mark.observed, mark.expected, mark.usual.0, mark.usual.1].map(Some)
                };
                let rows = daily
                    .points
                    .iter()
                    .map(|mark| (mark.label.as_str(), values(mark)));
                series(self.sheet(&title)?, &titles, rows, "#,##0.0")
            }
            // Its numbers stand in the table of channels, with more digits.
            Drawing::Intervals(_) => Ok(()),
        }
    }
}

/// A row of a chart's numbers: its name and its values.
fn series<'a, const N: usize>(
    sheet: &mut Worksheet,
    titles: &[&str],
    rows: impl Iterator<Item = (&'a str, [Option<f64>; N])>,
    format: &str,
) -> Result<()> {
    let format = Format::new().set_num_format(format);
    header(sheet, titles.iter().copied())?;
    let mut count = 0;
    for (name, values) in rows {
        count += 1;
        sheet.write_string(count, 0, name)?;
        for (at, value) in values.into_iter().enumerate() {
            if let Some(value) = value.filter(|value| value.is_finite()) {
                sheet.write_number_with_format(count, at as u16 + 1, value, &format)?;
            }
        }
    }
    finish(sheet, count as usize, titles.len())
}

/// Label and text of a row of answers.
fn answer(answer: &Answer) -> (String, String) {
    (answer.label.clone(), answer.text.text())
}

/// What of a cell a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Aspect {
    Value,
    Interval,
    Word,
    Under,
}

/// A column of a sheet: of which cell (0 is the row's name), and what of it.
struct SheetColumn {
    title: String,
    cell: usize,
    aspect: Aspect,
}

fn cell_of(row: &Row, at: usize) -> Option<&Cell> {
    if at == 0 {
        Some(&row.head)
    } else {
        row.cells.get(at - 1)
    }
}

/// The columns of a sheet: each of the table's, and beside it what its cells say more.
fn columns(table: &Table, strings: &Strings) -> Vec<SheetColumn> {
    let mut columns = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let has = |aspect| {
            table
                .rows
                .iter()
                .filter_map(|row| cell_of(row, at))
                .any(|cell| said(cell, aspect).is_some())
        };
        columns.push(SheetColumn {
            title: column.title.clone(),
            cell: at,
            aspect: Aspect::Value,
        });
        for (aspect, key) in [
            (Aspect::Interval, words::workbook::INTERVAL),
            (Aspect::Word, words::workbook::WORD),
            (Aspect::Under, words::workbook::BASE),
        ] {
            if has(aspect) {
                let title = format!("{}: {}", column.title, strings.raw(key));
                columns.push(SheetColumn {
                    title,
                    cell: at,
                    aspect,
                });
            }
        }
    }
    columns
}

/// What a cell says beside its value.
fn said(cell: &Cell, aspect: Aspect) -> Option<String> {
    let arrow = cell.arrow.map(Arrow::glyph);
    match aspect {
        Aspect::Value => None,
        Aspect::Interval => cell.interval.clone(),
        Aspect::Word => match (arrow, &cell.word) {
            (None, word) => word.clone(),
            (Some(arrow), None) => Some(arrow.to_owned()),
            (Some(arrow), Some(word)) => Some(format!("{arrow} {word}")),
        },
        Aspect::Under => cell.under.clone(),
    }
}

/// Text is always written as text: nothing that came from an export can become a formula.
fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    aspect: Aspect,
    is_total: bool,
    currency: &str,
) -> Result<(), XlsxError> {
    let format = if is_total {
        Format::new().set_bold()
    } else {
        Format::new()
    };
    if aspect != Aspect::Value {
        return match said(cell, aspect) {
            Some(text) => sheet
                .write_string_with_format(row, column, text, &format)
                .map(drop),
            None => Ok(()),
        };
    }
    match &cell.value {
        Value::Number { value, unit, shown } | Value::Change { value, unit, shown }
            if value.is_finite() =>
        {
            let is_change = matches!(cell.value, Value::Change { .. });
            // A percentage as Excel keeps it is a share of 1.
            let value = if *unit == Unit::Percent {
                value / 100.0
            } else {
                *value
            };
            let format =
                format.set_num_format(number_format(*unit, is_change, decimals(shown), currency));
            sheet
                .write_number_with_format(row, column, value, &format)
                .map(drop)
        }
        _ => sheet
            .write_string_with_format(row, column, cell.shown(), &format)
            .map(drop),
    }
}

/// Digits after the mark of a number as it is shown.
fn decimals(shown: &str) -> usize {
    let number: String = shown
        .chars()
        .take_while(|symbol| !symbol.is_alphabetic() && *symbol != '%')
        .collect();
    let Some(mark) = number.rfind(['.', ',']) else {
        return 0;
    };
    let digits = number[mark + 1..]
        .chars()
        .take_while(char::is_ascii_digit)
        .count();
    // Three digits after a comma are thousands in English; nothing is shown with three decimals.
    if digits == 3 { 0 } else { digits }
}

fn number_format(unit: Unit, is_change: bool, decimals: usize, currency: &str) -> String {
    let places = if decimals == 0 {
        String::new()
    } else {
        format!(".{}", "0".repeat(decimals))
    };
    let number = match unit {
        Unit::Count => format!("#,##0{places}"),
        Unit::Share | Unit::Percent => format!("0{places}%"),
        Unit::Points => format!("0{places}"),
        Unit::Money => format!("#,##0{places} \"{currency}\""),
    };
    if is_change {
        format!("+{number};-{number};{number}")
    } else {
        number
    }
}

fn header<'a>(
    sheet: &mut Worksheet,
    titles: impl IntoIterator<Item = &'a str>,
) -> Result<(), XlsxError> {
    let format = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    for (at, title) in titles.into_iter().enumerate() {
        sheet.write_string_with_format(0, at as u16, title, &format)?;
    }
    sheet.set_freeze_panes(1, 1).map(drop)
}

fn finish(sheet: &mut Worksheet, rows: usize, columns: usize) -> Result<()> {
    if rows > 0 {
        sheet.autofilter(0, 0, rows as u32, columns.saturating_sub(1) as u16)?;
    }
    sheet.set_column_width(0, 34)?;
    for column in 1..columns as u16 {
        sheet.set_column_width(column, 18)?;
    }
    Ok(())
}

/// A title as the name of a sheet: short, without what Excel refuses, and free.
fn sheet_name(title: &str, taken: &BTreeSet<String>) -> String {
    let clean: String = title
        .chars()
        .map(|symbol| {
            if REFUSED.contains(&symbol) || symbol.is_control() {
                ' '
            } else {
                symbol
            }
        })
        .collect();
    let clean = clean.trim().trim_matches('\'').trim();
    let cut = |most: usize| {
        clean
            .chars()
            .take(most)
            .collect::<String>()
            .trim_end()
            .to_owned()
    };
    let free = |name: &String| !name.is_empty() && !taken.contains(&name.to_lowercase());
    let numbered = (2..).map(|number| format!("{} {number}", cut(LONGEST - 4)));
    std::iter::once(cut(LONGEST))
        .chain(numbered)
        .find(free)
        .expect("numbers do not end")
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
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
        assert_eq!(sheet_name("a/b: [c]", &taken), "a b   c");
        let long = "Очень длинное название таблицы каналов";
        let first = sheet_name(long, &taken);
        assert_eq!(first, "Очень длинное название таблицы");
        taken.insert(first.to_lowercase());
        assert_ne!(
            sheet_name(long, &taken).to_lowercase(),
            first.to_lowercase()
        );
    }

    #[test]
    fn a_number_keeps_the_digits_that_it_is_shown_with() {
        assert_eq!(
            [
                "2,51\u{a0}%",
                "14\u{a0}050",
                "14,050",
                "£1.50",
                "−0,4\u{a0}п.п.",
                "12"
            ]
            .map(decimals),
            [2, 0, 0, 2, 1, 0]
        );
        assert_eq!(number_format(Unit::Share, false, 2, ""), "0.00%");
        assert_eq!(number_format(Unit::Money, false, 0, "RUB"), "#,##0 \"RUB\"");
        assert_eq!(number_format(Unit::Points, true, 2, ""), "+0.00;-0.00;0.00");
    }
}
