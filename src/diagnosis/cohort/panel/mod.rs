//! Outcomes of the reported cohort and of those before it, in every place at once: all, each channel, each manager, each
//! kind of contact.
//!
//! One pass over the members fills every place; what is everywhere but in one place is a difference of two of them.

mod cell;
mod counted;

use self::cell::{Cell, Tally, share_noise};
use self::counted::Counted;
use super::{Cohorts, Member, WEEKS_BEFORE, windows};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Dimension};

/// What the weeks before say of the reported one, at most, nats: what was wrong may have passed. The size is a judgement,
/// the same as for counts by day.
const MOST_FROM_BEFORE_NATS: f64 = 6.0;
/// What the reported cohort alone says against a change since the weeks before counts so many times. A judgement.
pub const HAS_PASSED: f64 = 2.0;
/// The others' present level leans on the usual one as if so many outcomes more had come. A judgement: few, for the
/// others are most of the firm.
const LENT_TO_OTHERS: f64 = 4.0;
/// Kinds of contacts, in the order of their places.
const KINDS: [ContactKind; 4] = [
    ContactKind::Call,
    ContactKind::MissedCall,
    ContactKind::Form,
    ContactKind::Chat,
];

/// Where deals are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DealPlace {
    /// Everywhere.
    All,
    /// Those of one channel.
    Channel(Code),
    /// Those of one manager.
    Manager(Code),
    /// Those that began with one kind of contact.
    Contact(ContactKind),
}

/// Outcomes of a stretch of days at a place, and those due at the place's own usual level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counts {
    pub observed: f64,
    pub due: f64,
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
            // A rerun knows deals of later periods as well.
            if member.day < reported.end {
                panel.add(member, &Counted::of(cohorts, member, &reported));
            }
        }
        share_noise(&mut panel.channels);
        share_noise(&mut panel.managers);
        share_noise(&mut panel.contacts);
        panel
    }

    /// Adds a member to each of its places.
    fn add(&mut self, member: &Member, counted: &Counted) {
        let channel = usize::from(member.channel);
        let manager = usize::from(member.manager);
        let contact = member.contact.and_then(place_of_kind);
        let cells = [
            Some(&mut self.all),
            self.channels.get_mut(channel),
            self.managers.get_mut(manager),
            contact.map(|contact| &mut self.contacts[contact]),
        ];
        for cell in cells.into_iter().flatten() {
            counted.add_to(cell);
        }
    }

    fn cell(&self, place: DealPlace) -> Option<&Cell> {
        match place {
            DealPlace::All => Some(&self.all),
            DealPlace::Channel(code) => self.channels.get(usize::from(code)),
            DealPlace::Manager(code) => self.managers.get(usize::from(code)),
            DealPlace::Contact(kind) => Some(&self.contacts[place_of_kind(kind)?]),
        }
    }

    /// What is everywhere but in a cell.
    fn rest(&self, cell: &Cell) -> Cell {
        self.all.less(cell)
    }

    /// The reported cohort of a place. `None` when nothing of it was due yet.
    pub fn reported(&self, place: DealPlace) -> Option<Judged> {
        self.cell(place)?.judge_reported()
    }

    /// The reported cohort of everything but a place.
    pub fn others(&self, place: DealPlace) -> Option<Judged> {
        let cell = self.cell(place)?;
        self.rest(cell).judge_reported()
    }

    /// Outcomes of the reported cohort of a place alone, and together with one, two … weeks before it.
    pub fn since(&self, place: DealPlace) -> Vec<Counts> {
        let Some(cell) = self.cell(place) else {
            return Vec::new();
        };
        let weeks = 0..=WEEKS_BEFORE as usize;
        weeks
            .map(|weeks| cell.counts(tally_since(cell, weeks)))
            .collect()
    }

    /// Outcomes of a place by week of the past, as they were known on the eve of the recent weeks, the latest first.
    pub fn past_weeks(&self, place: DealPlace) -> Vec<Counts> {
        self.cell(place).map_or_else(Vec::new, Cell::past_weeks)
    }

    /// The reported cohort together with the weeks before it.
    pub fn recent(&self, place: DealPlace) -> Option<Judged> {
        let cell = self.cell(place)?;
        let recent = cell.before.into_iter().fold(cell.reported, Tally::and);
        cell.judge(recent)
    }

    /// The evidence of a change in the weeks before: it may have begun one, two … of them before the period, nats.
    pub fn before(&self, place: DealPlace, by: fn(&Judged) -> f64) -> f64 {
        self.cell(place).map_or(0.0, |cell| begun_before(cell, by))
    }

    /// The reported cohort of a place alone, and with one, two … weeks before it, each against everything else: the change
    /// may have begun with any of them. What the period's own cohort says against it counts twice: it may have passed. The
    /// evidence, and the judgement that tells the most.
    pub fn lately_of_one(&self, place: DealPlace, by: fn(&Judged) -> f64) -> Option<(f64, Judged)> {
        let cell = self.cell(place)?;
        let rest = self.rest(cell);
        // The period alone comes first: `lately` weighs it apart.
        let mut begun = Vec::new();
        begun.extend(self.of_one(place));
        for weeks in 1..=WEEKS_BEFORE as usize {
            if let Some(own) = judge_since(cell, weeks) {
                let others = judge_since(&rest, weeks);
                begun.push(relative(&own, others.as_ref()));
            }
        }
        let weights: Vec<f64> = begun.iter().map(by).collect();
        let clearest = begun
            .into_iter()
            .max_by(|left, right| by(left).total_cmp(&by(right)))?;
        Some((lately(&weights), clearest))
    }

    /// The reported cohort of a place against everything else.
    pub fn of_one(&self, place: DealPlace) -> Option<Judged> {
        let own = self.reported(place)?;
        let others = self.others(place);
        Some(relative(&own, others.as_ref()))
    }

    /// The recent cohorts of a place against everything else.
    pub fn recent_of_one(&self, place: DealPlace) -> Option<Judged> {
        let own = self.recent(place)?;
        let rest = self.rest(self.cell(place)?);
        let others = judge_since(&rest, WEEKS_BEFORE as usize);
        Some(relative(&own, others.as_ref()))
    }

    /// One of the weeks before the period, 0 being the latest, by what is known of it now.
    pub fn week_before(&self, place: DealPlace, back: usize) -> Option<Judged> {
        let cell = self.cell(place)?;
        cell.judge(*cell.before.get(back)?)
    }
}

