//! When digests are due by themselves.

use std::ops::RangeInclusive;

use chrono::TimeDelta;
use chrono_tz::Tz;

use crate::config::plan::{Due, SchedulePlan};
use crate::config::recurrence::{self, Pace};
use crate::config::rules::Weeks;
use crate::config::settings::Schedule;
use crate::config::source::SettingsText;
use crate::config::value::zone;
use crate::model::fault::Fault;
use crate::model::period::PeriodKind;

/// Whoever waits longer than two weeks for the exports of one has the next digest on the table.
const WAIT_HOURS: RangeInclusive<u32> = 0..=336;

pub(super) fn resolve(
    source: &SettingsText<'_>,
    schedule: &Schedule,
    weeks: Weeks,
    of_pipeline: Tz,
) -> Result<SchedulePlan, Fault> {
    let own_zone = schedule.time_zone.as_deref();
    let own_zone = own_zone
        .map(|name| zone(source, "schedule.time_zone", name))
        .transpose()?;
    if !WAIT_HOURS.contains(&schedule.wait_hours) {
        let message = format!(
            "{} is out of range for \"wait_hours\" in [schedule]",
            schedule.wait_hours
        );
        let hint = format!("expected {} to {}", WAIT_HOURS.start(), WAIT_HOURS.end());
        return Err(source.refuse("schedule.wait_hours", message).hint(hint));
    }
    let week = match weeks {
        Weeks::Whole => PeriodKind::Week,
        Weeks::CutAtMonthEnds => PeriodKind::CutWeek,
    };
    let written = [
        ("daily", &schedule.daily, Pace::Daily, PeriodKind::Day),
        ("weekly", &schedule.weekly, Pace::Weekly, week),
        (
            "month_to_date",
            &schedule.month_to_date,
            Pace::Daily,
            PeriodKind::MonthToDate,
        ),
        (
            "monthly",
            &schedule.monthly,
            Pace::Monthly,
            PeriodKind::Month,
        ),
        (
            "quarterly",
            &schedule.quarterly,
            Pace::Quarterly,
            PeriodKind::Quarter,
        ),
        ("yearly", &schedule.yearly, Pace::Yearly, PeriodKind::Year),
    ];
    let mut due = Vec::new();
    for (key, rule, pace, kind) in written {
        let Some(rule) = rule else { continue };
        let at = recurrence::parse(rule, pace).map_err(|message| {
            let fault = source.refuse(&format!("schedule.{key}"), message);
            fault.hint(recurrence::expected(pace))
        })?;
        due.push(Due { kind, at });
    }
    Ok(SchedulePlan {
        due,
        zone: own_zone.unwrap_or(of_pipeline),
        holidays: schedule.holidays,
        catch_up: schedule.catch_up,
        wait: TimeDelta::hours(i64::from(schedule.wait_hours)),
        at_deadline: schedule.at_deadline,
    })
}
