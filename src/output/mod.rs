//! Outputs: each turns the same digest into one form, and computes nothing. A new one is a file and a line here.

mod chart;
mod files;
mod html;
mod json;
mod terminal;
mod text;

#[cfg(test)]
mod tests;

use crate::digest::{Digest, Document};

pub use chart::NamedPng;
pub use files::write_all;
pub(crate) use files::write_whole;
pub(crate) use html::content_id;
pub use terminal::{cause_line, cause_text, diagnosis_line, diagnosis_text};

/// One form of a digest that is a single file.
#[derive(Debug)]
pub struct Output {
    /// File name in the report's folder.
    pub file: &'static str,
    /// What it is, for mail parts and servers.
    pub media_type: &'static str,
    render: fn(&Digest, &Document) -> anyhow::Result<String>,
    of: fn(&Rendered) -> &str,
}

/// Every output in the order it is written: `digest.json` last, as the sign that a report is complete.
pub const OUTPUTS: &[&Output] = &[&text::OUTPUT, &html::OUTPUT, &json::OUTPUT];

/// A digest in all its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// `digest.json`.
    pub json: String,
    /// `digest.html`, with charts from `charts/`.
    pub html: String,
    /// `digest.txt`, also the text part of the mail.
    pub text: String,
    /// Subject of the mail.
    pub subject: String,
    /// What a mail list shows after the subject.
    pub preheader: String,
    /// Pictures by name.
    pub charts: Vec<NamedPng>,
    /// The HTML part of the mail, with charts by Content-ID.
    pub mail_html: String,
}

/// Renders a digest into every form; the same digest gives the same bytes.
///
/// # Errors
/// When a template is broken or a chart cannot be drawn; the error names which.
pub fn render_all(digest: &Digest) -> anyhow::Result<Rendered> {
    let document = digest.document();
    let charts = document.charts().map(chart::png).collect::<anyhow::Result<_>>()?;
    let page = |output: &Output| (output.render)(digest, &document);
    Ok(Rendered {
        json: page(&json::OUTPUT)?,
        html: page(&html::OUTPUT)?,
        text: page(&text::OUTPUT)?,
        mail_html: html::mail(&document)?,
        charts,
        subject: document.subject,
        preheader: document.preheader,
    })
}
