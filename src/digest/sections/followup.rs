//! What became of the check of the period before: what was found, what was answered, whether it got better.

use super::cells::by_kind;
use super::section::{Section, no_subtitle};
use crate::config::words::{self, Key};
use crate::diagnosis::daily::Measure;
use crate::digest::blocks::Block;
use crate::digest::causes;
use crate::digest::document::Readers;
use crate::digest::followup::{CheckOutcome, FollowUp, OwnerAnswer, ThenNow};
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::shorten;

pub(super) const SECTION: Section = Section {
    code: "followup",
    title: Some(|page| page.text(words::followup::TITLE)),
    subtitle: no_subtitle,
    blocks,
    readers: Readers::All,
};

/// Characters of a note; longer ones are cut.
const NOTE_LENGTH: usize = 120;

fn blocks(page: &Page) -> Vec<Block> {
    let Some(followup) = &page.digest.followup else {
        return Vec::new();
    };
    let counted = followup.counted.map(|counted| numbers(page, &counted));
    let sentences = [
        Some(answer(page, followup)),
        Some(state(page, followup)),
        counted,
    ];
    let found = found(page, followup);
    vec![Block::Text(
        sentences.into_iter().flatten().fold(found, Rich::then),
    )]
}

/// What was found then.
fn found(page: &Page, followup: &FollowUp) -> Rich {
    let fault = causes::fault_then(page, &followup.found);
    let counts = causes::counted_then(page, &followup.found).unwrap_or_default();
    let key = by_kind(
        page,
        [
            words::followup::found::WEEK,
            words::followup::found::MONTH,
            words::followup::found::QUARTER,
            words::followup::found::RANGE,
        ],
    );
    page.rich(key, &[("fault", &(fault + &counts))])
}

/// What was answered.
fn answer(page: &Page, followup: &FollowUp) -> Rich {
    let Some(OwnerAnswer { outcome, note, at }) = &followup.answer else {
        return page.rich(words::followup::UNANSWERED, &[]);
    };
    let key = match outcome {
        CheckOutcome::Done => words::followup::answer::DONE,
        CheckOutcome::NotTheCause => words::followup::answer::NOT_THE_CAUSE,
        CheckOutcome::Fixed => words::followup::answer::FIXED,
    };
    let zone = page.digest.pipeline.time_zone;
    let day = page.figures.day(at.with_timezone(&zone).date_naive());
    let said = page.rich(key, &[("day", &day)]);
    let note = note.trim();
    match note.is_empty() {
        true => said,
        false => said.then(page.rich(
            words::followup::NOTE,
            &[("note", &shorten(note, NOTE_LENGTH))],
        )),
    }
}

/// Whether it goes on.
fn state(page: &Page, followup: &FollowUp) -> Rich {
    let key: Key = match followup.goes_on {
        Some(true) => words::followup::GOES_ON,
        Some(false) if followup.counted.is_some_and(is_still_below) => words::followup::STILL_BELOW,
        Some(false) => words::followup::OVER,
        None => words::followup::UNKNOWN,
    };
    page.rich(key, &[])
}

/// Whether a place that fell is below its usual by more than chance: then it is not over, though nobody would find it now.
fn is_still_below(counted: ThenNow) -> bool {
    let missing = counted.expected - counted.now;
    counted.then < counted.expected && missing > CHANCE * counted.expected.sqrt()
}

/// Standard deviations of a count that are more than chance.
const CHANCE: f64 = 2.0;

/// The number of its place now.
fn numbers(page: &Page, counted: &ThenNow) -> Rich {
    let noun = match counted.measure {
        Measure::Inquiries => words::words::INQUIRIES,
        Measure::Forms => words::counted::FORMS,
        Measure::Calls => words::counted::CALLS,
        Measure::Sessions => words::words::SESSIONS,
    };
    let now = page.figures.counted_whole(noun, counted.now);
    let values = [
        ("now", &*now),
        ("expected", &page.figures.number(counted.expected, 0)),
    ];
    page.rich(words::followup::NOW, &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;
    use crate::digest::language::Strings;
    use crate::digest::{Digest, VerdictKind};
    use crate::model::period::Period;

    fn said(answer: Option<OwnerAnswer>, goes_on: bool) -> String {
        let mut digest = Digest::sample(VerdictKind::Incident, Language::EN);
        let found = digest.lead().expect("a cause").clone();
        digest.followup = Some(FollowUp {
            period: Period::previous(&digest.period),
            found,
            goes_on: Some(goes_on),
            counted: Some(ThenNow {
                measure: Measure::Forms,
                then: 0.0,
                now: 14.0,
                expected: 16.0,
            }),
            answer,
        });
        let page = Page::of(&digest, Strings::shipped(Language::EN));
        match &blocks(&page)[..] {
            [Block::Text(text)] => text.text(),
            other => panic!("{other:?}"),
        }
    }

    // 14 of 16 are a chance; 1437 of 1760 are eight standard deviations short.
    #[test]
    fn what_is_still_short_of_its_usual_is_not_over() {
        let now = |now: f64, expected: f64| ThenNow {
            measure: Measure::Sessions,
            then: now,
            now,
            expected,
        };
        assert!(is_still_below(now(1437.0, 1760.0)));
        assert!(!is_still_below(now(14.0, 16.0)));
        assert!(!is_still_below(now(30.0, 16.0)));
    }

    #[test]
    fn the_answer_and_the_number_of_then_and_now_stand_in_one_line() {
        let fixed = OwnerAnswer {
            outcome: CheckOutcome::Fixed,
            note: "captcha".to_owned(),
            at: "2026-11-17T09:00:00Z".parse().expect("a time"),
        };
        let text = said(Some(fixed), false);
        for part in [
            "17\u{a0}November",
            "fixed",
            "captcha",
            "0",
            "14",
            "16",
            "not seen",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn without_an_answer_the_line_says_whether_it_goes_on() {
        let text = said(None, true);
        assert!(
            text.contains("No answer") && text.contains("goes on"),
            "{text}"
        );
    }
}
