//! What should have become of deals and inquiries by now: expected outcomes of young cohorts, given their age.
//!
//! Every member weighs what usually has happened at its age, so a cohort of any age is judged by its own exposure
//! (Bornhuetter and Ferguson, PCAS 59 (1972) 181–195). The time to the outcome is learnt from the history before the
//! judged cohorts, followed only up to their first day: what happens since does not spoil it.

pub mod earlier;
pub mod matured;
pub mod panel;
pub mod response;

use std::ops::Range;

use self::panel::Panel;
use crate::diagnosis::case::{Case, Judged};
use crate::metrics::lag::{Followed, cumulative_incidence};
use crate::metrics::scorecard::Estimate;
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, DealState, Dimension, SeenDeal};
use crate::model::zone;

/// The time to an outcome is learnt from so many days: 52 weeks.
const CURVE_DAYS: u32 = 364;
/// Age at which a day of the history weighs half in the usual level.
const HALF_LIFE: f64 = 56.0;
/// Weeks before the period in which a change of its cohort may have begun: they are judged, not learnt from.
pub const WEEKS_BEFORE: u32 = 4;
/// Days before the period that outcomes are counted on by the day they happened.
const EVENT_DAYS: usize = 26 * 7;
/// Fewer days of history give no usual level.
const MIN_DAYS: u32 = 28;
/// Fewer outcomes in the history give no usual level.
const MIN_OUTCOMES: f64 = 10.0;
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
    /// Lost within [`QUICK_DAYS`], but for a reason of the person's own: who was offered a price was a customer.
    QuicklyLost,
    /// Lost because nobody got through to the person.
    Unreached,
    /// Lost though the person was a customer and was reached: for a price, a competitor, a delay.
    LostOtherwise,
    /// Lost for one reason of the export.
    LostFor(Code),
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

impl Member {
    /// Whether it had the outcome at an age.
    fn has_by(&self, age: u32) -> bool {
        self.after.is_some_and(|after| after <= age)
    }
}

