//! `voronka report`: reports from what is in the lake.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::common::{self, PipelineArgs};
use super::console::{self, Terminal};
use super::exit::Outcome;
use super::timings::TimingsArg;
use crate::digest::VerdictKind;
use crate::output::Look;
use crate::run::{self, Stage};

/// Makes reports from what is in the lake and freezes their letters; reads no export and sends nothing.
///
/// The same lake, period and knowledge time give the same bytes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka report -p pipelines/okna-sever.toml --period 2026-W46
  voronka report -p pipelines/okna-sever.toml --period 2026-W40..2026-W46
  voronka report -p pipelines/okna-sever.toml --period 2026-W46 --as-of 2026-11-16T07:00:00Z")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    #[command(flatten)]
    timings: TimingsArg,
    /// A period, or a run of equal ones: 2026-W46, 2026-11, 2026-W40..2026-W46
    #[arg(long)]
    period: String,
    /// Only what was known by then: 2026-11-16 or 2026-11-16T07:00:00Z
    #[arg(long, value_name = "TIME", value_parser = common::as_of)]
    as_of: Option<DateTime<Utc>>,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let look = Look::of_plan(&plan)?;
    let lake = common::lake(&plan)?;
    let periods = common::periods(&plan, &lake, &args.period, now)?;
    let mut is_fit = true;
    let mut whole = run::WholeHealth::default();
    let stage = Stage::begin("report");
    run::reports(
        &lake,
        &plan,
        &look,
        &periods,
        args.as_of.unwrap_or(DateTime::<Utc>::MAX_UTC),
        |period, report| {
            run::freeze(&lake, &plan, period, report)?;
            whole.note(period, report);
            is_fit &= report.digest.verdict.kind != VerdictKind::DataNotFit;
            common::announce(report)
        },
    )?;
    let as_of = args.as_of.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let spans = (&*periods, as_of);
    run::reports_of_views(&lake, &plan, spans, &whole, |plan, period, report| {
        run::freeze_also(&lake, plan, period, report)?;
        console::print(&run::announced_view(plan, report))?;
        Ok(())
    })?;
    stage.end(&Terminal::timed(&args.timings), periods.len(), 0);
    Ok(if is_fit {
        Outcome::Done
    } else {
        Outcome::Exports
    })
}
