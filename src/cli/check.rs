//! `voronka check`: is everything ready? Sends nothing.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::common::{self, PipelineArgs};
use super::console::{self, print};
use super::exit::Outcome;
use crate::config::{self, ExportPlan, Plan};
use crate::delivery::{self, Transport, Webhook};
use crate::digest::{DataVerdict, Digest};
use crate::ingest::format::Format;
use crate::ingest::identity::IdentityKey;
use crate::ingest::source;
use crate::ingest::{self, formats};
use crate::lake::Lake;
use crate::marts::{self, Named, Unseen};
use crate::model::fault::Fault;
use crate::output::{self, Look};
use crate::run::{self, known_formats};
use crate::schedule;

/// Checks a pipeline from end to end: settings, formats, files of each export, lake, identity key, templates, mail
/// server. Sends nothing and changes no data.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  voronka check -p pipelines/okna-sever.toml")]
pub struct Args {
    #[command(flatten)]
    pipeline: PipelineArgs,
}

/// Runs the command.
pub fn run(args: &Args, now: DateTime<Utc>) -> Result<Outcome> {
    let plan = args.pipeline.plan()?;
    print(&format!(
        "pipeline {}: {} exports, {} readers",
        plan.name,
        plan.exports.len(),
        plan.readers().count()
    ))?;
    let mut outcome = Outcome::Done;
    let formats = formats::load_all(&plan.formats)?;
    print(&format!("formats: {}", formats.len()))?;
    known_formats(&plan, &formats)?;
    if !exports(&plan, &formats, now)? {
        outcome = Outcome::Exports;
    }
    if plan.lake.join("state.db").exists() {
        lake(&plan)?;
        views(&plan)?;
        if !data(&plan, now)? {
            outcome = Outcome::Exports;
        }
    } else {
        print(&format!(
            "lake {}: not there yet, the first run makes it",
            plan.lake.display()
        ))?;
    }
    let look = Look::of_plan(&plan)?;
    templates(&plan, &look)?;
    mail(&plan)?;
    chats(&plan)?;
    due(&plan, now)?;
    Ok(outcome)
}

/// Renders every kind of digest in the pipeline's own look, and says what mail programs would drop of it.
fn templates(plan: &Plan, look: &Look) -> Result<()> {
    let mut faults = BTreeSet::new();
    for digest in Digest::samples(plan.language) {
        let rendered = output::render_all(&digest, look)?;
        faults.extend(
            output::lint(&rendered.mail_html)
                .into_iter()
                .map(|fault| (fault.what, fault.why)),
        );
    }
    print("templates: every kind of digest renders, as mail, page, PDF and workbook")?;
    for (what, why) in faults {
        print(&format!("templates: warning: the mail holds {what}: {why}"))?;
    }
    Ok(())
}

/// Whether the environment has the addresses of the chats that the pipeline names; nothing is posted.
fn chats(plan: &Plan) -> Result<()> {
    let named = [&plan.hooks.webhook, &plan.notices.webhook];
    for webhook in named.into_iter().flatten() {
        Webhook::from_env(webhook)?;
        print(&format!("webhook {}: its address is set", webhook.name))?;
    }
    Ok(())
}

/// Whether every export has files, and a format that fits each of them.
fn exports(plan: &Plan, formats: &[Format], now: DateTime<Utc>) -> Result<bool> {
    let mut all = true;
    for export in &plan.exports {
        let found = config::files(export);
        let files = found.paths;
        let is_blind = !found.errors.is_empty();
        all &= !is_blind;
        for error in found.errors {
            console::error(&error.into());
        }
        if files.is_empty() && is_blind {
            continue;
        }
        if files.is_empty() {
            all = false;
            let patterns: Vec<String> = export.patterns.iter().map(ToString::to_string).collect();
            let patterns = patterns.join(", ");
            let message = format!("export \"{}\": no file fits {patterns}", export.name);
            let fault = Fault::new(message).hint("put the export there, or correct `files`");
            console::error(&fault.into());
            continue;
        }
        let errors = unreadable(plan, export, &files, formats, now);
        all &= errors.is_empty();
        for error in &errors {
            console::error(error);
        }
        let broken = match errors.len() {
            0 => String::new(),
            many => format!(", {many} of them cannot be read"),
        };
        print(&format!(
            "export {}: {} files{broken}",
            export.name,
            files.len()
        ))?;
    }
    Ok(all)
}

