//! One line about the data, before any table: whole, or what is wrong and that the table below says more.

use super::section::{Section, no_subtitle};
use crate::config::words;
use crate::digest::blocks::{Block, Notice, Tone};
use crate::digest::document::Readers;
use crate::digest::doubts;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::sources;
use crate::digest::verdict::VerdictKind;
use crate::model::facts::SourceHealth;

pub(super) const SECTION: Section = Section {
    code: "status",
    title: None,
    subtitle: no_subtitle,
    blocks,
    readers: Readers::All,
};

fn blocks(page: &Page) -> Vec<Block> {
    let digest = page.digest;
    let is_sound = digest.health.is_whole() && page.may_judge();
    // That all arrived stands in the answer already.
    if digest.health.total == 0 || (is_sound && doubts::sentences(page).is_empty()) {
        return Vec::new();
    }
    let is_unfit = digest.verdict.kind == VerdictKind::DataNotFit;
    let (tone, lead) = match (is_unfit, digest.health.is_whole()) {
        (true, _) if doubts::only_doubt(page).is_some() => (Tone::Bad, words::status::DOUBTFUL),
        (true, _) => (Tone::Bad, words::status::UNFIT),
        (false, true) if !doubts::sentences(page).is_empty() => {
            (Tone::Warn, words::status::RESERVATIONS)
        }
        (false, false) => (Tone::Warn, words::status::RESERVATIONS),
        (false, true) => (Tone::Good, words::status::WHOLE),
    };
    let is_holed = is_unfit && doubts::only_doubt(page).is_none();
    let text = if digest.health.is_whole() && is_holed {
        page.rich(words::status::HOLED, &[("sources", &sources(page))])
    } else if digest.health.is_whole() {
        all_whole(page)
    } else {
        what_is_wrong(page)
    };
    let sentences = doubts::sentences(page);
    let more = sentences.len().saturating_sub(MOST_SENTENCES);
    let more = (more > 0).then(|| page.rich(words::status::MORE, &[("n", &more.to_string())]));
    let shown = sentences.into_iter().take(MOST_SENTENCES).map(Rich::plain);
    let text = shown.chain(more).fold(text, Rich::then);
    vec![Block::Notice(Notice {
        tone,
        lead: page.text(lead),
        text,
    })]
}

/// Sentences about rows that the line has room for; the table of the data has them all.
const MOST_SENTENCES: usize = 2;

/// What is wrong with the data, a sentence each; empty when all is there and fits.
pub(in crate::digest) fn sentences(page: &Page) -> Vec<String> {
    let mut sentences = Vec::new();
    if !page.digest.health.is_whole() {
        sentences.push(what_is_wrong(page).text());
    } else if !page.may_judge() && doubts::only_doubt(page).is_none() {
        let holed = page.fill(words::status::HOLED, &[("sources", &sources(page))]);
        sentences.push(holed);
    }
    sentences.extend(doubts::sentences(page));
    sentences
}

fn all_whole(page: &Page) -> Rich {
    let sources = page
        .figures
        .counted_whole(words::words::SOURCES, page.digest.health.total as f64);
    page.rich(words::status::ALL_ARRIVED, &[("sources", &sources)])
}

fn what_is_wrong(page: &Page) -> Rich {
    let states = [
        (SourceHealth::Missing, words::status::MISSING),
        (SourceHealth::Partial, words::status::PARTIAL),
        (SourceHealth::Rejects, words::status::REJECTS),
    ];
    let sentences = states.into_iter().filter_map(|(state, key)| {
        let sources = page
            .digest
            .data_health
            .iter()
            .filter(|source| source.state == state);
        let names: Vec<&str> = sources.map(|source| page.export(&source.source)).collect();
        (!names.is_empty()).then(|| page.rich(key, &[("sources", &names.join(", "))]))
    });
    sentences.reduce(Rich::then).unwrap_or_default()
}
