//! Names, headings and widths of sheets.

use std::collections::BTreeSet;

use anyhow::Result;
use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use crate::digest::upper_first;

/// Symbols that the name of a sheet must not hold, and how many it may have.
const REFUSED: &[char] = &['[', ']', ':', '*', '?', '/', '\\'];
const LONGEST: usize = 31;

/// Writes the headings, which stay in sight.
pub(super) fn header<'a>(
    sheet: &mut Worksheet,
    titles: impl IntoIterator<Item = &'a str>,
) -> Result<(), XlsxError> {
    let format = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    for (at, title) in titles.into_iter().enumerate() {
        sheet.write_string_with_format(0, at as u16, upper_first(title), &format)?;
    }
    sheet.set_freeze_panes(1, 1).map(drop)
}

/// Lets the rows be filtered and gives the columns their widths.
pub(super) fn finish(sheet: &mut Worksheet, rows: usize, columns: usize) -> Result<()> {
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
pub(super) fn sheet_name(title: &str, taken: &BTreeSet<String>) -> String {
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
    let words: Vec<&str> = clean.split_whitespace().collect();
    let clean = words.join(" ");
    let clean = clean.trim_matches('\'').trim();
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