/// How much a member of the history weighs in the usual level.
fn recency(age: u32) -> f64 {
    0.5_f64.powf(f64::from(age) / HALF_LIFE)
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

/// Days of the reported period, and of the recent cohorts up to its end.
pub fn windows(case: &Case) -> (Range<u32>, Range<u32>) {
    let (start, end) = (case.start() as u32, case.days() as u32);
    (start..end, start.saturating_sub(7 * WEEKS_BEFORE)..end)
}

/// The last whole day that outcomes are known of, as a day of the history.
pub fn last_known(case: &Case) -> u32 {
    let last = zone::local_day(
        case.seen.known_until - chrono::TimeDelta::seconds(1),
        case.seen.zone,
    );
    case.seen
        .day_of(last)
        .unwrap_or(0)
        .max(case.days().saturating_sub(1) as u32)
}

/// Whether a deal was lost for what the person said: a price, a competitor, a delay. Code 0 is "not known".
fn has_own_reason(deal: &SeenDeal) -> bool {
    deal.reason > 0 && !deal.is_untargeted && !deal.is_unreached
}

/// Days from a deal's entry to an outcome.
fn outcome_after(deal: &SeenDeal, outcome: Outcome) -> Option<u32> {
    let after = deal.closed_day?.saturating_sub(deal.day);
    let is_so = match outcome {
        Outcome::Won => deal.state == DealState::Won,
        Outcome::Lost => deal.state == DealState::Lost,
        Outcome::Untargeted => deal.state == DealState::Lost && deal.is_untargeted,
        Outcome::QuicklyLost => {
            deal.state == DealState::Lost && after <= QUICK_DAYS && !has_own_reason(deal)
        }
        Outcome::Unreached => deal.state == DealState::Lost && deal.is_unreached,
        Outcome::LostOtherwise => {
            deal.state == DealState::Lost && !deal.is_untargeted && !deal.is_unreached
        }
        Outcome::LostFor(reason) => deal.state == DealState::Lost && deal.reason == reason,
        Outcome::Closed => true,
    };
    is_so.then_some(after)
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
    fn due(&self, member: &Member, age: u32) -> f64 {
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

/// One outcome of the deals: its cohorts, and what became of them in every place.
#[derive(Debug, Clone)]
pub struct Learnt {
    /// The members with what is usual.
    pub cohorts: Cohorts,
    /// The reported cohort and those before it.
    pub panel: Panel,
}

impl Learnt {
    fn of(case: &Case, outcome: Outcome) -> Option<Self> {
        let cohorts = Cohorts::of_deals(case, outcome)?;
        Some(Self {
            panel: Panel::of(case, &cohorts),
            cohorts,
        })
    }
}

/// All outcomes that the causes of the second conversion ask for, learnt once.
#[derive(Debug, Clone)]
pub struct Outcomes {
    /// Won.
    pub won: Option<Learnt>,
    /// Lost for any reason.
    pub lost: Option<Learnt>,
    /// Lost as no customers.
    pub untargeted: Option<Learnt>,
    /// Lost within [`QUICK_DAYS`] without a reason of the person's own.
    pub quickly_lost: Option<Learnt>,
    /// Lost because nobody got through to the person.
    pub unreached: Option<Learnt>,
    /// Lost by customers who were reached.
    pub lost_otherwise: Option<Learnt>,
    /// Lost for each reason that is the person's own: a price, a competitor, a delay. In the order of the reasons' codes.
    pub own_reasons: Vec<(Code, Learnt)>,
    /// Won or lost.
    pub closed: Option<Learnt>,
}

impl Outcomes {
    /// Learns them from the deals of a case.
    pub fn of(case: &Case) -> Self {
        let of = |outcome| Learnt::of(case, outcome);
        Self {
            won: of(Outcome::Won),
            lost: of(Outcome::Lost),
            untargeted: of(Outcome::Untargeted),
            quickly_lost: of(Outcome::QuicklyLost),
            unreached: of(Outcome::Unreached),
            lost_otherwise: of(Outcome::LostOtherwise),
            own_reasons: own_reasons(case)
                .into_iter()
                .filter_map(|reason| Some((reason, of(Outcome::LostFor(reason))?)))
                .collect(),
            closed: of(Outcome::Closed),
        }
    }
}

/// The most frequent reasons that people decide against it, by code; rarer ones tell nothing.
fn own_reasons(case: &Case) -> Vec<Code> {
    /// So many reasons are looked at: more are the CRM's free text.
    const MOST_REASONS: usize = 12;
    let mut counts = vec![0_u32; case.seen.names.len(Dimension::Reason)];
    for deal in case
        .seen
        .deals
        .iter()
        .flatten()
        .filter(|deal| has_own_reason(deal))
    {
        counts[usize::from(deal.reason)] += 1;
    }
    let mut reasons: Vec<Code> = case
        .codes(Dimension::Reason)
        .filter(|code| counts[usize::from(*code)] > 0)
        .collect();
    reasons.sort_by_key(|code| std::cmp::Reverse(counts[usize::from(*code)]));
    reasons.truncate(MOST_REASONS);
    reasons.sort_unstable();
    reasons
}

/// Sales that a cohort will be short of: what it should bring in the end, less the share that a judgement of it (or of
/// its neighbours) says is coming; with a 95 % range.
pub fn shortfall(in_the_end: f64, judged: &Judged) -> Estimate {
    let deviation = judged.deviation() / judged.expected.max(1e-9);
    let at = |share: f64| in_the_end * share.clamp(-1.0, 1.0);
    let lost = -judged.change();
    Estimate {
        value: at(lost),
        low: at(lost - 1.96 * deviation),
        high: at(lost + 1.96 * deviation),
    }
}

#[cfg(test)]
mod tests;
