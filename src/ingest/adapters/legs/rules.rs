//! What the pipeline says of the telephone system, what its files show of it, and the directions that follow.

use std::collections::BTreeMap;

use anyhow::Result;
use hashbrown::HashSet;

use super::channel::Channel;
use super::machines::Machines;
use super::numbers;
use super::rows::{Leg, Rows};
use crate::config::hint::expected_one_of;
use crate::ingest::direction::Direction;
use crate::model::contact::normal_phone;
use crate::model::fault::Fault;

/// Contexts that calls from outside enter by, unless the pipeline names others: those of FreePBX and FreeSWITCH.
const USUAL_INBOUND_CONTEXTS: [&str; 5] = [
    "from-trunk",
    "from-pstn",
    "from-did-direct",
    "ext-did",
    "public",
];

/// Technologies of telephones on a desk. A channel of any other one (`DAHDI`, `Dongle`) is as a rule a line.
pub(super) const TELEPHONES: &[&str] = &["SIP", "PJSIP", "IAX2", "SCCP", "Skinny"];

/// The settings that `options` may have; those of dates and amounts are read before the legs are.
const OPTIONS: &[&str] = &[
    "internal",
    "internal_digits",
    "inbound_contexts",
    "trunks",
    "machines",
    "people",
    "order",
    "decimal",
];

/// Whose telephone is whose, as far as rules and numbers tell.
pub(super) struct Rules<'a> {
    /// Extensions of colleagues; without any, every short number is one.
    internal: Vec<String>,
    inbound_contexts: Vec<String>,
    /// Beginnings of the channels of trunks.
    trunks: Vec<String>,
    /// Channels, without their numbers, that brought calls of people outside.
    seen_trunks: HashSet<&'a str>,
    internal_digits: usize,
    /// Whole numbers of the firm, where only the ends of a call tell which way it went.
    own_numbers: HashSet<Vec<u8>>,
    pub(super) machines: Machines<'a>,
    /// Whether the files say which extension a call went to: one that went to none was answered by nobody.
    pub(super) tell_extensions: bool,
}

impl<'a> Rules<'a> {
    /// The rules of an export's `options`, and what the calls themselves show.
    pub(super) fn new(
        options: &BTreeMap<String, toml::Value>,
        rows: &Rows<'a>,
        calls: &[Vec<usize>],
    ) -> Result<Self> {
        if let Some(name) = options
            .keys()
            .find(|name| !OPTIONS.contains(&name.as_str()))
        {
            let fault = Fault::usage(format!("there is no option \"{name}\" of telephony"));
            return Err(fault.hint(expected_one_of(name, OPTIONS)).into());
        }
        let mut inbound_contexts = list(options, "inbound_contexts")?;
        if inbound_contexts.is_empty() {
            inbound_contexts = USUAL_INBOUND_CONTEXTS.map(str::to_owned).to_vec();
        }
        let mut rules = Self {
            internal: list(options, "internal")?,
            inbound_contexts,
            trunks: list(options, "trunks")?,
            seen_trunks: HashSet::new(),
            internal_digits: digits(options)?.unwrap_or_else(|| numbers::extension_digits(rows)),
            own_numbers: HashSet::new(),
            machines: Machines::new(list(options, "machines")?, list(options, "people")?),
            tell_extensions: rows.tell_extensions(),
        };
        rules.see_trunks(rows, calls);
        if !rows.tell_channels() {
            rules.machines.see(rows, calls);
        }
        if !rows.tell_channels() && !rows.tell_directions() {
            rules.own_numbers = numbers::called_by_many(rows, calls);
        }
        Ok(rules)
    }

    /// The channel that somebody with a whole number calls in on is a trunk. A telephone that shows the firm's number to
    /// the outside has one, too, so that extensions and the context of colleagues never make a trunk.
    fn see_trunks(&mut self, rows: &Rows<'a>, calls: &[Vec<usize>]) {
        let mut digits = Vec::new();
        for first in calls.iter().filter_map(|rows| rows.first()) {
            let channel = rows.channel.at(*first);
            let Some(parsed) = Channel::parse(channel).filter(|channel| !channel.is_local()) else {
                continue;
            };
            let is_telephone =
                TELEPHONES.contains(&parsed.technology) && self.is_internal(parsed.number());
            let from_inside = rows.context.at(*first).starts_with("from-internal");
            if !is_telephone
                && !from_inside
                && normal_phone(rows.source.at(*first).as_bytes(), &mut digits)
            {
                self.seen_trunks.insert(without_number(channel));
            }
        }
    }

