//! Parts of sentences that several sections and the causes share.

use super::page::Page;
use crate::config::words::{self, Noun};
use crate::model::channel::ChannelId;
use crate::model::facts::ContactKind;

/// Names of the sources that are not fit: at most two, then how many more.
pub(super) fn sources(page: &Page) -> String {
    let names = &page.digest.verdict.sources;
    if names.is_empty() {
        return page.text(words::answer::SOURCES_UNKNOWN);
    }
    list(
        page,
        names.iter().map(|name| page.export(name)).collect(),
        2,
    )
}

/// The titles of channels: at most three, then how many more.
pub(super) fn channel_titles(page: &Page, ids: &[ChannelId]) -> String {
    let names: Vec<String> = ids.iter().map(|id| channel_title(page, id)).collect();
    list(page, names.iter().map(String::as_str).collect(), 3)
}

/// The title of a channel, its id when it has none.
pub(super) fn channel_title(page: &Page, id: &ChannelId) -> String {
    page.digest
        .channel(id)
        .map_or_else(|| id.to_string(), |row| row.title.clone())
}

fn list(page: &Page, names: Vec<&str>, most: usize) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(most)
        .map(|name| shorten(name, 40))
        .collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(most) {
        0 => shown,
        more => page.fill(
            words::answer::AND_MORE,
            &[("names", &shown), ("n", &more.to_string())],
        ),
    }
}

/// The inquiries with their noun, or the word for what did not arrive.
pub(super) fn inquiries(page: &Page, noun: Noun) -> String {
    page.digest.totals.measures.inquiries.map_or_else(
        || page.text(words::absent::NO_DATA),
        |n| page.figures.counted(noun, n),
    )
}

/// Whether people order here, and neither call nor write: only deals came in.
pub(super) fn is_shop(page: &Page) -> bool {
    let contacts = &page.digest.contacts;
    let is_order = |kind: &ContactKind| *kind == ContactKind::Deal;
    !contacts.is_empty() && contacts.keys().all(is_order)
}

/// Text cut to so many characters, with an ellipsis.
pub(super) fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars()
        .take(most.saturating_sub(1))
        .collect::<String>()
        .trim_end()
        .to_owned()
        + "…"
}

/// The text with a small first letter, for the middle of a sentence.
pub(super) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// The text with a capital first letter.
pub(crate) fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
