//! What is known of one place, and how its cohorts are judged by it.

use super::Counts;
use crate::diagnosis::case::Judged;
use crate::diagnosis::cohort::WEEKS_BEFORE;
use crate::diagnosis::cohort::members::LENT_OUTCOMES;
use crate::metrics::predictive::{overdispersion, overdispersion_of_part};

/// Weeks of the history that the noise of weekly cohorts is learnt from, and as many earlier periods at the reported
/// one's age: half a year of weeks.
pub(super) const NOISE_WEEKS: usize = 26;
/// Earlier periods that have to be known at the reported one's age before its own past decides. A judgement: the mean of
/// fewer is no surer than the curve over all ages.
const LEAST_PERIODS: usize = 6;
/// The share of members with an outcome is taken to be no larger than this where chance is made of those without: counts
/// of nearly all members would have next to no chance left.
const LARGEST_SHARE: f64 = 0.9;
/// No expectation of a cohort is surer than to one percent: a relative variance of 0.01².
const LEAST_DISPERSION: f64 = 1e-4;

/// Outcomes, and those that were due.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Count {
    pub(super) observed: f64,
    pub(super) due: f64,
}

/// Outcomes by now, those due by now, and members, of one window.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) count: Count,
    pub(super) members: f64,
}

/// What is known of one place.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) reported: Tally,
    /// The weeks before the reported period, the latest first.
    pub(super) before: [Tally; WEEKS_BEFORE as usize],
    /// All members of the past, weighted by how long ago they began.
    pub(super) past: Tally,
    /// Sum of squared weights times what was due: how much the past tells.
    pub(super) squares: f64,
    /// Outcomes and what was due of them by week of the past.
    pub(super) weeks: [Count; NOISE_WEEKS],
    /// Members that began in these weeks.
    pub(super) members_in_weeks: f64,
    /// Outcomes of earlier periods, and what was due of them, as soon after their end as the reported one is looked at.
    pub(super) at_same_age: [Count; NOISE_WEEKS],
    /// The noise that is usual among places of this kind; `None` of everything together.
    usual_noise: Option<f64>,
}

impl Default for Cell {
    fn default() -> Self {
        Self {
            reported: Tally::default(),
            before: [Tally::default(); WEEKS_BEFORE as usize],
            past: Tally::default(),
            squares: 0.0,
            weeks: [Count::default(); NOISE_WEEKS],
            members_in_weeks: 0.0,
            at_same_age: [Count::default(); NOISE_WEEKS],
            usual_noise: None,
        }
    }
}

impl From<Count> for Counts {
    fn from(Count { observed, due }: Count) -> Self {
        Self { observed, due }
    }
}

/// What is in the whole but not in a part of it; sums in another order may differ by a rounding, never below 0.
fn rest(whole: f64, part: f64) -> f64 {
    (whole - part).max(0.0)
}

impl Count {
    fn less(self, part: Self) -> Self {
        Self {
            observed: rest(self.observed, part.observed),
            due: rest(self.due, part.due),
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            observed: self.observed + other.observed,
            due: self.due + other.due,
        }
    }

    /// The same with what was due at the place's own level.
    fn at_level(self, level: f64) -> Self {
        Self {
            observed: self.observed,
            due: self.due * level,
        }
    }
}

impl Tally {
    pub(super) fn of_one(count: Count) -> Self {
        Self {
            count,
            members: 1.0,
        }
    }

    fn less(self, part: Self) -> Self {
        Self {
            count: self.count.less(part.count),
            members: rest(self.members, part.members),
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            count: self.count.and(other.count),
            members: self.members + other.members,
        }
    }
}

/// What is in one list but not in the other, entry by entry.
fn each_less<const N: usize>(whole: &[Count; N], part: &[Count; N]) -> [Count; N] {
    std::array::from_fn(|at| whole[at].less(part[at]))
}

impl Cell {
    pub(super) fn less(&self, part: &Self) -> Self {
        Self {
            reported: self.reported.less(part.reported),
            before: std::array::from_fn(|week| self.before[week].less(part.before[week])),
            past: self.past.less(part.past),
            squares: rest(self.squares, part.squares),
            weeks: each_less(&self.weeks, &part.weeks),
            members_in_weeks: rest(self.members_in_weeks, part.members_in_weeks),
            at_same_age: each_less(&self.at_same_age, &part.at_same_age),
            usual_noise: self.usual_noise,
        }
    }

    /// The place's usual level, relative to that of its channels.
    fn level(&self) -> f64 {
        (self.past.count.observed + LENT_OUTCOMES) / (self.past.count.due + LENT_OUTCOMES)
    }

