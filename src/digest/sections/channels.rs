//! Channels: traffic, inquiries, first conversion with its change and interval, second conversion of the mature cohort.

use super::cells::{self, Polarity, left, right};
use super::past;
use super::section::Section;
use crate::config::words;
use crate::digest::blocks::{Arrow, Bar, Block, Cell, Column, Row, Table, Tone};
use crate::digest::document::Readers;
use crate::digest::figures::interval_decimals;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::scorecard::{ChannelRow, RowVerdict};
use crate::model::change::Change;
use crate::model::channel::ChannelId;

pub(super) const SECTION: Section = Section {
    code: "channels",
    title: Some(|page| page.text(words::channels::TITLE)),
    subtitle,
    blocks,
    readers: Readers::Report,
};

fn subtitle(page: &Page) -> Option<Rich> {
    let totals = &page.digest.totals;
    let key = match (&totals.usual, &totals.previous) {
        (Some(_), _) => words::channels::subtitle::USUAL,
        (None, Some(_)) => words::channels::subtitle::PREVIOUS,
        (None, None) => return None,
    };
    Some(page.rich(key, &[]))
}

/// The columns of a table of channels up to the change of the first conversion.
pub(super) fn first_columns(page: &Page) -> Vec<Column> {
    let change = match page.digest.totals.usual {
        Some(_) => words::channels::column::TO_USUAL,
        None => words::channels::column::CHANGE,
    };
    vec![
        left(page.text(words::channels::column::CHANNEL)),
        right(page.text(words::channels::column::CONV1)),
        left(page.text(change)),
    ]
}

fn blocks(page: &Page) -> Vec<Block> {
    if page.digest.channels.is_empty() {
        return Vec::new();
    }
    let mut columns = first_columns(page);
    columns.push(right(page.text(words::channels::column::CONV2)));
    let scale = Scale::of(page);
    let shown = by_inquiries(&page.digest.channels);
    let channels = shown.iter().map(|row| channel(page, row, &scale));
    let rows = channels.chain([total(page, &scale)]).collect();
    let table = Block::Table(Table {
        code: "channels",
        columns,
        rows,
        note: Some(page.rich(words::channels::NOTE, &[])),
    });
    [Some(table), past::chart(page)]
        .into_iter()
        .flatten()
        .collect()
}

/// What a channel brings puts it first, and not its traffic; `unattributed` is no channel and comes last.
pub(super) fn by_inquiries(channels: &[ChannelRow]) -> Vec<&ChannelRow> {
    let mut sorted: Vec<&ChannelRow> = channels.iter().collect();
    let brought = |row: &ChannelRow| row.measures.inquiries.unwrap_or(0.0);
    sorted.sort_by(|one, other| {
        let is_last = |row: &ChannelRow| row.channel.as_str() == ChannelId::UNATTRIBUTED;
        let by_place = is_last(one).cmp(&is_last(other));
        by_place.then(brought(other).total_cmp(&brought(one)))
    });
    sorted
}

/// What all rows of the change column share: the decimals and the widest interval.
pub(super) struct Scale {
    decimals: usize,
    widest: f64,
}

impl Scale {
    pub(super) fn of(page: &Page) -> Self {
        let rows = page.digest.channels.iter().chain([&page.digest.totals]);
        let intervals: Vec<(f64, f64)> = rows.filter_map(|row| interval(page, row)).collect();
        let widest = intervals
            .iter()
            .map(|(low, high)| low.abs().max(high.abs()))
            .fold(0.0, f64::max);
        Self {
            decimals: interval_decimals(intervals.iter().copied()),
            widest,
        }
    }

    fn bar(&self, low: f64, high: f64) -> Option<Bar> {
        let place = |points: f64| (0.5 + points / (2.0 * self.widest)).clamp(0.0, 1.0);
        (self.widest > 0.0).then(|| Bar {
            low: place(low),
            high: place(high),
            mark: 0.5,
        })
    }
}

fn interval(page: &Page, row: &ChannelRow) -> Option<(f64, f64)> {
    match moved(page, row) {
        Change::Points { low, high, .. } => Some((low, high)),
        Change::Percent { .. }
        | Change::New
        | Change::Gone
        | Change::TooFew
        | Change::Immature
        | Change::NoBase => None,
    }
}

/// How the first conversion of a row has moved, with what that may be wrong by: against the usual, which the word and the
/// colour are about; while the firm has none yet, against the period before.
pub(super) fn moved(page: &Page, row: &ChannelRow) -> Change {
    if page.digest.totals.usual.is_none() {
        let before = row.previous.as_ref();
        return before.map_or(Change::NoBase, |base| base.change.conv1);
    }
    let deviation = row.usual.map(|usual| usual.deviation);
    deviation.map_or(Change::NoBase, |deviation| Change::Points {
        value: deviation.points,
        low: deviation.low,
        high: deviation.high,
        beyond_noise: matches!(row.verdict, RowVerdict::Worse | RowVerdict::Better),
    })
}

