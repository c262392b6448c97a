//! The rows that the readers of a view may see. What is made after this file knows no others: whoever sees a part learns
//! nothing of the rest from its totals.

use std::collections::HashSet;
use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::*;

use super::attribution::{self, Paths};
use super::contacts::Contacts;
use super::inquiries::{self, Contact, Joined, JoinedInquiry, WonDeal};
use super::origins::OriginChannels;
use super::paths::Places;
use super::tables::{Call, Deal, Form, Tables};
use crate::config::Plan;
use crate::lake::Lake;
use crate::model::facts::ContactKind;
use crate::model::observations::Direction;
use crate::model::restriction::Restriction;
use crate::model::tables::SESSIONS;

/// The sessions of some days that are seen, as `select` makes columns of them; `origin` must be one. `None` when the lake has
/// no sessions of these days, or nobody can tell which of them are seen.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn sessions(
    lake: &Lake,
    as_of: DateTime<Utc>,
    (from, to): (NaiveDate, NaiveDate),
    origins: &OriginChannels,
    select: impl FnOnce(LazyFrame) -> LazyFrame,
) -> Result<Option<DataFrame>> {
    let view = &origins.view;
    if !view.tells_sessions() {
        return Ok(None);
    }
    let Some(scan) = lake.scan(&SESSIONS, as_of, from, to)? else {
        return Ok(None);
    };
    let frame = select(of_cities(scan, view)).collect()?;
    if view.channels.is_empty() {
        return Ok(Some(frame));
    }
    let seen = frame.column("origin")?.u32()?.iter();
    let seen: BooleanChunked = seen
        .map(|origin| view.sees_channel(&origins.channels[origins.position(origin.unwrap_or(0))]))
        .collect();
    Ok(Some(frame.filter(&seen)?))
}

/// Whether the lake has any session of these days, seen or not: a part without one has none, which is not "not known".
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn any_session(
    lake: &Lake,
    as_of: DateTime<Utc>,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<bool> {
    let Some(scan) = lake.scan(&SESSIONS, as_of, from, to)? else {
        return Ok(false);
    };
    let frame = scan.select([col("origin")]).limit(1).collect()?;
    Ok(frame.height() > 0)
}

fn of_cities(scan: LazyFrame, view: &Restriction) -> LazyFrame {
    let city = || col("city").cast(DataType::String);
    let is_one = |name: &String| city().eq(lit(name.clone()));
    match view.cities.iter().map(is_one).reduce(Expr::or) {
        Some(seen) => scan.filter(seen),
        None => scan,
    }
}

/// Calls, forms and deals that are seen: those of the inquiries that are, with all of their contacts, and what followed.
pub(super) fn seen(
    plan: &Plan,
    tables: Tables,
    contacts: &Contacts,
    paths: &Paths,
    places: &Places,
) -> Tables {
    let contacts = contacts.clone();
    let joined = inquiries::join(
        contacts.contacts,
        contacts.deals,
        plan.inquiry.uniqueness_days,
        plan.sales.deal_window_days,
    );
    let firm = Firm {
        plan,
        tables: &tables,
        paths,
        places,
        view: &plan.view.rows,
    };
    let rows = firm.seen_rows(&joined);
    Tables {
        calls: keep(tables.calls, |place, call: &Call| {
            rows.has_call(place, call)
        }),
        forms: keep(tables.forms, |place, _: &Form| rows.forms.contains(&place)),
        deals: keep(tables.deals, |place, deal: &Deal| {
            rows.has_deal(place, deal)
        }),
    }
}

fn keep<Row>(rows: Option<Vec<Row>>, is_seen: impl Fn(usize, &Row) -> bool) -> Option<Vec<Row>> {
    let rows = rows?.into_iter().enumerate();
    let seen = rows.filter(|(place, row)| is_seen(*place, row));
    Some(seen.map(|(_, row)| row).collect())
}

/// All of the firm, which no reader of a view is told of.
struct Firm<'a> {
    plan: &'a Plan,
    tables: &'a Tables,
    paths: &'a Paths,
    places: &'a Places,
    view: &'a Restriction,
}

/// The places of the rows that are seen.
#[derive(Default)]
struct SeenRows {
    calls: HashSet<usize>,
    forms: HashSet<usize>,
    deals: HashSet<usize>,
    /// Export and id of refunds, which are joined to people and not by their rows.
    refunds: HashSet<(String, String)>,
    /// Telephones of the people who got in touch: calls to them are how they were served.
    phones: HashSet<u64>,
}

