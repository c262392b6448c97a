//! What a section is.

use crate::digest::blocks::Block;
use crate::digest::document::{Depth, Part, Readers};
use crate::digest::language::Rich;
use crate::digest::page::Page;

/// One section: its name and how it is built. No blocks: it is left out.
pub(in crate::digest) struct Section {
    pub(super) code: &'static str,
    pub(super) title: Option<fn(&Page) -> String>,
    pub(super) subtitle: fn(&Page) -> Option<Rich>,
    pub(super) blocks: fn(&Page) -> Vec<Block>,
    pub(super) readers: Readers,
}

impl Section {
    /// Its name, by which views ask for it.
    pub(in crate::digest) fn code(&self) -> &'static str {
        self.code
    }

    /// The section's part of the document, unless there is nothing in it.
    pub(in crate::digest) fn part(&self, page: &Page, depth: Depth) -> Option<Part> {
        let blocks = (self.blocks)(page);
        let title = self.title.map(|title| title(page));
        let subtitle = (self.subtitle)(page);
        (!blocks.is_empty()).then_some(Part {
            code: self.code,
            title,
            subtitle,
            blocks,
            readers: self.readers,
            depth,
        })
    }
}

/// For sections that need no line below their heading.
pub(super) fn no_subtitle(_page: &Page) -> Option<Rich> {
    None
}
