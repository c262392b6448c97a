//! From a path to UTF-8 bytes: archives are opened, encodings turned to UTF-8, and reading runs ahead on a thread.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::fault::Fault;
use anyhow::{Context, Result};
use encoding_rs::Encoding;
use flate2::read::MultiGzDecoder;
use xxhash_rust::xxh3::Xxh3;

/// What helps against most damages of a file.
const COPY_AGAIN: &str = "download or copy the export again";

/// Bytes handed over at a time, after decoding.
const BLOCK: usize = 1 << 18;
/// Blocks that may wait; bounds memory when parsing is slower than reading.
const AHEAD: usize = 3;
/// Bytes looked at to tell encoding, line ends and format.
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

/// The sources behind a path: the file itself, or each member of a zip archive.
///
/// # Errors
/// When the path is a folder, cannot be opened, or is a broken archive.
pub fn sources(path: &Path) -> Result<Vec<Source>> {
    let metadata = std::fs::metadata(path).with_context(|| format!("open {}", path.display()))?;
    if metadata.is_dir() {
        let folder = path.display().to_string();
        let hint = format!("name the files in it: {folder}/*");
        let fault = Fault::new("is a folder, expected a file").at(folder);
        return Err(fault.hint(hint).into());
    }
    let name = path
        .file_name()
        .map_or_else(String::new, |name| printable(&name.to_string_lossy()));
    let plain = Source {
        path: path.to_owned(),
        member: None,
        label: name,
        size: metadata.len(),
    };
    let mut magic = [0; 4];
    let read = open(path)?
        .read(&mut magic)
        .with_context(|| format!("read {}", path.display()))?;
    if &magic[..read] != b"PK\x03\x04" {
        return Ok(vec![plain]);
    }
    members(&plain).map_err(
        |error| match error.downcast_ref::<zip::result::ZipError>() {
            Some(_) => Fault::new("the zip archive is cut or damaged")
                .at(&plain.label)
                .hint(COPY_AGAIN)
                .into(),
            None => error.context(plain.label.clone()),
        },
    )
}

/// A name as it may reach a terminal, a log or a table: control characters could rewrite what stands there.
fn printable(name: &str) -> String {
    name.chars()
        .map(|symbol| {
            if symbol.is_control() {
                '\u{fffd}'
            } else {
                symbol
            }
        })
        .collect()
}

fn open(path: &Path) -> Result<File> {
    File::open(path).with_context(|| format!("open {}", path.display()))
}

fn members(archive: &Source) -> Result<Vec<Source>> {
    let mut zip = zip::ZipArchive::new(BufReader::new(File::open(&archive.path)?))?;
    let mut found = Vec::new();
    for member in 0..zip.len() {
        let entry = zip.by_index(member)?;
        let path = entry.name()?.into_owned();
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        if entry.is_file() && !name.starts_with('.') && !path.starts_with("__MACOSX") {
            let label = format!("{}/{}", archive.label, printable(&name));
            found.push(Source {
                path: archive.path.clone(),
                member: Some(member),
                label,
                size: entry.size(),
            });
        }
    }
    if found.iter().any(|member| member.label.ends_with(".xml")) {
        let fault = Fault::new("it is an office document (xlsx, docx)");
        return Err(fault
            .hint("save the sheet as CSV and give that file")
            .into());
    }
    Ok(found)
}

/// The hash of a file's bytes as they lie on disk, filled while they are read.
#[derive(Clone, Default)]
pub struct Fingerprint(Arc<Mutex<Xxh3>>);

