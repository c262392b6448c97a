//! The end of a source, for what must be known of a file before it is read.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use anyhow::Result;

use super::encoding::Transcoder;
use super::reader::{Fingerprint, blocks, is_packed, open};
use super::{Carrier, HEAD, Head, Source};

/// A packed source can only be read through; a longer one would take as long as reading it, and is judged by its head.
const MOST_UNPACKED: usize = 64 << 20;

/// The characters of every encoding that is read begin at a multiple of so many bytes (UTF-16: 2), or are found again.
const ALIGNED: u64 = 4;

/// The last rows of a source, decoded, without the one that is cut; `None` when they stand in the head, or are out of reach.
///
/// # Errors
/// When the source cannot be read.
pub fn tail(source: &Source, head: &Head) -> Result<Option<Vec<u8>>> {
    if head.whole {
        return Ok(None);
    }
    let end = match end_of_file(source, head)? {
        Some(bytes) => Some(bytes),
        None => end_by_reading(source, head)?,
    };
    let Some(mut bytes) = end else {
        return Ok(None);
    };
    let Some(end_of_cut_row) = memchr::memchr(head.line_end, &bytes) else {
        return Ok(None);
    };
    Ok(Some(bytes.split_off(end_of_cut_row + 1)))
}

/// The end of a text that lies on disk as it is read; `None` for one that is packed in any way, and for sheets.
fn end_of_file(source: &Source, head: &Head) -> Result<Option<Vec<u8>>> {
    if source.archive.is_some() || source.carrier != Carrier::Text {
        return Ok(None);
    }
    let mut file = open(&source.path)?;
    if is_packed(&mut file)? {
        return Ok(None);
    }
    let length = file.metadata()?.len();
    let from = length.saturating_sub(HEAD as u64) / ALIGNED * ALIGNED;
    let raw = rest_of(&mut file, from)?;
    let mut bytes = Vec::with_capacity(raw.len());
    Transcoder::new(head.encoding).push(&raw, true, &mut bytes);
    Ok(Some(bytes))
}

fn rest_of(file: &mut File, from: u64) -> Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut raw = Vec::new();
    file.read_to_end(&mut raw)?;
    Ok(raw)
}

/// The end of what can only be read through, two blocks at most; `None` when it is too long.
fn end_by_reading(source: &Source, head: &Head) -> Result<Option<Vec<u8>>> {
    // Of a file that is only looked at there is no hash to be remembered.
    let unused = Fingerprint::default();
    let mut before = Vec::new();
    let mut last = Vec::new();
    let mut read = 0;
    for block in blocks(source, head.encoding, &unused) {
        let block = block?;
        read += block.len();
        if read > MOST_UNPACKED {
            return Ok(None);
        }
        before = std::mem::replace(&mut last, block);
    }
    before.append(&mut last);
    Ok(Some(before))
}
