//! What part of the firm a digest is of: said at once, so that nobody takes its totals for all.

use super::section::{Section, no_subtitle};
use crate::config::words;
use crate::digest::blocks::{Block, Notice, Tone};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;

pub(super) const SECTION: Section = Section {
    code: "view",
    title: None,
    subtitle: no_subtitle,
    blocks,
    readers: Readers::All,
};

fn blocks(page: &Page) -> Vec<Block> {
    let view = page.digest.pipeline.view.as_ref();
    let Some(view) = view.filter(|view| view.is_of_a_part()) else {
        return Vec::new();
    };
    let lists = [
        (words::view::CHANNELS, &view.channels),
        (words::view::LINES, &view.lines),
        (words::view::CITIES, &view.cities),
        (words::view::MANAGERS, &view.managers),
    ];
    let named = lists.into_iter().filter(|(_, names)| !names.is_empty());
    let named = named.map(|(key, names)| page.rich(key, &[("names", &names.join(", "))]));
    let text = named.fold(Rich::default(), Rich::then);
    vec![Block::Notice(Notice {
        tone: Tone::Neutral,
        lead: page.text(words::view::LEAD),
        text: text.then(page.rich(words::view::REST, &[])),
    })]
}

#[cfg(test)]
mod tests {
    use crate::config::language::Language;
    use crate::config::rules;
    use crate::digest::language::Strings;
    use crate::digest::sections;
    use crate::digest::{Digest, VerdictKind, ViewInfo, document};

    /// Sections that say what numbers are of, or lead to others: no view leaves them out.
    const ALWAYS: [&str; 7] = [
        "answer", "view", "status", "to-plan", "to-all", "health", "method",
    ];

    #[test]
    fn views_may_ask_for_every_section_that_may_be_left_out() {
        let all: Vec<&str> = sections::all().map(|(section, _)| section.code()).collect();
        let named: Vec<&str> = all
            .iter()
            .copied()
            .filter(|code| !ALWAYS.contains(code))
            .collect();
        assert_eq!(named, rules::SECTIONS);
    }

    #[test]
    fn a_view_says_what_it_is_of_and_leaves_out_what_it_does_not_ask_for() {
        let mut digest = Digest::sample(VerdictKind::Drop, Language::EN);
        digest.pipeline.view = Some(ViewInfo {
            name: "direct".to_owned(),
            title: "Agency".to_owned(),
            channels: vec!["Yandex Direct".to_owned()],
            sections: vec!["channels".to_owned()],
            ..ViewInfo::default()
        });
        let document = document(&digest, Strings::shipped(Language::EN));
        let codes: Vec<&str> = document.parts.iter().map(|part| part.code).collect();
        assert!(
            codes.contains(&"view") && codes.contains(&"channels"),
            "{codes:?}"
        );
        assert!(
            !codes.contains(&"kpi") && !codes.contains(&"managers"),
            "{codes:?}"
        );
        assert!(document.brand.contains("Agency"), "{}", document.brand);
    }
}
