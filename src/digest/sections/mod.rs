//! The sections of a digest in answer-first order: a new one is a file here and a line in [`SECTIONS`].

mod answer;
mod causes;
mod cells;
mod channels;
mod cohort;
mod contacts;
mod daily;
mod decomposition;
mod funnel;
mod headline;
mod health;
mod intervals;
mod kpi;
mod method;
mod money;
mod plan;
mod restated;
mod status;
pub(super) mod subject;
mod tested;
mod trend;

use super::blocks::Block;
use super::document::{Page, Part};
use super::language::Rich;
use crate::model::channel::ChannelId;

/// One section: its name and how it is built. No blocks: it is left out.
pub(super) struct Section {
    code: &'static str,
    title: Option<fn(&Page) -> String>,
    subtitle: fn(&Page) -> Option<Rich>,
    blocks: fn(&Page) -> Vec<Block>,
    is_in_mail: bool,
}

impl Section {
    /// The section's part of the document, unless there is nothing in it.
    pub(super) fn part(&self, page: &Page) -> Option<Part> {
        let blocks = (self.blocks)(page);
        let title = self.title.map(|title| title(page));
        let subtitle = (self.subtitle)(page);
        (!blocks.is_empty()).then_some(Part {
            code: self.code,
            title,
            subtitle,
            blocks,
            is_in_mail: self.is_in_mail,
        })
    }
}

/// Every section, in the order of reading.
pub(super) const SECTIONS: &[&Section] = &[
    &answer::SECTION,
    &status::SECTION,
    &kpi::SECTION,
    &funnel::SECTION,
    &trend::SECTION,
    &channels::SECTION,
    &decomposition::SECTION,
    &causes::SECTION,
    &plan::SECTION,
    &money::SECTION,
    &cohort::SECTION,
    &contacts::SECTION,
    &restated::SECTION,
    &health::SECTION,
    &method::SECTION,
];

/// The sections of a diagnosis on the terminal.
pub(super) const DIAGNOSIS: &[&Section] = &[
    &answer::SECTION,
    &status::SECTION,
    &causes::DETAILED,
    &tested::SECTION,
];

/// The title of a channel, its id when it has none.
pub(super) fn channel_title(page: &Page, id: &ChannelId) -> String {
    answer::title(page, id)
}

pub(super) use answer::shorten;

/// For sections that need no line below their heading.
fn no_subtitle(_page: &Page) -> Option<Rich> {
    None
}
