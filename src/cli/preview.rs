//! `voronka preview`: a report to be looked at, without letters.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::common::{self, PipelineArgs};
use super::console;
use super::exit::Outcome;
use crate::model::fault::Fault;
use crate::output::Look;
use crate::run;

/// Makes a report with everything in it from what is in the lake, and touches no letter: neither makes nor sends any.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka preview -p pipelines/okna-sever.toml --period 2026-W46
  voronka preview -p pipelines/okna-sever.toml --period 2026-W46 --open     and shows it in the browser")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// A period, or a run of equal ones: 2026-W46, 2026-11, 2026-W40..2026-W46, last-week
    #[arg(long)]
    period: String,
    /// Only what was known by then: 2026-11-16 or 2026-11-16T07:00:00Z
    #[arg(long, value_name = "TIME", value_parser = common::as_of)]
    as_of: Option<DateTime<Utc>>,
    /// Show the last of them in the browser
    #[arg(long)]
    open: bool,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let look = Look::of_plan(&plan)?;
    let lake = common::lake(&plan)?;
    let periods = common::periods(&plan, &lake, &args.period, now)?;
    let as_of = args.as_of.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let mut last = None;
    let mut whole = run::WholeHealth::default();
    run::reports(&lake, &plan, &look, &periods, as_of, |period, report| {
        whole.note(period, report);
        last = Some(report.dir.join("report.html"));
        common::announce(report)
    })?;
    let spans = (&*periods, as_of);
    run::reports_of_views(&lake, &plan, spans, &whole, |plan, _, report| {
        Ok(console::print(&run::announced_view(plan, report))?)
    })?;
    if let Some(page) = last.filter(|_| args.open) {
        open(&page)?;
    }
    Ok(Outcome::Done)
}

/// Hands a page to whatever shows pages on this system, and does not wait for it.
fn open(page: &Path) -> Result<()> {
    let (program, words): (&str, &[&str]) = match std::env::consts::OS {
        "windows" => ("cmd", &["/C", "start", ""]),
        "macos" => ("open", &[]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(program);
    command
        .args(words)
        .arg(page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    match command.spawn() {
        Ok(_) => Ok(()),
        Err(error) => {
            let fault = Fault::new(format!("cannot start `{program}`")).because(error);
            let hint = format!("open {} in a browser", page.display());
            Err(fault.hint(hint).into())
        }
    }
}
