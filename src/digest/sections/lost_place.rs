//! A place that lost its inquiries: its headline, what changed there, and what to do first.

use crate::config::words;
use crate::diagnosis::finding::LostSegment;
use crate::digest::causes;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::{shorten, upper_first};

/// Characters of the place in a subject.
const SUBJECT_LENGTH: usize = 40;

/// «Фраза «окна дёшево»: 0 обращений вместо 12».
pub(super) fn headline(page: &Page, place: &LostSegment) -> String {
    page.fill(words::lost_place::HEADLINE, &Values::of(page, place).list())
}

/// The same for a list of letters.
pub(super) fn subject(page: &Page) -> String {
    let place = page.digest.verdict.place.as_ref();
    place.map_or_else(String::new, |place| {
        let mut values = Values::of(page, place);
        values.place = shorten(&values.place, SUBJECT_LENGTH);
        page.fill(words::lost_place::SUBJECT, &values.list())
    })
}

/// How many inquiries are missing there.
pub(super) fn changed(page: &Page, place: &LostSegment) -> Rich {
    page.rich(words::lost_place::CHANGED, &Values::of(page, place).list())
}

/// What to do first: go the way of such a visitor.
pub(super) fn step(page: &Page, place: &LostSegment) -> Rich {
    page.rich(words::lost_place::STEP, &Values::of(page, place).list())
}

/// The parts of every sentence about a place.
struct Values {
    place: String,
    /// The place within a sentence.
    inside: String,
    inquiries: String,
    expected: String,
    lost: String,
}

impl Values {
    fn of(page: &Page, place: &LostSegment) -> Self {
        let whole = |value: f64| page.figures.number(value, 0);
        let name = causes::scope(page, &place.scope).unwrap_or_default();
        Self {
            place: upper_first(&name),
            inside: name,
            inquiries: page
                .figures
                .counted(words::words::INQUIRIES, place.observed),
            expected: whole(place.expected),
            lost: whole((place.expected - place.observed).max(0.0)),
        }
    }

    fn list(&self) -> [(&str, &str); 5] {
        [
            ("place", &self.place),
            ("inside", &self.inside),
            ("inquiries", &self.inquiries),
            ("expected", &self.expected),
            ("lost", &self.lost),
        ]
    }
}
