//! Whatever is due for one pipeline, done once: new occurrences, those that waited, letters whose turn has come.

use anyhow::{Context, Result};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::environment::Environment;
use super::job::{Job, JobEnd, Letters};
use super::notices::{self, Notice, Trouble};
use super::outbox::retry;
use super::to_date::as_plan_has_weeks;
use crate::config::Plan;
use crate::config::rules::AtDeadline;
use crate::delivery::{Summary, Transport};
use crate::lake::Lake;
use crate::output::Look;
use crate::schedule::{self, OccurrenceState, Owed};

/// What became of the occurrences that a tick worked on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Letters handed over.
    pub done: usize,
    /// Waiting for their data, or to be tried again.
    pub open: usize,
    /// Given up: no fit data, or no success, by the deadline.
    pub given_up: usize,
    /// Passed over, because nobody was there when they were due.
    pub skipped: usize,
    /// Sendings that left letters behind.
    pub unsent: usize,
}

/// Does what is due for one pipeline. A second process that comes meanwhile does nothing.
///
/// # Errors
/// When the lake or the state cannot be opened or written; what goes wrong with one occurrence is told and kept with it.
pub fn tick(plan: &Plan, transport: &Transport, environment: &Environment<'_>) -> Result<Ticked> {
    let mut lake = Lake::open(&plan.lake)?;
    let Some(_lock) = lake.lock_schedule()? else {
        let line = format!("tick {}: another voronka is at it", plan.name);
        environment.console.line(&line);
        return Ok(Ticked::default());
    };
    let mut tick = Tick {
        plan,
        transport,
        environment,
        ticked: Ticked::default(),
        notices: Vec::new(),
    };
    tick.open(&lake)?;
    for owed in schedule::opened(lake.catalog.connection(), &plan.name)? {
        tick.work(&mut lake, &owed)?;
    }
    let tried = retry(&lake, plan, transport, environment)?;
    tick.ticked.unsent += usize::from(Summary::of(&tried).is_incomplete());
    tick.notices
        .extend(notices::of_letters(&lake, plan, environment.now)?);
    notices::tell_all(&lake, plan, &tick.notices, transport, environment)?;
    Ok(tick.ticked)
}

/// A tick under way.
struct Tick<'a> {
    plan: &'a Plan,
    transport: &'a Transport,
    environment: &'a Environment<'a>,
    ticked: Ticked,
    notices: Vec<Notice>,
}

/// Where an occurrence stands after a try, why, and what its owner is told.
struct Standing {
    state: OccurrenceState,
    reason: String,
    trouble: Option<Trouble>,
}

impl Tick<'_> {
    /// Notes what has become due since the last tick.
    fn open(&mut self, lake: &Lake) -> Result<()> {
        for owed in schedule::open(lake.catalog.connection(), self.plan, self.environment.now)? {
            if owed.state == OccurrenceState::Skipped {
                self.ticked.skipped += 1;
                self.say(&owed, "passed over, nobody was there for it");
                self.notice(&owed, Trouble::Missed, String::new());
            }
        }
        Ok(())
    }

    /// Tries an occurrence, and writes down where it stands then.
    fn work(&mut self, lake: &mut Lake, owed: &Owed) -> Result<()> {
        let now = self.environment.now;
        if owed.is_late && owed.state == OccurrenceState::Due {
            self.say(owed, &format!("{} late", span(now - owed.due_at)));
        }
        let deadline = owed.deadline(self.plan.schedule.wait);
        let is_last_try = now >= deadline;
        let ended = self.attempt(lake, owed, is_last_try);
        if matches!(ended, Ok(JobEnd::NothingNew)) {
            self.ticked.open += 1;
            return Ok(());
        }
        let standing = self.standing(ended, is_last_try);
        let Standing { state, reason, .. } = &standing;
        let connection = lake.catalog.connection();
        schedule::settle(
            connection,
            &self.plan.name,
            &owed.period,
            *state,
            reason,
            now,
        )?;
        match state.is_open() {
            true => self.say(
                owed,
                &format!("{}, until {}", state.code(), moment(deadline)),
            ),
            false => self.say(owed, state.code()),
        }
        if let Some(trouble) = standing.trouble {
            self.notice(owed, trouble, standing.reason);
        }
        Ok(())
    }

    /// What the end of a try means, counted.
    fn standing(&mut self, ended: Result<JobEnd>, is_last_try: bool) -> Standing {
        use OccurrenceState::{Done, Due, Failed, Unfit, Waiting};
        let ticked = &mut self.ticked;
        let (state, reason, trouble) = match ended {
            Ok(JobEnd::Done | JobEnd::NothingNew) => (Done, String::new(), None),
            Ok(JobEnd::SentUnfit(reason)) => (Done, reason, Some(Trouble::SentUnfit)),
            Ok(JobEnd::Unsent) => {
                ticked.unsent += 1;
                (Done, "some letters did not leave".to_owned(), None)
            }
            Ok(JobEnd::HeldBack(reason) | JobEnd::NoReport(reason)) => match is_last_try {
                true => (Unfit, reason, Some(Trouble::Unfit)),
                false => (Waiting, reason, Some(Trouble::Waits)),
            },
            Err(error) => {
                self.environment.console.error(&error);
                match is_last_try {
                    true => (Failed, format!("{error:#}"), Some(Trouble::Failed)),
                    false => (Due, format!("{error:#}"), Some(Trouble::Fails)),
                }
            }
        };
        match state {
            Done => ticked.done += 1,
            Due | Waiting => ticked.open += 1,
            Unfit | Failed => ticked.given_up += 1,
            OccurrenceState::Skipped => ticked.skipped += 1,
        }
        Standing {
            state,
            reason,
            trouble,
        }
    }

    /// One run of the main job for an occurrence, with its record.
    fn attempt(&self, lake: &mut Lake, owed: &Owed, is_last_try: bool) -> Result<JobEnd> {
        let plan = self.plan;
        // A label says of a whole week not whether weeks end with their month.
        let mut periods = as_plan_has_weeks(plan, vec![owed.period()?]);
        let period = periods.pop().context("a week has one part at least")?;
        let look = Look::of_plan(plan)?;
        let is_sent_anyway = is_last_try && plan.schedule.at_deadline == AtDeadline::Send;
        let job = Job {
            plan,
            look: &look,
            period: &period,
            to_date: false,
            as_of: DateTime::<Utc>::MAX_UTC,
            transport: self.transport,
            letters: match is_sent_anyway {
                true => Letters::Always,
                false => Letters::WhenFit,
            },
            only_of_news: owed.state == OccurrenceState::Waiting && !is_last_try,
        };
        job.run(lake, "tick", self.environment)
    }

    /// One line about an occurrence.
    fn say(&self, owed: &Owed, what: &str) {
        let due = owed.due_at.with_timezone(&self.plan.schedule.zone);
        let (pipeline, due) = (&self.plan.name, due.format("%Y-%m-%d %H:%M"));
        let line = format!("tick {pipeline} {}, due {due}: {what}", owed.period);
        self.environment.console.line(&line);
    }

    fn notice(&mut self, owed: &Owed, trouble: Trouble, reason: String) {
        self.notices.push(Notice {
            trouble,
            period: owed.period.clone(),
            reason,
        });
    }
}

fn moment(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A span in the largest unit that it fills.
fn span(time: TimeDelta) -> String {
    match (time.num_days(), time.num_hours()) {
        (0, hours) => format!("{hours} h"),
        (days, _) => format!("{days} d"),
    }
}
