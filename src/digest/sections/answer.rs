//! The answer: what changed, how sure that is, why, whether the data carry it, what to do first.

use super::cells::by_kind;
use super::{Section, no_subtitle};
use crate::diagnosis::finding::{Certainty, RankedCause};
use crate::digest::blocks::{Answer, Block, Headline};
use crate::digest::causes;
use crate::digest::document::Page;
use crate::digest::language::Rich;
use crate::digest::verdict::{Base, Metric, VerdictKind};
use crate::model::change::Change;
use crate::model::channel::ChannelId;

pub(super) const SECTION: Section =
    Section { code: "answer", title: None, subtitle: no_subtitle, blocks, is_in_mail: true };

fn blocks(page: &Page) -> Vec<Block> {
    let kicker =
        by_kind(page, ["answer.kicker.week", "answer.kicker.month", "answer.kicker.quarter", "answer.kicker.range"]);
    let headline = Headline { kicker: page.text(kicker), text: headline(page) };
    let rows = [
        ("answer.label.changed", changed(page)),
        ("answer.label.certainty", certainty(page)),
        ("answer.label.why", why(page)),
        ("answer.label.data", data(page)),
        ("answer.label.next", next_step(page)),
    ];
    let answers =
        rows.into_iter().filter_map(|(label, text)| Some(Answer { label: page.text(label), text: text? })).collect();
    vec![Block::Headline(headline), Block::Answers(answers)]
}

/// Characters of a headline that names a cause.
const HEADLINE_LENGTH: usize = 110;
/// A place cut to fewer characters says nothing.
const SHORTEST_PLACE: usize = 16;

/// The sentence above everything.
fn headline(page: &Page) -> String {
    let inquiries = inquiries(page, "words.inquiries");
    match page.digest.verdict.kind {
        VerdictKind::Drop => with_cause(page),
        VerdictKind::Rise => moved(page),
        VerdictKind::Incident => match lead(page) {
            Some(cause) => in_room(page, cause, |fault| page.fill(incident(cause.certainty), &[("cause", fault)])),
            None => page.text("headline.conv1_fell_unsized"),
        },
        VerdictKind::NothingSignificant => match page.digest.totals.conv1.value {
            Some(rate) => {
                let rate = page.figures.percent(rate, 2);
                page.fill("headline.nothing", &[("inquiries", &inquiries), ("conv1", &rate)])
            }
            None => page.fill("headline.nothing_rateless", &[("inquiries", &inquiries)]),
        },
        VerdictKind::DataNotFit => page.fill("headline.not_fit", &[("sources", &sources(page))]),
        VerdictKind::FirstPeriod => page.fill("headline.first", &[("inquiries", &inquiries)]),
        VerdictKind::NoTraffic => page.text("headline.no_traffic"),
        VerdictKind::AllTooSmall => page.fill("headline.too_small", &[("inquiries", &inquiries)]),
    }
}

/// The sentence for totals that look usual, hedged as the cause's probability demands.
fn incident(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Likely => "headline.incident_likely",
        Certainty::Probable => "headline.incident_probable",
        Certainty::Candidate => "headline.incident_candidate",
    }
}

/// The cause that the headline names.
fn lead<'a>(page: &Page<'a>) -> Option<&'a RankedCause> {
    let code = page.digest.verdict.cause?;
    page.digest.findings.iter().flat_map(|finding| &finding.causes).find(|cause| cause.code == code)
}

/// A cause with its place: «не работает форма (страница /ceny)».
fn fault(page: &Page, cause: &RankedCause) -> String {
    let title = causes::title(page, cause.code);
    match causes::scope(page, &cause.scope) {
        Some(scope) => page.fill("headline.fault_in", &[("title", &title), ("scope", &shorten(&scope, 60))]),
        None => title,
    }
}

/// A sentence about a fault with as much of its place as a headline has room for.
fn in_room(page: &Page, cause: &RankedCause, sentence: impl Fn(&str) -> String) -> String {
    let title = causes::title(page, cause.code);
    let whole = sentence(&fault(page, cause));
    if whole.chars().count() <= HEADLINE_LENGTH {
        return whole;
    }
    let of = |scope: &str| sentence(&page.fill("headline.fault_in", &[("title", &title), ("scope", scope)]));
    let room = HEADLINE_LENGTH.saturating_sub(of("").chars().count());
    match causes::first_place(page, &cause.scope) {
        Some(place) if room >= SHORTEST_PLACE => of(&shorten(&place, room)),
        _ => sentence(&title),
    }
}

