//! One inquiry of a session: what the person did, and how they were answered.

use chrono::{DateTime, TimeDelta, Utc};

use super::Dice;
use super::traffic::Visitor;
use crate::model::facts::{ContactKind, MatchedBy};
use crate::model::money::Minor;
use crate::model::observations::*;
use crate::model::zone;

/// An inquiry of a session: a call on line A or B, or a form; a call is missed in one of eight.
pub(super) fn make(
    seen: &mut Observations,
    dice: &mut Dice,
    day: u32,
    hour: u32,
    visitor: Visitor,
) {
    let minute = hour * 60 + dice.below(60);
    let midnight = zone::day_start(seen.date(day), seen.zone);
    let at = midnight + TimeDelta::minutes(i64::from(minute));
    let by_phone = dice.hits(0.6);
    let line = if by_phone { line(dice) } else { 0 };
    let answered = dice.hits(0.88);
    let kind = match (by_phone, answered) {
        (true, true) => ContactKind::Call,
        (true, false) => ContactKind::MissedCall,
        _ => ContactKind::Form,
    };
    let first_talk_s = first_talk(kind, dice);
    let form = if by_phone { 0 } else { form(dice) };
    let inquiries = seen.inquiries.as_mut().expect("the firm has contacts");
    let talks = Talks {
        at,
        day,
        hour,
        person: inquiries.len() as u32 + 1,
    };
    let calls = seen.calls.as_mut().expect("the firm has telephones");
    if by_phone {
        calls.push(talks.inbound(line, answered));
    }
    if let Some(after) = first_talk_s.filter(|after| *after > 0) {
        calls.push(talks.outbound(after));
    }
    inquiries.push(SeenInquiry {
        at,
        day,
        hour: hour as u8,
        kind,
        channel: visitor.channel,
        matched_by: MatchedBy::Client,
        device: visitor.device,
        page: visitor.page,
        region: visitor.region,
        slice: Some(visitor.slice()),
        line,
        form,
        first_talk_s,
        sold_after: None,
        amount: Minor(0),
    });
}

/// Three of ten call line B.
fn line(dice: &mut Dice) -> Code {
    1 + Code::from(dice.hits(0.3))
}

/// Four of ten use the second form.
fn form(dice: &mut Dice) -> Code {
    1 + Code::from(dice.hits(0.4))
}

/// Seconds to the first talk; nine of ten who were not talked with at once are called back within an hour.
fn first_talk(kind: ContactKind, dice: &mut Dice) -> Option<u32> {
    match kind {
        ContactKind::Call => Some(0),
        _ if dice.hits(0.9) => Some(300 + dice.below(3_000)),
        _ => None,
    }
}

/// The calls with one person.
struct Talks {
    /// When the person got in touch.
    at: DateTime<Utc>,
    day: u32,
    hour: u32,
    person: u32,
}

impl Talks {
    fn inbound(&self, line: Code, answered: bool) -> SeenCall {
        self.call(Direction::Inbound, self.at, line, answered)
    }

    /// Called back after so many seconds, on either line.
    fn outbound(&self, after: u32) -> SeenCall {
        let line = 1 + (self.person % 2) as Code;
        let at = self.at + TimeDelta::seconds(i64::from(after));
        self.call(Direction::Outbound, at, line, true)
    }

    fn call(
        &self,
        direction: Direction,
        at: DateTime<Utc>,
        line: Code,
        answered: bool,
    ) -> SeenCall {
        let operator = 1 + (self.person % 3) as Code;
        let talk_s = 60 + self.person % 200;
        SeenCall {
            at,
            day: self.day,
            hour: self.hour as u8,
            direction,
            line,
            trunk: if line == 2 { 2 } else { 1 },
            operator: if answered { operator } else { 0 },
            answered,
            failed: false,
            busy: false,
            talk_s: if answered { talk_s } else { 0 },
            wait_s: 8,
            person: self.person,
            is_first: direction == Direction::Inbound,
        }
    }
}
