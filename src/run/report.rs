//! The lake into a report: facts, scorecard, digest, files. A pure function of lake, pipeline and period.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

use super::diagnose::{Examined, Snapshot};
use crate::config::Plan;
use crate::digest::{Digest, Reject};
use crate::ingest::format;
use crate::lake::Lake;
use crate::marts::sources::FormatTables;
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
    mut done: impl FnMut(&Period, &Report) -> Result<()>,
) -> Result<()> {
    let snapshot = Snapshot::open(lake, plan, as_of)?;
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
    })?;
    output::write_index(&plan.out, look).context("list the reports")
}

/// Renders a digest and writes it to its folder.
fn written(digest: Digest, plan: &Plan, look: &Look) -> Result<Report> {
    let rendered = output::render_all(&digest, look).context("render the digest")?;
    let dir = plan.out.join(&plan.name).join(&digest.period.label);
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

/// The table that each format feeds, for exports of which nothing has arrived yet.
pub(super) fn format_tables(plan: &Plan) -> Result<FormatTables> {
    let formats = format::load_all(&plan.formats)?;
    Ok(formats
        .into_iter()
        .map(|format| (format.name, format.table))
        .collect())
}

/// Rejected rows known as of then, by export.
pub(super) fn rejects(lake: &Lake, as_of: DateTime<Utc>) -> Result<Vec<Reject>> {
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
