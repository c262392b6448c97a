//! What the change against the period before is made of, factor by factor, in inquiries and in money.

use super::cells::{by_kind, left, right};
use super::kpi::TO_PREVIOUS;
use super::section::Section;
use super::waterfall;
use crate::config::words::{self, Key};
use crate::digest::blocks::{Block, Cell, Row, Table, Unit, Value};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::decomposition::bennet::RatioVerdict;
use crate::metrics::decomposition::{Breakdown, Chain, Factor, Ratio, RatioPart};
use crate::metrics::values::Estimate;

pub(super) const SECTION: Section = Section {
    code: "decomposition",
    title: Some(|page| page.text(words::decomposition::TITLE)),
    subtitle,
    blocks,
    readers: Readers::Report,
};

/// Names of a factor and, where the name alone would mislead, of what it says.
fn keys(factor: Factor) -> (Key, Option<Key>) {
    match factor {
        Factor::Traffic => (words::decomposition::factor::TRAFFIC, None),
        Factor::Mix => (
            words::decomposition::factor::MIX,
            Some(words::decomposition::about::MIX),
        ),
        Factor::Conv1 => (
            words::decomposition::factor::CONV1,
            Some(words::decomposition::about::CONV1),
        ),
        Factor::NoSessions => (
            words::decomposition::factor::NO_SESSIONS,
            Some(words::decomposition::about::NO_SESSIONS),
        ),
        Factor::Conv2 => (
            words::decomposition::factor::CONV2,
            Some(words::decomposition::about::CONV2),
        ),
        Factor::AverageCheck => (words::decomposition::factor::AVERAGE_CHECK, None),
        Factor::Noise => (words::decomposition::factor::NOISE, None),
    }
}

/// What a factor is called.
pub(crate) fn name(page: &Page, factor: Factor) -> String {
    page.text(keys(factor).0)
}

/// Against what is usual, as everywhere else; against the period before where that is all there is. Nothing is taken apart
/// while the data are incomplete.
fn shown<'a>(page: &Page<'a>) -> Option<&'a Breakdown> {
    let decomposition = &page.digest.decomposition;
    let breakdown = decomposition.usual.as_ref();
    let breakdown = breakdown.or(decomposition.previous.as_ref());
    breakdown.filter(|_| page.may_judge())
}

/// What a breakdown is against: «в среднем за 8 недель», or «к прошлой неделе».
pub(crate) fn base(page: &Page, breakdown: &Breakdown) -> String {
    if breakdown.base.len() < 2 {
        return capitalised(page.strings.raw(by_kind(page, TO_PREVIOUS)));
    }
    let noun = by_kind(
        page,
        [
            words::words::WEEKS_IN,
            words::words::MONTHS_IN,
            words::words::QUARTERS_IN,
            words::words::PERIODS_IN,
        ],
    );
    let periods = page
        .figures
        .counted_whole(noun, breakdown.base.len() as f64);
    page.fill(words::decomposition::MEAN, &[("periods", &periods)])
}

fn subtitle(page: &Page) -> Option<Rich> {
    let breakdown = shown(page)?;
    let inquiries = &breakdown.inquiries;
    let comparison = base(page, breakdown);
    let (base, now) = (
        page.figures
            .number(inquiries.base, page.figures.event_decimals),
        page.figures.counted(words::words::INQUIRIES, inquiries.now),
    );
    Some(page.rich(
        words::decomposition::SUBTITLE,
        &[("comparison", &comparison), ("base", &base), ("now", &now)],
    ))
}

fn capitalised(text: &str) -> String {
    let mut symbols = text.chars();
    symbols
        .next()
        .map(|first| first.to_uppercase().chain(symbols).collect())
        .unwrap_or_default()
}

fn blocks(page: &Page) -> Vec<Block> {
    let Some(breakdown) = shown(page) else {
        return Vec::new();
    };
    let mix = mix_sentence(page, &breakdown.conv1).map(Block::Text);
    let chart = waterfall::chart(page, breakdown);
    mix.into_iter()
        .chain(chart)
        .chain([Block::Table(table(page, breakdown))])
        .collect()
}

/// One sentence where the whole moved by the mix, and one on the channel that did most of it.
fn mix_sentence(page: &Page, ratio: &Ratio) -> Option<Rich> {
    let fell = ratio.change < 0.0;
    let key = match (ratio.verdict, fell) {
        (RatioVerdict::Simpson, true) => words::decomposition::simpson::FELL,
        (RatioVerdict::Simpson, false) => words::decomposition::simpson::ROSE,
        (RatioVerdict::MixShift, true) => words::decomposition::mix_shift::FELL,
        (RatioVerdict::MixShift, false) => words::decomposition::mix_shift::ROSE,
        (RatioVerdict::Rates | RatioVerdict::Outside | RatioVerdict::Unchanged, _) => return None,
    };
    let percent = |share: f64| page.figures.percent(share, 2);
    let points = |share: f64| page.figures.points(share * 100.0, 2);
    let sentence = page.rich(
        key,
        &[
            ("standardised", &percent(ratio.standardised)),
            ("base", &percent(ratio.base_inside)),
            ("now", &percent(ratio.now_inside)),
            ("mix", &points(ratio.mix.value)),
            ("change", &points(ratio.change)),
        ],
    );
    let towards = |part: &RatioPart| if fell { -part.mix } else { part.mix };
    let most = ratio
        .channels
        .iter()
        .max_by(|one, other| towards(one).total_cmp(&towards(other)));
    Some(
        most.into_iter()
            .fold(sentence, |text, part| text.then(share(page, part))),
    )
}

