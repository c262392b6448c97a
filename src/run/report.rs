//! Digests into reports: drawn, and written to their folders.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

use super::examine::{Examined, Snapshot};
use crate::config::Plan;
use crate::digest::Digest;
use crate::lake::Lake;
use crate::model::facts::SourceState;
use crate::model::period::Period;
use crate::output::{self, Look, Rendered};

/// A finished report.
pub struct Report {
    /// All its numbers.
    pub digest: Digest,
    /// All its forms.
    pub rendered: Rendered,
    /// Where they are written.
    pub dir: PathBuf,
}

/// Makes the reports of periods from what the lake knew by `as_of`, writes each to `<out>/<pipeline>/<period>/` and gives
/// it to `done` in the order of the periods. While one is drawn and written, the next is computed.
///
/// # Errors
/// When the lake is empty or cannot be read, a folder cannot be written, or `done` fails; the first failure ends it.
pub fn reports(
    lake: &Lake,
    plan: &Plan,
    look: &Look,
    periods: &[Period],
    as_of: DateTime<Utc>,
    done: impl FnMut(&Period, &Report) -> Result<()>,
) -> Result<()> {
    let snapshot = Snapshot::open(lake, plan, as_of)?;
    reports_of(&snapshot, look, periods, done)?;
    output::write_index(&plan.out, look).context("list the reports")
}

fn reports_of(
    snapshot: &Snapshot<'_>,
    look: &Look,
    periods: &[Period],
    mut done: impl FnMut(&Period, &Report) -> Result<()>,
) -> Result<()> {
    let plan = snapshot.plan;
    let examiner = snapshot.examiner(&look.strings);
    thread::scope(|scope| -> Result<()> {
        // One digest waits at most: a report is megabytes of pictures and pages.
        let (digests, to_draw) = mpsc::sync_channel::<Digest>(1);
        let (drawn, finished) = mpsc::channel::<Result<Report>>();
        scope.spawn(move || {
            for digest in to_draw {
                if drawn.send(written(digest, plan, look)).is_err() {
                    return;
                }
            }
        });
        let mut waiting = periods.iter();
        let mut hand_out = |report: Result<Report>| match waiting.next() {
            Some(period) => done(period, &report?),
            None => Ok(()),
        };
        for period in periods {
            let Examined { digest, .. } = examiner.examine(period)?;
            if digests.send(digest).is_err() {
                break;
            }
            finished.try_iter().try_for_each(&mut hand_out)?;
        }
        drop(digests);
        finished.iter().try_for_each(&mut hand_out)
    })
}

/// What is known of the exports from the reports of the whole firm, by period: their faults are told to views too.
#[derive(Default)]
pub struct WholeHealth(BTreeMap<String, Vec<SourceState>>);

impl WholeHealth {
    /// Notes what a report of the whole firm knows of its exports.
    pub fn note(&mut self, period: &Period, report: &Report) {
        let known = report.digest.data_health.clone();
        self.0.insert(period.label.clone(), known);
    }
}

/// Makes the reports of every view of a pipeline, and gives each to `done`. Nobody who sees a part of the rows can find the faults
/// of all: `whole` knows them.
///
/// # Errors
/// As [`reports`], or when the words of a view's language are broken.
pub fn reports_of_views(
    lake: &Lake,
    plan: &Plan,
    (periods, as_of): (&[Period], DateTime<Utc>),
    whole: &WholeHealth,
    mut done: impl FnMut(&Plan, &Period, &Report) -> Result<()>,
) -> Result<()> {
    for view in &plan.views {
        let of_view = plan.of_view(view);
        let made = Look::of_plan(&of_view).and_then(|look| {
            let done = |period: &Period, report: &Report| done(&of_view, period, report);
            let snapshot = Snapshot::open(lake, &of_view, as_of)?.within(&whole.0);
            reports_of(&snapshot, &look, periods, done)
        });
        made.with_context(|| format!("the view \"{}\"", view.name))?;
    }
    Ok(())
}

/// The folder of a report; that of a view is inside the folder of the whole one.
fn dir_of(plan: &Plan, label: &str) -> PathBuf {
    let whole = plan.out.join(&plan.name).join(label);
    match plan.view.name.as_str() {
        "" => whole,
        view => whole.join("views").join(view),
    }
}

/// Renders a digest and writes it to its folder.
fn written(digest: Digest, plan: &Plan, look: &Look) -> Result<Report> {
    let rendered = output::render_all(&digest, look).context("render the digest")?;
    let dir = dir_of(plan, &digest.period.label);
    output::write_all(&rendered, &dir)
        .with_context(|| format!("write the report to {}", dir.display()))?;
    let (period, snapshot) = (&digest.period.label, &digest.snapshot_id);
    tracing::info!(pipeline = plan.name, period, snapshot, "report written");
    Ok(Report {
        digest,
        rendered,
        dir,
    })
}
