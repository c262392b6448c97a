use chrono::{NaiveTime, TimeDelta, Timelike, Weekday};
use chrono_tz::Tz;

use super::*;
use crate::config::rules::{AtDeadline, CatchUp};
use crate::model::recurrence::{DayRule, MonthDay, Recurrence};

fn schedule(zone: &str, holidays: HolidayRule, due: Vec<Due>) -> SchedulePlan {
    SchedulePlan {
        due,
        zone: zone.parse().expect("a zone"),
        holidays,
        catch_up: CatchUp::Latest,
        wait: TimeDelta::hours(24),
        at_deadline: AtDeadline::Send,
    }
}

fn weekly(hour: u32, minute: u32) -> Due {
    let at = NaiveTime::from_hms_opt(hour, minute, 0).expect("a time");
    Due {
        kind: PeriodKind::Week,
        at: Recurrence::on(DayRule::Weekday(Weekday::Mon), at),
    }
}

fn ru() -> Calendar {
    Calendar::shipped("ru").expect("it is shipped")
}

fn told(found: &[Occurrence]) -> Vec<String> {
    let line =
        |one: &Occurrence| format!("{} {}", one.period.label, one.due_at.format("%m-%d %H:%M"));
    found.iter().map(line).collect()
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

#[test]
fn monday_morning_is_that_of_the_zone() {
    let plan = schedule("Europe/Moscow", HolidayRule::Keep, vec![weekly(8, 0)]);
    let found = between(
        &plan,
        &ru(),
        time("2026-11-09T05:00:00Z"),
        time("2026-11-23T05:00:00Z"),
    );
    assert_eq!(
        told(&found),
        ["2026-W46 11-16 05:00", "2026-W47 11-23 05:00"]
    );
}

#[test]
fn a_holiday_moves_the_time_but_not_the_period() {
    let span = (time("2026-12-31T00:00:00Z"), time("2027-01-12T00:00:00Z"));
    let mut plan = schedule("Europe/Moscow", HolidayRule::Move, vec![weekly(8, 0)]);
    // 1 to 8 January are days off, 9 and 10 a weekend: both Mondays' digests come on the 11th.
    let moved = between(&plan, &ru(), span.0, span.1);
    assert_eq!(
        told(&moved),
        ["2026-W53 01-11 05:00", "2027-W01 01-11 05:00"]
    );
    plan.holidays = HolidayRule::Skip;
    assert_eq!(
        told(&between(&plan, &ru(), span.0, span.1)),
        ["2027-W01 01-11 05:00"]
    );
    plan.holidays = HolidayRule::Keep;
    let kept = between(&plan, &ru(), span.0, span.1);
    assert_eq!(
        told(&kept),
        ["2026-W53 01-04 05:00", "2027-W01 01-11 05:00"]
    );
}

#[test]
fn a_period_is_owed_once_however_often_its_rule_comes() {
    let daily = Due {
        kind: PeriodKind::Week,
        at: Recurrence::cron("0 8 * * *").expect("a rule"),
    };
    let monthly = Due {
        kind: PeriodKind::Month,
        at: Recurrence::on(DayRule::OfMonth(MonthDay::Working(1)), NaiveTime::MIN),
    };
    let plan = schedule("UTC", HolidayRule::Keep, vec![daily, monthly]);
    let found = between(
        &plan,
        &ru(),
        time("2026-11-29T23:00:00Z"),
        time("2026-12-08T00:00:00Z"),
    );
    assert_eq!(
        told(&found),
        [
            "2026-W48 11-30 08:00",
            "2026-11 12-01 00:00",
            "2026-W49 12-07 08:00"
        ]
    );
}

/// Ten years in twelve zones, asked for in spans of odd lengths: every week once, on the day and at the hour of its wall clock.
#[test]
fn ten_years_of_weeks_come_once_each_in_every_zone() {
    let zones = [
        "UTC",
        "Europe/Moscow",
        "Europe/Berlin",
        "Europe/London",
        "America/New_York",
        "America/St_Johns",
        "America/Sao_Paulo",
        "Asia/Kolkata",
        "Asia/Vladivostok",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Auckland",
    ];
    for (at, name) in zones.iter().enumerate() {
        // Hours that summer time skips or shows twice, and the edges of the day.
        let (hour, minute) = [(8, 0), (2, 30), (0, 0), (23, 59)][at % 4];
        let plan = schedule(name, HolidayRule::Keep, vec![weekly(hour, minute)]);
        let (mut from, end) = (time("2020-01-01T00:00:00Z"), time("2030-01-01T00:00:00Z"));
        let mut found = Vec::new();
        let mut step = 1;
        while from < end {
            // From an hour to forty days.
            step = (step * 7 + 3) % 961;
            let until = end.min(from + TimeDelta::hours(step.max(1)));
            found.extend(between(&plan, &Calendar::default(), from, until));
            from = until;
        }
        let zone: Tz = name.parse().expect("a zone");
        let mut period = found[0].period.clone();
        for occurrence in &found {
            let local = occurrence.due_at.with_timezone(&zone);
            assert_eq!(occurrence.period, period, "{name}");
            assert_eq!(
                local.date_naive(),
                period.next().from,
                "{name} {}",
                period.label
            );
            let minutes = (local.hour() * 60 + local.minute()).abs_diff(hour * 60 + minute);
            assert!(
                minutes == 0 || minutes == 60 || minutes == 30,
                "{name} {local}"
            );
            period = period.next();
        }
        assert!(
            (520..=523).contains(&found.len()),
            "{name}: {}",
            found.len()
        );
    }
}
