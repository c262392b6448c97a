//! A place that lost its inquiries: its headline, what changed there, and what to do first.

use crate::config::words;
use crate::diagnosis::finding::LostSegment;
use crate::digest::causes;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::{is_shop, shorten, upper_first};
use crate::model::observations::Dimension;

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

/// How many inquiries are missing there, and whether the rest is as usual.
pub(super) fn changed(page: &Page, place: &LostSegment) -> Rich {
    let key = match is_rest_usual(page, place) {
        true => words::lost_place::CHANGED_HERE,
        false => words::lost_place::CHANGED,
    };
    page.rich(key, &Values::of(page, place).list())
}

/// Whether all other places brought what they usually do, as far as chance allows: two deviations of their count.
fn is_rest_usual(page: &Page, place: &LostSegment) -> bool {
    let totals = &page.digest.totals;
    let (Some(usual), Some(all)) = (totals.usual, totals.measures.inquiries) else {
        return false;
    };
    let expected = (usual.inquiries.value - place.expected).max(0.0);
    let seen = all - place.observed;
    (expected - seen).abs() <= 2.0 * expected.max(1.0).sqrt()
}

/// What to do first: go the way of such a visitor, from the ad on where the place has one.
pub(super) fn step(page: &Page, place: &LostSegment) -> Rich {
    let is_of_ad = |dimension: &Dimension| {
        let text = place.scope.get(dimension);
        text.is_some_and(|text| !text.is_empty())
    };
    let has_ad = [Dimension::Campaign, Dimension::Phrase]
        .iter()
        .any(is_of_ad);
    let key = match (is_shop(page), has_ad) {
        (true, _) => words::lost_place::STEP_SHOP,
        (false, true) => words::lost_place::STEP,
        (false, false) => words::lost_place::STEP_SITE,
    };
    page.rich(key, &Values::of(page, place).list())
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
