//! `voronka vacuum`: files that newer ones replaced long ago are removed.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::common::{self, PipelineArgs};
use super::console;
use super::exit::Outcome;

/// Removes files of the lake that newer ones replaced long ago. What is known now is untouched; `--as-of` reaches back as far as
/// is kept.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  voronka vacuum -p pipelines/okna-sever.toml --keep-days 90")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// Keep what `--as-of` any of the last so many days needs
    #[arg(long, default_value_t = 400, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(0..=36_500))]
    keep_days: i64,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let lake = common::lake(&plan)?;
    let horizon = now - TimeDelta::days(args.keep_days);
    let vacuumed = lake.vacuum(horizon)?;
    let day = horizon.format("%Y-%m-%d");
    console::print(&format!(
        "vacuum: {} files removed, {:.1} MB; --as-of reaches back to {day}",
        vacuumed.files,
        vacuumed.bytes as f64 / 1e6
    ))?;
    Ok(Outcome::Done)
}
