//! The unpacked bytes of a source, hashed on their way, and blocks of them read ahead on a thread.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};
use encoding_rs::Encoding;
use flate2::read::MultiGzDecoder;
use xxhash_rust::xxh3::Xxh3;

use super::carrier::{self, Carrier};
use super::encoding::{Changes, Transcoder, decode, encoding_of};
use super::grid::{Grid, Stopped};
use super::{HEAD, Source, unreadable};
use crate::model::fault::Fault;

/// Bytes read and handed over at a time, 256 KiB: large enough that handing over costs nothing, small enough for the
/// caches of a processor.
const BLOCK: usize = 1 << 18;

/// Blocks that may wait; bounds memory when parsing is slower than reading.
const AHEAD: usize = 3;

/// The hash of a file's bytes as they lie on disk, filled while they are read.
#[derive(Clone, Default)]
pub struct Fingerprint(Arc<Mutex<Xxh3>>);

impl Fingerprint {
    fn update(&self, bytes: &[u8]) {
        self.hasher().update(bytes);
    }

    /// The hash so far, hexadecimal.
    pub fn text(&self) -> String {
        format!("{:032x}", self.hasher().digest128())
    }

    /// A thread that panicked leaves the hash of what it had read: as good as any other.
    fn hasher(&self) -> MutexGuard<'_, Xxh3> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The hash of a whole file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of_file(path: &Path) -> Result<String> {
        let fingerprint = Self::default();
        let mut file = Hashed {
            file: open(path)?,
            fingerprint: fingerprint.clone(),
        };
        io::copy(&mut file, &mut io::sink()).with_context(|| format!("read {}", path.display()))?;
        Ok(fingerprint.text())
    }
}

/// A file whose bytes are hashed on their way.
struct Hashed {
    file: File,
    fingerprint: Fingerprint,
}

impl Read for Hashed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.fingerprint.update(&into[..read]);
        Ok(read)
    }
}

pub(super) fn open(path: &Path) -> Result<File> {
    File::open(path).map_err(|error| no_open(path, error).into())
}

/// Why a file cannot be opened, with what to do. What a name leads to may have gone since the name was found.
pub(super) fn no_open(path: &Path, error: io::Error) -> Fault {
    let (what, hint) = match error.kind() {
        io::ErrorKind::PermissionDenied => (
            "may not be read",
            "let the account that runs voronka read it",
        ),
        io::ErrorKind::NotFound if path.is_symlink() => (
            "is a link to what is not there",
            "put the file there, or delete the link",
        ),
        _ if path.is_symlink() => ("is a link that leads nowhere", "delete the link"),
        _ => ("cannot be opened", "give the path of a file that is there"),
    };
    let fault = Fault::new(what).at(path.display().to_string());
    fault.because(error).hint(hint)
}

/// What every gzip file begins with, however it is called.
pub(super) const GZIP: &[u8] = &[0x1f, 0x8b];
/// What every zstd file begins with.
pub(super) const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// Whether what comes next is packed.
pub(super) fn is_packed(raw: &mut dyn Read) -> Result<bool> {
    let mut beginning = [0; ZSTD.len()];
    let read = read_full(raw, &mut beginning)?;
    let beginning = &beginning[..read];
    Ok(beginning.starts_with(GZIP) || beginning == ZSTD)
}

/// Runs `each` with a reader over the source's unpacked bytes.
pub(super) fn with_reader<T>(
    source: &Source,
    each: impl FnOnce(&mut dyn Read) -> Result<T>,
) -> Result<T> {
    match &source.archive {
        Some(archive) => archive.with_member(source, |member| unpacked(member, each)),
        None => unpacked(&mut open(&source.path)?, each),
    }
}

/// The same for a file that is read to its end; what lies on disk is hashed on its way.
fn with_hashed<T>(
    path: &Path,
    fingerprint: &Fingerprint,
    each: impl FnOnce(&mut dyn Read) -> Result<T>,
) -> Result<T> {
    let mut file = Hashed {
        file: open(path)?,
        fingerprint: fingerprint.clone(),
    };
    let outcome = unpacked(&mut file, each)?;
    // Bytes behind what was unpacked belong to the file too.
    io::copy(&mut file, &mut io::sink())?;
    Ok(outcome)
}

/// Runs `each` with the bytes inside of a packed file, or with those of the file itself.
fn unpacked<T>(raw: &mut dyn Read, each: impl FnOnce(&mut dyn Read) -> Result<T>) -> Result<T> {
    let mut beginning = [0; ZSTD.len()];
    let read = read_full(raw, &mut beginning)?;
    let beginning = &beginning[..read];
    let mut whole = BufReader::with_capacity(BLOCK, beginning.chain(raw));
    if beginning.starts_with(GZIP) {
        return each(&mut MultiGzDecoder::new(whole));
    }
    if beginning == ZSTD {
        return each(&mut zstd::stream::read::Decoder::with_buffer(whole)?);
    }
    each(&mut whole)
}

