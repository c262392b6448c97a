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
    // Without an export of calls the lines are none; with one its own list takes the place of this.
    names.set(Dimension::Line, vec![String::new()]);
    coded.lines.put(Dimension::Line, names);
    coded.forms.put(Dimension::Form, names);
    let coding = Coding {
        people,
        known,
        pages: Pages::of(&people.traffic.page_codes),
    };
    let mut seen = Seen {
        in_history: Vec::new(),
        all: Vec::with_capacity(joined.len()),
    };
    for (inquiry, credited) in joined.iter().zip(attributed) {
        let origin = coding.origin(inquiry, credited);
        seen.all.push(origin);
        if let Some(day) = people.span.day(credited.day) {
            let of_day = coding.of_day(day, inquiry, credited, origin, slices);
            seen.in_history.push(of_day);
        }
    }
    seen
}

/// What single inquiries are put into codes by.
struct Coding<'a> {
    people: &'a People<'a>,
    known: &'a Known<'a>,
    pages: Pages<'a>,
}

impl Coding<'_> {
    /// Its beginning, its channel, its kind, and when somebody talked with the person first.
    fn origin(&self, inquiry: &JoinedInquiry, credited: &Inquiry) -> DealOrigin {
        let kind = inquiry.contacts[0].kind;
        let contacts = inquiry.contacts.iter();
        let phones = contacts.filter_map(|contact| contact.keys.phone_key);
        let talks = &self.known.stored.coded.talks;
        let first_talk_s = match kind {
            ContactKind::Call => Some(0),
            _ => talks.first(phones, inquiry.at(), self.known.until),
        };
        DealOrigin {
            at: inquiry.at(),
            channel: self.people.channels.code(best_channel(credited).as_str()),
            kind,
            first_talk_s,
        }
    }

    /// An inquiry of a day of the history, with what its contact and its session say.
    fn of_day(
        &self,
        day: u32,
        inquiry: &JoinedInquiry,
        credited: &Inquiry,
        origin: DealOrigin,
        slices: &mut SliceTable,
    ) -> SeenInquiry {
        let (people, coded) = (self.people, &self.known.stored.coded);
        let first = &inquiry.contacts[0];
        let Tables { calls, forms, .. } = &self.known.stored.tables;
        let (call, form) = match first.kind {
            ContactKind::Call | ContactKind::MissedCall => (row_of(calls, first.row), None),
            ContactKind::Form => (None, row_of(forms, first.row)),
            _ => (None, None),
        };
        let clients = inquiry.clients(|_| true);
        let last = people.places.before(&clients, inquiry.at());
        let last = last.cloned().unwrap_or_default();
        let device_name = stated(form.map(|form| &form.device), &last.device);
        let page_name = stated(form.map(|form| &form.page), &last.page);
        let device = people.traffic.device_codes.code(&device(&device_name));
        let page = self.pages.code(&page_name);
        let region = people.traffic.region_codes.code(&last.region);
        // An inquiry without a session has no place among sessions.
        let is_traced = page > 0 && region > 0;
        let session = credited_session(inquiry, self.known).unwrap_or(&last);
        let place = InquiryPlace {
            channel: origin.channel,
            device,
            page,
            region,
            session,
        };
        let local = inquiry.at().with_timezone(&people.plan.zone);
        let sale = credited.sales.first();
        SeenInquiry {
            at: inquiry.at(),
            day,
            hour: local.hour() as u8,
            kind: first.kind,
            channel: origin.channel,
            matched_by: credited.matched_by,
            device,
            page,
            region,
            slice: is_traced.then(|| slices.place(&place)),
            line: call.map_or(0, |call| coded.lines.code(&call.line)),
            form: form.map_or(0, |form| coded.forms.code(&form.form)),
            first_talk_s: origin.first_talk_s,
            sold_after: sale.map(|sale| days_between(local.date_naive(), sale.day)),
            amount: Minor(credited.sales.iter().map(|sale| sale.amount.0).sum()),
        }
    }
}

/// What a form says of itself is nearer to it than what its session says.
fn stated(own: Option<&Arc<str>>, of_session: &Arc<str>) -> Arc<str> {
    match own {
        Some(own) if !own.is_empty() => own.clone(),
        _ => of_session.clone(),
    }
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
