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
