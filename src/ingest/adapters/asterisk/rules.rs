//! What the pipeline says of the PBX, and what follows from it: extensions, trunks, directions, answers.

use std::collections::BTreeMap;

use super::Leg;

/// Applications that connect a caller with a telephone; any other one that "answers" is a machine.
pub(super) const PEOPLE: &[&str] = &["Dial", "Queue", "AppDial", "Bridge"];

/// Which way a call went, as far as rules and numbers tell.
pub(super) struct Rules {
    internal: Vec<String>,
    inbound_contexts: Vec<String>,
    trunks: Vec<String>,
    internal_digits: usize,
}

impl Rules {
    pub(super) fn from_options(options: &BTreeMap<String, toml::Value>) -> Self {
        let list = |name: &str| -> Vec<String> {
            let values = options
                .get(name)
                .and_then(toml::Value::as_array)
                .into_iter()
                .flatten();
            values
                .filter_map(|value| value.as_str().map(str::to_owned))
                .collect()
        };
        let digits = options
            .get("internal_digits")
            .and_then(toml::Value::as_integer)
            .unwrap_or(4);
        let mut inbound_contexts = list("inbound_contexts");
        if inbound_contexts.is_empty() {
            inbound_contexts = ["from-trunk", "from-pstn", "from-did-direct", "ext-did"]
                .map(str::to_owned)
                .to_vec();
        }
        Self {
            internal: list("internal"),
            inbound_contexts,
            trunks: list("trunks"),
            internal_digits: usize::try_from(digits).unwrap_or(4),
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

    pub(super) fn trunk_of<'a>(&'a self, leg: &Leg<'_>) -> Option<&'a str> {
        let known = |channel: &str| {
            self.trunks
                .iter()
                .find(|trunk| channel.starts_with(trunk.as_str()))
        };
        known(leg.channel)
            .or_else(|| known(leg.destination_channel))
            .map(String::as_str)
    }

    /// A call that came in over a trunk or an inbound context is inbound; from one extension to another internal;
    /// from an extension to the outside outbound.
    pub(super) fn direction(&self, legs: &[Leg<'_>]) -> &'static str {
        let first = &legs[0];
        let from_trunk = self
            .trunks
            .iter()
            .any(|trunk| first.channel.starts_with(trunk.as_str()));
        if from_trunk
            || self
                .inbound_contexts
                .iter()
                .any(|context| context == first.context)
        {
            return "inbound";
        }
        match (
            self.is_internal(first.source),
            self.is_internal(first.destination),
        ) {
            (true, true) => "internal",
            (true, false) => "outbound",
            (false, _) => "inbound",
        }
    }

    /// The extension behind a channel such as `SIP/204-0000a1`; trunks and `Local/` halves are nobody's telephone.
    pub(super) fn extension<'a>(&self, channel: &'a str) -> Option<&'a str> {
        let (kind, rest) = channel.split_once('/')?;
        let number = rest.split(['-', '@']).next()?;
        (kind != "Local" && self.is_internal(number)).then_some(number)
    }

    /// The far end answers an outbound call over a trunk, so any answered Dial counts there.
    pub(super) fn is_answered(&self, leg: &Leg<'_>, direction: &str) -> bool {
        let far_end = leg.application == "Dial" && leg.disposition == "ANSWERED" && leg.talk > 0;
        self.answered_by(leg).is_some() || (direction == "outbound" && far_end)
    }

    pub(super) fn answered_by<'a>(&self, leg: &'a Leg<'_>) -> Option<&'a str> {
        let person =
            PEOPLE.contains(&leg.application) && leg.disposition == "ANSWERED" && leg.talk > 0;
        person.then(|| self.extension(leg.destination_channel))?
    }
}
