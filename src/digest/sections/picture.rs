//! The letter's picture: the days of what the headline is about.

use super::headline::lead;
use super::section::{Section, no_subtitle};
use super::{compared, daily};
use crate::digest::blocks::Block;
use crate::digest::document::Readers;
use crate::digest::page::Page;

pub(super) const SECTION: Section = Section {
    code: "picture",
    title: None,
    subtitle: no_subtitle,
    blocks,
    readers: Readers::Mail,
};

fn blocks(page: &Page) -> Vec<Block> {
    let Some(lead) = lead(page) else {
        return Vec::new();
    };
    // Another finding's days would be a picture of another thing.
    let mut findings = page.digest.findings.iter();
    let of_lead = findings.find(|finding| {
        finding
            .causes
            .first()
            .is_some_and(|cause| cause.code == lead.code)
    });
    let days = of_lead.and_then(|finding| daily::chart(page, finding));
    let picture = days.or_else(|| compared::chart(page, lead));
    picture.into_iter().collect()
}
