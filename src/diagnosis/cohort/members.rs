//! Deals as members of cohorts, with what usually becomes of them at every age.

use std::ops::Range;

use super::outcomes::{Outcome, outcome_after};
use super::{last_known, windows};
use crate::diagnosis::case::Case;
use crate::metrics::lag::{Followed, cumulative_incidence};
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Dimension, SeenDeal};

/// The time to an outcome is learnt from so many days: 52 weeks.
const CURVE_DAYS: u32 = 364;
/// Age at which a day of the history weighs half in the usual level.
const HALF_LIFE: f64 = 56.0;
/// Days before the period that outcomes are counted on by the day they happened.
const EVENT_DAYS: usize = 26 * 7;
/// Fewer days of history give no usual level.
const MIN_DAYS: u32 = 28;
/// Fewer outcomes in the history give no usual level.
const MIN_OUTCOMES: f64 = 10.0;
/// A part of the firm leans on the whole as if it had so many outcomes more.
pub(super) const LENT: f64 = 10.0;

/// One deal or inquiry as a cohort sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Member {
    /// Day of the history on which it began.
    pub day: u32,
    /// Channel.
    pub channel: Code,
    /// Who is responsible; 0 when not known, and for inquiries.
    pub manager: Code,
    /// How the person got in touch.
    pub contact: Option<ContactKind>,
    /// Days from its beginning to the outcome, when there was one.
    pub after: Option<u32>,
}

impl Member {
    /// Whether it had the outcome at an age.
    pub(super) fn has_by(&self, age: u32) -> bool {
        self.after.is_some_and(|after| after <= age)
    }
}

/// How much a member of the history weighs in the usual level.
pub(super) fn recency(age: u32) -> f64 {
    0.5_f64.powf(f64::from(age) / HALF_LIFE)
}

/// Members with what usually becomes of them.
#[derive(Debug, Clone)]
pub struct Cohorts {
    pub(super) members: Vec<Member>,
    /// Share with the outcome by each day of age, all channels.
    incidence: Vec<f64>,
    /// Level of each channel relative to all, times the level of late.
    levels: Vec<f64>,
    /// First day that is not learnt from.
    pub(super) cut: u32,
    /// Last day that outcomes are known of.
    pub(super) now: u32,
}

impl Cohorts {
    /// Deals with the time to an outcome. A person entered twice counts once: nobody closes the second deal as a deal is
    /// closed. `None` without deals, or when too little of the outcome is known.
    pub fn of_deals(case: &Case, outcome: Outcome) -> Option<Self> {
        let member = |deal: &SeenDeal| Member {
            day: deal.day,
            channel: deal.channel,
            manager: deal.manager,
            contact: deal.contact,
            after: outcome_after(deal, outcome),
        };
        let once = case
            .seen
            .deals
            .as_ref()?
            .iter()
            .filter(|deal| !deal.is_repeat);
        Self::learn(case, once.map(member).collect())
    }

    fn learn(case: &Case, members: Vec<Member>) -> Option<Self> {
        let (_, recent) = windows(case);
        let first = members.iter().map(|member| member.day).min()?;
        let cut = recent.start;
        if cut < first + MIN_DAYS {
            return None;
        }
        let channels = case.seen.names.len(Dimension::Channel);
        let mut cohorts = Self {
            members,
            incidence: Vec::new(),
            levels: vec![1.0; channels],
            cut,
            now: last_known(case),
        };
        let followed = cohorts.followed();
        if followed
            .iter()
            .filter(|one| one.sold_after.is_some())
            .count()
            < MIN_OUTCOMES as usize
        {
            return None;
        }
        let horizon = case.settings.horizon_days.min(cut - 1 - first);
        cohorts.incidence = cumulative_incidence(&followed, horizon);
        cohorts.learn_levels(channels);
        Some(cohorts)
    }

    /// Members before the cut as they were known on its eve.
    fn followed(&self) -> Vec<Followed> {
        let from = self.cut.saturating_sub(CURVE_DAYS);
        (self.members.iter())
            .filter(|member| (from..self.cut).contains(&member.day))
            .map(|member| {
                let age = self.cut - 1 - member.day;
                Followed {
                    age,
                    sold_after: member.after.filter(|after| *after <= age),
                }
            })
            .collect()
    }

