//! `voronka backtest`: what the diagnosis would have said in the past, before it is switched on.

use anyhow::Result;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::common::{self, PipelineArgs};
use super::console;
use super::exit::Outcome;
use crate::diagnosis::Diagnosis;
use crate::digest::VerdictKind;
use crate::model::facts::SourceState;
use crate::model::fault::Fault;
use crate::model::period::Period;
use crate::{output, run};

/// Runs the diagnosis on each past period as it would have been known on the morning after it, and prints what it would
/// have said.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka backtest -p pipelines/okna-sever.toml --from 2026-W10 --to 2026-W46
  voronka backtest -p pipelines/okna-sever.toml --from 2026-W10 --to 2026-W46 --json > past.jsonl")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// The first period: 2026-W10, 2026-03
    #[arg(long)]
    from: String,
    /// The last period, of the same kind
    #[arg(long)]
    to: String,
    /// Print one JSON object a line and period, with the uncalibrated evidence of every cause
    #[arg(long)]
    json: bool,
}

/// One line of `--json`.
#[derive(Serialize)]
struct PeriodLine<'a> {
    period: &'a str,
    verdict: VerdictKind,
    unfit: &'a [String],
    data_health: &'a [SourceState],
    #[serde(flatten)]
    diagnosis: &'a Diagnosis,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let strings = output::look::strings(plan.language, Some(&plan.templates))?;
    let lake = common::lake(&plan)?;
    let today = common::today(&plan, now);
    let (first, last) = (
        Period::parse(&args.from, today)?,
        Period::parse(&args.to, today)?,
    );
    let Some(periods) = Period::run(&first, &last) else {
        let fault = Fault::usage(format!(
            "no run of periods goes from {} to {}",
            args.from, args.to
        ));
        return Err(fault
            .hint("give two periods of one kind, the earlier one first")
            .into());
    };
    let periods = run::as_plan_has_weeks(&plan, periods);
    let snapshot = run::Snapshot::open(&lake, &plan, DateTime::<Utc>::MAX_UTC)?;
    for period in periods {
        let examined = snapshot.examine_then(&strings, &period)?;
        let line = if args.json {
            serde_json::to_string(&PeriodLine {
                period: &period.label,
                verdict: examined.digest.verdict.kind,
                unfit: &examined.digest.verdict.sources,
                data_health: &examined.digest.data_health,
                diagnosis: &examined.diagnosis,
            })?
        } else {
            format!(
                "{}  {}",
                period.label,
                output::diagnosis_line(&examined.digest, &strings)
            )
        };
        console::print(&line)?;
    }
    Ok(Outcome::Done)
}
