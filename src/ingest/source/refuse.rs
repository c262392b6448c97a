//! What people give by mistake, named for what it is.

use anyhow::Result;
use encoding_rs::Encoding;

use super::Source;
use super::encoding::looks_like_utf16;
use crate::model::fault::Fault;

const SAVE_AS_CSV: &str = "save or download the export as CSV or XLSX";
const UNPACK: &str = "unpack it and give the files inside";

/// By the bytes that it begins with: what it is, and what to do.
const KINDS: &[(&[u8], &str, &str)] = &[
    (b"%PDF", "a PDF", SAVE_AS_CSV),
    (b"\x89PNG", "a picture", SAVE_AS_CSV),
    (b"\xFF\xD8\xFF", "a picture", SAVE_AS_CSV),
    (b"GIF8", "a picture", SAVE_AS_CSV),
    (b"<?xml", "XML of a kind that is not read", SAVE_AS_CSV),
    (b"{\\rtf", "a text document (RTF)", SAVE_AS_CSV),
    (b"MIME-Version:", "a web archive (MHTML)", SAVE_AS_CSV),
    (b"SQLite format 3", "a database", SAVE_AS_CSV),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", UNPACK),
    (b"Rar!\x1A\x07", "a RAR archive", UNPACK),
    (b"\xFD7zXZ", "an xz archive", UNPACK),
    (b"BZh", "a bzip2 archive", UNPACK),
];

/// Where a tar archive says that it is one, and how.
const TAR: (usize, &[u8]) = (257, b"ustar");

/// Of so many bytes of a text at most one may be zero. A judgement: a damaged text has a few, what is no text has many.
const BYTES_FOR_EACH_ZERO: usize = 100;

/// Refuses what is no text, by its first bytes.
pub(super) fn refuse_binary(source: &Source, raw: &[u8]) -> Result<()> {
    if let Some((kind, hint)) = kind_of(raw) {
        let fault = Fault::new(format!("is {kind}, expected a table")).at(&source.label);
        return Err(fault.hint(hint).into());
    }
    let zeros = raw.iter().filter(|byte| **byte == 0).count();
    // Zero bytes are half of a Latin letter in UTF-16.
    if !is_utf16(raw) && zeros > raw.len() / BYTES_FOR_EACH_ZERO {
        let fault = Fault::new("is no text, expected a table").at(&source.label);
        return Err(fault
            .hint("download the export again as CSV or XLSX")
            .into());
    }
    Ok(())
}

fn kind_of(raw: &[u8]) -> Option<(&'static str, &'static str)> {
    if raw.get(TAR.0..).is_some_and(|rest| rest.starts_with(TAR.1)) {
        return Some(("a tar archive", UNPACK));
    }
    let raw = raw.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(raw);
    let mut kinds = KINDS.iter();
    let (_, kind, hint) = kinds.find(|(magic, ..)| raw.starts_with(magic))?;
    Some((*kind, *hint))
}

fn is_utf16(raw: &[u8]) -> bool {
    match Encoding::for_bom(raw) {
        Some((encoding, _)) if encoding != encoding_rs::UTF_8 => true,
        _ => looks_like_utf16(raw).is_some(),
    }
}
