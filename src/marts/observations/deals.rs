//! Deals as they were known at the time that is looked from.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::coded::CodedTables;
use super::codes::Coder;
use super::inquiries::{DealOrigin, days_between};
use super::span::Span;
use crate::config::Plan;
use crate::config::rules::Words;
use crate::marts::inquiries::JoinedDeal;
use crate::marts::known::Known;
use crate::marts::tables::{Deal, Ending};
use crate::model::money::Minor;
use crate::model::observations::{Code, DealState, Dimension, Names, SeenDeal};
use crate::model::zone;

/// Another deal of the same person so soon before is the same person entered twice.
const REPEAT: TimeDelta = TimeDelta::days(30);
/// A deal that nothing has changed in for so long after its entry counts as untouched.
const UNTOUCHED_FOR: TimeDelta = TimeDelta::minutes(5);

/// Puts deals into codes, oldest first; those entered at `until` or later are left out, and what happened to the others
/// from then on is not known.
pub(super) fn load(
    known: &Known<'_>,
    span: &Span,
    inquiries: &[DealOrigin],
    channels: &Coder,
    names: &mut Names,
) -> Vec<SeenDeal> {
    let stored = known.stored;
    let Some(rows) = &stored.tables.deals else {
        return Vec::new();
    };
    stored.coded.managers.put(Dimension::Manager, names);
    stored.coded.loss_reasons.put(Dimension::Reason, names);
    let coding = Coding {
        plan: stored.plan,
        coded: &stored.coded,
        span,
        channels,
        cut: known.until.unwrap_or(DateTime::<Utc>::MAX_UTC),
    };
    let mut order: Vec<(&Deal, &JoinedDeal)> = Vec::new();
    for joined in &known.people.joined.deals {
        order.push((&rows[joined.row], joined));
    }
    order.sort_by_key(|(deal, joined)| (deal.created_at, joined.row));
    let mut last_of_person: HashMap<usize, DateTime<Utc>> = HashMap::new();
    let mut deals = Vec::new();
    for (deal, joined) in order {
        let earlier = last_of_person.insert(joined.person, deal.created_at);
        let is_soon = earlier.is_some_and(|last| deal.created_at - last <= REPEAT);
        let Some(day) = span.day(coding.local(deal.created_at)) else {
            continue;
        };
        let origin = joined.inquiry.map(|inquiry| inquiries[inquiry]);
        deals.push(coding.deal(deal, day, origin, is_soon));
    }
    deals
}

/// What deals are put into codes by.
struct Coding<'a> {
    plan: &'a Plan,
    coded: &'a CodedTables,
    span: &'a Span,
    channels: &'a Coder,
    /// Nothing is known of this instant and later ones.
    cut: DateTime<Utc>,
}

impl Coding<'_> {
    fn deal(&self, deal: &Deal, day: u32, origin: Option<DealOrigin>, is_soon: bool) -> SeenDeal {
        let rules = &self.plan.diagnosis;
        let (state, ended_at) = state_at(deal, self.cut, &rules.new_stages);
        let is_lost = state == DealState::Lost;
        let is_won = state == DealState::Won;
        let is_lost_for = |words: &Words| is_lost && words.are_in(&deal.loss_reason);
        let began = origin.map_or(deal.created_at, |origin| origin.at);
        let reason = self.coded.loss_reasons.code(&deal.loss_reason);
        let changed_at = deal.updated_at.filter(|at| *at < self.cut);
        let won_at = ended_at.filter(|_| is_won);
        SeenDeal {
            day,
            created_at: deal.created_at,
            state,
            is_untargeted: is_lost_for(&rules.untargeted_reasons),
            is_unreached: is_lost_for(&rules.unreached_reasons),
            reason: if is_lost { reason } else { 0 },
            manager: self.coded.managers.code(&deal.manager),
            channel: origin.map_or_else(|| self.own_channel(deal), |origin| origin.channel),
            contact: origin.map(|origin| origin.kind),
            first_talk_s: self.first_talk(deal, origin, began),
            first_answer_s: self.first_answer(deal, began),
            closed_day: ended_at.and_then(|at| self.day(at)),
            updated_day: changed_at.and_then(|at| self.day(at)),
            won_after: won_at.map(|at| days_between(self.local(began), self.local(at))),
            amount: if is_won { self.amount(deal) } else { Minor(0) },
            is_repeat: is_soon || is_lost_for(&rules.duplicate_reasons),
        }
    }

    fn local(&self, at: DateTime<Utc>) -> NaiveDate {
        zone::local_day(at, self.plan.zone)
    }

    fn day(&self, at: DateTime<Utc>) -> Option<u32> {
        self.span.since_first(self.local(at))
    }

    /// The channel of a deal that no inquiry explains: by its own tags.
    fn own_channel(&self, deal: &Deal) -> Code {
        let Some(tags) = &deal.tags else { return 0 };
        let channel = self.plan.channels.classify(tags);
        self.channels.code(channel.as_str())
    }

    /// Seconds from the inquiry to the first talk: by telephone, else by what the CRM says of the first answer.
    fn first_talk(
        &self,
        deal: &Deal,
        origin: Option<DealOrigin>,
        began: DateTime<Utc>,
    ) -> Option<u32> {
        if let Some(after) = origin.and_then(|origin| origin.first_talk_s)
            && began + TimeDelta::seconds(i64::from(after)) < self.cut
        {
            return Some(after);
        }
        self.first_answer(deal, began)
    }

    /// Seconds from the inquiry to what the CRM says of the first answer.
    fn first_answer(&self, deal: &Deal, began: DateTime<Utc>) -> Option<u32> {
        let answered_at = deal
            .first_response_at
            .filter(|at| (began..self.cut).contains(at))?;
        Some(u32::try_from((answered_at - began).num_seconds()).unwrap_or(0))
    }

    /// Amounts in other currencies cannot be added up.
    fn amount(&self, deal: &Deal) -> Minor {
        let is_own = self.plan.is_own_currency(&deal.export, &deal.currency);
        if is_own { deal.amount } else { Minor(0) }
    }
}

/// What had become of a deal by `cut`, and when it was closed.
fn state_at(
    deal: &Deal,
    cut: DateTime<Utc>,
    new_stages: &Words,
) -> (DealState, Option<DateTime<Utc>>) {
    let ended_at = deal.ended_at;
    match deal.ending() {
        Some(Ending::Won) if ended_at < cut => (DealState::Won, Some(ended_at)),
        // A sale that was given back is none. (A refund of another deal is no deal, and does not come here.)
        Some(Ending::Lost | Ending::Returned | Ending::Refund) if ended_at < cut => {
            (DealState::Lost, Some(ended_at))
        }
        Some(_) => (DealState::Open, None),
        None if is_new(deal, cut, new_stages) => (DealState::New, None),
        None => (DealState::Open, None),
    }
}

/// Whether a deal is open and nobody had touched it by `cut`.
pub(in crate::marts) fn is_untouched(deal: &Deal, cut: DateTime<Utc>, new_stages: &Words) -> bool {
    state_at(deal, cut, new_stages).0 == DealState::New
}

/// Whether nobody had touched an open deal: by the name of its stage, or because nothing has changed in it.
fn is_new(deal: &Deal, cut: DateTime<Utc>, new_stages: &Words) -> bool {
    let unchanged = |at: DateTime<Utc>| at < cut && at - deal.created_at <= UNTOUCHED_FOR;
    deal.updated_at.is_some_and(unchanged) || new_stages.are_in(&deal.stage)
}
