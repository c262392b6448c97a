//! Files as exports have them: plain or gzip, and one file for each period.

use anyhow::{Context, Result, ensure};
use flate2::{Compression, GzBuilder, write::GzEncoder};
use std::fs::{File, create_dir_all};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

enum Sink {
    Plain(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
}

/// A row of files of which one is open: a new name closes the last and begins with the header.
pub struct Rolling {
    folder: PathBuf,
    header: Vec<u8>,
    effort: u32,
    open: Option<(String, Sink)>,
    closed: Vec<String>,
}

impl Rolling {
    /// Files in `folder`, each beginning with `header`; `effort` is the gzip level of names that end in `.gz`.
    pub fn new(folder: &Path, header: impl Into<Vec<u8>>, effort: u32) -> Result<Self> {
        create_dir_all(folder).with_context(|| format!("create {}", folder.display()))?;
        Ok(Self {
            folder: folder.to_owned(),
            header: header.into(),
            effort,
            open: None,
            closed: Vec::new(),
        })
    }

    /// Adds `bytes` to the file called `name`.
    pub fn write(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        if self.open.as_ref().is_none_or(|(open, _)| open != name) {
            self.finish()?;
            // Opening it again would drop what is in it.
            ensure!(
                !self.closed.iter().any(|closed| closed == name),
                "rows for {name} came after it was closed"
            );
            self.begin(name)?;
            self.closed.push(name.to_owned());
        }
        if let Some((_, sink)) = &mut self.open {
            put(sink, bytes).with_context(|| format!("write {name}"))?;
        }
        Ok(())
    }

    /// Closes the open file.
    pub fn finish(&mut self) -> Result<()> {
        match self.open.take() {
            Some((name, Sink::Plain(mut file))) => {
                file.flush().with_context(|| format!("write {name}"))
            }
            Some((name, Sink::Gzip(file))) => {
                let closed = file.finish().and_then(|mut file| file.flush());
                closed.with_context(|| format!("write {name}"))
            }
            None => Ok(()),
        }
    }

    fn begin(&mut self, name: &str) -> Result<()> {
        let path = self.folder.join(name);
        let file = File::create(&path).with_context(|| format!("create {}", path.display()))?;
        let file = BufWriter::with_capacity(1 << 16, file);
        let mut sink = if name.ends_with(".gz") {
            // No time and no name inside: the same rows are the same bytes.
            Sink::Gzip(Box::new(
                GzBuilder::new()
                    .mtime(0)
                    .write(file, Compression::new(self.effort)),
            ))
        } else {
            Sink::Plain(file)
        };
        put(&mut sink, &self.header)?;
        self.open = Some((name.to_owned(), sink));
        Ok(())
    }
}

fn put(sink: &mut Sink, bytes: &[u8]) -> std::io::Result<()> {
    match sink {
        Sink::Plain(file) => file.write_all(bytes),
        Sink::Gzip(file) => file.write_all(bytes),
    }
}

/// Puts every cell in quotes, doubling those inside.
pub fn quoted(cells: &[&str], delimiter: &str) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
        .collect();
    cells.join(delimiter)
}

/// Puts a cell in quotes only when it needs them.
pub fn quoted_if_needed(cell: &str, delimiter: char) -> String {
    if cell.contains([delimiter, '"', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
