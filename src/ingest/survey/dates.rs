//! The order of day and month, told from all dates of a column.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::Seen;
use super::pointed::Pointed;
use super::years::Years;
use crate::ingest::cells::{DateOrder, Moment, moment, open_date};
use crate::model::fault::Fault;

/// What the dates of a column have shown.
#[derive(Debug)]
pub(super) struct Dates {
    /// The order that the format states.
    stated: DateOrder,
    /// Whether the format states it at all: it says nothing of what a spreadsheet has saved anew.
    is_stated: bool,
    /// The last day that can be.
    last: NaiveDate,
    /// Dates with points, whose day comes first wherever people write them.
    pointed: Pointed,
    /// The first date that has no sense but with the day first: `13/11/2026`.
    day_first: Option<Seen>,
    /// The same with the month first.
    month_first: Option<Seen>,
    /// The first date that either order can read.
    open: Option<Seen>,
    /// All of those, as read with the day first and with the month first.
    both_ways: BTreeSet<(NaiveDate, NaiveDate)>,
    has_times: bool,
    /// The first date with the year first, as spreadsheets write the cells that they took for dates.
    year_first: Option<Seen>,
    /// Whether a day of those is later than the twelfth.
    has_late_typed: bool,
    /// The first date with the year last, as spreadsheets leave what they could not read.
    year_last: Option<Seen>,
    /// Whether a day of those is not later than the twelfth.
    has_early_text: bool,
    years: Years,
}

/// Days that are no months: a spreadsheet of another country takes the others for months.
const MONTHS: u32 = 12;

/// Different dates with points that show months running: the days of a working week. Fewer are payments of a day of the month.
const FEWEST_POINTED: usize = 5;

/// The order of a column.
pub(super) struct Told {
    pub(super) order: DateOrder,
    /// Said when it is another one than the format states.
    pub(super) note: Option<String>,
}

impl Dates {
    pub(super) fn new(stated: DateOrder, last: NaiveDate) -> Self {
        Self {
            stated,
            is_stated: true,
            last,
            pointed: Pointed::default(),
            day_first: None,
            month_first: None,
            open: None,
            both_ways: BTreeSet::new(),
            has_times: false,
            year_first: None,
            has_late_typed: false,
            year_last: None,
            has_early_text: false,
            years: Years::default(),
        }
    }

    /// The same for a column that a spreadsheet has saved anew: only the file itself tells its order.
    pub(super) fn of_a_spreadsheet(self) -> Self {
        Self {
            is_stated: false,
            ..self
        }
    }

    pub(super) fn look(&mut self, line: u32, cell: &[u8]) {
        let Some(date) = open_date(cell) else {
            if let Some(Moment::Local(at)) = moment(cell, DateOrder::Ymd) {
                self.year_first.get_or_insert_with(|| Seen::new(line, cell));
                self.has_late_typed |= at.day() > MONTHS;
            }
            return;
        };
        self.year_last.get_or_insert_with(|| Seen::new(line, cell));
        self.years.add(&date);
        let day = date.day_first().map(|date| date.day());
        self.has_early_text |= day.is_some_and(|day| day <= MONTHS);
        let is_pointed = date.has_points && self.stated == DateOrder::Dmy;
        let either_way = (date.day_first(), date.month_first());
        match either_way {
            (Some(one), Some(other)) => {
                self.both_ways.insert((one, other));
                self.has_times |= date.has_time && one != other;
            }
            (None, None) => return,
            _ => {}
        }
        let seen = || Seen::new(line, cell);
        if is_pointed {
            self.pointed.look(either_way, seen);
            return;
        }
        let place = match either_way {
            (Some(_), None) => &mut self.day_first,
            (None, _) => &mut self.month_first,
            // Alike in either order it is no doubt by itself, but it is one of the dates that tell one.
            (Some(one), Some(other)) if one == other => return,
            _ => &mut self.open,
        };
        place.get_or_insert_with(seen);
    }

    /// The order that a date of the column shows beyond doubt; none when none does, or both are shown.
    pub(super) fn shown(&self) -> Option<DateOrder> {
        let is_day_first = self.day_first.is_some() || self.pointed.first.is_some();
        match (is_day_first, self.month_first.is_some()) {
            (true, false) => Some(DateOrder::Dmy),
            (false, true) => Some(DateOrder::Mdy),
            _ => None,
        }
    }

