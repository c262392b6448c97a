//! The sources behind a path: a file is one, a zip archive one for each member, a spreadsheet one for each sheet.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anyhow::{Context, Result};

use super::carrier::{self, Carrier};
use super::reader::{Fingerprint, no_open, open};
use super::{COPY_AGAIN, Source, book, first_bytes};
use crate::model::fault::Fault;

/// The sources behind a path: the file itself, each member of a zip archive, each sheet of a spreadsheet.
///
/// # Errors
/// When the path is no file, cannot be opened, or is a broken archive.
pub fn sources(path: &Path) -> Result<Vec<Source>> {
    let metadata = std::fs::metadata(path).map_err(|error| no_open(path, error))?;
    if metadata.is_dir() {
        return Err(is_a_folder(path).into());
    }
    if !metadata.is_file() {
        return Err(is_no_file(path).into());
    }
    let name = path.file_name().unwrap_or_default();
    let whole = Source {
        path: path.to_owned(),
        member: None,
        archive: None,
        carrier: Carrier::Text,
        has_siblings: false,
        hidden_sheets: Vec::new(),
        label: printable(&name.to_string_lossy()),
        size: metadata.len(),
    };
    let files = if is_zip(path)? {
        members(&whole).map_err(|error| broken_archive(&whole, error))?
    } else {
        vec![whole]
    };
    Ok(files.into_iter().flat_map(parts).collect())
}

fn parts(source: Source) -> Vec<Source> {
    // What cannot be read is told when it is read in earnest, of it alone.
    let beginning = first_bytes(&source).unwrap_or_default();
    carrier::parts(source, &beginning)
}

fn is_a_folder(path: &Path) -> Fault {
    let folder = path.display().to_string();
    let hint = format!("name the files in it: {folder}/*");
    Fault::new("is a folder, expected a file")
        .at(folder)
        .hint(hint)
}

/// A pipe would be waited for without end.
fn is_no_file(path: &Path) -> Fault {
    Fault::new("is a pipe or a device, expected a file")
        .at(path.display().to_string())
        .hint("write the export into a file")
}

/// What every zip archive begins with, however it is called.
pub(super) const ZIP: &[u8] = b"PK\x03\x04";
/// What an archive without members begins with: its end.
const EMPTY_ZIP: &[u8] = b"PK\x05\x06";

fn is_zip(path: &Path) -> Result<bool> {
    let mut beginning = [0; ZIP.len()];
    let read = open(path)?
        .read(&mut beginning)
        .with_context(|| format!("read {}", path.display()))?;
    let beginning = &beginning[..read];
    Ok(beginning == ZIP || beginning == EMPTY_ZIP)
}

fn broken_archive(archive: &Source, error: anyhow::Error) -> anyhow::Error {
    if error.is::<zip::result::ZipError>() {
        return Fault::new("the zip archive is cut or damaged")
            .at(&archive.label)
            .hint(COPY_AGAIN)
            .into();
    }
    match error.downcast::<Fault>() {
        Ok(fault) => fault.at(&archive.label).into(),
        Err(error) => error.context(archive.label.clone()),
    }
}

/// A name as it may reach a terminal, a log or a table: control characters could rewrite what stands there.
pub(super) fn printable(name: &str) -> String {
    name.replace(char::is_control, "\u{fffd}")
}

/// The files in an archive, in its own order; an office file is one by itself.
fn members(archive: &Source) -> Result<Vec<Source>> {
    let opened = Archive::open(&archive.path)?;
    if book::is_office(&opened.zip) {
        return Ok(vec![archive.clone()]);
    }
    let mut found = Vec::new();
    for member in 0..opened.zip.len() {
        let entry = opened.zip.by_index_data(member)?;
        let path = entry.name()?.into_owned();
        let name = path.rsplit('/').next().unwrap_or_default();
        // What file managers put beside the files that people packed.
        let is_litter = name.starts_with('.') || path.starts_with("__MACOSX");
        if !entry.is_file() || is_litter {
            continue;
        }
        if entry.encrypted() {
            return Err(locked().into());
        }
        found.push(Source {
            member: Some(member),
            archive: Some(opened.clone()),
            label: format!("{}/{}", archive.label, printable(name)),
            size: entry.size(),
            ..archive.clone()
        });
    }
    if found.is_empty() {
        let fault = Fault::new("the zip archive holds no file");
        return Err(fault
            .hint("pack the export again, or leave the archive out")
            .into());
    }
    Ok(found)
}

fn locked() -> Fault {
    Fault::new("the zip archive is locked by a password")
        .hint("unpack it and give the files inside")
}

/// An opened zip archive, which all of its members share: its directory is read once.
#[derive(Debug, Clone)]
pub(super) struct Archive {
    zip: zip::ZipArchive<Shared>,
    hash: Arc<OnceLock<String>>,
}

/// Two openings of one path are the same archive; the path stands in the source.
impl PartialEq for Archive {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Eq for Archive {}

impl Archive {
    fn open(path: &Path) -> Result<Self> {
        let shared = Shared {
            file: Arc::new(Mutex::new(open(path)?)),
            at: 0,
        };
        Ok(Self {
            zip: zip::ZipArchive::new(shared)?,
            hash: Arc::default(),
        })
    }

    /// Runs `each` with the bytes of the member that a source is.
    pub(super) fn with_member<T>(
        &self,
        source: &Source,
        each: impl FnOnce(&mut dyn Read) -> Result<T>,
    ) -> Result<T> {
        let mut zip = self.zip.clone();
        let member = source
            .member
            .context("a source in an archive is a member of it")?;
        each(&mut zip.by_index(member)?)
    }

    /// The hash of the archive as it lies on disk, made once for all members.
    pub(super) fn hash(&self, path: &Path) -> Result<String> {
        if let Some(hash) = self.hash.get() {
            return Ok(hash.clone());
        }
        let hash = Fingerprint::of_file(path)?;
        Ok(self.hash.get_or_init(|| hash).clone())
    }
}

/// One opened file for many readers, each at a place of its own.
#[derive(Debug, Clone)]
struct Shared {
    file: Arc<Mutex<File>>,
    at: u64,
}

impl Read for Shared {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        // A reader that panicked leaves the file at some place; every reader goes to its own first.
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.at))?;
        let read = file.read(into)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let SeekFrom::Current(_) = to {
            file.seek(SeekFrom::Start(self.at))?;
        }
        self.at = file.seek(to)?;
        Ok(self.at)
    }
}