    /// Outcomes of the weeks of the past with those due at the place's own level.
    fn weeks_at_own_level(&self) -> impl Iterator<Item = Count> {
        let level = self.level();
        self.weeks.iter().map(move |week| week.at_level(level))
    }

    /// The same, the latest week first.
    pub(super) fn past_weeks(&self) -> Vec<Counts> {
        let weeks = self.weeks_at_own_level();
        weeks.map(Counts::from).collect()
    }

    /// A window's outcomes with those due at the place's own level.
    pub(super) fn counts(&self, window: Tally) -> Counts {
        window.count.at_level(self.level()).into()
    }

    /// Share of the members of these weeks without the outcome: of a bounded number, only so much is chance.
    fn share_without(&self) -> f64 {
        let due: f64 = self.weeks.iter().map(|week| week.due).sum();
        let share_with = due * self.level() / self.members_in_weeks.max(1.0);
        1.0 - share_with.min(LARGEST_SHARE)
    }

    /// Noise of these counts, leaning on that of the other places where there are others.
    fn noise(&self, counts: impl Iterator<Item = Count>, share_without: f64) -> f64 {
        let pairs = counts.map(|count| (count.observed, count.due));
        match self.usual_noise {
            Some(usual) => overdispersion_of_part(pairs, share_without, usual),
            None => overdispersion(pairs, share_without),
        }
    }

    /// As many outcomes as the usual level is known by: fewer than were counted when old ones weigh little, `(Σwd)² ÷
    /// Σw²d`, but never fewer than what they weigh.
    fn known_outcomes(&self) -> f64 {
        let due = self.past.count.due;
        let information = if self.squares > 0.0 {
            due * due / self.squares
        } else {
            0.0
        };
        information.max(self.past.count.observed) + LENT_OUTCOMES
    }

    /// A window's outcomes against those due at the place's own usual level. `None` when nothing was due.
    pub(super) fn judge(&self, window: Tally) -> Option<Judged> {
        let expected = window.count.due * self.level();
        let of_the_level = 1.0 / self.known_outcomes();
        let noise = self.noise(self.weeks_at_own_level(), self.share_without());
        // Of a bounded number of members the variance is E(1 − E/n), not E: the difference is a dispersion of 1/n.
        let bound = 1.0 / window.members.max(1.0);
        let dispersion = (of_the_level + noise - bound).max(LEAST_DISPERSION);
        (expected > 0.0).then_some(Judged {
            observed: window.count.observed,
            expected,
            ordinary: expected,
            dispersion,
        })
    }

    /// The reported cohort against what earlier periods had at the same age: who closes nothing on Sundays has fewer
    /// outcomes by the end of every week than the curve over all ages says.
    pub(super) fn judge_reported(&self) -> Option<Judged> {
        let judged = self.judge(self.reported)?;
        let level = judged.expected / self.reported.count.due;
        let known = self.at_same_age.iter().filter(|period| period.due > 0.0);
        let periods: Vec<Count> = known.map(|period| period.at_level(level)).collect();
        if periods.len() < LEAST_PERIODS {
            return Some(judged);
        }
        let all = periods.iter().copied().fold(Count::default(), Count::and);
        let at_that_age = (all.observed + LENT_OUTCOMES) / (all.due + LENT_OUTCOMES);
        let expected = judged.expected * at_that_age;
        let members = self.reported.members.max(1.0);
        let share_without = 1.0 - (expected / members).min(LARGEST_SHARE);
        let due_then = periods.iter().map(|period| period.at_level(at_that_age));
        let noise = self.noise(due_then, share_without);
        let of_the_age = 1.0 / (all.observed + LENT_OUTCOMES);
        // What is learnt of the age cannot be surer than the level that it stands on.
        let dispersion = (of_the_age + noise - 1.0 / members).max(judged.dispersion);
        Some(Judged {
            expected,
            ordinary: expected,
            dispersion,
            ..judged
        })
    }
}

/// Tells each place what noise is usual among those of its kind: one place alone has too few outcomes a week to tell.
pub(super) fn share_noise(cells: &mut [Cell]) {
    let with_past = cells.iter().filter(|cell| cell.past.count.due > 0.0);
    let known: Vec<&Cell> = with_past.collect();
    let without: f64 = known.iter().map(|cell| cell.share_without()).sum();
    let mean_without = without / known.len().max(1) as f64;
    let weeks = known.iter().flat_map(|cell| cell.weeks_at_own_level());
    let pairs = weeks.map(|week| (week.observed, week.due));
    let usual = overdispersion(pairs, mean_without);
    for cell in cells {
        cell.usual_noise = Some(usual);
    }
}
