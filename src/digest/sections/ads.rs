//! Advertising down to the sale: what to stop, what to mend, what deserves more, and every campaign and phrase with its
//! money.

use super::cells::{self, left, right};
use super::money::romi;
use super::section::{Section, no_subtitle};
use crate::config::words::{self, Key};
use crate::digest::ads;
use crate::digest::blocks::{Answer, Block, Cell, Column, Row, Table, Unit};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::ads::{AdCohort, AdFinding, AdLevel, AdRow};
use crate::metrics::scorecard::RowVerdict;

pub(super) const SECTION: Section = Section {
    code: "ads",
    title: Some(|page| page.text(words::ads::TITLE)),
    subtitle,
    blocks,
    readers: Readers::Report,
};

/// What of it changes a decision, for the letter.
pub(super) const IN_LETTER: Section = Section {
    code: "ads-letter",
    title: Some(|page| page.text(words::ads::LETTER)),
    subtitle: no_subtitle,
    blocks: in_letter,
    readers: Readers::Mail,
};

/// Findings of one list.
const FINDINGS: usize = 5;
/// Findings in the letter.
const IN_THE_LETTER: usize = 2;
/// Rows of the table; all of them are in the workbook.
const ROWS: usize = 16;

fn subtitle(page: &Page) -> Option<Rich> {
    let matured = page.digest.ads.matured?;
    Some(page.rich(words::ads::SUBTITLE, &[("days", &ads::days(page, matured))]))
}

fn blocks(page: &Page) -> Vec<Block> {
    let lists = lists(page);
    let rows = rows(page);
    let lists = (!lists.is_empty()).then_some(Block::Answers(lists));
    let table = (!rows.is_empty()).then(|| Block::Table(table(page, rows)));
    lists.into_iter().chain(table).collect()
}

fn lists(page: &Page) -> Vec<Answer> {
    let found = &page.digest.ads;
    let of = |label: Key, findings: &[AdFinding], sentence: fn(&Page, &AdFinding) -> Rich| {
        let shown = findings.iter().take(FINDINGS);
        let text = shown
            .map(|finding| sentence(page, finding))
            .reduce(Rich::then);
        text.map(|text| Answer {
            label: page.text(label),
            text,
        })
    };
    let lists = [
        of(
            words::ads::label::NEVER_SELLS,
            &found.never_sells,
            ads::never_sells,
        ),
        of(words::ads::label::FELL, &found.fell, ads::fell),
        of(
            words::ads::label::DESERVES_MORE,
            &found.deserves_more,
            ads::deserves_more,
        ),
    ];
    lists
        .into_iter()
        .flatten()
        .filter(|_| page.may_judge())
        .collect()
}

/// What money goes to for nothing: the letter's reader can stop it today.
fn in_letter(page: &Page) -> Vec<Block> {
    let found = page.digest.ads.never_sells.iter().take(IN_THE_LETTER);
    let found = found.filter(|_| page.may_judge());
    let text = found
        .map(|finding| ads::never_sells(page, finding))
        .reduce(Rich::then);
    text.map(Block::Text).into_iter().collect()
}

/// Campaigns by money, each with its phrases below it.
fn rows<'a>(page: &Page<'a>) -> Vec<&'a AdRow> {
    let size = |row: &&AdRow| (row.spend, row.sessions);
    let all = &page.digest.ads.rows;
    let of_level = |level: AdLevel| all.iter().filter(move |row| row.key.level == level);
    let mut campaigns: Vec<&AdRow> = of_level(AdLevel::Campaign).collect();
    campaigns.sort_by_key(|row| std::cmp::Reverse(size(row)));
    let mut shown = Vec::new();
    for campaign in campaigns {
        shown.push(campaign);
        let is_of_it = |row: &&AdRow| {
            row.key.channel == campaign.key.channel && row.key.campaign == campaign.key.campaign
        };
        let mut phrases: Vec<&AdRow> = of_level(AdLevel::Phrase).filter(is_of_it).collect();
        phrases.sort_by_key(|row| std::cmp::Reverse(size(row)));
        // A single phrase is the campaign once more.
        if phrases.len() > 1 {
            shown.extend(phrases);
        }
    }
    shown
}