/// A drop with its cause, hedged as its probability demands.
fn with_cause(page: &Page) -> String {
    let Some(cause) = lead(page) else { return moved(page) };
    // What the traffic has to do with it stands below: with a cause, the headline is short of room.
    let sentence = match is_against_usual(page) {
        true => short_drop(page),
        false => moved(page),
    };
    let key = match cause.certainty {
        Certainty::Likely => "headline.likely",
        Certainty::Probable => "headline.probable",
        Certainty::Candidate => "headline.candidate",
    };
    in_room(page, cause, |fault| page.fill(key, &[("sentence", &sentence), ("cause", fault)]))
}

/// Whether the headline is about inquiries against what this traffic usually brings.
fn is_against_usual(page: &Page) -> bool {
    let verdict = &page.digest.verdict;
    verdict.metric == Some(Metric::Conv1) && verdict.base == Some(Base::Usual)
}

fn short_drop(page: &Page) -> String {
    let verdict = &page.digest.verdict;
    match verdict.change.as_ref().and_then(|change| size(page, change)) {
        Some(by) => in_channel(page, page.fill("headline.fewer", &[("by", &by)])),
        None => moved(page),
    }
}

/// A sentence about one channel, or about all of them.
fn in_channel(page: &Page, sentence: String) -> String {
    match &page.digest.verdict.channel {
        Some(id) => {
            let values = [("channel", &*title(page, id)), ("sentence", &lower_first(&sentence))];
            page.fill("headline.in_channel", &values)
        }
        None => sentence,
    }
}

/// Why: the first cause with its probability, its beginning and its price.
fn why(page: &Page) -> Option<Rich> {
    let cause = lead(page)?;
    let values = [("cause", &*upper_first(&fault(page, cause))), ("certainty", &causes::certainty(page, cause))];
    let head = page.rich("answer.why.cause", &values);
    let when = causes::span(page, cause.started_at, cause.ended_at);
    let when = when.map(|when| Rich::plain(upper_first(&when) + "."));
    let loss =
        causes::loss(page, &cause.explains).map(|loss| page.rich("answer.why.loss", &[]).then(loss.lower_first()));
    Some([when, loss].into_iter().flatten().fold(head, Rich::then))
}

/// A drop or a rise as a sentence: what moved, by how much, against what.
fn moved(page: &Page) -> String {
    let verdict = &page.digest.verdict;
    let falls = verdict.kind == VerdictKind::Drop;
    let by = verdict.change.as_ref().and_then(|change| size(page, change));
    let key = match (verdict.metric, verdict.base, falls) {
        (Some(Metric::Conv1), Some(Base::Usual), true) => "headline.fewer_than_usual",
        (Some(Metric::Conv1), Some(Base::Usual), false) => "headline.more_than_usual",
        (Some(Metric::Conv2), _, true) => "headline.conv2_fell",
        (Some(Metric::Conv2), _, false) => "headline.conv2_rose",
        (Some(Metric::Inquiries), _, true) => "headline.fewer_inquiries",
        (Some(Metric::Inquiries), _, false) => "headline.more_inquiries",
        (Some(Metric::Sessions), _, true) => "headline.fewer_sessions",
        (Some(Metric::Sessions), _, false) => "headline.more_sessions",
        (_, _, true) => "headline.conv1_fell",
        (_, _, false) => "headline.conv1_rose",
    };
    let sentence = match by {
        Some(by) => page.fill(key, &[("by", &by), ("than", &than(page))]),
        None => page.text(if falls { "headline.conv1_fell_unsized" } else { "headline.conv1_rose_unsized" }),
    };
    in_channel(page, sentence)
}

/// The size of a change without its sign: the sentence says the direction.
fn size(page: &Page, change: &Change) -> Option<String> {
    match *change {
        Change::Percent { value, .. } => {
            let decimals = usize::from(value.abs() < 2.0);
            Some(page.figures.percent(value.abs() / 100.0, decimals))
        }
        Change::Points { value, .. } => {
            let decimals = if value.abs() < 2.0 { 2 } else { 1 };
            Some(page.figures.number(value.abs(), decimals) + &page.strings.numbers.points)
        }
        Change::New | Change::Gone | Change::TooFew | Change::Immature | Change::NoBase => None,
    }
}

