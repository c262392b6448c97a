//! The main job: exports into the lake, the lake into a report, the report to its readers when its data are fit.

use std::{fmt, slice};

use anyhow::{Result, bail};
use chrono::{DateTime, Utc};

use super::account::RunRecord;
use super::environment::Environment;
use super::hooks::{self, Headline};
use super::ingest::{Ingested, ingest};
use super::report::{Report, WholeHealth, reports, reports_of_views};
use super::send::{freeze, freeze_also, send};
use super::stages::Stage;
use super::to_date::as_far_as_known;
use super::upkeep::upkeep;
use crate::config::Plan;
use crate::delivery::{Transport, Which};
use crate::digest::VerdictKind;
use crate::lake::Lake;
use crate::model::fault::{Fault, exit_code};
use crate::model::period::Period;
use crate::output::Look;

/// What a job is to do.
pub struct Job<'a> {
    /// The pipeline.
    pub plan: &'a Plan,
    /// How its reports look.
    pub look: &'a Look,
    /// The period to report.
    pub period: &'a Period,
    /// Whether the period is a month that ends with the last day that the exports reach.
    pub to_date: bool,
    /// What the report may know.
    pub as_of: DateTime<Utc>,
    /// How letters leave.
    pub transport: &'a Transport,
    /// Which letters leave.
    pub letters: Letters,
    /// Whether to make no report when no export has anything new.
    pub only_of_news: bool,
}

/// Which letters leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    /// None.
    Keep,
    /// Those of fit data, to whom has none of the period.
    WhenFit,
    /// Those of fit data, to all readers again.
    Again,
    /// All, whatever the data: they say what they lack.
    Always,
}

/// How a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobEnd {
    /// All that was asked for is done.
    Done,
    /// The report is made, some letters did not leave.
    Unsent,
    /// The letters left, as was asked, although the data are not fit: why not.
    SentUnfit(String),
    /// The report is made, its data are not fit and its letters were held back: why.
    HeldBack(String),
    /// No report could be made of the data: why.
    NoReport(String),
    /// No export had anything new, and only then a report was wanted.
    NothingNew,
}

impl JobEnd {
    /// The exit code of a command that ended so.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Done | Self::SentUnfit(_) | Self::NothingNew => 0,
            Self::HeldBack(_) | Self::NoReport(_) => 3,
            Self::Unsent => 4,
        }
    }
}

impl fmt::Display for JobEnd {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done => to.write_str("done"),
            Self::Unsent => to.write_str("unsent"),
            Self::NothingNew => to.write_str("nothing new"),
            Self::SentUnfit(reason) => write!(to, "sent unfit: {reason}"),
            Self::HeldBack(reason) => write!(to, "held back: {reason}"),
            Self::NoReport(reason) => write!(to, "no report: {reason}"),
        }
    }
}

impl Job<'_> {
    /// Does it, and keeps a record of it under the name of the command that asked.
    ///
    /// # Errors
    /// When a stage fails inside: nothing half-made is visible then.
    pub fn run(
        &self,
        lake: &mut Lake,
        command: &str,
        environment: &Environment<'_>,
    ) -> Result<JobEnd> {
        let (pipeline, label) = (&self.plan.name, &self.period.label);
        let record = RunRecord::begin(lake, pipeline, command, label, environment.now)?;
        let ended = self.stages(lake, &record, environment);
        upkeep(lake, self.plan, &record, environment);
        let (code, words) = match &ended {
            Ok(end) => (end.exit_code(), end.to_string()),
            Err(error) => (exit_code(error), format!("{error:#}")),
        };
        record.end(lake, code, &words)?;
        ended
    }

    fn stages(
        &self,
        lake: &mut Lake,
        record: &RunRecord,
        environment: &Environment<'_>,
    ) -> Result<JobEnd> {
        let stage = Stage::begin("ingest");
        let ingested = ingest(lake, self.plan, &[], environment)?;
        let (files, rows) = (ingested.files().count(), ingested.rows());
        stage
            .end(environment.console, files, rows)
            .keep(lake, record)?;
        if self.only_of_news && !ingested.has_news() {
            return Ok(JobEnd::NothingNew);
        }
        if self.to_date {
            let known = as_far_as_known(lake, self.period)?;
            let job = Job {
                period: &known,
                to_date: false,
                ..*self
            };
            return job.after_ingest(lake, record, &ingested, environment);
        }
        self.after_ingest(lake, record, &ingested, environment)
    }

    fn after_ingest(
        &self,
        lake: &mut Lake,
        record: &RunRecord,
        ingested: &Ingested,
        environment: &Environment<'_>,
    ) -> Result<JobEnd> {
        let lacking = tell_lacking(ingested, environment);
        if let Some(refusal) = too_many_rejects(lake, self.plan)? {
            let reason = refusal.to_string();
            environment.console.error(&refusal.into());
            return Ok(JobEnd::NoReport(reason));
        }
        // What is wrong with the exports was said; that the lake is empty follows from it.
        let is_empty = lake.catalog.snapshot(DateTime::<Utc>::MAX_UTC)?.is_none();
        if let (true, Some(reason)) = (is_empty, &lacking) {
            environment
                .console
                .line("report: none is made, no export could be read");
            return Ok(JobEnd::NoReport(reason.clone()));
        }
        let stage = Stage::begin("report");
        let made = self.report(lake, environment)?;
        stage.end(environment.console, 1, 0).keep(lake, record)?;
        let is_unfit = made.verdict == VerdictKind::DataNotFit;
        let unfit = lacking.or_else(|| is_unfit.then(|| made.subject.clone()));
        if let (Some(reason), true) = (&unfit, self.letters != Letters::Always) {
            let (shown, label) = (self.plan.file.display(), &self.period.label);
            environment.console.line(&format!(
                "send: held back, the data is not complete; `voronka send -p {shown} --period {label}` sends it all the same"
            ));
            return Ok(JobEnd::HeldBack(reason.clone()));
        }
        record.reported(lake, made.known_at)?;
        if self.letters == Letters::Keep {
            return Ok(JobEnd::Done);
        }
        let which = match self.letters {
            Letters::Again => Which::Again,
            Letters::Keep | Letters::WhenFit | Letters::Always => Which::New,
        };
        let stage = Stage::begin("send");
        let summary = send(
            lake,
            self.plan,
            self.period,
            self.transport,
            which,
            environment,
        )?;
        stage
            .end(environment.console, summary.all(), 0)
            .keep(lake, record)?;
        hooks::tell(lake, self.plan, &made.headline(self.period), environment)?;
        Ok(match (summary.is_incomplete(), unfit) {
            (true, _) => JobEnd::Unsent,
            (false, Some(reason)) => JobEnd::SentUnfit(reason),
            (false, None) => JobEnd::Done,
        })
    }

    /// Makes the report and freezes its letters.
    fn report(&self, lake: &Lake, environment: &Environment<'_>) -> Result<MadeReport> {
        let mut made = None;
        let mut whole = WholeHealth::default();
        let periods = slice::from_ref(self.period);
        reports(
            lake,
            self.plan,
            self.look,
            periods,
            self.as_of,
            |period, report| {
                let letters = freeze(lake, self.plan, period, report)?;
                made = Some(MadeReport::of(report));
                whole.note(period, report);
                let [says, lies] = announced(report);
                let letters = format!("report {}: {letters} letters", period.label);
                [says, lies, letters]
                    .iter()
                    .for_each(|line| environment.console.line(line));
                Ok(())
            },
        )?;
        let also = |plan: &Plan, period: &Period, report: &Report| {
            freeze_also(lake, plan, period, report)?;
            let line = announced_view(plan, report);
            environment.console.line(&line);
            Ok(())
        };
        reports_of_views(lake, self.plan, (periods, self.as_of), &whole, also)?;
        match made {
            Some(made) => Ok(made),
            None => bail!("no report was made of {}", self.period.label),
        }
    }
}

