//! `voronka inspect`: what files are, without taking them in.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use chrono_tz::Tz;

use super::console::{self, print};
use super::exit::Outcome;
use crate::config::{self, Plan};
use crate::ingest::ExportRules;
use crate::ingest::format::Format;
use crate::ingest::formats;
use crate::ingest::identity::IdentityKey;
use crate::ingest::inspect::{Inspection, inspect};
use crate::ingest::source;
use crate::model::fault::Fault;

/// Tells which format fits each file, which columns were found and what would be rejected; drafts a format for an
/// unknown file. Takes nothing into any lake.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka inspect Downloads/*.csv
  voronka inspect -p pipelines/okna-sever.toml export.tsv.gz    with the pipeline's own formats and zone
  voronka inspect --draft unknown.csv > pipelines/formats/mine.toml")]
pub struct Args {
    /// Files to look at
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A pipeline whose formats and time zone to use
    #[arg(short, long, value_name = "FILE")]
    pipeline: Option<PathBuf>,
    /// Expect this format
    #[arg(long, value_name = "NAME")]
    format: Option<String>,
    /// Print nothing but a draft format for the first file that no format fits
    #[arg(long)]
    draft: bool,
}

/// Rejects shown per file.
const SHOWN: usize = 10;

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome> {
    let plan = args.pipeline.as_deref().map(config::load).transpose()?;
    let formats = formats(plan.as_ref())?;
    let options = BTreeMap::new();
    // Contacts are only counted here, never kept, so any key will do.
    let key = IdentityKey::new([0; 32]);
    let zone = plan.as_ref().map_or(Tz::UTC, |plan| plan.zone);
    let rules = ExportRules {
        format: args.format.as_deref(),
        zone: None,
        business_zone: zone,
        spam_words: &[],
        spam_contacts: &[],
        options: &options,
        key: &key,
    };
    let mut outcome = Outcome::Done;
    for path in &args.files {
        let looked = source::sources(path).and_then(|sources| {
            sources
                .into_iter()
                .map(|source| inspect(source, &formats, &rules))
                .collect::<Result<Vec<_>>>()
        });
        match looked {
            Ok(inspections) if args.draft => return draft(inspections),
            Ok(inspections) => {
                for inspection in inspections {
                    outcome = tell(&inspection, &formats)?.unwrap_or(outcome);
                }
            }
            Err(error) => {
                outcome = Outcome::Exports;
                console::error(&error);
            }
        }
    }
    Ok(outcome)
}

fn formats(plan: Option<&Plan>) -> Result<Vec<Format>> {
    let none = PathBuf::new();
    formats::load_all(plan.map_or(&none, |plan| &plan.formats))
}

fn draft(inspections: Vec<Inspection>) -> Result<Outcome> {
    let Some(draft) = inspections
        .into_iter()
        .find_map(|inspection| inspection.draft)
    else {
        let message = "a format fits already; run without --draft to see which";
        return Err(Fault::usage(message).into());
    };
    print(&draft)?;
    Ok(Outcome::Done)
}

fn tell(inspection: &Inspection, formats: &[Format]) -> Result<Option<Outcome>> {
    let layout = match &inspection.layout {
        Ok(layout) => layout,
        Err(error) => {
            console::error(error);
            return Ok(Some(Outcome::Exports));
        }
    };
    let format = &formats[layout.format];
    print(&format!(
        "{}: {} → {}",
        inspection.source.label, format.title, format.table
    ))?;
    print(&format!(
        "  {}, delimiter {}, data from line {}",
        inspection.encoding,
        match layout.dialect.delimiter {
            b'\t' => "tab".to_owned(),
            other => format!("\"{}\"", char::from(other)),
        },
        layout.first_line
    ))?;
    if let Some((from, to)) = &layout.period {
        print(&format!("  period of the preamble: {from} to {to}"))?;
    }
    for (rule, cells) in format.columns.iter().zip(&layout.feeds) {
        let names: Vec<&str> = cells
            .iter()
            .map(|cell| layout.header[*cell].as_str())
            .collect();
        if !names.is_empty() {
            print(&format!("  {} ← {}", rule.to, names.join(" | ")))?;
        }
    }
    if !layout.unused.is_empty() {
        print(&format!("  not read: {}", layout.unused.join(", ")))?;
    }
    let Some(outcome) = &inspection.outcome else {
        return Ok(None);
    };
    let rejected = outcome.rejects.len() as u64;
    print(&format!(
        "  rows: {} read, {rejected} would be rejected, {} totals or headers passed over",
        outcome.read, outcome.skipped
    ))?;
    for reject in outcome.rejects.iter().take(SHOWN) {
        print(&format!("  {reject}"))?;
    }
    Ok((rejected > 0 && rejected == outcome.read).then_some(Outcome::Exports))
}
