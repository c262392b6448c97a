//! Rules that mark a row as spam or a test; marked rows stay in the lake and are counted, but are no inquiries.

use hashbrown::HashSet;

use super::identity::IdentityKey;
use super::records::Chunk;
use crate::model::columns::{Columns, Values};

/// Spam rules of one export.
#[derive(Debug, Default)]
pub struct Spam {
    /// In lower case.
    words: Vec<String>,
    /// Keyed hashes, as columns hold them.
    contacts: HashSet<u64>,
}

impl Spam {
    /// Rules from words and contacts (telephone numbers, e-mail addresses) as the pipeline writes them.
    pub fn new(words: &[String], contacts: &[String], key: &IdentityKey) -> Self {
        let mut scratch = Vec::new();
        // An address may hold digits enough for a telephone number, so it is asked first.
        let hash = |contact: &String| {
            let bytes = contact.as_bytes();
            let email = key.email(bytes, &mut scratch);
            email.or_else(|| key.phone(bytes, &mut scratch))
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

    /// Adds for each row of a chunk whether it holds one of the rules' words.
    pub fn mark(&self, into: &mut Values, chunk: &Chunk) {
        let Values::Flag(flags) = into else { return };
        for row in 0..chunk.rows.len() {
            let is_spam = self.has_word(chunk.row_bytes(row));
            flags.push(u8::from(is_spam));
        }
    }

    /// The same for rows of which the export itself says what is spam: the words mark more of them.
    pub fn mark_more(&self, flags: &mut Values, chunk: &Chunk) {
        let Values::Flag(flags) = flags else { return };
        for (row, flag) in flags.iter_mut().enumerate() {
            let is_spam = *flag == 1 || self.has_word(chunk.row_bytes(row));
            *flag = u8::from(is_spam);
        }
    }

    /// Marks the rows whose contact is one of the rules'.
    pub fn mark_contacts(&self, columns: &mut Columns) {
        if self.contacts.is_empty() {
            return;
        }
        let Some(at) = columns.table.position("spam") else {
            return;
        };
        let hits = self.rows_of_contacts(columns);
        if let Values::Flag(flags) = &mut columns.values[at] {
            for row in hits {
                flags[row] = 1;
            }
        }
    }

    fn rows_of_contacts(&self, columns: &Columns) -> Vec<usize> {
        let keys_of = |name: &str| match &columns.values[columns.table.position(name)?] {
            Values::Key(list) => Some(list),
            _ => None,
        };
        let keys: Vec<&Vec<u64>> = ["phone", "email"].into_iter().filter_map(keys_of).collect();
        let is_hit = |row: &usize| keys.iter().any(|list| self.contacts.contains(&list[*row]));
        (0..columns.rows()).filter(is_hit).collect()
    }
}
