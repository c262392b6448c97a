//! `voronka table`: traffic by period and channel, for analysts and for comparing with other tools.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::common::{self, PipelineArgs};
use super::console;
use super::exit::Outcome;
use crate::marts;
use crate::model::period::Period;

/// Prints sessions and exact users by period and channel as CSV, straight from the lake.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka table -p pipelines/okna-sever.toml --period 2026-W40..2026-W46 > weeks.csv")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// A period, or a run of equal ones: 2026-W46, 2025-W34..2026-W46
    #[arg(long)]
    period: String,
    /// Only what was known by then: 2026-11-16 or 2026-11-16T07:00:00Z
    #[arg(long, value_name = "TIME", value_parser = common::as_of)]
    as_of: Option<DateTime<Utc>>,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let lake = common::lake(&plan)?;
    let periods = Period::parse_run(&args.period, common::today(&plan, now))?;
    let known_at = args.as_of.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let tables = marts::traffic_table(&lake, &plan, known_at, &periods)?;
    console::print("period,channel,sessions,users")?;
    for (period, table) in periods.iter().zip(tables) {
        let Some(table) = table else { continue };
        let sessions: u64 = table
            .channels
            .values()
            .map(|traffic| traffic.sessions)
            .sum();
        for (channel, traffic) in &table.channels {
            console::print(&format!(
                "{},{channel},{},{}",
                period.label,
                traffic.sessions,
                shown(traffic.users)
            ))?;
        }
        console::print(&format!(
            "{},total,{sessions},{}",
            period.label,
            shown(table.users)
        ))?;
    }
    Ok(Outcome::Done)
}

/// An unknown number is an empty cell, not a zero.
fn shown(number: Option<u64>) -> String {
    number.map_or_else(String::new, |number| number.to_string())
}
