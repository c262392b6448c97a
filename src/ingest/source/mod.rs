//! From a path to UTF-8 bytes: archives are opened, encodings turned to UTF-8, and reading runs ahead on a thread.

mod archive;
mod encoding;
mod reader;
mod tail;

use std::io;
use std::path::PathBuf;

use anyhow::Result;
use encoding_rs::Encoding;

pub use self::archive::sources;
use self::encoding::{Transcoder, encoding_of, looks_like_utf16};
pub use self::reader::{Blocks, Fingerprint, blocks};
use self::reader::{read_full, with_reader};
pub use self::tail::tail;
use crate::model::fault::Fault;

/// What helps against most damages of a file.
const COPY_AGAIN: &str = "download or copy the export again";

/// Bytes looked at to tell encoding, line ends and format: far more than a preamble and some rows of any export, and read
/// in no time.
const HEAD: usize = 256 * 1024;

/// One export file, or one member of a zip archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The file on disk.
    pub path: PathBuf,
    /// Position in the archive, for members of a zip.
    pub member: Option<usize>,
    /// What people are shown: file name, and `archive.zip/member.csv` for members.
    pub label: String,
    /// Size on disk, bytes; of a member, its unpacked size.
    pub size: u64,
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
    /// Whether the head is the whole source.
    pub whole: bool,
}

/// Reads the beginning of a source and tells how it is written.
///
/// # Errors
/// When it cannot be read, is empty, or is no text (a PDF, an image, an old Excel file).
pub fn head(source: &Source) -> Result<Head> {
    let raw = beginning(source).map_err(|error| unreadable(source, error))?;
    if raw.is_empty() {
        let fault = Fault::new("the file is empty").at(&source.label);
        return Err(fault.hint("download the export again").into());
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
        whole,
    })
}

/// The first bytes of a source, unpacked.
fn beginning(source: &Source) -> Result<Vec<u8>> {
    let mut raw = vec![0; HEAD];
    // Of a part of a file there is no hash to be remembered.
    let unused = Fingerprint::default();
    let read = with_reader(source, &unused, |reader| read_full(reader, &mut raw))?;
    raw.truncate(read);
    Ok(raw)
}

fn line_end_of(bytes: &[u8]) -> u8 {
    let only_returns = bytes.contains(&b'\r') && !bytes.contains(&b'\n');
    if only_returns { b'\r' } else { b'\n' }
}

/// What is said of a source whose bytes cannot be read to the end.
fn unreadable(source: &Source, error: anyhow::Error) -> anyhow::Error {
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

/// What people give by mistake, by the bytes that it begins with.
const BINARY_KINDS: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF"),
    (b"\xD0\xCF\x11\xE0", "an old Excel file"),
    (b"\x89PNG", "a picture"),
    (b"\xFF\xD8\xFF", "a picture"),
    (b"PAR1", "a parquet file"),
    (b"SQLite format 3", "a database"),
];
/// Of so many bytes of a text at most one may be zero. A judgement: a damaged text has a few, what is no text has many.
const BYTES_FOR_EACH_ZERO: usize = 100;

fn refuse_binary(source: &Source, raw: &[u8]) -> Result<()> {
    let mut kinds = BINARY_KINDS.iter();
    if let Some((_, kind)) = kinds.find(|(magic, _)| raw.starts_with(magic)) {
        let fault = Fault::new(format!("is {kind}, expected a text table")).at(&source.label);
        return Err(fault.hint("save or download the export as CSV").into());
    }
    let zeros = raw.iter().filter(|byte| **byte == 0).count();
    // Zero bytes are half of a Latin letter in UTF-16.
    if !is_utf16(raw) && zeros > raw.len() / BYTES_FOR_EACH_ZERO {
        let fault = Fault::new("is no text, expected a text table").at(&source.label);
        return Err(fault.hint("download the export again as CSV").into());
    }
    Ok(())
}

fn is_utf16(raw: &[u8]) -> bool {
    match Encoding::for_bom(raw) {
        Some((encoding, _)) if encoding != encoding_rs::UTF_8 => true,
        _ => looks_like_utf16(raw).is_some(),
    }
}
