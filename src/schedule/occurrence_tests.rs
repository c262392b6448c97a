use chrono::{NaiveTime, TimeDelta, Timelike, Weekday};
use chrono_tz::Tz;

use super::super::catch_up::{Fate, fates};
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

/// Nine years of hourly ticks with outages of one to forty days, by each policy, where holidays move the due times: a week is
/// found once, on a day that is worked, not before its own Monday; and what the policy says becomes of it.
#[test]
fn years_of_ticks_and_outages_find_each_week_once_and_keep_the_policy() {
    let (begin, end) = (time("2019-01-14T00:00:00Z"), time("2028-01-01T00:00:00Z"));
    let calendar = ru();
    for zone in ["Europe/Kaliningrad", "Asia/Kamchatka", "America/Sao_Paulo"] {
        let plan = schedule(zone, HolidayRule::Move, vec![weekly(8, 0)]);
        let whole = between(&plan, &calendar, begin, end);
        let zone: Tz = zone.parse().expect("a zone");
        for occurrence in &whole {
            let day = occurrence.due_at.with_timezone(&zone).date_naive();
            let label = &occurrence.period.label;
            assert!(day >= occurrence.period.next().from, "{label} {day}");
            assert!(!calendar.kind(day).is_holiday(), "{label} {day}");
        }
        let mut weeks: Vec<_> = whole.iter().map(|one| one.period.from).collect();
        weeks.sort_unstable();
        let gaps = weeks.windows(2).map(|pair| (pair[1] - pair[0]).num_days());
        assert!(gaps.into_iter().all(|days| days == 7), "{zone}");
        for policy in [CatchUp::All, CatchUp::Latest, CatchUp::None] {
            let (mut from, mut outage, mut seen) = (begin, 1, 0);
            while from < end {
                // A month of hourly ticks, then nobody for some days.
                let up = end.min(from + TimeDelta::days(30));
                while from < up {
                    let now = from + TimeDelta::hours(1);
                    let found = between(&plan, &calendar, from, now);
                    let made = fates(&found, policy, now);
                    assert!(made.iter().all(|fate| *fate == Fate::OnTime));
                    (seen, from) = (seen + found.len(), now);
                }
                outage = outage % 40 + 1;
                let back = from + TimeDelta::days(outage);
                let found = between(&plan, &calendar, from, back);
                let late = |one: &Occurrence| back - one.due_at > TimeDelta::hours(1);
                let due = found.iter().zip(fates(&found, policy, back));
                let due: Vec<_> = due.filter(|(one, _)| late(one)).collect();
                let made = due.iter().filter(|(_, fate)| *fate == Fate::Late).count();
                let last = found.last().map(|one| one.due_at);
                let of_last = due.iter().filter(|(one, _)| Some(one.due_at) == last);
                let expected = match policy {
                    CatchUp::All => due.len(),
                    CatchUp::Latest => of_last.count(),
                    CatchUp::None => 0,
                };
                assert_eq!(made, expected, "{zone} {back}");
                (seen, from) = (seen + found.len(), back);
            }
            assert_eq!(seen, between(&plan, &calendar, begin, from).len(), "{zone}");
        }
    }
}
