//! Outputs: each turns the same digest into one form, and computes nothing. A new one is a file and a line here.

mod archive;
mod chart;
mod files;
mod html;
mod json;
pub mod lint;
pub mod look;
mod page;
#[cfg(feature = "pdf")]
mod pdf;
mod terminal;
mod text;
mod workbook;

#[cfg(test)]
mod tests;

use anyhow::Context as _;

use crate::digest::{Digest, Document};

pub use archive::write_index;
pub use chart::Picture;
pub use files::write_all;
pub(crate) use files::write_whole;
pub(crate) use html::content_id;
pub use lint::lint;
pub use look::Look;
pub use terminal::{cause_line, cause_text, diagnosis_line, diagnosis_text};

/// One form of a digest that is a single file.
#[derive(Debug)]
pub struct Output {
    /// File name in the report's folder.
    pub file: &'static str,
    /// What it is, for mail parts and servers.
    pub media_type: &'static str,
    render: fn(&Source) -> anyhow::Result<Vec<u8>>,
}

/// Every output in the order it is written: `digest.json` last, as the sign that a report is complete.
pub const OUTPUTS: &[&Output] = &[
    &text::OUTPUT,
    &html::OUTPUT,
    &page::OUTPUT,
    #[cfg(feature = "pdf")]
    &pdf::OUTPUT,
    &workbook::OUTPUT,
    &json::OUTPUT,
];

/// What every output is made from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
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
        self.text_of(text::OUTPUT.file)
    }

    /// The pictures of the mail.
    pub fn mail_charts(&self) -> impl Iterator<Item = &Picture> {
        self.charts.iter().filter(|chart| chart.is_in_mail)
    }
}

/// Renders a digest into every form; the same digest and look give the same bytes.
///
/// # Errors
/// When a template is broken or a chart cannot be drawn; the error names which.
pub fn render_all(digest: &Digest, look: &Look) -> anyhow::Result<Rendered> {
    let document = digest.document(&look.strings);
    let pictures = document
        .charts()
        .map(|(chart, is_in_mail)| chart::draw(chart, is_in_mail, look));
    let pictures = pictures.collect::<anyhow::Result<Vec<_>>>()?;
    let source = Source {
        digest,
        document: &document,
        look,
        pictures: &pictures,
    };
    let file = |output: &&Output| {
        let bytes =
            (output.render)(&source).with_context(|| format!("cannot make {}", output.file))?;
        Ok(File {
            name: output.file,
            media_type: output.media_type,
            bytes,
        })
    };
    let files = OUTPUTS
        .iter()
        .map(file)
        .collect::<anyhow::Result<Vec<_>>>()?;
    let mail_html = html::mail(&source)?;
    Ok(Rendered {
        mail_html,
        files,
        charts: pictures,
        subject: document.subject,
        preheader: document.preheader,
    })
}