impl SeenRows {
    fn has_call(&self, place: usize, call: &Call) -> bool {
        let is_answer = call.direction == Direction::Outbound
            && call.phone.is_some_and(|phone| self.phones.contains(&phone));
        is_answer || self.calls.contains(&place)
    }

    fn has_deal(&self, place: usize, deal: &Deal) -> bool {
        let key = || (deal.export.to_string(), deal.id.clone());
        self.deals.contains(&place) || (!self.refunds.is_empty() && self.refunds.contains(&key()))
    }

    fn add_contact(&mut self, contact: &Contact) {
        self.phones.extend(contact.keys.phone_key);
        let rows = match contact.kind {
            ContactKind::Call | ContactKind::MissedCall => &mut self.calls,
            ContactKind::Form | ContactKind::Chat => &mut self.forms,
            ContactKind::Deal => &mut self.deals,
        };
        rows.insert(contact.row);
    }

    fn add_refunds(&mut self, refunds: &[WonDeal]) {
        let keys = refunds
            .iter()
            .map(|deal| (deal.source.clone(), deal.id.clone()));
        self.refunds.extend(keys);
    }
}

impl Firm<'_> {
    fn seen_rows(&self, joined: &Joined) -> SeenRows {
        let with_manager: HashSet<usize> = joined
            .deals
            .iter()
            .filter(|deal| self.sees_deal(deal.row))
            .filter_map(|deal| deal.inquiry)
            .collect();
        let all = joined.inquiries.iter().enumerate();
        let seen: HashSet<usize> = all
            .clone()
            .filter(|(place, inquiry)| {
                (self.view.managers.is_empty() || with_manager.contains(place))
                    && self.sees(inquiry)
            })
            .map(|(place, _)| place)
            .collect();
        let mut rows = SeenRows::default();
        for (_, inquiry) in all.filter(|(place, _)| seen.contains(place)) {
            inquiry
                .contacts
                .iter()
                .for_each(|contact| rows.add_contact(contact));
            rows.add_refunds(&inquiry.refunds);
        }
        // A deal that nothing leads to is of no channel, line or city.
        let is_seen = |inquiry: Option<usize>| match inquiry {
            Some(inquiry) => seen.contains(&inquiry),
            None => self.sees_what_nothing_leads_to(),
        };
        let deals = joined.deals.iter().filter(|deal| is_seen(deal.inquiry));
        rows.deals.extend(deals.map(|deal| deal.row));
        if self.sees_what_nothing_leads_to() {
            rows.add_refunds(&joined.refunds_without_inquiry);
        }
        rows.deals.retain(|row| self.sees_deal(*row));
        rows
    }

    /// Whether a deal is of a manager that is seen.
    fn sees_deal(&self, row: usize) -> bool {
        let deals = self.tables.deals.as_deref().unwrap_or_default();
        let deal = deals.get(row);
        deal.is_some_and(|deal| self.view.sees_manager(&deal.manager))
    }

    fn sees_what_nothing_leads_to(&self) -> bool {
        self.view.channels.is_empty() && self.view.lines.is_empty() && self.view.cities.is_empty()
    }

    /// Whether an inquiry is of the channels, lines and cities that are seen.
    fn sees(&self, inquiry: &JoinedInquiry) -> bool {
        self.is_of_lines(inquiry) && self.is_of_cities(inquiry) && self.is_of_channels(inquiry)
    }

    fn is_of_lines(&self, inquiry: &JoinedInquiry) -> bool {
        let calls = self.tables.calls.as_deref().unwrap_or_default();
        let is_of_line = |contact: &Contact| {
            let is_call = matches!(contact.kind, ContactKind::Call | ContactKind::MissedCall);
            let call = calls.get(contact.row).filter(|_| is_call);
            call.is_some_and(|call| self.view.lines.contains(&*call.line))
        };
        self.view.lines.is_empty() || inquiry.contacts.iter().any(is_of_line)
    }

    fn is_of_cities(&self, inquiry: &JoinedInquiry) -> bool {
        let place = || self.places.before(&inquiry.clients(|_| true), inquiry.at());
        let region: Option<Arc<str>> = match self.view.cities.is_empty() {
            true => return true,
            false => place().map(|place| place.region.clone()),
        };
        region.is_some_and(|region| self.view.cities.contains(&*region))
    }

    fn is_of_channels(&self, inquiry: &JoinedInquiry) -> bool {
        if self.view.channels.is_empty() {
            return true;
        }
        let plan = self.plan;
        let credited = attribution::attribute(
            inquiry,
            self.paths,
            &plan.channels,
            &plan.attribution,
            plan.zone,
        );
        let mut credit = credited.credit.iter();
        credit.any(|(channel, share)| *share > 0.0 && self.view.sees_channel(channel))
    }
}
