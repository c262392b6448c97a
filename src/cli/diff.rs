//! `voronka diff`: what was restated, cell by cell.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::common::{self, PipelineArgs};
use super::console;
use super::exit::Outcome;
use crate::model::fault::Fault;
use crate::run;

/// Prints every number of a period that is known differently at two times, as CSV: channel, measure, before, after, and the files
/// that came between and may have changed it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka diff -p pipelines/okna-sever.toml --period 2026-W46 --as-of 2026-11-16 --as-of 2026-11-23
  voronka diff -p pipelines/okna-sever.toml --period 2026-W40..2026-W46 --as-of 2026-11-16     against what is known now")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// A period, or a run of equal ones: 2026-W46, 2026-W40..2026-W46
    #[arg(long)]
    period: String,
    /// The earlier time and the later one; left out, the later one is now. 2026-11-16 or 2026-11-16T07:00:00Z
    #[arg(long, required = true, value_name = "TIME", value_parser = common::as_of)]
    as_of: Vec<DateTime<Utc>>,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let (was_at, now_at) = match args.as_of[..] {
        [was] => (was, DateTime::<Utc>::MAX_UTC),
        [was, now] if was <= now => (was, now),
        [now, was] => (was, now),
        _ => {
            let fault = Fault::usage("--as-of is given more than twice");
            return Err(fault.hint("give the earlier time and the later one").into());
        }
    };
    let lake = common::lake(&plan)?;
    console::print("period,channel,measure,was,now,files")?;
    for period in common::periods(&plan, &lake, &args.period, now)? {
        for cell in run::diff(&lake, &plan, &period, was_at, now_at)? {
            let shown =
                |number: Option<f64>| number.map_or_else(String::new, |number| number.to_string());
            // Names of files are hostile: quoted, with quotes doubled.
            let files = cell.files.join("; ").replace('"', "\"\"");
            let (was, now) = (shown(cell.was), shown(cell.now));
            let (channel, measure) = (&cell.channel, cell.measure);
            console::print(&format!(
                "{},{channel},{measure},{was},{now},\"{files}\"",
                period.label
            ))?;
        }
    }
    Ok(Outcome::Done)
}
