//! What whoever runs the program is told: each fault once a day, by mail, to a program, to a chat, and as a line.

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use rusqlite::params;
use serde_json::json;

use super::environment::Environment;
use super::program;
use crate::config::Plan;
use crate::config::words::{self, Key};
use crate::delivery::{self, NoticeLetter, Receipt, SendState, Transport, Webhook};
use crate::digest::language::Strings;
use crate::lake::Lake;
use crate::model::zone;
use crate::output::Look;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// A digest waits for its data.
    Waits,
    /// A digest went out although its data were not fit.
    SentUnfit,
    /// A digest was not sent: its data were not fit by the deadline.
    Unfit,
    /// A digest could not be made, and is tried again.
    Fails,
    /// A digest could not be made by the deadline.
    Failed,
    /// Nobody was there when a digest was due.
    Missed,
    /// Letters were refused.
    Refused,
    /// Mailboxes are not there: their readers get nothing any more.
    NoMailbox,
    /// Nobody can tell whether letters arrived.
    InDoubt,
    /// Letters were tried for a day in vain.
    Expired,
}

impl Trouble {
    /// Its name in the state and in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waits => "waits",
            Self::SentUnfit => "sent-unfit",
            Self::Unfit => "unfit",
            Self::Fails => "fails",
            Self::Failed => "failed",
            Self::Missed => "missed",
            Self::Refused => "refused",
            Self::NoMailbox => "no-mailbox",
            Self::InDoubt => "in-doubt",
            Self::Expired => "expired",
        }
    }

    /// What happened, and what to do.
    fn words(self) -> (Key, Key) {
        use words::notice::{next, what};
        match self {
            Self::Waits => (what::WAITS, next::WAITS),
            Self::SentUnfit => (what::SENT_UNFIT, next::SENT_UNFIT),
            Self::Unfit => (what::UNFIT, next::UNFIT),
            Self::Fails => (what::FAILS, next::FAILS),
            Self::Failed => (what::FAILED, next::FAILED),
            Self::Missed => (what::MISSED, next::MISSED),
            Self::Refused => (what::REFUSED, next::REFUSED),
            Self::NoMailbox => (what::NO_MAILBOX, next::NO_MAILBOX),
            Self::InDoubt => (what::IN_DOUBT, next::IN_DOUBT),
            Self::Expired => (what::EXPIRED, next::EXPIRED),
        }
    }
}

/// One thing that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What.
    pub trouble: Trouble,
    /// The period of the digest.
    pub period: String,
    /// Why, in the words of whatever failed; may be empty.
    pub reason: String,
}

/// Tells each notice that was not told today. What cannot be told is an error on the console and keeps nothing else.
///
/// # Errors
/// When the state cannot be written.
pub fn tell_all(
    lake: &Lake,
    plan: &Plan,
    notices: &[Notice],
    transport: &Transport,
    environment: &Environment<'_>,
) -> Result<()> {
    if notices.is_empty() {
        return Ok(());
    }
    // A pipeline whose own strings are broken is told in the shipped ones.
    let look = Look::of_plan(plan);
    let strings = look
        .as_ref()
        .map_or_else(|_| Strings::shipped(plan.language), |look| &look.strings);
    for notice in notices {
        if !is_new(lake, plan, notice, environment.now)? {
            continue;
        }
        let told = WordedNotice::of(notice, plan, strings);
        environment
            .console
            .line(&format!("notice {}: {}", plan.name, told.what));
        tracing::warn!(
            pipeline = plan.name,
            fault = notice.trouble.code(),
            period = notice.period,
            "notice"
        );
        let by_mail = told
            .mail(notice, plan, transport, environment.now)
            .context("send a notice");
        let by_command = told
            .hand_over(notice, plan, environment.now)
            .context("hand a notice over");
        let by_chat = told.post(plan).context("post a notice");
        for error in [by_mail, by_command, by_chat]
            .into_iter()
            .filter_map(Result::err)
        {
            environment.console.error(&error);
        }
    }
    Ok(())
}

/// Notes that a notice is told today; false when it was already.
fn is_new(lake: &Lake, plan: &Plan, notice: &Notice, now: DateTime<Utc>) -> Result<bool> {
    let day = zone::local_day(now, plan.zone).to_string();
    let values = params![plan.name, notice.trouble.code(), notice.period, day];
    let sql = "INSERT OR IGNORE INTO notices VALUES (?1, ?2, ?3, ?4)";
    Ok(lake.catalog.connection().execute(sql, values)? > 0)
}