    /// The level of each channel, leaning on that of all: `(O + a·level) ÷ (E + a)`, where `1/a` is the variance of the
    /// channels' true levels by moments.
    fn learn_levels(&mut self, channels: usize) {
        let mut past = vec![(0.0, 0.0); channels];
        for member in self.members.iter().filter(|member| member.day < self.cut) {
            let age = self.cut - 1 - member.day;
            let weight = recency(age);
            let Some(sum) = past.get_mut(usize::from(member.channel)) else {
                continue;
            };
            sum.0 += if member.has_by(age) { weight } else { 0.0 };
            sum.1 += weight * self.due(member, age);
        }
        let all = past
            .iter()
            .fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        let level = (all.0 + LENT) / (all.1 + LENT);
        let between = |sum: (f64, f64), (outcomes, due): &(f64, f64)| {
            let usual = due * level;
            (
                sum.0 + (outcomes - usual).powi(2) - usual,
                sum.1 + usual * usual,
            )
        };
        let (excess, squares) = past.iter().fold((0.0, 0.0), between);
        let lent = 1.0 / (excess / squares.max(1e-9)).clamp(0.01, 1.0);
        self.levels = past
            .iter()
            .map(|(outcomes, due)| level * (outcomes + lent) / (due * level + lent))
            .collect();
    }

    /// Probability that a member has the outcome by an age.
    pub(super) fn due(&self, member: &Member, age: u32) -> f64 {
        let last = self.incidence.len() - 1;
        let level = self
            .levels
            .get(usize::from(member.channel))
            .copied()
            .unwrap_or(1.0);
        (self.incidence[(age as usize).min(last)] * level).min(0.99)
    }

    /// Outcomes that the kept members of a window should have in the end, at their usual level.
    pub fn final_count(&self, window: &Range<u32>, keep: impl Fn(&Member) -> bool) -> f64 {
        let kept = self
            .members
            .iter()
            .filter(|member| window.contains(&member.day) && keep(member));
        kept.map(|member| self.due(member, u32::MAX)).sum()
    }

    /// Outcomes by now and those due by now, by the day that the members began.
    pub fn by_day(&self, keep: impl Fn(&Member) -> bool) -> (Vec<f64>, Vec<f64>) {
        let days = self
            .members
            .iter()
            .map(|member| member.day as usize + 1)
            .max()
            .unwrap_or(0);
        let (mut seen, mut due) = (vec![0.0; days], vec![0.0; days]);
        for member in self.members.iter().filter(|member| keep(member)) {
            let age = self.now.saturating_sub(member.day);
            due[member.day as usize] += self.due(member, age);
            seen[member.day as usize] += if member.after.is_some_and(|after| after <= age) {
                1.0
            } else {
                0.0
            };
        }
        (seen, due)
    }

    /// Outcomes by the day that they happened, and those to be expected on it of the kept members that had none before:
    /// the sum of their hazards. Over the days of the case.
    pub fn by_event_day(
        &self,
        case: &Case,
        keep: impl Fn(&Member) -> bool,
    ) -> (Vec<f64>, Vec<f64>) {
        let days = case.days();
        let (mut seen, mut due) = (vec![0.0; days], vec![0.0; days]);
        let hazards = self.hazards();
        let learnt_from = case.start().saturating_sub(EVENT_DAYS);
        for member in self
            .members
            .iter()
            .filter(|member| (member.day as usize) < days && keep(member))
        {
            let (from, last) = (member.day as usize, hazards.len() - 1);
            let until = member
                .after
                .map_or(days, |after| (from + after as usize + 1).min(days));
            for day in from.max(learnt_from)..until {
                due[day] += hazards[(day - from).min(last)];
            }
            if let Some(cell) = member
                .after
                .and_then(|after| seen.get_mut(from + after as usize))
            {
                *cell += 1.0;
            }
        }
        (seen, due)
    }

    /// Probability of the outcome on each day of age when there was none before; the last is for all later days.
    fn hazards(&self) -> Vec<f64> {
        let mut before = 0.0;
        let mut hazards: Vec<f64> = (self.incidence.iter())
            .map(|by| {
                let hazard = (by - before) / f64::max(1.0 - before, 1e-9);
                before = *by;
                hazard.max(0.0)
            })
            .collect();
        let tail: Vec<f64> = hazards.iter().rev().take(14).copied().collect();
        hazards.push(tail.iter().sum::<f64>() / tail.len().max(1) as f64);
        hazards
    }
}
