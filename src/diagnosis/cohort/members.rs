//! Deals as members of cohorts, with what usually becomes of them at every age.

use std::ops::Range;

use super::outcomes::{CohortOutcome, outcome_after};
use super::{last_known, windows};
use crate::diagnosis::case::Case;
use crate::metrics::lag::{Followed, cumulative_incidence};
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Dimension, SeenDeal};

/// The time to an outcome is learnt from so many days: 52 weeks, a whole year of seasons in whole weeks.
const CURVE_DAYS: u32 = 364;
/// Age in days at which a member of the history weighs half in the usual level. A judgement: eight weeks, as many as the
/// base of a weekly report has.
const HALF_LIFE_DAYS: f64 = 56.0;
/// Days before the period that outcomes are counted on by the day they happened: half a year, as much as weekdays are
/// learnt from.
const EVENT_DAYS: usize = 26 * 7;
/// Fewer days of history give no usual level: four weeks.
const MIN_DAYS: u32 = 28;
/// Fewer outcomes in the history give no usual level. The same ten as `min_events` of the pipeline's thresholds.
const MIN_OUTCOMES: usize = 10;
/// A part of the firm leans on the whole as if it had so many outcomes more. A judgement: with ten of its own a part
/// counts as much as the whole.
pub(super) const LENT_OUTCOMES: f64 = 10.0;
/// Bounds of the variance between the channels' true levels, relative: a tenth apart at least, so that few outcomes do
/// not make all channels alike, and no more apart than the level itself.
const LEAST_BETWEEN: f64 = 0.01;
const MOST_BETWEEN: f64 = 1.0;
/// No outcome is surer than this, however far a channel lies above the others.
const SUREST: f64 = 0.99;
/// Days at the end of the curve that the hazard of all later days is the mean of: two weeks, so that weekdays even out.
const TAIL_DAYS: usize = 14;
/// Keeps divisions from zero.
const TINY: f64 = 1e-9;

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
    0.5_f64.powf(f64::from(age) / HALF_LIFE_DAYS)
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

/// Outcomes of a channel's history and those due of it, both weighted by recency.
#[derive(Clone, Copy, Default)]
struct Past {
    outcomes: f64,
    due: f64,
}

impl Cohorts {
    /// Deals with the time to an outcome. A person entered twice counts once: nobody closes the second deal as a deal is
    /// closed. `None` without deals, or when too little of the outcome is known.
    pub fn of_deals(case: &Case, outcome: CohortOutcome) -> Option<Self> {
        let deals = case.seen.deals.as_ref()?;
        let once = deals.iter().filter(|deal| !deal.is_repeat);
        let member = |deal: &SeenDeal| Member {
            day: deal.day,
            channel: deal.channel,
            manager: deal.manager,
            contact: deal.contact,
            after: outcome_after(deal, outcome),
        };
        Self::learn(case, once.map(member).collect())
    }

    fn learn(case: &Case, members: Vec<Member>) -> Option<Self> {
        let (_, recent) = windows(case);
        let cut = recent.start;
        let first = members.iter().map(|member| member.day).min()?;
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
        let outcomes = followed.iter().filter(|one| one.sold_after.is_some());
        if outcomes.count() < MIN_OUTCOMES {
            return None;
        }
        let longest_followed = cut - 1 - first;
        let horizon = case.settings.horizon_days.min(longest_followed);
        // The curve first: the levels are relative to it.
        cohorts.incidence = cumulative_incidence(&followed, horizon);
        cohorts.learn_levels();
        Some(cohorts)
    }

    /// Members before the cut as they were known on its eve.
    fn followed(&self) -> Vec<Followed> {
        let from = self.cut.saturating_sub(CURVE_DAYS);
        let mut followed = Vec::new();
        for member in &self.members {
            if !(from..self.cut).contains(&member.day) {
                continue;
            }
            let age = self.cut - 1 - member.day;
            followed.push(Followed {
                age,
                sold_after: member.after.filter(|after| *after <= age),
            });
        }
        followed
    }

    /// The level of each channel, leaning on that of all: `(O + a·level) ÷ (E + a)`, where `1/a` is the variance of the
    /// channels' true levels by moments.
    fn learn_levels(&mut self) {
        let past = self.past_by_channel();
        let outcomes = past.iter().fold(0.0, |sum, channel| sum + channel.outcomes);
        let due = past.iter().fold(0.0, |sum, channel| sum + channel.due);
        let level = (outcomes + LENT_OUTCOMES) / (due + LENT_OUTCOMES);
        let lent = 1.0 / variance_between(&past, level);
        let of_channel = |one: &Past| level * (one.outcomes + lent) / (one.due * level + lent);
        self.levels = past.iter().map(of_channel).collect();
    }

