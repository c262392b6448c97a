//! What a cause cost, in words.

use crate::config::words::{self, Key, Noun};
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::finding::{Loss, RankedCause};
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::values::Estimate;

/// What a loss is called: sales that nobody has typed in yet are not lost.
pub fn loss_label(cause: &RankedCause) -> Key {
    match cause.code {
        CauseCode::CrmHygiene => words::causes::label::NOT_ENTERED,
        _ => words::causes::label::LOSS,
    }
}

/// What a cause cost, where that is worth a word: not what the calendar takes, and nothing that may be nothing.
pub fn loss_of(page: &Page, cause: &RankedCause) -> Option<Rich> {
    let smallest = page.digest.definitions.smallest_loss;
    let inquiries = cause.explains.inquiries;
    let is_small = inquiries.is_some_and(|lost| lost.value < smallest || lost.low <= 0.0);
    let may_be_none = cause.explains.sales.is_some_and(|lost| lost.low <= 0.0);
    let is_worth_it = match inquiries {
        Some(_) => !is_small,
        None => !may_be_none,
    };
    let is_calendar = cause.code == CauseCode::Seasonality;
    loss(page, &cause.explains).filter(|_| is_worth_it && !is_calendar)
}

/// Lost inquiries, where they are worth a word and surely some.
pub fn lost_inquiries(page: &Page, lost: Estimate) -> Option<Rich> {
    let is_worth_it = lost.value >= page.digest.definitions.smallest_loss && lost.low > 0.0;
    let only = Loss {
        inquiries: Some(lost),
        ..Loss::default()
    };
    loss(page, &only).filter(|_| is_worth_it)
}

/// What it cost: «около 12 обращений (8–16), это около 3 продаж и 180 000 ₽».
fn loss(page: &Page, loss: &Loss) -> Option<Rich> {
    let is_worth = |estimate: &Estimate| estimate.value >= 0.5;
    let counted = |estimate: Estimate, noun: Noun| {
        let shown = page.figures.number(estimate.value, 0);
        let counted = page.strings.plural(noun, estimate.value.round(), 0, &shown);
        let range = page
            .figures
            .event_range(estimate.low.max(0.0), estimate.high);
        page.fill(
            words::causes::loss::COUNTED,
            &[("counted", &counted), ("range", &range)],
        )
    };
    let inquiries = loss
        .inquiries
        .filter(is_worth)
        .map(|lost| counted(lost, words::words::INQUIRIES_OF));
    let sales = loss
        .sales
        .filter(is_worth)
        .map(|lost| counted(lost, words::words::SALES_OF));
    let revenue = loss
        .revenue
        .filter(is_worth)
        .map(|lost| page.figures.about(rounded(lost.value)));
    match (inquiries, sales, revenue) {
        (Some(inquiries), Some(sales), Some(revenue)) => {
            let values = [
                ("inquiries", &*inquiries),
                ("sales", &sales),
                ("revenue", &revenue),
            ];
            Some(page.rich(words::causes::loss::ALL, &values))
        }
        (Some(inquiries), ..) => {
            Some(page.rich(words::causes::loss::INQUIRIES, &[("inquiries", &inquiries)]))
        }
        (None, Some(sales), Some(revenue)) => Some(page.rich(
            words::causes::loss::SALES_AND_REVENUE,
            &[("sales", &sales), ("revenue", &revenue)],
        )),
        (None, Some(sales), None) => {
            Some(page.rich(words::causes::loss::SALES, &[("sales", &sales)]))
        }
        (None, None, _) => None,
    }
}

/// An estimate to two digits: it is not known better.
fn rounded(value: f64) -> f64 {
    let unit = 10f64.powf(value.abs().max(1.0).log10().floor() - 1.0);
    (value / unit).round() * unit
}