    /// An extension: one of the pipeline's list, or, without a list, any short number.
    pub(super) fn is_internal(&self, number: &str) -> bool {
        if !self.internal.is_empty() {
            return self.internal.iter().any(|extension| extension == number);
        }
        !number.is_empty()
            && number.len() <= self.internal_digits
            && number.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// The trunk that a leg went over, whichever end of the leg it is.
    pub(super) fn trunk_of<'s>(&'s self, leg: &Leg<'s>) -> Option<&'s str> {
        self.trunk_behind(leg.channel)
            .or_else(|| self.trunk_behind(leg.destination_channel))
            .or_else(|| Some(leg.trunk).filter(|trunk| !trunk.is_empty()))
    }

    /// The trunk that a channel is of: one of the pipeline's, else one that calls came in by.
    pub(super) fn trunk_behind<'s>(&'s self, channel: &'s str) -> Option<&'s str> {
        let mut trunks = self.trunks.iter().map(String::as_str);
        let named = trunks.find(|trunk| channel.starts_with(trunk));
        named.or_else(|| {
            let channel = without_number(channel);
            self.seen_trunks.contains(channel).then_some(channel)
        })
    }

    /// The extension whose telephone a channel is. Without a list of extensions every named endpoint that is no trunk is
    /// taken for a telephone: `PJSIP/anna-front` must not be nobody.
    pub(super) fn telephone<'c>(&self, name: &'c str) -> Option<&'c str> {
        let channel = Channel::parse(name).filter(|channel| !channel.is_local())?;
        let number = channel.number();
        if self.is_internal(number) {
            return Some(number);
        }
        let is_named = self.internal.is_empty()
            && TELEPHONES.contains(&channel.technology)
            && self.trunk_behind(name).is_none()
            && !normal_phone(number.as_bytes(), &mut Vec::new());
        is_named.then_some(number)
    }

    /// The extension of a colleague behind a channel: what is surely one.
    pub(super) fn extension<'c>(&self, name: &'c str) -> Option<&'c str> {
        let channel = Channel::parse(name).filter(|channel| !channel.is_local())?;
        Some(channel.number()).filter(|number| self.is_internal(number))
    }

    /// Which way a call went: in the file's own word; else a call that came in over a trunk or an inbound context is
    /// inbound, from one extension to another internal, from an extension to the outside outbound.
    pub(super) fn direction(&self, legs: &[Leg<'_>]) -> Direction {
        let mut words = legs.iter().map(|leg| Direction::of_word(leg.direction));
        if let Some(direction) = words.find_map(|direction| direction) {
            return direction;
        }
        let first = own_leg(legs);
        if self.trunk_behind(first.channel).is_some() || self.is_inbound(first.context) {
            return Direction::Inbound;
        }
        let from_colleague = !first.from_extension.is_empty()
            || self.is_internal(first.source)
            || self.extension(first.channel).is_some()
            || self.is_own(first.source);
        let to_colleague = !first.to_extension.is_empty()
            || self.is_internal(first.destination)
            || is_service(first.destination)
            || self.is_own(first.destination);
        match (from_colleague, to_colleague) {
            (true, true) => Direction::Internal,
            (true, false) => Direction::Outbound,
            (false, _) => Direction::Inbound,
        }
    }

    /// Whether a number is a whole one of the firm.
    fn is_own(&self, number: &str) -> bool {
        let is_one = |whole: Vec<u8>| self.own_numbers.contains(&whole);
        !self.own_numbers.is_empty() && numbers::whole(number).is_some_and(is_one)
    }

    /// Systems number their contexts: `ext-did-1`, `from-trunk-sip-city`.
    fn is_inbound(&self, context: &str) -> bool {
        self.inbound_contexts.iter().any(|inbound| {
            let behind = context.strip_prefix(inbound.as_str());
            behind.is_some_and(|behind| behind.is_empty() || behind.starts_with('-'))
        })
    }
}

/// The leg of the caller's own channel: halves of pairs only carry it on.
pub(super) fn own_leg<'l, 'a>(legs: &'l [Leg<'a>]) -> &'l Leg<'a> {
    let own = legs.iter().find(|leg| !leg.channel.starts_with("Local/"));
    own.unwrap_or(&legs[0])
}

/// A code of the telephone system itself, such as `*97`.
fn is_service(destination: &str) -> bool {
    destination.starts_with(['*', '#'])
}

/// `SIP/trunk` of `SIP/trunk-0000a1`.
fn without_number(channel: &str) -> &str {
    channel.rsplit_once('-').map_or(channel, |(name, _)| name)
}

/// The texts of a list among the options; none when it is not there.
fn list(options: &BTreeMap<String, toml::Value>, name: &str) -> Result<Vec<String>> {
    let Some(value) = options.get(name) else {
        return Ok(Vec::new());
    };
    let texts = value.as_array().and_then(|values| {
        let texts = values.iter().map(toml::Value::as_str);
        texts.collect::<Option<Vec<&str>>>()
    });
    let Some(texts) = texts else {
        let fault = Fault::usage(format!(
            "the option \"{name}\" is {value}, expected a list of texts"
        ));
        return Err(fault.hint(format!("{name} = [\"…\", \"…\"]")).into());
    };
    Ok(texts.into_iter().map(str::to_owned).collect())
}

fn digits(options: &BTreeMap<String, toml::Value>) -> Result<Option<usize>> {
    let Some(value) = options.get("internal_digits") else {
        return Ok(None);
    };
    let digits = value.as_integer();
    let digits = digits.and_then(|digits| usize::try_from(digits).ok());
    digits.map(Some).ok_or_else(|| {
        let message =
            format!("the option \"internal_digits\" is {value}, expected a number of digits");
        Fault::usage(message).hint("internal_digits = 4").into()
    })
}
