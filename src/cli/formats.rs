//! `voronka formats`: the kinds of export that are known.

use std::path::PathBuf;

use anyhow::Result;

use super::console::print;
use super::exit::Outcome;
use crate::config;
use crate::ingest::{describe, formats};

/// Lists the formats: name, the table that it feeds, what it is. With a name, prints its file, to copy and change.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka formats                                                 all built-in ones
  voronka formats amocrm-leads > pipelines/formats/our-amo.toml   one of your own to begin with
  voronka formats -p pipelines/okna-sever.toml                    with those of a pipeline")]
pub struct Args {
    /// Print the file of this format
    name: Option<String>,
    /// A pipeline whose own formats are listed first
    #[arg(short, long, value_name = "FILE")]
    pipeline: Option<PathBuf>,
    /// Print all of them as Markdown: docs/FORMATS.md is made so
    #[arg(long, hide = true, conflicts_with = "name")]
    markdown: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<Outcome> {
    let plan = args.pipeline.as_deref().map(config::load).transpose()?;
    let folder = plan.map(|plan| plan.formats).unwrap_or_default();
    if let Some(name) = &args.name {
        print(formats::text_of(&folder, name)?.trim_end())?;
        return Ok(Outcome::Done);
    }
    let formats = formats::load_all(&folder)?;
    if args.markdown {
        print(describe::page(&formats).trim_end())?;
        return Ok(Outcome::Done);
    }
    let names = formats.iter().map(|format| format.name.len());
    let tables = formats.iter().map(|format| format.table.len());
    let name_width = names.max().unwrap_or(0);
    let table_width = tables.max().unwrap_or(0);
    for format in &formats {
        print(&format!(
            "{:name_width$}  {:table_width$}  {}",
            format.name, format.table, format.title
        ))?;
    }
    Ok(Outcome::Done)
}
