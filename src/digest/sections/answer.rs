//! The answer: what changed, how sure that is, why, whether the data carry it, what to do first.

use super::broken;
use super::causes::strongest;
use super::cells::by_kind;
use super::headline::{beside, headline, lead, sentence_of};
use super::kpi::bases::inquiries_tested;
use super::lost_place;
use super::profit;
use super::section::{Section, no_subtitle};
use super::slow;
use super::{action, normal, outcomes};
use crate::config::words::{self, Key};
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::RankedCause;
use crate::digest::blocks::{Answer, Block, Headline};
use crate::digest::causes;
use crate::digest::document::Readers;
use crate::digest::doubts::{self, OnlyDoubt};
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::channel_titles;
use crate::digest::verdict::VerdictKind;
use crate::model::metric::Metric;
use crate::model::period::PeriodKind;

pub(super) const SECTION: Section = Section {
    code: "answer",
    title: None,
    subtitle: no_subtitle,
    blocks,
    readers: Readers::All,
};

fn blocks(page: &Page) -> Vec<Block> {
    let kicker = by_kind(
        page,
        [
            words::answer::kicker::WEEK,
            words::answer::kicker::MONTH,
            words::answer::kicker::QUARTER,
            words::answer::kicker::RANGE,
        ],
    );
    let headline = Headline {
        kicker: page.text(kicker),
        text: headline(page),
    };
    let action = action::notice(page).map(Block::Notice);
    let head = [Some(Block::Headline(headline)), action];
    let answers = answers(page);
    let answers = (!answers.is_empty()).then_some(Block::Answers(answers));
    head.into_iter().flatten().chain(answers).collect()
}

/// What stands below the headline, each when it has something to say.
fn answers(page: &Page) -> Vec<Answer> {
    let lead = lead(page);
    let is_said = matches!(
        page.digest.verdict.kind,
        VerdictKind::Incident | VerdictKind::NothingSignificant
    );
    // Of an incident the cause says how sure it is; its numbers are in the headline and in the table below.
    let changed = (!is_said).then(|| changed(page)).flatten();
    let certainty = lead.is_none().then(|| certainty(page)).flatten();
    // What a quiet week asks of its reader needs no label.
    let is_plain = !matches!(
        page.digest.verdict.kind,
        VerdictKind::Drop | VerdictKind::Rise
    );
    let (plain, certainty) = if is_plain {
        (certainty, None)
    } else {
        (None, certainty)
    };
    let said = plain.map(|text| Answer {
        label: String::new(),
        text,
    });
    let loss_label = lead.map_or(words::answer::label::PRICE, price_label);
    let rows = [
        (words::answer::label::CHANGED, changed),
        (
            loss_label,
            lead.and_then(|cause| causes::loss_of(page, cause))
                .or_else(|| broken::price(page))
                .map(Rich::lower_first),
        ),
        (
            words::answer::label::WHY,
            lead.and_then(|cause| why(page, cause)),
        ),
        (words::answer::label::BESIDE, found_too(page)),
        (
            words::answer::label::CERTAINTY,
            certainty.map(Rich::lower_first),
        ),
        (words::slow::LABEL, slow::lines(page)),
        (words::profit::LABEL, profit::line(page)),
        match outcomes::likeliest(page) {
            Some((label, text)) => (label, Some(text.lower_first())),
            None => (words::answer::label::NOT_EXCLUDED, None),
        },
        (
            words::answer::label::NEXT,
            action::in_words(page).map(Rich::lower_first),
        ),
    ];
    let normal = normal::line(page).map(|(label, text)| (label, Some(text)));
    let row = |(label, text): (Key, Option<Rich>)| {
        Some(Answer {
            label: page.text(label),
            text: text?,
        })
    };
    let rows = said
        .into_iter()
        .chain(rows.into_iter().chain(normal).filter_map(row));
    rows.collect()
}

