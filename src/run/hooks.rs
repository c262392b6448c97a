//! What else a digest is told to when its letters have left: a program of the pipeline's own, and a chat.

use anyhow::{Context, Result};
use rusqlite::params;
use serde_json::json;

use super::environment::Environment;
use super::program;
use crate::config::Plan;
use crate::delivery::Webhook;
use crate::digest::VerdictKind;
use crate::lake::Lake;

/// A digest in one line.
pub(super) struct Headline<'a> {
    pub period: &'a str,
    pub version: u32,
    pub verdict: VerdictKind,
    pub subject: &'a str,
}

/// Tells a digest to the hooks that were not told of it yet. One that fails is an error on the console; the next run of the
/// period tries it again.
///
/// # Errors
/// When the state cannot be read or written.
pub(super) fn tell(
    lake: &Lake,
    plan: &Plan,
    headline: &Headline<'_>,
    environment: &Environment<'_>,
) -> Result<()> {
    for hook in [Hook::Command, Hook::Webhook] {
        if !hook.is_set(plan) || was_told(lake, plan, headline, hook)? {
            continue;
        }
        let name = hook.name();
        match hook.tell(plan, headline, environment) {
            Ok(()) => {
                note(lake, plan, headline, hook, environment)?;
                environment.console.line(&format!("hook {name}: told"));
            }
            Err(error) => {
                tracing::warn!(pipeline = plan.name, hook = name, "a hook failed");
                environment
                    .console
                    .error(&error.context(format!("hook {name}")));
            }
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Hook {
    Command,
    Webhook,
}

impl Hook {
    /// Its name in the state.
    fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Webhook => "webhook",
        }
    }

    fn is_set(self, plan: &Plan) -> bool {
        match self {
            Self::Command => plan.hooks.command.is_some(),
            Self::Webhook => plan.hooks.webhook.is_some(),
        }
    }

    fn tell(
        self,
        plan: &Plan,
        headline: &Headline<'_>,
        environment: &Environment<'_>,
    ) -> Result<()> {
        let link = headline.link(plan);
        match self {
            Self::Command => {
                let told = json!({
                    "pipeline": plan.name,
                    "title": plan.title,
                    "period": headline.period,
                    "version": headline.version,
                    "verdict": headline.verdict,
                    "headline": headline.subject,
                    "link": link,
                    "at": environment.now.to_rfc3339(),
                });
                program::give(plan.hooks.command.as_deref().unwrap_or_default(), &told)
            }
            Self::Webhook => {
                let webhook = plan.hooks.webhook.as_ref().context("no webhook is set")?;
                let mut text = format!("{}: {}", plan.title, headline.subject);
                if let Some(link) = link {
                    text += &format!("\n{link}");
                }
                Webhook::from_env(webhook)?.post(&text)
            }
        }
    }
}

impl Headline<'_> {
    /// Where the report is read, if its folder is served.
    fn link(&self, plan: &Plan) -> Option<String> {
        let base = plan.reports_at.as_ref()?;
        Some(format!("{base}/{}/{}/report.html", plan.name, self.period))
    }
}

fn was_told(lake: &Lake, plan: &Plan, headline: &Headline<'_>, hook: Hook) -> Result<bool> {
    let sql = "SELECT count(*) FROM hooks WHERE pipeline = ?1 AND period = ?2 AND version = ?3 AND hook = ?4";
    let key = params![plan.name, headline.period, headline.version, hook.name()];
    let told: i64 = lake
        .catalog
        .connection()
        .query_row(sql, key, |row| row.get(0))?;
    Ok(told > 0)
}

fn note(
    lake: &Lake,
    plan: &Plan,
    headline: &Headline<'_>,
    hook: Hook,
    environment: &Environment<'_>,
) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO hooks VALUES (?1, ?2, ?3, ?4, ?5)";
    let at = environment.now.to_rfc3339();
    let row = params![
        plan.name,
        headline.period,
        headline.version,
        hook.name(),
        at
    ];
    lake.catalog.connection().execute(sql, row)?;
    Ok(())
}
