//! The sources behind a path: a file is one, a zip archive one for each member.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result};

use super::reader::open;
use super::{COPY_AGAIN, Source};
use crate::model::fault::Fault;

/// The sources behind a path: the file itself, or each member of a zip archive.
///
/// # Errors
/// When the path is a folder, cannot be opened, or is a broken archive.
pub fn sources(path: &Path) -> Result<Vec<Source>> {
    let metadata = std::fs::metadata(path).with_context(|| format!("open {}", path.display()))?;
    if metadata.is_dir() {
        return Err(is_a_folder(path).into());
    }
    let name = path.file_name().unwrap_or_default();
    let whole = Source {
        path: path.to_owned(),
        member: None,
        label: printable(&name.to_string_lossy()),
        size: metadata.len(),
    };
    if is_zip(path)? {
        members(&whole).map_err(|error| broken_archive(&whole, error))
    } else {
        Ok(vec![whole])
    }
}

fn is_a_folder(path: &Path) -> Fault {
    let folder = path.display().to_string();
    let hint = format!("name the files in it: {folder}/*");
    Fault::new("is a folder, expected a file")
        .at(folder)
        .hint(hint)
}

/// What every zip archive begins with, however it is called.
const ZIP: &[u8] = b"PK\x03\x04";

fn is_zip(path: &Path) -> Result<bool> {
    let mut beginning = [0; ZIP.len()];
    let read = open(path)?
        .read(&mut beginning)
        .with_context(|| format!("read {}", path.display()))?;
    Ok(&beginning[..read] == ZIP)
}

fn broken_archive(archive: &Source, error: anyhow::Error) -> anyhow::Error {
    if error.is::<zip::result::ZipError>() {
        return Fault::new("the zip archive is cut or damaged")
            .at(&archive.label)
            .hint(COPY_AGAIN)
            .into();
    }
    error.context(archive.label.clone())
}

/// A name as it may reach a terminal, a log or a table: control characters could rewrite what stands there.
fn printable(name: &str) -> String {
    name.replace(char::is_control, "\u{fffd}")
}

/// The files in an archive, in its own order.
fn members(archive: &Source) -> Result<Vec<Source>> {
    let mut zip = zip::ZipArchive::new(BufReader::new(File::open(&archive.path)?))?;
    let mut found = Vec::new();
    for member in 0..zip.len() {
        let entry = zip.by_index(member)?;
        let path = entry.name()?.into_owned();
        let name = path.rsplit('/').next().unwrap_or_default();
        // What file managers put beside the files that people packed.
        let is_litter = name.starts_with('.') || path.starts_with("__MACOSX");
        if entry.is_file() && !is_litter {
            found.push(Source {
                path: archive.path.clone(),
                member: Some(member),
                label: format!("{}/{}", archive.label, printable(name)),
                size: entry.size(),
            });
        }
    }
    // Spreadsheets and letters of office programs are zip archives of XML.
    if found.iter().any(|member| member.label.ends_with(".xml")) {
        let fault = Fault::new("it is an office document (xlsx, docx)");
        return Err(fault
            .hint("save the sheet as CSV and give that file")
            .into());
    }
    Ok(found)
}
