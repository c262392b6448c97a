//! Buyers: the three processes of a business, who comes back, and cohorts by their first purchase.

use super::cells::{self, left, right};
use super::section::Section;
use crate::config::words::{self, Key};
use crate::digest::blocks::{Answer, Block, Cell, Column, Row, Table, Unit};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::money::{BuyerCohort, Lifetime, Mean, Money, Process};
use crate::model::money::Minor;
use crate::model::period::Period;

pub(super) const SECTION: Section = Section {
    code: "buyers",
    title: Some(|page| page.text(words::buyers::TITLE)),
    subtitle,
    blocks,
    readers: Readers::Report,
};

/// So many of the latest cohorts are shown; the workbook and `digest.json` hold all.
const SHOWN_COHORTS: usize = 6;

fn subtitle(page: &Page) -> Option<Rich> {
    let money = page.digest.money.as_ref()?;
    let day = page
        .figures
        .period(&Period::range(money.known_from, money.known_from));
    Some(page.rich(words::buyers::SUBTITLE, &[("day", &day)]))
}

fn blocks(page: &Page) -> Vec<Block> {
    let Some(money) = &page.digest.money else {
        return Vec::new();
    };
    let mut blocks = vec![
        Block::Table(processes(page, money)),
        Block::Answers(answers(page, money)),
    ];
    for (code, cohorts) in [
        ("buyers-months", &money.months),
        ("buyers-weeks", &money.weeks),
    ] {
        if !cohorts.is_empty() {
            blocks.push(Block::Table(cohort_table(page, code, cohorts)));
        }
    }
    blocks
}

fn processes(page: &Page, money: &Money) -> Table {
    use words::buyers::{about, column, process};
    let columns = [
        column::PROCESS,
        column::SALES,
        column::REVENUE,
        column::MARGIN,
        column::RATE,
    ];
    let of = &money.now.processes;
    let days = page.figures.counted_whole(
        words::words::DAYS_OF,
        f64::from(page.digest.definitions.silence_days),
    );
    let rows = [
        (process::ATTRACT, about::ATTRACT, &of.attract),
        (process::RETAIN, about::RETAIN, &of.retain),
        (process::REACTIVATE, about::REACTIVATE, &of.reactivate),
    ];
    let rows = rows.map(|(name, about, process)| {
        let about = page.fill(about, &[("days", &days)]);
        let head = Cell::text(page.text(name)).under(Some(about));
        process_row(page, head, process)
    });
    Table {
        code: "processes",
        columns: headings(page, &columns),
        rows: rows
            .into_iter()
            .chain([all_processes(page, money)])
            .collect(),
        note: Some(page.rich(words::buyers::NOTE_PROCESSES, &[])),
    }
}

/// The first column holds names, the others numbers.
fn headings(page: &Page, keys: &[Key]) -> Vec<Column> {
    let titles = keys.iter().map(|key| page.text(*key)).enumerate();
    titles
        .map(|(at, title)| if at == 0 { left(title) } else { right(title) })
        .collect()
}

fn process_row(page: &Page, head: Cell, of: &Process) -> Row {
    let cac = of.cac.map(|cac| {
        let cac = page.figures.money(cac, 0);
        page.fill(words::buyers::CAC, &[("cac", &cac)])
    });
    Row {
        head,
        cells: vec![
            sales(page, of.sales).under(cac),
            cells::money(page, Some(of.revenue), 0),
            cells::money(page, of.gross_margin, 0),
            cells::rate(page, &of.rate, 1),
        ],
        is_total: false,
    }
}

fn all_processes(page: &Page, money: &Money) -> Row {
    let closed = &money.now.closed;
    Row {
        head: Cell::text(page.text(words::formula::TOTAL)).strong(),
        cells: vec![
            sales(page, closed.sales),
            cells::money(page, Some(closed.revenue), 0),
            cells::money(page, closed.gross_margin, 0),
            Cell::absent("—"),
        ],
        is_total: true,
    }
}

fn sales(page: &Page, count: u64) -> Cell {
    let shown = page
        .figures
        .counted_whole(words::words::SALES, count as f64);
    Cell::number(count as f64, Unit::Count, shown)
}

fn answers(page: &Page, money: &Money) -> Vec<Answer> {
    use words::buyers::label;
    let rows = [
        (label::TURNS, turns(page, money)),
        (label::ALL, everybody(page, money)),
        (label::PER_BUYER, per_buyer(page, money)),
        (
            label::LIFETIME,
            match &money.lifetime {
                Some(of) => Some(lifetime(page, of)),
                None => Some(no_lifetime(page)),
            },
        ),
        (label::UNKNOWN, without_keys(page, money)),
    ];
    let answer = |(label, text): (Key, Option<Rich>)| {
        Some(Answer {
            label: page.text(label),
            text: text?,
        })
    };
    rows.into_iter().filter_map(answer).collect()
}

/// First and repeated ones among the deals made in the period.
fn turns(page: &Page, money: &Money) -> Option<Rich> {
    let made = &money.now.made;
    let repeat = made.repeat;
    let again = repeat.k.filter(|_| made.sales > 0)?;
    let values = [
        ("first", page.figures.count(made.first)),
        ("repeat", page.figures.number(again, 0)),
    ];
    let counts = filled(page, words::buyers::TURNS, &values);
    let Some(share) = repeat.value else {
        return Some(counts);
    };
    let share = page.figures.percent(share, 1);
    Some(counts.then(page.rich(words::buyers::TURNS_SHARE, &[("share", &share)])))
}

