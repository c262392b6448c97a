//! `voronka answer`: what became of a check.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::common::{self, PipelineArgs};
use super::console;
use super::exit::Outcome;
use super::explain::cause;
use crate::digest::{CheckOutcome, OwnerAnswer};
use crate::run::{self, Asked};

/// Notes what became of a check, so that the next digest can say whether it helped.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka answer -p pipelines/okna-sever.toml --period 2026-W46 --cause forms fixed --note \"the captcha was mended\"
  voronka answer -p pipelines/okna-sever.toml --period 2026-W46 --cause forms not-the-cause")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// The period whose report asked for the check
    #[arg(long)]
    period: String,
    /// The code of the cause, as in digest.json and in `voronka explain`
    #[arg(long)]
    cause: String,
    /// What became of it
    #[arg(value_enum)]
    outcome: Answered,
    /// In your own words; the next digest quotes it
    #[arg(long, default_value = "")]
    note: String,
}

/// What became of a check, on the command line.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Answered {
    /// It was looked at
    Done,
    /// It was looked at, and it is something else
    NotTheCause,
    /// It was found and mended
    Fixed,
}

impl From<Answered> for CheckOutcome {
    fn from(answered: Answered) -> Self {
        match answered {
            Answered::Done => Self::Done,
            Answered::NotTheCause => Self::NotTheCause,
            Answered::Fixed => Self::Fixed,
        }
    }
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let lake = common::lake(&plan)?;
    let period = common::period(&plan, &lake, &args.period, now)?;
    let asked = Asked {
        pipeline: &plan.name,
        period: &period,
        cause: cause(&args.cause)?,
    };
    let answer = OwnerAnswer {
        outcome: args.outcome.into(),
        note: args.note.clone(),
        at: now,
    };
    run::record_answer(&lake, asked, &answer)?;
    let next = period.next().label;
    console::print(&format!(
        "noted; if {} was reported to its readers, the digest of {next} will say it",
        period.label
    ))?;
    Ok(Outcome::Done)
}