    /// The order of the column: the one that a date of it shows, or of another column (`elsewhere`); else the stated one
    /// when nothing speaks against it.
    pub(super) fn decide(
        &self,
        file: &str,
        column: &str,
        elsewhere: Option<DateOrder>,
    ) -> Result<Told, Fault> {
        let place = Place { file, column };
        if let (Some(typed), Some(text)) = (&self.year_first, &self.year_last)
            && !self.has_late_typed
            && !self.has_early_text
        {
            return Err(place.swapped(typed, text));
        }
        if let Some(seen) = self
            .year_last
            .as_ref()
            .filter(|_| self.years.come_first(self.last))
        {
            return Err(place.short_years(seen));
        }
        if let Some(fault) = self.pointed_doubt(&place) {
            return Err(fault);
        }
        match (&self.day_first, &self.month_first) {
            (Some(day), Some(month)) => return Err(place.two_orders(day, month)),
            (None, Some(month)) => match &self.pointed.first {
                Some(pointed) => return Err(place.two_orders(pointed, month)),
                None => return self.otherwise(DateOrder::Mdy, month, &place),
            },
            (Some(day), None) => return self.otherwise(DateOrder::Dmy, day, &place),
            (None, None) => {}
        }
        match (&self.pointed.first, &self.open) {
            (Some(pointed), None) => self.otherwise(DateOrder::Dmy, pointed, &place),
            (None, None) => Ok(self.as_stated()),
            (Some(pointed), Some(open)) => Err(place.two_writings(pointed, open)),
            (None, Some(open)) => match elsewhere {
                Some(order) => self.otherwise(order, open, &place),
                None => self.stated_if_sound(open, &place),
            },
        }
    }

    /// An order that is shown beyond doubt, when no other date speaks against it.
    fn otherwise(&self, order: DateOrder, by: &Seen, place: &Place<'_>) -> Result<Told, Fault> {
        if order == self.stated && self.is_stated {
            return Ok(self.as_stated());
        }
        if self.is_stated && self.lies_ahead(order) {
            return Err(place.doubt(by, self.example()));
        }
        let first = match order {
            DateOrder::Mdy => "month",
            _ => "day",
        };
        Ok(Told {
            order,
            note: Some(format!(
                "{}: dates are read {first} first: \"{}\" in line {}",
                place.column, by.text, by.line
            )),
        })
    }

    /// The stated order when every date can be read in either.
    fn stated_if_sound(&self, open: &Seen, place: &Place<'_>) -> Result<Told, Fault> {
        let other = match self.stated {
            DateOrder::Mdy => DateOrder::Dmy,
            _ => DateOrder::Mdy,
        };
        let only_other_is_past = self.lies_ahead(self.stated) && !self.lies_ahead(other);
        if !self.is_stated || only_other_is_past || self.months_run() {
            return Err(place.doubt(open, self.example()));
        }
        Ok(self.as_stated())
    }

    fn as_stated(&self) -> Told {
        Told {
            order: self.stated,
            note: None,
        }
    }

    fn lies_ahead(&self, order: DateOrder) -> bool {
        self.dates(order).any(|date| date > self.last)
    }

    /// The open dates as an order reads them.
    fn dates(&self, order: DateOrder) -> impl Iterator<Item = NaiveDate> {
        let is_mdy = order == DateOrder::Mdy;
        let pick = move |(day_first, month_first): &(NaiveDate, NaiveDate)| {
            if is_mdy { *month_first } else { *day_first }
        };
        self.both_ways.iter().map(pick)
    }

    /// Whether the stated order makes months run while the day stands still (11 September, 11 October, 11 November): the
    /// days of a week look so in the other order. Three months, and two days at most, for a week may end a month. The
    /// first of each month alone is what a table by months has.
    fn months_run(&self) -> bool {
        let days: BTreeSet<u32> = self.dates(self.stated).map(|date| date.day()).collect();
        let months: BTreeSet<u32> = self.dates(self.stated).map(|date| date.month()).collect();
        let is_by_month = days.len() == 1 && days.contains(&1) && !self.has_times;
        months.len() >= 3 && days.len() <= 2 && !is_by_month
    }

    /// What speaks against the day first in dates with points: months that only fit in front, or days that stand still while
    /// the months run through a year or into the future.
    fn pointed_doubt(&self, place: &Place<'_>) -> Option<Fault> {
        let pointed = &self.pointed;
        if let Some((first, month)) = pointed.two_orders() {
            return Some(place.pointed_months(first, month));
        }
        let first = pointed.first.as_ref().filter(|_| pointed.is_open())?;
        if self.open.is_some() || self.day_first.is_some() || self.month_first.is_some() {
            return None;
        }
        let stands_still = self.month_by_month() || self.runs_ahead();
        stands_still.then(|| place.doubt(first, self.example()))
    }

