//! Who answered: a person at a telephone of the firm or at a mobile outside, or nobody.

use super::channel::{Channel, pair};
use super::machines::{in_brackets, is_group, rings_people};
use super::rows::Leg;
use super::rules::{Rules, own_leg};
use crate::ingest::direction::Direction;
use crate::model::contact::normal_phone;

/// Words for an answered leg, in whatever case.
const ANSWERED: &[&str] = &["ANSWERED", "ANSWER"];

/// Words for a leg that nobody answered, however long it rang or a machine spoke.
const NOT_ANSWERED: &[&str] = &[
    "NO ANSWER",
    "NOANSWER",
    "BUSY",
    "FAILED",
    "CONGESTION",
    "CANCEL",
    "CANCELLED",
    "CANCELED",
    "NOT ANSWERED",
    "UNANSWERED",
    "NO_ANSWER",
    "NO-ANSWER",
    "REJECTED",
    "DECLINED",
    "ABANDONED",
    "MISSED",
    "VOICEMAIL",
];

/// A number with fewer digits is an extension, ours or another telephone system's.
const FEWEST_PHONE_DIGITS: usize = 7;

/// Who talked on a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Person<'a> {
    /// At this extension.
    Colleague(&'a str),
    /// At a number that the call was passed on to, or at one that the file does not name.
    Elsewhere,
}

impl Leg<'_> {
    /// Whether somebody or something answered, and it came to talk: a leg may be "answered" for no second.
    pub(super) fn is_up(&self) -> bool {
        if self.leads_on {
            return false;
        }
        if let Some(answered) = self.answered {
            return answered;
        }
        let is_said = if self.disposition.is_empty() {
            self.answer.is_some()
        } else {
            // A word that nobody knows does not make a call of two minutes a missed one.
            let was_talked = self.talk.is_some_and(|seconds| seconds > 0);
            is_one_of(ANSWERED, self.disposition)
                || was_talked && !is_one_of(NOT_ANSWERED, self.disposition)
        };
        is_said && self.talk != Some(0)
    }

    /// Whether the file's word for how it ended says nothing here, so that the seconds of talk have to.
    pub(super) fn has_unknown_state(&self) -> bool {
        let word = self.disposition;
        let is_known =
            word.is_empty() || is_one_of(ANSWERED, word) || is_one_of(NOT_ANSWERED, word);
        self.answered.is_none() && !is_known
    }

    /// Whether the file tells the leg's channels; those of Asterisk and its kin do.
    fn has_channel(&self) -> bool {
        !self.channel.is_empty() || !self.destination_channel.is_empty()
    }
}

