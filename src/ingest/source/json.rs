//! JSON: a list of records, alone or one or two levels down in an object, or a record a line.

mod list;
mod node;
mod paging;

use std::io::{BufRead, BufReader, Read};

use anyhow::Result;

use self::list::{Lists, Place};
use self::node::Node;
pub use self::paging::{Paging, Said};
use super::Source;
use super::carrier::Carrier;
use super::grid::Grid;
use super::reader::with_reader;
use crate::ingest::detect::mask_contacts;
use crate::model::fault::Fault;

/// The longest line of JSON lines, bytes: thousands of times a usual record.
const LONGEST_LINE: u64 = 16 << 20;
/// Names of a service's answer that say that something went wrong.
const COMPLAINTS: &[&str] = &[
    "error",
    "errors",
    "error_code",
    "error_description",
    "error_text",
    "err",
    "fault",
    "message",
    "detail",
];
/// Characters of a service's complaint that are shown.
const COMPLAINT_CHARS: usize = 80;

/// The carrier of a text that begins as JSON does; `None` when it begins otherwise.
pub(super) fn carrier_of(text: &[u8]) -> Option<Carrier> {
    let mut lines = text.split(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let second = lines.map(<[u8]>::trim_ascii).find(|line| !line.is_empty());
    match text.first()? {
        b'{' if is_record(first) && second.is_some_and(|line| line.starts_with(b"{")) => {
            Some(Carrier::JsonLines)
        }
        b'{' if begins_a_name(&text[1..]) => Some(Carrier::Json),
        b'[' if begins_a_value(&text[1..]) => Some(Carrier::Json),
        _ => None,
    }
}

fn is_record(line: &[u8]) -> bool {
    matches!(serde_json::from_slice(line), Ok(Node::Object(_)))
}

fn begins_a_name(text: &[u8]) -> bool {
    matches!(text.trim_ascii_start().first(), Some(b'"' | b'}'))
}

fn begins_a_value(text: &[u8]) -> bool {
    match text.trim_ascii_start() {
        [b'{' | b'[', ..] => true,
        // An empty list is the whole document; more behind it is a cell of a table.
        [b']', rest @ ..] => rest.trim_ascii().is_empty(),
        _ => false,
    }
}

/// Writes the records of a document: first what they call their fields, then one row each.
pub(super) fn rows(source: &Source, grid: &mut Grid<'_>) -> Result<()> {
    let mut fields = Fields::default();
    let mut whole = Node::Null;
    let mut seen: Vec<Place> = Vec::new();
    read_lists(
        source,
        &mut |place, record| {
            if seen.last() != Some(place) {
                seen.push(place.clone());
            }
            fields.see(record);
            Ok(())
        },
        &mut whole,
    )?;
    match seen.as_slice() {
        [] => one_record(&whole, grid),
        [_] => {
            fields.write(grid)?;
            read_lists(
                source,
                &mut |_, record| fields.row(record, grid),
                &mut Node::Null,
            )
        }
        several => Err(several_lists(several).into()),
    }
}

/// An object without a list: an answer that says what went wrong, else a record by itself.
fn one_record(whole: &Node, grid: &mut Grid<'_>) -> Result<()> {
    let Node::Object(members) = whole else {
        return Err(no_records().into());
    };
    let complaint = members
        .iter()
        .find(|(name, _)| COMPLAINTS.contains(&name.to_lowercase().as_str()));
    if let Some((name, value)) = complaint {
        return Err(complains(name, &value.text()).into());
    }
    let holds_a_list = members
        .iter()
        .any(|(_, value)| matches!(value, Node::List(_)));
    if members.is_empty() || holds_a_list {
        return Err(no_records().into());
    }
    let mut fields = Fields::default();
    fields.see(whole);
    fields.write(grid)?;
    fields.row(whole, grid)
}

fn no_records() -> Fault {
    Fault::new("is JSON without a record, expected a list of objects")
        .hint("ask the service for a span that holds something, or leave the file out")
}

fn complains(name: &str, value: &str) -> Fault {
    let shown: String = mask_contacts(value).chars().take(COMPLAINT_CHARS).collect();
    let message =
        format!("is a service's answer that something went wrong, \"{name}\": \"{shown}\"");
    Fault::new(message).hint(
        "download the export again: check the token, the rights and the span that were asked for",
    )
}

fn several_lists(places: &[Place]) -> Fault {
    let names: Vec<String> = places.iter().map(|place| format!("\"{place}\"")).collect();
    let message = format!("holds several lists of records: {}", names.join(", "));
    Fault::new(message).hint("save the list that is the export in a file of its own")
}

fn read_lists(source: &Source, each: list::Each<'_>, whole: &mut Node) -> Result<()> {
    with_reader(source, |reader| {
        let mut reader = without_mark(reader)?;
        let lists = Lists::new(each);
        lists.read(&mut reader, whole)
    })
}

/// What a document says of the list that it holds a part of; nothing when it holds none.
pub(super) fn paging(source: &Source) -> Result<Option<Paging>> {
    let mut whole = Node::Null;
    let mut records = 0;
    let mut count = |_: &Place, _: &Node| {
        records += 1;
        Ok(())
    };
    read_lists(source, &mut count, &mut whole)?;
    Ok((records > 0).then(|| Paging::of(&whole, records)))
}

/// Writes the records of JSON lines.
pub(super) fn line_rows(source: &Source, grid: &mut Grid<'_>) -> Result<()> {
    let mut fields = Fields::default();
    read_lines(source, &mut |record| {
        fields.see(record);
        Ok(())
    })?;
    fields.write(grid)?;
    read_lines(source, &mut |record| fields.row(record, grid))
}

fn read_lines(source: &Source, each: &mut dyn FnMut(&Node) -> Result<()>) -> Result<()> {
    with_reader(source, |reader| {
        let mut reader = without_mark(reader)?;
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let read = (&mut reader)
                .take(LONGEST_LINE)
                .read_until(b'\n', &mut line)?;
            if read == 0 {
                break;
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            match serde_json::from_slice(&line) {
                Ok(record @ Node::Object(_)) => each(&record)?,
                _ => return Err(broken_line(number).into()),
            }
        }
        Ok(())
    })
}

fn broken_line(number: usize) -> Fault {
    let fault = Fault::new(format!(
        "line {number} is no JSON object, expected one on each line"
    ));
    fault.hint(super::COPY_AGAIN)
}

/// The bytes behind a byte-order mark.
fn without_mark(reader: &mut dyn Read) -> Result<impl BufRead> {
    let mut reader = BufReader::new(reader);
    if reader.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
        reader.consume(3);
    }
    Ok(reader)
}

