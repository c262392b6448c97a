//! What became of the causes that no finding names: those not excluded with their fact, those checked and not confirmed,
//! those that cannot be checked.

use super::causes::candidates;
use crate::config::words;
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::{Answer as Verdict, Checked};
use crate::digest::blocks::Block;
use crate::digest::causes;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::upper_first;
use crate::digest::verdict::VerdictKind;

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
        .map(|checked| causes::title(page, checked.code))
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
    let title = causes::title(page, checked.code);
    match causes::scope(page, &checked.scope).filter(|_| checked.reason.is_some()) {
        Some(scope) => page.fill(
            words::headline::FAULT_IN,
            &[("title", &title), ("scope", &scope)],
        ),
        None => title,
    }
}

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
