//! `digest.html` and the HTML part of the mail: Tera templates, one per block, with one stylesheet inlined.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::OnceLock;

use anyhow::Context as _;
use css_inline::{CSSInliner, InlineOptions};
use regex::{Captures, Regex};
use serde_json::{Value as Json, json};

use super::chart::png_name;
use super::form::{Input, Output};
use super::look::Look;
use super::pieces::{pieces, rich};
use crate::digest::blocks::{
    Align, Bar, Block, Cell, Column, Row, Spark, Step, Table, Tone, Value,
};
use crate::digest::document::Part;

pub(super) const OUTPUT: Output = Output {
    file: "digest.html",
    media_type: "text/html; charset=utf-8",
    render,
};

/// The narrow layout that must work with every `<style>` removed: it is written into the elements themselves.
const INLINED: &str = "mail/inline.css";
/// What a wide screen, a phone and dark mode add, where a mail program reads `<style>` at all.
const HEAD_STYLES: [&str; 3] = [
    "mail/head-base.css",
    "mail/head-width.css",
    "mail/head-dark.css",
];

/// Where the pictures of a page come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pictures {
    /// Parts of the same mail.
    ContentId,
    /// Files beside the page.
    Files,
}

fn render(input: &Input) -> anyhow::Result<Vec<u8>> {
    Ok(page(input, Pictures::Files)?.into_bytes())
}

/// The HTML part of the mail.
pub(super) fn mail(input: &Input) -> anyhow::Result<String> {
    page(input, Pictures::ContentId)
}

/// The Content-ID of a chart, without brackets.
pub(crate) fn content_id(name: &str) -> String {
    format!("{name}@voronka")
}

fn page(input: &Input, pictures: Pictures) -> anyhow::Result<String> {
    let (document, look) = (input.document, input.look);
    let writer = Writer { look, pictures };
    let parts = document
        .mail_parts()
        .map(|part| writer.part(part))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let style = |template: &&str| look.fill(template, &look.colours);
    let styles = HEAD_STYLES
        .iter()
        .map(style)
        .collect::<anyhow::Result<Vec<_>>>()?;
    let html = look.fill(
        "mail/digest.html",
        &json!({
            "language": document.language,
            "subject": document.subject,
            "preheader": document.preheader,
            "brand": input.digest.pipeline.title,
            "period": pieces(&document.period, false),
            "light": look.colours.light,
            "styles": styles,
            "parts": parts,
            "footer": document.mail_footer,
        }),
    )?;
    inline(&html, &look.fill(INLINED, &look.colours)?, &styles)
}

/// Writes the blocks of a mail.
struct Writer<'a> {
    look: &'a Look,
    pictures: Pictures,
}

impl Writer<'_> {
    /// A part with its blocks already rendered: they are the only text that a template puts in unescaped.
    fn part(&self, part: &Part) -> anyhow::Result<Json> {
        let blocks = part
            .blocks
            .iter()
            .map(|block| self.block(block))
            .collect::<anyhow::Result<Vec<_>>>()?;
        Ok(
            json!({ "title": part.title, "subtitle": part.subtitle.as_ref().map(rich), "blocks": blocks }),
        )
    }

    fn block(&self, block: &Block) -> anyhow::Result<String> {
        match block {
            Block::Headline(headline) => {
                self.look.fill("mail/blocks/headline.html", &json!({ "text": pieces(&headline.text, false) }))
            }
            Block::Answers(answers) => {
                let rows: Vec<Json> =
                    answers.iter().map(|answer| json!({ "label": answer.label, "text": rich(&answer.text) })).collect();
                self.look.fill("mail/blocks/answers.html", &json!({ "answers": rows }))
            }
            Block::Notice(notice) => self.look.fill(
                "mail/blocks/notice.html",
                &json!({ "tone": tone(notice.tone), "lead": notice.lead, "text": rich(&notice.text) }),
            ),
            Block::Table(table) => self.look.fill("mail/blocks/table.html", &self::table(table)),
            Block::Funnel(steps) => self
                .look
                .fill("mail/blocks/funnel.html", &json!({ "steps": steps.iter().map(step).collect::<Vec<_>>() })),
            Block::Chart(chart) => {
                let source = match self.pictures {
                    Pictures::ContentId => format!("cid:{}", content_id(chart.name)),
                    Pictures::Files => format!("charts/{}", png_name(chart.name)),
                };
                self.look.fill(
                    "mail/blocks/chart.html",
                    &json!({ "source": source, "alt": chart.alt, "title": rich(&chart.title) }),
                )
            }
            Block::Text(text) => self.look.fill("mail/blocks/text.html", &json!({ "text": rich(text) })),
            Block::List(items) => {
                self.look.fill("mail/blocks/list.html", &json!({ "items": items.iter().map(rich).collect::<Vec<_>>() }))
            }
            Block::Definitions(definitions) => {
                self.look.fill("mail/blocks/definitions.html", &json!({ "definitions": definitions }))
            }
            Block::Link(link) => self.look.fill("mail/blocks/link.html", &json!(link)),
        }
    }
}

