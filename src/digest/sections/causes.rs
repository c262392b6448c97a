//! Why: each finding with its candidates, what speaks for and against them, what they cost and what to check first; then
//! what was checked and not confirmed: in the mail by name, on the terminal with the reason.

use super::kpi::bases::inquiries_tested;
use super::outcomes;
use super::section::{Section, no_subtitle};
use crate::config::words::{self, Key};
use crate::diagnosis::codes::{CauseCode, Conversion, Scope};
use crate::diagnosis::finding::{
    Answer as Outcome, DisputeAnswer, Finding, LostSegment, Matured, RankedCause,
};
use crate::diagnosis::weigh::evidence::{Evidence, Role};
use crate::digest::blocks::{Answer, Block};
use crate::digest::causes;
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::upper_first;
use crate::digest::verdict::VerdictKind;
use crate::model::metric::Metric;

pub(super) const SECTION: Section = Section {
    code: "causes",
    title: Some(|page| page.text(words::causes::TITLE)),
    subtitle: no_subtitle,
    blocks,
    readers: Readers::Report,
};

/// A candidate below this probability is in `digest.json` only.
const LEAST_SHOWN_PROBABILITY: f64 = 0.15;
/// Candidates shown for one finding.
const CAUSES_SHOWN: usize = 3;
/// Pieces of evidence shown for one candidate.
const EVIDENCE: usize = 3;
/// What weighs less against a candidate is not worth a row, nats.
const AGAINST: f64 = -1.0;

/// The same for the terminal, where there is room for every reason.
pub(super) const DETAILED: Section = Section {
    blocks: detailed,
    ..SECTION
};

/// How much room there is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    Mail,
    Terminal,
}

fn blocks(page: &Page) -> Vec<Block> {
    in_room(page, Room::Mail)
}

fn detailed(page: &Page) -> Vec<Block> {
    in_room(page, Room::Terminal)
}

fn in_room(page: &Page, room: Room) -> Vec<Block> {
    if page.digest.checked.is_empty() && page.digest.findings.is_empty() {
        return Vec::new();
    }
    let findings = page.digest.findings.iter().enumerate();
    let mut blocks: Vec<Block> = findings
        .flat_map(|(place, finding)| of_finding(page, finding, place == 0, room))
        .collect();
    if blocks.is_empty() {
        blocks.push(Block::Text(page.rich(words::causes::NOTHING, &[])));
    }
    blocks.extend(places(page));
    blocks.extend(dispute(page).map(Block::Text));
    blocks.extend(matured(page).map(Block::Text));
    match room {
        Room::Mail => blocks.extend(outcomes::named(page)),
        Room::Terminal => blocks.extend(outcomes::checked(page)),
    }
    blocks
}

/// Candidates of a finding that a reader should see.
pub(in crate::digest) fn candidates(finding: &Finding) -> impl Iterator<Item = &RankedCause> {
    let is_shown = |(place, cause): &(usize, &RankedCause)| {
        *place == 0 || cause.probability >= LEAST_SHOWN_PROBABILITY
    };
    finding
        .causes
        .iter()
        .enumerate()
        .filter(is_shown)
        .map(|(_, cause)| cause)
        .take(CAUSES_SHOWN)
}

fn of_finding(page: &Page, finding: &Finding, is_first: bool, room: Room) -> Vec<Block> {
    let conversion = match finding.conversion {
        Conversion::First if page.is_without_traffic() => words::causes::FIRST_ALONE,
        Conversion::First => words::causes::FIRST,
        Conversion::Second => words::causes::SECOND,
    };
    let head = page.rich(conversion, &[]);
    // Where the key numbers have what is usual, a second one that counts the mix in would only be doubted.
    let is_told = page.digest.totals.usual.is_some() || inquiries_tested(page).is_some();
    let counts = finding
        .observed
        .zip(finding.expected)
        .filter(|_| !is_told)
        .map(|(observed, expected)| {
            let values = [
                ("observed", &*page.figures.events(observed)),
                ("expected", &page.figures.number(expected, 0)),
            ];
            page.rich(words::causes::COUNTS, &values)
        });
    let mut blocks = vec![Block::Text(counts.into_iter().fold(head, Rich::then))];
    for (place, cause) in candidates(finding).enumerate() {
        blocks.push(Block::Text(heading(page, place + 1, cause)));
        let depth = if place == 0 { Room::Terminal } else { room };
        let mut rows = answers(page, cause, depth);
        if room == Room::Terminal {
            // In the report the steps stand in the plan of checks, right below.
            let steps = if place == 0 { usize::MAX } else { 1 };
            rows.extend(playbook(page, cause, steps));
        }
        blocks.push(Block::Answers(rows));
        if place == 0 && is_first && room == Room::Mail {
            blocks.extend(super::cause_pictures::charts(page, finding, cause));
        }
    }
    blocks
}

