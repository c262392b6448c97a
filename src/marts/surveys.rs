//! Answers of customers, with the manager and the channel of the person who answered.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use super::known::Known;
use super::rows::Rows;
use super::tables::Deal;
use crate::lake::Lake;
use crate::model::channel::ChannelId;
use crate::model::nameless::KeyKind;
use crate::model::origin::Origin;
use crate::model::survey::{Answer, Scale};
use crate::model::tables::SURVEYS;

/// Scores above this are none of a scale of five.
const MOST_CSAT: i64 = 5_000;

/// An answer as the lake has it.
pub(super) struct Stated {
    at: DateTime<Utc>,
    day: NaiveDate,
    scale: Scale,
    score: f64,
    manager: Arc<str>,
    deal_id: String,
    keys: [Option<u64>; 2],
    tags: Option<Origin>,
}

/// All answers; `None` when no export of them has arrived.
pub(super) fn load(lake: &Lake, as_of: DateTime<Utc>) -> Result<Option<Vec<Stated>>> {
    let Some(rows) = Rows::all(lake, &SURVEYS, as_of)? else {
        return Ok(None);
    };
    let (times, days) = (rows.times("at")?, rows.days("day")?);
    let exports = rows.shared("export")?;
    let scores = rows.longs("score")?;
    let scales = rows.shared("scale")?;
    let managers = rows.shared("manager")?;
    let deal_ids = rows.texts("deal_id")?;
    let (phones, emails) = (rows.keys("phone")?, rows.keys("email")?);
    let tags = super::tables::tags_of(&rows)?;
    // A scale is of its whole export: one answer of 5 tells nothing.
    let mut most: HashMap<&str, i64> = HashMap::new();
    for (export, score) in exports.iter().zip(&scores) {
        let known = most.entry(export).or_insert(0);
        *known = (*known).max(score.unwrap_or(0));
    }
    let mut answers = Vec::with_capacity(rows.len());
    for (row, (deal_id, tags)) in deal_ids.into_iter().zip(tags).enumerate() {
        let (Some(at), Some(score)) = (times[row], scores[row]) else {
            continue;
        };
        answers.push(Stated {
            at,
            day: days[row],
            scale: scale(&scales[row], most[&*exports[row]]),
            score: score as f64 / 1_000.0,
            manager: managers[row].clone(),
            deal_id,
            keys: [phones[row], emails[row]],
            tags,
        });
    }
    answers.sort_by(|one, other| (one.at, &one.deal_id).cmp(&(other.at, &other.deal_id)));
    Ok(Some(answers))
}

fn scale(stated: &str, most: i64) -> Scale {
    match stated {
        said if said.contains("nps") => Scale::Nps,
        said if said.contains("csat") || said.contains("csi") => Scale::Csat,
        _ if most > MOST_CSAT => Scale::Nps,
        _ => Scale::Csat,
    }
}

/// The answers that were known: the manager is that of the answer, else of its deal, else of the last deal of the person before;
/// the channel that of the deal's inquiry, of the person's last inquiry before, or of the answer's own tags.
pub(super) fn answers(known: &Known<'_>) -> Option<Vec<Answer>> {
    let stored = known.stored;
    let stated = stored.surveys.as_ref()?;
    let deals = stored.tables.deals.as_deref().unwrap_or_default();
    let people = Persons::of(known, deals);
    let is_known = |answer: &&Stated| known.until.is_none_or(|until| answer.at < until);
    let answer = |stated: &Stated| {
        let deal = people.deals.get(stated.deal_id.as_str()).copied();
        let of_person = || people.deal_before(&stated.keys, stated.at);
        let manager = match stated.manager.is_empty() {
            true => deal
                .or_else(of_person)
                .map_or_else(Arc::default, |row| deals[row].manager.clone()),
            false => stated.manager.clone(),
        };
        let own = || {
            let tags = stated.tags.as_ref()?;
            Some(stored.plan.channels.classify(tags))
        };
        let channel = deal
            .and_then(|row| people.channel_of_deal.get(&row).cloned())
            .or_else(|| people.channel_before(&stated.keys, stated.at))
            .or_else(own);
        Answer {
            day: stated.day,
            scale: stated.scale,
            score: stated.score,
            manager,
            channel: channel.unwrap_or_else(ChannelId::unattributed),
        }
    };
    let view = &stored.plan.view.rows;
    let is_seen = |answer: &Answer| {
        view.lines.is_empty()
            && view.cities.is_empty()
            && view.sees_manager(&answer.manager)
            && view.sees_channel(&answer.channel)
    };
    let answers = stated.iter().filter(is_known).map(answer);
    Some(answers.filter(is_seen).collect())
}

/// What leads from an answer to a person.
struct Persons<'a> {
    deals: HashMap<&'a str, usize>,
    deals_of_key: HashMap<u64, BTreeMap<DateTime<Utc>, usize>>,
    channel_of_deal: HashMap<usize, ChannelId>,
    inquiries: HashMap<u64, BTreeMap<DateTime<Utc>, ChannelId>>,
}

impl<'a> Persons<'a> {
    fn of(known: &Known<'_>, deals: &'a [Deal]) -> Self {
        let people = &known.people;
        let channel = |inquiry: usize| super::work::main_channel(&people.attributed[inquiry]);
        let mut of = Self {
            deals: deals
                .iter()
                .enumerate()
                .map(|(row, deal)| (deal.id.as_str(), row))
                .collect(),
            deals_of_key: HashMap::new(),
            channel_of_deal: HashMap::new(),
            inquiries: HashMap::new(),
        };
        for (row, deal) in deals.iter().enumerate() {
            for key in [deal.phone, deal.email].into_iter().flatten() {
                let entered = of.deals_of_key.entry(key).or_default();
                entered.insert(deal.created_at, row);
            }
        }
        for deal in &people.joined.deals {
            if let Some(inquiry) = deal.inquiry {
                of.channel_of_deal.insert(deal.row, channel(inquiry));
            }
        }
        for (place, inquiry) in people.joined.inquiries.iter().enumerate() {
            for contact in &inquiry.contacts {
                let is_told = |kind| matches!(kind, KeyKind::Phone | KeyKind::Email);
                let keys = contact.keys.each().filter(|(kind, _)| is_told(*kind));
                for (_, key) in keys {
                    let begun = of.inquiries.entry(key).or_default();
                    begun.insert(inquiry.at(), channel(place));
                }
            }
        }
        of
    }

    /// The last deal that any of these keys had entered by then.
    fn deal_before(&self, keys: &[Option<u64>], at: DateTime<Utc>) -> Option<usize> {
        let before = |key: &u64| self.deals_of_key.get(key)?.range(..=at).next_back();
        let last = keys.iter().flatten().filter_map(before);
        last.max_by_key(|(at, _)| **at).map(|(_, row)| *row)
    }

    fn channel_before(&self, keys: &[Option<u64>], at: DateTime<Utc>) -> Option<ChannelId> {
        let before = |key: &u64| self.inquiries.get(key)?.range(..=at).next_back();
        let last = keys.iter().flatten().filter_map(before);
        last.max_by_key(|(at, _)| **at)
            .map(|(_, channel)| channel.clone())
    }
}