/// Where a kind of contact stands among the places; `None` of kinds that are not told apart.
fn place_of_kind(kind: ContactKind) -> Option<usize> {
    KINDS.iter().position(|known| *known == kind)
}

/// The evidence of a change that began with the period or one, two … weeks before it, from that of the period alone and of
/// each longer stretch: it may have passed, so the weeks before add no more than they may, and what the period alone says
/// against it counts [`HAS_PASSED`] times.
pub fn lately(weights: &[f64]) -> f64 {
    let Some(alone) = weights.first() else {
        return 0.0;
    };
    let since_any_week = bayes::log_mean(weights).min(alone + MOST_FROM_BEFORE_NATS);
    let against = alone.min(0.0);
    since_any_week + HAS_PASSED * against
}

/// The latest so many weeks before the period.
fn of_weeks(cell: &Cell, weeks: usize) -> Tally {
    let latest = cell.before[..weeks].iter().copied();
    latest.fold(Tally::default(), Tally::and)
}

/// The reported cohort together with so many weeks before it.
fn judge_since(cell: &Cell, weeks: usize) -> Option<Judged> {
    cell.judge(tally_since(cell, weeks))
}

fn tally_since(cell: &Cell, weeks: usize) -> Tally {
    of_weeks(cell, weeks).and(cell.reported)
}

fn begun_before(cell: &Cell, by: fn(&Judged) -> f64) -> f64 {
    let begun = (1..=WEEKS_BEFORE as usize).filter_map(|weeks| cell.judge(of_weeks(cell, weeks)));
    let weights: Vec<f64> = begun.map(|judged| by(&judged)).collect();
    // Quiet weeks before are no sign against a change that begins now.
    bayes::log_mean(&weights).clamp(0.0, MOST_FROM_BEFORE_NATS)
}

/// A judgement relative to how the others do: their ratio of observed to expected, leaning on 1.
fn relative(own: &Judged, others: Option<&Judged>) -> Judged {
    let Some(others) = others.filter(|others| others.expected > 0.0) else {
        return *own;
    };
    let observed = others.observed + LENT_TO_OTHERS;
    let ratio = observed / (others.expected + LENT_TO_OTHERS);
    // The ratio is counted, too: the relative variance of a Poisson count.
    let unsure = 1.0 / observed;
    Judged {
        expected: own.expected * ratio,
        ordinary: own.ordinary * ratio,
        dispersion: own.dispersion + unsure,
        ..*own
    }
}
