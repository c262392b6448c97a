//! Traffic acquisition as the GA4 interface exports it: one CSV a week, the period only in the preamble.

use anyhow::Result;
use chrono::NaiveDate;
use std::path::Path;

use super::calendar::shift;
use super::dice::Dice;
use super::output::Rolling;

const COLUMNS: &str = "Session primary channel group (Default Channel Group),Total users,Sessions,Engaged sessions,Engagement rate,\
Average engagement time per session,Events per session,Event count,Key events,Session key event rate,Total revenue";

/// Users for each session, seconds of an engaged session, and the fewest events of a session. Invented.
const USERS_A_SESSION: f64 = 0.81;
const ENGAGED_SECONDS: f64 = 52.0;
const EVENTS_A_SESSION: f64 = 4.1;

/// One channel in one week.
pub struct Traffic {
    channel: &'static str,
    users: u64,
    /// Sessions that began in the week.
    pub sessions: u64,
    engaged: u64,
    engagement: f64,
    events: u64,
    key_events: u64,
}

impl Traffic {
    /// The numbers that go with this many sessions and form requests.
    pub fn drawn(
        channel: &'static str,
        sessions: u64,
        engaged: f64,
        key_events: u64,
        dice: &mut Dice,
    ) -> Self {
        // Each number strays by a few percent, and is never more than the sessions.
        let share = |part: f64, dice: &mut Dice| {
            let drawn = sessions as f64 * part * (0.96 + 0.08 * dice.unit());
            (drawn.round() as u64).min(sessions)
        };
        let users = share(USERS_A_SESSION, dice);
        // A session with a key event is engaged by definition.
        let engaged = share(engaged, dice).max(key_events.min(sessions));
        let engagement = engaged as f64 * dice.log_normal(ENGAGED_SECONDS, 0.1);
        let usual_events = sessions as f64 * (EVENTS_A_SESSION + dice.unit());
        let events = usual_events.round() as u64 + 2 * key_events;
        Self {
            channel,
            users,
            sessions,
            engaged,
            engagement,
            events,
            key_events,
        }
    }

    fn row(&self) -> String {
        let each = |part: f64| {
            if self.sessions == 0 {
                0.0
            } else {
                part / self.sessions as f64
            }
        };
        let rate = each(self.engaged as f64);
        let time = each(self.engagement);
        let events = each(self.events as f64);
        let Self {
            channel,
            users,
            sessions,
            engaged,
            events: count,
            key_events,
            ..
        } = self;
        let key_rate = each(*key_events as f64);
        format!(
            "{channel},{users},{sessions},{engaged},{rate},{time},{events},{count},{key_events},{key_rate},0\n"
        )
    }
}

/// Writes weeks, one file for each.
pub struct Ga4(Rolling);

impl Ga4 {
    /// Begins the export in `folder`.
    pub fn new(folder: &Path) -> Result<Self> {
        Ok(Self(Rolling::new(&folder.join("ga4"), "", 0)?))
    }

    /// Writes the week from `monday` on.
    pub fn write(&mut self, monday: NaiveDate, traffic: &[Traffic]) -> Result<()> {
        let (from, to) = (monday.format("%Y%m%d"), shift(monday, 6).format("%Y%m%d"));
        let line = "# ----------------------------------------\n";
        let preamble = format!(
            "{line}# Traffic acquisition: Session primary channel group (Default Channel Group)\n# Account: North Windows\n\
             # Property: northwindows.example\n{line}# \n# All Users\n# Start date: {from}\n# End date: {to}\n{COLUMNS}\n"
        );
        let rows: String = traffic
            .iter()
            .filter(|row| row.sessions > 0)
            .map(Traffic::row)
            .collect();
        let name = format!("traffic-acquisition-{from}-{to}.csv");
        self.0.write(&name, (preamble + &rows).as_bytes())
    }

    /// Closes the last file.
    pub fn finish(mut self) -> Result<()> {
        self.0.finish()
    }
}
