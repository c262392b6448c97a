//! `voronka tick`: whatever is due, once.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

use super::console::{self, Terminal};
use super::exit::Outcome;
use crate::config;
use crate::delivery::Transport;
use crate::model::fault::{self, Fault};
use crate::run::{self, Environment, Ticked};

/// Does what is due now by the schedules of pipelines, once: for cron and systemd timers. Run it as often as you like.
///
/// A digest is made once for each period. While its exports are not there it waits for them, and every tick looks again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka tick pipelines/okna-sever.toml
  voronka tick pipelines/                  every pipeline in a folder that has a schedule
  voronka tick pipelines/ --jobs 4         four firms at a time, each with the memory of one report")]
pub struct Args {
    /// Pipeline files, or folders of them
    #[arg(required = true, value_name = "FILE|DIR")]
    pub pipelines: Vec<PathBuf>,
    /// How many pipelines at a time
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub jobs: usize,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let files = pipelines(&args.pipelines)?;
    let ends = tick_all(&files, args.jobs, now)?;
    let worst = ends.iter().map(|end| end.outcome).max();
    Ok(worst.unwrap_or(Outcome::Done))
}

/// How the tick of one pipeline ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TickEnd {
    /// The pipeline, by its file.
    pub pipeline: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What became of its digests.
    pub ticked: Ticked,
}

/// Ticks every pipeline, and says how each ended, by file. One that fails keeps no other from its turn.
pub fn tick_all(files: &[PathBuf], jobs: usize, now: DateTime<Utc>) -> Result<Vec<TickEnd>> {
    let transport = Transport::from_env()?;
    let next = AtomicUsize::new(0);
    let ends = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, files.len().max(1)) {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let end = tick_one(file, &transport, now);
                    ends.lock().expect("no thread panics with it").push(end);
                }
            });
        }
    });
    let mut ends = ends.into_inner().expect("all threads have ended");
    ends.sort_by(|one: &TickEnd, other| one.pipeline.cmp(&other.pipeline));
    Ok(ends)
}

fn tick_one(file: &Path, transport: &Transport, now: DateTime<Utc>) -> TickEnd {
    let terminal = Terminal::default();
    let environment = Environment {
        now,
        console: &terminal,
    };
    let plan = config::load(file).map_err(anyhow::Error::from);
    let ticked = plan.and_then(|plan| run::tick(&plan, transport, &environment));
    let outcome = match &ticked {
        Ok(ticked) => outcome(*ticked),
        Err(error) => {
            console::error(error);
            match fault::exit_code(error) {
                2 => Outcome::Misused,
                _ => Outcome::Failed,
            }
        }
    };
    TickEnd {
        pipeline: file.display().to_string(),
        outcome,
        ticked: ticked.unwrap_or_default(),
    }
}

fn outcome(ticked: Ticked) -> Outcome {
    match ticked {
        Ticked { unsent: 1.., .. } => Outcome::Unsent,
        Ticked { given_up: 1.., .. } => Outcome::Exports,
        _ => Outcome::Done,
    }
}

/// The pipeline files that are meant: of a folder, those of its `.toml` files that are pipelines with a schedule.
pub fn pipelines(given: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in given {
        if path.is_dir() {
            files.extend(in_folder(path)?);
        } else {
            files.push(path.clone());
        }
    }
    if files.is_empty() {
        let fault = Fault::usage("no pipeline there has a [schedule]");
        let hint = "write one into a pipeline, for example weekly = \"Monday 08:00\"";
        return Err(fault.hint(hint).into());
    }
    Ok(files)
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = || format!("read the folder {}", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(read)? {
        let path = entry.with_context(read)?.path();
        if path.extension().is_some_and(|suffix| suffix == "toml") && config::is_scheduled(&path) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
