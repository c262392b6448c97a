//! What the bytes of an export are: a text table, or another carrier of rows, each known by its first bytes.

use anyhow::Result;

use super::archive::{ZIP, printable};
use super::grid::Grid;
use super::{Source, book, columnar, json, orders, page};

/// How the rows of a source are carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carrier {
    /// Lines of text with a delimiter.
    Text,
    /// A sheet of a spreadsheet, by its name.
    Sheet(String),
    /// A table of a web page, by its position; programs call such pages `.xls`.
    Page(usize),
    /// A sheet of a spreadsheet in XML, as programs wrote them in 2003, by its position.
    XmlSheet(usize),
    /// Orders in CommerceML.
    Commerce,
    /// A list of records in JSON.
    Json,
    /// A record of JSON a line.
    JsonLines,
    /// A parquet file.
    Parquet,
}

/// Whether the numbers of a carrier are numbers, or texts that somebody wrote for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// As they were written: the fraction mark is the format's, or told from the file.
    Written,
    /// Typed: the fraction mark is a point whatever the format says.
    Typed,
}

impl Carrier {
    /// What people call it; nothing for text, of which the encoding says more.
    pub fn title(&self) -> Option<&'static str> {
        match self {
            Self::Text => None,
            Self::Sheet(_) => Some("a sheet of a spreadsheet"),
            Self::Page(_) => Some("a table of a web page"),
            Self::XmlSheet(_) => Some("a sheet of a spreadsheet in XML"),
            Self::Commerce => Some("CommerceML"),
            Self::Json => Some("JSON"),
            Self::JsonLines => Some("JSON lines"),
            Self::Parquet => Some("parquet"),
        }
    }

    /// Whether its numbers are numbers.
    pub fn numbers(&self) -> Numbers {
        match self {
            Self::Text | Self::Page(_) => Numbers::Written,
            Self::Sheet(_) | Self::XmlSheet(_) => Numbers::Typed,
            Self::Commerce | Self::Json | Self::JsonLines | Self::Parquet => Numbers::Typed,
        }
    }
}

/// Writes all rows of a source that is no text table.
pub(super) fn rows(source: &Source, grid: &mut Grid<'_>) -> Result<()> {
    match &source.carrier {
        Carrier::Text => Ok(()),
        Carrier::Sheet(sheet) => book::rows(source, sheet, grid),
        Carrier::Page(table) | Carrier::XmlSheet(table) => page::rows(source, *table, grid),
        Carrier::Commerce => orders::rows(source, grid),
        Carrier::Json => json::rows(source, grid),
        Carrier::JsonLines => json::line_rows(source, grid),
        Carrier::Parquet => columnar::rows(source, grid),
    }
}

/// The sources in a file that lies unpacked, or is one member of an archive: each sheet of a spreadsheet and each table
/// of a page is one. What cannot be taken apart stays whole: its error is told when it is read, of it alone.
pub(super) fn parts(source: Source, beginning: &[u8]) -> Vec<Source> {
    let Some(carrier) = carrier_of(beginning) else {
        return vec![source];
    };
    let source = Source { carrier, ..source };
    match &source.carrier {
        Carrier::Sheet(_) => {
            let sheets = book::sheets(&source).unwrap_or_default();
            let mut parts = each_part(source, sheets.shown, |name| Carrier::Sheet(name.to_owned()));
            parts[0].hidden_sheets = sheets.hidden;
            parts
        }
        Carrier::Page(_) => each_table(source, Carrier::Page),
        Carrier::XmlSheet(_) => each_table(source, Carrier::XmlSheet),
        _ => vec![source],
    }
}

fn each_table(source: Source, carrier: fn(usize) -> Carrier) -> Vec<Source> {
    let tables = page::tables(&source).unwrap_or_default();
    let names = (1..=tables).map(|table| table.to_string()).collect();
    each_part(source, names, |name| carrier(name.parse().unwrap_or(1) - 1))
}

/// The only part of a file goes by the file's name; of several, each has its own behind it.
fn each_part(source: Source, names: Vec<String>, carrier: impl Fn(&str) -> Carrier) -> Vec<Source> {
    let label = |name: &str| match names.len() {
        1 => source.label.clone(),
        _ => format!("{}/{}", source.label, printable(name)),
    };
    if names.is_empty() {
        return vec![source];
    }
    let part = |name: &String| Source {
        label: label(name),
        carrier: carrier(name),
        has_siblings: names.len() > 1,
        ..source.clone()
    };
    names.iter().map(part).collect()
}

/// The carrier that the first bytes show; `None` for text, and for what is refused.
fn carrier_of(beginning: &[u8]) -> Option<Carrier> {
    if beginning.starts_with(book::OLD) || beginning.starts_with(ZIP) {
        return Some(Carrier::Sheet(String::new()));
    }
    if beginning.starts_with(columnar::MAGIC) {
        return Some(Carrier::Parquet);
    }
    let text = beginning.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(beginning);
    let text = text.trim_ascii_start();
    if orders::is_commerce(text) {
        return Some(Carrier::Commerce);
    }
    if page::is_xml_sheet(text) {
        return Some(Carrier::XmlSheet(0));
    }
    if page::is_page(text) {
        return Some(Carrier::Page(0));
    }
    json::carrier_of(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carriers_are_known_by_their_first_bytes() {
        let cases: [(&[u8], Option<Carrier>); 12] = [
            ("Дата;Форма\n".as_bytes(), None),
            (b"{not json}\n1;2\n", None),
            (b"PAR1\x15\x04", Some(Carrier::Parquet)),
            (
                b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
                Some(Carrier::Sheet(String::new())),
            ),
            (b"\xEF\xBB\xBF\n<TABLE border=1>", Some(Carrier::Page(0))),
            (b"[{\"a\": 1}]", Some(Carrier::Json)),
            (b"{\n \"data\": []}", Some(Carrier::Json)),
            (b"{\"a\":1}\n{\"a\":2}\n", Some(Carrier::JsonLines)),
            (b"[main]\nkey;value\n", None),
            (b"<?xml version=\"1.0\"?><\xD0\x9A/>", None),
            (
                "<?xml version=\"1.0\"?>\n<КоммерческаяИнформация>".as_bytes(),
                Some(Carrier::Commerce),
            ),
            (
                b"<?xml version=\"1.0\"?>\n<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">",
                Some(Carrier::XmlSheet(0)),
            ),
        ];
        for (bytes, carrier) in cases {
            let shown = String::from_utf8_lossy(bytes);
            assert_eq!(carrier_of(bytes), carrier, "{shown}");
        }
    }
}
