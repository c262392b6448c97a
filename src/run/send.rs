//! The report to its readers: messages are frozen in the outbox first, then sent from there, each at most once.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::environment::Environment;
use super::report::Report;
use crate::config::Plan;
use crate::delivery::{self, Letters, Receipt, Summary, Transport, Which};
use crate::lake::Lake;
use crate::model::fault::Fault;
use crate::model::period::Period;

/// Where the frozen messages of a period lie.
pub fn outbox_dir(plan: &Plan, period: &Period) -> PathBuf {
    outbox_of(plan, &period.label)
}

/// The same of a period's label.
pub fn outbox_of(plan: &Plan, label: &str) -> PathBuf {
    plan.out.join(&plan.name).join(label).join("outbox")
}

/// Freezes the messages of a report. Called with the report, so that what is sent later is what was made then.
///
/// # Errors
/// When a message cannot be made or the outbox cannot be written.
pub fn freeze(lake: &Lake, plan: &Plan, period: &Period, report: &Report) -> Result<usize> {
    frozen(lake, plan, report, |letters| {
        delivery::freeze(letters, &outbox_dir(plan, period))
    })
}

/// Freezes the messages of a view's report beside those of the whole one, which were frozen before.
///
/// # Errors
/// As [`freeze`].
pub fn freeze_also(lake: &Lake, plan: &Plan, period: &Period, report: &Report) -> Result<usize> {
    frozen(lake, plan, report, |letters| {
        delivery::freeze_also(letters, &outbox_dir(plan, period))
    })
}

/// Hands the letters of a report over; a new version of it answers to the one before.
fn frozen(
    lake: &Lake,
    plan: &Plan,
    report: &Report,
    freeze: impl FnOnce(&Letters<'_>) -> Result<usize>,
) -> Result<usize> {
    let digest = &report.digest;
    let (period, version) = (&digest.period.label, digest.report_version);
    let connection = lake.catalog.connection();
    let earlier = delivery::earlier_letters(connection, &plan.name, period, version)?;
    let (rendered, delivery) = (&report.rendered, &plan.delivery);
    freeze(&Letters::of(rendered, digest, delivery, &earlier))
}

/// Sends the frozen messages of a period over `transport`.
///
/// # Errors
/// When the period has no report yet, or the state cannot be written; what servers say is in the summary.
pub fn send(
    lake: &Lake,
    plan: &Plan,
    period: &Period,
    transport: &Transport,
    which: Which,
    environment: &Environment<'_>,
) -> Result<Summary> {
    let outbox = outbox_dir(plan, period);
    if !outbox.is_dir() {
        let label = &period.label;
        let fault = Fault::new(format!("there is no report of {label} to send"));
        let hint = format!(
            "run `voronka report -p {} --period {label}` first",
            plan.file.display()
        );
        return Err(fault.hint(hint).into());
    }
    let _lock = lake.lock_outbox()?;
    let messages = delivery::thaw(&outbox)?;
    let connection = lake.catalog.connection();
    let letters = messages.each();
    let receipts = delivery::send(connection, letters, transport, environment.now, which)
        .context("send the digest")?;
    tell(&receipts, environment);
    let summary = Summary::of(&receipts);
    tracing::info!(
        pipeline = plan.name,
        period = period.label,
        sent = summary.sent,
        queued = summary.queued,
        deferred = summary.deferred,
        failed = summary.failed,
        unknown = summary.unknown,
        "letters handled"
    );
    Ok(summary)
}

/// One line for each receipt.
pub(super) fn tell(receipts: &[Receipt], environment: &Environment<'_>) {
    for receipt in receipts {
        environment.console.line(&describe(receipt));
    }
}

fn describe(receipt: &Receipt) -> String {
    let before = if receipt.was_done_before {
        " before, left alone"
    } else {
        ""
    };
    let reply = if receipt.reply.is_empty() {
        String::new()
    } else {
        format!(": {}", receipt.reply)
    };
    format!(
        "send {}: {}{before}{reply}",
        masked(&receipt.recipient),
        receipt.state.code()
    )
}

/// An address as logs may show it: `d…@okna.example`.
fn masked(address: &str) -> String {
    match address.split_once('@') {
        Some((name, domain)) => format!(
            "{}…@{domain}",
            name.chars().next().map_or_else(String::new, String::from)
        ),
        None => "…".to_owned(),
    }
}
