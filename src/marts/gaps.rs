//! Days of a period on which an export should have rows and has none.

use chrono::{Days, NaiveDate};

use super::sources::ExportRows;
use super::spans::untold_days;
use super::usual_days::{DAYS_A_WEEK, expected_rows, is_usual, usual_rows};
use crate::model::calendar::Calendar;
use crate::model::data_fault::{DataFault, Sort};
use crate::model::period::Period;
use crate::model::table::Table;

/// Rows a day from which a day without any is a gap and not a quiet day, for calls and forms, in most of the weeks before …
const BUSY_DAY: u32 = 10;

/// … and to be expected on it. A judgement: where twelve are to come, chance leaves a day without any once in a hundred thousand,
/// and the usual unrest of small numbers once in some thousands.
const LEAST_EXPECTED: f64 = 12.0;

/// Rows that were to come behind the last one, from which on an export is taken for cut off. A judgement, as for a busy day: a
/// Sunday on which nobody rings a small firm is none.
const LEAST_CUT_OFF: f64 = 10.0;

/// Clicks to be expected from which a day without costs is a gap: campaigns with fewer have days without any.
const LEAST_CLICKS: f64 = 12.0;
/// On a holiday so many times as many: no more than a sixth of an ordinary day's may come then. A judgement.
const ON_HOLIDAYS: f64 = 4.0;

/// Rows that were to come in a period without any, from which on it is remarked: chance leaves none of five once in a hundred
/// and fifty periods.
const LEAST_REMARKED: f64 = 5.0;

/// An export that is younger tells no usual day.
const MONTH: Days = Days::new(28);

/// Usual days without a new deal at the end of a CRM export from which it is taken for cut off: two may be a weekend.
const CRM_SILENCE: usize = 3;

/// The rows that a period is to have.
pub(super) struct Awaited<'a> {
    /// The period.
    pub period: &'a Period,
    /// Their table.
    pub table: Table,
    /// The firm's days of work.
    pub calendar: &'a Calendar,
}

impl Awaited<'_> {
    /// Whether nobody need be at work on a day: calls, forms and deals may rest on a holiday, a site does not.
    fn is_off(&self, day: NaiveDate) -> bool {
        is_of_people(self.table) && self.calendar.is_of_holiday(day)
    }

    /// Whether a period without any row lacks none: days off from end to end, or rows that come when there is something to note.
    pub(super) fn may_be_empty(&self) -> bool {
        let mut days = days_of(self.period);
        let is_of_notes = matches!(self.table, Table::Annotations | Table::Calendar);
        is_of_notes || days.all(|day| self.is_off(day))
    }
}

/// Whether rows are of people at work, who may all rest.
fn is_of_people(table: Table) -> bool {
    match table {
        Table::Calls
        | Table::ClientLinks
        | Table::Forms
        | Table::Deals
        | Table::DealStages
        | Table::Surveys => true,
        Table::Sessions
        | Table::TrafficDaily
        | Table::Costs
        | Table::Targets
        | Table::Annotations
        | Table::Calendar => false,
    }
}

fn days_of(period: &Period) -> impl Iterator<Item = NaiveDate> + use<> {
    let last = period.to;
    period.from.iter_days().take_while(move |day| *day <= last)
}

impl ExportRows {
    /// Days of the period that lack rows which should be there, judged by the same weekday of the four weeks before.
    ///
    /// After the export's last row any usual day is missing, where enough rows were to come on all of them. Before it, a site always has
    /// sessions and ads with enough clicks always have costs, and a week without any is a file that did not come; telephones and forms, and orders
    /// that are contacts, may be silent by chance, so only busy ones are judged; a CRM is not judged, and a quiet weekend at its end is no
    /// gap either. On holidays nobody need be at work. Days that totals do not tell of by themselves are missing in any case.
    pub(super) fn missing_days(
        &self,
        awaited: &Awaited<'_>,
        last_day: Option<NaiveDate>,
    ) -> Vec<NaiveDate> {
        let Awaited { period, table, .. } = *awaited;
        let is_usual = |day: NaiveDate, rows: u32| is_usual(&self.days, period, day, rows);
        let is_cut_off = self.is_cut_off(awaited, last_day);
        let is_busy = |day: NaiveDate| {
            let expected = expected_rows(&self.days, period, day);
            is_usual(day, BUSY_DAY) && expected >= LEAST_EXPECTED
        };
        let is_gap = |day: NaiveDate| {
            let has_ended = last_day.is_none_or(|last| day > last);
            match table {
                _ if has_ended => is_cut_off && is_usual(day, 1),
                Table::Sessions | Table::TrafficDaily => {
                    is_usual(day, 1) || self.is_hole(day, period)
                }
                Table::Costs => {
                    let is_due = is_usual(day, 1) && self.has_clicks_due(day, awaited);
                    is_due || self.is_lost_file(day)
                }
                Table::Calls | Table::Forms => is_busy(day),
                Table::Deals if self.is_contact => is_busy(day),
                Table::ClientLinks
                | Table::Deals
                | Table::DealStages
                | Table::Surveys
                | Table::Targets
                | Table::Annotations
                | Table::Calendar => false,
            }
        };
        let untold = self.untold_days(period, table);
        let mut gaps = Vec::new();
        for day in days_of(period) {
            let is_silent = !self.days.contains_key(&day) && !awaited.is_off(day) && is_gap(day);
            if is_silent || untold.contains(&day) {
                gaps.push(day);
            }
        }
        if table == Table::Deals && !self.is_contact && gaps.len() < CRM_SILENCE {
            gaps.clear();
        }
        gaps
    }

