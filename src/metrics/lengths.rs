//! How long compared periods are, in days and in working days, and what counts were a day where they differ.

use serde::{Deserialize, Serialize};

use super::plan::PlanDays;
use super::scorecard::{ChannelRow, Comparison};
use super::values::Measures;
use crate::model::calendar::Calendar;
use crate::model::money::Minor;
use crate::model::period::Period;
use crate::model::target::PlanMetric;

/// The days of one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodDays {
    /// The period.
    pub period: Period,
    /// All its days.
    pub days: u64,
    /// Days on which offices work.
    pub working_days: u64,
    /// Codes of the holidays in it, in their order.
    pub holidays: Vec<String>,
}

/// What a count was a day, in the reported period and in the one it is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ADay {
    /// Which count or amount.
    pub metric: PlanMetric,
    /// Of the reported period.
    pub now: f64,
    /// Of the period that it is compared with.
    pub base: f64,
    /// Change of it, percent; absent from zero.
    pub percent: Option<f64>,
}

/// A period of another length than the reported one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OtherLength {
    /// The period compared with.
    pub base: PeriodDays,
    /// Counts and amounts a day of the firm's work.
    pub a_day: Vec<ADay>,
}

/// The reported period's days beside those of the periods that it is compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lengths {
    /// The reported period.
    pub now: PeriodDays,
    /// Which days counts are told by: those that plans are spread over.
    pub by: PlanDays,
    /// Compared periods with other days, working days or holidays; none where all are alike.
    pub others: Vec<OtherLength>,
}

/// Compares the days of the total's periods.
pub(super) fn lengths(
    total: &ChannelRow,
    now: &Period,
    by: PlanDays,
    calendar: &Calendar,
) -> Lengths {
    let own = days_of(now, calendar);
    let bases = [&total.previous, &total.last_year];
    let other = |base: &Comparison| {
        let days = days_of(&base.period, calendar);
        let is_alike = (days.days, days.working_days) == (own.days, own.working_days)
            && days.holidays == own.holidays;
        (!is_alike).then(|| OtherLength {
            a_day: a_day(
                &total.measures,
                &base.measures,
                [&own, &days].map(|days| count(days, by)),
            ),
            base: days,
        })
    };
    let others = bases.into_iter().flatten().filter_map(other).collect();
    Lengths {
        now: own,
        by,
        others,
    }
}

fn days_of(period: &Period, calendar: &Calendar) -> PeriodDays {
    let days = period.from.iter_days().take_while(|day| *day <= period.to);
    let holidays = calendar.holidays(period.from, period.to);
    PeriodDays {
        days: period.days(),
        working_days: days.filter(|day| calendar.kind(*day).is_worked()).count() as u64,
        holidays: holidays.into_iter().map(str::to_owned).collect(),
        period: period.clone(),
    }
}

fn count(days: &PeriodDays, by: PlanDays) -> f64 {
    match by {
        PlanDays::WorkingDays => days.working_days as f64,
        PlanDays::Days => days.days as f64,
    }
}

/// Counts and amounts a day; none of a period without such a day, or whose count is not known.
fn a_day(now: &Measures, base: &Measures, [now_days, base_days]: [f64; 2]) -> Vec<ADay> {
    if now_days <= 0.0 || base_days <= 0.0 {
        return Vec::new();
    }
    let money = |amount: Option<Minor>| amount.map(Minor::major);
    let visits = |of: &Measures| of.sessions.map(|sessions| sessions as f64);
    let counts = [
        (PlanMetric::Sessions, visits(now), visits(base)),
        (PlanMetric::Inquiries, now.inquiries, base.inquiries),
        (PlanMetric::Sales, now.sales_closed, base.sales_closed),
        (
            PlanMetric::Revenue,
            money(now.revenue_closed),
            money(base.revenue_closed),
        ),
        (PlanMetric::Spend, money(now.spend), money(base.spend)),
    ];
    let row = |(metric, now, base): (PlanMetric, Option<f64>, Option<f64>)| {
        let (now, base) = (now? / now_days, base? / base_days);
        let percent = (base > 0.0).then(|| (now / base - 1.0) * 100.0 + 0.0);
        Some(ADay {
            metric,
            now,
            base,
            percent,
        })
    };
    counts.into_iter().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        Period::parse(text, chrono::NaiveDate::MIN).expect("a period")
    }

    #[test]
    fn november_has_two_working_days_less_than_october() {
        let calendar = Calendar::shipped("ru").expect("shipped");
        let [november, october] =
            ["2026-11", "2026-10"].map(|text| days_of(&period(text), &calendar));
        assert_eq!((november.days, november.working_days), (30, 20));
        assert_eq!((october.days, october.working_days), (31, 22));
        assert_eq!(november.holidays, ["unity_day"]);
    }

    #[test]
    fn as_many_a_day_is_no_change() {
        let measures = |inquiries| Measures {
            inquiries: Some(inquiries),
            sessions: None,
            ..Measures::default()
        };
        let found = a_day(&measures(200.0), &measures(220.0), [20.0, 22.0]);
        let only = ADay {
            metric: PlanMetric::Inquiries,
            now: 10.0,
            base: 10.0,
            percent: Some(0.0),
        };
        assert_eq!(found, [only]);
        assert_eq!(a_day(&measures(1.0), &measures(1.0), [0.0, 5.0]), []);
    }
}
