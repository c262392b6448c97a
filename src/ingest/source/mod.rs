//! From a path to UTF-8 bytes: archives and spreadsheets are opened, encodings turned to UTF-8, and reading runs ahead on
//! a thread. Whatever carries the rows, behind this room they are lines of text with a dialect.

mod amounts;
mod archive;
mod book;
mod carrier;
mod columnar;
mod encoding;
mod grid;
mod json;
mod letters;
mod merged;
mod moment;
mod orders;
mod page;
mod reader;
mod refuse;
mod seekable;
mod sheet_rows;
mod tail;
#[cfg(test)]
mod testing;

use std::io;
use std::path::PathBuf;

use anyhow::Result;
use encoding_rs::Encoding;

use self::archive::Archive;
pub use self::archive::sources;
pub use self::carrier::{Carrier, Numbers};
use self::encoding::{Transcoder, encoding_of};
pub use self::grid::GRID;
use self::grid::{Grid, Stopped};
pub use self::json::{Paging, Said};
pub use self::reader::{Fingerprint, blocks};
use self::reader::{read_full, with_reader};
use self::refuse::refuse_binary;
pub use self::tail::tail;
use super::records::Dialect;
use crate::model::fault::Fault;

/// What helps against most damages of a file.
const COPY_AGAIN: &str = "download or copy the export again";

/// Bytes looked at to tell encoding, line ends and format: far more than a preamble and some rows of any export, and read
/// in no time.
const HEAD: usize = 256 * 1024;

/// One table: an export file, a member of a zip archive, or a sheet or table of either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file on disk.
    pub path: PathBuf,
    /// Position in the archive, for members of a zip.
    pub member: Option<usize>,
    /// The archive itself.
    archive: Option<Archive>,
    /// How its rows are carried.
    pub carrier: Carrier,
    /// Whether the same file holds other sheets or tables.
    pub has_siblings: bool,
    /// Sheets of its book that are hidden, and passed over; told of the first of the others.
    pub hidden_sheets: Vec<String>,
    /// What people are shown: file name, `archive.zip/member.csv` for members, `book.xlsx/Sheet1` for one sheet of several.
    pub label: String,
    /// Size on disk, bytes; of a member, its unpacked size.
    pub size: u64,
}

impl Source {
    /// Whether reading it through tells the hash of its file; else it is hashed before.
    pub fn is_hashed_while_read(&self) -> bool {
        self.archive.is_none() && self.carrier == Carrier::Text
    }

    /// What is said of a book of which some sheets are passed over.
    pub fn hidden_told(&self) -> Option<String> {
        let names: Vec<String> = self
            .hidden_sheets
            .iter()
            .map(|name| format!("\"{}\"", archive::printable(name)))
            .collect();
        match names.len() {
            0 => None,
            1 => Some(format!(
                "the sheet {} is hidden and passed over: show it if it is to be read",
                names[0]
            )),
            _ => Some(format!(
                "the sheets {} are hidden and passed over: show them if they are to be read",
                names.join(", ")
            )),
        }
    }

    /// Whether two sources are parts of one file: sheets of a book, tables of a page.
    pub fn is_sibling_of(&self, other: &Self) -> bool {
        self.has_siblings && (&self.path, self.member) == (&other.path, other.member)
    }

    /// Hash of its content, hexadecimal; of a part of a file, that of the file and the part's place in it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn content_hash(&self) -> Result<String> {
        let mut hash = match &self.archive {
            Some(archive) => archive.hash(&self.path)?,
            None => Fingerprint::of_file(&self.path)?,
        };
        if let Some(member) = self.member {
            hash += &format!("-{member}");
        }
        match &self.carrier {
            Carrier::Sheet(name) => hash += &format!("-{name}"),
            Carrier::Page(table) | Carrier::XmlSheet(table) => hash += &format!("-table-{table}"),
            _ => {}
        }
        Ok(hash)
    }
}

