//! What is known of one place.

use crate::diagnosis::case::Judged;
use crate::diagnosis::cohort::WEEKS_BEFORE;
use crate::diagnosis::cohort::members::LENT;
use crate::metrics::predictive::{overdispersion, overdispersion_of_part};

/// Weeks of the history that the noise of weekly cohorts is learnt from.
pub(super) const NOISE_WEEKS: usize = 26;
/// Earlier periods that have to be known at the reported one's age before its own past decides.
const LEAST_PERIODS: usize = 6;

/// Outcomes by now, those due by now, and members, of one window.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) observed: f64,
    pub(super) due: f64,
    pub(super) members: f64,
}

/// What is known of one place.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) reported: Tally,
    /// The weeks before the reported period, the latest first.
    pub(super) before: [Tally; WEEKS_BEFORE as usize],
    pub(super) past: Tally,
    /// Sum of squared weights times what was due: how much the past tells.
    pub(super) squares: f64,
    /// Outcomes and what was due of them by week of the past.
    pub(super) weeks: [(f64, f64); NOISE_WEEKS],
    pub(super) in_weeks: f64,
    /// Outcomes of earlier periods, and what was due of them, as soon after their end as the reported one is looked at.
    pub(super) then: [(f64, f64); NOISE_WEEKS],
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
            weeks: [(0.0, 0.0); NOISE_WEEKS],
            in_weeks: 0.0,
            then: [(0.0, 0.0); NOISE_WEEKS],
            usual_noise: None,
        }
    }
}

/// What is in one of two lists of (outcomes, due) but not in the other.
fn without(
    whole: &[(f64, f64); NOISE_WEEKS],
    part: &[(f64, f64); NOISE_WEEKS],
) -> [(f64, f64); NOISE_WEEKS] {
    std::array::from_fn(|week| {
        (
            (whole[week].0 - part[week].0).max(0.0),
            (whole[week].1 - part[week].1).max(0.0),
        )
    })
}

impl Tally {
    pub(super) fn less(self, part: Self) -> Self {
        let rest = |whole: f64, part: f64| (whole - part).max(0.0);
        Self {
            observed: rest(self.observed, part.observed),
            due: rest(self.due, part.due),
            members: rest(self.members, part.members),
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            observed: self.observed + other.observed,
            due: self.due + other.due,
            members: self.members + other.members,
        }
    }
}

impl Cell {
    pub(super) fn less(&self, part: &Self) -> Self {
        let rest = |whole: f64, part: f64| (whole - part).max(0.0);
        Self {
            reported: self.reported.less(part.reported),
            before: std::array::from_fn(|week| self.before[week].less(part.before[week])),
            past: self.past.less(part.past),
            squares: rest(self.squares, part.squares),
            weeks: without(&self.weeks, &part.weeks),
            in_weeks: rest(self.in_weeks, part.in_weeks),
            then: without(&self.then, &part.then),
            usual_noise: self.usual_noise,
        }
    }

    /// The place's usual level, relative to that of its channels.
    fn level(&self) -> f64 {
        (self.past.observed + LENT) / (self.past.due + LENT)
    }

    /// Outcomes of the weeks of the past with those due at the place's own level, and the share of members without.
    fn by_week(&self) -> (impl Iterator<Item = (f64, f64)>, f64) {
        let own = self.level();
        let due: f64 = self.weeks.iter().map(|week| week.1).sum();
        let without = 1.0 - (due * own / self.in_weeks.max(1.0)).min(0.9);
        (
            self.weeks
                .iter()
                .map(move |(observed, due)| (*observed, due * own)),
            without,
        )
    }

    /// Noise of these counts, leaning on that of the other places where there are others.
    fn noise(&self, pairs: impl Iterator<Item = (f64, f64)>, without: f64) -> f64 {
        match self.usual_noise {
            Some(usual) => overdispersion_of_part(pairs, without, usual),
            None => overdispersion(pairs, without),
        }
    }

    /// A window's outcomes against those due at the place's own usual level. `None` when nothing was due.
    pub(super) fn judge(&self, window: Tally) -> Option<Judged> {
        let information = if self.squares > 0.0 {
            self.past.due * self.past.due / self.squares
        } else {
            0.0
        };
        let known = information.max(self.past.observed) + LENT;
        let expected = window.due * self.level();
        let (weeks, without) = self.by_week();
        let noise = self.noise(weeks, without);
        // Of a bounded number of members the variance is E(1 − E/n), not E: the difference is a dispersion of 1/n.
        let bound = 1.0 / window.members.max(1.0);
        let dispersion = (1.0 / known + noise - bound).max(1e-4);
        (expected > 0.0).then_some(Judged {
            observed: window.observed,
            expected,
            ordinary: expected,
            dispersion,
        })
    }

    /// The reported cohort against what earlier periods had at the same age: who closes nothing on Sundays has fewer
    /// outcomes by the end of every week than the curve over all ages says.
    pub(super) fn judge_reported(&self) -> Option<Judged> {
        let judged = self.judge(self.reported)?;
        let own = judged.expected / self.reported.due;
        let periods = || {
            self.then
                .iter()
                .filter(|period| period.1 > 0.0)
                .map(|period| (period.0, period.1 * own))
        };
        if periods().count() < LEAST_PERIODS {
            return Some(judged);
        }
        let (observed, due) = periods().fold((0.0, 0.0), |sum, period| {
            (sum.0 + period.0, sum.1 + period.1)
        });
        let at_that_age = (observed + LENT) / (due + LENT);
        let expected = judged.expected * at_that_age;
        let members = self.reported.members.max(1.0);
        let chance = 1.0 - (expected / members).min(0.9);
        let noise = self.noise(
            periods().map(|(observed, due)| (observed, due * at_that_age)),
            chance,
        );
        let dispersion = (1.0 / (observed + LENT) + noise - 1.0 / members).max(judged.dispersion);
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
    let known = || {
        cells
            .iter()
            .filter(|cell| cell.past.due > 0.0)
            .map(Cell::by_week)
    };
    let without = known().map(|(_, without)| without).sum::<f64>() / known().count().max(1) as f64;
    let usual = overdispersion(known().flat_map(|(weeks, _)| weeks), without);
    cells
        .iter_mut()
        .for_each(|cell| cell.usual_noise = Some(usual));
}