fn heading(page: &Page, place: usize, cause: &RankedCause) -> Rich {
    let title = upper_first(&causes::title_of(page, cause));
    let values = [
        ("place", &*place.to_string()),
        ("title", &title),
        ("certainty", &causes::certainty(page, cause)),
    ];
    let head = page.rich(words::causes::HEADING, &values);
    let place = causes::scope(page, &cause.scope);
    let began = causes::began(page, cause.started_at);
    let when = causes::span(page, began, cause.ended_at);
    let details: Vec<String> = [place, when].into_iter().flatten().collect();
    if details.is_empty() {
        return head;
    }
    head.then(Rich::plain(upper_first(&details.join(", ")) + "."))
}

/// What is missing where the fault is said to be. The choice among many places may leave it too little weight to speak
/// for the cause alone, but it is no sign against it: the rest is about it.
fn weak_main(cause: &RankedCause) -> impl Iterator<Item = &Evidence> {
    cause
        .against
        .iter()
        .filter(|evidence| is_weak_main(evidence))
}

/// What speaks for a cause, what matters most first. Of other visitors their looks matter, and not that they bring a little
/// less.
pub(super) fn strongest(cause: &RankedCause) -> impl Iterator<Item = &Evidence> {
    let (before, after) = match cause.code {
        CauseCode::TrafficQuality => (None, Some(weak_main(cause))),
        _ => (Some(weak_main(cause)), None),
    };
    let before = before.into_iter().flatten().chain(&cause.evidence);
    before.chain(after.into_iter().flatten())
}

fn is_weak_main(evidence: &Evidence) -> bool {
    evidence.role == Role::Main && evidence.weight > AGAINST
}

/// What a candidate rests on; in the mail, those after the first are shorter.
fn answers(page: &Page, cause: &RankedCause, room: Room) -> Vec<Answer> {
    let most = if room == Room::Terminal { EVIDENCE } else { 1 };
    let evidence = strongest(cause)
        .filter(|fact| fact.weight != 0.0)
        .take(most)
        .map(|evidence| causes::sentence(page, evidence));
    let against = cause
        .against
        .iter()
        .find(|evidence| evidence.weight <= AGAINST && !is_weak_main(evidence))
        .map(|evidence| causes::sentence(page, evidence));
    // Facts of no weight: they stand beside what the probability is made of.
    let beside = cause.evidence.iter().filter(|fact| fact.weight == 0.0);
    let beside = beside.map(|fact| causes::sentence(page, fact));
    let rows = [
        (words::causes::label::FOR, evidence.reduce(Rich::then)),
        (words::causes::label::BESIDE, beside.reduce(Rich::then)),
        (words::causes::label::AGAINST, against),
        (
            causes::loss_label(cause),
            (room == Room::Terminal)
                .then(|| causes::loss_of(page, cause))
                .flatten(),
        ),
    ];
    let row = |(label, text): (Key, Option<Rich>)| {
        Some(Answer {
            label: page.text(label),
            text: text?,
        })
    };
    rows.into_iter().filter_map(row).collect()
}

/// The first steps of a playbook, a row each; only the first has a label.
fn playbook(page: &Page, cause: &RankedCause, steps: usize) -> impl Iterator<Item = Answer> {
    let label = page.text(words::causes::label::CHECK);
    let numbered = steps.min(cause.checks.len()) > 1;
    causes::checks(page, cause)
        .into_iter()
        .take(steps)
        .enumerate()
        .map(move |(place, check)| Answer {
            label: if place == 0 {
                label.clone()
            } else {
                String::new()
            },
            text: Rich::plain(if numbered {
                format!("{}. {check}", place + 1)
            } else {
                check
            }),
        })
}

