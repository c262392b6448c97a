//! Dates with points: `02.11.2026`. The day comes first in all countries that write them, yet an American system may, too.

use chrono::NaiveDate;

use super::Seen;

/// What the dates with points of a column have shown.
#[derive(Debug, Default)]
pub(super) struct Pointed {
    /// The first of them that has a sense with the day first.
    pub(super) first: Option<Seen>,
    /// Whether one has no sense but with the day first: `13.11.2026`.
    has_day_first: bool,
    /// The first that has no sense but with the month first: `11.13.2026`.
    month_first: Option<Seen>,
    /// How many those are.
    month_firsts: u64,
}

/// Dates with the month first that are no slip of the hand, where others show that the day comes first.
const NO_SLIP: u64 = 2;

impl Pointed {
    /// Looks at a date, as it reads with the day first and with the month first.
    pub(super) fn look(
        &mut self,
        either_way: (Option<NaiveDate>, Option<NaiveDate>),
        seen: impl Fn() -> Seen,
    ) {
        if either_way.0.is_none() {
            self.month_firsts += 1;
            self.month_first.get_or_insert_with(seen);
            return;
        }
        self.has_day_first |= either_way.1.is_none();
        self.first.get_or_insert_with(seen);
    }

    /// Whether every one of them can be read either way.
    pub(super) fn is_open(&self) -> bool {
        !self.has_day_first && self.month_firsts == 0
    }

    /// A date with the day first and one with the month first, where both orders are in the column. One slip among dates that
    /// show the day first is a fault of its row.
    pub(super) fn two_orders(&self) -> Option<(&Seen, &Seen)> {
        let is_slip = self.has_day_first && self.month_firsts < NO_SLIP;
        self.first
            .as_ref()
            .zip(self.month_first.as_ref())
            .filter(|_| !is_slip)
    }
}
