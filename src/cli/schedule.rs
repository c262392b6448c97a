//! `voronka schedule`: what was due, what is due next.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::common::{self, PipelineArgs};
use super::console;
use super::exit::Outcome;
use crate::config::Plan;
use crate::schedule::{self, Occurrence};

/// Lists the digests that were due and where each of them stands, then the next ones.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  voronka schedule -p pipelines/okna-sever.toml --next 8")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// How many past digests to list
    #[arg(long, default_value_t = 10, value_name = "N")]
    most: u32,
    /// How many coming digests to list
    #[arg(long, default_value_t = 5, value_name = "N")]
    next: usize,
}

/// So far is looked ahead: every rule comes once in a quarter.
const LOOKED_AHEAD: TimeDelta = TimeDelta::days(400);

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    if plan.schedule.due.is_empty() {
        console::print("nothing is due by itself: the pipeline has no times in [schedule]")?;
        return Ok(Outcome::Done);
    }
    let lake = common::lake(&plan)?;
    let mut past = schedule::listed(lake.catalog.connection(), &plan.name, args.most)?;
    past.reverse();
    for owed in &past {
        let late = if owed.is_late { ", late" } else { "" };
        let reason = match owed.reason.as_str() {
            "" => String::new(),
            reason => format!("  {reason}"),
        };
        let due = local(&plan, owed.due_at);
        console::print(&format!(
            "{due}  {:<10} {}{late}{reason}",
            owed.period,
            owed.state.code()
        ))?;
    }
    let coming = schedule::between(&plan.schedule, &plan.calendar, now, now + LOOKED_AHEAD);
    let is_new = |one: &&Occurrence| past.iter().all(|owed| owed.period != one.period.label);
    for next in coming.iter().filter(is_new).take(args.next) {
        let due = local(&plan, next.due_at);
        console::print(&format!("{due}  {:<10} next", next.period.label))?;
    }
    Ok(Outcome::Done)
}

fn local(plan: &Plan, time: DateTime<Utc>) -> String {
    let time = time.with_timezone(&plan.schedule.zone);
    time.format("%a %Y-%m-%d %H:%M %Z").to_string()
}
