//! `voronka diagnose`: what changed and why, on the terminal.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::common::{self, PipelineArgs};
use super::console;
use super::exit::Outcome;
use crate::{output, run};

/// Prints what changed in a period, the likely causes with their evidence, and every test; writes no report.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka diagnose -p pipelines/okna-sever.toml --period 2026-W46
  voronka diagnose -p pipelines/okna-sever.toml --period 2026-W46 --json | jq '.findings[].causes[0]'")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// A period: 2026-W46, 2026-11, 2026-11-09..2026-11-15
    #[arg(long)]
    period: String,
    /// Only what was known by then: 2026-11-16 or 2026-11-16T07:00:00Z
    #[arg(long, value_name = "TIME", value_parser = common::as_of)]
    as_of: Option<DateTime<Utc>>,
    /// As it would have been seen on the morning after the period: later sales are not looked at
    #[arg(long)]
    then: bool,
    /// Print the diagnosis as JSON, with the uncalibrated evidence of every cause
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let strings = output::look::strings(plan.language, Some(&plan.templates))?;
    let lake = common::lake(&plan)?;
    let period = common::period(&plan, &lake, &args.period, now)?;
    let as_of = args.as_of.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let snapshot = run::Snapshot::open(&lake, &plan, as_of)?;
    let examined = match args.then {
        true => snapshot.examine_then(&strings, &period)?,
        false => snapshot.examiner(&strings).examine(&period)?,
    };
    if args.json {
        console::print(&serde_json::to_string_pretty(&examined.diagnosis)?)?;
    } else {
        console::print(output::diagnosis_text(&examined.digest, &strings).trim_end())?;
    }
    Ok(Outcome::Done)
}
