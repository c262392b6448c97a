//! Keys that are nobody's, because more people have them than one person is: they join nobody, and that is said.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::inquiries::{Contact, DealRecord, PersonKeys};
use crate::model::nameless::KeyKind;

/// So many different numbers may stand beside one address (or addresses beside one number) before it is nobody's. A
/// judgement: people change their number and have one for work; who has six is a placeholder, a shared mail box, or the
/// computer that a firm's own people fill forms on. An office whose callers all leave one address stays one client.
const MOST_OF_ONE_PERSON: usize = 5;

/// Keys of one kind that are taken out of all contacts and deals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SharedKeys {
    /// How many keys.
    pub keys: u64,
    /// Contacts and deals that had them.
    pub records: u64,
}

/// A key with its kind.
type Key = (KeyKind, u64);

/// Takes keys out that are nobody's; answers how many they were, by kind.
pub(super) fn take_out(
    contacts: &mut [Contact],
    deals: &mut [DealRecord],
) -> BTreeMap<KeyKind, SharedKeys> {
    let of_contacts = contacts.iter().map(|contact| &contact.keys);
    let all = || {
        of_contacts
            .clone()
            .chain(deals.iter().map(|deal| &deal.keys))
    };
    let shared = shared(all());
    let mut taken: BTreeMap<KeyKind, SharedKeys> = BTreeMap::new();
    // What is shared as a further key alone takes nobody's own key away, and is no news.
    let own: HashSet<Key> = all().flat_map(PersonKeys::own).collect();
    for (kind, _) in shared.intersection(&own) {
        taken.entry(*kind).or_default().keys += 1;
    }
    let contacts = contacts.iter_mut().map(|contact| &mut contact.keys);
    for keys in contacts.chain(deals.iter_mut().map(|deal| &mut deal.keys)) {
        for kind in keys.drop(&shared) {
            taken.entry(kind).or_default().records += 1;
        }
    }
    taken
}

/// Keys beside which more than [`MOST_OF_ONE_PERSON`] different numbers, or addresses, stand.
fn shared<'a>(records: impl Iterator<Item = &'a PersonKeys>) -> HashSet<Key> {
    let mut beside: HashMap<(Key, KeyKind), Vec<u64>> = HashMap::new();
    for keys in records {
        for (key, other) in keys.pairs() {
            let others = beside.entry((key, other.0)).or_default();
            // One more than a person has is enough to know.
            if others.len() <= MOST_OF_ONE_PERSON && !others.contains(&other.1) {
                others.push(other.1);
            }
        }
    }
    let crowds = beside
        .into_iter()
        .filter(|(_, others)| others.len() > MOST_OF_ONE_PERSON);
    crowds.map(|((key, _), _)| key).collect()
}

impl PersonKeys {
    /// The keys that stand in columns of their own.
    fn own(&self) -> impl Iterator<Item = Key> + Clone + use<> {
        let keys = [
            (KeyKind::Phone, self.phone_key),
            (KeyKind::Email, self.email_key),
            (KeyKind::Client, self.client.filter(|client| *client != 0)),
            (KeyKind::CrmContact, self.crm_contact),
        ];
        keys.into_iter()
            .filter_map(|(kind, key)| Some((kind, key?)))
    }

    /// All keys.
    pub(super) fn each(&self) -> impl Iterator<Item = Key> + Clone {
        self.own().chain(self.more.iter().copied())
    }

    /// Each key with every number or address beside it: of client ids and CRM contacts one person may well have many.
    fn pairs(&self) -> impl Iterator<Item = (Key, Key)> {
        let keys = self.each();
        let others = keys.clone();
        let tells = |kind| matches!(kind, KeyKind::Phone | KeyKind::Email);
        let beside = move |key: Key| {
            let others = others.clone();
            let others = others.filter(move |other| *other != key && tells(other.0));
            others.map(move |other| (key, other))
        };
        keys.flat_map(beside)
    }

    /// Takes keys out; answers of which kinds they were.
    fn drop(&mut self, shared: &HashSet<Key>) -> Vec<KeyKind> {
        let kinds = self.own().filter(|key| shared.contains(key));
        let kinds: Vec<KeyKind> = kinds.map(|(kind, _)| kind).collect();
        self.more.retain(|key| !shared.contains(key));
        for kind in &kinds {
            match kind {
                KeyKind::Phone => self.phone_key = None,
                KeyKind::Email => self.email_key = None,
                KeyKind::Client => self.client = None,
                KeyKind::CrmContact => self.crm_contact = None,
            }
        }
        kinds
    }
}
