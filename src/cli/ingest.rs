//! `voronka ingest`: exports into the lake, nothing else.

use std::path::PathBuf;

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::common::{self, PipelineArgs};
use super::console::Terminal;
use super::exit::Outcome;
use super::timings::TimingsArg;
use crate::model::fault;
use crate::run::{self, Environment, RunRecord, Stage};

/// Takes exports into the lake and prints an account of every file: rows read = kept + replaced + rejected.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka ingest -p pipelines/okna-sever.toml
  voronka ingest -p pipelines/okna-sever.toml exports/visits-2026-11.tsv.gz")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    #[command(flatten)]
    timings: TimingsArg,
    /// Only these files of the pipeline's exports
    files: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let mut lake = common::lake(&plan)?;
    let record = RunRecord::begin(&lake, &plan.name, "ingest", "", now)?;
    let terminal = Terminal::timed(&args.timings);
    let environment = Environment {
        now,
        console: &terminal,
    };
    let stage = Stage::begin("ingest");
    let ingested = run::ingest(&mut lake, &plan, &args.files, &environment);
    let outcome = ingested.and_then(|ingested| {
        let staged = stage.end(&terminal, ingested.files().count(), ingested.rows());
        staged.keep(&lake, &record)?;
        let lacking = run::tell_lacking(&ingested, &environment);
        let refusal = run::too_many_rejects(&lake, &plan)?;
        let is_fit = lacking.is_none() && refusal.is_none();
        if let Some(refusal) = refusal {
            super::console::error(&refusal.into());
        }
        Ok(if is_fit {
            Outcome::Done
        } else {
            Outcome::Exports
        })
    });
    run::upkeep(&lake, &plan, &record, &environment);
    let code = outcome
        .as_ref()
        .map_or_else(fault::exit_code, |outcome| outcome.code());
    record.end(&lake, code, "")?;
    outcome
}
