//! What answers calls and is nobody: menus, queues, voice mail, fax, other telephone systems.

use hashbrown::HashMap;

use super::rows::{Leg, Rows};
use crate::ingest::direction::Direction;

/// Applications that connect a caller with a telephone; any other one that "answers" (`VoiceMail`, `Playback`,
/// `BackGround`, `ReadExten`, `ReceiveFAX`, `Hangup` …) is a machine.
const PEOPLE: &[&str] = &[
    "Dial", "Queue", "AppDial", "AppDial2", "AppQueue", "Bridge", "FollowMe", "Pickup",
];

/// Words that name a machine, lower-case: whoever is called so answers by himself. "Reception" is not among them: in many
/// firms it is a person.
const WORDS: &[&str] = &[
    "ivr",
    "queue",
    "ring group",
    "voice mail",
    "voicemail",
    "digital receptionist",
    "auto attendant",
    "autoattendant",
    "auto-attendant",
    "menu",
    "announcement",
    "answering machine",
    "music on hold",
    "call flow",
    "fax",
    "очередь",
    "группа вызова",
    "голосовая почта",
    "голосовое меню",
    "меню",
    "автосекретарь",
    "автоответчик",
    "приветствие",
    "автоинформатор",
    "автоинформирование",
    "робот",
    "бот",
    "robot",
    "voicebot",
    "bot",
    "факс",
];

/// Those of them that only an endpoint tells: «Факс-бюро» is a firm's name.
const FAX: &[&str] = &["fax", "факс"];

/// Words that name a group of people, lower-case.
const GROUPS: &[&str] = &["группа", "group", "отдел"];

/// Seconds within which only a machine takes every call.
const AT_ONCE_S: u32 = 2;
/// Parts of calls that an endpoint must have had before its manner says anything. A judgement: five in a row are no luck.
const FEWEST_PARTS: u32 = 5;

/// Who of those that answer is a machine.
pub(super) struct Machines<'a> {
    /// Those that the pipeline names, lower-case.
    named: Vec<String>,
    /// Those that the pipeline calls people, whatever they look like.
    people: Vec<String>,
    /// Those that the calls show: they take every call at once and pass most of them on.
    seen: Vec<&'a str>,
}

/// How an endpoint took its parts of calls.
#[derive(Default)]
struct Manner {
    parts: u32,
    at_once: u32,
    passed_on: u32,
}

impl<'a> Machines<'a> {
    pub(super) fn new(named: Vec<String>, people: Vec<String>) -> Self {
        let lower = |names: Vec<String>| names.iter().map(|name| name.to_lowercase()).collect();
        Self {
            named: lower(named),
            people: lower(people),
            seen: Vec::new(),
        }
    }

    /// Finds the endpoints that behave like a menu: a file cannot tell that "Reception (800)" is one by its name. A person
    /// with a headset that answers by itself takes calls at once as well, but does not pass most of them on.
    pub(super) fn see(&mut self, rows: &Rows<'a>, calls: &[Vec<usize>]) {
        let mut manners: HashMap<&'a str, Manner> = HashMap::new();
        for call in calls {
            let legs = rows.legs(call);
            for (at, leg) in legs.iter().enumerate() {
                let is_inbound = Direction::of_word(leg.direction) == Some(Direction::Inbound);
                if !is_inbound || leg.destination.is_empty() {
                    continue;
                }
                let mut later = legs[at + 1..].iter();
                let goes_on = later.any(|next| next.destination != leg.destination);
                let is_at_once = leg.is_up() && leg.wait.is_some_and(|wait| wait <= AT_ONCE_S);
                let manner = manners.entry(leg.destination).or_default();
                manner.parts += 1;
                manner.at_once += u32::from(is_at_once);
                manner.passed_on += u32::from(goes_on);
            }
        }
        let is_machine = |manner: &Manner| {
            manner.parts >= FEWEST_PARTS
                && manner.at_once == manner.parts
                && manner.passed_on * 2 > manner.parts
        };
        let seen = manners.iter().filter(|(_, manner)| is_machine(manner));
        self.seen = seen.map(|(name, _)| *name).collect();
        self.seen.sort_unstable();
    }

