//! What the change against the period before is made of, factor by factor, in inquiries and in money.

use super::cells::{by_kind, left, right};
use super::section::Section;
use crate::digest::blocks::{Block, Cell, Row, Table, Unit, Value};
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::decomposition::bennet::RatioVerdict;
use crate::metrics::decomposition::{Breakdown, Chain, Factor, Ratio, RatioPart};
use crate::metrics::scorecard::Estimate;

pub(super) const SECTION: Section = Section {
    code: "decomposition",
    title: Some(|page| page.text("decomposition.title")),
    subtitle,
    blocks,
    is_in_mail: false,
};

/// Keys of "to the period before" for each kind of period.
const TO_PREVIOUS: [&str; 4] = [
    "column.to_previous.week",
    "column.to_previous.month",
    "column.to_previous.quarter",
    "column.to_previous.range",
];

/// Names of a factor and, where the name alone would mislead, of what it says.
fn keys(factor: Factor) -> (&'static str, Option<&'static str>) {
    match factor {
        Factor::Traffic => ("decomposition.factor.traffic", None),
        Factor::Mix => ("decomposition.factor.mix", Some("decomposition.about.mix")),
        Factor::Conv1 => (
            "decomposition.factor.conv1",
            Some("decomposition.about.conv1"),
        ),
        Factor::NoSessions => (
            "decomposition.factor.no_sessions",
            Some("decomposition.about.no_sessions"),
        ),
        Factor::Conv2 => (
            "decomposition.factor.conv2",
            Some("decomposition.about.conv2"),
        ),
        Factor::AverageCheck => ("decomposition.factor.average_check", None),
        Factor::Noise => ("decomposition.factor.noise", None),
    }
}

/// Nothing is taken apart while the data are incomplete.
fn shown<'a>(page: &Page<'a>) -> Option<&'a Breakdown> {
    page.digest
        .decomposition
        .previous
        .as_ref()
        .filter(|_| page.may_judge())
}

fn subtitle(page: &Page) -> Option<Rich> {
    let inquiries = &shown(page)?.inquiries;
    let comparison = capitalised(page.strings.raw(by_kind(page, TO_PREVIOUS)));
    let (base, now) = (
        page.figures.events(inquiries.base),
        page.figures.counted("words.inquiries", inquiries.now),
    );
    Some(page.rich(
        "decomposition.subtitle",
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
    mix.into_iter()
        .chain([Block::Table(table(page, breakdown))])
        .collect()
}

/// One sentence where the whole moved by the mix, and one on the channel that did most of it.
fn mix_sentence(page: &Page, ratio: &Ratio) -> Option<Rich> {
    let fell = ratio.change < 0.0;
    let key = match (ratio.verdict, fell) {
        (RatioVerdict::Simpson, true) => "decomposition.simpson.fell",
        (RatioVerdict::Simpson, false) => "decomposition.simpson.rose",
        (RatioVerdict::MixShift, true) => "decomposition.mix_shift.fell",
        (RatioVerdict::MixShift, false) => "decomposition.mix_shift.rose",
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
        "decomposition.share.more"
    } else {
        "decomposition.share.less"
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
    let unit = chains
        .get(1)
        .map(|(_, scale)| page.fill(scale.unit, &[("currency", page.figures.currency())]));
    let revenue = unit
        .as_ref()
        .map(|unit| right(page.fill("decomposition.column.revenue", &[("unit", unit)])));
    let columns = [
        left(page.text("decomposition.column.factor")),
        right(page.text("decomposition.column.inquiries")),
    ];
    let note = page.rich("decomposition.note", &[]);
    let note = unit.into_iter().fold(note, |note, _| {
        note.then(page.rich("decomposition.note_revenue", &[]))
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
        head: Cell::text(page.text("decomposition.factor.total")).strong(),
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
    /// Key of the unit's name; empty for counts.
    unit: &'static str,
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
            unit: "",
            kind: Unit::Count,
        }
    }

    fn money(chain: &Chain) -> Self {
        let (major, decimals, unit) = match largest(chain) / 100.0 {
            1e6.. => (1e6, 2, "amounts.in_millions"),
            1e4.. => (1e3, 0, "amounts.in_thousands"),
            _ => (1.0, 0, "amounts.in_ones"),
        };
        Self {
            divisor: major * 100.0,
            per_value: 100.0,
            decimals,
            unit,
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
