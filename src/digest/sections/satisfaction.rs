//! Satisfaction: NPS or CSAT of all, by manager and by channel, against its usual.

use super::cells::{self, left, right};
use super::section::{Section, no_subtitle};
use crate::config::words;
use crate::digest::blocks::{Arrow, Block, Cell, Row, Table, Tone, Unit};
use crate::digest::document::Readers;
use crate::digest::page::Page;
use crate::digest::phrases::channel_title;
use crate::metrics::satisfaction::Score;
use crate::metrics::scorecard::RowVerdict;
use crate::model::survey::Scale;

pub(super) const SECTION: Section = Section {
    code: "satisfaction",
    title: Some(|page| page.text(words::satisfaction::TITLE)),
    subtitle: no_subtitle,
    blocks,
    readers: Readers::Report,
};

fn blocks(page: &Page) -> Vec<Block> {
    let Some(found) = &page.digest.satisfaction else {
        return Vec::new();
    };
    use words::satisfaction::column;
    let score = match found.scale {
        Scale::Nps => column::NPS,
        Scale::Csat => column::CSAT,
    };
    let columns = vec![
        left(page.text(column::WHO)),
        right(page.text(column::ANSWERS)),
        right(page.text(score)),
        right(page.text(column::USUAL)),
    ];
    let managers = found
        .managers
        .iter()
        .map(|of| row(page, of.manager.clone(), &of.score, false));
    let channels = found
        .channels
        .iter()
        .map(|of| row(page, channel_title(page, &of.channel), &of.score, false));
    let total = row(page, page.text(words::table::TOTAL), &found.total, true);
    let note = match found.scale {
        Scale::Nps => words::satisfaction::NPS_NOTE,
        Scale::Csat => words::satisfaction::CSAT_NOTE,
    };
    vec![Block::Table(Table {
        code: "satisfaction",
        columns,
        rows: managers.chain(channels).chain([total]).collect(),
        note: Some(page.rich(note, &[])),
    })]
}

fn row(page: &Page, title: String, of: &Score, is_total: bool) -> Row {
    let number = |value: f64| page.figures.number(value, 0);
    let is_worse = of.verdict == RowVerdict::Worse && page.may_judge();
    let score = match of.score {
        None => Cell::absent(page.text(words::absent::TOO_FEW)),
        Some(score) => Cell {
            interval: Some(page.figures.signed_range(score.low, score.high, 0)),
            tone: if is_worse { Tone::Bad } else { Tone::Neutral },
            arrow: is_worse.then_some(Arrow::Down),
            word: is_worse.then(|| page.text(words::word::WORSE)),
            ..Cell::number(score.value, Unit::Count, number(score.value))
        },
    };
    let usual = of.usual.map_or_else(
        || Cell::absent("—"),
        |usual| Cell::number(usual, Unit::Count, number(usual)),
    );
    Row {
        head: Cell::text(title),
        cells: vec![cells::count(page, Some(of.answers)), score, usual],
        is_total,
    }
}
