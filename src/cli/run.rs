//! `voronka run`: the main job.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::common::{self, PipelineArgs};
use super::console::Terminal;
use super::exit::Outcome;
use super::timings::TimingsArg;
use crate::delivery::Transport;
use crate::model::period::Period;
use crate::output::Look;
use crate::run::{self, Environment, Job, Letters};

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
    #[command(flatten)]
    timings: TimingsArg,
    /// 2026-W46, 2026-11, 2026-Q4, 2026, 2026-11-10, 2026-11-to-date, 2026-11-09..2026-11-15, last-week, yesterday, month-to-date
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
    let today = common::today(&plan, now);
    let periods = run::as_plan_has_weeks(&plan, Period::parse_run(&args.period, today)?);
    let letters = match (args.no_send, args.resend) {
        (true, _) => Letters::Keep,
        (false, true) => Letters::Again,
        (false, false) => Letters::WhenFit,
    };
    let (look, transport) = (Look::of_plan(&plan)?, Transport::from_env()?);
    let environment = Environment {
        now,
        console: &Terminal::timed(&args.timings),
    };
    let mut lake = common::lake(&plan)?;
    let mut outcome = Outcome::Done;
    // A week in which a month ends may be two periods.
    for period in &periods {
        let job = Job {
            plan: &plan,
            look: &look,
            period,
            to_date: Period::is_to_date(&args.period),
            // What this run has just taken in is known, even when the clock was set back since the last one.
            as_of: args.as_of.unwrap_or(DateTime::<Utc>::MAX_UTC),
            transport: &transport,
            letters,
            only_of_news: false,
        };
        let end = Outcome::of(&job.run(&mut lake, "run", &environment)?);
        outcome = outcome.worse(end);
    }
    Ok(outcome)
}