    /// What became of the members before the cut, by channel, as it was known on its eve.
    fn past_by_channel(&self) -> Vec<Past> {
        let mut past = vec![Past::default(); self.levels.len()];
        for member in &self.members {
            if member.day >= self.cut {
                continue;
            }
            let Some(channel) = past.get_mut(usize::from(member.channel)) else {
                continue;
            };
            let age = self.cut - 1 - member.day;
            let weight = recency(age);
            if member.has_by(age) {
                channel.outcomes += weight;
            }
            channel.due += weight * self.due(member, age);
        }
        past
    }

    /// Probability that a member has the outcome by an age.
    pub(super) fn due(&self, member: &Member, age: u32) -> f64 {
        // Past the end of the curve nothing more comes.
        let last = self.incidence.len() - 1;
        let usual = self.incidence[(age as usize).min(last)];
        let level = self.levels.get(usize::from(member.channel));
        let level = level.copied().unwrap_or(1.0);
        (usual * level).min(SUREST)
    }

    /// Outcomes that the kept members of a window should have in the end, at their usual level.
    pub fn final_count(&self, window: &Range<u32>, keep: impl Fn(&Member) -> bool) -> f64 {
        let inside = (self.members.iter()).filter(|member| window.contains(&member.day));
        let kept = inside.filter(|member| keep(member));
        kept.map(|member| self.due(member, u32::MAX)).sum()
    }

    /// Outcomes by now and those due by now, by the day that the members began.
    pub fn by_day(&self, keep: impl Fn(&Member) -> bool) -> (Vec<f64>, Vec<f64>) {
        let ends = self.members.iter().map(|member| member.day as usize + 1);
        let days = ends.max().unwrap_or(0);
        let mut seen = vec![0.0; days];
        let mut due = vec![0.0; days];
        for member in self.members.iter().filter(|member| keep(member)) {
            let day = member.day as usize;
            let age = self.now.saturating_sub(member.day);
            due[day] += self.due(member, age);
            if member.has_by(age) {
                seen[day] += 1.0;
            }
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
        let mut seen = vec![0.0; days];
        let mut due = vec![0.0; days];
        let hazards = self.hazards();
        let later = hazards.len() - 1;
        let counted_from = case.start().saturating_sub(EVENT_DAYS);
        for member in self.members.iter().filter(|member| keep(member)) {
            let began = member.day as usize;
            if began >= days {
                continue;
            }
            let happened = member.after.map(|after| began + after as usize);
            // It is at risk up to the day of its outcome, that day included.
            let until = happened.map_or(days, |day| (day + 1).min(days));
            for day in began.max(counted_from)..until {
                due[day] += hazards[(day - began).min(later)];
            }
            if let Some(count) = happened.and_then(|day| seen.get_mut(day)) {
                *count += 1.0;
            }
        }
        (seen, due)
    }

    /// Probability of the outcome on each day of age when there was none before; the last is for all later days.
    fn hazards(&self) -> Vec<f64> {
        let mut hazards = Vec::with_capacity(self.incidence.len() + 1);
        let mut before = 0.0;
        for by in &self.incidence {
            let without = f64::max(1.0 - before, TINY);
            let hazard: f64 = (by - before) / without;
            hazards.push(hazard.max(0.0));
            before = *by;
        }
        let tail_days = hazards.len().min(TAIL_DAYS);
        let tail: f64 = hazards.iter().rev().take(TAIL_DAYS).sum();
        hazards.push(tail / tail_days.max(1) as f64);
        hazards
    }
}

/// How far apart the channels' true levels are, as a relative variance, by moments: what their outcomes vary beyond
/// chance.
fn variance_between(past: &[Past], level: f64) -> f64 {
    let mut excess = 0.0;
    let mut squares = 0.0;
    for channel in past {
        let usual = channel.due * level;
        excess += (channel.outcomes - usual).powi(2);
        // A Poisson count varies by its mean anyway.
        excess -= usual;
        squares += usual * usual;
    }
    let by_moments: f64 = excess / f64::max(squares, TINY);
    by_moments.clamp(LEAST_BETWEEN, MOST_BETWEEN)
}
