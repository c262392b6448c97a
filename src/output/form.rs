//! What an output is, what it is made from, and what comes out.

use super::chart::Picture;
use super::look::Look;
use crate::digest::{Digest, Document};

/// The text part of the mail is this output.
pub(super) const TEXT_FILE: &str = "digest.txt";

/// One form of a digest that is a single file.
#[derive(Debug)]
pub struct Output {
    /// File name in the report's folder.
    pub file: &'static str,
    /// What it is, for mail parts and servers.
    pub media_type: &'static str,
    pub(super) render: fn(&Input) -> anyhow::Result<Vec<u8>>,
}

/// What every output is made from.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The numbers.
    pub digest: &'a Digest,
    /// The same laid out in blocks and words.
    pub document: &'a Document,
    /// Templates, colours and strings.
    pub look: &'a Look,
    /// The charts of the document, drawn.
    pub pictures: &'a [Picture],
}

/// A finished file of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// File name in the report's folder.
    pub name: &'static str,
    /// What it is.
    pub media_type: &'static str,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A digest in all its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Subject of the mail.
    pub subject: String,
    /// What a mail list shows after the subject.
    pub preheader: String,
    /// The HTML part of the mail, with charts by Content-ID.
    pub mail_html: String,
    /// Pictures in the order of the document.
    pub charts: Vec<Picture>,
    /// The file of every output, in their order.
    pub files: Vec<File>,
}

impl Rendered {
    /// A file by its name.
    pub fn file(&self, name: &str) -> Option<&File> {
        self.files.iter().find(|file| file.name == name)
    }

    /// A file of text by its name; empty when there is none.
    pub fn text_of(&self, name: &str) -> &str {
        self.file(name)
            .and_then(|file| std::str::from_utf8(&file.bytes).ok())
            .unwrap_or_default()
    }

    /// The text part of the mail.
    pub fn text(&self) -> &str {
        self.text_of(TEXT_FILE)
    }

    /// The pictures of the mail.
    pub fn mail_charts(&self) -> impl Iterator<Item = &Picture> {
        self.charts.iter().filter(|chart| chart.is_in_mail)
    }
}
