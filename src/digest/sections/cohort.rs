//! This period's own inquiries on their way to sales: so far, how mature, what to expect. Never compared raw.

use super::cells;
use super::section::Section;
use crate::config::words;
use crate::digest::blocks::{Answer, Block};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;

pub(super) const SECTION: Section = Section {
    code: "cohort",
    title: Some(|page| page.text(words::cohort::TITLE)),
    subtitle,
    blocks,
    readers: Readers::Report,
};

fn subtitle(page: &Page) -> Option<Rich> {
    let period = page.figures.of_period(&page.digest.period);
    Some(page.rich(words::cohort::SUBTITLE, &[("period", &period)]))
}

fn blocks(page: &Page) -> Vec<Block> {
    if page.digest.totals.conv2.rate.n.is_none_or(|n| n <= 0.0) || is_mature(page) {
        return Vec::new();
    }
    let rows = [
        (words::cohort::label::SO_FAR, so_far(page)),
        (words::cohort::label::MATURITY, maturity(page)),
        (words::cohort::label::BY_NOW, by_now(page)),
        (words::cohort::label::FINAL, expected_final(page)),
    ];
    let answers: Vec<Answer> = rows
        .into_iter()
        .filter_map(|(label, text)| {
            Some(Answer {
                label: page.text(label),
                text: text?,
            })
        })
        .collect();
    if answers.is_empty() {
        Vec::new()
    } else {
        vec![Block::Answers(answers)]
    }
}

/// From this share of the future sales on, the rest is not worth waiting for. A judgement.
const MATURE: f64 = 0.995;

/// Whether the period's sales are in: its second conversion is known and stands in the funnel.
fn is_mature(page: &Page) -> bool {
    let maturity = page.digest.totals.conv2.maturity;
    maturity.is_some_and(|share| share >= MATURE)
}

fn so_far(page: &Page) -> Option<Rich> {
    let conv2 = &page.digest.totals.conv2;
    let (k, n) = (conv2.rate.k?, conv2.rate.n?);
    let sales = page.figures.counted(words::words::SALES, k);
    let inquiries = page.figures.number(n, 0);
    let inquiries = page
        .strings
        .plural(words::words::INQUIRIES_OF, n, 0, &inquiries);
    let counts = page.rich(
        words::cohort::SO_FAR,
        &[("sales", &sales), ("inquiries", &inquiries)],
    );
    let amount = page
        .digest
        .totals
        .measures
        .revenue
        .filter(|amount| amount.0 != 0);
    let Some(amount) = amount else {
        return Some(counts);
    };
    Some(counts.then(page.rich(
        words::cohort::AMOUNT,
        &[("amount", &page.figures.money(amount, 0))],
    )))
}

fn maturity(page: &Page) -> Option<Rich> {
    let share = page.figures.percent(page.digest.totals.conv2.maturity?, 0);
    Some(page.rich(words::cohort::MATURITY, &[("share", &share)]))
}

fn by_now(page: &Page) -> Option<Rich> {
    let expected = page.digest.totals.conv2.expected_by_now?;
    // Nobody sells a fraction.
    let sales = page
        .figures
        .counted_whole(words::words::SALES_OF, expected.round());
    Some(page.rich(words::cohort::BY_NOW, &[("sales", &sales)]))
}

fn expected_final(page: &Page) -> Option<Rich> {
    let conv2 = &page.digest.totals.conv2;
    if let Some(last) = conv2.expected_final {
        let range = page.figures.percent_range(last.low, last.high, 0);
        let rate = page.figures.percent(last.value, 0);
        return Some(page.rich(words::cohort::FINAL, &[("rate", &rate), ("range", &range)]));
    }
    let short = cells::needed(page, &conv2.rate, words::words::INQUIRIES_OF)?;
    Some(page.rich(words::cohort::TOO_FEW, &[("needed", &short)]))
}
