//! What should have become of deals and inquiries by now: expected outcomes of young cohorts, given their age.
//!
//! Every member weighs what usually has happened at its age, so a cohort of any age is judged by its own exposure
//! (Bornhuetter and Ferguson, PCAS 59 (1972) 181–195). The time to the outcome is learnt from the history before the
//! judged cohorts, followed only up to their first day: what happens since does not spoil it.

use std::ops::Range;

use super::bayes;
use super::case::{Case, Judged};
use crate::metrics::lag::{Followed, cumulative_incidence};
use crate::metrics::predictive::overdispersion;
use crate::metrics::scorecard::Estimate;
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, DealState, Dimension, SeenDeal};
use crate::model::zone;

/// The time to an outcome is learnt from so many days: 52 weeks.
const CURVE_DAYS: u32 = 364;
/// Age at which a day of the history weighs half in the usual level.
const HALF_LIFE: f64 = 56.0;
/// Cohorts of so many days up to the period's end are the recent ones.
const RECENT_DAYS: u32 = 35;
/// Fewer days of history give no usual level.
const MIN_DAYS: u32 = 42;
/// Fewer outcomes in the history give no usual level.
const MIN_OUTCOMES: f64 = 10.0;
/// What the weeks before say of the reported one, at most, nats: what was wrong may have passed.
const MOST_BEFORE: f64 = 5.0;
/// A part of the firm leans on the whole as if it had so many outcomes more.
const LENT: f64 = 10.0;
/// A deal that is lost within so many days is lost quickly.
pub const QUICK_DAYS: u32 = 4;

/// What may become of a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Won.
    Won,
    /// Lost for any reason.
    Lost,
    /// Lost because the person was no customer.
    Untargeted,
    /// Lost for any reason within [`QUICK_DAYS`].
    QuicklyLost,
    /// Won or lost.
    Closed,
}

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

/// Members with what usually becomes of them.
#[derive(Debug, Clone)]
pub struct Cohorts {
    members: Vec<Member>,
    /// Share with the outcome by each day of age, all channels.
    incidence: Vec<f64>,
    /// Level of each channel relative to all, times the level of late.
    levels: Vec<f64>,
    /// First day that is not learnt from.
    cut: u32,
    /// Last day that outcomes are known of.
    now: u32,
}

/// A judgement of the window that tells most, and its evidence with the choice paid for.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighed {
    /// Log Bayes factor.
    pub weight: f64,
    /// The counts of the window that tells most.
    pub judged: Judged,
    /// Days on which its members began.
    pub window: Range<u32>,
}

/// Days of the reported period, and of the recent cohorts up to its end.
pub fn windows(case: &Case) -> (Range<u32>, Range<u32>) {
    let (start, end) = (case.start() as u32, case.days() as u32);
    (start..end, start.min(end.saturating_sub(RECENT_DAYS))..end)
}

/// The last whole day that outcomes are known of, as a day of the history.
pub fn last_known(case: &Case) -> u32 {
    let last = zone::local_day(case.seen.known_until - chrono::TimeDelta::seconds(1), case.seen.zone);
    case.seen.day_of(last).unwrap_or(0).max(case.days().saturating_sub(1) as u32)
}

/// Days from a deal's entry to an outcome.
fn outcome_after(deal: &SeenDeal, outcome: Outcome) -> Option<u32> {
    let after = deal.closed_day?.saturating_sub(deal.day);
    let is_so = match outcome {
        Outcome::Won => deal.state == DealState::Won,
        Outcome::Lost => deal.state == DealState::Lost,
        Outcome::Untargeted => deal.state == DealState::Lost && deal.is_untargeted,
        Outcome::QuicklyLost => deal.state == DealState::Lost && after <= QUICK_DAYS,
        Outcome::Closed => true,
    };
    is_so.then_some(after)
}

impl Cohorts {
    /// Deals with the time to an outcome. `None` without deals, or when too little of the outcome is known.
    pub fn of_deals(case: &Case, outcome: Outcome) -> Option<Self> {
        let member = |deal: &SeenDeal| Member {
            day: deal.day,
            channel: deal.channel,
            manager: deal.manager,
            contact: deal.contact,
            after: outcome_after(deal, outcome),
        };
        Self::learn(case, case.seen.deals.as_ref()?.iter().map(member).collect())
    }

    /// Inquiries with the time to their first sale. `None` without inquiries, or when too few sales are known.
    pub fn of_inquiries(case: &Case) -> Option<Self> {
        let member = |seen: &crate::model::observations::SeenInquiry| Member {
            day: seen.day,
            channel: seen.channel,
            manager: 0,
            contact: Some(seen.kind),
            after: seen.sold_after.map(u32::from),
        };
        Self::learn(case, case.seen.inquiries.as_ref()?.iter().map(member).collect())
    }

