//! Outcomes of the reported cohort and of those before it, in every place at once: all, each channel, each manager, each
//! kind of contact.
//!
//! One pass over the members fills every place; what is everywhere but in one place is a difference of two of them.

use std::ops::Range;

use super::{Cohorts, LENT, Member, WEEKS_BEFORE, recency, windows};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::metrics::predictive::{overdispersion, overdispersion_of_part};
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Dimension};

/// Weeks of the history that the noise of weekly cohorts is learnt from.
const NOISE_WEEKS: usize = 26;
/// Earlier periods that have to be known at the reported one's age before its own past decides.
const LEAST_PERIODS: usize = 6;
/// What the weeks before say of the reported one, at most, nats: what was wrong may have passed.
const MOST_BEFORE: f64 = 6.0;
/// What the reported cohort alone says against a change since the weeks before counts so many times.
pub const HAS_PASSED: f64 = 2.0;
/// Kinds of contacts, in the order of their places.
const KINDS: [ContactKind; 4] = [
    ContactKind::Call,
    ContactKind::MissedCall,
    ContactKind::Form,
    ContactKind::Chat,
];

/// Where deals are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Everywhere.
    All,
    /// Those of one channel.
    Channel(Code),
    /// Those of one manager.
    Manager(Code),
    /// Those that began with one kind of contact.
    Contact(ContactKind),
}

/// Outcomes by now, those due by now, and members, of one window.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    observed: f64,
    due: f64,
    members: f64,
}

/// What is known of one place.
#[derive(Debug, Clone)]
struct Cell {
    reported: Tally,
    /// The weeks before the reported period, the latest first.
    before: [Tally; WEEKS_BEFORE as usize],
    past: Tally,
    /// Sum of squared weights times what was due: how much the past tells.
    squares: f64,
    /// Outcomes and what was due of them by week of the past.
    weeks: [(f64, f64); NOISE_WEEKS],
    in_weeks: f64,
    /// Outcomes of earlier periods, and what was due of them, as soon after their end as the reported one is looked at.
    then: [(f64, f64); NOISE_WEEKS],
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
    fn less(self, part: Self) -> Self {
        let rest = |whole: f64, part: f64| (whole - part).max(0.0);
        Self {
            observed: rest(self.observed, part.observed),
            due: rest(self.due, part.due),
            members: rest(self.members, part.members),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            observed: self.observed + other.observed,
            due: self.due + other.due,
            members: self.members + other.members,
        }
    }
}

