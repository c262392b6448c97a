//! What the pipeline says of the PBX, and what follows from it: extensions, trunks, directions, answers.

use std::collections::BTreeMap;

use super::Leg;

/// Applications that connect a caller with a telephone; any other one that "answers" is a machine.
const PEOPLE: &[&str] = &["Dial", "Queue", "AppDial", "Bridge"];

/// Contexts that calls from outside enter by, unless the pipeline names others: those of FreePBX.
const USUAL_INBOUND_CONTEXTS: [&str; 4] = ["from-trunk", "from-pstn", "from-did-direct", "ext-did"];

/// The longest extension unless the pipeline says otherwise, digits. A judgement: few town numbers are as short.
const USUAL_INTERNAL_DIGITS: usize = 4;

/// Which way a call went.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Inbound,
    Outbound,
    Internal,
}

impl Direction {
    /// The word of the table for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Internal => "internal",
        }
    }
}

/// Which way a call went, as far as rules and numbers tell.
pub(super) struct Rules {
    /// Extensions of colleagues; without any, every short number is one.
    internal: Vec<String>,
    inbound_contexts: Vec<String>,
    /// Beginnings of the channels of trunks.
    trunks: Vec<String>,
    internal_digits: usize,
}

impl Rules {
    /// The rules of an export's `options`.
    pub(super) fn from_options(options: &BTreeMap<String, toml::Value>) -> Self {
        let mut inbound_contexts = list(options, "inbound_contexts");
        if inbound_contexts.is_empty() {
            inbound_contexts = USUAL_INBOUND_CONTEXTS.map(str::to_owned).to_vec();
        }
        let digits = options
            .get("internal_digits")
            .and_then(toml::Value::as_integer)
            .and_then(|digits| usize::try_from(digits).ok());
        Self {
            internal: list(options, "internal"),
            inbound_contexts,
            trunks: list(options, "trunks"),
            internal_digits: digits.unwrap_or(USUAL_INTERNAL_DIGITS),
        }
    }

    /// An extension: one of the pipeline's list, or, without a list, any short number.
    fn is_internal(&self, number: &str) -> bool {
        if !self.internal.is_empty() {
            return self.internal.iter().any(|extension| extension == number);
        }
        !number.is_empty()
            && number.len() <= self.internal_digits
            && number.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// The trunk that a leg went over, whichever end of the leg it is.
    pub(super) fn trunk_of(&self, leg: &Leg<'_>) -> Option<&str> {
        self.trunk_behind(leg.channel)
            .or_else(|| self.trunk_behind(leg.destination_channel))
    }

    fn trunk_behind(&self, channel: &str) -> Option<&str> {
        let mut trunks = self.trunks.iter().map(String::as_str);
        trunks.find(|trunk| channel.starts_with(trunk))
    }

    /// A call that came in over a trunk or an inbound context is inbound; from one extension to another internal;
    /// from an extension to the outside outbound.
    pub(super) fn direction(&self, legs: &[Leg<'_>]) -> Direction {
        let first = &legs[0];
        let is_from_trunk = self.trunk_behind(first.channel).is_some();
        let mut contexts = self.inbound_contexts.iter();
        if is_from_trunk || contexts.any(|context| context == first.context) {
            return Direction::Inbound;
        }
        let from_colleague = self.is_internal(first.source);
        let to_colleague = self.is_internal(first.destination);
        match (from_colleague, to_colleague) {
            (true, true) => Direction::Internal,
            (true, false) => Direction::Outbound,
            (false, _) => Direction::Inbound,
        }
    }

    /// The extension behind a channel such as `SIP/204-0000a1`; trunks and `Local/` halves are nobody's telephone.
    pub(super) fn extension<'a>(&self, channel: &'a str) -> Option<&'a str> {
        let (technology, rest) = channel.split_once('/')?;
        let number = rest.split(['-', '@']).next()?;
        (technology != "Local" && self.is_internal(number)).then_some(number)
    }

    /// The far end answers an outbound call over a trunk, so any answered Dial counts there.
    pub(super) fn is_answered(&self, leg: &Leg<'_>, direction: Direction) -> bool {
        let by_far_end = leg.application == "Dial" && has_talk(leg);
        self.answered_by(leg).is_some() || (direction == Direction::Outbound && by_far_end)
    }

    /// The extension of the colleague who answered a leg.
    pub(super) fn answered_by<'a>(&self, leg: &'a Leg<'_>) -> Option<&'a str> {
        if rings_people(leg) && has_talk(leg) {
            self.extension(leg.destination_channel)
        } else {
            None
        }
    }
}

/// Whether somebody's telephone rang in a leg.
pub(super) fn rings_people(leg: &Leg<'_>) -> bool {
    PEOPLE.contains(&leg.application)
}

fn has_talk(leg: &Leg<'_>) -> bool {
    leg.disposition == "ANSWERED" && leg.talk > 0
}

/// The texts of a list among the options; none when it is not there.
fn list(options: &BTreeMap<String, toml::Value>, name: &str) -> Vec<String> {
    let values = options.get(name).and_then(toml::Value::as_array);
    let texts = values.into_iter().flatten().filter_map(toml::Value::as_str);
    texts.map(str::to_owned).collect()
}
