//! The ways of deals through their stages: from an export of the changes, else from differences between exports.

mod differences;
mod events;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, Utc};

use self::events::StageEvent;
use super::inquiries::JoinedDeal;
use super::known::Known;
use super::observations::is_untouched;
use super::tables::{Deal, Ending};
use crate::config::Plan;
use crate::lake::Lake;
use crate::model::channel::ChannelId;
use crate::model::deal_paths::{DealPath, DealPaths, HistoryPrecision, Step};
use crate::model::facts::ContactKind;
use crate::model::money::Minor;
use crate::model::zone;

/// The changes of stages that the lake tells of, oldest first.
pub(super) struct StageHistory {
    events: Vec<StageEvent>,
    precision: Option<HistoryPrecision>,
}

impl StageHistory {
    /// Reads the changes; those that an export states go before those that follow from differences.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub(super) fn load(lake: &Lake, as_of: DateTime<Utc>) -> Result<Self> {
        let stated = events::stated(lake, as_of)?;
        let (events, precision) = match stated {
            Some(events) => (events, Some(HistoryPrecision::Events)),
            None => {
                let events = differences::between_exports(lake, as_of)?;
                let precision = (!events.is_empty()).then_some(HistoryPrecision::BetweenExports);
                (events, precision)
            }
        };
        Ok(Self { events, precision })
    }
}

/// The way of every deal that was known; `None` where nothing is known of deals.
pub(super) fn paths(known: &Known<'_>) -> Option<DealPaths> {
    let stored = known.stored;
    let history = &stored.stage_history;
    let deals = stored.tables.deals.as_deref().unwrap_or_default();
    let cut = known.until.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let events = history.events.iter().filter(|event| event.at < cut);
    let mut by_deal: BTreeMap<&str, Vec<&StageEvent>> = BTreeMap::new();
    for event in events.clone() {
        by_deal.entry(&event.deal_id).or_default().push(event);
    }
    let known_from = events.clone().map(|event| event.at).min();
    let last_event = events.map(|event| event.at).max();
    let known_until = known
        .people
        .deals_known_until
        .into_iter()
        .chain(last_event)
        .max()?;
    let builder = Builder {
        plan: stored.plan,
        precision: history.precision,
        known_from,
        cut,
        entries: entry_stages(deals, &by_deal, known_from),
    };
    let origins = origins(known);
    let shared = shared_ids(deals);
    let mut ways = Vec::with_capacity(deals.len());
    for (row, deal) in deals.iter().enumerate() {
        let is_counted = !deal.spam && deal.ending() != Some(Ending::Refund);
        if !is_counted || deal.created_at >= cut {
            continue;
        }
        // An id that two CRMs use says of neither deal what happened to it.
        let changes = match shared.contains(deal.id.as_str()) {
            true => Vec::new(),
            false => by_deal.remove(deal.id.as_str()).unwrap_or_default(),
        };
        ways.push(builder.deal(deal, origins.get(&row), &changes));
    }
    let only_changes = by_deal
        .into_iter()
        .filter(|(id, _)| deals.is_empty() && !shared.contains(id));
    ways.extend(only_changes.map(|(id, changes)| builder.unknown(id, &changes)));
    ways.sort_by(|one, other| (one.created, &one.id).cmp(&(other.created, &other.id)));
    Some(DealPaths {
        precision: history.precision,
        known_from,
        known_until,
        deals: ways,
    })
}

/// Ids that deals of several exports have.
fn shared_ids(deals: &[Deal]) -> BTreeSet<&str> {
    let mut export_of: HashMap<&str, &str> = HashMap::new();
    let mut shared = BTreeSet::new();
    for deal in deals {
        let first = *export_of.entry(&deal.id).or_insert(&deal.export);
        if first != &*deal.export {
            shared.insert(deal.id.as_str());
        }
    }
    shared
}

