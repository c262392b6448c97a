//! `voronka attribution`: the six attribution models side by side.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::common::{self, PipelineArgs};
use super::console;
use super::exit::Outcome;
use crate::config::rules::AttributionModel;
use crate::model::period::Period;
use crate::run;

/// Prints the inquiries and the sales of each channel as every attribution model has them, as CSV.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  voronka attribution -p pipelines/okna-sever.toml --period 2026-W46
  voronka attribution -p pipelines/okna-sever.toml --period 2026-10 > models.csv")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
    /// A period: 2026-W46, 2026-11, 2026-Q4, 2026-11-09..2026-11-15
    #[arg(long)]
    period: String,
    /// Only what was known by then: 2026-11-16 or 2026-11-16T07:00:00Z
    #[arg(long, value_name = "TIME", value_parser = common::as_of)]
    as_of: Option<DateTime<Utc>>,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    let lake = common::lake(&plan)?;
    let period = Period::parse(&args.period, common::today(&plan, now))?;
    let known_at = args.as_of.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let snapshot = run::Snapshot::open(&lake, &plan, known_at)?;
    let models = AttributionModel::ALL;
    let names = |measure: &str| {
        let named = models.map(|model| format!("{measure}_{}", model.name()));
        named.join(",")
    };
    console::print(&format!(
        "channel,{},{}",
        names("inquiries"),
        names("sales")
    ))?;
    for (channel, credits) in snapshot.credit_by_model(&period) {
        let inquiries = credits.iter().map(|credit| credit.inquiries);
        let sales = credits.iter().map(|credit| credit.sales);
        let cells: Vec<String> = inquiries.chain(sales).map(shown).collect();
        console::print(&format!("{channel},{}", cells.join(",")))?;
    }
    Ok(Outcome::Done)
}

/// Parts of inquiries to four places, whole ones without any.
fn shown(count: f64) -> String {
    let rounded = (count * 1e4).round() / 1e4;
    (rounded + 0.0).to_string()
}