/// Writes the narrow stylesheet into the elements; `<style>` in the head stays as it is.
fn inline(html: &str, narrow: &str, styles: &[String]) -> anyhow::Result<String> {
    let options = InlineOptions {
        inline_style_tags: false,
        keep_style_tags: true,
        load_remote_stylesheets: false,
        minify_css: true,
        extra_css: Some(Cow::Borrowed(narrow)),
        ..InlineOptions::default()
    };
    let inlined = CSSInliner::new(options)
        .inline(html)
        .context("cannot inline the stylesheet of the mail")?;
    // The writer spells no-break spaces out, which is a fifth of a Russian mail.
    Ok(without_spent_classes(&inlined, &styles[1..]).replace("&nbsp;", "\u{a0}"))
}

/// Drops the classes that no `<style>` of the head names: once written into the elements they are dead weight.
/// Text cannot be taken for a tag here, since its `<` is escaped.
fn without_spent_classes<'a>(html: &'a str, styles: &[String]) -> Cow<'a, str> {
    static PATTERNS: OnceLock<Option<(Regex, Regex)>> = OnceLock::new();
    let patterns = PATTERNS.get_or_init(|| {
        Some((
            Regex::new(r"\.([a-z][a-z0-9]*)").ok()?,
            Regex::new(r#"(<[a-z0-9]+) class="([^"]*)""#).ok()?,
        ))
    });
    let Some((names, classes)) = patterns else {
        return Cow::Borrowed(html);
    };
    let named: BTreeSet<&str> = styles
        .iter()
        .flat_map(|style| names.captures_iter(style))
        .filter_map(|found| Some(found.get(1)?.as_str()))
        .collect();
    classes.replace_all(html, |found: &Captures| {
        let kept: Vec<&str> = found[2]
            .split(' ')
            .filter(|class| named.contains(class))
            .collect();
        if kept.is_empty() {
            found[1].to_owned()
        } else {
            format!("{} class=\"{}\"", &found[1], kept.join(" "))
        }
    })
}

pub(super) fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Warn => "warn",
        Tone::Neutral => "",
    }
}

pub(super) fn table(table: &Table) -> Json {
    let rows: Vec<Json> = table
        .rows
        .iter()
        .map(|row| self::row(row, &table.columns))
        .collect();
    let has_bars = |place: usize| {
        table
            .rows
            .iter()
            .any(|row| row.cells.get(place).is_some_and(|cell| cell.bar.is_some()))
    };
    let column = |(place, column): (usize, &Column)| {
        let is_wide = place > 0 && has_bars(place - 1);
        json!({ "title": column.title, "side": side(column), "optional": column.is_optional, "wide": is_wide })
    };
    let columns: Vec<Json> = table.columns.iter().enumerate().map(column).collect();
    json!({ "code": table.code, "columns": columns, "rows": rows, "note": table.note.as_ref().map(rich) })
}

fn side(column: &Column) -> &'static str {
    match column.align {
        Align::Left => "l",
        Align::Right => "r",
    }
}

pub(super) fn row(row: &Row, columns: &[Column]) -> Json {
    // On a phone the first number that carries weight stands beside the row's name.
    let is_lead = |cell: &Cell| cell.is_strong && !matches!(cell.value, Value::Text { .. });
    let lead = row.cells.iter().position(is_lead);
    let cells: Vec<Json> = row
        .cells
        .iter()
        .enumerate()
        .zip(columns.iter().skip(1))
        .map(|((place, cell), column)| {
            let mut view = self::cell(cell);
            view["side"] = json!(side(column));
            view["empty"] = json!(is_empty(cell));
            view["lead"] = json!(lead == Some(place));
            view["label"] = json!(column.title);
            view["optional"] = json!(column.is_optional);
            view
        })
        .collect();
    json!({ "head": cell(&row.head), "cells": cells, "total": row.is_total })
}

