//! Totals of several days: of the spans that a series is told of, those that count for a period.
//!
//! A month may be told whole, by weeks and by days at once. The spans that count never overlap, so that no day counts twice;
//! they cover as many days of the period as can be, and of equal covers the finest counts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

/// First and last day of a row of totals.
pub type Span = (NaiveDate, NaiveDate);

/// The spans that a series is told of: totals that stand for the same thing whenever their days are the same.
#[derive(Debug, Clone, Default)]
pub struct Spans(BTreeSet<Span>);

impl FromIterator<Span> for Spans {
    fn from_iter<T: IntoIterator<Item = Span>>(spans: T) -> Self {
        let forward = spans.into_iter().filter(|(from, to)| from <= to);
        Self(forward.collect())
    }
}

impl Spans {
    /// Adds a span; one that ends before it begins is none.
    pub fn add(&mut self, span: Span) {
        if span.0 <= span.1 {
            self.0.insert(span);
        }
    }

    /// First and last day of all.
    fn outer(&self) -> Option<Span> {
        let last = self.0.iter().map(|(_, to)| *to).max()?;
        Some((self.0.first()?.0, last))
    }

    /// The spans that count when all days matter.
    pub fn of_all_days(&self) -> Counting {
        match self.outer() {
            Some((from, to)) => self.inside(from, to),
            None => Counting::default(),
        }
    }

    /// The spans that count for a period: of those that lie wholly inside.
    pub fn inside(&self, from: NaiveDate, to: NaiveDate) -> Counting {
        let begin_inside = self.0.range((from, from)..=(to, to));
        let inside = begin_inside.filter(|(_, last)| *last <= to);
        let mut by_end: BTreeMap<NaiveDate, Vec<Span>> = BTreeMap::new();
        for span in inside {
            by_end.entry(span.1).or_default().push(*span);
        }
        // From day to day: the best cover of the days so far, with or without a span that ends here.
        let mut covers: BTreeMap<NaiveDate, Cover> = BTreeMap::new();
        for (end, spans) in &by_end {
            let until = |day: NaiveDate| covers.range(..day).next_back().map(|(_, cover)| *cover);
            let mut best = until(*end).unwrap_or_default();
            for span in spans {
                let with = until(span.0).unwrap_or_default().and(*span);
                if with.rank() > best.rank() {
                    best = with;
                }
            }
            covers.insert(*end, best);
        }
        Counting::back_from(&covers)
    }

    /// Whether all spans that hold a day of a period reach beyond the period, and there are some.
    pub fn is_told_only_across(&self, day: NaiveDate, from: NaiveDate, to: NaiveDate) -> bool {
        let holds_day = |span: &&Span| span.0 <= day && day <= span.1;
        let mut holding = self.0.iter().filter(holds_day).peekable();
        holding.peek().is_some() && holding.all(|span| span.0 < from || span.1 > to)
    }
}

/// The best that spans without overlaps do for the days up to the end of the last of them.
#[derive(Debug, Clone, Copy, Default)]
struct Cover {
    days: u64,
    spans: u32,
    last: Option<Span>,
}

impl Cover {
    fn and(self, span: Span) -> Self {
        Self {
            days: self.days + days_of(span),
            spans: self.spans + 1,
            last: Some(span),
        }
    }

    /// More days first, then more spans: the finer telling.
    fn rank(&self) -> (u64, u32) {
        (self.days, self.spans)
    }
}

fn days_of((from, to): Span) -> u64 {
    (to - from).num_days().unsigned_abs() + 1
}

/// The spans that count for a period.
#[derive(Debug, Clone, Default)]
pub struct Counting(BTreeSet<Span>);

impl Counting {
    /// The spans of the best cover, from its last one back.
    fn back_from(covers: &BTreeMap<NaiveDate, Cover>) -> Self {
        let mut spans = BTreeSet::new();
        let mut cover = covers.values().next_back();
        while let Some(span) = cover.and_then(|cover| cover.last) {
            spans.insert(span);
            cover = covers.range(..span.0).next_back().map(|(_, cover)| cover);
        }
        Self(spans)
    }

