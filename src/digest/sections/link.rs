//! The way from the letter to the report: a button, or which attached file to open.

use super::headline::lead;
use super::section::{Section, no_subtitle};
use crate::config::words;
use crate::digest::blocks::{Block, Link};
use crate::digest::document::Readers;
use crate::digest::page::Page;

/// Below the answer: there is something to do.
pub(super) const TO_PLAN: Section = Section {
    code: "to-plan",
    title: None,
    subtitle: no_subtitle,
    blocks: |page| match lead(page) {
        Some(_) => way(page, words::link::PLAN, words::link::PLAN_IN_PDF),
        None => Vec::new(),
    },
    readers: Readers::Mail,
};

/// At the end of a letter that asks for nothing.
pub(super) const TO_ALL: Section = Section {
    code: "to-all",
    title: None,
    subtitle: no_subtitle,
    blocks: |page| match lead(page) {
        Some(_) => Vec::new(),
        None => way(page, words::link::ALL, words::link::ALL_IN_PDF),
    },
    readers: Readers::Mail,
};

fn way(page: &Page, text: words::Key, in_pdf: words::Key) -> Vec<Block> {
    let pipeline = &page.digest.pipeline;
    match &pipeline.reports_at {
        Some(base) => vec![Block::Link(Link {
            text: page.text(text),
            href: format!(
                "{base}/{}/{}/report.html",
                pipeline.name, page.digest.period.label
            ),
        })],
        None if pipeline.attaches_pdf => vec![Block::Text(page.rich(in_pdf, &[]))],
        None => Vec::new(),
    }
}