/// Whether a cell says nothing, not even why.
fn is_empty(cell: &Cell) -> bool {
    let is_bare = cell.word.is_none() && cell.under.is_none() && cell.spark.is_none();
    is_bare && matches!(&cell.value, Value::Absent { shown } if shown == "—" || shown.is_empty())
}

fn cell(cell: &Cell) -> Json {
    json!({
        "shown": pieces(cell.shown(), false),
        "tone": tone(cell.tone),
        "strong": cell.is_strong,
        "arrow": cell.arrow.map(|arrow| arrow.glyph()),
        "interval": cell.interval,
        "bar": cell.bar.map(|bar| interval(bar, cell.tone)),
        "word": cell.word,
        "under": cell.under.as_ref().map(|under| pieces(under, false)),
        "spark": cell.spark.as_ref().map(spark),
        "link": cell.link,
    })
}

/// Height of the tallest bar, pixels.
const SPARK_HEIGHT: f64 = 30.0;

/// The bars of a past: how high each is, and which is the reported one. A bar of nothing is a mark on the floor.
fn spark(spark: &Spark) -> Vec<Json> {
    let last = spark.heights.len().saturating_sub(1);
    let kind = |place: usize| match (place == last, spark.tone) {
        (false, _) => "bmid",
        (true, Tone::Bad) => "bbad",
        (true, Tone::Good) => "bgood",
        (true, Tone::Warn | Tone::Neutral) => "bnow",
    };
    let bars = spark.heights.iter().enumerate();
    let bar = |(place, height): (usize, &Option<f64>)| {
        let height = height.map(|share| (share * SPARK_HEIGHT).round().max(1.0) as i64);
        json!({ "kind": if height.is_some() { kind(place) } else { "" }, "height": height.unwrap_or(1) })
    };
    bars.map(bar).collect()
}

pub(super) fn step(step: &Step) -> Json {
    json!({
        "caption": pieces(&step.caption, false),
        "from": step.from,
        "to": step.to,
        "rate": cell(&step.rate),
        "rate_label": step.rate_label,
        "gauge": step.gauge.map(|bar| gauge(bar, step.rate.tone)),
        "gauge_label": step.gauge_label.as_ref().map(|label| pieces(label, false)),
    })
}

/// Hundredths of a bar's width that its mark takes.
const MARK_WIDTH: i64 = 2;

/// An interval: the range has the tone, the mark is zero.
fn interval(bar: Bar, tone: Tone) -> Vec<Json> {
    let range = match tone {
        Tone::Good => "bgood",
        Tone::Bad => "bbad",
        Tone::Warn | Tone::Neutral => "bmid",
    };
    segments(bar, range, "bzero")
}

/// A gauge: the range is what was usual, the mark is the value and has the tone.
fn gauge(bar: Bar, tone: Tone) -> Vec<Json> {
    let mark = match tone {
        Tone::Good => "bgood",
        Tone::Bad => "bbad",
        Tone::Warn | Tone::Neutral => "bzero",
    };
    segments(bar, "bmid", mark)
}

/// A bar as runs of equal cells: track, range, mark; widths in percent that add up to a hundred.
fn segments(bar: Bar, range: &'static str, mark_kind: &'static str) -> Vec<Json> {
    let place = |share: f64| (share * 100.0).round() as i64;
    let (low, high) = (place(bar.low), place(bar.high).max(place(bar.low) + 1));
    let mark = place(bar.mark).clamp(0, 100 - MARK_WIDTH);
    let kind = |at: i64| match at {
        at if (mark..mark + MARK_WIDTH).contains(&at) => mark_kind,
        at if (low..high).contains(&at) => range,
        _ => "btrk",
    };
    let mut runs: Vec<(&str, i64)> = Vec::new();
    for at in 0..100 {
        match runs.last_mut() {
            Some((last, width)) if *last == kind(at) => *width += 1,
            _ => runs.push((kind(at), 1)),
        }
    }
    runs.iter()
        .map(|(kind, width)| json!({ "kind": kind, "width": width }))
        .collect()
}