/// Why files of an export cannot be read, as far as their beginnings tell.
fn unreadable(
    plan: &Plan,
    export: &ExportPlan,
    files: &[PathBuf],
    formats: &[Format],
    now: DateTime<Utc>,
) -> Vec<anyhow::Error> {
    // No contact is kept here, so any key will do.
    let key = IdentityKey::new([0; 32]);
    let rules = run::rules(plan, export, &key, now);
    let mut errors = Vec::new();
    let mut sources = Vec::new();
    for file in files {
        match source::sources(file) {
            Ok(found) => sources.extend(found),
            Err(error) => errors.push(error),
        }
    }
    let (_, failed) = ingest::plan(sources, formats, &rules);
    errors.extend(failed);
    errors
}

fn lake(plan: &Plan) -> Result<()> {
    let lake = Lake::open(&plan.lake)?;
    IdentityKey::load(&lake.key_file())?;
    let faults = lake.verify(DateTime::<Utc>::MAX_UTC)?;
    if faults.is_empty() {
        print(&format!(
            "lake {}: every live file is whole",
            plan.lake.display()
        ))?;
        return Ok(());
    }
    let message = format!("lake {}: {}", plan.lake.display(), faults.join("; "));
    let hint = "restore the lake from a backup, or delete it and ingest again";
    Err(Fault::new(message).hint(hint).into())
}

/// Names that views restrict to and that no row has: their readers would see nothing of them.
fn views(plan: &Plan) -> Result<()> {
    let lake = Lake::open(&plan.lake)?;
    for Unseen { view, of, name } in marts::unseen(&lake, plan, DateTime::<Utc>::MAX_UTC)? {
        let of = match of {
            Named::Channel => "channel",
            Named::Line => "telephone line",
            Named::City => "city",
            Named::Manager => "manager",
        };
        print(&format!(
            "view {view}: warning: no row of the lake has the {of} \"{name}\": look for its spelling in the exports"
        ))?;
    }
    Ok(())
}

/// Whether the digest of the last week would go out by what is in the lake: the verdict of the send gate, with what is wrong.
/// A lake without that week has nothing to be judged.
fn data(plan: &Plan, now: DateTime<Utc>) -> Result<bool> {
    let lake = Lake::open(&plan.lake)?;
    let mut weeks = common::periods(plan, &lake, "last-week", now)?;
    let Some(week) = weeks.pop() else {
        return Ok(true);
    };
    let reaches = run::reaches(&lake, &week)?;
    if !reaches {
        let line = format!("data of {}: the lake has nothing of it yet", week.label);
        print(&line)?;
        return Ok(true);
    }
    let strings = output::look::strings(plan.language, Some(&plan.templates))?;
    let snapshot = run::Snapshot::open(&lake, plan, DateTime::<Utc>::MAX_UTC)?;
    let examined = snapshot.examiner(&strings).examine(&week)?;
    let verdict = DataVerdict::of(&examined.digest, &strings);
    for sentence in &verdict.sentences {
        print(&format!("data of {}: {sentence}", week.label))?;
    }
    let word = match (verdict.is_fit, verdict.sentences.is_empty()) {
        (true, true) => "fit to be mailed",
        (true, false) => "fit to be mailed, and the digest says this",
        (false, _) => "not fit: its letters are held back",
    };
    print(&format!("data of {}: {word}", week.label))?;
    Ok(verdict.is_fit)
}

fn mail(plan: &Plan) -> Result<()> {
    let transport = Transport::from_env()?;
    print(&format!("mail: {}", delivery::check(&transport)?))?;
    if let Some(warning) = transport.doubt_of_sender(plan.delivery.from.email.as_ref()) {
        print(&format!("mail: warning: {warning}"))?;
    }
    Ok(())
}

/// When the next digest comes by itself.
fn due(plan: &Plan, now: DateTime<Utc>) -> Result<()> {
    let ahead = now + TimeDelta::days(400);
    let coming = schedule::between(&plan.schedule, &plan.calendar, now, ahead);
    let Some(next) = coming.first() else {
        return Ok(print("schedule: nothing is due by itself")?);
    };
    let due = next.due_at.with_timezone(&plan.schedule.zone);
    let due = due.format("%a %Y-%m-%d %H:%M %Z");
    Ok(print(&format!(
        "schedule: {} is due on {due}, if something ticks",
        next.period.label
    ))?)
}
