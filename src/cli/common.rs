//! Arguments that several commands share, and what they resolve to.

use std::path::PathBuf;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use super::console;
use crate::config::{self, Plan};
use crate::lake::Lake;
use crate::model::fault::Fault;
use crate::model::period::Period;
use crate::model::zone;
use crate::run::{self, Report};

/// The pipeline and where its reports go.
#[derive(Debug, clap::Args)]
pub struct PipelineArgs {
    /// The pipeline file
    #[arg(short, long, value_name = "FILE")]
    pub pipeline: PathBuf,
    /// Write reports here instead of the pipeline's own folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

impl PipelineArgs {
    /// Reads and checks the pipeline.
    pub fn plan(&self) -> Result<Plan> {
        let mut plan = config::load(&self.pipeline)?;
        if let Some(out) = &self.out {
            plan.out = std::path::absolute(out)?;
        }
        Ok(plan)
    }
}

/// The day that a local clock shows: what `last-week` counts from.
pub fn today(plan: &Plan, now: DateTime<Utc>) -> NaiveDate {
    zone::local_day(now, plan.zone)
}

/// The periods that a text names: weeks as the plan tells them apart, a month to date up to the last day that is known.
pub fn periods(plan: &Plan, lake: &Lake, text: &str, now: DateTime<Utc>) -> Result<Vec<Period>> {
    let mut periods = Period::parse_run(text, today(plan, now))?;
    if Period::is_to_date(text) {
        for period in &mut periods {
            *period = run::as_far_as_known(lake, period)?;
        }
    }
    Ok(run::as_plan_has_weeks(plan, periods))
}

/// The one period that a text names.
pub fn period(plan: &Plan, lake: &Lake, text: &str, now: DateTime<Utc>) -> Result<Period> {
    // Of a run, and of a week that is cut in two, it is the last.
    let mut periods = periods(plan, lake, text, now)?;
    match (periods.pop(), periods.is_empty()) {
        (Some(period), true) => Ok(period),
        (last, _) => {
            let parts: Vec<String> = periods
                .into_iter()
                .chain(last)
                .map(|part| part.label)
                .collect();
            let message = format!("\"{text}\" is {} periods, and one is wanted", parts.len());
            Err(Fault::usage(message)
                .hint(format!("one of {}", parts.join(", ")))
                .into())
        }
    }
}

/// The lake of a plan.
pub fn lake(plan: &Plan) -> Result<Lake> {
    Lake::open(&plan.lake)
}

/// Reads a knowledge time: RFC 3339, or a day, which means its end in UTC.
pub fn as_of(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Ok(instant.with_timezone(&Utc));
    }
    let day: NaiveDate = text
        .parse()
        .map_err(|_| "expected 2026-11-16 or 2026-11-16T07:00:00Z".to_owned())?;
    day.and_hms_opt(23, 59, 59)
        .map(|time| time.and_utc())
        .ok_or_else(|| "no such time".to_owned())
}

/// Says what a finished report says, and where it lies.
pub fn announce(report: &Report) -> Result<()> {
    for line in run::announced(report) {
        console::print(&line)?;
    }
    Ok(())
}
