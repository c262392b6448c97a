//! The digest in words: parts in answer-first order, each made of blocks. What every output gets.

use serde::Serialize;

use super::blocks::{Block, Chart};
use super::language::Rich;

/// A digest in words, ready for any output.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// Language code for `lang` attributes.
    pub language: String,
    /// Subject of the mail: a number and the period, at most 70 characters.
    pub subject: String,
    /// What a mail list shows after the subject.
    pub preheader: String,
    /// Whose digest it is.
    pub brand: String,
    /// Which period, in full.
    pub period: String,
    /// The parts in order.
    pub parts: Vec<Part>,
    /// Small lines at the end of the report.
    pub footer: Vec<String>,
    /// Small lines at the end of the letter: what its reader may do with it.
    pub mail_footer: Vec<String>,
    /// Words of the outputs themselves.
    pub labels: Labels,
}

/// Words that outputs put between blocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Labels {
    /// Heading row of tables in plain text, say `(в скобках — …)`.
    pub beyond_noise: String,
}

/// A part of the digest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Name of the section, kebab-case.
    pub code: &'static str,
    /// Heading; the answer has its own.
    pub title: Option<String>,
    /// Below the heading, small.
    pub subtitle: Option<Rich>,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Who it is for.
    pub readers: Readers,
    /// Whether it is read or looked up.
    pub depth: Depth,
}

/// How deep in the report a part lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Depth {
    /// Read by everybody who opens the report.
    Main,
    /// Looked up by who wants to know.
    Detail,
}

/// Who a part is for: a letter is read on the way, a report at a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Readers {
    /// The letter and the report.
    All,
    /// The letter and its text alone.
    Mail,
    /// The page, the printed report and the workbook alone.
    Report,
}

impl Document {
    /// The parts of the letter.
    pub fn mail_parts(&self) -> impl Iterator<Item = &Part> {
        let parts = self.parts.iter();
        parts.filter(|part| part.readers != Readers::Report)
    }

    /// The parts of the page, the printed report and the workbook.
    pub fn report_parts(&self) -> impl Iterator<Item = &Part> {
        let parts = self.parts.iter();
        parts.filter(|part| part.readers != Readers::Mail)
    }

    /// The charts of all parts in order, each once, and whether the letter shows them.
    pub fn charts(&self) -> Vec<(&Chart, bool)> {
        let mut charts: Vec<(&Chart, bool)> = Vec::new();
        for part in &self.parts {
            let is_in_mail = part.readers != Readers::Report;
            for chart in part.blocks.iter().filter_map(Block::chart) {
                let known = charts
                    .iter_mut()
                    .find(|(known, _)| known.name == chart.name);
                match known {
                    Some((_, is_known_in_mail)) => *is_known_in_mail |= is_in_mail,
                    None => charts.push((chart, is_in_mail)),
                }
            }
        }
        charts
    }
}
