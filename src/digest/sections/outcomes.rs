//! What became of the causes that no finding names: those not excluded with their fact, those checked and not confirmed,
//! those that cannot be checked.

use super::causes::candidates;
use super::normal::{area, is_usual};
use super::section::{Section, no_subtitle};
use crate::config::words::{self, Key};
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::{Answer as Verdict, Checked};
use crate::diagnosis::weigh::evidence::{Evidence, Value};
use crate::digest::blocks::Block;
use crate::digest::causes;
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::upper_first;
use crate::digest::verdict::VerdictKind;
use crate::model::facts::ContactKind;

/// What became of a cause that no finding names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    NotExcluded,
    Excluded,
    NotAssessable,
}

/// In the order in which a reader needs them.
const OUTCOMES: [Outcome; 3] = [
    Outcome::NotExcluded,
    Outcome::Excluded,
    Outcome::NotAssessable,
];

fn outcome(checked: &Checked) -> Outcome {
    match checked.verdict {
        Verdict::NotAssessable => Outcome::NotAssessable,
        Verdict::NotExcluded | Verdict::Found => Outcome::NotExcluded,
        Verdict::RuledOut => Outcome::Excluded,
    }
}

/// The causes of one outcome. Where the data are not fit nothing was looked at that could exclude or suggest a cause, and
/// what a finding shows as a candidate is not said again.
fn with_outcome<'a>(page: &Page<'a>, wanted: Outcome) -> Vec<&'a Checked> {
    let is_unfit = page.digest.verdict.kind == VerdictKind::DataNotFit;
    if is_unfit && wanted != Outcome::NotAssessable {
        return Vec::new();
    }
    let shown = page.digest.findings.iter().flat_map(candidates);
    let shown: Vec<CauseCode> = shown.map(|cause| cause.code).collect();
    let is_new = |checked: &&Checked| !shown.contains(&checked.code);
    let all = page.digest.checked.iter();
    all.filter(|checked| outcome(checked) == wanted)
        .filter(is_new)
        .collect()
}

/// What is not excluded with its fact, what was looked for and not there, and what could not be told, in one short text.
pub(super) fn named(page: &Page) -> Option<Block> {
    let text = OUTCOMES
        .into_iter()
        .filter_map(|outcome| named_of(page, outcome));
    text.reduce(Rich::then).map(Block::Text)
}

fn named_of(page: &Page, outcome: Outcome) -> Option<Rich> {
    let found = with_outcome(page, outcome);
    if found.is_empty() {
        return None;
    }
    let text = match outcome {
        Outcome::NotExcluded => {
            let suspects = found.iter().map(|checked| suspect(page, checked));
            let head = page.rich(words::causes::NOT_EXCLUDED, &[]);
            return Some(suspects.fold(head, Rich::then));
        }
        Outcome::Excluded => words::causes::RULED_OUT,
        Outcome::NotAssessable => words::causes::NOT_ASSESSABLE,
    };
    let titles: Vec<String> = found
        .iter()
        .map(|checked| match area(checked.code) {
            Some(area) => page.text(area),
            None => causes::title(page, checked.code),
        })
        .collect();
    let titles = Rich::plain(format!("{}.", titles.join(", ")));
    Some(page.rich(text, &[]).then(titles))
}

/// A cause that is not excluded: its name, how probable it is, and the fact behind that.
fn suspect(page: &Page, checked: &Checked) -> Rich {
    let title = in_place(page, checked);
    let values = [
        ("title", &*upper_first(&title)),
        ("p", &causes::probability(page, checked.probability)),
    ];
    let head = page.rich(words::causes::SUSPECT, &values);
    let reason = checked
        .reason
        .as_ref()
        .map(|reason| causes::sentence(page, reason));
    reason.into_iter().fold(head, Rich::then)
}

