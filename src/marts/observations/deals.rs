//! Deals as they were known at the time that is looked from.

use std::collections::HashMap;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::Span;
use super::codes::Coder;
use super::inquiries::{Origin, days_between};
use crate::config::Plan;
use crate::config::rules::Words;
use crate::marts::contacts::origins;
use crate::marts::known::Known;
use crate::marts::rows::Rows;
use crate::model::money::Minor;
use crate::model::observations::{DealState, Dimension, Names, SeenDeal};
use crate::model::zone;

/// Another deal of the same person so soon before is the same person entered twice.
const REPEAT: TimeDelta = TimeDelta::days(30);
/// A deal that nothing has changed in for so long after its entry counts as untouched.
const UNTOUCHED: TimeDelta = TimeDelta::minutes(5);

/// Puts deals into codes, oldest first; those entered at `until` or later are left out, and what happened to the others
/// from then on is not known.
pub(super) fn load(
    known: &Known<'_>,
    span: &Span,
    inquiries: &[Origin],
    channels: &Coder,
    names: &mut Names,
) -> Vec<SeenDeal> {
    let (stored, joined) = (known.stored, &known.people.joined);
    let (plan, rules) = (stored.plan, &stored.plan.channels);
    let Some(columns) = &stored.tables.deals else {
        return Vec::new();
    };
    let (managers, reasons) = (&columns.manager_codes, &columns.reason_codes);
    managers.put(Dimension::Manager, names);
    reasons.put(Dimension::Reason, names);
    let cut = known.until.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let mut deals = Vec::new();
    let mut before: HashMap<usize, DateTime<Utc>> = HashMap::new();
    let mut order: Vec<_> = joined
        .deals
        .iter()
        .map(|deal| (columns.created[deal.row], deal))
        .collect();
    order.sort_by_key(|(created, deal)| (*created, deal.row));
    for (created, deal) in order {
        let Some(created_at) = created else { continue };
        let is_soon = before
            .insert(deal.person, created_at)
            .is_some_and(|last| created_at - last <= REPEAT);
        let Some(day) = span.day(zone::local_day(created_at, plan.zone)) else {
            continue;
        };
        let row = deal.row;
        let origin = deal.inquiry.map(|inquiry| inquiries[inquiry]);
        let (state, closed_at) = columns.state(row, plan, created_at, cut);
        let began = origin.map_or(created_at, |origin| origin.at);
        let local = |at: DateTime<Utc>| zone::local_day(at, plan.zone);
        let talked = |origin: Origin| {
            origin
                .first_talk_s
                .filter(|after| origin.at + seconds(*after) < cut)
        };
        let answered = columns.answered[row].filter(|at| *at < cut && *at >= began);
        let own_channel = || {
            columns.tags[row]
                .as_ref()
                .map_or(0, |tags| channels.code(rules.classify(tags).as_str()))
        };
        let is_lost_for =
            |words: &Words| state == DealState::Lost && words.are_in(&columns.reasons[row]);
        let own_money = plan.is_own_currency(&columns.exports[row], &columns.currencies[row]);
        deals.push(SeenDeal {
            day,
            created_at,
            state,
            is_untargeted: is_lost_for(&plan.diagnosis.untargeted_reasons),
            is_unreached: is_lost_for(&plan.diagnosis.unreached_reasons),
            reason: if state == DealState::Lost {
                reasons.code(&columns.reasons[row])
            } else {
                0
            },
            manager: managers.code(&columns.managers[row]),
            channel: origin.map_or_else(own_channel, |origin| origin.channel),
            contact: origin.map(|origin| origin.kind),
            first_talk_s: origin.and_then(talked).or_else(|| {
                answered.map(|at| u32::try_from((at - began).num_seconds()).unwrap_or(0))
            }),
            closed_day: closed_at.and_then(|at| span.since_first(local(at))),
            updated_day: columns.updated[row]
                .filter(|at| *at < cut)
                .and_then(|at| span.since_first(local(at))),
            won_after: closed_at
                .filter(|_| state == DealState::Won)
                .map(|at| days_between(local(began), local(at))),
            amount: Minor(if own_money && state == DealState::Won {
                columns.amounts[row].unwrap_or(0)
            } else {
                0
            }),
            is_repeat: is_soon || is_lost_for(&plan.diagnosis.duplicate_reasons),
        });
    }
    deals
}

fn seconds(count: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from(count))
}

/// Columns of the deals, decoded once.
pub(super) struct DealColumns {
    manager_codes: Coder,
    reason_codes: Coder,
    exports: Vec<String>,
    created: Vec<Option<DateTime<Utc>>>,
    updated: Vec<Option<DateTime<Utc>>>,
    closed: Vec<Option<DateTime<Utc>>>,
    answered: Vec<Option<DateTime<Utc>>>,
    stages: Vec<String>,
    statuses: Vec<String>,
    managers: Vec<String>,
    reasons: Vec<String>,
    currencies: Vec<String>,
    amounts: Vec<Option<i64>>,
    tags: Vec<Option<crate::model::origin::Origin>>,
}

impl DealColumns {
    /// Decodes the columns.
    ///
    /// # Errors
    /// When the table lacks a column.
    pub(super) fn read(rows: &Rows) -> Result<Self> {
        let (managers, reasons) = (rows.texts("manager")?, rows.texts("loss_reason")?);
        let codes = |texts: &[String]| Coder::fixed(texts.iter().map(String::as_str));
        Ok(Self {
            manager_codes: codes(&managers),
            reason_codes: codes(&reasons),
            exports: rows.texts("export")?,
            created: rows.times("created_at")?,
            updated: rows.times("updated_at")?,
            closed: rows.times("closed_at")?,
            answered: rows.times("first_response_at")?,
            stages: rows.texts("stage")?,
            statuses: rows.texts("status")?,
            managers,
            reasons,
            currencies: rows.texts("currency")?,
            amounts: rows.longs("amount")?,
            tags: origins(rows)?,
        })
    }

    /// What had become of a deal by `cut`, and when it was closed.
    fn state(
        &self,
        row: usize,
        plan: &Plan,
        created_at: DateTime<Utc>,
        cut: DateTime<Utc>,
    ) -> (DealState, Option<DateTime<Utc>>) {
        let (stage, status) = (&self.stages[row], &self.statuses[row]);
        let closed_at = self.closed[row].or(self.updated[row]).unwrap_or(created_at);
        let closed = match () {
            () if plan.sales.is_won(stage, status == "won") => Some(DealState::Won),
            () if plan.sales.is_lost(stage, status == "lost") => Some(DealState::Lost),
            () => None,
        };
        match closed {
            Some(state) if closed_at < cut => (state, Some(closed_at)),
            Some(_) => (DealState::Open, None),
            None if self.is_new(row, plan, created_at, cut) => (DealState::New, None),
            None => (DealState::Open, None),
        }
    }

    /// Whether nobody had touched an open deal: by the name of its stage, or because nothing has changed in it.
    fn is_new(
        &self,
        row: usize,
        plan: &Plan,
        created_at: DateTime<Utc>,
        cut: DateTime<Utc>,
    ) -> bool {
        let untouched =
            self.updated[row].is_some_and(|at| at < cut && at - created_at <= UNTOUCHED);
        untouched || plan.diagnosis.new_stages.are_in(&self.stages[row])
    }
}
