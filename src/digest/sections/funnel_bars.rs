//! The funnel as bars: each stage on a scale of its own, on which the usual is a tick at the same place. Where the bars stop
//! short of the ticks, the funnel leaks; on one scale the visits would leave no room for anything else.

use crate::config::words;
use crate::digest::blocks::{BarRow, Bars, Block, Chart, Drawing, Tone};
use crate::digest::page::Page;
use crate::metrics::scorecard::{RowVerdict, Stage};
use crate::model::target::PlanMetric;

/// A stage far above the usual is drawn so many times as long, so that the others keep their length.
const LONGEST_BAR: f64 = 1.6;

/// The stages that a usual number is known of; fewer than three are no funnel.
pub(super) fn chart(page: &Page) -> Option<Block> {
    let stages = page.digest.funnel.iter();
    let rows: Vec<BarRow> = stages.filter_map(|stage| row(page, stage)).collect();
    if rows.len() < LEAST_ROWS {
        return None;
    }
    let said = rows
        .iter()
        .map(|row| format!("{}: {}", row.label, row.shown));
    let said = said.collect::<Vec<_>>().join("; ");
    Some(Block::Chart(Chart {
        name: "funnel",
        title: page.rich(words::funnel::bars::TITLE, &[]),
        alt: page.fill(words::funnel::bars::ALT, &[("rows", &said)]),
        drawing: Drawing::Bars(Bars { rows }),
        tab: None,
    }))
}

const LEAST_ROWS: usize = 3;

fn row(page: &Page, stage: &Stage) -> Option<BarRow> {
    let of = match stage.code.as_str() {
        "sessions" => sessions(page)?,
        "inquiries" => inquiries(page)?,
        "sales" => sales(page)?,
        _ => Against {
            now: stage.count?,
            usual: stage.usual?.count.value,
            tone: tone(page, stage.verdict),
            said: words::compared::AGAINST,
        },
    };
    let now = page.figures.number(of.now, 0);
    let usual = page.figures.number(of.usual, 0);
    (of.usual > 0.0).then(|| BarRow {
        label: stage.title.clone(),
        from: 0.0,
        to: (of.now / of.usual).min(LONGEST_BAR),
        usual: Some(1.0),
        shown: page.fill(of.said, &[("observed", &now), ("usual", &usual)]),
        tone: of.tone,
    })
}

/// A stage with what it is held against.
struct Against {
    now: f64,
    usual: f64,
    tone: Tone,
    said: words::Key,
}

fn sessions(page: &Page) -> Option<Against> {
    let mut tests = page.digest.tests.iter();
    let test = tests.find(|test| test.is_of_all_sessions())?;
    let fell = test.observed < test.expected;
    Some(Against {
        now: test.observed,
        usual: test.expected,
        tone: match (test.is_significant && page.may_judge(), fell) {
            (true, true) => Tone::Bad,
            (true, false) => Tone::Good,
            (false, _) => Tone::Neutral,
        },
        said: words::compared::AGAINST,
    })
}

fn inquiries(page: &Page) -> Option<Against> {
    let totals = &page.digest.totals;
    Some(Against {
        now: totals.measures.inquiries?,
        usual: totals.usual?.inquiries.value,
        tone: page.tone(totals),
        said: words::compared::AGAINST,
    })
}

/// Sales that were closed, against their plan: what is usual of them depends on inquiries of weeks ago.
fn sales(page: &Page) -> Option<Against> {
    let plan = page.digest.plan.get(&PlanMetric::Sales)?;
    Some(Against {
        now: page.digest.totals.measures.sales_closed?,
        usual: plan.plan,
        tone: Tone::Neutral,
        said: words::funnel::bars::PLAN,
    })
}

fn tone(page: &Page, verdict: RowVerdict) -> Tone {
    match verdict {
        RowVerdict::Worse if page.may_judge() => Tone::Bad,
        RowVerdict::Better if page.may_judge() => Tone::Good,
        RowVerdict::Worse
        | RowVerdict::Better
        | RowVerdict::Noise
        | RowVerdict::TooFew
        | RowVerdict::Unknown => Tone::Neutral,
    }
}
