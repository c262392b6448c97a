//! One export written in every carrier, by other means than those that read it.

use std::io::{Cursor, Write};

use chrono::NaiveDateTime;
use polars::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

/// What a typed carrier knows of a cell.
#[derive(Debug, Clone)]
pub enum Cell {
    Empty,
    Text(String),
    Number(f64),
    Time(NaiveDateTime),
}

/// An export: its header and its rows.
pub struct Written<'a> {
    pub header: &'a [&'a str],
    pub rows: &'a [Vec<Cell>],
}

impl Cell {
    /// As a Russian program writes it for people.
    fn written(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string().replace('.', ","),
            Self::Time(at) => at.format("%d.%m.%Y %H:%M:%S").to_string(),
        }
    }

    fn json(&self) -> serde_json::Value {
        match self {
            Self::Empty => serde_json::Value::Null,
            Self::Number(number) => (*number).into(),
            other => other.written().into(),
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

impl Written<'_> {
    pub fn csv(&self) -> Vec<u8> {
        let quoted = |cell: String| format!("\"{}\"", cell.replace('"', "\"\""));
        let header: Vec<String> = self
            .header
            .iter()
            .map(|cell| quoted((*cell).to_owned()))
            .collect();
        let mut lines = vec![header.join(";")];
        for row in self.rows {
            let row: Vec<String> = row.iter().map(|cell| quoted(cell.written())).collect();
            lines.push(row.join(";"));
        }
        lines.join("\r\n").into_bytes()
    }

    pub fn other_carriers(&self) -> Vec<(&'static str, Vec<u8>)> {
        let utf16: Vec<u8> = String::from_utf8(self.csv())
            .expect("text")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let xlsx = self.xlsx();
        vec![
            ("leads.utf16.csv", [b"\xFF\xFE".to_vec(), utf16].concat()),
            (
                "leads.csv.zst",
                zstd::encode_all(self.csv().as_slice(), 3).expect("packed"),
            ),
            ("leads.zip", zip_of(&[("leads.xlsx", &xlsx)])),
            ("leads.xlsx", xlsx),
            ("leads.ods", self.ods()),
            ("leads.xls", self.page()),
            ("leads.json", self.json()),
            ("leads.jsonl", self.json_lines()),
            ("leads.parquet", self.parquet()),
        ]
    }

    fn xlsx(&self) -> Vec<u8> {
        let mut book = Workbook::new();
        // The day and the month the American way round: what is shown is not what is read.
        let shown = Format::new().set_num_format("mm/dd/yy h:mm AM/PM");
        let sheet = book.add_worksheet();
        sheet
            .write_row(0, 0, self.header.iter().copied())
            .expect("a header");
        for (at, row) in self.rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let (row, column) = (at as u32 + 1, column as u16);
                match cell {
                    Cell::Empty => {}
                    Cell::Text(text) => {
                        sheet.write_string(row, column, text).expect("a text");
                    }
                    Cell::Number(number) => {
                        sheet.write_number(row, column, *number).expect("a number");
                    }
                    Cell::Time(at) => {
                        let at = ExcelDateTime::parse_from_str(
                            &at.format("%Y-%m-%dT%H:%M:%S").to_string(),
                        );
                        let at = at.expect("a time");
                        sheet
                            .write_datetime_with_format(row, column, &at, &shown)
                            .expect("a time");
                    }
                }
            }
        }
        book.save_to_buffer().expect("a book")
    }

    fn ods(&self) -> Vec<u8> {
        let cell = |cell: &Cell| match cell {
            Cell::Empty => "<table:table-cell/>".to_owned(),
            Cell::Text(text) => format!(
                "<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>",
                escaped(text)
            ),
            Cell::Number(number) => format!(
                "<table:table-cell office:value-type=\"float\" office:value=\"{number}\"><text:p>shown</text:p></table:table-cell>"
            ),
            Cell::Time(at) => format!(
                "<table:table-cell office:value-type=\"date\" office:date-value=\"{}\"><text:p>shown</text:p></table:table-cell>",
                at.format("%Y-%m-%dT%H:%M:%S")
            ),
        };
        let header: Vec<Cell> = self
            .header
            .iter()
            .map(|name| Cell::Text((*name).to_owned()))
            .collect();
        let mut rows = String::new();
        for row in std::iter::once(&header).chain(self.rows) {
            let cells: String = row.iter().map(cell).collect();
            rows += &format!("<table:table-row>{cells}</table:table-row>");
        }
        let content = format!(
            "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\">\
             <office:body><office:spreadsheet><table:table table:name=\"Лист1\">{rows}</table:table>\
             </office:spreadsheet></office:body></office:document-content>"
        );
        zip_of(&[
            (
                "mimetype",
                b"application/vnd.oasis.opendocument.spreadsheet",
            ),
            ("META-INF/manifest.xml", b"<manifest:manifest/>"),
            ("content.xml", content.as_bytes()),
        ])
    }

    fn page(&self) -> Vec<u8> {
        let row = |cells: Vec<String>| {
            let cells: String = cells
                .iter()
                .map(|cell| format!("<td>{}</td>\n", escaped(cell)))
                .collect();
            format!("<tr>\n{cells}</tr>")
        };
        let header = row(self.header.iter().map(|name| (*name).to_owned()).collect());
        let rows: String = self
            .rows
            .iter()
            .map(|cells| row(cells.iter().map(Cell::written).collect()))
            .collect();
        let meta = "<meta http-equiv=\"Content-type\" content=\"text/html;charset=UTF-8\" />";
        format!("{meta}<table border=\"1\"><thead>{header}</thead><tbody>{rows}</tbody></table>")
            .into_bytes()
    }

    /// Records with their fields in the order of the header, as programs write them.
    fn records(&self) -> Vec<String> {
        let record = |row: &Vec<Cell>| {
            let field = |(name, cell): (&&str, &Cell)| {
                format!("{}: {}", serde_json::json!(name), cell.json())
            };
            let fields: Vec<String> = self.header.iter().zip(row).map(field).collect();
            format!("{{{}}}", fields.join(", "))
        };
        self.rows.iter().map(record).collect()
    }

    fn json(&self) -> Vec<u8> {
        format!(
            "{{\"status\": \"ok\", \"data\": [{}]}}",
            self.records().join(",\n")
        )
        .into_bytes()
    }

    fn json_lines(&self) -> Vec<u8> {
        self.records().join("\n").into_bytes()
    }

    fn parquet(&self) -> Vec<u8> {
        let column = |at: usize| {
            let name = self.header[at].into();
            let cells = || self.rows.iter().map(move |row| &row[at]);
            if cells().any(|cell| matches!(cell, Cell::Time(_))) {
                let millis = cells().map(|cell| match cell {
                    Cell::Time(at) => Some(at.and_utc().timestamp_millis()),
                    _ => None,
                });
                let millis = Int64Chunked::from_iter_options(name, millis);
                return millis
                    .into_datetime(TimeUnit::Milliseconds, None)
                    .into_column();
            }
            if cells().any(|cell| matches!(cell, Cell::Number(_))) {
                let numbers = cells().map(|cell| match cell {
                    Cell::Number(number) => Some(*number),
                    _ => None,
                });
                return Float64Chunked::from_iter_options(name, numbers).into_column();
            }
            let texts: Vec<String> = cells().map(Cell::written).collect();
            Column::new(name, texts)
        };
        let columns = (0..self.header.len()).map(column).collect();
        let mut table = DataFrame::new(self.rows.len(), columns).expect("a table");
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes)
            .finish(&mut table)
            .expect("a file");
        bytes
    }
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = ::zip::write::SimpleFileOptions::default();
        archive.start_file(*name, options).expect("a member begins");
        archive.write_all(bytes).expect("memory can be written");
    }
    archive.finish().expect("the archive ends").into_inner()
}