/// What a deal's inquiry says of it.
struct Origin {
    inquiry: usize,
    at: DateTime<Utc>,
    credit: Vec<(ChannelId, f64)>,
    was_missed: bool,
    first_talk_s: Option<u32>,
}

/// The inquiries of deals, by the deal's row.
fn origins(known: &Known<'_>) -> HashMap<usize, Origin> {
    let people = &known.people;
    let of = |deal: &JoinedDeal| {
        let inquiry = deal.inquiry?;
        let joined = &people.joined.inquiries[inquiry];
        let origin = Origin {
            inquiry,
            at: joined.at(),
            credit: people.attributed[inquiry].credit.clone(),
            was_missed: joined.contacts[0].kind == ContactKind::MissedCall,
            first_talk_s: match joined.contacts[0].kind {
                // Who was answered at once did not wait.
                ContactKind::Call => None,
                _ => known.stored.coded.first_talk(joined, known.until),
            },
        };
        Some((deal.row, origin))
    };
    people.joined.deals.iter().filter_map(of).collect()
}

/// Stages that deals begin at: what the first change of those leaves that were entered after the history begins.
fn entry_stages(
    deals: &[Deal],
    by_deal: &BTreeMap<&str, Vec<&StageEvent>>,
    known_from: Option<DateTime<Utc>>,
) -> BTreeSet<Arc<str>> {
    let is_whole = |deal: &&Deal| known_from.is_some_and(|from| deal.created_at >= from);
    let first = |deal: &Deal| Some(by_deal.get(deal.id.as_str())?.first()?.from.clone());
    deals.iter().filter(is_whole).filter_map(first).collect()
}

/// What ways are made by.
struct Builder<'a> {
    plan: &'a Plan,
    precision: Option<HistoryPrecision>,
    known_from: Option<DateTime<Utc>>,
    cut: DateTime<Utc>,
    entries: BTreeSet<Arc<str>>,
}

impl Builder<'_> {
    fn deal(&self, deal: &Deal, origin: Option<&Origin>, changes: &[&StageEvent]) -> DealPath {
        let ended = |ending| {
            let is_it = deal.ending() == Some(ending) && deal.ended_at < self.cut;
            is_it.then_some(deal.ended_at)
        };
        DealPath {
            id: deal.id.clone(),
            created: Some((
                deal.created_at,
                zone::local_day(deal.created_at, self.plan.zone),
            )),
            credit: match origin {
                Some(origin) => origin.credit.clone(),
                None => vec![(self.own_channel(deal), 1.0)],
            },
            manager: match deal.manager.is_empty() {
                true => changes
                    .last()
                    .map_or_else(Arc::default, |last| last.by.clone()),
                false => deal.manager.clone(),
            },
            steps: self.steps(deal, changes),
            reason: deal.loss_reason.clone(),
            is_untouched: is_untouched(deal, self.cut, &self.plan.diagnosis.new_stages),
            inquiry: origin.map(|origin| origin.inquiry),
            was_missed: origin.is_some_and(|origin| origin.was_missed),
            first_talk_s: self.first_talk(deal, origin),
            won_at: ended(Ending::Won),
            lost_at: ended(Ending::Lost).or_else(|| ended(Ending::Returned)),
            amount: deal.amount,
        }
    }

    /// The way of a deal that no export of deals tells of.
    fn unknown(&self, id: &str, changes: &[&StageEvent]) -> DealPath {
        DealPath {
            id: id.to_owned(),
            created: None,
            credit: vec![(ChannelId::unattributed(), 1.0)],
            manager: changes
                .last()
                .map_or_else(Arc::default, |last| last.by.clone()),
            steps: steps_of(None, changes),
            reason: Arc::default(),
            is_untouched: false,
            inquiry: None,
            was_missed: false,
            first_talk_s: None,
            won_at: None,
            lost_at: None,
            amount: Minor(0),
        }
    }

    fn steps(&self, deal: &Deal, changes: &[&StageEvent]) -> Vec<Step> {
        let Some(first) = changes.first() else {
            // Its one stage is known from its entry on where every change since then would be known.
            let is_covered = self.precision == Some(HistoryPrecision::Events)
                && self.known_from.is_some_and(|from| deal.created_at >= from);
            let is_known = self.cut == DateTime::<Utc>::MAX_UTC;
            let step = Step {
                stage: deal.stage.clone(),
                entered_at: is_covered.then_some(deal.created_at),
                left_at: None,
            };
            return is_known.then_some(step).into_iter().collect();
        };
        let begins = self.known_from.is_some_and(|from| deal.created_at >= from);
        let is_whole = begins || self.entries.contains(&first.from);
        let since_entry = match self.precision {
            Some(HistoryPrecision::Events) => is_whole,
            // What happened before the first export was read is not known.
            Some(HistoryPrecision::BetweenExports) | None => false,
        };
        steps_of(since_entry.then_some(deal.created_at), changes)
    }

    /// Seconds to the first talk: by telephone, else by what the CRM says of the first answer.
    fn first_talk(&self, deal: &Deal, origin: Option<&Origin>) -> Option<u32> {
        let began = origin.map_or(deal.created_at, |origin| origin.at);
        let stated = || {
            let answered_at = deal
                .first_response_at
                .filter(|at| (began..self.cut).contains(at))?;
            u32::try_from((answered_at - began).num_seconds()).ok()
        };
        origin
            .and_then(|origin| origin.first_talk_s)
            .or_else(stated)
    }

    /// The channel of a deal that no inquiry explains: by its own tags.
    fn own_channel(&self, deal: &Deal) -> ChannelId {
        deal.tags
            .as_ref()
            .map_or_else(ChannelId::unattributed, |tags| {
                self.plan.channels.classify(tags)
            })
    }
}

