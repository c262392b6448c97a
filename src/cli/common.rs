//! Arguments that several commands share, and what they resolve to.

use std::path::PathBuf;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use super::console;
use crate::config::{self, Plan};
use crate::lake::Lake;
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

/// One period of a plan.
pub fn period(plan: &Plan, text: &str, now: DateTime<Utc>) -> Result<Period> {
    Ok(Period::parse(text, today(plan, now))?)
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