    /// Whether dates of one day of a year follow one another by months. A table by months has the first of each, and payments
    /// of a day of the month go on for years.
    fn month_by_month(&self) -> bool {
        let dates: BTreeSet<NaiveDate> = self.dates(DateOrder::Dmy).collect();
        let days: BTreeSet<u32> = dates.iter().map(Datelike::day).collect();
        let years: BTreeSet<i32> = dates.iter().map(Datelike::year).collect();
        let is_by_month = days.contains(&1) && !self.has_times;
        dates.len() >= FEWEST_POINTED && days.len() == 1 && years.len() == 1 && !is_by_month
    }

    /// Whether days that are fewer than the months go on into the future, while with the month first all lie in the past.
    fn runs_ahead(&self) -> bool {
        let days: BTreeSet<u32> = self.dates(DateOrder::Dmy).map(|date| date.day()).collect();
        let months: BTreeSet<u32> = self
            .dates(DateOrder::Dmy)
            .map(|date| date.month())
            .collect();
        let is_ahead = self.lies_ahead(DateOrder::Dmy) && !self.lies_ahead(DateOrder::Mdy);
        is_ahead && months.len() >= 3 && days.len() < months.len()
    }

    /// A date as it is read either way; that of the latest reading, which is the least likely.
    fn example(&self) -> Option<(NaiveDate, NaiveDate)> {
        let latest = |(one, other): &&(NaiveDate, NaiveDate)| *one.max(other);
        let differing = self.both_ways.iter().filter(|(one, other)| one != other);
        differing.max_by_key(latest).copied()
    }
}

/// Where a fault is.
struct Place<'a> {
    file: &'a str,
    column: &'a str,
}

/// What helps: the order in words that cannot be misread, or the order said.
const SAY_ORDER: &str = "export the dates as 2026-11-30; or say the order, order = \"dmy\" or \"mdy\" under [exports.options]";

impl Place<'_> {
    fn fault(&self, line: u32, message: &str) -> Fault {
        let message = format!("{}: {message}", self.column);
        Fault::new(message)
            .at(format!("{}:{line}", self.file))
            .hint(SAY_ORDER)
    }

    fn two_orders(&self, day: &Seen, month: &Seen) -> Fault {
        let message = format!(
            "two orders of dates in one column: \"{}\" here has the day first, \"{}\" in line {} the month",
            day.text, month.text, month.line
        );
        self.fault(day.line, &message)
    }

    fn pointed_months(&self, pointed: &Seen, month: &Seen) -> Fault {
        let message = format!(
            "dates with points have the day first, as \"{}\" in line {}, and \"{}\" here has the month first",
            pointed.text, pointed.line, month.text
        );
        self.fault(month.line, &message)
    }

    fn two_writings(&self, pointed: &Seen, open: &Seen) -> Fault {
        let message = format!(
            "two ways of writing dates in one column: \"{}\" in line {}, and \"{}\" here, whose month may be either number",
            pointed.text, pointed.line, open.text
        );
        self.fault(open.line, &message)
    }

    /// Days up to the twelfth stand as dates, and all later ones as text: a spreadsheet that writes the month first has taken
    /// the former for months.
    fn swapped(&self, typed: &Seen, text: &Seen) -> Fault {
        let message = format!(
            "a spreadsheet has read days as months: \"{}\" here is a date with its parts swapped, \"{}\" in line {} was left as text",
            typed.text, text.text, text.line
        );
        self.fault(typed.line, &message)
    }

    /// Years of two digits run while the day stands still: they are days, and the year is in front.
    fn short_years(&self, seen: &Seen) -> Fault {
        let message = format!(
            "\"{}\" seems to have a year of two digits in front, where nobody can tell it from a day",
            seen.text
        );
        let message = format!("{}: {message}", self.column);
        Fault::new(message)
            .at(format!("{}:{}", self.file, seen.line))
            .hint("export the dates as 2026-11-30")
    }

    fn doubt(&self, seen: &Seen, example: Option<(NaiveDate, NaiveDate)>) -> Fault {
        let either = example.map_or_else(String::new, |(one, other)| {
            format!("; one date is {one} or {other}")
        });
        let message = format!(
            "day and month may have changed places, as in \"{}\"{either}",
            seen.text
        );
        self.fault(seen.line, &message)
    }
}