impl Rules<'_> {
    /// Whether a call in this direction was answered by its leg: by a person here, or, of an outbound call, by the far
    /// end, which any answered `Dial` stands for.
    pub(super) fn is_answered<'a>(
        &self,
        leg: &Leg<'a>,
        legs: &[Leg<'a>],
        direction: Direction,
    ) -> bool {
        let by_far_end = direction == Direction::Outbound
            && leg.is_up()
            && (leg.application == "Dial" || !leg.has_channel());
        by_far_end || self.answered_by(leg, legs).is_some()
    }

    /// The person who answered a leg of a call.
    pub(super) fn answered_by<'a>(&self, leg: &Leg<'a>, legs: &[Leg<'a>]) -> Option<Person<'a>> {
        if !leg.is_up() {
            None
        } else if leg.has_channel() {
            self.at_channel(leg, legs)
        } else {
            self.at_party(leg, legs)
        }
    }

    /// Of a leg that tells its channels: whose telephone the far channel is.
    fn at_channel<'a>(&self, leg: &Leg<'a>, legs: &[Leg<'a>]) -> Option<Person<'a>> {
        let name = leg.destination_channel;
        let channel = Channel::parse(name).filter(|_| rings_people(leg))?;
        let is_machine = self.machines.has(channel.number())
            || self.machines.has_channel(name)
            || self.machines.has(leg.destination);
        if is_machine {
            return None;
        }
        if channel.is_local() {
            return self.behind_pair(channel, name, legs);
        }
        let colleague = self.telephone(name).map(Person::Colleague);
        colleague.or_else(|| self.goes_outside(leg, legs).then_some(Person::Elsewhere))
    }

    /// Of a leg that leads into a pair: the leg of the other half tells who answered. Where there is none, the number
    /// that the pair leads to.
    fn behind_pair<'a>(
        &self,
        channel: Channel<'a>,
        name: &str,
        legs: &[Leg<'_>],
    ) -> Option<Person<'a>> {
        if legs.iter().any(|leg| pair(leg.channel) == pair(name)) {
            return None;
        }
        let number = channel.number();
        if self.is_internal(number) {
            return Some(Person::Colleague(number));
        }
        has_phone(number).then_some(Person::Elsewhere)
    }

    /// Whether a leg was passed on to a telephone number: a mobile, as a rule. A short number behind a trunk is another
    /// telephone system's, where a menu may have answered.
    fn goes_outside(&self, leg: &Leg<'_>, legs: &[Leg<'_>]) -> bool {
        if leg.application.to_lowercase().contains("queue") {
            // Whoever is in a queue is a person.
            return true;
        }
        if !leg.dialled.is_empty() {
            return has_phone(leg.dialled);
        }
        // Without what was dialled: on a channel that is no trunk the number that the caller dialled himself, which is
        // our line, says nothing of where the call went.
        let own = own_leg(legs);
        let is_passed_on = leg.row != own.row && leg.destination != own.destination;
        let over_trunk = self.trunk_behind(leg.destination_channel).is_some();
        (is_passed_on || over_trunk) && normal_phone(leg.destination.as_bytes(), &mut Vec::new())
    }

    /// Of a leg that only names the party: everybody is a person who is no machine.
    fn at_party<'a>(&self, leg: &Leg<'a>, legs: &[Leg<'a>]) -> Option<Person<'a>> {
        let is_machine = self.machines.has(leg.destination)
            || self.machines.has(leg.to_extension)
            || self.machines.has_party(leg.party)
            || leads_to_person(leg, legs)
            || !leg.application.is_empty() && !rings_people(leg);
        let went_to_nobody =
            self.tell_extensions && leg.to_extension.is_empty() && leg.from_extension.is_empty();
        if is_machine || went_to_nobody {
            return None;
        }
        let extension = extension_of(leg.to_extension).or_else(|| extension_of(leg.destination));
        Some(extension.map_or(Person::Elsewhere, Person::Colleague))
    }
}

/// Whether a leg is of a group, out of which the call went on: whoever answered did so on a later leg.
fn leads_to_person(leg: &Leg<'_>, legs: &[Leg<'_>]) -> bool {
    let from_here = legs.iter().skip_while(|other| other.row != leg.row);
    let mut later = from_here.skip(1);
    is_group(leg.party) && later.any(|other| !is_group(other.party))
}

fn is_one_of(words: &[&str], wanted: &str) -> bool {
    let mut words = words.iter();
    words.any(|word| word.eq_ignore_ascii_case(wanted))
}

/// Whether a text such as `SIP/201&SIP/trunk/79115550000,25` holds a telephone number.
fn has_phone(text: &str) -> bool {
    let mut numbers = text.split(|symbol: char| !symbol.is_ascii_digit());
    numbers.any(|digits| digits.len() >= FEWEST_PHONE_DIGITS)
}

/// The extension in what a file calls a party: `Hill, Karen (101)`, `sip:0008@firm.example`, `101`.
pub(super) fn extension_of(party: &str) -> Option<&str> {
    let user = party
        .strip_prefix("sip:")
        .and_then(|uri| uri.split('@').next());
    let number = in_brackets(party).or(user).unwrap_or(party);
    let is_short = !number.is_empty() && number.len() < FEWEST_PHONE_DIGITS;
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    (is_short && is_number).then_some(number)
}
