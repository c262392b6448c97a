//! `voronka runs`: what ran and what was sent to whom.

use anyhow::Result;
use chrono::{DateTime, Utc};
use clap::Subcommand;

use super::common::{self, PipelineArgs};
use super::console;
use super::exit::Outcome;
use super::timings;
use crate::delivery;
use crate::lake::Lake;
use crate::model::fault::Fault;
use crate::run::{self, Ended};

/// Lists what ran, how it ended, and what was sent to whom.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka runs -p pipelines/okna-sever.toml
  voronka runs -p pipelines/okna-sever.toml --period 2026-W46     the receipts of that week
  voronka runs -p pipelines/okna-sever.toml show 12               its stages, with time, rows and memory")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// Show the receipts of this period
    #[arg(long)]
    period: Option<String>,
    /// How many runs to list
    #[arg(long, default_value_t = 20, value_name = "N")]
    most: u32,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show a run with its stages
    Show {
        /// Its number in the list
        id: i64,
    },
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let lake = common::lake(&plan)?;
    if let Some(What::Show { id }) = args.what {
        return show(&lake, &plan.name, id);
    }
    if let Some(period) = &args.period {
        let period = common::period(&plan, &lake, period, now)?;
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
        console::print(&line(&ended))?;
    }
    Ok(Outcome::Done)
}

fn line(ended: &Ended) -> String {
    let started = ended.started_at.format("%Y-%m-%d %H:%M:%S UTC");
    let code = ended.exit_code.map_or_else(
        || "killed or running".to_owned(),
        |code| format!("exit {code}"),
    );
    format!(
        "{:>5}  {started}  {:<7} {:<10} {code}  {}",
        ended.id, ended.command, ended.period, ended.outcome
    )
}

fn show(lake: &Lake, pipeline: &str, id: i64) -> Result<Outcome> {
    let Some(ended) = run::numbered_run(lake, pipeline, id)? else {
        let fault = Fault::usage(format!("there is no run {id} of {pipeline}"));
        return Err(fault.hint("`voronka runs -p …` has the numbers").into());
    };
    console::print(&line(&ended))?;
    for staged in run::stages_of_run(lake, id)? {
        console::print(&timings::line(&staged))?;
    }
    Ok(Outcome::Done)
}
