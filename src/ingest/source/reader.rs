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

use super::encoding::Transcoder;
use super::{Source, unreadable};

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
    File::open(path).with_context(|| format!("open {}", path.display()))
}

/// What every gzip file begins with, however it is called.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// Runs `each` with a reader over the source's unpacked bytes; what lies on disk is hashed into `fingerprint`.
pub(super) fn with_reader<T>(
    source: &Source,
    fingerprint: &Fingerprint,
    each: impl FnOnce(&mut dyn Read) -> Result<T>,
) -> Result<T> {
    let file = Hashed {
        file: open(&source.path)?,
        fingerprint: fingerprint.clone(),
    };
    let mut file = BufReader::with_capacity(BLOCK, file);
    if let Some(member) = source.member {
        let mut zip = zip::ZipArchive::new(BufReader::new(open(&source.path)?))?;
        return each(&mut zip.by_index(member)?);
    }
    let beginning = io::BufRead::fill_buf(&mut file);
    let beginning = beginning.with_context(|| format!("read {}", source.label))?;
    if !beginning.starts_with(GZIP) {
        return each(&mut file);
    }
    let mut gunzip = MultiGzDecoder::new(file);
    let outcome = each(&mut gunzip)?;
    // Bytes behind the archive belong to the file too.
    io::copy(gunzip.get_mut(), &mut io::sink())?;
    Ok(outcome)
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

/// Reads and decodes a source on a thread of its own. When the blocks have ended, `fingerprint` is that of the file.
pub fn blocks(source: &Source, encoding: &'static Encoding, fingerprint: &Fingerprint) -> Blocks {
    let (sender, receiver) = sync_channel(AHEAD);
    let source = source.clone();
    let fingerprint = fingerprint.clone();
    std::thread::spawn(move || {
        let send = |reader: &mut dyn Read| pump(reader, encoding, &sender);
        let outcome = with_reader(&source, &fingerprint, send);
        if let Err(error) = outcome {
            // The receiver may be gone after an error of its own; then nobody is left to tell.
            let _ = sender.send(Err(unreadable(&source, error)));
        }
    });
    Blocks(receiver)
}

/// Sends the blocks of a reader, decoded, until it ends or nobody takes them any more.
fn pump(
    reader: &mut dyn Read,
    encoding: &'static Encoding,
    sender: &SyncSender<Result<Vec<u8>>>,
) -> Result<()> {
    let mut transcoder = Transcoder::new(encoding);
    loop {
        let mut raw = vec![0; BLOCK];
        let read = read_full(reader, &mut raw)?;
        raw.truncate(read);
        let is_last = read < BLOCK;
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
