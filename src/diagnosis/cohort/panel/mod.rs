//! Outcomes of the reported cohort and of those before it, in every place at once: all, each channel, each manager, each
//! kind of contact.
//!
//! One pass over the members fills every place; what is everywhere but in one place is a difference of two of them.

mod cell;
mod counted;

use self::cell::{Cell, Tally, share_noise};
use self::counted::Counted;
use super::{Cohorts, WEEKS_BEFORE, windows};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Dimension};

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
