//! Further keys of a person: the second telephone of a row, another address, the ids of other devices.

use super::slots::Slots;
use crate::ingest::cells;
use crate::ingest::format::Format;
use crate::ingest::identity::IdentityKey;
use crate::ingest::records::Chunk;
use crate::model::columns::{Dictionary, NO_TEXT, Values};
use crate::model::more_keys;
use crate::model::nameless::KeyKind;
use crate::model::placeholder::is_placeholder;
use crate::model::tables::TableSchema;

/// Columns of keys, with how many of a row are kept beside the first. A judgement: a cell with more numbers is a list of
/// somebody else's; devices and browsers are many.
const KEYS: [(&str, KeyKind, usize); 4] = [
    ("phone", KeyKind::Phone, 4),
    ("email", KeyKind::Email, 4),
    ("client", KeyKind::Client, 16),
    ("crm_contact", KeyKind::CrmContact, 4),
];

/// Digits of two numbers of a city, which are the shortest.
const DIGITS_OF_TWO: usize = 14;

/// The cells of one kind of keys.
struct Source<'a> {
    kind: KeyKind,
    most: usize,
    /// The keys that stand in a column of their own.
    first: &'a [u64],
    slots: &'a [usize],
}

/// Fills the column of further keys of every row of a chunk; `before` are the columns that stand before it.
pub(super) fn fill(
    (format, table): (&Format, &TableSchema),
    slots: &Slots,
    chunk: &Chunk,
    before: &[Values],
    key: &IdentityKey,
    into: &mut Values,
    dictionary: &mut Dictionary,
) {
    let source = |(column, kind, most): (&str, KeyKind, usize)| {
        let rule = format.columns.iter().position(|rule| rule.to == column)?;
        let Values::Key(first) = before.get(table.position(column)?)? else {
            return None;
        };
        let slots = &slots.rules[rule][..];
        (!slots.is_empty()).then_some(Source {
            kind,
            most,
            first,
            slots,
        })
    };
    let sources: Vec<Source<'_>> = KEYS.into_iter().filter_map(source).collect();
    let Values::Text(codes) = into else { return };
    // One text for all rows, so that no row allocates.
    let mut text = Vec::new();
    for row in 0..chunk.rows.len() {
        text.clear();
        sources
            .iter()
            .for_each(|source| source.add(chunk, row, key, &mut text));
        codes.push(dictionary.code(&text).unwrap_or(NO_TEXT));
    }
}

impl Source<'_> {
    fn add(&self, chunk: &Chunk, row: usize, key: &IdentityKey, text: &mut Vec<u8>) {
        let cells = || {
            self.slots
                .iter()
                .map(|slot| cells::trim(chunk.cell(row, *slot)))
        };
        // Most rows have one cell with one number in it, and no further key.
        let is_one = self.slots.len() == 1 && !cells().any(|cell| self.may_hold_two(cell));
        if is_one || self.first[row] == 0 {
            return;
        }
        let mut known = vec![self.first[row]];
        let mut take = |found: u64| {
            if known.len() <= self.most && !known.contains(&found) {
                known.push(found);
                more_keys::add(text, (self.kind, found));
            }
        };
        for cell in cells() {
            self.each(cell, key, &mut take);
        }
    }

    fn may_hold_two(&self, cell: &[u8]) -> bool {
        match self.kind {
            KeyKind::Phone => {
                let digits = cell.iter().filter(|byte| byte.is_ascii_digit());
                digits.count() >= DIGITS_OF_TWO
            }
            KeyKind::Email => memchr::memchr_iter(b'@', cell).count() > 1,
            KeyKind::Client | KeyKind::CrmContact => cells::ids(cell).count() > 1,
        }
    }

    /// Every key of a cell.
    fn each(&self, cell: &[u8], key: &IdentityKey, take: &mut dyn FnMut(u64)) {
        match self.kind {
            KeyKind::Phone => key.each_phone(cell, take),
            KeyKind::Email => key.each_email(cell, take),
            KeyKind::Client | KeyKind::CrmContact => {
                let ids = cells::ids(cell).filter(|id| !is_placeholder(id) && !cells::is_null(id));
                let whole = ids.filter(|id| cells::damage(id).is_none());
                whole.for_each(|id| take(cells::key(&cells::as_written(id))));
            }
        }
    }
}