/// What is kept of a report that was made.
struct MadeReport {
    verdict: VerdictKind,
    subject: String,
    version: u32,
    known_at: DateTime<Utc>,
}

impl MadeReport {
    fn headline<'m>(&'m self, period: &'m Period) -> Headline<'m> {
        Headline {
            period: &period.label,
            version: self.version,
            verdict: self.verdict,
            subject: &self.subject,
        }
    }

    fn of(report: &Report) -> Self {
        Self {
            verdict: report.digest.verdict.kind,
            subject: report.rendered.subject.clone(),
            version: report.digest.report_version,
            known_at: report.digest.as_of,
        }
    }
}

/// What a finished report says, and where it lies.
pub fn announced(report: &Report) -> [String; 2] {
    let period = &report.digest.period.label;
    let (subject, page) = (&report.rendered.subject, report.dir.join("digest.html"));
    [subject.clone(), page.display().to_string()].map(|what| format!("report {period}: {what}"))
}

/// What a finished report of a view says, and to how many.
pub fn announced_view(plan: &Plan, report: &Report) -> String {
    let (view, readers) = (&plan.view.name, plan.delivery.to.len());
    let (period, subject) = (&report.digest.period.label, &report.rendered.subject);
    format!("report {period}, view {view}: {subject}, {readers} letters")
}

/// Says which exports have no files and which files could not be read; the first of it in one line, `None` when there is none
/// of either.
pub fn tell_lacking(ingested: &Ingested, environment: &Environment<'_>) -> Option<String> {
    let mut first = None;
    for export in ingested.without_files() {
        let message = format!("export \"{export}\": no file fits its patterns");
        first.get_or_insert_with(|| message.clone());
        let hint = "put the export into its folder, or correct `files` in the pipeline";
        environment
            .console
            .error(&Fault::new(message).hint(hint).into());
    }
    for error in ingested.errors() {
        first.get_or_insert_with(|| format!("{error:#}"));
        environment.console.error(error);
    }
    first
}

/// The refusal to report on an export most of which could not be read.
///
/// # Errors
/// When the lake cannot be read, or the pipeline has no exports at all.
pub fn too_many_rejects(lake: &Lake, plan: &Plan) -> Result<Option<Fault>> {
    let accounts = lake.catalog.accounts(DateTime::<Utc>::MAX_UTC)?;
    if accounts.is_empty() && plan.exports.is_empty() {
        let fault = Fault::usage(format!("the pipeline {} has no exports", plan.name));
        let hint = format!("add [[exports]] to {}", plan.file.display());
        return Err(fault.hint(hint).into());
    }
    for export in &plan.exports {
        let own = accounts.iter().filter(|(name, ..)| *name == export.name);
        // Rows whose time has not come are read again when it has: with them nothing is wrong.
        let (read, rejected) = own.fold((0, 0), |sum, (.., file)| {
            let wrong = file.rejected.saturating_sub(file.ahead);
            (sum.0 + file.read, sum.1 + wrong)
        });
        let share = rejected as f64 / (read as f64).max(1.0);
        if share > plan.thresholds.max_reject_share {
            let fault = Fault::new(format!(
                "export \"{}\": {rejected} of {read} rows were rejected, more than {} allowed: no report is made",
                export.name, plan.thresholds.max_reject_share
            ));
            let hint =
                "look at the rejects printed on ingest, or raise `thresholds.max_reject_share`";
            return Ok(Some(fault.hint(hint)));
        }
    }
    Ok(None)
}
