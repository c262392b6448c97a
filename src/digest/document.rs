//! The digest laid out: parts in answer-first order, each made of blocks.

use serde::Serialize;

use super::Digest;
use super::blocks::{Block, Chart, Tone};
use super::figures::Figures;
use super::language::{Rich, Strings};
use super::sections::{DIAGNOSIS, SECTIONS, Section, subject};
use super::verdict::VerdictKind;
use crate::metrics::scorecard::{ChannelRow, RowVerdict};

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

/// What a section is built from.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The numbers.
    pub digest: &'a Digest,
    /// The words.
    pub strings: &'a Strings,
    /// The way numbers are written.
    pub figures: Figures<'a>,
}

impl<'a> Page<'a> {
    /// A page of a digest in the words of a language.
    pub fn of(digest: &'a Digest, strings: &'a Strings) -> Self {
        let figures = Figures::new(strings, &digest.pipeline.currency, event_decimals(digest));
        Self {
            digest,
            strings,
            figures,
        }
    }

    /// Whether anything may be called better or worse: not while the data are incomplete.
    pub fn may_judge(&self) -> bool {
        self.digest.verdict.kind != VerdictKind::DataNotFit
    }

    /// The tone of a row's first conversion.
    pub fn tone(&self, row: &ChannelRow) -> Tone {
        match row.verdict {
            RowVerdict::Worse if self.may_judge() => Tone::Bad,
            RowVerdict::Better if self.may_judge() => Tone::Good,
            RowVerdict::Worse
            | RowVerdict::Better
            | RowVerdict::Noise
            | RowVerdict::TooFew
            | RowVerdict::Unknown => Tone::Neutral,
        }
    }

    /// A string by key.
    pub fn text(&self, key: &str) -> String {
        self.strings.fill(key, &[])
    }

    /// A string with values.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.strings.fill(key, values)
    }

    /// A string with values and emphasis.
    pub fn rich(&self, key: &str, values: &[(&str, &str)]) -> Rich {
        self.strings.rich(key, values)
    }
}

/// One digit after the mark when an attribution model splits inquiries, in every cell alike; none otherwise.
fn event_decimals(digest: &Digest) -> usize {
    let rows = digest.channels.iter().chain([&digest.totals]);
    let events = rows.flat_map(|row| {
        [
            row.measures.inquiries,
            row.measures.sales,
            row.measures.sales_closed,
        ]
    });
    usize::from(
        events
            .flatten()
            .any(|value| (value - value.round()).abs() > 1e-6),
    )
}

/// Lays a digest out.
pub fn lay_out(digest: &Digest, strings: &Strings) -> Document {
    of_sections(digest, strings, SECTIONS)
}

/// Lays out the diagnosis alone, with every test, for the terminal.
pub fn diagnosis(digest: &Digest, strings: &Strings) -> Document {
    of_sections(digest, strings, DIAGNOSIS)
}

fn of_sections(digest: &Digest, strings: &Strings, sections: &[&Section]) -> Document {
    let page = Page::of(digest, strings);
    let zone = digest.pipeline.time_zone;
    let as_of = digest.as_of.with_timezone(&zone);
    let footer = [
        page.text("footer.reply"),
        page.fill(
            "footer.snapshot",
            &[
                ("snapshot", &digest.snapshot_id),
                ("label", &digest.period.label),
                ("version", &digest.report_version.to_string()),
                ("day", &page.figures.day(as_of.date_naive())),
                ("time", &as_of.format("%H:%M").to_string()),
                ("zone", zone.name()),
                ("program", &digest.program_version),
            ],
        ),
    ];
    Document {
        language: page.strings.code().to_owned(),
        subject: subject::subject(&page),
        preheader: subject::preheader(&page),
        brand: page.fill("brand.title", &[("title", &digest.pipeline.title)]),
        period: page.figures.period(&digest.period),
        parts: sections
            .iter()
            .filter_map(|section| section.part(&page))
            .collect(),
        footer: footer.into(),
        labels: Labels {
            beyond_noise: page.text("table.beyond_noise"),
        },
    }
}