/// "than a week earlier".
fn than(page: &Page) -> String {
    page.text(by_kind(page, ["than.week", "than.month", "than.quarter", "than.range"]))
}

/// What changed, with the numbers on both sides.
pub(super) fn changed(page: &Page) -> Option<Rich> {
    let digest = page.digest;
    let totals = &digest.totals;
    let (sessions, inquiries) = (totals.measures.sessions?, totals.measures.inquiries?);
    if digest.verdict.kind == VerdictKind::NoTraffic {
        return None;
    }
    let found = page.figures.counted("words.inquiries", inquiries);
    let traffic = page.figures.counted_whole("words.sessions_with", sessions as f64);
    if digest.verdict.kind == VerdictKind::DataNotFit {
        return Some(page.rich("answer.changed.incomplete", &[("inquiries", &found), ("sessions", &traffic)]));
    }
    let counts = match &totals.usual {
        Some(usual) => page.rich(
            "answer.changed.against_usual",
            &[
                ("inquiries", &found),
                ("sessions", &traffic),
                ("expected", &page.figures.number(usual.inquiries.value, 0)),
                ("range", &page.figures.event_range(usual.inquiries.low, usual.inquiries.high)),
            ],
        ),
        None => page.rich("answer.changed.counts", &[("inquiries", &found), ("sessions", &traffic)]),
    };
    Some([conv1(page), cohort(page), named(page)].into_iter().flatten().fold(counts, Rich::then))
}

fn conv1(page: &Page) -> Option<Rich> {
    let totals = &page.digest.totals;
    let rate = page.figures.percent(totals.conv1.value?, 2);
    Some(match &totals.usual {
        Some(usual) => {
            let range = page.figures.percent_range(usual.conv1.low, usual.conv1.high, 2);
            page.rich("answer.changed.conv1_usual", &[("conv1", &rate), ("range", &range)])
        }
        None => page.rich("answer.changed.conv1", &[("conv1", &rate)]),
    })
}

/// The mature second conversion, when the headline is about it.
fn cohort(page: &Page) -> Option<Rich> {
    let cohort = page.digest.mature_cohort.as_ref().filter(|_| page.digest.verdict.metric == Some(Metric::Conv2))?;
    let (value, k, n) = (cohort.rate.value?, cohort.rate.k?, cohort.rate.n?);
    let period = page.figures.short_period(&cohort.period);
    let counts = super::cells::of(page, k, n);
    let rate = page.figures.percent(value, 1);
    Some(page.rich("answer.changed.cohort", &[("period", &period), ("conv2", &rate), ("counts", &counts)]))
}

/// Which channels moved beyond noise.
fn named(page: &Page) -> Option<Rich> {
    let verdict = &page.digest.verdict;
    let worse = (!verdict.worse.is_empty())
        .then(|| page.rich("answer.changed.worse", &[("channels", &titles(page, &verdict.worse))]));
    let better = (!verdict.better.is_empty())
        .then(|| page.rich("answer.changed.better", &[("channels", &titles(page, &verdict.better))]));
    [worse, better].into_iter().flatten().reduce(Rich::then)
}

/// How sure that is.
pub(super) fn certainty(page: &Page) -> Option<Rich> {
    let digest = page.digest;
    let usual = digest.totals.usual.as_ref();
    match digest.verdict.kind {
        VerdictKind::Drop | VerdictKind::Rise => Some(certainty_of_change(page)),
        VerdictKind::Incident => Some(page.rich("answer.certainty.incident", &[])),
        VerdictKind::NothingSignificant => {
            let noise = page.rich("answer.certainty.noise", &[]);
            let Some(detectable) = usual.and_then(|usual| usual.detectable) else { return Some(noise) };
            let smallest = page.figures.percent(detectable, 0);
            Some(noise.then(page.rich("answer.certainty.detectable", &[("by", &smallest)])))
        }
        VerdictKind::DataNotFit => Some(page.rich("answer.certainty.not_fit", &[])),
        VerdictKind::FirstPeriod => Some(page.rich("answer.certainty.first", &[])),
        VerdictKind::NoTraffic => Some(page.rich("answer.certainty.no_traffic", &[])),
        VerdictKind::AllTooSmall => Some(match digest.totals.conv1.needed {
            Some(needed) => page.rich(
                "answer.certainty.too_small_needed",
                &[("n", &page.figures.counted_whole("words.sessions_of", needed as f64))],
            ),
            None => page.rich("answer.certainty.too_small", &[]),
        }),
    }
}