fn channel(page: &Page, row: &ChannelRow, scale: &Scale) -> Row {
    let mature = page
        .digest
        .mature_cohort
        .as_ref()
        .and_then(|cohort| cohort.channels.get(&row.channel));
    let conv2 = mature.map_or_else(|| Cell::absent("—"), |rate| cells::rate(page, rate, 0));
    channel_row(page, row, conv2, scale, false)
}

fn total(page: &Page, scale: &Scale) -> Row {
    let mature = page.digest.mature_cohort.as_ref();
    let conv2 = mature.map_or_else(
        || Cell::absent("—"),
        |cohort| cells::rate(page, &cohort.rate, 0),
    );
    channel_row(page, &page.digest.totals, conv2, scale, true)
}

pub(super) fn channel_row(
    page: &Page,
    row: &ChannelRow,
    conv2: Cell,
    scale: &Scale,
    is_total: bool,
) -> Row {
    let title = if is_total {
        page.text(words::table::TOTAL)
    } else {
        row.title.clone()
    };
    let head = Cell::text(title).strong().under(Some(traffic(page, row)));
    Row {
        head,
        cells: vec![conv1(page, row), change(page, row, scale), conv2],
        is_total,
    }
}

/// `5 240 визитов → 109 обращений`.
fn traffic(page: &Page, row: &ChannelRow) -> String {
    let none = || page.text(words::absent::NO_DATA);
    let sessions = row.measures.sessions.map_or_else(none, |n| {
        page.figures.counted_whole(words::words::SESSIONS, n as f64)
    });
    let inquiries = row
        .measures
        .inquiries
        .map_or_else(none, |n| page.figures.counted(words::words::INQUIRIES, n));
    if has_no_traffic(row) {
        return inquiries;
    }
    page.fill(
        words::channels::TRAFFIC,
        &[("sessions", &sessions), ("inquiries", &inquiries)],
    )
}

/// A row that has inquiries only: there is nothing to divide them by.
fn has_no_traffic(row: &ChannelRow) -> bool {
    row.measures.sessions == Some(0) || row.channel.as_str() == ChannelId::UNATTRIBUTED
}

/// The rate with the base's below it; with too few events the number that is needed.
fn conv1(page: &Page, row: &ChannelRow) -> Cell {
    if has_no_traffic(row) {
        return Cell::absent("—");
    }
    let cell = cells::rate(page, &row.conv1, 2);
    if row.conv1.value.is_none() {
        return Cell::absent(if row.conv1.k.is_some() {
            "—"
        } else {
            cell.shown()
        });
    }
    cell.strong().under(base(page, row))
}

/// What the first conversion of a row is compared with.
fn base(page: &Page, row: &ChannelRow) -> Option<String> {
    if let Some(usual) = row.usual {
        let range = page
            .figures
            .percent_range(usual.conv1.low, usual.conv1.high, 2);
        return Some(page.fill(words::kpi::USUAL, &[("range", &range)]));
    }
    let before = row.previous.as_ref()?.conv1.value?;
    let rate = page.figures.percent(before, 2);
    Some(page.fill(words::channels::WAS, &[("rate", &rate)]))
}

/// The change in points with its interval, drawn, and the word for it.
fn change(page: &Page, row: &ChannelRow, scale: &Scale) -> Cell {
    if has_no_traffic(row) {
        return Cell::absent("—");
    }
    if row.verdict == RowVerdict::TooFew {
        return Cell::absent(page.text(words::word::TOO_FEW)).under(cells::needed(
            page,
            &row.conv1,
            words::words::SESSIONS_OF,
        ));
    }
    let change = moved(page, row);
    let cell = match change {
        Change::Points {
            value, low, high, ..
        } => Cell {
            interval: Some(page.figures.signed_range(low, high, scale.decimals)),
            bar: scale.bar(low, high),
            ..cells::points(page, value, scale.decimals)
        },
        Change::Percent { .. }
        | Change::New
        | Change::Gone
        | Change::TooFew
        | Change::Immature
        | Change::NoBase => cells::change(page, &change, Polarity::More, None),
    };
    Cell {
        word: word(page, row),
        ..toned(page, cell, row, &change)
    }
}

/// The row's verdict is against the usual range and corrected for many channels: it alone gives colour and weight.
fn toned(page: &Page, cell: Cell, row: &ChannelRow, change: &Change) -> Cell {
    let falls = change.value().map(|value| value < 0.0);
    let tone = page.tone(row);
    let arrow = match (tone, falls) {
        (Tone::Bad, Some(true)) => Some(Arrow::Down),
        (Tone::Good, Some(false)) => Some(Arrow::Up),
        (Tone::Bad | Tone::Good | Tone::Warn | Tone::Neutral, _) => None,
    };
    Cell {
        tone,
        arrow,
        is_strong: tone != Tone::Neutral,
        ..cell
    }
}

fn word(page: &Page, row: &ChannelRow) -> Option<String> {
    if !page.may_judge() {
        return None;
    }
    let key = match row.verdict {
        RowVerdict::Worse => words::word::WORSE,
        RowVerdict::Better => words::word::BETTER,
        RowVerdict::Noise => words::word::NOISE,
        RowVerdict::TooFew | RowVerdict::Unknown => return None,
    };
    Some(page.text(key))
}
