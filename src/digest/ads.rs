//! Campaigns, phrases and what stands out among them, in words.

use super::causes::free_text;
use super::language::Rich;
use super::page::Page;
use super::phrases::channel_title;
use crate::config::words::{self, Key};
use crate::metrics::ads::{AdFinding, AdKey, AdLevel, AdSpan};
use crate::model::period::{Period, PeriodKind};

/// Letters of a name of a campaign or a phrase.
const NAME_LENGTH: usize = 48;

/// The days of some periods: «7 сентября – 25 октября». Days and parts of months do not follow each other.
pub(super) fn days(page: &Page, span: AdSpan) -> String {
    let days = page.figures.period(&Period::range(span.from, span.to));
    let part = match page.digest.period.kind {
        _ if span.periods < 2 => return days,
        PeriodKind::Day => words::ads::of::WEEKDAYS,
        PeriodKind::MonthToDate => words::ads::of::PARTS,
        PeriodKind::Week
        | PeriodKind::CutWeek
        | PeriodKind::Month
        | PeriodKind::Quarter
        | PeriodKind::Year
        | PeriodKind::Range => return days,
    };
    page.fill(part, &[("days", &days)])
}

/// The channel of a row.
pub(super) fn channel(page: &Page, key: &AdKey) -> String {
    channel_title(page, &key.channel)
}

/// The campaign of a row; what has none has a word.
pub(super) fn campaign(page: &Page, key: &AdKey) -> String {
    match key.campaign.as_deref() {
        Some("") | None => page.text(words::ads::none::CAMPAIGN),
        Some(name) => free_text(page, name, NAME_LENGTH),
    }
}

/// The name of a row inside its campaign; what has none has a word.
pub(super) fn name(page: &Page, key: &AdKey) -> String {
    match key.name.as_deref() {
        Some("") | None => page.text(none(key.level)),
        Some(name) => free_text(page, name, NAME_LENGTH),
    }
}

fn none(level: AdLevel) -> Key {
    match level {
        AdLevel::Campaign => words::ads::none::CAMPAIGN,
        AdLevel::Group => words::ads::none::GROUP,
        AdLevel::Phrase => words::ads::none::PHRASE,
        AdLevel::Ad => words::ads::none::AD,
        AdLevel::Page => words::ads::none::PAGE,
    }
}

/// A row in a sentence: «фраза «окна дёшево» (кампания okna)».
pub(super) fn place(page: &Page, key: &AdKey) -> String {
    let place = match key.level {
        AdLevel::Campaign => words::ads::place::CAMPAIGN,
        AdLevel::Group => words::ads::place::GROUP,
        AdLevel::Phrase => words::ads::place::PHRASE,
        AdLevel::Ad => words::ads::place::AD,
        AdLevel::Page => words::ads::place::PAGE,
    };
    let (campaign, name) = (campaign(page, key), name(page, key));
    page.fill(place, &[("campaign", &campaign), ("name", &name)])
}

/// Money that goes for nothing, and what to do.
pub(super) fn never_sells(page: &Page, finding: &AdFinding) -> Rich {
    let matured = page.digest.ads.matured;
    let days = matured
        .map(|matured| days(page, matured))
        .unwrap_or_default();
    let spend = finding.spend.map(|spend| page.figures.money(spend, 0));
    page.rich(
        words::ads::NEVER_SELLS,
        &[
            ("place", &place(page, &finding.key)),
            ("days", &days),
            ("spend", &spend.unwrap_or_default()),
            (
                "inquiries",
                &page.figures.counted(words::words::INQUIRIES, finding.of),
            ),
            ("expected", &page.figures.number(finding.expected, 0)),
        ],
    )
}

/// What brought fewer inquiries than usual.
pub(super) fn fell(page: &Page, finding: &AdFinding) -> Rich {
    page.rich(
        words::ads::FELL,
        &[
            ("place", &place(page, &finding.key)),
            (
                "inquiries",
                &page
                    .figures
                    .counted(words::words::INQUIRIES, finding.observed),
            ),
            (
                "sessions",
                &page
                    .figures
                    .counted_whole(words::words::SESSIONS_WITH, finding.of),
            ),
            ("expected", &page.figures.number(finding.expected, 0)),
        ],
    )
}

/// What sells more for its money than the rest of its channel.
pub(super) fn deserves_more(page: &Page, finding: &AdFinding) -> Rich {
    let spend = finding.spend.map(|spend| page.figures.money(spend, 0));
    page.rich(
        words::ads::DESERVES_MORE,
        &[
            ("place", &place(page, &finding.key)),
            (
                "sales",
                &page.figures.counted(words::words::SALES, finding.observed),
            ),
            ("spend", &spend.unwrap_or_default()),
            ("expected", &page.figures.number(finding.expected, 0)),
        ],
    )
}
