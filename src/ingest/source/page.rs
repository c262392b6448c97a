//! Tables of web pages: what many systems call an Excel file is one.

mod table;

use anyhow::Result;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};

use self::table::Page;
use super::Source;
use super::grid::Grid;
use super::reader::decoded;
use crate::model::fault::Fault;

/// What a page begins with, in lower case; a table may stand alone.
const BEGINNINGS: &[&str] = &[
    "<!doctype html",
    "<html",
    "<head",
    "<meta",
    "<body",
    "<table",
    "<style",
    "<title",
    "<div",
];
/// Tables that a page may have: a report has a few, a page of layout hundreds.
const MOST_TABLES: usize = 50;
/// Characters of a page's title that are shown.
const TITLE_CHARS: usize = 60;

/// How far into a text in XML it says what it is.
const XML_HEAD: usize = 4096;
/// What a spreadsheet in XML says of itself.
const XML_SHEET: &[u8] = b"urn:schemas-microsoft-com:office:spreadsheet";

/// Whether a text is a spreadsheet in XML, the form of 2003. Its tables are those of a page but for the names.
pub(super) fn is_xml_sheet(text: &[u8]) -> bool {
    let head = &text[..text.len().min(XML_HEAD)];
    text.starts_with(b"<?xml") && memchr::memmem::find(head, XML_SHEET).is_some()
}

/// Whether a text is a web page.
pub(super) fn is_page(text: &[u8]) -> bool {
    let begins_with = |beginning: &&str| {
        let begins = text.get(..beginning.len());
        begins.is_some_and(|begins| begins.eq_ignore_ascii_case(beginning.as_bytes()))
    };
    let head = &text[..text.len().min(XML_HEAD)];
    let is_strict = text.starts_with(b"<?xml") && memchr::memmem::find(head, b"<html").is_some();
    // Comments stand before anything else in pages that programs save.
    is_strict || text.starts_with(b"<!--") || BEGINNINGS.iter().any(begins_with)
}

/// How many tables a page has, nested ones counted.
pub(super) fn tables(source: &Source) -> Result<usize> {
    let mut ignore = |_| true;
    let mut grid = Grid::new(&mut ignore);
    let reading = read(source, usize::MAX, &mut grid)?;
    Ok(reading.tables.min(MOST_TABLES))
}

/// Writes the rows of a table; a cell that spans several is in the first of them.
pub(super) fn rows(source: &Source, table: usize, grid: &mut Grid<'_>) -> Result<()> {
    let reading = read(source, table, grid)?;
    if reading.tables == 0 {
        return Err(no_table(&reading.title).into());
    }
    if reading.tables > MOST_TABLES {
        let fault = Fault::new(format!("is a web page of more than {MOST_TABLES} tables"));
        return Err(fault.hint("download the export itself").into());
    }
    Ok(())
}

fn no_table(title: &str) -> Fault {
    let title: String = title.trim().chars().take(TITLE_CHARS).collect();
    let called = if title.is_empty() {
        String::new()
    } else {
        format!(" \"{title}\"")
    };
    let message = format!("is a web page{called} without a table, expected an export");
    Fault::new(message)
        .hint("sign in and download the export again: the service answered with a page of its own")
}

/// What reading a page came to.
struct Reading {
    tables: usize,
    title: String,
}

fn read(source: &Source, table: usize, grid: &mut Grid<'_>) -> Result<Reading> {
    let page = Page::new(table, grid);
    let tokenizer = Tokenizer::new(page, TokenizerOpts::default());
    let input = BufferQueue::default();
    decoded(source, |text| {
        input.push_back(StrTendril::from(text));
        // A script asks to be run; nobody runs it, and the text goes on behind it.
        while !input.is_empty() {
            let _ = tokenizer.feed(&input);
        }
        tokenizer.sink.state.borrow().outcome()
    })?;
    tokenizer.end();
    let mut state = tokenizer.sink.state.into_inner();
    state.end_row();
    state.outcome()?;
    Ok(Reading {
        tables: state.tables,
        title: state.title,
    })
}

#[cfg(test)]
mod tests {
    use super::super::Carrier;
    use super::super::testing::{grid_of, refusal_of};

    fn rows(html: &str, table: usize) -> Vec<String> {
        grid_of(html.as_bytes(), Carrier::Page(table))
    }

    #[test]
    fn rows_and_cells_are_read_with_entities_and_without_mark_up() {
        let html = "<meta charset=\"UTF-8\"><table border=\"1\"><tr><th>Название</th><th>Сумма</th></tr>\n\
                    <tr><td>Окна &amp; двери&nbsp;</td><td> <b>1&#160;200</b> </td></tr></table>";
        let expected = ["Название|Сумма", "Окна & двери|1\u{a0}200"];
        assert_eq!(rows(html, 0), expected);
    }

    #[test]
    fn cells_that_span_keep_their_neighbours_in_their_columns() {
        let html =
            "<table><tr><td rowspan=2>a<td colspan=2>b<td>c<tr><td>d<td>e<td>f<tr><td>g</table>";
        assert_eq!(rows(html, 0), ["a|b||c", "|d|e|f", "g"]);
    }

    #[test]
    fn a_table_inside_another_is_one_of_its_own() {
        let html = "<table><tr><td>menu<table><tr><td>x</td></tr></table></td></tr></table>\
                    <table><tr><td>y<br>z</td></tr></table>";
        assert_eq!(rows(html, 1), ["x"]);
        assert_eq!(rows(html, 2), ["y\nz"]);
    }

    #[test]
    fn a_sheet_in_xml_is_read_with_its_gaps() {
        let xml = "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">\
                   <Worksheet><Table><Row><Cell ss:MergeAcross=\"1\"><Data ss:Type=\"String\">a</Data></Cell>\
                   <Cell><Data ss:Type=\"Number\">1.5</Data></Cell></Row><Row ss:Index=\"3\">\
                   <Cell ss:Index=\"2\"><Data ss:Type=\"String\">b</Data></Cell></Row></Table></Worksheet></Workbook>";
        let rows = grid_of(xml.as_bytes(), Carrier::XmlSheet(0));
        assert_eq!(rows, ["a||1.5", "", "|b"]);
    }

    #[test]
    fn a_page_without_a_table_is_named() {
        let html = "<html><title>Вход</title><script>var t = '<table>';</script><p>Пароль</html>";
        let refusal = refusal_of(html.as_bytes(), Carrier::Page(0));
        assert!(
            refusal.contains("web page \"Вход\" without a table"),
            "{refusal}"
        );
    }
}