    /// Whether an endpoint, as the file writes it (`Reception (800)`, `fax`, `SIP/office-2`), is a machine.
    pub(super) fn has(&self, endpoint: &str) -> bool {
        self.has_but(endpoint, &[])
    }

    /// Whether the name of a party that stands beside its number is a machine's. A firm may be called by its fax.
    pub(super) fn has_party(&self, name: &str) -> bool {
        self.has_but(name, FAX)
    }

    /// The same, but for machines of these words.
    fn has_but(&self, endpoint: &str, but: &[&str]) -> bool {
        if endpoint.is_empty() {
            return false;
        }
        let lower = endpoint.to_lowercase();
        let is_called = |name: &String| *name == lower || in_brackets(&lower) == Some(name);
        if self.people.iter().any(is_called) {
            return false;
        }
        self.named.iter().any(is_called)
            || self.seen.contains(&endpoint)
            || WORDS
                .iter()
                .any(|word| !but.contains(word) && has_word(&lower, word))
    }

    /// Whether a channel begins like one that the pipeline names: `SIP/office` for `SIP/office-0000a1`.
    pub(super) fn has_channel(&self, channel: &str) -> bool {
        let lower = channel.to_lowercase();
        let mut channels = self.named.iter().filter(|name| name.contains('/'));
        channels.any(|name| lower.starts_with(name.as_str()))
    }
}

/// Whether somebody's telephone rang in a leg, by the application that it ended in.
pub(super) fn rings_people(leg: &Leg<'_>) -> bool {
    let is_people = |name: &&str| name.eq_ignore_ascii_case(leg.application);
    PEOPLE.iter().any(is_people)
}

/// The extension of an endpoint that is written like `Hill, Karen (101)`: brackets inside of a number are of its code.
pub(super) fn in_brackets(endpoint: &str) -> Option<&str> {
    let (_, behind) = endpoint.trim_end().rsplit_once('(')?;
    let extension = behind.strip_suffix(')')?;
    (!extension.is_empty()).then_some(extension)
}

/// Whether a party is a group of people: one of them takes the call, and has a leg of his own where systems tell it.
pub(super) fn is_group(party: &str) -> bool {
    let lower = party.to_lowercase();
    GROUPS.iter().any(|word| has_word(&lower, word))
}

/// Whether a text has a word, or several in a row, as words of their own.
fn has_word(text: &str, word: &str) -> bool {
    let is_inside = |symbol: Option<char>| symbol.is_some_and(char::is_alphanumeric);
    text.match_indices(word).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + found.len()..].chars().next();
        !is_inside(before) && !is_inside(behind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_are_known_by_words_and_by_what_the_pipeline_says() {
        let machines = Machines::new(
            vec!["Reception (800)".to_owned(), "700".to_owned()],
            vec!["Queue, Anna (102)".to_owned()],
        );
        for name in [
            "Sales queue (801)",
            "Voice Mail (999)",
            "IVR",
            "Очередь продаж (802)",
            "reception (800)",
            "Night bell (700)",
            "700",
        ] {
            assert!(machines.has(name), "{name}");
        }
        // A surname that only begins like a word is somebody's.
        for name in [
            "Hill, Karen (101)",
            "Menuhin, Ida (103)",
            "Queue, Anna (102)",
            "",
            "201",
        ] {
            assert!(!machines.has(name), "{name}");
        }
    }

    #[test]
    fn brackets_inside_of_a_number_hold_no_extension() {
        assert_eq!(in_brackets("Hill, Karen (101)"), Some("101"));
        assert_eq!(in_brackets("+7 (8142) 00-00-01"), None);
        assert_eq!(in_brackets("()"), None);
    }

    #[test]
    fn a_channel_is_a_machine_when_the_pipeline_names_its_beginning() {
        let machines = Machines::new(vec!["SIP/office".to_owned()], Vec::new());
        assert!(machines.has_channel("SIP/office-0000a1"));
        assert!(!machines.has_channel("SIP/201-0000a1"));
    }
}
