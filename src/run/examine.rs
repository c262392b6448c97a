//! The lake into a digest: facts and observations, scorecard, causes. A pure function of lake, pipeline and period.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta, Utc};

use super::followup::followup;
use super::restated::{restated, version};
use super::settings;
use crate::config::Plan;
use crate::config::plan::ExportPlan;
use crate::config::rules::AttributionModel;
use crate::diagnosis::case::Case;
use crate::diagnosis::weigh::calibration::Calibration;
use crate::diagnosis::{self, Diagnosis, Worth};
use crate::digest::language::Strings;
use crate::digest::{Digest, DigestMeta, Reject, VerdictKind, check_days};
use crate::ingest::formats;
use crate::lake::{Lake, nameless};
use crate::marts::sources::FormatTables;
use crate::marts::{self, Known, ModelCredit, Stored};
use crate::metrics::ads::Ads;
use crate::metrics::{self, scorecard::Scorecard};
use crate::model::channel::ChannelId;
use crate::model::data_fault::DataFault;
use crate::model::facts::{Facts, SourceState};
use crate::model::fault::Fault;
use crate::model::period::Period;
use crate::model::restriction::Restriction;
use crate::model::table::Table;
use crate::model::zone;

/// A period with its numbers, its causes and the digest that is made of them.
pub struct Examined {
    /// All that the digest holds.
    pub digest: Digest,
    /// The diagnosis with its uncalibrated scores, which the digest leaves out.
    pub diagnosis: Diagnosis,
}

/// What a lake held as of one time, read once for any number of periods of a pipeline.
pub struct Snapshot<'a> {
    stored: Stored<'a>,
    pub(super) lake: &'a Lake,
    pub(super) plan: &'a Plan,
    batch: i64,
    pub(super) known_at: DateTime<Utc>,
    pub(super) as_of: DateTime<Utc>,
    /// Of a view: what is known of the exports as a whole, by period.
    whole: Option<&'a BTreeMap<String, Vec<SourceState>>>,
}

impl<'a> Snapshot<'a> {
    /// Reads what the lake held by `as_of`.
    ///
    /// # Errors
    /// When the lake is empty or cannot be read.
    pub fn open(lake: &'a Lake, plan: &'a Plan, as_of: DateTime<Utc>) -> Result<Self> {
        let Some((batch, known_at)) = lake.catalog.snapshot(as_of)? else {
            let by_then = if as_of == DateTime::<Utc>::MAX_UTC {
                String::new()
            } else {
                format!(" as of {}", as_of.format("%Y-%m-%d %H:%M:%S UTC"))
            };
            let lake = lake.dir.display();
            let fault = Fault::new(format!("the lake {lake} holds nothing{by_then}"));
            let hint = format!("run `voronka ingest -p {}` first", plan.file.display());
            return Err(fault.hint(hint).into());
        };
        if lake.horizon()?.is_some_and(|horizon| as_of < horizon) {
            return Err(too_long_ago(lake, as_of).into());
        }
        let stored =
            Stored::load(lake, plan, &format_tables(plan)?, known_at).context("read the lake")?;
        Ok(Self {
            stored,
            lake,
            plan,
            batch,
            known_at,
            as_of,
            whole: None,
        })
    }

    /// The same of a view, with what is known of the exports as a whole, by period.
    pub(super) fn within(self, whole: &'a BTreeMap<String, Vec<SourceState>>) -> Self {
        Self {
            whole: Some(whole),
            ..self
        }
    }

    /// What it read.
    pub(super) fn stored(&self) -> &Stored<'_> {
        &self.stored
    }

    /// The inquiries of a period by channel and attribution model.
    pub fn credit_by_model(
        &self,
        period: &Period,
    ) -> BTreeMap<ChannelId, [ModelCredit; AttributionModel::ALL.len()]> {
        marts::credit_by_model(&Known::at(&self.stored, None), period)
    }

    /// Examines a period by everything that the snapshot holds.
    pub fn examiner(&'a self, strings: &'a Strings) -> Examiner<'a> {
        Examiner {
            snapshot: self,
            known: Known::at(&self.stored, None),
            strings,
        }
    }

    /// Examines a past period by what was known at a time.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub(super) fn examine_at(
        &self,
        strings: &Strings,
        period: &Period,
        known_at: DateTime<Utc>,
    ) -> Result<Examined> {
        Examiner {
            snapshot: self,
            known: Known::at(&self.stored, Some(known_at)),
            strings,
        }
        .examine(period)
    }

    /// Examines a past period as it would have been seen on the morning after it: nothing later is looked at.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub fn examine_then(&'a self, strings: &'a Strings, period: &Period) -> Result<Examined> {
        let morning = zone::day_start(period.to, self.plan.zone) + TimeDelta::hours(24);
        self.examine_at(strings, period, morning)
    }
}

