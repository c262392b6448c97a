//! The funnel: two steps with their usual range, each of its own cohort, and every stage against three bases.

use super::cells::{self, left, right};
use super::funnel_bars;
use super::section::{Section, no_subtitle};
use crate::config::rules::FunnelBase;
use crate::config::words::{self, Noun};
use crate::digest::blocks::{Bar, Block, Cell, Column, Counted, Row, Step, Table, Tone, Unit};
use crate::digest::document::Readers;
use crate::digest::page::Page;
use crate::metrics::scorecard::Stage;
use crate::metrics::values::{Estimate, Rate};

pub(super) const SECTION: Section = Section {
    code: "funnel",
    title: Some(|page| page.text(words::funnel::TITLE)),
    subtitle: no_subtitle,
    blocks,
    readers: Readers::Report,
};

fn blocks(page: &Page) -> Vec<Block> {
    let steps: Vec<Step> = [first_step(page), second_step(page)]
        .into_iter()
        .flatten()
        .collect();
    let mut blocks = Vec::new();
    if !steps.is_empty() {
        blocks.push(Block::Funnel(steps));
    }
    blocks.extend(funnel_bars::chart(page));
    if !page.digest.funnel.is_empty() {
        blocks.push(Block::Table(stages(page)));
    }
    blocks
}

fn first_step(page: &Page) -> Option<Step> {
    let totals = &page.digest.totals;
    let (sessions, inquiries) = (totals.measures.sessions? as f64, totals.measures.inquiries?);
    let tone = page.tone(totals);
    let usual = totals.usual.map(|usual| usual.conv1);
    Some(Step {
        caption: page.figures.period(&page.digest.period),
        from: counted(
            page.figures.number(sessions, 0),
            noun(page, words::nouns::SESSIONS, sessions, 0),
        ),
        rate: Cell {
            tone,
            ..rate(page, &totals.conv1, 2).strong()
        },
        rate_label: page.text(words::metric::CONV1),
        to: counted(
            page.figures.events(inquiries),
            noun(
                page,
                words::nouns::INQUIRIES,
                inquiries,
                page.figures.event_decimals,
            ),
        ),
        gauge: usual.and_then(|usual| gauge(&totals.conv1, usual)),
        gauge_label: usual
            .filter(|_| totals.conv1.value.is_some())
            .map(|usual| usually(page, usual, 2)),
    })
}

fn second_step(page: &Page) -> Option<Step> {
    let cohort = page.digest.mature_cohort.as_ref()?;
    let (k, n) = (cohort.rate.k?, cohort.rate.n?);
    let falls = cohort.change.value().is_some_and(|value| value < 0.0);
    let tone = match (cohort.change.is_beyond_noise() && page.may_judge(), falls) {
        (true, true) => Tone::Bad,
        (true, false) => Tone::Good,
        (false, _) => Tone::Neutral,
    };
    let period = page.figures.of_period(&cohort.period);
    let days = page
        .figures
        .counted_whole(words::words::DAYS, f64::from(cohort.window_days));
    Some(Step {
        caption: page.fill(
            words::funnel::MATURE,
            &[("period", &period), ("days", &days)],
        ),
        from: counted(
            page.figures.number(n, 0),
            noun(page, words::nouns::INQUIRIES_OF, n, 0),
        ),
        rate: Cell {
            tone,
            ..rate(page, &cohort.rate, 1).strong()
        },
        rate_label: page.text(words::metric::CONV2),
        to: counted(
            page.figures.events(k),
            noun(page, words::nouns::SALES, k, page.figures.event_decimals),
        ),
        gauge: cohort.usual.and_then(|usual| gauge(&cohort.rate, usual)),
        gauge_label: cohort
            .usual
            .filter(|_| cohort.rate.value.is_some())
            .map(|usual| usually(page, usual, 1)),
    })
}

/// A rate alone: the counts stand on both sides of it.
fn rate(page: &Page, rate: &Rate, decimals: usize) -> Cell {
    let cell = cells::rate(page, rate, decimals);
    match rate.value {
        Some(_) => cell.under(None),
        None => Cell::absent(page.text(words::absent::TOO_FEW)),
    }
}

fn usually(page: &Page, usual: Estimate, decimals: usize) -> String {
    page.fill(
        words::kpi::USUAL,
        &[(
            "range",
            &page.figures.percent_range(usual.low, usual.high, decimals),
        )],
    )
}

