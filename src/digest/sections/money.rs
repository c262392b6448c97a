//! Money: what channels cost per click, inquiry and sale, and what the sales closed in the period brought.

use super::cells::{self, Polarity, by_kind, left, right};
use super::channels::by_inquiries;
use super::kpi::CLOSED;
use super::money_facts;
use super::section::Section;
use crate::config::words;
use crate::digest::blocks::{Answer, Block, Cell, Column, Row, Table, Unit};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::scorecard::ChannelRow;

pub(super) const SECTION: Section = Section {
    code: "money",
    title: Some(|page| page.text(words::money::TITLE)),
    subtitle,
    blocks,
    readers: Readers::Report,
};

fn subtitle(page: &Page) -> Option<Rich> {
    Some(page.rich(
        words::money::SUBTITLE,
        &[("closed", page.strings.raw(by_kind(page, CLOSED)))],
    ))
}

fn blocks(page: &Page) -> Vec<Block> {
    let mut answers = closed(page);
    answers.extend(money_facts::answers(page));
    let table = page
        .digest
        .totals
        .measures
        .spend
        .map(|_| Block::Table(table(page)));
    let answers = (!answers.is_empty()).then_some(Block::Answers(answers));
    [answers, table].into_iter().flatten().collect()
}

/// Sales closed in the period, of whatever inquiry.
fn closed(page: &Page) -> Vec<Answer> {
    let totals = &page.digest.totals;
    let amount = |amount| page.figures.money(amount, 0);
    let sales = totals
        .measures
        .sales_closed
        .map(|sales| page.figures.events(sales));
    [
        (words::money::label::CLOSED, sales),
        (words::money::label::REVENUE, revenue(page)),
        (
            words::money::label::AVERAGE_CHECK,
            totals.costs.average_check.map(amount),
        ),
    ]
    .into_iter()
    .filter_map(|(label, shown)| {
        Some(Answer {
            label: page.text(label),
            text: page.rich(words::money::VALUE, &[("value", &shown?)]),
        })
    })
    .collect()
}

/// Revenue as the table of key numbers has it; where refunds in rows of their own are taken off, what it was before them is what
/// checks and margins are of.
fn revenue(page: &Page) -> Option<String> {
    let net = page.digest.totals.measures.revenue_closed?;
    let shown = page.figures.money(net, 0);
    let Some(gross) = money_facts::before_rows(page) else {
        return Some(shown);
    };
    let values = [("net", &*shown), ("gross", &page.figures.money(gross, 0))];
    Some(page.fill(words::money::NET_OF_GROSS, &values))
}

/// A return beyond this is not stated, a share: ten roubles for one.
pub(super) const MOST_ROMI: f64 = 10.0;

fn table(page: &Page) -> Table {
    let columns = vec![
        left(page.text(words::channels::column::CHANNEL)),
        right(page.text(words::money::column::SPEND)),
        right(page.text(words::money::column::CPL)),
        Column {
            is_optional: true,
            ..right(page.text(words::money::column::CAC))
        },
        right(page.text(words::money::column::ROMI)),
    ];
    let has_margin = has_margin(page);
    let columns = match has_margin {
        true => with_margin(page, columns),
        false => columns,
    };
    let is_paid = |row: &&&ChannelRow| row.measures.spend.is_some_and(|spend| spend.0 != 0);
    let shown = by_inquiries(&page.digest.channels);
    let channels = shown
        .iter()
        .filter(is_paid)
        .map(|row| money_row(page, row, row.title.clone(), false));
    let total = money_row(
        page,
        &page.digest.totals,
        page.text(words::table::TOTAL),
        true,
    );
    let note = match has_margin {
        true => words::money::NOTE_MARGIN,
        false => words::money::NOTE,
    };
    let note = Some(page.rich(note, &[]));
    Table {
        code: "money",
        columns,
        rows: channels.chain([total]).collect(),
        note,
    }
}

/// Whether the return of margin is known of any channel that was paid for, or of all together; with too few sales for a
/// return the margin is known all the same.
fn has_margin(page: &Page) -> bool {
    let money = page.digest.money.as_ref();
    let is_known = money.is_some_and(|money| money.now.closed.gross_margin.is_some());
    let rows = page.digest.channels.iter().chain([&page.digest.totals]);
    let mut margins = rows.map(|row| row.costs.romi_margin);
    is_known || margins.any(|romi| romi.is_some())
}

fn with_margin(page: &Page, mut columns: Vec<Column>) -> Vec<Column> {
    columns.push(right(page.text(words::money::column::ROMI_MARGIN)));
    columns
}

/// A return as a percentage of what was spent.
pub(super) fn romi(page: &Page, romi: Option<f64>) -> Cell {
    match romi {
        // So much comes back only where next to nothing was paid, or another channel's sales stand here.
        Some(share) if share > MOST_ROMI => {
            let most = page.figures.percent(MOST_ROMI, 0);
            Cell::absent(page.fill(words::money::MORE_THAN, &[("share", &most)]))
        }
        Some(share) => Cell::number(
            share,
            Unit::Share,
            page.figures.signed_percent(share * 100.0, 0),
        ),
        None => Cell::absent("—"),
    }
}

fn money_row(page: &Page, row: &ChannelRow, title: String, is_total: bool) -> Row {
    let clicks = row.measures.clicks.map(|clicks| {
        page.figures
            .counted_whole(words::words::CLICKS, clicks as f64)
    });
    let cpc = row.costs.cpc.map(|cpc| {
        page.fill(
            words::money::PER_CLICK,
            &[("cpc", &page.figures.money(cpc, 2))],
        )
    });
    let spend = cells::money(page, row.measures.spend, 0).under(cpc);
    let cac = cells::money(page, row.costs.cac, 0);
    let ctr = row
        .costs
        .ctr
        .map(|ctr| page.fill(words::money::CTR, &[("ctr", &page.figures.percent(ctr, 2))]));
    let under = [clicks, ctr]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
    let head = Cell::text(title)
        .strong()
        .under((!under.is_empty()).then_some(under));
    let mut cells = vec![spend, cpl(page, row), cac, romi(page, row.costs.romi)];
    if has_margin(page) {
        cells.push(romi(page, row.costs.romi_margin));
    }
    Row {
        head,
        cells,
        is_total,
    }
}

/// Cost per inquiry with its change against the period before.
fn cpl(page: &Page, row: &ChannelRow) -> Cell {
    let cell = cells::money(page, row.costs.cpl, 0).strong();
    let change = row
        .previous
        .as_ref()
        .map(|base| base.change.cpl)
        .filter(|change| change.value().is_some());
    let (Some(change), Some(_)) = (change, row.costs.cpl) else {
        return cell;
    };
    // A ratio of two numbers that both move is never marked.
    let shown = cells::change(page, &change.unmarked(), Polarity::Less, None);
    cell.under(Some(shown.shown().to_owned()))
}