/// The refusal to know as of a time whose files were removed.
fn too_long_ago(lake: &Lake, as_of: DateTime<Utc>) -> Fault {
    let (lake, time) = (lake.dir.display(), as_of.format("%Y-%m-%d %H:%M:%S UTC"));
    let message = format!("what the lake {lake} held as of {time} was removed by `voronka vacuum`");
    Fault::new(message).hint(
        "take a later time, or a backup of the lake; `lake.keep_days` says how far back is kept",
    )
}

/// What was known at one time, for any number of periods.
pub struct Examiner<'a> {
    pub(super) snapshot: &'a Snapshot<'a>,
    known: Known<'a>,
    pub(super) strings: &'a Strings,
}

impl Examiner<'_> {
    /// The numbers of a period, without causes and without what was to be expected.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub fn scorecard(&self, period: &Period) -> Result<Scorecard> {
        let facts = marts::facts(&self.known, period).context("make the facts")?;
        let settings = settings::of_metrics(self.snapshot.plan, self.strings, &facts);
        Ok(metrics::scorecard(&facts, &settings))
    }

    /// The numbers of a period by itself, compared with nothing: what its rows say and no more.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub(super) fn alone(&self, period: &Period) -> Result<Scorecard> {
        let facts = marts::facts_alone(&self.known, period).context("make the facts")?;
        let settings = settings::of_metrics(self.snapshot.plan, self.strings, &facts);
        Ok(metrics::scorecard(&facts, &settings))
    }

    /// Whether other files hold the rows that a period is counted of than at a time.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub(super) fn has_changed_since(&self, period: &Period, then: DateTime<Utc>) -> Result<bool> {
        marts::has_changed(&self.known, period, then)
    }

    /// Advertising in detail over the periods of the facts.
    fn ads(&self, facts: &Facts) -> Result<Ads> {
        let plan = self.snapshot.plan;
        let periods: Vec<Period> = facts
            .periods
            .iter()
            .map(|known| known.period.clone())
            .collect();
        let counted = marts::ads(&self.known, &periods).context("count the advertising")?;
        // Sales are known up to an instant, not beyond: at midnight the last whole day is the one before.
        let last_second = facts.known_until - TimeDelta::seconds(1);
        let has_cohorts = facts.has_deals && facts.sales_are_traced;
        let last_day = has_cohorts.then(|| zone::local_day(last_second, plan.zone));
        let settings = settings::of_metrics(plan, self.strings, facts);
        Ok(metrics::ads::ads(&counted, last_day, &settings))
    }

    /// Examines a period.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub fn examine(&self, period: &Period) -> Result<Examined> {
        let Snapshot {
            lake,
            plan,
            batch,
            known_at,
            ..
        } = self.snapshot;
        let mut facts = marts::facts(&self.known, period).context("make the facts")?;
        let mut seen = marts::observe(&self.known, period).context("make the observations")?;
        facts.daily = seen.daily_sessions();
        let mut scorecard =
            metrics::scorecard(&facts, &settings::of_metrics(plan, self.strings, &facts));
        let whole = self
            .snapshot
            .whole
            .and_then(|whole| whole.get(&period.label));
        if let Some(whole) = whole {
            tell_faults_of_all(&mut scorecard.data_health, whole, &plan.view.rows);
        }
        // Clicks that are not all there, or are those of another week, would accuse the counter of what their export did.
        let in_doubt = metrics::channels_of_doubtful_costs(&facts.costs_of, &scorecard.data_health);
        seen = seen.without_ads_of(&in_doubt);
        let ads = self.ads(&facts)?;
        let slices = metrics::slices::slices(
            &seen,
            &marts::deal_slices(&self.known, period),
            &settings::of_metrics(plan, self.strings, &facts),
        );
        let settings = settings::of_diagnosis(plan);
        let case = Case::new(&seen, &settings);
        let mut diagnosis = diagnosis::diagnose(&case, &worth(&scorecard), Calibration::shipped());
        if let Some(satisfaction) = &scorecard.satisfaction {
            diagnosis::tell_dissatisfaction(&mut diagnosis, satisfaction);
        }
        let mut meta = DigestMeta::new(
            settings::pipeline_info(plan, self.strings),
            settings::definitions(plan),
            *known_at,
            format!("batch-{batch}"),
        );
        meta.pipeline.exports = export_titles(lake, plan, self.strings, *known_at)?;
        (meta.ads, meta.slices) = (ads, slices);
        meta.check_days = check_days(
            &seen.calendar,
            zone::local_day(*known_at, plan.zone),
            period,
        );
        // How many rows of all cannot be read is known to those alone who see all.
        if plan.view.rows.is_none() {
            meta.rejects = rejects(lake, *known_at)?;
            meta.nameless = nameless::known(lake.catalog.connection(), *known_at)?;
            meta.nameless.extend(self.known.nameless());
        }
        // A period that is looked at as it was then has no later numbers.
        if !self.known.is_of_the_past() {
            meta.followup = followup(self.snapshot, self.strings, period, &case, &diagnosis)?;
            meta.restated = restated(self, period)?;
            meta.report_version = version(self, period, &meta.restated)?;
        }
        let mut digest = Digest::new(scorecard, Some(diagnosis.clone()), meta);
        // What is not in the data is no sign that it is over.
        if let Some(followup) = &mut digest.followup
            && digest.verdict.kind == VerdictKind::DataNotFit
        {
            (followup.goes_on, followup.counted) = (None, None);
        }
        Ok(Examined { digest, diagnosis })
    }
}

