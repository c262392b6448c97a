//! Events by period and by day of the reported one, with where they were found.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::model::link::{Found, Link, LinkCounts};
use crate::model::period::{Period, place_of};

/// The events of one link while they are counted.
pub(super) struct Counted<'a> {
    periods: &'a [Period],
    counts: LinkCounts,
    places: BTreeMap<String, Vec<u64>>,
}

impl<'a> Counted<'a> {
    /// Nothing is counted yet.
    pub(super) fn new(link: Link, witness: &str, periods: &'a [Period]) -> Self {
        let reported = periods.last();
        let days = reported.into_iter().flat_map(|period| {
            let days = period.from.iter_days();
            days.take_while(|day| *day <= period.to)
        });
        Self {
            periods,
            counts: LinkCounts {
                link,
                witness: witness.to_owned(),
                places: Vec::new(),
                periods: vec![Found::default(); periods.len()],
                days: days.map(|day| (day, Found::default())).collect(),
            },
            places: BTreeMap::new(),
        }
    }

    /// Counts an event of a day, found in these places.
    pub(super) fn count<'p>(&mut self, day: NaiveDate, places: impl Iterator<Item = &'p str>) {
        let Some(at) = place_of(self.periods, day) else {
            return;
        };
        let mut is_found = false;
        for place in places {
            is_found = true;
            // Nearly every event is found where others were: their name is not copied again.
            if let Some(counts) = self.places.get_mut(place) {
                counts[at] += 1;
                continue;
            }
            let mut counts = vec![0; self.periods.len()];
            counts[at] = 1;
            self.places.insert(place.to_owned(), counts);
        }
        self.counts.periods[at].count(is_found);
        let of_day = self.counts.days.iter_mut().find(|(known, _)| *known == day);
        if let Some((_, of_day)) = of_day {
            of_day.count(is_found);
        }
    }

    /// What was counted.
    pub(super) fn done(self) -> LinkCounts {
        LinkCounts {
            places: self.places.into_iter().collect(),
            ..self.counts
        }
    }
}