/// The fields of all records, in the order in which they were first seen; of lists, their first record names them.
#[derive(Default)]
struct Fields {
    names: Vec<String>,
    places: std::collections::HashMap<String, usize>,
    has_header_row: bool,
}

impl Fields {
    fn see(&mut self, record: &Node) {
        self.has_header_row |= matches!(record, Node::List(_));
        record.each_field(&mut |name, _| {
            if !self.places.contains_key(name) {
                self.places.insert(name.to_owned(), self.names.len());
                self.names.push(name.to_owned());
            }
        });
    }

    fn write(&self, grid: &mut Grid<'_>) -> Result<()> {
        if self.has_header_row {
            return Ok(());
        }
        Ok(grid.row(self.names.iter().map(String::as_str))?)
    }

    fn row(&self, record: &Node, grid: &mut Grid<'_>) -> Result<()> {
        if let Node::List(cells) = record {
            let cells: Vec<String> = cells.iter().map(Node::cell).collect();
            return Ok(grid.row(cells.iter().map(String::as_str))?);
        }
        let mut cells = vec![String::new(); self.names.len()];
        record.each_field(&mut |name, value| {
            if let Some(place) = self.places.get(name) {
                cells[*place] = value.cell();
            }
        });
        Ok(grid.row(cells.iter().map(String::as_str))?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{grid_of, refusal_of};
    use super::*;

    #[test]
    fn a_list_of_records_is_a_table_with_all_their_fields() {
        let json = r#"[{"id": 7, "sum": 1234.50, "who": {"phone": "+7"}}, {"id": 8, "ok": true, "goals": [1, 2]}]"#;
        let expected = [
            "id|sum|who.phone|ok|goals",
            "7|1234.5\u{2060}|+7",
            "8|||true|[1,2]",
        ];
        assert_eq!(grid_of(json.as_bytes(), Carrier::Json), expected);
    }

    #[test]
    fn a_list_inside_an_answer_is_found() {
        let json = r#"{"total": 1, "_embedded": {"leads": [{"id": 9007199254740993}]}}"#;
        assert_eq!(
            grid_of(json.as_bytes(), Carrier::Json),
            ["id", "9007199254740993"]
        );
    }

    #[test]
    fn rows_that_are_lists_bring_their_own_header() {
        let json = r#"{"data": [["Дата", "Форма"], ["2026-11-02", null]]}"#;
        assert_eq!(
            grid_of(json.as_bytes(), Carrier::Json),
            ["Дата|Форма", "2026-11-02"]
        );
    }

    #[test]
    fn json_lines_are_records() {
        let json = "\u{feff}{\"a\":1}\n\n{\"b\":\"x\\ny\"}\n";
        assert_eq!(
            grid_of(json.as_bytes(), Carrier::JsonLines),
            ["a|b", "1", "|x\ny"]
        );
        let refusal = refusal_of(b"{\"a\":1}\n{\"a\":", Carrier::JsonLines);
        assert!(refusal.contains("line 2"), "{refusal}");
    }

    #[test]
    fn answers_that_hold_no_export_are_named_for_what_they_are() {
        let cases = [
            (r#"{"error": {"code": 403}}"#, "\"error\""),
            (
                r#"{"code": 403, "message": "Access is denied"}"#,
                "Access is denied",
            ),
            (r#"{"data": []}"#, "without a record"),
            (r#"{"a": [{"x": 1}], "b": [{"y": 1}]}"#, "\"a\", \"b\""),
            (r#"{"data": [{"x": 1}"#, "breaks off"),
        ];
        for (json, said) in cases {
            let refusal = refusal_of(json.as_bytes(), Carrier::Json);
            assert!(refusal.contains(said), "{json}: {refusal}");
        }
    }
}