/// Places on a scale that shows the usual range and the value with some air on both sides.
fn gauge(rate: &Rate, usual: Estimate) -> Option<Bar> {
    let value = rate.value?;
    let (least, most) = (usual.low.min(value), usual.high.max(value));
    let air = ((most - least) * 0.35).max(f64::EPSILON);
    let (start, length) = (least - air, most - least + 2.0 * air);
    let place = |at: f64| ((at - start) / length).clamp(0.0, 1.0);
    Some(Bar {
        low: place(usual.low),
        high: place(usual.high),
        mark: place(value),
    })
}

fn counted(shown: String, noun: String) -> Counted {
    Counted { shown, noun }
}

fn noun(page: &Page, noun: Noun, value: f64, decimals: usize) -> String {
    page.figures.noun(noun, value, decimals)
}

/// All stages with the three bases.
fn stages(page: &Page) -> Table {
    let columns = vec![
        left(page.text(words::funnel::column::STAGE)),
        right(page.text(words::funnel::column::COUNT)),
        right(page.text(match is_of_users(page) {
            true => words::funnel::column::TO_USERS,
            false => words::funnel::column::TO_SESSIONS,
        })),
        right(page.text(words::funnel::column::TO_PREVIOUS)),
        Column {
            is_optional: true,
            ..right(page.text(words::funnel::column::TO_INQUIRIES))
        },
    ];
    let bare = |rate: &Rate| match rate.value {
        Some(_) => cells::rate(page, rate, 2).under(None),
        // More than its base came to this stage by other ways: a share would say nothing.
        None if rate.k > rate.n => Cell::absent("—"),
        None if rate.n.is_some_and(|n| n > 0.0) => Cell::absent(page.text(words::absent::TOO_FEW)),
        None => Cell::absent("—"),
    };
    // A stage is no share of itself.
    let unless = |code: &str, base: &str, rate: &Rate| {
        if code == base {
            Cell::absent("—")
        } else {
            bare(rate)
        }
    };
    let rows = page.digest.funnel.iter().map(|stage| {
        let left_out = stage
            .drop_off
            // An inquiry need not have passed the stage before: people call without a form.
            .filter(|_| stage.code != "inquiries" && stage.to_previous.value.is_some())
            .map(|share| {
                page.fill(
                    words::funnel::DROP_OFF,
                    &[("share", &page.figures.percent(share, 1))],
                )
            });
        let cells = vec![
            stage_count(page, stage).strong(),
            unless(&stage.code, "sessions", base_share(page, stage)),
            unless(&stage.code, "sessions", &stage.to_previous).under(left_out),
            unless(&stage.code, "inquiries", &stage.to_inquiries),
        ];
        Row {
            head: Cell::text(stage.title.clone()),
            cells,
            is_total: false,
        }
    });
    Table {
        code: "funnel",
        columns,
        rows: rows.collect(),
        note: Some(page.rich(words::funnel::NOTE, &[])),
    }
}

/// Whether the pipeline wants stages as shares of visitors, and visitors are told apart.
fn is_of_users(page: &Page) -> bool {
    let is_wanted = page.digest.definitions.funnel_base == FunnelBase::Users;
    is_wanted && page.digest.totals.measures.users.is_some()
}

/// The share of all sessions or visitors, as the pipeline says.
fn base_share<'a>(page: &Page, stage: &'a Stage) -> &'a Rate {
    let of_users = stage.to_users.as_ref().filter(|_| is_of_users(page));
    of_users.unwrap_or(&stage.to_sessions)
}

/// Sessions that reached a stage are whole; only inquiries and sales are split by attribution.
fn stage_count(page: &Page, stage: &Stage) -> Cell {
    match (stage.count, stage.code.as_str()) {
        (Some(count), "inquiries" | "sales") => cells::events(page, Some(count)),
        (Some(count), _) => Cell::number(count, Unit::Count, page.figures.number(count, 0)),
        (None, _) => cells::events(page, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gauge_stays_inside_its_scale() {
        let rate = Rate {
            value: Some(0.01),
            low: None,
            high: None,
            k: Some(1.0),
            n: Some(100.0),
            needed: None,
        };
        let bar = gauge(
            &rate,
            Estimate {
                value: 0.03,
                low: 0.027,
                high: 0.033,
            },
        )
        .expect("a rate has a gauge");
        assert!(
            0.0 < bar.mark && bar.mark < bar.low && bar.low < bar.high && bar.high < 1.0,
            "{bar:?}"
        );
    }
}
