//! `voronka runs`: what ran and what was sent to whom.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::common::{self, PipelineArgs};
use super::console;
use super::exit::Outcome;
use crate::delivery;
use crate::run;

/// Lists what ran, how it ended, and what was sent to whom.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka runs -p pipelines/okna-sever.toml
  voronka runs -p pipelines/okna-sever.toml --period 2026-W46     the receipts of that week")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// Show the receipts of this period
    #[arg(long)]
    period: Option<String>,
    /// How many runs to list
    #[arg(long, default_value_t = 20, value_name = "N")]
    most: u32,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let lake = common::lake(&plan)?;
    if let Some(period) = &args.period {
        let period = common::period(&plan, period, now)?;
        for receipt in delivery::of_period(lake.catalog.connection(), &plan.name, &period.label)? {
            let time = receipt.changed_at.format("%Y-%m-%d %H:%M:%S UTC");
            let state = receipt.state.code();
            console::print(&format!(
                "{time}  {state:<8} {}  {}",
                receipt.recipient, receipt.reply
            ))?;
        }
        return Ok(Outcome::Done);
    }
    for ended in run::list_runs(&lake, &plan.name, args.most)? {
        let started = ended.started_at.format("%Y-%m-%d %H:%M:%S UTC");
        let code = ended.exit_code.map_or_else(
            || "killed or running".to_owned(),
            |code| format!("exit {code}"),
        );
        console::print(&format!(
            "{:>5}  {started}  {:<7} {:<10} {code}  {}",
            ended.id, ended.command, ended.period, ended.outcome
        ))?;
    }
    Ok(Outcome::Done)
}