/// A notice in the pipeline's language.
struct WordedNotice {
    what: String,
    subject: String,
    text: String,
}

impl WordedNotice {
    fn of(notice: &Notice, plan: &Plan, strings: &Strings) -> Self {
        let (what, next) = notice.trouble.words();
        let file = plan.file.display().to_string();
        let values = [("period", notice.period.as_str()), ("file", file.as_str())];
        let what = strings.fill(what, &values);
        let next = strings.fill(next, &values);
        let subject = [("title", plan.title.as_str()), ("what", what.as_str())];
        let reason = match notice.reason.as_str() {
            "" => String::new(),
            reason => format!(
                "{}\n\n",
                strings.fill(words::notice::REASON, &[("reason", reason)])
            ),
        };
        let heading = strings.fill(words::notice::SUBJECT, &subject);
        Self {
            text: format!("{heading}.\n\n{reason}{next}\n"),
            subject: heading,
            what,
        }
    }

    fn mail(
        &self,
        notice: &Notice,
        plan: &Plan,
        transport: &Transport,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let name = format!("{}-{}", notice.trouble.code(), notice.period);
        let letter = NoticeLetter {
            pipeline: &plan.name,
            name: &name,
            subject: &self.subject,
            text: &self.text,
        };
        if plan.notices.to.is_empty() {
            return Ok(());
        }
        let folder = plan.out.join(&plan.name).join("notices");
        delivery::notify(
            &letter,
            &plan.delivery.from,
            &plan.notices.to,
            transport,
            &folder,
            now,
        )
    }

    /// Gives the notice to the pipeline's own program.
    fn hand_over(&self, notice: &Notice, plan: &Plan, now: DateTime<Utc>) -> Result<()> {
        let Some(command) = plan.notices.command.as_deref() else {
            return Ok(());
        };
        let told = json!({
            "pipeline": plan.name,
            "title": plan.title,
            "fault": notice.trouble.code(),
            "period": notice.period,
            "reason": notice.reason,
            "text": self.text,
            "at": now.to_rfc3339(),
        });
        program::give(command, &told)
    }

    /// Posts the notice to the pipeline's chat.
    fn post(&self, plan: &Plan) -> Result<()> {
        match &plan.notices.webhook {
            Some(webhook) => Webhook::from_env(webhook)?.post(&self.text),
            None => Ok(()),
        }
    }
}

/// Notices of letters that ended badly since `since`: one for each kind of end and period, whatever the number of readers.
///
/// # Errors
/// When the state cannot be read.
pub fn of_letters(lake: &Lake, plan: &Plan, since: DateTime<Utc>) -> Result<Vec<Notice>> {
    let connection = lake.catalog.connection();
    let ends = [SendState::Failed, SendState::Unknown, SendState::Expired];
    let left_out = delivery::suppressed(connection, &plan.name)?;
    let mut groups: Vec<(Trouble, Vec<Receipt>)> = Vec::new();
    for receipt in delivery::in_states(connection, &plan.name, &ends)? {
        // The state keeps whole seconds.
        if receipt.changed_at.timestamp() < since.timestamp() {
            continue;
        }
        let address = receipt.recipient.to_lowercase();
        let trouble = match receipt.state {
            SendState::Unknown => Trouble::InDoubt,
            SendState::Expired => Trouble::Expired,
            _ if left_out.iter().any(|one| one.recipient == address) => Trouble::NoMailbox,
            _ => Trouble::Refused,
        };
        let is_of = |group: &&mut (Trouble, Vec<Receipt>)| {
            group.0 == trouble && group.1[0].period == receipt.period
        };
        match groups.iter_mut().find(is_of) {
            Some((_, receipts)) => receipts.push(receipt),
            None => groups.push((trouble, vec![receipt])),
        }
    }
    Ok(groups
        .into_iter()
        .map(|(trouble, receipts)| of_group(trouble, &receipts))
        .collect())
}

/// So many readers are named in one notice.
const MOST_NAMED: usize = 5;

fn of_group(trouble: Trouble, receipts: &[Receipt]) -> Notice {
    let names: Vec<&str> = receipts
        .iter()
        .take(MOST_NAMED)
        .map(|receipt| receipt.recipient.as_str())
        .collect();
    let more = match receipts.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" (+{more})"),
    };
    Notice {
        trouble,
        period: receipts[0].period.clone(),
        reason: format!("{}{more}: {}", names.join(", "), receipts[0].reply),
    }
}