impl Cell {
    fn less(&self, part: &Self) -> Self {
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
    fn judge(&self, window: Tally) -> Option<Judged> {
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
    fn judge_reported(&self) -> Option<Judged> {
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
fn share_noise(cells: &mut [Cell]) {
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

/// One outcome in every place.
#[derive(Debug, Clone)]
pub struct Panel {
    all: Cell,
    channels: Vec<Cell>,
    managers: Vec<Cell>,
    contacts: [Cell; KINDS.len()],
}

impl Panel {
    /// Counts the members of cohorts.
    pub fn of(case: &Case, cohorts: &Cohorts) -> Self {
        let empty = |dimension| vec![Cell::default(); case.seen.names.len(dimension)];
        let mut panel = Self {
            all: Cell::default(),
            channels: empty(Dimension::Channel),
            managers: empty(Dimension::Manager),
            contacts: Default::default(),
        };
        let (reported, _) = windows(case);
        for member in &cohorts.members {
            if member.day >= reported.end {
                continue;
            }
            let kind = member
                .contact
                .and_then(|kind| KINDS.iter().position(|known| *known == kind));
            let cells = [
                Some(&mut panel.all),
                panel.channels.get_mut(usize::from(member.channel)),
                panel.managers.get_mut(usize::from(member.manager)),
                kind.map(|kind| &mut panel.contacts[kind]),
            ];
            let counted = Counted::of(cohorts, member, &reported);
            cells
                .into_iter()
                .flatten()
                .for_each(|cell| counted.add_to(cell));
        }
        share_noise(&mut panel.channels);
        share_noise(&mut panel.managers);
        share_noise(&mut panel.contacts);
        panel
    }

    fn cell(&self, place: Place) -> Option<&Cell> {
        match place {
            Place::All => Some(&self.all),
            Place::Channel(code) => self.channels.get(usize::from(code)),
            Place::Manager(code) => self.managers.get(usize::from(code)),
            Place::Contact(kind) => KINDS
                .iter()
                .position(|known| *known == kind)
                .map(|position| &self.contacts[position]),
        }
    }

    /// The reported cohort of a place. `None` when nothing of it was due yet.
    pub fn reported(&self, place: Place) -> Option<Judged> {
        self.cell(place)?.judge_reported()
    }

    /// The reported cohort of everything but a place.
    pub fn others(&self, place: Place) -> Option<Judged> {
        let rest = self.all.less(self.cell(place)?);
        rest.judge_reported()
    }

    /// The reported cohort together with the weeks before it.
    pub fn recent(&self, place: Place) -> Option<Judged> {
        let cell = self.cell(place)?;
        cell.judge(cell.before.into_iter().fold(cell.reported, Tally::and))
    }

    /// The evidence of a change in the weeks before: it may have begun one, two … of them before the period, nats.
    pub fn before(&self, place: Place, by: fn(&Judged) -> f64) -> f64 {
        self.cell(place).map_or(0.0, |cell| begun_before(cell, by))
    }

    /// The reported cohort of a place alone, and with one, two … weeks before it, each against everything else: the change
    /// may have begun with any of them. What the period's own cohort says against it counts twice: it may have passed. The
    /// evidence, and the judgement that tells the most.
    pub fn lately_of_one(&self, place: Place, by: fn(&Judged) -> f64) -> Option<(f64, Judged)> {
        let cell = self.cell(place)?;
        let rest = self.all.less(cell);
        let with_weeks = |weeks: usize| {
            let own = cell.judge(of_weeks(cell, weeks).and(cell.reported))?;
            Some(relative(
                &own,
                rest.judge(of_weeks(&rest, weeks).and(rest.reported))
                    .as_ref(),
            ))
        };
        let longer = (1..=WEEKS_BEFORE as usize).filter_map(with_weeks);
        let begun: Vec<Judged> = self.of_one(place).into_iter().chain(longer).collect();
        let weights: Vec<f64> = begun.iter().map(by).collect();
        let clearest = begun
            .into_iter()
            .max_by(|left, right| by(left).total_cmp(&by(right)))?;
        Some((lately(&weights), clearest))
    }

    /// The reported cohort of a place against everything else.
    pub fn of_one(&self, place: Place) -> Option<Judged> {
        Some(relative(
            &self.reported(place)?,
            self.others(place).as_ref(),
        ))
    }

    /// The recent cohorts of a place against everything else.
    pub fn recent_of_one(&self, place: Place) -> Option<Judged> {
        let rest = self.all.less(self.cell(place)?);
        let others = rest.judge(of_weeks(&rest, WEEKS_BEFORE as usize).and(rest.reported));
        Some(relative(&self.recent(place)?, others.as_ref()))
    }

    /// One of the weeks before the period, 0 being the latest, by what is known of it now.
    pub fn week_before(&self, place: Place, back: usize) -> Option<Judged> {
        let cell = self.cell(place)?;
        cell.judge(*cell.before.get(back)?)
    }
}

/// The evidence of a change that began with the period or one, two … weeks before it, from that of the period alone and of
/// each longer stretch: it may have passed, so the weeks before add no more than they may, and what the period alone says
/// against it counts [`HAS_PASSED`] times.
pub fn lately(weights: &[f64]) -> f64 {
    let Some(alone) = weights.first() else {
        return 0.0;
    };
    bayes::log_mean(weights).min(alone + MOST_BEFORE) + HAS_PASSED * alone.min(0.0)
}

/// The latest so many weeks before the period.
fn of_weeks(cell: &Cell, weeks: usize) -> Tally {
    cell.before[..weeks]
        .iter()
        .copied()
        .fold(Tally::default(), Tally::and)
}

fn begun_before(cell: &Cell, by: fn(&Judged) -> f64) -> f64 {
    let begun = |weeks: usize| cell.judge(of_weeks(cell, weeks)).as_ref().map(by);
    let begun: Vec<f64> = (1..=WEEKS_BEFORE as usize).filter_map(begun).collect();
    // Quiet weeks before are no sign against a change that begins now.
    bayes::log_mean(&begun).clamp(0.0, MOST_BEFORE)
}

/// A judgement relative to how the others do: their ratio of observed to expected, leaning on 1.
fn relative(own: &Judged, others: Option<&Judged>) -> Judged {
    /// The others' present level leans on the usual one as if so many outcomes more had come.
    const LENT_TO_OTHERS: f64 = 4.0;
    let Some(others) = others.filter(|others| others.expected > 0.0) else {
        return *own;
    };
    let ratio = (others.observed + LENT_TO_OTHERS) / (others.expected + LENT_TO_OTHERS);
    let unsure = 1.0 / (others.observed + LENT_TO_OTHERS);
    Judged {
        expected: own.expected * ratio,
        ordinary: own.ordinary * ratio,
        dispersion: own.dispersion + unsure,
        ..*own
    }
}

/// What one member adds to each of its places.
struct Counted {
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
    fn of(cohorts: &Cohorts, member: &Member, reported: &Range<u32>) -> Self {
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

    fn add_to(&self, cell: &mut Cell) {
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
