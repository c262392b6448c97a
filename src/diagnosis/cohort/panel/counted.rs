//! What one member adds to each of its places.

use std::ops::Range;

use super::cell::{Cell, Count, NOISE_WEEKS, Tally};
use crate::diagnosis::cohort::members::{Cohorts, Member, recency};

/// What one member adds to each of its places.
pub(super) struct Counted {
    span: MemberOf,
    /// What it has had by now, or by the cut when it is of the past.
    tally: Tally,
}

/// Which cohort a member belongs to.
enum MemberOf {
    Reported,
    /// So many weeks before the reported period, 0 being the latest.
    Before(usize),
    Past(OfPast),
}

/// What a member of the past tells of what is usual.
struct OfPast {
    /// How much it counts for its age.
    weight: f64,
    /// The week of the past that it began in, 0 being the latest; `None` of weeks too long ago.
    week: Option<usize>,
    /// What it had when its period was as old as the reported one is now.
    at_same_age: Option<AtSameAge>,
}

/// What a member had, and should have had, at the reported one's age.
struct AtSameAge {
    /// Which period before the reported one it began in, 0 being the latest.
    period: usize,
    count: Count,
}

impl Counted {
    pub(super) fn of(cohorts: &Cohorts, member: &Member, reported: &Range<u32>) -> Self {
        if member.day < cohorts.cut {
            return Self::of_past(cohorts, member, reported);
        }
        let age = cohorts.now.saturating_sub(member.day);
        let span = if member.day >= reported.start {
            MemberOf::Reported
        } else {
            let days_before = reported.start - 1 - member.day;
            MemberOf::Before((days_before / 7) as usize)
        };
        Self {
            span,
            tally: Tally::of_one(count_at(cohorts, member, age)),
        }
    }

    /// The past is looked at as it was known on the eve of the cut: what happened since does not spoil it.
    fn of_past(cohorts: &Cohorts, member: &Member, reported: &Range<u32>) -> Self {
        let age = cohorts.cut - 1 - member.day;
        let week = age as usize / 7;
        let past = OfPast {
            weight: recency(age),
            week: Some(week).filter(|week| *week < NOISE_WEEKS),
            at_same_age: at_same_age(cohorts, member, reported),
        };
        Self {
            span: MemberOf::Past(past),
            tally: Tally::of_one(count_at(cohorts, member, age)),
        }
    }

    pub(super) fn add_to(&self, cell: &mut Cell) {
        match &self.span {
            MemberOf::Reported => cell.reported = cell.reported.and(self.tally),
            MemberOf::Before(week) => {
                if let Some(sum) = cell.before.get_mut(*week) {
                    *sum = sum.and(self.tally);
                }
            }
            MemberOf::Past(past) => past.add_to(cell, self.tally),
        }
    }
}

impl OfPast {
    fn add_to(&self, cell: &mut Cell, tally: Tally) {
        let Tally { count, members } = tally;
        let weighted = Tally {
            count: Count {
                observed: count.observed * self.weight,
                due: count.due * self.weight,
            },
            members,
        };
        cell.past = cell.past.and(weighted);
        cell.squares += self.weight * self.weight * count.due;
        // The noise of weeks is of the counts as they were, not as they weigh.
        if let Some(week) = self.week {
            cell.weeks[week] = cell.weeks[week].and(count);
            cell.members_in_weeks += members;
        }
        if let Some(then) = &self.at_same_age {
            let sum = &mut cell.at_same_age[then.period];
            *sum = sum.and(then.count);
        }
    }
}

/// What a member had, and should have had, by an age.
fn count_at(cohorts: &Cohorts, member: &Member, age: u32) -> Count {
    Count {
        observed: if member.has_by(age) { 1.0 } else { 0.0 },
        due: cohorts.due(member, age),
    }
}

/// `None` of periods too long ago.
fn at_same_age(cohorts: &Cohorts, member: &Member, reported: &Range<u32>) -> Option<AtSameAge> {
    let length = reported.end - reported.start;
    let period = (reported.start - 1 - member.day) / length;
    // Now, moved back by as many periods as lie between that one and the reported one.
    let then = cohorts.now - (period + 1) * length;
    let age = then.saturating_sub(member.day);
    let period = period as usize;
    (period < NOISE_WEEKS).then(|| AtSameAge {
        period,
        count: count_at(cohorts, member, age),
    })
}