fn price_label(cause: &RankedCause) -> Key {
    match cause.code {
        CauseCode::CrmHygiene => words::causes::label::NOT_ENTERED,
        _ => words::answer::label::PRICE,
    }
}

/// What was found beside what the headline is about: nothing that was found goes unsaid.
fn found_too(page: &Page) -> Option<Rich> {
    let cause = beside(page)?;
    let is_fit = page.digest.verdict.kind != VerdictKind::DataNotFit;
    let text = Rich::plain(sentence_of(page, cause) + ".");
    is_fit.then(|| text.lower_first())
}

/// Facts that the letter gives for its cause.
const FACTS: usize = 2;

/// Why we think so: the two strongest facts, and how probable it is.
fn why(page: &Page, cause: &RankedCause) -> Option<Rich> {
    let facts = strongest(cause).take(FACTS);
    let facts = facts.map(|evidence| causes::sentence(page, evidence));
    let facts = facts.reduce(Rich::then)?.lower_first();
    let facts = match of_whom(page, cause) {
        Some(whose) => Rich::plain(whose).then(facts),
        None => facts,
    };
    // That nothing explains a fall is no cause that could be more or less likely.
    if cause.code == CauseCode::Unknown {
        return Some(facts);
    }
    let probability = causes::probability(page, cause.probability);
    Some(facts.then(page.rich(words::answer::why::PROBABILITY, &[("p", &probability)])))
}

/// Whose deals the facts are about, where they do not say so themselves.
fn of_whom(page: &Page, cause: &RankedCause) -> Option<String> {
    let is_of_deals = cause.code == CauseCode::CrmHygiene;
    let place = causes::scope(page, &cause.scope).filter(|_| is_of_deals)?;
    Some(page.fill(words::answer::why::PLACE, &[("place", &place)]))
}

/// What changed, with the numbers on both sides.
pub(super) fn changed(page: &Page) -> Option<Rich> {
    let digest = page.digest;
    if let Some(found) = &digest.verdict.stage {
        return Some(broken::changed(page, found).lower_first());
    }
    let totals = &digest.totals;
    let (sessions, inquiries) = (totals.measures.sessions?, totals.measures.inquiries?);
    if digest.verdict.kind == VerdictKind::NoTraffic {
        return None;
    }
    let found = page.figures.counted(words::words::INQUIRIES, inquiries);
    let traffic = page
        .figures
        .counted_whole(words::words::SESSIONS_WITH, sessions as f64);
    if digest.verdict.kind == VerdictKind::DataNotFit {
        // Where only sales are in doubt, inquiries are all there.
        let key = match doubts::only_doubt(page) {
            Some(OnlyDoubt::Sales(_)) => words::answer::changed::COUNTS,
            Some(OnlyDoubt::Repeated) => words::answer::changed::REPEATED,
            Some(OnlyDoubt::Unreconciled) => words::answer::changed::UNRECONCILED,
            None => words::answer::changed::INCOMPLETE,
        };
        let said = page.rich(key, &[("inquiries", &found), ("sessions", &traffic)]);
        return Some(said.lower_first());
    }
    let usual = totals.usual.filter(|_| page.may_judge_rates());
    let counts = match &usual {
        Some(usual) => page.rich(
            words::answer::changed::AGAINST_USUAL,
            &[
                ("inquiries", &found),
                ("sessions", &traffic),
                ("expected", &page.figures.number(usual.inquiries.value, 0)),
                (
                    "range",
                    &page
                        .figures
                        .event_range(usual.inquiries.low, usual.inquiries.high),
                ),
            ],
        ),
        None => page.rich(
            words::answer::changed::COUNTS,
            &[("inquiries", &found), ("sessions", &traffic)],
        ),
    };
    let lost = digest.verdict.place.as_ref();
    let lost = lost.map(|place| lost_place::changed(page, place));
    Some(
        [lost, conv1(page), cohort(page), named(page)]
            .into_iter()
            .flatten()
            .fold(counts, Rich::then),
    )
}