/// Below this the word for a change is "high certainty".
const HIGH_CERTAINTY: f64 = 0.01;

fn certainty_of_change(page: &Page) -> Rich {
    let verdict = &page.digest.verdict;
    let moved = verdict.worse.len() + verdict.better.len();
    let are_others_quiet = (1..page.digest.channels.len()).contains(&moved);
    let others = are_others_quiet.then(|| page.rich("answer.certainty.others", &[]));
    let lead = match verdict.p_value {
        Some(p) => {
            let (shown, key) = chance(page, p);
            let word = if p < HIGH_CERTAINTY { "answer.certainty.high" } else { "answer.certainty.fair" };
            page.rich(word, &[]).then(page.rich(key, &[("p", &shown)]))
        }
        None => page.rich("answer.certainty.beyond_noise", &[]),
    };
    others.into_iter().fold(lead, Rich::then)
}

/// A probability as a percentage; very small ones as "below".
fn chance(page: &Page, p: f64) -> (String, &'static str) {
    const SMALLEST: f64 = 0.0001;
    if p < SMALLEST {
        return (page.figures.percent(SMALLEST, 2), "answer.certainty.chance_below");
    }
    let decimals = if p < 0.001 { 2 } else { 1 };
    (page.figures.percent(p, decimals), "answer.certainty.chance")
}

/// Whether the data carry the answer.
fn data(page: &Page) -> Option<Rich> {
    let health = &page.digest.health;
    if health.total == 0 {
        return None;
    }
    let whole = page.figures.counted_whole("words.sources", health.total as f64);
    let state = if health.is_whole() {
        page.rich("answer.data.whole", &[("sources", &whole)])
    } else {
        let complete = page.figures.count(health.complete);
        page.rich("answer.data.partly", &[("complete", &complete), ("total", &page.figures.count(health.total))])
    };
    let Some(known) = page.digest.match_rate.value else { return Some(state) };
    Some(state.then(page.rich("answer.data.match", &[("share", &page.figures.percent(known, 0))])))
}

/// What to do first: the first check of the cause, else what follows from the state of the data.
fn next_step(page: &Page) -> Option<Rich> {
    let digest = page.digest;
    if let Some(check) = lead(page).and_then(|cause| causes::checks(page, cause).into_iter().next()) {
        return Some(Rich::plain(check));
    }
    match digest.verdict.kind {
        VerdictKind::DataNotFit => {
            let values = [("sources", &*sources(page)), ("label", &*digest.period.label)];
            Some(page.rich("answer.next.wait", &values))
        }
        VerdictKind::NoTraffic => Some(page.rich("answer.next.check_counter", &[])),
        VerdictKind::Drop
        | VerdictKind::Rise
        | VerdictKind::Incident
        | VerdictKind::NothingSignificant
        | VerdictKind::FirstPeriod
        | VerdictKind::AllTooSmall => (!digest.health.is_whole()).then(|| page.rich("answer.next.see_health", &[])),
    }
}

/// Names of the sources that are not fit: at most two, then how many more.
pub(super) fn sources(page: &Page) -> String {
    let names = &page.digest.verdict.sources;
    if names.is_empty() {
        return page.text("answer.sources_unknown");
    }
    list(page, names.iter().map(String::as_str).collect(), 2)
}

fn titles(page: &Page, ids: &[ChannelId]) -> String {
    let names: Vec<String> = ids.iter().map(|id| title(page, id)).collect();
    list(page, names.iter().map(String::as_str).collect(), 3)
}

pub(super) fn title(page: &Page, id: &ChannelId) -> String {
    page.digest.channel(id).map_or_else(|| id.to_string(), |row| row.title.clone())
}

fn list(page: &Page, names: Vec<&str>, most: usize) -> String {
    let shown: Vec<String> = names.iter().take(most).map(|name| shorten(name, 40)).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(most) {
        0 => shown,
        more => page.fill("answer.and_more", &[("names", &shown), ("n", &more.to_string())]),
    }
}

pub(super) fn inquiries(page: &Page, key: &str) -> String {
    page.digest.totals.measures.inquiries.map_or_else(|| page.text("absent.no_data"), |n| page.figures.counted(key, n))
}

/// Text cut to so many characters, with an ellipsis.
pub(in crate::digest) fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).collect::<String>().trim_end().to_owned() + "…"
}

pub(super) fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

pub(super) fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