impl Fingerprint {
    fn update(&self, bytes: &[u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .update(bytes);
    }

    /// The hash so far, hexadecimal.
    pub fn text(&self) -> String {
        format!(
            "{:032x}",
            self.0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .digest128()
        )
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

/// Runs `each` with a reader over the source's unpacked bytes; what lies on disk is hashed into `fingerprint`.
fn with_reader<T>(
    source: &Source,
    fingerprint: &Fingerprint,
    each: impl FnOnce(&mut dyn Read) -> Result<T>,
) -> Result<T> {
    let file = Hashed {
        file: open(&source.path)?,
        fingerprint: fingerprint.clone(),
    };
    let file = BufReader::with_capacity(256 * 1024, file);
    if let Some(member) = source.member {
        let mut zip = zip::ZipArchive::new(BufReader::new(open(&source.path)?))?;
        return each(&mut zip.by_index(member)?);
    }
    let mut file = file;
    let gzip = io::BufRead::fill_buf(&mut file)
        .with_context(|| format!("read {}", source.label))?
        .starts_with(&[0x1f, 0x8b]);
    if !gzip {
        return each(&mut file);
    }
    let mut gunzip = MultiGzDecoder::new(file);
    let outcome = each(&mut gunzip)?;
    // Bytes behind the archive belong to the file too.
    io::copy(gunzip.get_mut(), &mut io::sink())?;
    Ok(outcome)
}

/// Reads the beginning of a source and tells how it is written.
///
/// # Errors
/// When it cannot be read, is empty, or is no text (a PDF, an image, an old Excel file).
pub fn head(source: &Source) -> Result<Head> {
    let mut raw = vec![0; HEAD];
    let read = with_reader(source, &Fingerprint::default(), |reader| {
        read_full(reader, &mut raw)
    })
    .map_err(|error| unreadable(source, error))?;
    raw.truncate(read);
    let whole = read < HEAD;
    if raw.is_empty() {
        let fault = Fault::new("the file is empty").at(&source.label);
        return Err(fault.hint("download the export again").into());
    }
    refuse_binary(source, &raw)?;
    let encoding = encoding_of(&raw, whole);
    let mut bytes = Vec::with_capacity(raw.len());
    Transcoder::new(encoding).push(&raw, whole, &mut bytes);
    let line_end = if !bytes.contains(&b'\n') && bytes.contains(&b'\r') {
        b'\r'
    } else {
        b'\n'
    };
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

fn read_full(reader: &mut dyn Read, into: &mut [u8]) -> Result<usize> {
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

fn refuse_binary(source: &Source, raw: &[u8]) -> Result<()> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"%PDF", "a PDF"),
        (b"\xD0\xCF\x11\xE0", "an old Excel file"),
        (b"\x89PNG", "a picture"),
        (b"\xFF\xD8\xFF", "a picture"),
        (b"PAR1", "a parquet file"),
        (b"SQLite format 3", "a database"),
    ];
    if let Some((_, kind)) = KINDS.iter().find(|(magic, _)| raw.starts_with(magic)) {
        let fault = Fault::new(format!("is {kind}, expected a text table")).at(&source.label);
        return Err(fault.hint("save or download the export as CSV").into());
    }
    let utf16 = Encoding::for_bom(raw).is_some_and(|(encoding, _)| encoding != encoding_rs::UTF_8);
    if !utf16
        && looks_like_utf16(raw).is_none()
        && raw.iter().filter(|byte| **byte == 0).count() > raw.len() / 100
    {
        let fault = Fault::new("is no text, expected a text table").at(&source.label);
        return Err(fault.hint("download the export again as CSV").into());
    }
    Ok(())
}

/// Byte-order mark first, then UTF-16 by its zero bytes, then UTF-8 when its characters are whole but for a broken few,
/// else windows-1251: the one single-byte encoding that Russian systems still write. Plain ASCII is all of them.
fn encoding_of(raw: &[u8], whole: bool) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(raw) {
        return encoding;
    }
    if let Some(encoding) = looks_like_utf16(raw) {
        return encoding;
    }
    let (mut letters, mut broken) = (0, 0);
    for chunk in raw.utf8_chunks() {
        letters += chunk
            .valid()
            .chars()
            .filter(|symbol| !symbol.is_ascii())
            .count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    // A character cut at the end of the head is not broken.
    let cut = !whole && std::str::from_utf8(raw).is_err_and(|error| error.error_len().is_none());
    let broken = broken - usize::from(cut);
    if broken * 10 <= letters {
        encoding_rs::UTF_8
    } else {
        encoding_rs::WINDOWS_1251
    }
}

fn looks_like_utf16(raw: &[u8]) -> Option<&'static Encoding> {
    let sample = &raw[..raw.len().min(512)];
    let zeros = |parity: usize| {
        sample
            .iter()
            .skip(parity)
            .step_by(2)
            .filter(|byte| **byte == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let enough = sample.len() / 8;
    match () {
        () if odd > enough && even == 0 => Some(encoding_rs::UTF_16LE),
        () if even > enough && odd == 0 => Some(encoding_rs::UTF_16BE),
        () => None,
    }
}

/// Turns a stream of bytes into UTF-8, keeping characters that are cut between blocks.
struct Transcoder {
    /// `None` for UTF-8: bytes pass as they are, and cells that are no UTF-8 become rejects with file and line.
    decoder: Option<encoding_rs::Decoder>,
    at_start: bool,
}

impl Transcoder {
    fn new(encoding: &'static Encoding) -> Self {
        let decoder =
            (encoding != encoding_rs::UTF_8).then(|| encoding.new_decoder_with_bom_removal());
        Self {
            decoder,
            at_start: true,
        }
    }

    fn push(&mut self, raw: &[u8], last: bool, into: &mut Vec<u8>) {
        let Some(decoder) = self.decoder.as_mut() else {
            let bom = std::mem::take(&mut self.at_start) && raw.starts_with(b"\xEF\xBB\xBF");
            into.extend_from_slice(if bom { &raw[3..] } else { raw });
            return;
        };
        let mut text = String::with_capacity(
            decoder
                .max_utf8_buffer_length(raw.len())
                .unwrap_or(raw.len() * 3),
        );
        let _ = decoder.decode_to_string(raw, &mut text, last);
        into.extend_from_slice(text.as_bytes());
    }
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
    let (source, fingerprint) = (source.clone(), fingerprint.clone());
    std::thread::spawn(move || {
        let outcome = with_reader(&source, &fingerprint, |reader| {
            pump(reader, encoding, &sender)
        });
        if let Err(error) = outcome {
            // The receiver may be gone after an error of its own; then nobody is left to tell.
            let _ = sender.send(Err(unreadable(&source, error)));
        }
    });
    Blocks(receiver)
}

fn pump(
    reader: &mut dyn Read,
    encoding: &'static Encoding,
    sender: &SyncSender<Result<Vec<u8>>>,
) -> Result<()> {
    let mut transcoder = Transcoder::new(encoding);
    let plain = transcoder.decoder.is_none();
    loop {
        let mut raw = vec![0; BLOCK];
        let read = read_full(reader, &mut raw)?;
        raw.truncate(read);
        let block = if plain && !transcoder.at_start {
            raw
        } else {
            let mut decoded = Vec::with_capacity(read);
            transcoder.push(&raw, read < BLOCK, &mut decoded);
            decoded
        };
        if sender.send(Ok(block)).is_err() || read < BLOCK {
            return Ok(());
        }
    }
}