/// The stages between changes; the first one was entered at `entered_at`, where that is known.
fn steps_of(entered_at: Option<DateTime<Utc>>, changes: &[&StageEvent]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::with_capacity(changes.len() + 1);
    if let Some(first) = changes.first().filter(|first| !first.from.is_empty()) {
        steps.push(Step {
            stage: first.from.clone(),
            entered_at,
            left_at: None,
        });
    }
    for change in changes {
        if let Some(last) = steps.last_mut() {
            // The same stage twice is no change.
            if last.stage == change.to {
                continue;
            }
            last.left_at = Some(change.at);
        }
        steps.push(Step {
            stage: change.to.clone(),
            entered_at: Some(change.at),
            left_at: None,
        });
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(day: u32, from: &str, to: &str) -> StageEvent {
        StageEvent {
            deal_id: "1".to_owned(),
            at: at(day),
            from: from.into(),
            to: to.into(),
            by: "Anna".into(),
        }
    }

    fn at(day: u32) -> DateTime<Utc> {
        DateTime::from_timestamp(i64::from(day) * 86_400, 0).expect("a time")
    }

    #[test]
    fn a_stage_lasts_from_one_change_to_the_next() {
        let changes = [change(2, "new", "offer"), change(5, "offer", "won")];
        let changes: Vec<&StageEvent> = changes.iter().collect();
        let steps = steps_of(Some(at(1)), &changes);
        let times: Vec<_> = steps
            .iter()
            .map(|step| (&*step.stage, step.entered_at, step.left_at))
            .collect();
        assert_eq!(
            times,
            [
                ("new", Some(at(1)), Some(at(2))),
                ("offer", Some(at(2)), Some(at(5))),
                ("won", Some(at(5)), None),
            ]
        );
    }

    #[test]
    fn a_change_to_the_same_stage_is_none() {
        let changes = [change(2, "new", "offer"), change(3, "offer", "offer")];
        let changes: Vec<&StageEvent> = changes.iter().collect();
        let steps = steps_of(None, &changes);
        assert_eq!(steps.len(), 2);
        assert_eq!((steps[0].entered_at, steps[1].left_at), (None, None));
    }
}