/// Tells a view what is wrong with its exports as a whole, where it does not see the same itself.
fn tell_faults_of_all(seen: &mut [SourceState], whole: &[SourceState], view: &Restriction) {
    for source in seen {
        let same = whole.iter().find(|known| known.source == source.source);
        for fault in same.into_iter().flat_map(|known| &known.data_faults) {
            let is_of_others = match fault {
                DataFault::Clicks { channel, .. } => !view.sees_channel(channel),
                _ => false,
            };
            let mut told = source.data_faults.iter();
            if !is_of_others && told.all(|told| told.kind() != fault.kind()) {
                source.data_faults.push(fault.of_all());
            }
        }
    }
}

/// What an inquiry is worth: the usual second conversion and the average check.
fn worth(scorecard: &Scorecard) -> Worth {
    let cohort = scorecard.mature_cohort.as_ref();
    Worth {
        conv2: cohort
            .and_then(|cohort| cohort.usual)
            .or(scorecard.total.conv2.expected_final),
        average_check: scorecard
            .total
            .costs
            .average_check
            .map(|check| check.major()),
    }
}

/// The table that each format feeds, for exports of which nothing has arrived yet.
fn format_tables(plan: &Plan) -> Result<FormatTables> {
    let formats = formats::load_all(&plan.formats)?;
    Ok(formats
        .into_iter()
        .filter_map(|format| Some((format.name, Table::named(&format.table)?)))
        .collect())
}

/// What people call each export: its own title, else the usual one of the format that its files were read by, or that of a
/// format of one's own. Two of one title are
/// told apart by their names.
fn export_titles(
    lake: &Lake,
    plan: &Plan,
    strings: &Strings,
    as_of: DateTime<Utc>,
) -> Result<BTreeMap<String, String>> {
    let mut read_by: BTreeMap<String, String> = BTreeMap::new();
    for (export, _, file) in lake.catalog.accounts(as_of)? {
        read_by.insert(export, file.format);
    }
    let own = formats::own_titles(&plan.formats)?;
    let title = |export: &ExportPlan| {
        let format = read_by.get(&export.name).or(export.format.as_ref());
        let usual = || format.and_then(|format| strings.export(format));
        let of_own = || {
            format
                .and_then(|format| own.get(format))
                .map(String::as_str)
        };
        let title = export.title.as_deref().or_else(usual).or_else(of_own);
        title.unwrap_or(&export.name).to_owned()
    };
    let titles: Vec<(&str, String)> = plan
        .exports
        .iter()
        .map(|export| (export.name.as_str(), title(export)))
        .collect();
    let is_shared = |title: &str| titles.iter().filter(|(_, other)| other == title).count() > 1;
    let told = titles.iter().map(|(name, title)| {
        let title = match is_shared(title) && *name != title {
            true => format!("{title} ({name})"),
            false => title.clone(),
        };
        ((*name).to_owned(), title)
    });
    Ok(told.collect())
}

/// Rejected rows known as of then, by export.
fn rejects(lake: &Lake, as_of: DateTime<Utc>) -> Result<Vec<Reject>> {
    let mut rows: BTreeMap<String, u64> = BTreeMap::new();
    for (export, _, file) in lake.catalog.accounts(as_of)? {
        if file.rejected > 0 {
            *rows.entry(export).or_insert(0) += file.rejected;
        }
    }
    let reject = |(source, rows)| Reject {
        source,
        reason: "unreadable".to_owned(),
        rows,
    };
    Ok(rows.into_iter().map(reject).collect())
}