/// The smallest places that explain a loss, when anything was found.
fn places(page: &Page) -> Option<Block> {
    // The place of a cause has its own number already, of all its inquiries and not of those tied to a visit alone.
    let causes = page.digest.findings.iter().flat_map(candidates);
    let told: Vec<&Scope> = causes.map(|cause| &cause.scope).collect();
    let segments = page.digest.segments.iter();
    let segments = segments
        .filter(|segment| !told.is_empty() && !told.contains(&&segment.scope))
        .take(CAUSES_SHOWN);
    let place = |segment: &LostSegment| {
        let place = causes::scope(page, &segment.scope).unwrap_or_default();
        let expected = page.figures.number(segment.expected, 0);
        let values = [
            ("place", &*place),
            (
                "observed",
                &page
                    .figures
                    .counted_whole(words::words::INQUIRIES, segment.observed.round()),
            ),
            ("expected", &expected),
        ];
        page.rich(words::causes::SEGMENT, &values)
    };
    let places = segments.map(place).reduce(Rich::then)?;
    Some(Block::Text(
        page.rich(words::causes::SEGMENTS, &[]).then(places),
    ))
}

/// Who is right: marketing or sales.
fn dispute(page: &Page) -> Option<Rich> {
    let Some(dispute) = &page.digest.dispute else {
        return undecided(page);
    };
    let key = match dispute.answer {
        DisputeAnswer::Leads => words::causes::dispute::LEADS,
        DisputeAnswer::Managers => words::causes::dispute::MANAGERS,
        DisputeAnswer::Both => words::causes::dispute::BOTH,
        DisputeAnswer::Undecided => words::causes::dispute::UNDECIDED,
    };
    let values = [
        ("leads", &*causes::probability(page, dispute.lead_quality)),
        ("managers", &causes::probability(page, dispute.managers)),
    ];
    let evidence = dispute
        .evidence
        .iter()
        .take(EVIDENCE)
        .map(|evidence| causes::sentence(page, evidence));
    Some(evidence.fold(page.rich(key, &values), Rich::then))
}

/// The dispute that a headline about the second conversion starts, also where nothing speaks for either side.
fn undecided(page: &Page) -> Option<Rich> {
    let verdict = &page.digest.verdict;
    let is_disputed = verdict.kind == VerdictKind::Drop && verdict.metric == Some(Metric::Conv2);
    let side = |code: CauseCode| {
        let mut checked = page.digest.checked.iter();
        let of_code = checked.find(|checked| checked.code == code);
        of_code.filter(|checked| checked.verdict != Outcome::NotAssessable)
    };
    let leads = side(CauseCode::LeadQuality).filter(|_| is_disputed)?;
    let managers = side(CauseCode::Managers)?;
    let values = [
        ("leads", &*causes::probability(page, leads.probability)),
        ("managers", &causes::probability(page, managers.probability)),
    ];
    Some(page.rich(words::causes::dispute::UNDECIDED, &values))
}

/// Earlier weeks that are clearly short of sales by now.
fn matured(page: &Page) -> Option<Rich> {
    let week = |week: &Matured| {
        let place = causes::scope(page, &week.scope)
            .unwrap_or_else(|| page.text(words::causes::MATURED_EVERYWHERE));
        let days = page.figures.days(week.from, week.to);
        let expected = page.figures.number(week.expected, 0);
        let values = [
            ("days", &*days),
            ("place", &place),
            ("observed", &page.figures.number(week.observed, 0)),
            ("expected", &expected),
        ];
        page.rich(words::causes::MATURED_WEEK, &values)
    };
    let weeks = page.digest.matured.iter().map(week).reduce(Rich::then)?;
    Some(page.rich(words::causes::MATURED, &[]).then(weeks))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;
    use crate::diagnosis::codes::Scope;
    use crate::diagnosis::finding::Checked;
    use crate::digest::Digest;
    use crate::digest::language::Strings;

    #[test]
    fn a_headline_about_the_second_conversion_brings_the_dispute() {
        let mut digest = Digest::sample(VerdictKind::Drop, Language::EN);
        let checked = |code, probability| Checked {
            code,
            verdict: Outcome::RuledOut,
            probability,
            scope: Scope::new(),
            reason: None,
        };
        digest.dispute = None;
        digest.checked = vec![
            checked(CauseCode::LeadQuality, 0.06),
            checked(CauseCode::Managers, 0.03),
        ];
        let said = |digest: &Digest| {
            let page = Page::of(digest, Strings::shipped(Language::EN));
            dispute(&page).map(|text| text.text())
        };
        assert_eq!(said(&digest), None);
        digest.verdict.metric = Some(Metric::Conv2);
        let text = said(&digest).expect("the dispute");
        assert!(text.contains("6%") && text.contains("3%"), "{text}");
    }
}
