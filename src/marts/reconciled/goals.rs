//! Visits in which a form was sent or an order made, as the counter saw it, with the contact that usually goes with them.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use chrono::{DateTime, Utc};
use polars::prelude::*;

use super::{Reconciled, VISIT_GRACE, VISIT_REACH};
use crate::lake::text_codes::{NO_CODE, TextCodes};
use crate::marts::alike::pieces;
use crate::model::link::{Link, LinkCounts};
use crate::model::period::place_of;
use crate::model::table::Table;
use crate::model::tables::SESSIONS;

/// A goal goes with the contacts of an export when so many of its visits have one …
const GOES_WITH: f64 = 0.6;
/// … of so many in the periods before.
const LEAST_VISITS: u64 = 40;

/// A visit with goals.
struct Reached {
    client: u64,
    at: DateTime<Utc>,
    goals: Arc<str>,
}

/// Times of contacts by their client.
type Contacts = HashMap<u64, Vec<DateTime<Utc>>>;

/// Of each export of forms or orders that know their client: the visits with the goal that goes with them most, each with
/// whether it has its contact. Empty without such a goal.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn goals(of: &Reconciled<'_>) -> Result<Vec<LinkCounts>> {
    let exports = contacts_of_exports(of);
    let Some(site) = site(of).filter(|_| !exports.is_empty()) else {
        return Ok(Vec::new());
    };
    let reached = reached(of)?;
    let counts = exports.iter().filter_map(|(export, contacts)| {
        let goal = goal_of(of, &reached, contacts)?;
        let mut counted = of.counted(Link::GoalsToContacts, site);
        for visit in reached.iter().filter(|visit| has(&visit.goals, goal)) {
            let place = is_followed(contacts, visit).then_some(*export);
            counted.count(of.day(visit.at), place.into_iter());
        }
        Some(counted.done())
    });
    Ok(counts.collect())
}

/// The first export of visits that have ids.
fn site<'a>(of: &Reconciled<'a>) -> Option<&'a str> {
    let mut exports = of.known.stored.exports.iter();
    let site = exports.find(|export| export.table == Some(Table::Sessions));
    site.map(|export| export.name.as_str())
}

/// Contacts with a client of forms and of orders, spam too: the counter saw it as well.
fn contacts_of_exports<'a>(of: &Reconciled<'a>) -> BTreeMap<&'a str, Contacts> {
    let stored = of.known.stored;
    let forms = stored.tables.forms.iter().flatten();
    let forms = forms.map(|form| (&*form.export, form.client, form.at));
    let is_contact = |name: &str| {
        let export = stored.plan.export(name);
        export.is_some_and(|export| export.is_contact)
    };
    let deals = stored.tables.deals.iter().flatten();
    let deals = deals.filter(|deal| is_contact(&deal.export));
    let deals = deals.map(|deal| (&*deal.export, deal.client, deal.created_at));
    let mut exports: BTreeMap<&str, Contacts> = BTreeMap::new();
    for (export, client, at) in forms.chain(deals) {
        let client = client.filter(|client| *client != 0 && !stored.paths.foreign().has(export));
        if let Some(client) = client {
            let contacts = exports.entry(export).or_default();
            contacts.entry(client).or_default().push(at);
        }
    }
    exports
}

/// The goal whose visits have a contact of an export most often: of those that nearly always do, the one with most of them.
fn goal_of<'v>(
    of: &Reconciled<'_>,
    reached: &'v [Reached],
    contacts: &Contacts,
) -> Option<&'v str> {
    let (_, before) = of.periods.split_last()?;
    let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    let is_before = |visit: &&Reached| {
        let day = of.day(visit.at);
        place_of(before, day).is_some()
    };
    for visit in reached.iter().filter(is_before) {
        let is_followed = is_followed(contacts, visit);
        for goal in visit.goals.split(',') {
            let (all, followed) = counts.entry(goal.trim()).or_default();
            *all += 1;
            *followed += u64::from(is_followed);
        }
    }
    let goes_with = |(_, (all, followed)): &(&str, (u64, u64))| {
        *all >= LEAST_VISITS && *followed as f64 >= GOES_WITH * *all as f64
    };
    let found = counts.into_iter().filter(goes_with);
    let most = found.max_by_key(|(_, (all, followed))| (*followed, u64::MAX - *all));
    most.map(|(goal, _)| goal)
}

fn has(goals: &str, goal: &str) -> bool {
    goals.split(',').any(|one| one.trim() == goal)
}

fn is_followed(contacts: &Contacts, visit: &Reached) -> bool {
    let span = visit.at - VISIT_GRACE..=visit.at + VISIT_REACH;
    let of_client = contacts.get(&visit.client);
    of_client.is_some_and(|times| times.iter().any(|at| span.contains(at)))
}

/// The visits of all periods that reached a goal.
fn reached(of: &Reconciled<'_>) -> Result<Vec<Reached>> {
    let stored = of.known.stored;
    let mut found = Vec::new();
    let Some((first, last)) = of.periods.first().zip(of.periods.last()) else {
        return Ok(found);
    };
    for (from, to) in pieces(first.from, last.to) {
        let Some(scan) = stored.lake.scan(&SESSIONS, stored.as_of, from, to)? else {
            continue;
        };
        let with_goals = col("goals").is_not_null().and(col("client").is_not_null());
        let at = col("start_at").to_physical();
        let columns = [col("client"), at, col("goals")];
        let visits = scan.filter(with_goals).select(columns).collect()?;
        read(&visits, &mut found)?;
    }
    Ok(found)
}

fn read(visits: &DataFrame, found: &mut Vec<Reached>) -> Result<()> {
    let clients = visits.column("client")?.u64()?;
    let times = visits.column("start_at")?.i64()?;
    let goals = TextCodes::of(visits, "goals")?;
    let mut texts: HashMap<u32, Arc<str>> = HashMap::new();
    for row in 0..visits.height() {
        let code = goals.codes[row];
        let at = times.get(row).and_then(DateTime::from_timestamp_millis);
        let (Some(client), Some(at)) = (clients.get(row), at) else {
            continue;
        };
        if client == 0 || code == NO_CODE {
            continue;
        }
        let text = texts.entry(code);
        let goals = text.or_insert_with(|| goals.text(code).into()).clone();
        found.push(Reached { client, at, goals });
    }
    Ok(())
}
