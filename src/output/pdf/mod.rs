//! `report.pdf`: the report to be printed, A4, tagged (PDF/UA-1), set in the process from `report-templates/pdf/`.

mod world;

use std::io;

use anyhow::{Result, anyhow};
use chrono::Datelike;
use serde::Serialize;
use serde_json::json;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};
use typst::diag::{SourceDiagnostic, Warned};
use typst::foundations::Smart;
use typst::{World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use self::world::{Desk, printable};
use super::form::{Input, Output};
use crate::config::words;
use crate::model::fault::Fault;

pub(super) const OUTPUT: Output = Output {
    file: "report.pdf",
    media_type: "application/pdf",
    render,
};

/// The template, as the user may override it and as errors name it.
const TEMPLATE: &str = "pdf/report.typ";

/// Reports after which the engine forgets what it has set: pages differ from week to week, their parts hardly.
const REMEMBERED: usize = 4;

fn render(input: &Input) -> Result<Vec<u8>> {
    let mut files = vec![("data.json".to_owned(), data(input)?)];
    files.extend(input.pictures.iter().map(|picture| {
        (
            format!("{}.svg", picture.name),
            printable(&picture.svg).into_bytes(),
        )
    }));
    let files = files
        .into_iter()
        .map(|(name, bytes)| (format!("pdf/{name}"), bytes))
        .collect();
    let desk = Desk::new((TEMPLATE, input.look.raw(TEMPLATE)), files)?;
    let pdf = set(&desk, input);
    typst::comemo::evict(REMEMBERED);
    pdf
}

/// Everything that the template shows.
fn data(input: &Input) -> Result<Vec<u8>> {
    let (document, look) = (input.document, input.look);
    let as_of = input.digest.as_of.date_naive();
    let data = json!({
        "language": document.language,
        "title": document.subject,
        "brand": document.brand,
        "period": document.period,
        "parts": document.report_parts().collect::<Vec<_>>(),
        "snapshot": document.footer.last(),
        "colours": look.colours.light,
        "date": [as_of.year(), as_of.month(), as_of.day()],
        "page_of": look.strings.raw(words::print::PAGE_OF),
        "result": look.strings.raw(words::print::RESULT),
    });
    let mut text = Vec::new();
    data.serialize(&mut Serializer::with_formatter(&mut text, WithoutControls))?;
    let text = String::from_utf8(text)?;
    Ok(printable(&text).into_bytes())
}

/// JSON whose texts have a space where a control character stood: a bell or an escape in a name from the CRM has no glyph,
/// and would stop the report.
struct WithoutControls;

impl Formatter for WithoutControls {
    fn write_char_escape<W>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        match escape {
            CharEscape::AsciiControl(_) | CharEscape::Backspace | CharEscape::FormFeed => {
                writer.write_all(b" ")
            }
            other => CompactFormatter.write_char_escape(writer, other),
        }
    }
}

fn set(desk: &Desk, input: &Input) -> Result<Vec<u8>> {
    let Warned { output, warnings } = typst::compile::<PagedDocument>(desk);
    let document = output.map_err(|errors| told(desk, &errors))?;
    if let Some(warning) = warnings.first() {
        tracing::warn!("{}", one(desk, warning));
    }
    let standards =
        PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|error| anyhow!("{}", error.message()))?;
    let digest = input.digest;
    let options = PdfOptions {
        ident: Smart::Custom(format!(
            "{} {} v{}",
            digest.pipeline.name, digest.period.label, digest.report_version
        )),
        creator: Smart::Custom(Some(format!("Voronka {}", digest.program_version))),
        standards,
        ..PdfOptions::default()
    };
    match typst_pdf::pdf(&document, &options) {
        Ok(pdf) => Ok(pdf),
        Err(errors) => Err(told(desk, &errors).into()),
    }
}

/// All that the engine complains of, with its hints.
fn told(desk: &Desk, errors: &[SourceDiagnostic]) -> Fault {
    let lines: Vec<String> = errors.iter().map(|error| one(desk, error)).collect();
    let hints = errors.iter().flat_map(|error| &error.hints);
    hints.fold(Fault::usage(lines.join("\n")), |fault, hint| {
        fault.hint(hint.v.to_string())
    })
}

/// `pdf/report.typ:12: what is wrong`.
fn one(desk: &Desk, diagnostic: &SourceDiagnostic) -> String {
    let line = desk.range(diagnostic.span).and_then(|range| {
        let template = desk.source(desk.main()).ok()?;
        Some(template.text()[..range.start].lines().count().max(1))
    });
    let place = line.map_or_else(|| TEMPLATE.to_owned(), |line| format!("{TEMPLATE}:{line}"));
    format!("{place}: {}", diagnostic.message)
}

#[cfg(test)]
mod tests;
