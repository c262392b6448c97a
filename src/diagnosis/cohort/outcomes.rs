//! All outcomes of deals that the causes of the second conversion ask for.

use std::cmp::Reverse;

use super::QUICK_DAYS;
use super::members::Cohorts;
use super::panel::Panel;
use crate::diagnosis::case::Case;
use crate::model::observations::{Code, DealState, Dimension, SeenDeal};

/// So many reasons are looked at. A judgement: where there are more, the CRM keeps free text.
const MOST_REASONS: usize = 12;

/// What may become of a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CohortOutcome {
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

/// Whether a deal was lost for what the person said: a price, a competitor, a delay. Code 0 is "not known".
fn has_own_reason(deal: &SeenDeal) -> bool {
    deal.reason > 0 && !deal.is_untargeted && !deal.is_unreached
}

/// Days from a deal's entry to an outcome; `None` while it is open or when it ended in another way.
pub(super) fn outcome_after(deal: &SeenDeal, outcome: CohortOutcome) -> Option<u32> {
    let after = deal.closed_day?.saturating_sub(deal.day);
    let is_lost = deal.state == DealState::Lost;
    let has_outcome = match outcome {
        CohortOutcome::Won => deal.state == DealState::Won,
        CohortOutcome::Lost => is_lost,
        CohortOutcome::Untargeted => is_lost && deal.is_untargeted,
        CohortOutcome::QuicklyLost => is_lost && after <= QUICK_DAYS && !has_own_reason(deal),
        CohortOutcome::Unreached => is_lost && deal.is_unreached,
        CohortOutcome::LostOtherwise => is_lost && !deal.is_untargeted && !deal.is_unreached,
        CohortOutcome::LostFor(reason) => is_lost && deal.reason == reason,
        CohortOutcome::Closed => true,
    };
    has_outcome.then_some(after)
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
    fn of(case: &Case, outcome: CohortOutcome) -> Option<Self> {
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
        let for_reason = |reason| Some((reason, of(CohortOutcome::LostFor(reason))?));
        let own_reasons = own_reasons(case);
        Self {
            won: of(CohortOutcome::Won),
            lost: of(CohortOutcome::Lost),
            untargeted: of(CohortOutcome::Untargeted),
            quickly_lost: of(CohortOutcome::QuicklyLost),
            unreached: of(CohortOutcome::Unreached),
            lost_otherwise: of(CohortOutcome::LostOtherwise),
            own_reasons: own_reasons.into_iter().filter_map(for_reason).collect(),
            closed: of(CohortOutcome::Closed),
        }
    }
}

/// The most frequent reasons that people decide against it, by code; rarer ones tell nothing.
fn own_reasons(case: &Case) -> Vec<Code> {
    let mut counts = vec![0_u32; case.seen.names.len(Dimension::Reason)];
    for deal in case.seen.deals.iter().flatten() {
        if has_own_reason(deal) {
            counts[usize::from(deal.reason)] += 1;
        }
    }
    let count = |reason: Code| counts[usize::from(reason)];
    let codes = case.codes(Dimension::Reason);
    let mut reasons: Vec<Code> = codes.filter(|reason| count(*reason) > 0).collect();
    // The sort is stable: of equally frequent reasons the lower code stays.
    reasons.sort_by_key(|reason| Reverse(count(*reason)));
    reasons.truncate(MOST_REASONS);
    reasons.sort_unstable();
    reasons
}
