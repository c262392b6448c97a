//! What one member adds to each of its places.

use std::ops::Range;

use super::cell::{Cell, NOISE_WEEKS, Tally};
use crate::diagnosis::cohort::members::{Cohorts, Member, recency};

/// What one member adds to each of its places.
pub(super) struct Counted {
    span: Span,
    tally: Tally,
    weight: f64,
    week: Option<usize>,
    /// Which period before the reported one it began in, and what it had, and should have had, at the reported one's age.
    then: Option<(usize, f64, f64)>,
}

/// Which cohort a member belongs to.
enum Span {
    Reported,
    Before(usize),
    Past,
}

impl Counted {
    pub(super) fn of(cohorts: &Cohorts, member: &Member, reported: &Range<u32>) -> Self {
        let start = reported.start;
        let is_past = member.day < cohorts.cut;
        let age = if is_past {
            cohorts.cut - 1 - member.day
        } else {
            cohorts.now.saturating_sub(member.day)
        };
        let weight = if is_past { recency(age) } else { 1.0 };
        let span = if member.day >= start {
            Span::Reported
        } else if is_past {
            Span::Past
        } else {
            Span::Before(((start - 1 - member.day) / 7) as usize)
        };
        let had = |age: u32| if member.has_by(age) { 1.0 } else { 0.0 };
        let tally = Tally {
            observed: had(age),
            due: cohorts.due(member, age),
            members: 1.0,
        };
        let week = is_past
            .then_some(age as usize / 7)
            .filter(|week| *week < NOISE_WEEKS);
        let then = is_past.then(|| {
            let length = reported.end - start;
            let back = (start - 1 - member.day) / length;
            let age = (cohorts.now - (back + 1) * length).saturating_sub(member.day);
            (back as usize, had(age), cohorts.due(member, age))
        });
        Self {
            span,
            tally,
            weight,
            week,
            then: then.filter(|(back, ..)| *back < NOISE_WEEKS),
        }
    }

    pub(super) fn add_to(&self, cell: &mut Cell) {
        let Tally {
            observed,
            due,
            members,
        } = self.tally;
        match self.span {
            Span::Reported => cell.reported = cell.reported.and(self.tally),
            Span::Before(week) => {
                if let Some(sum) = cell.before.get_mut(week) {
                    *sum = sum.and(self.tally);
                }
            }
            Span::Past => {
                let weighted = Tally {
                    observed: observed * self.weight,
                    due: due * self.weight,
                    members,
                };
                cell.past = cell.past.and(weighted);
                cell.squares += self.weight * self.weight * due;
                if let Some(week) = self.week {
                    cell.weeks[week].0 += observed;
                    cell.weeks[week].1 += due;
                    cell.in_weeks += members;
                }
                if let Some((back, observed, due)) = self.then {
                    cell.then[back].0 += observed;
                    cell.then[back].1 += due;
                }
            }
        }
    }
}