    /// Whether a period without any row was a quiet one: fewer rows were to come than a gap needs, and the export tells of the
    /// time behind it, or of the month before. A Sunday of a firm that rests on Sundays lacks nothing, nor does a week without a
    /// chat where three are usual.
    pub(super) fn was_quiet(&self, period: &Period) -> bool {
        let begun = period.from - MONTH;
        let has_begun = self.days.range(..=begun).next().is_some();
        if !self.table.is_some_and(is_of_people) || !has_begun {
            return false;
        }
        let goes_on = self.days.range(period.to..).next().is_some();
        let has_lately = self.days.range(begun..period.from).next().is_some();
        (goes_on || has_lately) && self.rows_due(period, days_of(period)) < LEAST_CUT_OFF
    }

    /// A period without any row, where some were to come: too few for a hole, and enough to be looked into. On holidays nobody
    /// need be at work.
    pub(super) fn silence(&self, period: &Period, calendar: &Calendar) -> Option<DataFault> {
        let rows = self.days.range(period.from..=period.to).next();
        let days = days_of(period).filter(|day| !calendar.is_of_holiday(*day));
        let due = self.rows_due(period, days);
        let is_told = rows.is_none() && self.was_quiet(period) && due >= LEAST_REMARKED;
        is_told.then(|| DataFault::Gone {
            sort: Sort::Any,
            name: String::new(),
            expected: due.round() as u64,
        })
    }

    /// Rows that were to come on some days of a period.
    fn rows_due(&self, period: &Period, days: impl Iterator<Item = NaiveDate>) -> f64 {
        days.map(|day| usual_rows(&self.days, period, day)).sum()
    }

    /// Whether so many clicks were to come on a day that there are costs of it; where nobody tells clicks, there always are.
    fn has_clicks_due(&self, day: NaiveDate, awaited: &Awaited<'_>) -> bool {
        let period = awaited.period;
        let is_holiday = awaited.calendar.is_of_holiday(day);
        let times = if is_holiday { ON_HOLIDAYS } else { 1.0 };
        let recent = self.weights.range(period.from - MONTH..=period.to);
        let tells_clicks = recent.clone().any(|(_, clicks)| *clicks > 0);
        !tells_clicks || expected_rows(&self.weights, period, day) >= times * LEAST_CLICKS
    }

    /// Whether so much was to come in the period after the last row that nothing of it is no chance.
    fn is_cut_off(&self, awaited: &Awaited<'_>, last_day: Option<NaiveDate>) -> bool {
        let period = awaited.period;
        let rows = match awaited.table {
            Table::Sessions | Table::Calls | Table::ClientLinks | Table::Forms | Table::Deals => {
                &self.days
            }
            Table::TrafficDaily => &self.weights,
            Table::Costs if self.weights.values().any(|clicks| *clicks > 0) => &self.weights,
            Table::Costs
            | Table::DealStages
            | Table::Surveys
            | Table::Targets
            | Table::Annotations
            | Table::Calendar => return true,
        };
        let behind = days_of(period).filter(|day| last_day.is_none_or(|last| *day > last));
        let behind = behind.filter(|day| !awaited.is_off(*day));
        let expected = behind.map(|day| usual_rows(rows, period, day));
        expected.sum::<f64>() >= LEAST_CUT_OFF
    }

    /// Days of the period of which totals do not tell by themselves. Of what campaigns cost, sums may lie beside days, and a
    /// campaign has no costs while it rests: there only days inside sums that cross the ends are such.
    fn untold_days(&self, period: &Period, table: Table) -> Vec<NaiveDate> {
        let mut untold = untold_days(&self.spans, period.from, period.to);
        if table == Table::Costs {
            untold.retain(|day| self.spans.is_told_only_across(*day, period.from, period.to));
        }
        untold
    }

    /// Whether a day lies in a hole between rows that is as long as a weekly file: one that did not come, more likely than
    /// all campaigns at rest.
    fn is_lost_file(&self, day: NaiveDate) -> bool {
        let before = self.days.range(..day).next_back();
        let behind = self.days.range(day..).next();
        let (Some((last, _)), Some((next, _))) = (before, behind) else {
            return false;
        };
        (*next - *last).num_days().unsigned_abs() > DAYS_A_WEEK
    }

    /// Whether a day without rows lies between days with so many sessions that chance leaves none without any.
    fn is_hole(&self, day: NaiveDate, period: &Period) -> bool {
        let began = self.days.range(..day).next().is_some();
        let mut of_period: Vec<u32> = self
            .weights
            .range(period.from..=period.to)
            .map(|(_, sessions)| *sessions)
            .collect();
        of_period.sort_unstable();
        let middle = of_period.get(of_period.len() / 2);
        began && middle.is_some_and(|sessions| *sessions >= BUSY_DAY)
    }
}
