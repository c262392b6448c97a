//! `voronka vacuum`: files that newer ones replaced long ago are removed.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::common::{self, PipelineArgs};
use super::console;
use super::exit::Outcome;
use crate::run;

/// Removes files of the lake that newer ones replaced long ago. What is known now is untouched; `--as-of` reaches back as far as
/// is kept. Every run does so by itself unless `lake.vacuum` is false.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  voronka vacuum -p pipelines/okna-sever.toml --keep-days 90")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// Keep what `--as-of` any of the last so many days needs, instead of the pipeline's `lake.keep_days`
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(0..=36_500))]
    keep_days: Option<u32>,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let lake = common::lake(&plan)?;
    let keep_days = args.keep_days.unwrap_or(plan.upkeep.keep_days);
    let horizon = now - TimeDelta::days(i64::from(keep_days));
    console::print(&run::vacuum(&lake, horizon)?.told())?;
    Ok(Outcome::Done)
}