    /// Whether rows of a span count.
    pub fn has(&self, span: Span) -> bool {
        self.0.contains(&span)
    }

    /// The days of all spans that count.
    pub fn days(&self) -> BTreeSet<NaiveDate> {
        let spans = self.0.iter();
        spans
            .flat_map(|(from, to)| from.iter_days().take_while(move |day| day <= to))
            .collect()
    }

    /// Whether any of them is longer than a day: a sum over days that somebody chose, and not a table of days.
    pub fn is_of_sums(&self) -> bool {
        self.0.iter().any(|(from, to)| from < to)
    }
}

/// The days of a period of which no span that counts tells, though something is told of them, or all there is are sums.
/// Where a series is told day by day, a day without a row may be a day without anything.
pub fn untold_days(spans: &Spans, from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    let counting = spans.inside(from, to);
    let told = counting.days();
    let is_untold = |day: &NaiveDate| {
        let is_told_across = || spans.is_told_only_across(*day, from, to);
        !told.contains(day) && (counting.is_of_sums() || is_told_across())
    };
    let days = std::iter::successors(Some(from), |day| day.checked_add_days(Days::new(1)));
    days.take_while(|day| *day <= to)
        .filter(is_untold)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).expect("a day of November")
    }

    fn spans(list: &[(u32, u32)]) -> Spans {
        list.iter()
            .map(|(from, to)| (day(*from), day(*to)))
            .collect()
    }

    #[track_caller]
    fn assert_counting(list: &[(u32, u32)], expected: &[(u32, u32)]) {
        let found = spans(list).inside(day(1), day(30)).0;
        assert_eq!(found, spans(expected).0);
    }

    #[test]
    fn weeks_that_do_not_fill_the_month_leave_it_to_the_months_row() {
        assert_counting(&[(1, 30), (2, 8), (9, 15), (16, 22), (23, 29)], &[(1, 30)]);
    }

    #[test]
    fn the_finest_spans_that_cover_all_count() {
        let fine = [(1, 1), (2, 8), (9, 15), (16, 22), (23, 29), (30, 30)];
        let mut all = fine.to_vec();
        all.push((1, 30));
        assert_counting(&all, &fine);
        // A week stands for those of its days that are not there one by one.
        assert_counting(&[(2, 2), (3, 3), (2, 8), (9, 9)], &[(2, 8), (9, 9)]);
    }

    #[test]
    fn spans_that_overlap_never_both_count() {
        assert_counting(&[(2, 8), (5, 11), (9, 15)], &[(2, 8), (9, 15)]);
        assert_counting(&[(2, 8), (6, 15)], &[(6, 15)]);
    }

    #[test]
    fn days_that_only_a_crossing_span_tells_of_are_untold() {
        let list = [(2, 8), (9, 15), (16, 22), (23, 29)];
        let mut weeks = spans(&list);
        let october = NaiveDate::from_ymd_opt(2026, 10, 26).expect("a day of October");
        let december = NaiveDate::from_ymd_opt(2026, 12, 6).expect("a day of December");
        assert_eq!(untold_days(&weeks, day(1), day(30)), [day(1), day(30)]);
        weeks.add((october, day(1)));
        weeks.add((day(30), december));
        assert_eq!(untold_days(&weeks, day(1), day(30)), [day(1), day(30)]);
        assert_eq!(untold_days(&weeks, day(9), day(15)), []);
        assert_eq!(untold_days(&weeks, day(10), day(11)), [day(10), day(11)]);
    }

    #[test]
    fn days_without_a_row_of_a_table_of_days_are_not_untold() {
        let days = spans(&[(2, 2), (3, 3), (5, 5)]);
        assert_eq!(untold_days(&days, day(1), day(7)), []);
    }
}
