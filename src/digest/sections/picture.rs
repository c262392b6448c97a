//! The letter's picture: the days of what the headline is about.

use super::headline::lead;
use super::section::{Section, no_subtitle};
use super::{broken, cause_pictures, sides};
use crate::digest::blocks::Block;
use crate::digest::document::Readers;
use crate::digest::page::Page;
use crate::digest::verdict::VerdictKind;
use crate::model::metric::Metric;

pub(super) const SECTION: Section = Section {
    code: "picture",
    title: None,
    subtitle: no_subtitle,
    blocks,
    readers: Readers::Mail,
};

fn blocks(page: &Page) -> Vec<Block> {
    let Some(lead) = lead(page) else {
        return without_cause(page).into_iter().collect();
    };
    // Another finding's days would be a picture of another thing.
    let mut findings = page.digest.findings.iter();
    let of_lead = findings.find(|finding| {
        finding
            .causes
            .first()
            .is_some_and(|cause| cause.code == lead.code)
    });
    let pictures = of_lead.map(|finding| cause_pictures::charts(page, finding, lead));
    pictures.into_iter().flatten().take(1).collect()
}

/// Where the drop is, when nobody knows why.
fn without_cause(page: &Page) -> Option<Block> {
    let verdict = &page.digest.verdict;
    match (verdict.kind, verdict.metric) {
        (VerdictKind::Drop, _) if verdict.place.is_some() => sides::lost_places(page),
        (VerdictKind::Drop, _) if verdict.stage.is_some() => {
            let broken = verdict.stage.as_ref();
            broken.map(|found| broken::chart(page, found))
        }
        (VerdictKind::Drop, Some(Metric::Conv1 | Metric::Inquiries)) => {
            sides::inquiries_by_channel(page)
        }
        (VerdictKind::Drop, Some(Metric::Sessions)) => sides::visits_of_all(page),
        _ => None,
    }
}