fn share(page: &Page, part: &RatioPart) -> Rich {
    let key = if part.now_share > part.base_share {
        words::decomposition::share::MORE
    } else {
        words::decomposition::share::LESS
    };
    let title = page
        .digest
        .channel(&part.channel)
        .map_or(part.channel.as_str(), |row| row.title.as_str());
    page.rich(
        key,
        &[
            ("channel", title),
            ("base", &page.figures.percent(part.base_share, 0)),
            ("now", &page.figures.percent(part.now_share, 0)),
            ("rate", &page.figures.percent(part.now_rate, 2)),
        ],
    )
}

fn table(page: &Page, breakdown: &Breakdown) -> Table {
    let chains: Vec<(&Chain, Scale)> = [
        Some(&breakdown.inquiries),
        breakdown.expected_revenue.as_ref(),
    ]
    .into_iter()
    .flatten()
    .zip([Scale::events, Scale::money])
    .map(|(chain, scale)| (chain, scale(chain)))
    .collect();
    let longest = chains
        .iter()
        .map(|(chain, _)| *chain)
        .max_by_key(|chain| chain.contributions.len());
    let is_empty = |amount: &Estimate| [amount.value, amount.low, amount.high] == [0.0; 3];
    let factors = longest.into_iter().flat_map(|chain| &chain.contributions);
    let factors = factors
        .filter(|of| !is_empty(&of.amount))
        .map(|of| of.factor);
    let rows = factors
        .map(|factor| factor_row(page, factor, &chains))
        .chain([total_row(page, &chains)])
        .collect();
    let unit = chains.get(1).and_then(|(_, scale)| scale.unit);
    let unit = unit.map(|unit| page.fill(unit, &[("currency", page.figures.currency())]));
    let revenue = unit
        .as_ref()
        .map(|unit| right(page.fill(words::decomposition::column::REVENUE, &[("unit", unit)])));
    let columns = [
        left(page.text(words::decomposition::column::FACTOR)),
        right(page.text(words::decomposition::column::INQUIRIES)),
    ];
    let note = page.rich(words::decomposition::NOTE, &[]);
    let note = unit.into_iter().fold(note, |note, _| {
        note.then(page.rich(words::decomposition::NOTE_REVENUE, &[]))
    });
    Table {
        code: "decomposition",
        columns: columns.into_iter().chain(revenue).collect(),
        rows,
        note: Some(note),
    }
}

fn factor_row(page: &Page, factor: Factor, chains: &[(&Chain, Scale)]) -> Row {
    let (title, about) = keys(factor);
    let head = Cell::text(page.text(title)).under(about.map(|about| page.text(about)));
    let cell = |(chain, scale): &(&Chain, Scale)| {
        let found = chain.contributions.iter().find(|of| of.factor == factor);
        match found {
            // What is left to chance has no use for a range of its own.
            Some(of) if factor == Factor::Noise => scale.cell(page, of.amount.value),
            Some(of) => scale.contribution(page, &of.amount),
            None => Cell::absent("—"),
        }
    };
    Row {
        head,
        cells: chains.iter().map(cell).collect(),
        is_total: false,
    }
}

fn total_row(page: &Page, chains: &[(&Chain, Scale)]) -> Row {
    let cells = chains
        .iter()
        .map(|(chain, scale)| scale.cell(page, chain.change).strong())
        .collect();
    Row {
        head: Cell::text(page.text(words::decomposition::factor::TOTAL)).strong(),
        cells,
        is_total: true,
    }
}

/// How a column writes its numbers.
struct Scale {
    /// Units of the chain in one unit shown.
    divisor: f64,
    /// Units of the chain in one unit of the typed value: minor units in a major one.
    per_value: f64,
    decimals: usize,
    /// The unit's name; counts have none.
    unit: Option<Key>,
    kind: Unit,
}

impl Scale {
    /// Whole inquiries, or tenths where that would show nothing but zeros.
    fn events(chain: &Chain) -> Self {
        let largest = largest(chain);
        Self {
            divisor: 1.0,
            per_value: 1.0,
            decimals: usize::from(largest < 100.0),
            unit: None,
            kind: Unit::Count,
        }
    }

    fn money(chain: &Chain) -> Self {
        let (major, decimals, unit) = match largest(chain) / 100.0 {
            1e6.. => (1e6, 2, words::amounts::IN_MILLIONS),
            1e4.. => (1e3, 0, words::amounts::IN_THOUSANDS),
            _ => (1.0, 0, words::amounts::IN_ONES),
        };
        Self {
            divisor: major * 100.0,
            per_value: 100.0,
            decimals,
            unit: Some(unit),
            kind: Unit::Money,
        }
    }

    fn cell(&self, page: &Page, amount: f64) -> Cell {
        let shown = page.figures.signed(amount / self.divisor, self.decimals);
        Cell::of(Value::Change {
            value: amount / self.per_value,
            unit: self.kind,
            shown,
        })
    }

    fn contribution(&self, page: &Page, amount: &Estimate) -> Cell {
        let [low, high] = [amount.low, amount.high].map(|end| end / self.divisor);
        // Whole inquiries will do for an end that does not touch zero by it.
        let decimals = if self.kind == Unit::Count && low.abs().min(high.abs()) >= 1.0 {
            0
        } else {
            self.decimals
        };
        let range = page.figures.signed_range(low, high, decimals);
        let is_certain = amount.low > 0.0 || amount.high < 0.0;
        Cell {
            is_strong: is_certain,
            ..self.cell(page, amount.value).under(Some(range))
        }
    }
}

/// The largest number of a column.
fn largest(chain: &Chain) -> f64 {
    let ends = chain
        .contributions
        .iter()
        .flat_map(|of| [of.amount.low.abs(), of.amount.high.abs()]);
    ends.fold(chain.change.abs(), f64::max)
}