/// What stands at the beginning of a source, already UTF-8.
#[derive(Debug, Clone)]
pub struct Head {
    /// The first bytes, decoded; a cut last line is dropped unless it is the only one.
    pub bytes: Vec<u8>,
    /// The encoding that the file was found to be in.
    pub encoding: &'static Encoding,
    /// The byte that ends a line: `\n`, or `\r` in files saved by old spreadsheets.
    pub line_end: u8,
    /// How its rows are written, where the file leaves no choice.
    pub dialect: Option<Dialect>,
    /// Whether its numbers are numbers.
    pub numbers: Numbers,
    /// Whether the head is the whole source.
    pub whole: bool,
}

/// Reads the beginning of a source and tells how it is written.
///
/// # Errors
/// When it cannot be read, is empty, or is no table (a PDF, an image, a sign-in page).
pub fn head(source: &Source) -> Result<Head> {
    match source.carrier {
        Carrier::Text => text_head(source),
        _ => grid_head(source).map_err(|error| unreadable(source, error)),
    }
}

/// What a source says of the list that it is a page of. What cannot be read is told when it is read in earnest.
pub fn paging(source: &Source) -> Option<Paging> {
    if source.carrier != Carrier::Json {
        return None;
    }
    json::paging(source).ok().flatten()
}

fn text_head(source: &Source) -> Result<Head> {
    let raw = first_bytes(source).map_err(|error| unreadable(source, error))?;
    if raw.is_empty() {
        return Err(empty("the file is empty").at(&source.label).into());
    }
    refuse_binary(source, &raw)?;
    let whole = raw.len() < HEAD;
    let encoding = encoding_of(&raw, whole);
    let mut bytes = Vec::with_capacity(raw.len());
    Transcoder::new(encoding).push(&raw, whole, &mut bytes);
    let line_end = line_end_of(&bytes);
    if !whole && let Some(last) = memchr::memrchr(line_end, &bytes) {
        bytes.truncate(last + 1);
    }
    Ok(Head {
        bytes,
        encoding,
        line_end,
        dialect: None,
        numbers: Numbers::Written,
        whole,
    })
}

/// The first rows of a source that is no text table.
fn grid_head(source: &Source) -> Result<Head> {
    let mut bytes = Vec::new();
    let mut send = |block: Vec<u8>| {
        bytes.extend_from_slice(&block);
        bytes.len() < HEAD
    };
    let mut grid = Grid::new(&mut send);
    let whole = match carrier::rows(source, &mut grid) {
        Ok(()) => {
            grid.finish();
            true
        }
        Err(error) if error.is::<Stopped>() => false,
        Err(error) => return Err(error),
    };
    if bytes.iter().all(|byte| *byte == GRID.line_end) {
        return Err(empty("the table is empty").into());
    }
    Ok(Head {
        bytes,
        encoding: encoding_rs::UTF_8,
        line_end: GRID.line_end,
        dialect: Some(GRID),
        numbers: source.carrier.numbers(),
        whole,
    })
}

fn empty(message: &str) -> Fault {
    Fault::new(message).hint("download the export again")
}

/// The first bytes of a source, unpacked.
fn first_bytes(source: &Source) -> Result<Vec<u8>> {
    let mut raw = vec![0; HEAD];
    let read = with_reader(source, |reader| read_full(reader, &mut raw))?;
    raw.truncate(read);
    Ok(raw)
}

fn line_end_of(bytes: &[u8]) -> u8 {
    let only_returns = bytes.contains(&b'\r') && !bytes.contains(&b'\n');
    if only_returns { b'\r' } else { b'\n' }
}

/// What is said of a source whose bytes cannot be read to the end.
fn unreadable(source: &Source, error: anyhow::Error) -> anyhow::Error {
    let error = match error.downcast::<Fault>() {
        Ok(fault) => return fault.at(&source.label).into(),
        Err(error) => error,
    };
    match error.downcast_ref::<io::Error>().map(io::Error::kind) {
        Some(io::ErrorKind::UnexpectedEof) => {
            Fault::new("the archive ends too early: the file is cut")
                .at(&source.label)
                .hint(COPY_AGAIN)
                .into()
        }
        _ => Fault::new("cannot be read")
            .at(&source.label)
            .because(error)
            .hint(format!("the file may be damaged: {COPY_AGAIN}"))
            .into(),
    }
}
