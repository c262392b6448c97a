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
    /// Small lines at the end.
    pub footer: Vec<String>,
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
    /// Whether the mail and its text show it; the page and the printed report always do.
    pub is_in_mail: bool,
}

impl Document {
    /// The parts that the mail shows.
    pub fn mail_parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| part.is_in_mail)
    }

    /// The charts of all parts in order, and whether the mail shows them.
    pub fn charts(&self) -> impl Iterator<Item = (&Chart, bool)> {
        let blocks = self.parts.iter().flat_map(|part| {
            part.blocks
                .iter()
                .map(move |block| (block, part.is_in_mail))
        });
        blocks.filter_map(|(block, is_in_mail)| match block {
            Block::Chart(chart) => Some((chart, is_in_mail)),
            Block::Headline(_)
            | Block::Answers(_)
            | Block::Notice(_)
            | Block::Table(_)
            | Block::Funnel(_)
            | Block::Text(_)
            | Block::List(_)
            | Block::Definitions(_) => None,
        })
    }
}