fn conv1(page: &Page) -> Option<Rich> {
    let totals = &page.digest.totals;
    let rate = page.figures.percent(totals.conv1.value?, 2);
    Some(match &totals.usual.filter(|_| page.may_judge_rates()) {
        Some(usual) => {
            let range = page
                .figures
                .percent_range(usual.conv1.low, usual.conv1.high, 2);
            page.rich(
                words::answer::changed::CONV1_USUAL,
                &[("conv1", &rate), ("range", &range)],
            )
        }
        None => page.rich(words::answer::changed::CONV1, &[("conv1", &rate)]),
    })
}

/// The mature second conversion, when the headline is about it.
fn cohort(page: &Page) -> Option<Rich> {
    let cohort = page
        .digest
        .mature_cohort
        .as_ref()
        .filter(|_| page.digest.verdict.metric == Some(Metric::Conv2))?;
    let (value, k, n) = (cohort.rate.value?, cohort.rate.k?, cohort.rate.n?);
    let period = page.figures.of_period(&cohort.period);
    let counts = super::cells::of(page, k, n);
    let rate = page.figures.percent(value, 1);
    let days = f64::from(cohort.window_days);
    let days = page.figures.counted_whole(words::words::DAYS, days);
    let values = [
        ("period", &*period),
        ("conv2", &rate),
        ("counts", &counts),
        ("days", &days),
    ];
    Some(page.rich(words::answer::changed::COHORT, &values))
}

/// Which channels moved beyond noise, where that is theirs.
pub(super) fn named(page: &Page) -> Option<Rich> {
    if !page.may_judge_channels() {
        return None;
    }
    let verdict = &page.digest.verdict;
    let worse = (!verdict.worse.is_empty()).then(|| {
        page.rich(
            words::answer::changed::WORSE,
            &[("channels", &channel_titles(page, &verdict.worse))],
        )
    });
    let better = (!verdict.better.is_empty()).then(|| {
        page.rich(
            words::answer::changed::BETTER,
            &[("channels", &channel_titles(page, &verdict.better))],
        )
    });
    [worse, better].into_iter().flatten().reduce(Rich::then)
}

/// How sure that is.
pub(super) fn certainty(page: &Page) -> Option<Rich> {
    let digest = page.digest;
    let usual = digest.totals.usual.as_ref();
    match digest.verdict.kind {
        VerdictKind::Drop | VerdictKind::Rise => Some(certainty_of_change(page)),
        // How sure it is stands with the cause, and what is normal in the table.
        VerdictKind::Incident => None,
        VerdictKind::NothingSignificant => {
            let noise = page.rich(quiet(page), &[]);
            let Some(detectable) = usual.and_then(|usual| usual.detectable) else {
                return Some(noise);
            };
            let smallest = page.figures.percent(detectable, 0);
            Some(noise.then(page.rich(words::answer::certainty::DETECTABLE, &[("by", &smallest)])))
        }
        VerdictKind::DataNotFit => {
            let key = match doubts::only_doubt(page) {
                Some(OnlyDoubt::Repeated) => words::answer::certainty::REPEATED,
                Some(OnlyDoubt::Unreconciled) => words::answer::certainty::UNRECONCILED,
                Some(OnlyDoubt::Sales(_)) | None => words::answer::certainty::NOT_FIT,
            };
            Some(page.rich(key, &[]))
        }
        VerdictKind::FirstPeriod => Some(page.rich(words::answer::certainty::FIRST, &[])),
        VerdictKind::NoTraffic => Some(page.rich(words::answer::certainty::NO_TRAFFIC, &[])),
        VerdictKind::AllTooSmall => Some(match digest.totals.conv1.needed {
            Some(needed) => page.rich(
                words::answer::certainty::TOO_SMALL_NEEDED,
                &[(
                    "n",
                    &page
                        .figures
                        .counted_whole(words::words::SESSIONS_OF, needed as f64),
                )],
            ),
            None => page.rich(words::answer::certainty::TOO_SMALL, &[]),
        }),
    }
}