/// What the return on spend is told of: of margin as soon as one row's is known, else of revenue.
#[derive(Clone, Copy)]
enum Return {
    Margin,
    Revenue,
}

impl Return {
    fn of(rows: &[&AdRow]) -> Self {
        let mut matured = rows.iter().filter_map(|row| row.matured.as_ref());
        match matured.any(|cohort| cohort.romi_margin.is_some()) {
            true => Self::Margin,
            false => Self::Revenue,
        }
    }

    fn column(self) -> Key {
        match self {
            Self::Margin => words::money::column::ROMI_MARGIN,
            Self::Revenue => words::money::column::ROMI,
        }
    }

    fn value(self, cohort: &AdCohort) -> Option<f64> {
        match self {
            Self::Margin => cohort.romi_margin,
            Self::Revenue => cohort.romi,
        }
    }
}

fn table(page: &Page, rows: Vec<&AdRow>) -> Table {
    let returned = Return::of(&rows);
    let columns = vec![
        left(page.text(words::ads::column::PLACE)),
        right(page.text(words::metric::CONV1)),
        right(page.text(words::money::column::SPEND)),
        right(page.text(words::ads::column::SALES)),
        right(page.text(words::ads::column::COST_PER_SALE)),
        Column {
            is_optional: true,
            ..right(page.text(returned.column()))
        },
    ];
    let left_out = rows.len().saturating_sub(ROWS);
    let count = page.figures.count(left_out as u64);
    let note = (left_out > 0).then(|| page.rich(words::ads::MORE, &[("n", &count)]));
    Table {
        code: "ads",
        columns,
        rows: rows
            .iter()
            .take(ROWS)
            .map(|row| table_row(page, row, returned))
            .collect(),
        note,
    }
}

fn table_row(page: &Page, row: &AdRow, returned: Return) -> Row {
    let cpl = row.cpl.map(|cpl| {
        let shown = page.figures.money(cpl, 0);
        page.fill(words::ads::PER_INQUIRY, &[("cpl", &shown)])
    });
    let cohort = row.matured.as_ref();
    let cost_per_sale = cohort.and_then(|cohort| cohort.cost_per_sale);
    let cost_share = cohort.and_then(|cohort| cohort.cost_share).map(|share| {
        let shown = page.figures.percent(share, 0);
        page.fill(words::ads::COST_SHARE, &[("share", &shown)])
    });
    let cells = vec![
        conv1(page, row),
        cells::money(page, row.spend, 0).under(cpl),
        sales(page, cohort),
        cells::money(page, cost_per_sale, 0).under(cost_share),
        romi(page, cohort.and_then(|cohort| returned.value(cohort))),
    ];
    Row {
        head: head(page, row),
        cells,
        is_total: false,
    }
}

fn head(page: &Page, row: &AdRow) -> Cell {
    match row.key.level {
        AdLevel::Campaign => {
            let channel = ads::channel(page, &row.key);
            Cell::text(ads::campaign(page, &row.key))
                .strong()
                .under(Some(channel))
        }
        _ => Cell::text(ads::name(page, &row.key)),
    }
}

fn conv1(page: &Page, row: &AdRow) -> Cell {
    let cell = cells::rate(page, &row.conv1, 2);
    let word = match row.verdict {
        RowVerdict::Worse if page.may_judge() => words::word::WORSE,
        RowVerdict::Better if page.may_judge() => words::word::BETTER,
        _ => return cell,
    };
    Cell {
        word: Some(page.text(word)),
        // A share that cannot be stated is no reason to doubt a test of counts.
        under: cell.under.filter(|_| row.conv1.value.is_some()),
        ..cell
    }
}

/// Sales of the matured inquiries, and how many inquiries these were.
fn sales(page: &Page, cohort: Option<&AdCohort>) -> Cell {
    let Some(cohort) = cohort else {
        return Cell::absent("—");
    };
    let counts = cells::of(page, cohort.sales, cohort.inquiries);
    match cohort.conv2.value {
        Some(value) => {
            let shown = page.figures.percent(value, 1);
            Cell::number(value, Unit::Share, shown).under(Some(counts))
        }
        None => Cell::absent(counts),
    }
}