/// Fills `into` as far as the bytes go; how many there were. A pipe or an archive gives fewer at a time than are asked for.
pub(super) fn read_full(reader: &mut dyn Read, into: &mut [u8]) -> Result<usize> {
    let mut filled = 0;
    while filled < into.len() {
        match reader.read(&mut into[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(filled)
}

/// The blocks of a source in order; an error is the last item.
pub struct Blocks(Receiver<Result<Vec<u8>>>);

impl Iterator for Blocks {
    type Item = Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.recv().ok()
    }
}

/// Reads and decodes a source on a thread of its own. When the blocks have ended, `fingerprint` is that of the file, if
/// the source is [hashed while it is read](Source::is_hashed_while_read).
pub fn blocks(source: &Source, encoding: &'static Encoding, fingerprint: &Fingerprint) -> Blocks {
    let (sender, receiver) = sync_channel(AHEAD);
    let source = source.clone();
    let fingerprint = fingerprint.clone();
    std::thread::spawn(move || {
        let send = |reader: &mut dyn Read| pump(reader, encoding, &sender);
        let outcome = match source.carrier {
            Carrier::Text if source.is_hashed_while_read() => {
                with_hashed(&source.path, &fingerprint, send)
            }
            Carrier::Text => with_reader(&source, send),
            _ => pump_rows(&source, &sender),
        };
        if let Err(error) = outcome {
            // The receiver may be gone after an error of its own; then nobody is left to tell.
            let _ = sender.send(Err(unreadable(&source, error)));
        }
    });
    Blocks(receiver)
}

/// Sends the rows of a source that is no text table.
fn pump_rows(source: &Source, sender: &SyncSender<Result<Vec<u8>>>) -> Result<()> {
    let mut send = |block| sender.send(Ok(block)).is_ok();
    let mut grid = Grid::new(&mut send);
    match carrier::rows(source, &mut grid) {
        Err(error) if error.is::<Stopped>() => Ok(()),
        Err(error) => Err(error),
        Ok(()) => {
            grid.finish();
            Ok(())
        }
    }
}

/// Blocks in a row without anything but empty lines, 64 MiB of them: no export has such a hole, and a small archive may
/// unpack to terabytes of it.
const MOST_EMPTY: usize = 256;

/// Sends the blocks of a reader, decoded, until it ends or nobody takes them any more.
fn pump(
    reader: &mut dyn Read,
    encoding: &'static Encoding,
    sender: &SyncSender<Result<Vec<u8>>>,
) -> Result<()> {
    let mut transcoder = Transcoder::new(encoding);
    let mut changes = Changes::default();
    let mut empty = 0;
    loop {
        let mut raw = vec![0; BLOCK];
        let read = read_full(reader, &mut raw)?;
        raw.truncate(read);
        let is_last = read < BLOCK;
        let is_empty = raw.iter().all(u8::is_ascii_whitespace);
        empty = if is_empty { empty + 1 } else { 0 };
        if empty > MOST_EMPTY {
            return Err(nothing_but_line_ends().into());
        }
        if let Some(line) = changes.look(encoding, &raw) {
            return Err(two_encodings(encoding, line).into());
        }
        let block = if transcoder.passes_as_it_is() {
            raw
        } else {
            let mut decoded = Vec::with_capacity(read);
            transcoder.push(&raw, is_last, &mut decoded);
            decoded
        };
        let nobody_listens = sender.send(Ok(block)).is_err();
        if nobody_listens || is_last {
            return Ok(());
        }
    }
}

/// Files of two encodings that were put into one.
fn two_encodings(encoding: &'static Encoding, line: u32) -> Fault {
    let name = encoding.name();
    let fault = Fault::new(format!(
        "line {line} is in UTF-8, what stands above it in {name}"
    ));
    fault.hint("files of two encodings were put into one: give each as a file of its own")
}

fn nothing_but_line_ends() -> Fault {
    let megabytes = (MOST_EMPTY * BLOCK) >> 20;
    let fault = Fault::new(format!("holds nothing but empty lines for {megabytes} MiB"));
    fault.hint(super::COPY_AGAIN)
}

/// Runs `each` over the text of a source, piece by piece; bytes that are no text become the mark for such.
pub(super) fn decoded(source: &Source, mut each: impl FnMut(&str) -> Result<()>) -> Result<()> {
    with_reader(source, |reader| {
        let mut raw = vec![0; HEAD];
        let mut read = read_full(reader, &mut raw)?;
        let encoding = encoding_of(&raw[..read], read < HEAD);
        let mut decoder = encoding.new_decoder_with_bom_removal();
        loop {
            let is_last = read < HEAD;
            let mut text = String::new();
            decode(&mut decoder, &raw[..read], is_last, |piece| {
                text.push_str(piece)
            });
            each(&text)?;
            if is_last {
                return Ok(());
            }
            read = read_full(reader, &mut raw)?;
        }
    })
}
