//! Outputs: each turns the same digest into one form, and computes nothing. A new one is a file and a line here.

mod archive;
mod chart;
mod files;
mod form;
mod html;
mod json;
pub mod lint;
pub mod look;
mod page;
#[cfg(feature = "pdf")]
mod pdf;
mod pieces;
mod terminal;
mod text;
mod workbook;

#[cfg(test)]
mod tests;

use anyhow::Context as _;

use crate::digest::{self, Digest};

pub use archive::write_index;
pub use files::write_all;
pub use form::{File, Input, Output, Rendered};
pub(crate) use html::content_id;
pub use lint::lint;
pub use look::Look;
pub use terminal::{cause_line, cause_text, diagnosis_line, diagnosis_text};

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

/// Renders a digest into every form; the same digest and look give the same bytes.
///
/// # Errors
/// When a template is broken or a chart cannot be drawn; the error names which.
pub fn render_all(digest: &Digest, look: &Look) -> anyhow::Result<Rendered> {
    let document = digest::document(digest, &look.strings);
    let pictures = document
        .charts()
        .into_iter()
        .map(|(chart, is_in_mail)| chart::draw(chart, is_in_mail, look));
    let pictures = pictures.collect::<anyhow::Result<Vec<_>>>()?;
    let input = Input {
        digest,
        document: &document,
        look,
        pictures: &pictures,
    };
    let file = |output: &&Output| {
        let bytes =
            (output.render)(&input).with_context(|| format!("cannot make {}", output.file))?;
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
    let mail_html = html::mail(&input)?;
    Ok(Rendered {
        mail_html,
        files,
        charts: pictures,
        subject: document.subject,
        preheader: document.preheader,
    })
}
