//! The digest laid out: its sections in order, each turned into a part of the document.

use super::contract::Digest;
use super::document::{Depth, Document, Labels};
use super::language::Strings;
use super::page::Page;
use super::sections::{self, DIAGNOSIS, Section, subject};
use crate::config::{rules, words};

/// Lays a digest out for its readers.
pub fn document(digest: &Digest, strings: &Strings) -> Document {
    of_sections(digest, strings, sections::all())
}

/// Lays out the diagnosis alone, with every test, for the terminal.
pub fn diagnosis(digest: &Digest, strings: &Strings) -> Document {
    let sections = DIAGNOSIS.iter().map(|section| (*section, Depth::Main));
    of_sections(digest, strings, sections)
}

fn of_sections(
    digest: &Digest,
    strings: &Strings,
    sections: impl Iterator<Item = (&'static Section, Depth)>,
) -> Document {
    let page = Page::of(digest, strings);
    let zone = digest.pipeline.time_zone;
    let as_of = digest.as_of.with_timezone(&zone);
    let takes_replies = digest.pipeline.takes_replies;
    let reply = takes_replies.then(|| page.text(words::footer::REPLY));
    let footer = [
        reply.clone(),
        Some(page.fill(
            words::footer::SNAPSHOT,
            &[
                ("snapshot", &digest.snapshot_id),
                ("label", &digest.period.label),
                ("version", &digest.report_version.to_string()),
                ("day", &page.figures.day(as_of.date_naive())),
                ("time", &as_of.format("%H:%M").to_string()),
                ("zone", zone.name()),
                ("program", &digest.program_version),
            ],
        )),
    ];
    Document {
        language: page.strings.code().to_owned(),
        subject: subject::subject(&page),
        preheader: subject::preheader(&page),
        brand: page.fill(words::brand::TITLE, &[("title", &title(&page))]),
        period: page.figures.period(&digest.period),
        parts: sections
            .filter(|(section, _)| is_asked_for(section, digest))
            .filter_map(|(section, depth)| section.part(&page, depth))
            .collect(),
        footer: footer.into_iter().flatten().collect(),
        mail_footer: reply.into_iter().collect(),
        labels: Labels {
            beyond_noise: page.text(words::table::BEYOND_NOISE),
        },
    }
}

/// Whose digest it is; a view's is told from that of all.
fn title(page: &Page) -> String {
    let pipeline = &page.digest.pipeline;
    match &pipeline.view {
        None => pipeline.title.clone(),
        Some(view) => {
            let values = [("title", pipeline.title.as_str()), ("view", &view.title)];
            page.fill(words::view::BRAND, &values)
        }
    }
}

/// Whether a view's readers see a section. What a view may not leave out says what its numbers are of.
fn is_asked_for(section: &Section, digest: &Digest) -> bool {
    let Some(view) = &digest.pipeline.view else {
        return true;
    };
    let is_named = |code: &String| code == section.code();
    view.sections.is_empty()
        || !rules::SECTIONS.contains(&section.code())
        || view.sections.iter().any(is_named)
}