    fn learn(case: &Case, members: Vec<Member>) -> Option<Self> {
        let (_, recent) = windows(case);
        let first = members.iter().map(|member| member.day).min()?;
        let cut = recent.start;
        if cut < first + MIN_DAYS {
            return None;
        }
        let channels = case.seen.names.len(Dimension::Channel);
        let mut cohorts =
            Self { members, incidence: Vec::new(), levels: vec![1.0; channels], cut, now: last_known(case) };
        let followed = cohorts.followed();
        if followed.iter().filter(|one| one.sold_after.is_some()).count() < MIN_OUTCOMES as usize {
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
                Followed { age, sold_after: member.after.filter(|after| *after <= age) }
            })
            .collect()
    }

    /// The level of each channel, leaning on that of all: `(O + a·level) ÷ (E + a)`, where `1/a` is the variance of the
    /// channels' true levels by moments.
    fn learn_levels(&mut self, channels: usize) {
        let past: Vec<Past> =
            (0..channels).map(|code| self.past(|member| usize::from(member.channel) == code)).collect();
        let all = past.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.outcomes, sum.1 + one.due));
        let level = (all.0 + LENT) / (all.1 + LENT);
        let between = |sum: (f64, f64), one: &Past| {
            let usual = one.due * level;
            (sum.0 + (one.outcomes - usual).powi(2) - usual, sum.1 + usual * usual)
        };
        let (excess, squares) = past.iter().fold((0.0, 0.0), between);
        let lent = 1.0 / (excess / squares.max(1e-9)).clamp(0.01, 1.0);
        self.levels = past.iter().map(|one| level * (one.outcomes + lent) / (one.due * level + lent)).collect();
    }

    /// Outcomes and what was due of them among kept members before the cut, late ones weighing more.
    fn past(&self, keep: impl Fn(&Member) -> bool) -> Past {
        let mut past = Past::default();
        let mut squares = 0.0;
        for member in self.members.iter().filter(|member| member.day < self.cut && keep(member)) {
            let age = self.cut - 1 - member.day;
            let weight = 0.5_f64.powf(f64::from(age) / HALF_LIFE);
            let due = self.due(member, age);
            past.due += weight * due;
            squares += weight * weight * due;
            past.outcomes += if member.after.is_some_and(|after| after <= age) { weight } else { 0.0 };
        }
        past.information = if squares > 0.0 { past.due * past.due / squares } else { 0.0 };
        past
    }

    /// Probability that a member has the outcome by an age.
    fn due(&self, member: &Member, age: u32) -> f64 {
        let last = self.incidence.len() - 1;
        let level = self.levels.get(usize::from(member.channel)).copied().unwrap_or(1.0);
        (self.incidence[(age as usize).min(last)] * level).min(0.99)
    }

    /// Outcomes by now of the kept members that began in a window, against those due by now at their usual level.
    /// `None` when the window has no such member.
    pub fn judge(&self, window: &Range<u32>, keep: impl Fn(&Member) -> bool) -> Option<Judged> {
        let (mut observed, mut due, mut members) = (0.0, 0.0, 0.0);
        for member in self.members.iter().filter(|member| window.contains(&member.day) && keep(member)) {
            let age = self.now.saturating_sub(member.day);
            due += self.due(member, age);
            members += 1.0;
            observed += if member.after.is_some_and(|after| after <= age) { 1.0 } else { 0.0 };
        }
        let past = self.past(&keep);
        let own = (past.outcomes + LENT) / (past.due + LENT);
        let known = past.information.max(past.outcomes) + LENT;
        let expected = due * own;
        // Of a bounded number of members the variance is E(1 − E/n), not E: the difference is a dispersion of 1/n.
        let bound = 1.0 / f64::max(members, 1.0);
        let dispersion = (1.0 / known + self.noise(&keep, own) - bound).max(1e-4);
        (expected > 0.0).then_some(Judged { observed, expected, ordinary: expected, dispersion })
    }

    /// Noise of weekly cohorts before the cut beyond chance, as a share of the level squared.
    fn noise(&self, keep: impl Fn(&Member) -> bool, own: f64) -> f64 {
        let weeks = (self.cut / 7).min(26) as usize;
        let mut pairs = vec![(0.0, 0.0); weeks];
        let mut members = 0.0;
        for member in self.members.iter().filter(|member| member.day < self.cut && keep(member)) {
            let age = self.cut - 1 - member.day;
            let Some(pair) = pairs.get_mut(age as usize / 7) else { continue };
            pair.0 += if member.after.is_some_and(|after| after <= age) { 1.0 } else { 0.0 };
            pair.1 += self.due(member, age) * own;
            members += 1.0;
        }
        let due: f64 = pairs.iter().map(|pair| pair.1).sum();
        overdispersion(pairs.into_iter(), 1.0 - due / f64::max(members, 1.0))
    }

    /// The evidence of fewer outcomes than due: in the reported cohort or in the recent ones, whichever tells more, with
    /// the choice paid for.
    pub fn fall(&self, case: &Case, keep: impl Fn(&Member) -> bool) -> Option<Weighed> {
        self.weigh(case, keep, Judged::fall)
    }

    /// The same for more outcomes than due.
    pub fn rise(&self, case: &Case, keep: impl Fn(&Member) -> bool) -> Option<Weighed> {
        self.weigh(case, keep, Judged::rise)
    }

    fn weigh(&self, case: &Case, keep: impl Fn(&Member) -> bool, by: fn(&Judged) -> f64) -> Option<Weighed> {
        weigh_windows(case, |window| self.judge(window, &keep), by)
    }

    /// Outcomes that the kept members of a window should have in the end, at their usual level.
    pub fn final_count(&self, window: &Range<u32>, keep: impl Fn(&Member) -> bool) -> f64 {
        let kept = self.members.iter().filter(|member| window.contains(&member.day) && keep(member));
        kept.map(|member| self.due(member, u32::MAX)).sum()
    }

    /// Outcomes by now and those due by now, by the day that the members began.
    pub fn by_day(&self, keep: impl Fn(&Member) -> bool) -> (Vec<f64>, Vec<f64>) {
        let days = self.members.iter().map(|member| member.day as usize + 1).max().unwrap_or(0);
        let (mut seen, mut due) = (vec![0.0; days], vec![0.0; days]);
        for member in self.members.iter().filter(|member| keep(member)) {
            let age = self.now.saturating_sub(member.day);
            due[member.day as usize] += self.due(member, age);
            seen[member.day as usize] += if member.after.is_some_and(|after| after <= age) { 1.0 } else { 0.0 };
        }
        (seen, due)
    }

    /// Outcomes by the day that they happened, and those to be expected on it of the kept members that had none before:
    /// the sum of their hazards. Over the days of the case.
    pub fn by_event_day(&self, case: &Case, keep: impl Fn(&Member) -> bool) -> (Vec<f64>, Vec<f64>) {
        let days = case.days();
        let (mut seen, mut due) = (vec![0.0; days], vec![0.0; days]);
        let hazards = self.hazards();
        for member in self.members.iter().filter(|member| keep(member)) {
            let (from, last) = (member.day as usize, hazards.len() - 1);
            let until = member.after.map_or(days, |after| (from + after as usize + 1).min(days));
            for day in from..until {
                due[day] += hazards[(day - from).min(last)];
            }
            if let Some(cell) = member.after.and_then(|after| seen.get_mut(from + after as usize)) {
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

/// The evidence of a change in the reported cohort alone, or in the recent ones and going on at the same size in the
/// reported one: whichever tells more, with the choice paid for. What has passed is no change of the reported period: the weeks before
/// only make it likelier.
pub fn weigh_windows(
    case: &Case,
    judge: impl Fn(&Range<u32>) -> Option<Judged>,
    by: fn(&Judged) -> f64,
) -> Option<Weighed> {
    let (reported, recent) = windows(case);
    let now = judge(&reported)?;
    let alone = Weighed { weight: by(&now), judged: now, window: reported.clone() };
    let Some((before, both)) = judge(&(recent.start..reported.start)).zip(judge(&recent)) else { return Some(alone) };
    let factor = (before.observed + 1.0) / (before.expected + 1.0);
    let goes_on = bayes::by(factor, now.observed, now.expected, now.dispersion);
    // Where the weeks before do not show the change, its going on cannot speak for it.
    let goes_on = if by(&before) > 0.0 { goes_on } else { goes_on.min(0.0) };
    let lasting = Weighed { weight: by(&before).min(MOST_BEFORE) + goes_on, judged: both, window: recent };
    let weight = bayes::log_mean(&[alone.weight, lasting.weight]);
    Some(Weighed { weight, ..if lasting.weight > alone.weight { lasting } else { alone } })
}

/// What is known of one part of the history.
#[derive(Debug, Clone, Copy, Default)]
struct Past {
    outcomes: f64,
    due: f64,
    information: f64,
}

/// The evidence of fewer sales when as many deals are refused as usual: where refusals are missing as well, deals are
/// not closed, and that says nothing of those who buy.
pub fn unless_unclosed(sales: Weighed, lost: Option<Weighed>) -> Weighed {
    let unclosed = lost.map_or(0.0, |lost| lost.weight.max(0.0));
    let weight = if sales.weight > 0.0 { (sales.weight - unclosed).max(0.0) } else { sales.weight };
    Weighed { weight, ..sales }
}

/// Sales that a cohort will be short of: what it should bring in the end, less the share that a judgement of it (or of
/// its neighbours) says is coming; with a 95 % range.
pub fn shortfall(in_the_end: f64, judged: &Judged) -> Estimate {
    let deviation = judged.deviation() / judged.expected.max(1e-9);
    let at = |share: f64| in_the_end * share.clamp(-1.0, 1.0);
    let lost = -judged.change();
    Estimate { value: at(lost), low: at(lost - 1.96 * deviation), high: at(lost + 1.96 * deviation) }
}

/// The sales of all inquiries (of all deals, where no inquiries are known) against those due by now: the fall of the
/// second conversion, whatever its cause. The window that tells more is given.
pub fn unknown_second(case: &Case) -> Option<Judged> {
    let cohorts = Cohorts::of_inquiries(case).or_else(|| Cohorts::of_deals(case, Outcome::Won))?;
    cohorts.fall(case, |_| true).map(|weighed| weighed.judged)
}

#[cfg(test)]
mod tests;