fn everybody(page: &Page, money: &Money) -> Option<Rich> {
    let of = &money.buyers;
    let each = page.figures.number(of.sales_per_buyer.value?, 2);
    let values = [
        (
            "buyers",
            page.figures
                .counted_whole(words::words::BUYERS, of.count as f64),
        ),
        ("sales", page.figures.count(of.sales)),
        ("each", each),
        ("again", page.figures.number(of.bought_again.k?, 0)),
        ("share", page.figures.percent(of.bought_again.value?, 1)),
    ];
    Some(filled(page, words::buyers::ALL, &values))
}

fn per_buyer(page: &Page, money: &Money) -> Option<Rich> {
    let of = &money.buyers;
    let values = [
        ("revenue", mean(page, of.revenue_per_buyer)?),
        ("net", mean(page, of.net_per_buyer)?),
    ];
    let revenue = filled(page, words::buyers::PER_BUYER, &values);
    let Some(margin) = mean(page, of.margin_per_buyer) else {
        return Some(revenue);
    };
    Some(revenue.then(page.rich(words::buyers::MARGIN_PER_BUYER, &[("margin", &margin)])))
}

/// From so many roubles or pounds on an amount has no minor units. A judgement.
const KOPECKS_BELOW: f64 = 1_000.0;

/// A mean with its interval in brackets.
fn mean(page: &Page, of: Mean<Minor>) -> Option<String> {
    let value = of.value?;
    // Kopecks of a thousand are no news, and an interval around it is wider by far.
    let decimals = if value.major().abs() < KOPECKS_BELOW {
        2
    } else {
        0
    };
    let amount = |amount: Minor| page.figures.money(amount, decimals);
    let values = [
        ("value", amount(value)),
        ("low", amount(of.low?)),
        ("high", amount(of.high?)),
    ];
    let values = values
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    Some(page.fill(words::buyers::MEAN, &values))
}

fn lifetime(page: &Page, of: &Lifetime) -> Rich {
    let days = page
        .figures
        .counted_whole(words::words::DAYS_OF, f64::from(of.window_days));
    let values = [
        ("value", page.figures.money(of.revenue, 0)),
        ("check", page.figures.money(of.average_check, 0)),
        ("frequency", page.figures.number(of.frequency, 2)),
        ("windows", page.figures.number(of.windows, 2)),
        ("days", days),
    ];
    let revenue = filled(page, words::buyers::LIFETIME, &values);
    let Some(margin) = of.margin else {
        return revenue;
    };
    let margin = page.figures.money(margin, 0);
    revenue.then(page.rich(words::buyers::LIFETIME_MARGIN, &[("margin", &margin)]))
}

/// What is missing for a lifetime to be told.
fn no_lifetime(page: &Page) -> Rich {
    let definitions = &page.digest.definitions;
    let days = page
        .figures
        .counted_whole(words::words::DAYS_OF, f64::from(definitions.silence_days));
    let least = page
        .figures
        .counted_whole(words::words::BUYERS_OF, f64::from(definitions.min_events));
    page.rich(
        words::buyers::NO_LIFETIME,
        &[("days", &days), ("least", &least)],
    )
}

/// Said where some buyers cannot be seen to come back.
fn without_keys(page: &Page, money: &Money) -> Option<Rich> {
    let rate = money.buyers.without_keys;
    let unknown = rate.k.filter(|unknown| *unknown > 0.0)?;
    let values = [
        ("unknown", page.figures.number(unknown, 0)),
        ("buyers", page.figures.count(money.buyers.count)),
    ];
    Some(filled(page, words::buyers::WITHOUT_KEYS, &values))
}

fn filled<const N: usize>(page: &Page, key: Key, values: &[(&str, String); N]) -> Rich {
    let values = values
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    page.rich(key, &values)
}

fn cohort_table(page: &Page, code: &'static str, cohorts: &[BuyerCohort]) -> Table {
    use words::buyers::column;
    let columns = [
        column::COHORT,
        column::PAID_BACK,
        column::CAC,
        column::REVENUE_EACH,
        column::MARGIN_EACH,
        column::AGAIN,
    ];
    let skipped = cohorts.len().saturating_sub(SHOWN_COHORTS);
    Table {
        code,
        columns: headings(page, &columns),
        rows: (cohorts.iter().skip(skipped))
            .map(|cohort| cohort_row(page, cohort))
            .collect(),
        note: Some(page.rich(words::buyers::NOTE_COHORTS, &[])),
    }
}

fn cohort_row(page: &Page, of: &BuyerCohort) -> Row {
    let net = of.net_per_buyer.value.map(|net| {
        let net = page.figures.money(net, 0);
        page.fill(words::buyers::NET, &[("net", &net)])
    });
    let buyers = page
        .figures
        .counted_whole(words::words::BUYERS, of.buyers as f64);
    Row {
        head: Cell::text(page.figures.short_period(&of.period)).under(Some(buyers)),
        cells: vec![
            paid_back(page, of),
            cells::money(page, of.cac, 0),
            cells::money(page, of.revenue_per_buyer.value, 0).under(net),
            cells::money(page, of.margin_per_buyer.value, 0),
            cells::rate(page, &of.bought_again, 1),
        ],
        is_total: false,
    }
}

/// How much of its attraction a cohort has paid back, and since when.
fn paid_back(page: &Page, of: &BuyerCohort) -> Cell {
    let Some(share) = of.paid_back else {
        return Cell::absent("—");
    };
    let days = of.payback_days.map(|days| {
        page.figures
            .counted_whole(words::words::DAYS, f64::from(days))
    });
    let after = days.map(|days| page.fill(words::buyers::PAID_BACK, &[("days", &days)]));
    Cell::number(share, Unit::Share, page.figures.percent(share, 0)).under(after)
}
