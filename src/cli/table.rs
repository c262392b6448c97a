//! `voronka table`: traffic by period and channel, for analysts and for comparing with other tools.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::common::{self, PipelineArgs};
use super::console;
use super::exit::Outcome;
use crate::config::Plan;
use crate::digest::MEASURES;
use crate::digest::language::Strings;
use crate::lake::Lake;
use crate::marts;
use crate::metrics::scorecard::ChannelRow;
use crate::model::period::Period;
use crate::run;

/// Prints sessions and exact users by period and channel as CSV, straight from the lake; with `--all` every measure of the digest.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka table -p pipelines/okna-sever.toml --period 2026-W40..2026-W46 > weeks.csv
  voronka table -p pipelines/okna-sever.toml --period 2026-W40..2026-W46 --all
  voronka table -p pipelines/okna-sever.toml --period 2026-11 --by day --all")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// A period, or a run of equal ones: 2026-W46, 2025-W34..2026-W46
    #[arg(long)]
    period: String,
    /// Only what was known by then: 2026-11-16 or 2026-11-16T07:00:00Z
    #[arg(long, value_name = "TIME", value_parser = common::as_of)]
    as_of: Option<DateTime<Utc>>,
    /// Every measure: inquiries, sales, revenue, costs, conversions, as the digest of the period has them
    #[arg(long)]
    all: bool,
    /// A row for each whole day, week or month of the period, and not for the period itself
    #[arg(long, value_name = "SPAN")]
    by: Option<By>,
}

/// What a period is cut into.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum By {
    Day,
    Week,
    Month,
}

/// The whole days, weeks or months of periods.
fn cut(periods: &[Period], by: By) -> Vec<Period> {
    let of = |day| match by {
        By::Day => Period::day(day),
        By::Week => Period::week_of(day),
        By::Month => Period::month_of(day),
    };
    let mut parts = Vec::new();
    for period in periods {
        let days = period.from.iter_days().take_while(|day| *day <= period.to);
        let inside = |part: &Period| part.from >= period.from && part.to <= period.to;
        parts.extend(days.map(of).filter(inside));
    }
    parts.dedup();
    parts
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let lake = common::lake(&plan)?;
    let periods = common::periods(&plan, &lake, &args.period, now)?;
    let periods = args
        .by
        .map_or_else(|| periods.clone(), |by| cut(&periods, by));
    let known_at = args.as_of.unwrap_or(DateTime::<Utc>::MAX_UTC);
    if args.all {
        measures(&plan, &lake, &periods, known_at)?;
        return Ok(Outcome::Done);
    }
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

fn measures(plan: &Plan, lake: &Lake, periods: &[Period], as_of: DateTime<Utc>) -> Result<()> {
    let strings = Strings::shipped(plan.language);
    let snapshot = run::Snapshot::open(lake, plan, as_of)?;
    let examiner = snapshot.examiner(strings);
    let names: Vec<&str> = MEASURES.iter().map(|measure| measure.name).collect();
    console::print(&format!("period,channel,{}", names.join(",")))?;
    for period in periods {
        let scorecard = examiner.scorecard(period)?;
        for row in scorecard.channels.iter().chain([&scorecard.total]) {
            console::print(&line(period, row))?;
        }
    }
    Ok(())
}

/// Amounts are in the pipeline's currency, rates are shares of one; an unknown number is an empty cell.
fn line(period: &Period, row: &ChannelRow) -> String {
    let mut cells = vec![period.label.clone(), row.channel.to_string()];
    for measure in MEASURES {
        let number = (measure.of)(row);
        cells.push(number.map_or_else(String::new, |number| number.to_string()));
    }
    cells.join(",")
}
