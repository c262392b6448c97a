//! What of the money of a period is said in sentences: margin, refunds, the deals made, and the return on all spend.

use super::money::MOST_ROMI;
use crate::config::words::{self, Key};
use crate::digest::blocks::Answer;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::money::{Closed, MarginSource, PeriodMoney};
use crate::model::money::Minor;

/// Sentences on the money of the reported period; what is not known has none.
pub(super) fn answers(page: &Page) -> Vec<Answer> {
    use words::money::label;
    let Some(money) = &page.digest.money else {
        return Vec::new();
    };
    let now = &money.now;
    let rows = [
        (label::WITHOUT_AMOUNT, without_amount(page, &now.closed)),
        (label::MARGIN, margin(page, &now.closed)),
        (label::REFUNDS, refunds(page, now)),
        (label::MADE, made(page, now)),
        (label::ROMI, romi(page, &now.closed)),
    ];
    let answer = |(label, text): (Key, Option<Rich>)| {
        Some(Answer {
            label: page.text(label),
            text: text?,
        })
    };
    rows.into_iter().filter_map(answer).collect()
}

/// The amount of the sales closed, where refunds in rows of their own are taken off the revenue.
pub(super) fn before_rows(page: &Page) -> Option<Minor> {
    let now = &page.digest.money.as_ref()?.now;
    (now.refunds.in_rows > 0).then_some(now.closed.revenue)
}

fn amount(page: &Page, amount: Minor) -> String {
    page.figures.money(amount, 0)
}

/// Said where sales carry no amount, or one in another currency.
fn without_amount(page: &Page, of: &Closed) -> Option<Rich> {
    let counts = [of.without_amount, of.sales].map(|count| page.figures.count(count));
    let values = [("k", &*counts[0]), ("n", &*counts[1])];
    (of.without_amount > 0).then(|| page.rich(words::money::WITHOUT_AMOUNT, &values))
}

/// The gross margin and where it comes from. Firms none of whose sales carry a cost are not told so every week.
fn margin(page: &Page, of: &Closed) -> Option<Rich> {
    use words::money::source;
    let source = match of.margin_source {
        MarginSource::Costs => source::COSTS,
        MarginSource::Setting => source::SETTING,
        MarginSource::Both => source::BOTH,
        MarginSource::Unknown => {
            let counts = [of.with_cost, of.sales].map(|count| page.figures.count(count));
            let values = [("k", &*counts[0]), ("n", &*counts[1])];
            return (of.with_cost > 0).then(|| page.rich(words::money::MARGIN_UNKNOWN, &values));
        }
    };
    let value = amount(page, of.gross_margin?);
    let share = page.figures.percent(of.margin_rate?, 1);
    let source = page.text(source);
    let values = [("value", &*value), ("share", &*share), ("source", &*source)];
    let key = match before_rows(page) {
        Some(_) => words::money::MARGIN_OF_GROSS,
        None => words::money::MARGIN,
    };
    Some(page.rich(key, &values))
}

/// Refunds by their day, and those of which no day is known.
fn refunds(page: &Page, now: &PeriodMoney) -> Option<Rich> {
    let of = &now.refunds;
    let counted = |count: u64| {
        page.figures
            .counted_whole(words::words::REFUNDS, count as f64)
    };
    let dated = (of.count > 0).then(|| {
        let values = [
            ("value", amount(page, of.amount)),
            ("count", counted(of.count)),
            ("net", amount(page, now.revenue_net)),
        ];
        filled(page, words::money::REFUNDS, &values)
    });
    let in_rows = (of.in_rows > 0).then(|| {
        let values = [
            ("value", amount(page, of.in_rows_amount)),
            ("count", counted(of.in_rows)),
        ];
        filled(page, words::money::IN_ROWS, &values)
    });
    let undated = (of.undated > 0).then(|| {
        let values = [
            ("value", amount(page, of.undated_amount)),
            ("count", counted(of.undated)),
        ];
        filled(page, words::money::UNDATED, &values)
    });
    let sentences = [dated, in_rows, undated].into_iter().flatten();
    sentences.reduce(Rich::then)
}

/// The deals made in the period, what was sold of them so far, and what of that went back.
fn made(page: &Page, now: &PeriodMoney) -> Option<Rich> {
    let of = &now.made;
    if of.deals == 0 {
        return None;
    }
    let deals = page
        .figures
        .counted_whole(words::words::DEALS, of.deals as f64);
    let values = [
        ("deals", deals),
        ("sales", page.figures.count(of.sales)),
        ("revenue", amount(page, of.revenue)),
    ];
    let sold = filled(page, words::money::MADE, &values);
    let refunded = of.refunded.k.filter(|refunded| *refunded > 0.0);
    let (Some(k), Some(n)) = (refunded, of.refunded.n) else {
        return Some(sold);
    };
    let values = [
        ("k", page.figures.number(k, 0)),
        ("n", page.figures.number(n, 0)),
        ("amount", amount(page, of.refunded_amount)),
    ];
    Some(sold.then(filled(page, words::money::REFUNDED, &values)))
}

/// The return of all sales on all spend: of revenue, and of margin where it is known.
fn romi(page: &Page, of: &Closed) -> Option<Rich> {
    // A return of many times the spend says that hardly anything of the sales is of the ads.
    let percent = |share: f64| match share > MOST_ROMI {
        true => page.fill(
            words::money::MORE_THAN,
            &[("share", &page.figures.percent(MOST_ROMI, 0))],
        ),
        false => page.figures.signed_percent(share * 100.0, 1),
    };
    let revenue = percent(of.romi?);
    let Some(margin) = of.romi_margin.map(percent) else {
        return Some(page.rich(words::money::ROMI, &[("revenue", &revenue)]));
    };
    let values = [("revenue", &*revenue), ("margin", &*margin)];
    Some(page.rich(words::money::ROMI_BOTH, &values))
}

fn filled<const N: usize>(page: &Page, key: Key, values: &[(&str, String); N]) -> Rich {
    let values = values
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    page.rich(key, &values)
}