/// A cause with the place that its reason is about.
fn in_place(page: &Page, checked: &Checked) -> String {
    let title = causes::suspected(page, checked.code);
    match causes::scope(page, &checked.scope).filter(|_| checked.reason.is_some()) {
        Some(scope) => page.fill(
            words::headline::FAULT_IN,
            &[("title", &title), ("scope", &scope)],
        ),
        None => title,
    }
}

/// The letter's list: what is not excluded with its fact, what was checked with its numbers, the rest by name.
pub(super) const CHECKS: Section = Section {
    code: "checks",
    title: Some(|page| page.text(words::checks::TITLE)),
    subtitle: no_subtitle,
    blocks: checks,
    readers: Readers::Mail,
};

/// What is not excluded although nothing was found, for the line below the headline.
pub(super) fn likeliest(page: &Page) -> Option<(Key, Rich)> {
    // Without a fact behind it a probability alone only worries.
    let checked = likeliest_of(page).filter(|checked| checked.reason.is_some())?;
    let label = if checked.probability > MORE_LIKELY_THAN_NOT {
        words::answer::label::LIKELY
    } else {
        words::answer::label::NOT_EXCLUDED
    };
    Some((label, suspect(page, checked)))
}

/// Over this a suspect is more likely at work than not.
pub(super) const MORE_LIKELY_THAN_NOT: f64 = 0.5;

/// The likeliest of the causes that are not excluded, where nothing was found.
pub(super) fn likeliest_of<'a>(page: &Page<'a>) -> Option<&'a Checked> {
    let suspects = with_outcome(page, Outcome::NotExcluded).into_iter();
    let likeliest = suspects.max_by(|one, other| one.probability.total_cmp(&other.probability));
    likeliest.filter(|_| page.digest.findings.is_empty())
}

/// Suspects that the letter has room for.
const SUSPECTS: usize = 3;

fn checks(page: &Page) -> Vec<Block> {
    // Where nothing was found, one line below the headline says what was checked.
    if page.digest.findings.is_empty() {
        return Vec::new();
    }
    let suspects = with_outcome(page, Outcome::NotExcluded);
    let suspects = suspects.into_iter().take(SUSPECTS).map(|checked| {
        page.rich(words::checks::NOT_EXCLUDED, &[])
            .then(suspect(page, checked).lower_first())
    });
    let excluded = with_outcome(page, Outcome::Excluded);
    let facts = excluded
        .iter()
        .filter_map(|checked| fact(page, checked.code));
    let untold = named_of(page, Outcome::NotAssessable);
    let items: Vec<Rich> = suspects.chain(facts).chain(untold).collect();
    if items.is_empty() {
        Vec::new()
    } else {
        vec![Block::List(items)]
    }
}

/// The number that says that an area is as usual.
fn fact(page: &Page, cause: CauseCode) -> Option<Rich> {
    let digest = page.digest;
    let contacts = |kind| {
        digest
            .contacts
            .get(&kind)
            .map(|count| page.figures.count(*count))
    };
    Some(match cause {
        CauseCode::Telephony => page.rich(
            words::checks::CALLS,
            &[
                ("answered", &contacts(ContactKind::Call)?),
                (
                    "missed",
                    &contacts(ContactKind::MissedCall).unwrap_or_else(|| page.figures.count(0)),
                ),
            ],
        ),
        CauseCode::Forms => {
            let forms = digest.contacts.get(&ContactKind::Form)?;
            let forms = page
                .figures
                .counted_whole(words::counted::FORMS, *forms as f64);
            page.rich(words::checks::FORMS, &[("forms", &forms)])
        }
        CauseCode::TrafficVolume if !is_usual(page, cause) => return None,
        CauseCode::TrafficVolume => {
            let mut tests = digest.tests.iter();
            let test = tests.find(|test| test.is_of_all_sessions())?;
            let observed = page
                .figures
                .counted_whole(words::words::SESSIONS, test.observed);
            let expected = page.figures.number(test.expected, 0);
            page.rich(
                words::checks::TRAFFIC,
                &[("sessions", &observed), ("expected", &expected)],
            )
        }
        CauseCode::MixShift | CauseCode::CrmHygiene => {
            let mut checked = digest.checked.iter();
            let reason = checked
                .find(|checked| checked.code == cause)?
                .reason
                .as_ref()
                .filter(|reason| shows_usual(reason))?;
            let area = page.text(area(cause)?);
            let head = page.rich(words::checks::AREA, &[("area", &upper_first(&area))]);
            head.then(causes::sentence(page, reason).lower_first())
        }
        _ => return None,
    })
}

