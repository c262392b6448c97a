//! `voronka send`: a report that is made to its readers.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::common::{self, PipelineArgs};
use super::console::Terminal;
use super::exit::Outcome;
use crate::delivery::{Transport, Which};
use crate::model::fault;
use crate::run::{self, Environment, RunRecord};

/// Mails the frozen letters of a period. A reader who has them gets no second copy unless told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka send -p pipelines/okna-sever.toml --period 2026-W46
  VORONKA_SMTP_HOST=smtp.example.org VORONKA_SMTP_USER=… VORONKA_SMTP_PASSWORD_FILE=… voronka send -p … --period last-week")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// The period whose report to send
    #[arg(long)]
    period: String,
    /// Send even to readers who have this period's digest
    #[arg(long)]
    resend: bool,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let lake = common::lake(&plan)?;
    let period = common::period(&plan, &lake, &args.period, now)?;
    let transport = Transport::from_env()?;
    let record = RunRecord::begin(&lake, &plan.name, "send", &period.label, now)?;
    let terminal = Terminal::default();
    let environment = Environment {
        now,
        console: &terminal,
    };
    let which = match args.resend {
        true => Which::Again,
        false => Which::New,
    };
    let outcome =
        run::send(&lake, &plan, &period, &transport, which, &environment).map(|summary| {
            if summary.is_incomplete() {
                Outcome::Unsent
            } else {
                Outcome::Done
            }
        });
    let code = outcome
        .as_ref()
        .map_or_else(fault::exit_code, |outcome| outcome.code());
    record.end(&lake, code, "")?;
    outcome
}
