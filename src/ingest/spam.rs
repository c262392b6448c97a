//! Rules that mark a row as spam or a test; marked rows stay in the lake and are counted, but are no inquiries.

use hashbrown::HashSet;

use super::identity::IdentityKey;
use crate::model::columns::{Columns, Values};

/// Spam rules of one export.
#[derive(Debug, Default)]
pub struct Spam {
    words: Vec<String>,
    contacts: HashSet<u64>,
}

impl Spam {
    /// Rules from words and contacts (telephone numbers, e-mail addresses) as the pipeline writes them.
    pub fn new(words: &[String], contacts: &[String], key: &IdentityKey) -> Self {
        let mut scratch = Vec::new();
        let hash = |contact: &String| {
            let bytes = contact.as_bytes();
            key.email(bytes, &mut scratch)
                .or_else(|| key.phone(bytes, &mut scratch))
        };
        Self {
            words: words.iter().map(|word| word.to_lowercase()).collect(),
            contacts: contacts.iter().filter_map(hash).collect(),
        }
    }

    /// Whether any cell of the row holds one of the words.
    pub fn has_word(&self, row: &[u8]) -> bool {
        if self.words.is_empty() {
            return false;
        }
        let text = String::from_utf8_lossy(row).to_lowercase();
        self.words.iter().any(|word| text.contains(word))
    }

    /// Marks the rows whose contact is one of the rules'.
    pub fn mark_contacts(&self, columns: &mut Columns) {
        let Some(at) = columns
            .table
            .position("spam")
            .filter(|_| !self.contacts.is_empty())
        else {
            return;
        };
        let keys: Vec<&Vec<u64>> = ["phone", "email"]
            .iter()
            .filter_map(
                |name| match &columns.values[columns.table.position(name)?] {
                    Values::Key(list) => Some(list),
                    _ => None,
                },
            )
            .collect();
        let hits: Vec<usize> = (0..columns.rows())
            .filter(|row| keys.iter().any(|list| self.contacts.contains(&list[*row])))
            .collect();
        if let Values::Flag(flags) = &mut columns.values[at] {
            hits.into_iter().for_each(|row| flags[row] = 1);
        }
    }
}
