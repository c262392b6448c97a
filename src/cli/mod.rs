//! The command line: one file per command, exit codes, errors for the person who has to act.

mod answer;
mod attribution;
mod backtest;
mod check;
mod common;
mod completions;
mod console;
mod diagnose;
mod diff;
mod exit;
mod explain;
mod formats;
mod health;
mod ingest;
mod inspect;
mod install;
mod localise;
mod man;
mod outbox;
mod preview;
mod recipients;
mod report;
mod run;
mod runs;
mod sample;
mod schedule;
mod send;
mod serve;
mod table;
mod tick;
mod timings;
mod vacuum;

#[cfg(test)]
mod help_tests;

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};

use self::exit::Outcome;
use crate::model::fault;

/// Voronka reads the exports that a business already has and mails a weekly digest of its funnel: visits, inquiries,
/// sales, by channel.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, arg_required_else_help = true, after_help = EXAMPLES)]
pub struct Cli {
    /// The present, instead of the clock (RFC 3339): for tests and for rerunning exactly
    #[arg(long, global = true, hide = true, value_name = "TIME")]
    now: Option<DateTime<Utc>>,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "Examples:
  voronka run -p pipelines/okna-sever.toml --period 2026-W46   the main job: ingest, report, send
  voronka run -p pipelines/okna-sever.toml                     the same for last week
  voronka inspect exports/*.csv                                what a file is, and what would be rejected
  voronka check -p pipelines/okna-sever.toml                   is everything ready? sends nothing

Exit codes: 0 done; 1 a failure inside; 2 usage or configuration; 3 exports missing, stale or too many rejects;
4 report made, some mail not sent. A drop found is not a failure.";

#[derive(Debug, Subcommand)]
enum Command {
    /// The main job: take the exports in, make the report of a period, mail it
    Run(run::Args),
    /// Take exports into the lake
    Ingest(ingest::Args),
    /// Make reports from what is in the lake; send nothing
    Report(report::Args),
    /// Make reports to be looked at; touch no letter
    Preview(preview::Args),
    /// Mail a report that is made; never twice to one reader unless told
    Send(send::Args),
    /// Say on the terminal what changed in a period and why, with every test
    Diagnose(diagnose::Args),
    /// Run the diagnosis on past periods as they would have been known then
    Backtest(backtest::Args),
    /// Explain a cause: what it means, how it is found, what to check
    Explain(explain::Args),
    /// Print measures by period and channel, campaign, page or manager, as CSV or parquet
    Table(table::Args),
    /// Print inquiries and sales by channel as every attribution model has them, as CSV
    Attribution(attribution::Args),
    /// Print what is known differently of a period at two times, cell by cell
    Diff(diff::Args),
    /// Tell what files are: format, columns, what would be rejected; draft a format for unknown ones
    Inspect(inspect::Args),
    /// List the formats that are known, or print one to copy
    Formats(formats::Args),
    /// Name the segments of a table of counts that explain a drop
    Localise(localise::Args),
    /// Note what became of a check that a report asked for
    Answer(answer::Args),
    /// Check a pipeline: settings, exports, lake, templates, mail server; sends nothing
    Check(check::Args),
    /// Do whatever is due by the schedules of pipelines, once: for cron and systemd timers
    Tick(tick::Args),
    /// Do whatever is due by the schedules of pipelines, in a loop
    Serve(serve::Args),
    /// Let systemd do whatever is due: write a timer and enable it
    Install(install::Args),
    /// Take that timer out again
    Uninstall(install::UninstallArgs),
    /// List the digests that were due and those that come next
    Schedule(schedule::Args),
    /// List letters, try them again, give them up, say what became of them
    Outbox(outbox::Args),
    /// List readers, leave one out, take one in again
    Recipients(recipients::Args),
    /// List what ran and what was sent to whom
    Runs(runs::Args),
    /// Remove files of the lake that newer ones replaced long ago
    Vacuum(vacuum::Args),
    /// Write exports of an invented firm, to try the product on
    Sample(sample::SampleArgs),
    /// Print completions for a shell
    Completions(completions::Args),
    /// Write the manual pages into a folder
    Man(man::Args),
}

/// Runs the command line and returns the exit code of the process.
pub fn main() -> u8 {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    console::start_logging();
    let now = cli.now.unwrap_or_else(Utc::now);
    let outcome = match cli.command {
        Command::Run(args) => run::run(&args, now),
        Command::Ingest(args) => ingest::run(&args, now),
        Command::Report(args) => report::run(&args, now),
        Command::Preview(args) => preview::run(&args, now),
        Command::Send(args) => send::run(&args, now),
        Command::Diagnose(args) => diagnose::run(&args, now),
        Command::Backtest(args) => backtest::run(&args, now),
        Command::Explain(args) => explain::run(&args),
        Command::Table(args) => table::run(&args, now),
        Command::Attribution(args) => attribution::run(&args, now),
        Command::Diff(args) => diff::run(&args, now),
        Command::Formats(args) => formats::run(&args),
        Command::Inspect(args) => inspect::run(&args, now),
        Command::Localise(args) => localise::run(&args),
        Command::Answer(args) => answer::run(&args, now),
        Command::Check(args) => check::run(&args, now),
        Command::Tick(args) => tick::run(&args, now),
        Command::Serve(args) => serve::run(&args, cli.now),
        Command::Install(args) => install::run(&args),
        Command::Uninstall(args) => install::uninstall(&args),
        Command::Schedule(args) => schedule::run(&args, now),
        Command::Outbox(args) => outbox::run(&args, now),
        Command::Recipients(args) => recipients::run(&args, now),
        Command::Runs(args) => runs::run(&args, now),
        Command::Vacuum(args) => vacuum::run(&args, now),
        Command::Sample(args) => sample::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    };
    finish(outcome)
}

fn finish(outcome: anyhow::Result<Outcome>) -> u8 {
    match outcome {
        Ok(outcome) => outcome.code(),
        // Whoever reads our output has had enough: that is no failure of ours.
        Err(error) if exit::is_broken_pipe(&error) => 0,
        Err(error) => {
            console::error(&error);
            fault::exit_code(&error)
        }
    }
}
