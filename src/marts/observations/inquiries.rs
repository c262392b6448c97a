//! Inquiries with what their first contact and their session say.

use std::sync::Arc;

use chrono::{DateTime, Timelike, Utc};
use chrono_tz::Tz;

use super::codes::Coder;
use super::slices::{InquiryPlace, SliceTable};
use super::span::Span;
use super::visits::Traffic;
use super::wording::{Pages, device};
use crate::config::Plan;
use crate::marts::inquiries::{Contact, JoinedInquiry};
use crate::marts::known::Known;
use crate::marts::paths::{Places, SessionPlace};
use crate::marts::tables::Tables;
use crate::model::channel::ChannelId;
use crate::model::facts::{ContactKind, Inquiry, MatchedBy};
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

    /// What the channel is found by with the contacts of the inquiry's first day alone. Who calls may send a form a week later,
    /// by which his visits become known: of old inquiries more is known than of this week's, and nothing has been lost.
    fn matched_on_its_day(&self, inquiry: &JoinedInquiry, credited: &Inquiry) -> MatchedBy {
        match of_first_day(inquiry, self.people.plan.zone) {
            Some(of_day) => self.known.stored.evidence(&of_day).matched_by(),
            None => credited.matched_by,
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
            matched_by: self.matched_on_its_day(inquiry, credited),
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

/// The contacts of an inquiry's first day; `None` where it has no later ones.
fn of_first_day(inquiry: &JoinedInquiry, zone: Tz) -> Option<JoinedInquiry> {
    let day_of = |contact: &Contact| contact.at.with_timezone(&zone).date_naive();
    let first = day_of(&inquiry.contacts[0]);
    let contacts = inquiry.contacts.iter();
    let of_day: Vec<Contact> = contacts
        .filter(|contact| day_of(contact) == first)
        .cloned()
        .collect();
    (of_day.len() < inquiry.contacts.len()).then(|| JoinedInquiry {
        contacts: of_day,
        sales: Vec::new(),
        refunds: Vec::new(),
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marts::inquiries::PersonKeys;

    fn contact(at: &str, client: Option<u64>) -> Contact {
        Contact {
            row: 0,
            at: at.parse().expect("a time"),
            kind: ContactKind::Call,
            keys: PersonKeys {
                client,
                ..PersonKeys::default()
            },
            origin: None,
            line_channel: None,
            fixed_channel: None,
            source: "calls".to_owned(),
            id: "1".to_owned(),
        }
    }

    // A call late on Monday in Moscow, a form an hour later, which is Tuesday there and Monday in Greenwich.
    #[test]
    fn a_client_that_is_known_on_a_later_day_was_not_known_on_the_first() {
        let of = |contacts: Vec<Contact>| {
            let inquiry = JoinedInquiry {
                contacts,
                sales: Vec::new(),
                refunds: Vec::new(),
            };
            let of_day = of_first_day(&inquiry, chrono_tz::Europe::Moscow)?;
            Some((of_day.contacts.len(), of_day.clients(|_| true)))
        };
        let call = contact("2026-11-09T20:30:00Z", None);
        let form = contact("2026-11-09T21:30:00Z", Some(7));
        assert_eq!(of(vec![call.clone(), form]), Some((1, Vec::new())));
        let soon = contact("2026-11-09T20:40:00Z", Some(7));
        assert_eq!(of(vec![call, soon]), None, "all is of one day");
    }
}
