//! The end of a source, for what must be known of a file before it is read.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use anyhow::Result;

use super::encoding::Transcoder;
use super::reader::{Fingerprint, open, read_full, with_reader};
use super::{HEAD, Head, Source};

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
    let raw = match end_of_file(source)? {
        Some(raw) => raw,
        None => match end_of_packed(source)? {
            Some(raw) => raw,
            None => return Ok(None),
        },
    };
    let mut bytes = Vec::with_capacity(raw.len());
    Transcoder::new(head.encoding).push(&raw, true, &mut bytes);
    let Some(end_of_cut_row) = memchr::memchr(head.line_end, &bytes) else {
        return Ok(None);
    };
    Ok(Some(bytes.split_off(end_of_cut_row + 1)))
}

/// The last bytes of a file that lies on disk as it is read; `None` for one that is packed in any way.
fn end_of_file(source: &Source) -> Result<Option<Vec<u8>>> {
    let mut file = open(&source.path)?;
    let mut beginning = vec![0; HEAD];
    let read = read_full(&mut file, &mut beginning)?;
    beginning.truncate(read);
    if source.member.is_some() || beginning != super::beginning(source)? {
        return Ok(None);
    }
    let length = file.metadata()?.len();
    let from = length.saturating_sub(HEAD as u64) / ALIGNED * ALIGNED;
    rest_of(&mut file, from).map(Some)
}

fn rest_of(file: &mut File, from: u64) -> Result<Vec<u8>> {
    file.seek(SeekFrom::Start(from))?;
    let mut raw = Vec::new();
    file.read_to_end(&mut raw)?;
    Ok(raw)
}

/// The last bytes of a packed source, two blocks at most; `None` when it is too long.
fn end_of_packed(source: &Source) -> Result<Option<Vec<u8>>> {
    // Of a part of a file there is no hash to be remembered.
    let unused = Fingerprint::default();
    with_reader(source, &unused, |reader| {
        let mut before = Vec::new();
        for _ in 0..MOST_UNPACKED / HEAD {
            let mut block = vec![0; HEAD];
            let read = read_full(reader, &mut block)?;
            block.truncate(read);
            if read < HEAD {
                before.append(&mut block);
                return Ok(Some(before));
            }
            before = block;
        }
        Ok(None)
    })
}