/// Whether a reason shows by itself that its area is as usual: a count that only failed to prove the contrary is left to the
/// page.
fn shows_usual(reason: &Evidence) -> bool {
    use words::evidence::{crm_hygiene, mix_shift};
    let count = |name: &str| match reason.values.get(name) {
        Some(Value::Count(count)) => Some(*count),
        _ => None,
    };
    let is_near =
        |(observed, expected): (f64, f64)| (observed - expected).abs() <= NEAR * expected.max(1.0);
    let counts = [
        crm_hygiene::CLOSINGS,
        crm_hygiene::REFUSALS,
        crm_hygiene::MORE_DEALS,
        crm_hygiene::NOT_ENTERED,
    ];
    let counted = count("observed").zip(count("expected"));
    match reason.code {
        code if code == mix_shift::SMALL || code == mix_shift::SLIGHT => true,
        code if counts.contains(&code) => counted.is_some_and(is_near),
        _ => false,
    }
}

/// A count that lies within this share of the usual one is near it. A judgement.
const NEAR: f64 = 0.25;

/// The same as lists, each with its strongest reason.
pub(super) fn checked(page: &Page) -> Vec<Block> {
    let mut blocks = Vec::new();
    for outcome in OUTCOMES {
        let found = with_outcome(page, outcome);
        if found.is_empty() {
            continue;
        }
        let title = match outcome {
            Outcome::NotExcluded => words::causes::NOT_EXCLUDED,
            Outcome::Excluded => words::causes::RULED_OUT_WHY,
            Outcome::NotAssessable => words::causes::NOT_ASSESSABLE,
        };
        let items = found.into_iter().map(|checked| match outcome {
            Outcome::NotExcluded => suspect(page, checked),
            Outcome::Excluded | Outcome::NotAssessable => item(page, checked),
        });
        blocks.push(Block::Text(page.rich(title, &[])));
        blocks.push(Block::List(items.collect()));
    }
    blocks
}

fn item(page: &Page, checked: &Checked) -> Rich {
    let title = upper_first(&in_place(page, checked));
    let head = page.rich(words::causes::CHECKED, &[("title", &title)]);
    let reason = checked
        .reason
        .as_ref()
        .map(|reason| causes::sentence(page, reason));
    reason.into_iter().fold(head, Rich::then)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;
    use crate::diagnosis::codes::Scope;
    use crate::digest::language::Strings;
    use crate::digest::{Digest, VerdictKind};

    #[test]
    fn no_candidate_of_a_finding_is_named_again_as_not_excluded() {
        // The finding of the sample has two candidates: forms and tracking.
        let mut digest = Digest::sample(VerdictKind::Drop, Language::EN);
        let codes = [
            CauseCode::Telephony,
            CauseCode::Forms,
            CauseCode::Managers,
            CauseCode::Tracking,
        ];
        let checked = |code| Checked {
            code,
            verdict: Verdict::NotExcluded,
            probability: 0.2,
            scope: Scope::new(),
            reason: None,
        };
        digest.checked = codes.map(checked).to_vec();
        let page = Page::of(&digest, Strings::shipped(Language::EN));
        let found = with_outcome(&page, Outcome::NotExcluded);
        let found: Vec<CauseCode> = found.iter().map(|checked| checked.code).collect();
        assert_eq!(found, [CauseCode::Telephony, CauseCode::Managers]);
    }
}
