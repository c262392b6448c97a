//! `tables.xlsx`: every subject as a tidy sheet, numbers as numbers, for those who go on counting.

mod sheets;
mod subjects;
mod tidy;

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::Datelike;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use self::sheets::sheet_name;

use super::form::{Input, Output};
use crate::config::words;
use crate::digest::blocks::{Answer, Block};
use crate::digest::language::Strings;
use crate::digest::page::Page;

pub(super) const OUTPUT: Output = Output {
    file: "tables.xlsx",
    media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    render,
};

fn render(input: &Input) -> Result<Vec<u8>> {
    let mut book = Book::new(input);
    book.summary()?;
    let page = Page::of(input.digest, &input.look.strings);
    let currency = &input.digest.pipeline.currency;
    for subject in subjects::all(&page) {
        subject.write(book.sheet(&subject.title)?, currency)?;
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
        for block in document.report_parts().flat_map(|part| &part.blocks) {
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
                Block::Table(_) | Block::Funnel(_) | Block::Chart(_) | Block::Link(_) => {}
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
}

/// Label and text of a row of answers.
fn answer(answer: &Answer) -> (String, String) {
    (answer.label.clone(), answer.text.text())
}

#[cfg(test)]
mod tests;
