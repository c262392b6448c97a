//! From the usual to now: what each factor took or gave, as bars that hang between the two.

use super::decomposition::{base, name};
use crate::config::words;
use crate::digest::blocks::{BarRow, Bars, Block, Chart, Drawing, Tone};
use crate::digest::page::Page;
use crate::metrics::decomposition::{Breakdown, Contribution, Factor};

/// A factor that took or gave less is no bar.
const SMALLEST_BAR: f64 = 0.5;

/// The chart of inquiries from their base to now.
pub(super) fn chart(page: &Page, breakdown: &Breakdown) -> Option<Block> {
    let chain = &breakdown.inquiries;
    let mut reached = chain.base;
    let whole = |label, amount| BarRow {
        label,
        from: 0.0,
        to: amount,
        usual: None,
        shown: page.figures.number(amount, 0),
        tone: Tone::Neutral,
    };
    let mut rows = vec![whole(base(page, breakdown), chain.base)];
    for part in &chain.contributions {
        let from = reached;
        reached += part.amount.value;
        if part.amount.value.abs() >= SMALLEST_BAR {
            rows.push(step(page, part, from, reached));
        }
    }
    rows.push(whole(page.text(words::waterfall::NOW), chain.now));
    let said = rows
        .iter()
        .map(|row| format!("{}: {}", row.label, row.shown));
    let said = said.collect::<Vec<_>>().join("; ");
    (rows.len() > 3).then(|| {
        Block::Chart(Chart {
            name: "waterfall",
            title: page.rich(words::waterfall::TITLE, &[]),
            alt: page.fill(words::waterfall::ALT, &[("rows", &said)]),
            drawing: Drawing::Bars(Bars { rows }),
            tab: None,
        })
    })
}

fn step(page: &Page, part: &Contribution, from: f64, to: f64) -> BarRow {
    let is_certain =
        part.factor != Factor::Noise && (part.amount.low > 0.0 || part.amount.high < 0.0);
    let tone = match (is_certain, part.amount.value < 0.0) {
        (false, _) => Tone::Neutral,
        (true, true) => Tone::Bad,
        (true, false) => Tone::Good,
    };
    let decimals = usize::from(part.amount.value.abs() < 10.0);
    BarRow {
        label: name(page, part.factor),
        from,
        to,
        usual: None,
        shown: page.figures.signed(part.amount.value, decimals),
        tone,
    }
}
