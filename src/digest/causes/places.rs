//! Places in words: as a list beside a title, and within the sentence of a fault.

use super::titles;
use crate::config::words::{self, Key};
use crate::diagnosis::codes::{CauseCode, Scope};
use crate::diagnosis::finding::RankedCause;
use crate::digest::page::Page;
use crate::digest::phrases::{channel_title, shorten};
use crate::model::attributes::AttributeName;
use crate::model::channel::ChannelId;
use crate::model::observations::{Dimension, OTHER};

/// Characters of a text of an export within a sentence; a longer one is shortened.
const WORD_LENGTH: usize = 40;

/// Where, in words: «линия 8142…, Петрозаводск»; `None` is everywhere.
pub fn scope(page: &Page, scope: &Scope) -> Option<String> {
    let parts: Vec<String> = scope
        .iter()
        .map(|(dimension, text)| place(page, *dimension, text))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn place(page: &Page, dimension: Dimension, text: &str) -> String {
    // What has no campaign and no phrase is a place, too.
    match dimension {
        Dimension::Campaign if text.is_empty() => {
            return page.text(words::causes::place::NO_CAMPAIGN);
        }
        Dimension::Phrase if text.is_empty() => return page.text(words::causes::place::NO_PHRASE),
        _ => {}
    }
    let value = match dimension {
        Dimension::Channel => channel_title(page, &ChannelId::new(text)),
        Dimension::Contact | Dimension::Device => word(page, text),
        Dimension::Line => line(page, text),
        Dimension::Export => shorten(page.export(text), 40),
        Dimension::Attribute(name) => attribute_value(page, name, text),
        _ => free_text(page, text, 40),
    };
    let key = match dimension {
        Dimension::Channel => words::causes::place::CHANNEL,
        Dimension::Contact => words::causes::place::CONTACT,
        Dimension::Line => words::causes::place::LINE,
        Dimension::Trunk => words::causes::place::TRUNK,
        Dimension::Form => words::causes::place::FORM,
        Dimension::Page => words::causes::place::PAGE,
        Dimension::Device => words::causes::place::DEVICE,
        Dimension::Region => words::causes::place::REGION,
        Dimension::Operator => words::causes::place::OPERATOR,
        Dimension::Manager => words::causes::place::MANAGER,
        Dimension::Reason => words::causes::place::REASON,
        Dimension::Export => words::causes::place::EXPORT,
        Dimension::Campaign => words::causes::place::CAMPAIGN,
        Dimension::Phrase => words::causes::place::PHRASE,
        Dimension::Attribute(name) => {
            let of = attribute(page, name);
            let values = [("of", of.as_str()), ("name", value.as_str())];
            return page.fill(words::causes::place::ATTRIBUTE, &values);
        }
    };
    page.fill(key, &[("name", &value)])
}

/// A dimension and one of its values in words, each by itself: «пол», «ж».
pub fn slice(page: &Page, dimension: Dimension, value: &str) -> (String, String) {
    let name = match dimension {
        Dimension::Attribute(name) => attribute(page, name),
        other => word(page, &other.name()),
    };
    let value = match dimension {
        _ if value.is_empty() => page.text(words::slices::UNKNOWN),
        Dimension::Device => word(page, value),
        Dimension::Attribute(name) => attribute_value(page, name, value),
        _ => free_text(page, value, 40),
    };
    (name, value)
}

/// A value of an attribute: not known, a word of the language for this value of this attribute, else as the export has it.
fn attribute_value(page: &Page, name: AttributeName, value: &str) -> String {
    match page.strings.word(&format!("{name}_{value}")) {
        _ if value.is_empty() => page.text(words::slices::UNKNOWN),
        Some(translated) => translated.to_owned(),
        None => free_text(page, value, 40),
    }
}

/// What people call an attribute: a word of the language, else its own name.
pub fn attribute(page: &Page, name: AttributeName) -> String {
    word(page, name.as_str())
}

/// A word of the program in the page's language; one that has no translation stands as it is.
pub(super) fn word(page: &Page, word: &str) -> String {
    match page.strings.word(word) {
        Some(translated) => translated.to_owned(),
        None => shorten(word, WORD_LENGTH),
    }
}

/// A text of an export as it stands; small values that are gathered under one name have a word.
pub(in crate::digest) fn free_text(page: &Page, text: &str, most: usize) -> String {
    if text == OTHER {
        page.text(words::causes::THE_REST)
    } else {
        shorten(text, most)
    }
}

/// A telephone line by the name that the pipeline gives it, else by its number.
pub(super) fn line(page: &Page, number: &str) -> String {
    match page.digest.pipeline.lines.get(number) {
        Some(name) => page.fill(words::causes::LINE, &[("name", &shorten(name, 40))]),
        None => shorten(number, 40),
    }
}

/// A kind of device that something comes from: «телефонов».
pub(super) fn starting_from(page: &Page, device: &str) -> String {
    let known = page.strings.device_from(device);
    known.map_or_else(|| shorten(device, 40), str::to_owned)
}

/// A fault with its place in one sentence: «не отправляется форма на /ceny с телефонов».
pub fn fault_in(page: &Page, cause: &RankedCause, scope: &Scope) -> String {
    let title = page.text(titles::of_place(page, cause, scope));
    let at = places(page, cause.code, scope);
    if at.is_empty() {
        title
    } else {
        format!("{title} {at}")
    }
}

/// The same of a period that is gone: «не отправлялась форма на /ceny».
pub fn fault_then(page: &Page, cause: &RankedCause) -> String {
    let title = page.text(titles::in_the_past(cause, &cause.scope));
    let at = places(page, cause.code, &cause.scope);
    format!("{title} {at}").trim_end().to_owned()
}

/// Where, within a sentence: «на /ceny с телефонов»; empty is everywhere.
pub fn places(page: &Page, cause: CauseCode, scope: &Scope) -> String {
    let places = scope.iter().map(|(dimension, text)| {
        let name = match dimension {
            Dimension::Channel => channel_title(page, &ChannelId::new(text)),
            Dimension::Contact => word(page, text),
            Dimension::Device => starting_from(page, text),
            Dimension::Line => line(page, text),
            Dimension::Page => shorten(path(text), 40),
            Dimension::Export => shorten(page.export(text), 40),
            _ => free_text(page, text, 40),
        };
        let of = match dimension {
            Dimension::Attribute(name) => attribute(page, *name),
            _ => String::new(),
        };
        page.fill(at(cause, *dimension), &[("name", &name), ("of", &of)])
    });
    places.collect::<Vec<_>>().join(" ")
}

fn at(cause: CauseCode, dimension: Dimension) -> Key {
    use words::causes::at;
    match (dimension, cause) {
        (Dimension::Channel, CauseCode::MixShift) => at::CHANNEL_BY,
        (
            Dimension::Channel,
            CauseCode::TrafficVolume | CauseCode::LeadQuality | CauseCode::CrmHygiene,
        ) => at::CHANNEL_FROM,
        (Dimension::Channel, _) => at::CHANNEL_IN,
        (Dimension::Contact, _) => at::CONTACT,
        (Dimension::Line, _) => at::LINE,
        (Dimension::Trunk, _) => at::TRUNK,
        (Dimension::Form, CauseCode::Forms) => at::FORM_NAMED,
        (Dimension::Form, _) => at::FORM,
        (Dimension::Page, _) => at::PAGE,
        (Dimension::Device, _) => at::DEVICE,
        (Dimension::Region, _) => at::REGION,
        (Dimension::Operator, _) => at::OPERATOR,
        (Dimension::Manager, _) => at::MANAGER,
        (Dimension::Reason, _) => at::REASON,
        (Dimension::Export, _) => at::EXPORT,
        (Dimension::Campaign, _) => at::CAMPAIGN,
        (Dimension::Phrase, _) => at::PHRASE,
        (Dimension::Attribute(_), _) => at::ATTRIBUTE,
    }
}

/// A page without its site: who reads the digest knows the site.
pub(super) fn path(page: &str) -> &str {
    match page.split_once('/') {
        Some((site, rest)) if !site.is_empty() && !rest.is_empty() => &page[site.len()..],
        _ => page,
    }
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_page_is_named_without_its_site() {
        assert_eq!(path("okna.example/ceny"), "/ceny");
        assert_eq!(path("/ceny"), "/ceny");
        assert_eq!(path("okna.example/"), "okna.example/");
        assert_eq!(path("okna.example"), "okna.example");
    }
}
