//! Client ids that lead to no visit, because they are another system's.

use std::collections::{BTreeMap, HashSet};

use super::attribution::Paths;
use super::inquiries::Contact;

/// With fewer ids, or fewer visits, it may be chance that none is found. A judgement: where every second visitor blocks
/// the counter, ten are missed one time in a thousand.
const FEWEST_TO_JUDGE: usize = 10;

/// Exports whose client ids lead to no visit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Foreign {
    /// How many different ids each has.
    exports: BTreeMap<String, u64>,
    /// Whether there are visits that they could have led to.
    has_visits: bool,
}

impl Foreign {
    /// Looks for the ids of every export among the paths of visits; `visits` is how many visits there are at all.
    pub(super) fn among(contacts: &[Contact], paths: &Paths, visits: u64) -> Self {
        let mut ids: BTreeMap<&str, HashSet<u64>> = BTreeMap::new();
        for contact in contacts {
            if let Some(client) = contact.keys.client {
                ids.entry(&contact.source).or_default().insert(client);
            }
        }
        let is_foreign = |ids: &HashSet<u64>| {
            let tells =
                visits == 0 || (ids.len() >= FEWEST_TO_JUDGE && visits >= FEWEST_TO_JUDGE as u64);
            tells && !ids.iter().any(|client| paths.knows(*client))
        };
        let foreign = ids.into_iter().filter(|(_, ids)| is_foreign(ids));
        Self {
            exports: foreign
                .map(|(name, ids)| (name.to_owned(), ids.len() as u64))
                .collect(),
            has_visits: visits > 0,
        }
    }

    /// Whether an export's client ids lead to no visit.
    pub(super) fn has(&self, export: &str) -> bool {
        self.exports.contains_key(export)
    }

    /// Exports that are to be named, with how many different ids each has: without any visits there is nothing to say.
    pub(super) fn named(&self) -> impl Iterator<Item = (&str, u64)> {
        let named = self.exports.iter().filter(|_| self.has_visits);
        named.map(|(name, ids)| (name.as_str(), *ids))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marts::attribution::SessionTouch;
    use crate::marts::inquiries::PersonKeys;
    use crate::marts::paths::PlaceId;
    use crate::model::channel::ChannelId;
    use crate::model::facts::ContactKind;
    use chrono::DateTime;

    fn forms(clients: std::ops::Range<u64>) -> Vec<Contact> {
        let form = |client| Contact {
            row: 0,
            at: DateTime::UNIX_EPOCH,
            kind: ContactKind::Form,
            keys: PersonKeys {
                client: Some(client),
                ..PersonKeys::default()
            },
            origin: None,
            line_channel: None,
            fixed_channel: None,
            source: "forms".to_owned(),
            id: client.to_string(),
        };
        clients.map(form).collect()
    }

    fn visit_of(client: u64) -> Paths {
        Paths::new(vec![SessionTouch {
            client,
            at: DateTime::UNIX_EPOCH,
            channel: ChannelId::new("direct"),
            place: PlaceId::default(),
        }])
    }

    #[test]
    fn ids_of_which_none_is_found_are_of_another_system() {
        let foreign = Foreign::among(&forms(1..11), &Paths::default(), 500);
        assert!(foreign.has("forms"));
        assert_eq!(foreign.named().collect::<Vec<_>>(), [("forms", 10)]);
    }

    #[test]
    fn one_that_is_found_or_too_few_to_tell_are_not() {
        assert!(!Foreign::among(&forms(1..11), &visit_of(10), 500).has("forms"));
        assert!(!Foreign::among(&forms(1..10), &Paths::default(), 500).has("forms"));
        assert!(!Foreign::among(&forms(1..11), &Paths::default(), 9).has("forms"));
    }

    #[test]
    fn without_visits_ids_lead_nowhere_and_nothing_is_said() {
        let foreign = Foreign::among(&forms(1..3), &Paths::default(), 0);
        assert!(foreign.has("forms"));
        assert_eq!(foreign.named().count(), 0);
    }
}
