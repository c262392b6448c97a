//! The lake into a diagnosis: facts and observations, scorecard, causes, digest. A pure function of lake, pipeline, period.

use anyhow::{Context, Result, bail};
use chrono::{DateTime, TimeDelta, Utc};

use super::report::{format_tables, metric_settings, rejects};
use super::restated::restated;
use crate::config::Plan;
use crate::diagnosis::calibration::Calibration;
use crate::diagnosis::case::{Case, DiagnosisSettings};
use crate::diagnosis::{self, Diagnosis, Worth};
use crate::digest::language::Strings;
use crate::digest::{Digest, DigestMeta};
use crate::lake::Lake;
use crate::marts::{self, Known};
use crate::metrics::{self, scorecard::Scorecard};
use crate::model::observations::Observations;
use crate::model::period::Period;
use crate::model::zone;

/// A period with its numbers, its causes and the digest that is made of them.
pub struct Examined {
    /// All that the digest holds.
    pub digest: Digest,
    /// The diagnosis with its uncalibrated scores, which the digest leaves out.
    pub diagnosis: Diagnosis,
}

/// What a lake knew, read once for any number of periods of a pipeline.
pub struct Examiner<'a> {
    known: Known<'a>,
    lake: &'a Lake,
    plan: &'a Plan,
    strings: &'a Strings,
    batch: i64,
    known_at: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
}

impl<'a> Examiner<'a> {
    /// Reads what the lake knew by `as_of`, without anything that happened at `until` or later.
    ///
    /// # Errors
    /// When the lake is empty or cannot be read.
    pub fn open(
        lake: &'a Lake,
        plan: &'a Plan,
        strings: &'a Strings,
        as_of: DateTime<Utc>,
        until: Option<DateTime<Utc>>,
    ) -> Result<Self> {
        let Some((batch, known_at)) = lake.catalog.snapshot(as_of)? else {
            bail!(
                "the lake {} holds nothing as of {}\nhint: run `voronka ingest -p {}` first",
                lake.dir.display(),
                as_of.format("%Y-%m-%d %H:%M:%S UTC"),
                plan.file.display()
            );
        };
        let known = Known::load(lake, plan, &format_tables(plan)?, known_at, until).context("read the lake")?;
        Ok(Self { known, lake, plan, strings, batch, known_at, until })
    }

    /// Examines a period.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub fn examine(&self, period: &Period) -> Result<Examined> {
        let (lake, plan, known_at) = (self.lake, self.plan, self.known_at);
        let mut facts = marts::facts(&self.known, period).context("make the facts")?;
        let seen = marts::observe(&self.known, period).context("make the observations")?;
        facts.daily = seen.daily_sessions();
        let scorecard = metrics::scorecard(&facts, &metric_settings(plan, self.strings, &facts)?);
        let diagnosis = diagnose(plan, &scorecard, &seen);
        let mut meta = DigestMeta::of(&plan.settings, known_at, format!("batch-{}", self.batch));
        meta.rejects = rejects(lake, known_at)?;
        // A period that is looked at as it was then has no later numbers.
        if self.until.is_none() {
            meta.restated = restated(lake, plan, &self.known, period, known_at)?;
            meta.report_version += u32::from(meta.restated.first().is_some_and(|first| first.period == *period));
        }
        Ok(Examined { digest: Digest::new(scorecard, Some(diagnosis.clone()), meta), diagnosis })
    }
}

/// Examines one period by what the lake knew by `as_of`.
///
/// # Errors
/// When the lake is empty or cannot be read.
pub fn examine(lake: &Lake, plan: &Plan, strings: &Strings, period: &Period, as_of: DateTime<Utc>) -> Result<Examined> {
    Examiner::open(lake, plan, strings, as_of, None)?.examine(period)
}

/// Examines a past period as it would have been seen on the morning after it: nothing later is looked at.
///
/// # Errors
/// As [`examine`].
pub fn examine_then(
    lake: &Lake,
    plan: &Plan,
    strings: &Strings,
    period: &Period,
    as_of: DateTime<Utc>,
) -> Result<Examined> {
    let morning = zone::day_start(period.to, plan.zone) + TimeDelta::hours(24);
    Examiner::open(lake, plan, strings, as_of, Some(morning))?.examine(period)
}

fn diagnose(plan: &Plan, scorecard: &Scorecard, seen: &Observations) -> Diagnosis {
    let settings = DiagnosisSettings {
        min_events: f64::from(plan.thresholds.min_events) / 2.0,
        base_periods: plan.thresholds.base_periods,
        fdr: plan.thresholds.channels_fdr,
        alpha: plan.thresholds.alpha,
        smallest_loss: plan.diagnosis.smallest_loss,
        mature_days: plan.sales.mature_days,
        horizon_days: plan.sales.horizon_days,
    };
    let case = Case::new(seen, &settings);
    diagnosis::diagnose(&case, &worth(scorecard), Calibration::shipped())
}

/// What an inquiry is worth: the usual second conversion and the average check.
fn worth(scorecard: &Scorecard) -> Worth {
    let cohort = scorecard.mature_cohort.as_ref();
    Worth {
        conv2: cohort.and_then(|cohort| cohort.usual).or(scorecard.total.conv2.expected_final),
        average_check: scorecard.total.costs.average_check.map(|check| check.major()),
    }
}
