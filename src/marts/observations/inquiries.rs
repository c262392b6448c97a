//! Inquiries with what their first contact and their session say.

use std::sync::Arc;

use chrono::{DateTime, Timelike, Utc};

use super::codes::Coder;
use super::slices::{InquiryPlace, SliceTable};
use super::span::Span;
use super::visits::Traffic;
use super::wording::{Pages, device};
use crate::config::Plan;
use crate::marts::inquiries::JoinedInquiry;
use crate::marts::known::Known;
use crate::marts::paths::{Places, SessionPlace};
use crate::marts::tables::Tables;
use crate::model::channel::ChannelId;
use crate::model::facts::{ContactKind, Inquiry};
use crate::model::money::Minor;
use crate::model::observations::{Code, Dimension, Names, SeenInquiry};
use crate::model::zone;

/// What inquiries are put into codes by.
pub(super) struct People<'a> {
    pub plan: &'a Plan,
    pub span: &'a Span,
    pub channels: &'a Coder,
    pub places: &'a Places,
    pub traffic: &'a Traffic,
}

/// Inquiries twice: those of the history, and what deals need to know of every one.
pub(super) struct Seen {
    /// Inquiries of the history, oldest first.
    pub in_history: Vec<SeenInquiry>,
    /// Of every inquiry: its beginning, its channel, its kind, the first talk.
    pub all: Vec<DealOrigin>,
}

/// What a deal needs to know of its inquiry.
#[derive(Debug, Clone, Copy)]
pub(super) struct DealOrigin {
    pub at: DateTime<Utc>,
    pub channel: Code,
    pub kind: ContactKind,
    pub first_talk_s: Option<u32>,
}

/// Puts inquiries into codes.
pub(super) fn load(
    people: &People,
    known: &Known<'_>,
    slices: &mut SliceTable,
    names: &mut Names,
) -> Seen {
    let (joined, attributed) = (&known.people.joined.inquiries, &known.people.attributed);
    let coded = &known.stored.coded;
    let Tables { calls, forms, .. } = &known.stored.tables;
    // Without an export of calls the lines are none; with one its own list takes the place of this.
    names.set(Dimension::Line, vec![String::new()]);
    coded.lines.put(Dimension::Line, names);
    coded.forms.put(Dimension::Form, names);
    let pages = Pages::of(&people.traffic.page_codes);
    let mut seen = Seen {
        in_history: Vec::new(),
        all: Vec::with_capacity(joined.len()),
    };
    for (inquiry, credited) in joined.iter().zip(attributed) {
        let first = &inquiry.contacts[0];
        let channel = people.channels.code(best_channel(credited).as_str());
        let (call, form) = match first.kind {
            ContactKind::Call | ContactKind::MissedCall => (row_of(calls, first.row), None),
            ContactKind::Form => (None, row_of(forms, first.row)),
            _ => (None, None),
        };
        let phones = inquiry
            .contacts
            .iter()
            .filter_map(|contact| contact.keys.phone_key);
        let talked = || coded.talks.first(phones, inquiry.at(), known.until);
        let first_talk_s = if first.kind == ContactKind::Call {
            Some(0)
        } else {
            talked()
        };
        seen.all.push(DealOrigin {
            at: inquiry.at(),
            channel,
            kind: first.kind,
            first_talk_s,
        });
        let Some(day) = people.span.day(credited.day) else {
            continue;
        };
        let last = people
            .places
            .before(&inquiry.clients(|_| true), inquiry.at());
        let place = last.cloned().unwrap_or_default();
        // What a form says of itself is nearer to it than what its session says.
        let stated = |own: Option<&Arc<str>>, of_session: &Arc<str>| match own {
            Some(own) if !own.is_empty() => own.clone(),
            _ => of_session.clone(),
        };
        let device_name = stated(form.map(|form| &form.device), &place.device);
        let page_name = stated(form.map(|form| &form.page), &place.page);
        let device = people.traffic.device_codes.code(&device(&device_name));
        let page = pages.code(&page_name);
        let region = people.traffic.region_codes.code(&place.region);
        // An inquiry without a session has no place among sessions.
        let is_traced = page > 0 && region > 0;
        let credited_to = credited_session(inquiry, known).unwrap_or(&place);
        let slice = is_traced.then(|| {
            slices.place(&InquiryPlace {
                channel,
                device,
                page,
                region,
                session: credited_to,
            })
        });
        let sale = credited.sales.first();
        seen.in_history.push(SeenInquiry {
            at: inquiry.at(),
            day,
            hour: inquiry.at().with_timezone(&people.plan.zone).hour() as u8,
            kind: first.kind,
            channel,
            matched_by: credited.matched_by,
            device,
            page,
            region,
            slice,
            line: call.map_or(0, |call| coded.lines.code(&call.line)),
            form: form.map_or(0, |form| coded.forms.code(&form.form)),
            first_talk_s,
            sold_after: sale.map(|sale| {
                days_between(zone::local_day(inquiry.at(), people.plan.zone), sale.day)
            }),
            amount: Minor(credited.sales.iter().map(|sale| sale.amount.0).sum()),
        });
    }
    seen
}

/// The session that most of an inquiry's credit goes to, the first by place of several.
fn credited_session<'k>(inquiry: &JoinedInquiry, known: &'k Known<'_>) -> Option<&'k SessionPlace> {
    let stored = known.stored;
    let rules = &stored.plan.attribution;
    let placed = stored
        .evidence(inquiry)
        .placed(rules.model, inquiry.at(), rules);
    let best = placed
        .into_iter()
        .reduce(|best, next| if next.1 > best.1 { next } else { best });
    best.map(|((_, place), _)| stored.places.get(place))
}

/// The row that a contact comes from.
fn row_of<Row>(rows: &Option<Vec<Row>>, place: usize) -> Option<&Row> {
    rows.as_ref()?.get(place)
}

/// The channel with the largest credit, the first by id of several.
fn best_channel(inquiry: &Inquiry) -> ChannelId {
    let best = inquiry
        .credit
        .iter()
        .max_by(|left, right| left.1.total_cmp(&right.1).then(right.0.cmp(&left.0)));
    best.map_or_else(ChannelId::unattributed, |(channel, _)| channel.clone())
}

/// Whole days from one day to a later one.
pub(super) fn days_between(from: chrono::NaiveDate, to: chrono::NaiveDate) -> u16 {
    u16::try_from((to - from).num_days().max(0)).unwrap_or(u16::MAX)
}
