//! What came back by mail: readers who are left out, and what they say became of a check.

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use super::account::first_reported;
use super::answers::{Asked, record};
use super::environment::Environment;
use super::examine::Snapshot;
use crate::config::Plan;
use crate::delivery::{self, Incoming, Receipt};
use crate::diagnosis::codes::CauseCode;
use crate::digest::language::Strings;
use crate::digest::{CheckOutcome, OwnerAnswer};
use crate::lake::Lake;
use crate::model::period::Period;

/// Does what a message that came back asks for, if it is about a reader of the pipeline, and says so.
///
/// # Errors
/// When the state cannot be read or written, or the period that is answered cannot be examined.
pub fn take_returned(
    lake: &Lake,
    plan: &Plan,
    incoming: &Incoming,
    environment: &Environment<'_>,
) -> Result<()> {
    let returned = Returned {
        lake,
        plan,
        environment,
    };
    match incoming {
        Incoming::Bounced {
            address,
            status,
            of,
        } => {
            // Behind an address another one may stand, of which we never heard: whose letter it was says the letter.
            let known = returned.letter(of)?.map(|letter| letter.recipient);
            let address = known.as_ref().unwrap_or(address);
            returned.bounced(address, status, incoming.has_no_mailbox())
        }
        Incoming::Unsubscribed { address, pipeline } => {
            returned.unsubscribed(address, pipeline.as_deref())
        }
        Incoming::Answered {
            address,
            to,
            outcome,
            note,
        } => match returned.letter(to)? {
            Some(letter) => returned.answered(address, &letter.period, *outcome, note),
            None => Ok(()),
        },
        Incoming::Other => Ok(()),
    }
}

struct Returned<'a> {
    lake: &'a Lake,
    plan: &'a Plan,
    environment: &'a Environment<'a>,
}

impl Returned<'_> {
    fn say(&self, address: &str, what: &str) -> Result<()> {
        self.environment.console.line(&format!("{address}: {what}"));
        Ok(())
    }

    /// The first of our letters among these Message-IDs.
    fn letter(&self, ids: &[String]) -> Result<Option<Receipt>> {
        let connection = self.lake.catalog.connection();
        for id in ids {
            let letter = delivery::of_id(connection, &self.plan.name, id)?;
            if letter.is_some() {
                return Ok(letter);
            }
        }
        Ok(None)
    }

    /// A full mailbox or a passing fault may be well next week; a mailbox that is not there stays so.
    fn bounced(&self, address: &str, status: &str, has_no_mailbox: bool) -> Result<()> {
        let reason = format!("a letter came back: {status}");
        match has_no_mailbox || !self.plan.has_reader(address) {
            true => self.leave_out(address, &reason),
            false => self.say(address, &format!("{reason}; still gets digests")),
        }
    }

    fn unsubscribed(&self, address: &str, pipeline: Option<&str>) -> Result<()> {
        let reason = "asked for no more letters";
        let other = pipeline.filter(|name| !delivery::is_named(&self.plan.name, name));
        match other {
            Some(name) => self.say(address, &format!("{reason} of {name}: not this pipeline")),
            None => self.leave_out(address, reason),
        }
    }

    fn answered(
        &self,
        address: &str,
        period: &str,
        outcome: Option<CheckOutcome>,
        note: &str,
    ) -> Result<()> {
        let said = format!("answered the letter of {period}");
        let Some(outcome) = outcome else {
            return self.say(address, &format!("{said}, and not in words for a check"));
        };
        if !self.plan.has_reader(address) {
            return self.say(address, &format!("{said}; no reader of this pipeline"));
        }
        let answer = OwnerAnswer {
            outcome,
            note: note.to_owned(),
            at: self.environment.now,
        };
        self.note(address, period, &answer)
    }

    /// Sends nothing more to a reader.
    fn leave_out(&self, address: &str, reason: &str) -> Result<()> {
        if !self.plan.has_reader(address) {
            return self.say(address, &format!("{reason}; no reader of this pipeline"));
        }
        let (connection, now) = (self.lake.catalog.connection(), self.environment.now);
        delivery::suppress(connection, &self.plan.name, address, reason, now)?;
        self.say(address, &format!("{reason}; gets nothing from now on"))
    }

    /// Keeps what a reader says became of what the headline of a period named.
    fn note(&self, address: &str, label: &str, answer: &OwnerAnswer) -> Result<()> {
        let period = Period::parse(label, NaiveDate::MIN).ok();
        let lead = match &period {
            Some(period) => self.lead(period)?,
            None => None,
        };
        let Some((period, cause)) = period.zip(lead) else {
            let said = format!("answered the letter of {label}, whose headline names no cause");
            return self.say(address, &said);
        };
        let asked = Asked {
            pipeline: &self.plan.name,
            period: &period,
            cause,
        };
        record(self.lake, asked, answer)?;
        let (cause, outcome) = (cause.as_str(), answer.outcome.code());
        self.say(address, &format!("says of {cause} in {label}: {outcome}"))
    }

    /// The cause that the headline of a period named, as its readers saw it.
    fn lead(&self, period: &Period) -> Result<Option<CauseCode>> {
        let (lake, plan) = (self.lake, self.plan);
        let latest = DateTime::<Utc>::MAX_UTC;
        let Some(reported) = first_reported(lake, &plan.name, period, latest)? else {
            return Ok(None);
        };
        let snapshot = Snapshot::open(lake, plan, latest)?;
        let examined = snapshot.examine_at(Strings::shipped(plan.language), period, reported)?;
        Ok(examined.digest.lead().map(|lead| lead.code))
    }
}