/// Whether it is known what number of inquiries is usual, given the visits or, where nobody tells of visits, by itself.
pub(super) fn is_usual_known(page: &Page) -> bool {
    page.digest.totals.usual.is_some() || inquiries_tested(page).is_some()
}

/// What a week asks of its reader in which nothing was found; less is promised the more is suspected.
fn quiet(page: &Page) -> Key {
    use words::answer::certainty as said;
    let suspect = outcomes::likeliest_of(page).map_or(0.0, |checked| checked.probability);
    match suspect {
        _ if !is_usual_known(page) => said::FIRST,
        p if p > outcomes::MORE_LIKELY_THAN_NOT => said::SUSPECTED,
        p if p > 0.0 || page.has_data_faults() => said::NOTHING_CLEAR,
        _ => said::NOISE,
    }
}

/// Below this the word for a change is "high certainty".
const HIGH_CERTAINTY: f64 = 0.01;

fn certainty_of_change(page: &Page) -> Rich {
    let verdict = &page.digest.verdict;
    let moved = verdict.worse.len() + verdict.better.len();
    // A stage that broke in no channel alone has no others.
    let is_everywhere = verdict.stage.is_some() && verdict.channel.is_none();
    let are_others_quiet = (1..page.digest.channels.len()).contains(&moved) && !is_everywhere;
    let others = are_others_quiet.then(|| page.rich(words::answer::certainty::OTHERS, &[]));
    let lead = match verdict.p_value.map(|p| among_channels(page, p)) {
        Some(p) => {
            let (shown, key) = chance(page, p);
            let word = if p < HIGH_CERTAINTY {
                words::answer::certainty::HIGH
            } else {
                words::answer::certainty::FAIR
            };
            page.rich(word, &[]).then(page.rich(key, &[("n", &shown)]))
        }
        None => page.rich(words::answer::certainty::BEYOND_NOISE, &[]),
    };
    others.into_iter().fold(lead, Rich::then)
}

/// The chance that any of the channels would show it: which of them did was not chosen beforehand. Šidák's bound.
fn among_channels(page: &Page, p: f64) -> f64 {
    let channels = page.digest.channels.iter();
    let looked_at = channels.filter(|row| row.usual.is_some()).count().max(1);
    match page.digest.verdict.channel {
        Some(_) => 1.0 - (1.0 - p).powf(looked_at as f64),
        None => p,
    }
}

/// How often chance alone would do it; what is rarer than can be told is only said to be rare.
fn chance(page: &Page, p: f64) -> (String, Key) {
    const SMALLEST_TOLD_CHANCE: f64 = 0.0001;
    let noun = match page.digest.period.kind {
        PeriodKind::Week => words::words::WEEKS_IN,
        PeriodKind::Month | PeriodKind::MonthToDate => words::words::MONTHS_IN,
        PeriodKind::Quarter => words::words::QUARTERS_IN,
        PeriodKind::Range | PeriodKind::CutWeek | PeriodKind::Day | PeriodKind::Year => {
            words::words::PERIODS_IN
        }
    };
    let once_in = two_digits(1.0 / p.max(SMALLEST_TOLD_CHANCE));
    let key = match p < SMALLEST_TOLD_CHANCE {
        true => words::answer::certainty::CHANCE_BELOW,
        false => words::answer::certainty::CHANCE,
    };
    (page.figures.counted_whole(noun, once_in), key)
}

/// A frequency is not known better.
fn two_digits(value: f64) -> f64 {
    let unit = 10f64.powf(value.max(1.0).log10().floor() - 1.0).max(1.0);
    (value / unit).round() * unit
}
