//! A source that can be read in any order, as spreadsheets and parquet files have to be.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};

use anyhow::Result;

use super::Source;
use super::reader::{GZIP, ZSTD, open, read_full, with_reader};
use crate::model::fault::Fault;

/// A source that can be read in any order: a file as it lies on disk, or what was unpacked into memory.
pub(super) enum Seekable {
    /// A file that lies unpacked.
    File(BufReader<File>),
    /// Its bytes.
    Memory(Cursor<Vec<u8>>),
}

/// Opens a source for reading in any order; what has to be unpacked for it may have `most` bytes.
pub(super) fn seekable(source: &Source, most: u64) -> Result<Seekable> {
    if source.archive.is_none() {
        let mut file = Seekable::File(BufReader::new(open(&source.path)?));
        if !file.begins_with(GZIP)? && !file.begins_with(ZSTD)? {
            return Ok(file);
        }
    }
    let mut bytes = Vec::new();
    with_reader(source, |reader| {
        Ok(reader.take(most + 1).read_to_end(&mut bytes)?)
    })?;
    not_more(&bytes, most)?;
    Ok(Seekable::Memory(Cursor::new(bytes)))
}

fn not_more(bytes: &[u8], most: u64) -> Result<(), Fault> {
    if bytes.len() as u64 <= most {
        return Ok(());
    }
    let message = format!(
        "has more than {} MiB, which would have to be held",
        most >> 20
    );
    Err(Fault::new(message).hint("split the export into shorter spans"))
}

impl Seekable {
    /// Whether the source begins with these bytes; the reading stays at its beginning.
    pub(super) fn begins_with(&mut self, wanted: &[u8]) -> Result<bool> {
        let mut beginning = vec![0; wanted.len()];
        let read = read_full(self, &mut beginning)?;
        self.rewind()?;
        Ok(&beginning[..read] == wanted)
    }

    /// All of its bytes, of which there may be `most`.
    pub(super) fn into_bytes(self, most: u64) -> Result<Vec<u8>> {
        match self {
            Self::Memory(bytes) => Ok(bytes.into_inner()),
            Self::File(file) => {
                let mut bytes = Vec::new();
                file.take(most + 1).read_to_end(&mut bytes)?;
                not_more(&bytes, most)?;
                Ok(bytes)
            }
        }
    }
}

impl Read for Seekable {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(into),
            Self::Memory(bytes) => bytes.read(into),
        }
    }
}

impl Seek for Seekable {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Memory(bytes) => bytes.seek(to),
        }
    }
}
