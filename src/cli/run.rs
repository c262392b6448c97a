//! `voronka run`: the main job.

use std::slice;

use anyhow::{Result, bail};
use chrono::{DateTime, Utc};

use super::common::{self, PipelineArgs};
use super::console::{self, Terminal};
use super::exit::Outcome;
use crate::config::Plan;
use crate::delivery::Transport;
use crate::digest::VerdictKind;
use crate::lake::Lake;
use crate::model::fault::Fault;
use crate::model::period::Period;
use crate::output::Look;
use crate::run::{self, Environment, Ingested, RunRecord};

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
    let outcome = stages(args, &plan, &period, &transport, &mut lake, &record, now);
    let (code, words) = match &outcome {
        Ok(outcome) => (outcome.code(), format!("{outcome:?}").to_lowercase()),
        Err(error) => (super::exit::code_of(error), format!("{error:#}")),
    };
    record.end(&lake, code, &words)?;
    outcome
}

fn stages(
    args: &Args,
    plan: &Plan,
    period: &Period,
    transport: &Transport,
    lake: &mut Lake,
    record: &RunRecord,
    now: DateTime<Utc>,
) -> Result<Outcome> {
    let look = Look::of_plan(plan)?;
    let terminal = Terminal::default();
    let environment = Environment {
        now,
        console: &terminal,
    };
    let ingested = run::ingest(lake, plan, &[], &environment)?;
    let complete = tell_missing(&ingested);
    if let Some(refusal) = too_many_rejects(lake, plan)? {
        console::error(&refusal.into());
        return Ok(Outcome::Exports);
    }
    // What is wrong with the exports was said; that the lake is empty follows from it.
    let is_empty = lake.catalog.snapshot(DateTime::<Utc>::MAX_UTC)?.is_none();
    if is_empty && !complete {
        console::print("report: none is made, no export could be read")?;
        return Ok(Outcome::Exports);
    }
    // What this run has just taken in is known, even when the clock was set back since the last one.
    let as_of = args.as_of.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let mut made = None;
    run::reports(
        lake,
        plan,
        &look,
        slice::from_ref(period),
        as_of,
        |period, report| {
            let letters = run::freeze(plan, period, report)?;
            made = Some((report.digest.verdict.kind, report.digest.as_of));
            common::announce(report)?;
            Ok(console::print(&format!(
                "report {}: {letters} letters",
                period.label
            ))?)
        },
    )?;
    let Some((verdict, known_at)) = made else {
        bail!("no report was made of {}", period.label)
    };
    if verdict == VerdictKind::DataNotFit || !complete {
        let shown = plan.file.display();
        console::print(&format!(
            "send: held back, the data is not complete; `voronka send -p {shown} --period {}` sends it all the same",
            period.label
        ))?;
        return Ok(Outcome::Exports);
    }
    record.reported(lake, known_at)?;
    if args.no_send {
        return Ok(Outcome::Done);
    }
    let summary = run::send(lake, plan, period, transport, args.resend, &environment)?;
    Ok(if summary.is_incomplete() {
        Outcome::Unsent
    } else {
        Outcome::Done
    })
}

/// Says which exports have no files and which files could not be read; true when there are none of either.
pub fn tell_missing(ingested: &Ingested) -> bool {
    let mut complete = true;
    for export in ingested.without_files() {
        complete = false;
        let fault = Fault::new(format!("export \"{export}\": no file fits its patterns"));
        let hint = "put the export into its folder, or correct `files` in the pipeline";
        console::error(&fault.hint(hint).into());
    }
    for error in ingested.errors() {
        complete = false;
        console::error(error);
    }
    complete
}

/// The refusal to report on an export most of which could not be read.
pub fn too_many_rejects(lake: &Lake, plan: &Plan) -> Result<Option<Fault>> {
    let accounts = lake.catalog.accounts(DateTime::<Utc>::MAX_UTC)?;
    if accounts.is_empty() && plan.exports.is_empty() {
        let fault = Fault::usage(format!("the pipeline {} has no exports", plan.name));
        let hint = format!("add [[exports]] to {}", plan.file.display());
        return Err(fault.hint(hint).into());
    }
    for export in &plan.exports {
        let own = accounts.iter().filter(|(name, ..)| *name == export.name);
        let (read, rejected) = own.fold((0, 0), |sum, (.., file)| {
            (sum.0 + file.read, sum.1 + file.rejected)
        });
        let share = rejected as f64 / (read as f64).max(1.0);
        if share > plan.thresholds.max_reject_share {
            let fault = Fault::new(format!(
                "export \"{}\": {rejected} of {read} rows were rejected, more than {} allowed: no report is made",
                export.name, plan.thresholds.max_reject_share
            ));
            let hint =
                "look at the rejects printed on ingest, or raise `thresholds.max_reject_share`";
            return Ok(Some(fault.hint(hint)));
        }
    }
    Ok(None)
}
