//! Whatever is due for one pipeline, done once: new occurrences, and those that waited for their data.

use anyhow::Result;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::account::RunRecord;
use super::environment::Environment;
use super::job::{Job, JobEnd, Letters};
use crate::config::Plan;
use crate::config::rules::AtDeadline;
use crate::delivery::Transport;
use crate::lake::Lake;
use crate::model::fault::exit_code;
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
    /// Reports of which some letters did not leave.
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
    let connection = lake.catalog.connection();
    let mut ticked = Ticked::default();
    for owed in schedule::open(connection, plan, environment.now)? {
        if owed.state == OccurrenceState::Skipped {
            ticked.skipped += 1;
            environment
                .console
                .line(&told(plan, &owed, "passed over, nobody was there for it"));
        }
    }
    for owed in schedule::opened(connection, &plan.name)? {
        let state = work(&mut lake, plan, transport, &owed, environment)?;
        match state {
            Worked::Done => ticked.done += 1,
            Worked::Unsent => {
                ticked.done += 1;
                ticked.unsent += 1;
            }
            Worked::Open => ticked.open += 1,
            Worked::GivenUp => ticked.given_up += 1,
        }
    }
    Ok(ticked)
}

/// How the work on an occurrence ended.
enum Worked {
    Done,
    Unsent,
    Open,
    GivenUp,
}

/// Makes an occurrence, and writes down where it stands then.
fn work(
    lake: &mut Lake,
    plan: &Plan,
    transport: &Transport,
    owed: &Owed,
    environment: &Environment<'_>,
) -> Result<Worked> {
    use OccurrenceState::{Done, Due, Failed, Unfit, Waiting};
    let now = environment.now;
    if owed.is_late && owed.state == Due {
        let late = told(plan, owed, &format!("{} late", span(now - owed.due_at)));
        environment.console.line(&late);
    }
    let deadline = owed.deadline(plan.schedule.wait);
    let is_last_try = now >= deadline;
    let is_sent_anyway = is_last_try && plan.schedule.at_deadline == AtDeadline::Send;
    let letters = match is_sent_anyway {
        true => Letters::Always,
        false => Letters::WhenFit,
    };
    let ended = attempt(
        lake,
        plan,
        transport,
        owed,
        letters,
        is_last_try,
        environment,
    );
    let (state, reason, worked) = match ended {
        Ok(JobEnd::Done) => (Done, String::new(), Worked::Done),
        Ok(JobEnd::Unsent) => {
            let reason = "some letters did not leave".to_owned();
            (Done, reason, Worked::Unsent)
        }
        Ok(JobEnd::NothingNew) => return Ok(Worked::Open),
        Ok(JobEnd::HeldBack(reason) | JobEnd::NoReport(reason)) if is_last_try => {
            (Unfit, reason, Worked::GivenUp)
        }
        Ok(JobEnd::HeldBack(reason) | JobEnd::NoReport(reason)) => (Waiting, reason, Worked::Open),
        Err(error) => {
            environment.console.error(&error);
            match is_last_try {
                true => (Failed, format!("{error:#}"), Worked::GivenUp),
                false => (Due, format!("{error:#}"), Worked::Open),
            }
        }
    };
    schedule::settle(
        lake.catalog.connection(),
        &plan.name,
        &owed.period,
        state,
        &reason,
        now,
    )?;
    let until = match state.is_open() {
        true => format!(", until {}", moment(deadline)),
        false => String::new(),
    };
    environment
        .console
        .line(&told(plan, owed, &format!("{}{until}", state.code())));
    Ok(worked)
}

/// One run of the main job for an occurrence, with its record.
fn attempt(
    lake: &mut Lake,
    plan: &Plan,
    transport: &Transport,
    owed: &Owed,
    letters: Letters,
    is_last_try: bool,
    environment: &Environment<'_>,
) -> Result<JobEnd> {
    let period = owed.period()?;
    let look = Look::of_plan(plan)?;
    let record = RunRecord::begin(lake, &plan.name, "tick", &period.label, environment.now)?;
    let job = Job {
        plan,
        look: &look,
        period: &period,
        as_of: DateTime::<Utc>::MAX_UTC,
        transport,
        letters,
        only_of_news: owed.state == OccurrenceState::Waiting && !is_last_try,
    };
    let ended = job.run(lake, &record, environment);
    let (code, words) = match &ended {
        Ok(end) => (end.exit_code(), end.to_string()),
        Err(error) => (exit_code(error), format!("{error:#}")),
    };
    record.end(lake, code, &words)?;
    ended
}

/// One line about an occurrence.
fn told(plan: &Plan, owed: &Owed, what: &str) -> String {
    let due = owed.due_at.with_timezone(&plan.schedule.zone);
    let due = due.format("%Y-%m-%d %H:%M");
    format!("tick {} {}, due {due}: {what}", plan.name, owed.period)
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
