//! Stages whose meaning nobody states. Where sales may hide at them, sales are unknown: never a plain zero.

mod rest;
mod stopped;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use polars::prelude::*;

use super::rows::Rows;
use super::tables::{Deal, Ending, Standing, standings};
use crate::config::rules::SalesRules;
use crate::lake::Lake;
use crate::model::doubt::SalesDoubt;
use crate::model::tables::DEALS;

/// So many deals make a doubt: one or two are reopened, or closed by a slip of the hand.
const LEAST_DEALS: usize = 3;
/// Closed deals at unknown stages up to this share do not hide more sales than chance does.
const UNNAMED_SHARE: f64 = 0.05;
/// Without one sale among so many old deals the won stage is not recognised: at a conversion of one in ten, chance leaves
/// thirty deals without a sale four times in a hundred.
const DEALS_WITHOUT_SALE: usize = 30;
/// Closings of so many days are the latest ones: the age at which cohorts are called mature by default.
const LATEST_CLOSINGS: TimeDelta = TimeDelta::days(28);
/// A deal so old has had its time to be won: likewise.
const OLD_DEAL: TimeDelta = LATEST_CLOSINGS;
/// Of the deals at a stage, so many in a hundred were won before: it is the won stage by another name.
const RENAMED_PERCENT: usize = 50;
/// So many deals with a past day of closing at a stage that only began after the last sale: it took the won one's place.
const LEAST_IN_PLACE: usize = 5;
/// Stages that are called so are usually final. Where not one deal is won they are doubted, and come first.
const FINAL_WORDS: &[&str] = &[
    "won",
    "paid",
    "signed",
    "sold",
    "complete",
    "closed",
    "успеш",
    "оплачен",
    "подписан",
    "продан",
    "выигр",
    "выполнен",
    "заверш",
    "закрыт",
    "отгружен",
    "доставлен",
    "оплата получена",
    "оплата поступила",
    "получена оплата",
    "delivered",
    "payment received",
    "fulfilled",
];
/// More stages than this say nothing more.
const MOST_STAGES: usize = 5;

/// Nobody says what the stage means, and nothing that the deal is over.
const UNSAID: Standing = Standing::Unsaid { closed: false };

/// The deals of one export, and those of them that an earlier state of the lake called won.
struct Export<'a> {
    deals: Vec<&'a Deal>,
    were_won: HashSet<&'a str>,
    until: DateTime<Utc>,
}

/// What is known of one stage that nobody names.
#[derive(Default)]
struct Unknown {
    deals: usize,
    /// Closed all the same.
    closed: usize,
    /// With a day of closing, be it planned, that has passed, or at a stage whose name sounds final.
    due: usize,
    were_won: usize,
}

/// Exports whose sales cannot be told, with the reason.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn doubts(
    lake: &Lake,
    rules: &SalesRules,
    deals: &[Deal],
    as_of: DateTime<Utc>,
) -> Result<BTreeMap<Arc<str>, SalesDoubt>> {
    let mut doubts = BTreeMap::new();
    let is_in_doubt =
        |deal: &Deal| matches!(deal.standing, Standing::Unsaid { .. } | Standing::OnTheWay);
    if !deals.iter().any(is_in_doubt) {
        return Ok(doubts);
    }
    let earlier = won_earlier(lake, rules, as_of)?;
    let mut exports: BTreeMap<Arc<str>, Export<'_>> = BTreeMap::new();
    for deal in deals.iter().filter(|deal| !deal.spam) {
        let export = exports.entry(deal.export.clone()).or_insert(Export {
            deals: Vec::new(),
            were_won: HashSet::new(),
            until: as_of,
        });
        if earlier.contains(&(deal.export.to_string(), deal.id.clone())) {
            export.were_won.insert(&deal.id);
        }
        export.deals.push(deal);
    }
    for (name, export) in exports {
        if let Some(doubt) = export.doubt() {
            doubts.insert(name, doubt);
        }
    }
    Ok(doubts)
}

