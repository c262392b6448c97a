//! What the adapter made of the legs, for whoever looks at a file: who answered, and who was taken for a machine.

use std::collections::BTreeMap;

use super::answer::Person;
use super::call::Call;
use super::channel::pair;
use super::machines::rings_people;
use super::rows::Leg;
use super::rules::Rules;
use crate::ingest::direction::Direction;
use crate::model::contact::normal_phone;

/// Endpoints shown of each kind: a screen holds them, and the usual ones come first.
const SHOWN: usize = 8;

/// Numbers of legs by who answered them.
#[derive(Default)]
pub(super) struct Notes {
    people: BTreeMap<String, u32>,
    machines: BTreeMap<String, u32>,
    nobody: BTreeMap<String, u32>,
}

impl Notes {
    /// Counts the answered legs of an inbound call.
    pub(super) fn add(&mut self, rules: &Rules<'_>, legs: &[Leg<'_>], call: &Call<'_>) {
        if call.direction != Direction::Inbound {
            return;
        }
        // A leg into a pair is told by the other half of the pair.
        let tells = |leg: &&Leg<'_>| leg.is_up() && pair(leg.destination_channel).is_none();
        for leg in legs.iter().filter(tells) {
            let (kind, name) = match rules.answered_by(leg, legs) {
                Some(Person::Colleague(_)) => (&mut self.people, endpoint(leg)),
                Some(Person::Elsewhere) => (&mut self.people, elsewhere(leg)),
                None if is_machine(rules, leg) => (&mut self.machines, endpoint(leg)),
                None if rings_people(leg) && !leg.destination_channel.is_empty() => {
                    (&mut self.nobody, endpoint(leg))
                }
                None => (&mut self.machines, application(leg)),
            };
            *kind.entry(name).or_insert(0) += 1;
        }
    }

    /// The lines to show.
    pub(super) fn lines(&self) -> Vec<String> {
        let kinds = [
            ("answered by", &self.people),
            ("taken for machines", &self.machines),
            (
                "answered, but taken for nobody (see `internal` and `trunks`)",
                &self.nobody,
            ),
        ];
        let filled = kinds.into_iter().filter(|(_, found)| !found.is_empty());
        filled
            .map(|(title, found)| format!("{title}: {}", most_first(found)))
            .collect()
    }
}

fn is_machine(rules: &Rules<'_>, leg: &Leg<'_>) -> bool {
    rules.machines.has(&endpoint(leg)) || rules.machines.has(leg.destination)
}

/// The end of a leg as a person knows it: a channel without its number, else the party.
fn endpoint(leg: &Leg<'_>) -> String {
    let channel = leg.destination_channel;
    if !channel.is_empty() {
        let name = channel.rsplit_once('-').map_or(channel, |(name, _)| name);
        return masked(name);
    }
    let parties = [leg.destination, leg.to_extension];
    let party = parties.into_iter().find(|party| !party.is_empty());
    masked(party.unwrap_or("somebody"))
}

/// A number outside is somebody's own: it is not shown.
fn elsewhere(leg: &Leg<'_>) -> String {
    let name = endpoint(leg);
    if leg.destination_channel.is_empty() {
        return name;
    }
    format!("a number outside over {name}")
}

fn masked(name: &str) -> String {
    if normal_phone(name.as_bytes(), &mut Vec::new()) {
        "the number dialled".to_owned()
    } else {
        name.to_owned()
    }
}

/// What answered a leg that leads to no channel.
fn application(leg: &Leg<'_>) -> String {
    if leg.application.is_empty() {
        endpoint(leg)
    } else {
        leg.application.to_owned()
    }
}

/// `SIP/201 ×12, SIP/202 ×3`: the most frequent first, of equals the first by name.
fn most_first(found: &BTreeMap<String, u32>) -> String {
    let mut sorted: Vec<(&String, &u32)> = found.iter().collect();
    sorted.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let mut shown: Vec<String> = sorted
        .iter()
        .take(SHOWN)
        .map(|(name, count)| format!("{name} ×{count}"))
        .collect();
    if sorted.len() > SHOWN {
        shown.push(format!("{} more", sorted.len() - SHOWN));
    }
    shown.join(", ")
}
