//! `report.html`: the report as a page for a browser, with all of its parts and nothing from outside.

use serde_json::{Value as Json, json};

use super::form::{Input, Output};
use super::html::{row, step, table, tone};
use super::pieces::{pieces, rich};
use crate::config::words::{self, Key};
use crate::digest::blocks::{Block, Table, Value};
use crate::digest::document::{Depth, Part};

pub(super) const OUTPUT: Output = Output {
    file: "report.html",
    media_type: "text/html; charset=utf-8",
    render,
};

/// The other files of the report and the key of what each is called.
const FILES: [(&str, Key); 4] = [
    ("report.pdf", words::page::files::PDF),
    ("tables.xlsx", words::page::files::WORKBOOK),
    ("digest.txt", words::page::files::TEXT),
    ("digest.json", words::page::files::JSON),
];

fn render(input: &Input) -> anyhow::Result<Vec<u8>> {
    let (document, look) = (input.document, input.look);
    let word = |key: Key| look.strings.raw(key).to_owned();
    let is_made = |file: &str| super::OUTPUTS.iter().any(|output| output.file == file);
    let files = FILES.iter().filter(|(file, _)| is_made(file));
    let page = json!({
        "language": document.language,
        "subject": document.subject,
        "preheader": document.preheader,
        "brand": document.brand,
        "period": pieces(&document.period, false),
        "style": look.fill("page/style.css", &look.colours)?,
        "script": look.raw("page/script.js"),
        "has_details": document.report_parts().any(|part| part.depth == Depth::Detail),
        "parts": document.report_parts().map(|part| self::part(part, input)).collect::<Vec<_>>(),
        "footer": document.footer,
        "files": files.map(|(file, key)| json!({ "href": file, "title": word(*key) })).collect::<Vec<_>>(),
        "words": {
            "skip": word(words::page::SKIP),
            "contents": word(words::page::CONTENTS),
            "details": word(words::page::DETAILS),
            "span": word(words::page::SPAN),
            "files": word(words::page::files::TITLE),
            "archive": word(words::page::ARCHIVE),
        },
    });
    Ok(look.fill("page/report.html", &page)?.into_bytes())
}

fn part(part: &Part, input: &Input) -> Json {
    json!({
        "code": part.code,
        "title": part.title,
        "subtitle": part.subtitle.as_ref().map(rich),
        "folded": part.depth == Depth::Detail,
        "blocks": blocks(part, input),
    })
}

/// The blocks, charts that a reader switches between gathered in one.
fn blocks(part: &Part, input: &Input) -> Vec<Json> {
    let mut views: Vec<Json> = Vec::new();
    for block in &part.blocks {
        let view = self::block(block, part, input);
        let Some(tab) = block.chart().and_then(|chart| chart.tab.as_ref()) else {
            views.push(view);
            continue;
        };
        let tab = json!({ "label": tab, "chart": view });
        let open = views.last_mut().filter(|last| last["kind"] == "tabs");
        match open.and_then(|last| last["tabs"].as_array_mut()) {
            Some(tabs) => tabs.push(tab),
            None => views.push(json!({ "kind": "tabs", "name": part.code, "tabs": [tab] })),
        }
    }
    views
}

fn block(block: &Block, part: &Part, input: &Input) -> Json {
    match block {
        Block::Headline(headline) => {
            json!({ "kind": "headline", "kicker": headline.kicker, "text": pieces(&headline.text, false) })
        }
        Block::Answers(answers) => {
            let row = |(label, text)| json!({ "label": label, "text": text });
            let answers = answers
                .iter()
                .map(|answer| row((&answer.label, rich(&answer.text))));
            json!({ "kind": "answers", "answers": answers.collect::<Vec<_>>() })
        }
        Block::Notice(notice) => {
            json!({ "kind": "notice", "tone": tone(notice.tone), "lead": notice.lead, "text": rich(&notice.text) })
        }
        Block::Table(table) => json!({ "kind": "table", "table": sortable(table, part) }),
        Block::Funnel(steps) => {
            json!({ "kind": "funnel", "steps": steps.iter().map(step).collect::<Vec<_>>() })
        }
        Block::Chart(chart) => {
            let drawn = input
                .pictures
                .iter()
                .find(|picture| picture.name == chart.name);
            let svg = drawn.map_or_else(String::new, |picture| scaled(&picture.svg));
            json!({ "kind": "chart", "title": rich(&chart.title), "alt": chart.alt, "svg": svg })
        }
        Block::Text(text) => json!({ "kind": "text", "text": rich(text) }),
        Block::List(items) => {
            json!({ "kind": "list", "items": items.iter().map(rich).collect::<Vec<_>>() })
        }
        Block::Definitions(definitions) => {
            json!({ "kind": "definitions", "definitions": definitions })
        }
        Block::Link(link) => json!({ "kind": "link", "link": link }),
    }
}

/// A table whose cells also carry the numbers themselves, to be sorted by.
fn sortable(table: &Table, part: &Part) -> Json {
    let mut view = self::table(table);
    let rows = table.rows.iter().map(|row| {
        let mut view = self::row(row, &table.columns);
        for (place, cell) in row.cells.iter().enumerate() {
            view["cells"][place]["value"] = match &cell.value {
                Value::Number { value, .. } | Value::Change { value, .. } => {
                    json!(value.to_string())
                }
                Value::Text { .. } | Value::Absent { .. } => Json::Null,
            };
        }
        view
    });
    view["rows"] = rows.collect();
    view["label"] = json!(part.title);
    view["has_total"] = json!(table.rows.iter().any(|row| row.is_total));
    view["sortable"] = json!(table.rows.len() > 3 && table.columns.len() > 2);
    view
}

/// A drawing that fits the width of its box: the size that it was drawn at becomes its coordinates.
fn scaled(svg: &str) -> String {
    let Some((head, rest)) = svg.split_once('>') else {
        return svg.to_owned();
    };
    if head.contains("viewBox") {
        return svg.to_owned();
    }
    let attribute = |name: &str| {
        let after = head.split(&format!(" {name}=\"")).nth(1)?;
        after.split('"').next()
    };
    match (attribute("width"), attribute("height")) {
        (Some(width), Some(height)) => {
            format!("{head} viewBox=\"0 0 {width} {height}\" aria-hidden=\"true\">{rest}")
        }
        _ => svg.to_owned(),
    }
}
