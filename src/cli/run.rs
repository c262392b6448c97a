//! `voronka run`: the main job.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::common::{self, PipelineArgs};
use super::console::Terminal;
use super::exit::Outcome;
use crate::config::Plan;
use crate::delivery::Transport;
use crate::lake::Lake;
use crate::model::fault;
use crate::model::period::Period;
use crate::output::Look;
use crate::run::{Environment, Job, JobEnd, Letters, RunRecord};

/// Takes the exports in, makes the report of a period and mails it.
///
/// What is in the lake already is not read again, and nothing is mailed twice to one reader for one period.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka run -p pipelines/okna-sever.toml --period 2026-W46
  voronka run -p pipelines/okna-sever.toml --period 2026-10 --no-send
  voronka run -p pipelines/okna-sever.toml --as-of 2026-11-16     as the numbers were known then

Without a mail server in the environment (VORONKA_SMTP_HOST) the letters are written to the outbox folder.")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// 2026-W46, 2026-11, 2026-Q4, 2026-11-09..2026-11-15, last-week, last-month, last-quarter
    #[arg(long, default_value = "last-week")]
    period: String,
    /// Only what was known by then: 2026-11-16 or 2026-11-16T07:00:00Z
    #[arg(long, value_name = "TIME", value_parser = common::as_of)]
    as_of: Option<DateTime<Utc>>,
    /// Make the report and its letters, send none
    #[arg(long)]
    no_send: bool,
    /// Send even to readers who have this period's digest
    #[arg(long, conflicts_with = "no_send")]
    resend: bool,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let period = common::period(&plan, &args.period, now)?;
    let transport = Transport::from_env()?;
    let mut lake = common::lake(&plan)?;
    let record = RunRecord::begin(&lake, &plan.name, "run", &period.label, now)?;
    let ended = job(args, &plan, &period, &transport, &mut lake, &record, now);
    let (code, words) = match &ended {
        Ok(end) => (end.exit_code(), end.to_string()),
        Err(error) => (fault::exit_code(error), format!("{error:#}")),
    };
    record.end(&lake, code, &words)?;
    Ok(Outcome::of(&ended?))
}

fn job(
    args: &Args,
    plan: &Plan,
    period: &Period,
    transport: &Transport,
    lake: &mut Lake,
    record: &RunRecord,
    now: DateTime<Utc>,
) -> Result<JobEnd> {
    let letters = match (args.no_send, args.resend) {
        (true, _) => Letters::Keep,
        (false, true) => Letters::Again,
        (false, false) => Letters::WhenFit,
    };
    let job = Job {
        plan,
        look: &Look::of_plan(plan)?,
        period,
        // What this run has just taken in is known, even when the clock was set back since the last one.
        as_of: args.as_of.unwrap_or(DateTime::<Utc>::MAX_UTC),
        transport,
        letters,
        only_of_news: false,
    };
    let environment = Environment {
        now,
        console: &Terminal::default(),
    };
    job.run(lake, record, &environment)
}