/// Deals that some earlier state of the lake called won, by export and id.
fn won_earlier(
    lake: &Lake,
    rules: &SalesRules,
    as_of: DateTime<Utc>,
) -> Result<HashSet<(String, String)>> {
    let Some(replaced) = lake.scan_replaced(&DEALS, as_of)? else {
        return Ok(HashSet::new());
    };
    // A full export every week repeats most deals as they were: each state of a deal is looked at once.
    let states = [
        "export",
        "deal_id",
        "pipeline",
        "stage",
        "status",
        "is_won",
        "is_lost",
        "is_closed",
        "amount",
        "refund",
        "refunded_at",
    ];
    let distinct = replaced
        .group_by(states.map(col))
        .agg([len().alias("times")]);
    let rows = Rows::of(distinct.collect()?);
    let pairs = rows
        .texts("export")?
        .into_iter()
        .zip(rows.texts("deal_id")?);
    let known = pairs.zip(standings(&rows, rules)?);
    Ok(known
        .filter(|(_, standing)| *standing == Standing::Ended(Ending::Won))
        .map(|(deal, _)| deal)
        .collect())
}

impl Export<'_> {
    /// The strongest reason first: what was won before, what is closed, what never was won, what took another's place.
    fn doubt(&self) -> Option<SalesDoubt> {
        let unknown = self.unknown();
        self.renamed(&unknown)
            .or_else(|| self.closed_unnamed(&unknown))
            .or_else(|| self.never_won(&unknown))
            .or_else(|| self.took_the_place())
            .or_else(|| self.stopped())
            .or_else(|| self.at_rest())
    }

    /// Stages that nobody names.
    fn unknown(&self) -> BTreeMap<Arc<str>, Unknown> {
        let mut stages: BTreeMap<Arc<str>, Unknown> = BTreeMap::new();
        for deal in &self.deals {
            let Standing::Unsaid { closed } = deal.standing else {
                continue;
            };
            let stage = stages.entry(deal.stage.clone()).or_default();
            stage.deals += 1;
            stage.closed += usize::from(closed);
            stage.due += usize::from(closed || self.is_due(deal) || sounds_final(&deal.stage));
            stage.were_won += usize::from(self.were_won.contains(&*deal.id));
        }
        stages
    }

    fn is_due(&self, deal: &Deal) -> bool {
        deal.planned_close_at.is_some_and(|at| at <= self.until)
    }

    fn count(&self, counts: impl Fn(&Deal) -> bool) -> usize {
        self.deals.iter().filter(|deal| counts(deal)).count()
    }

    fn renamed(&self, unknown: &BTreeMap<Arc<str>, Unknown>) -> Option<SalesDoubt> {
        let is_renamed = |stage: &Unknown| {
            stage.were_won >= LEAST_DEALS && stage.were_won * 100 >= stage.deals * RENAMED_PERCENT
        };
        let stages = most_first(
            unknown,
            |stage| {
                if is_renamed(stage) { stage.were_won } else { 0 }
            },
        );
        let deals = unknown
            .values()
            .filter(|stage| is_renamed(stage))
            .map(|stage| stage.were_won as u64);
        let deals = deals.sum();
        (!stages.is_empty()).then_some(SalesDoubt::WonRenamed { deals, stages })
    }

    /// Of all closed deals, or of those that were closed lately: a stage that was renamed last week is few of the former.
    fn closed_unnamed(&self, unknown: &BTreeMap<Arc<str>, Unknown>) -> Option<SalesDoubt> {
        let is_closed =
            |deal: &Deal| ![Standing::Open, Standing::OnTheWay, UNSAID].contains(&deal.standing);
        let closed_at = |deal: &&Deal| is_closed(deal).then_some(deal.ended_at);
        let last = self.deals.iter().filter_map(closed_at).max()?;
        [DateTime::<Utc>::MIN_UTC, last - LATEST_CLOSINGS]
            .into_iter()
            .find_map(|since| {
                let of = |deal: &Deal| is_closed(deal) && deal.ended_at >= since;
                let closed = self.count(of);
                let unnamed = self.count(|deal| of(deal) && deal.ending().is_none());
                let is_much = unnamed as f64 > UNNAMED_SHARE * closed as f64;
                (unnamed >= LEAST_DEALS && is_much).then(|| SalesDoubt::ClosedUnnamed {
                    deals: unnamed as u64,
                    closed: closed as u64,
                    stages: most_first(unknown, |stage| stage.closed),
                })
            })
    }

    /// Where the CRM states of every deal whether it is won, none is a number like any other: only deals whose stage is
    /// all that is known count here. They tell of no sale whatever their age, but where the CRM plans to close them later.
    fn never_won(&self, unknown: &BTreeMap<Arc<str>, Unknown>) -> Option<SalesDoubt> {
        // What was given back says that somebody sells, and not at which stage.
        let has_sold = |deal: &Deal| deal.ending() == Some(Ending::Won);
        if self.count(has_sold) > 0 {
            return None;
        }
        let is_unplanned = |deal: &Deal| {
            matches!(deal.standing, Standing::Unsaid { .. }) && deal.planned_close_at.is_none()
        };
        let is_old = |deal: &Deal| {
            deal.standing == Standing::OnTheWay && self.until - deal.created_at >= OLD_DEAL
        };
        let gave_back =
            |deal: &Deal| matches!(deal.ending(), Some(Ending::Refund | Ending::Returned));
        let closed: usize = unknown.values().map(|stage| stage.closed).sum();
        let due: usize = unknown.values().map(|stage| stage.due).sum();
        let unplanned = self.count(is_unplanned);
        // Who gives money back has sold, however few the rows are.
        let hides_what_was_sold = unplanned > 0 && self.count(gave_back) > 0;
        // Where no stage of an export is known, nothing says that its few deals are no sales.
        let none_is_known = unplanned == self.deals.len();
        let is_doubtful = closed > 0
            || none_is_known
            || due >= LEAST_DEALS
            || unknown.keys().any(|stage| sounds_final(stage))
            || unplanned >= LEAST_DEALS
            || hides_what_was_sold
            || self.count(is_old) >= DEALS_WITHOUT_SALE;
        // Those with a day of closing are likelier to be the final ones, and come first.
        let weight = |stage: &Unknown| stage.due * self.deals.len() + stage.deals;
        is_doubtful.then(|| SalesDoubt::NeverWon {
            deals: self.deals.len() as u64,
            stages: most_first(unknown, weight),
        })
    }

    /// A stage with past days of closing, all of them later than the pipeline's last sale.
    fn took_the_place(&self) -> Option<SalesDoubt> {
        let mut last_sales: BTreeMap<&str, DateTime<Utc>> = BTreeMap::new();
        for deal in &self.deals {
            if let Some(won_at) = deal.won_at() {
                let last = last_sales.entry(&deal.pipeline).or_insert(won_at);
                *last = won_at.max(*last);
            }
        }
        // For each pipeline and stage whether all days of closing are later, and how many there are.
        let mut places: BTreeMap<(&str, &str), (bool, usize)> = BTreeMap::new();
        for deal in &self.deals {
            let is_unsaid = matches!(deal.standing, Standing::Unsaid { .. });
            let Some(last) = last_sales.get(&*deal.pipeline).filter(|_| is_unsaid) else {
                continue;
            };
            let Some(due) = deal.planned_close_at.filter(|at| *at <= self.until) else {
                continue;
            };
            let place = places
                .entry((&deal.pipeline, &deal.stage))
                .or_insert((true, 0));
            place.0 &= due > *last;
            place.1 += 1;
        }
        let new: Vec<_> = places
            .iter()
            .filter(|(_, (is_later, due))| *is_later && *due >= LEAST_IN_PLACE)
            .collect();
        let deals: usize = new.iter().map(|(_, (_, due))| due).sum();
        let stages = new.iter().map(|((_, stage), _)| (*stage).to_owned());
        (deals > 0).then(|| SalesDoubt::ClosedUnnamed {
            deals: deals as u64,
            closed: (deals + self.count(|deal| deal.ending().is_some())) as u64,
            stages: stages.take(MOST_STAGES).collect(),
        })
    }
}

fn sounds_final(stage: &str) -> bool {
    let name = stage.to_lowercase();
    FINAL_WORDS.iter().any(|word| name.contains(word))
}

/// Names of the stages that weigh anything, the heaviest first.
fn most_first(
    stages: &BTreeMap<Arc<str>, Unknown>,
    weight: impl Fn(&Unknown) -> usize,
) -> Vec<String> {
    let mut weighed: Vec<(usize, &Arc<str>)> = Vec::new();
    for (name, stage) in stages {
        weighed.push((weight(stage), name));
    }
    weighed.retain(|(weight, _)| *weight > 0);
    weighed.sort_by(|one, other| (other.0, one.1).cmp(&(one.0, other.1)));
    let names = weighed.into_iter().map(|(_, name)| name.to_string());
    names.take(MOST_STAGES).collect()
}

#[cfg(test)]
#[path = "stages_tests.rs"]
mod tests;
