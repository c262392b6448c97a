//! Typed columns in memory: what ingest fills and the lake writes. Absent values are sentinels, text is dictionary codes.

use std::hash::BuildHasher;

use super::tables::{ColumnKind, TableSchema};

/// Absent marker of [`Values::Count`].
pub const NO_COUNT: u32 = u32::MAX;
/// Absent marker of [`Values::Long`]: amounts, instants and thousandths.
pub const NO_LONG: i64 = i64::MIN;
/// Absent marker of [`Values::Day`].
pub const NO_DAY: i32 = i32::MIN;
/// Absent marker of [`Values::Flag`].
pub const NO_FLAG: u8 = 2;
/// The code of absent text in every [`Dictionary`], and the absent marker of [`Values::Key`].
pub const NO_TEXT: u32 = 0;

/// The values of one column. Which sentinel means "absent" depends on the kind; see the constants above.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Values {
    /// Codes into the column's [`Dictionary`]; 0 is absent.
    Text(Vec<u32>),
    /// Identifiers and keyed hashes; 0 is absent.
    Key(Vec<u64>),
    /// Counts and seconds.
    Count(Vec<u32>),
    /// Minor units, thousandths or UTC milliseconds.
    Long(Vec<i64>),
    /// Days since 1970-01-01.
    Day(Vec<i32>),
    /// 0 no, 1 yes, 2 absent.
    Flag(Vec<u8>),
}

macro_rules! each {
    ($values:expr, $list:ident => $body:expr) => {
        match $values {
            Values::Text($list) => $body,
            Values::Key($list) => $body,
            Values::Count($list) => $body,
            Values::Long($list) => $body,
            Values::Day($list) => $body,
            Values::Flag($list) => $body,
        }
    };
}

impl Values {
    /// An empty column of a kind.
    pub fn empty(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Text => Self::Text(Vec::new()),
            ColumnKind::Key => Self::Key(Vec::new()),
            ColumnKind::Count => Self::Count(Vec::new()),
            ColumnKind::Money | ColumnKind::Milli | ColumnKind::Time => Self::Long(Vec::new()),
            ColumnKind::Day => Self::Day(Vec::new()),
            ColumnKind::Flag => Self::Flag(Vec::new()),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        each!(self, list => list.len())
    }

    /// True when there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends `count` absent values.
    pub fn push_absent(&mut self, count: usize) {
        let rows = self.len() + count;
        match self {
            Self::Text(list) => list.resize(rows, NO_TEXT),
            Self::Key(list) => list.resize(rows, 0),
            Self::Count(list) => list.resize(rows, NO_COUNT),
            Self::Long(list) => list.resize(rows, NO_LONG),
            Self::Day(list) => list.resize(rows, NO_DAY),
            Self::Flag(list) => list.resize(rows, NO_FLAG),
        }
    }

    /// Whether the value of a row is absent.
    pub fn is_absent(&self, row: usize) -> bool {
        match self {
            Self::Text(list) => list[row] == NO_TEXT,
            Self::Key(list) => list[row] == 0,
            Self::Count(list) => list[row] == NO_COUNT,
            Self::Long(list) => list[row] == NO_LONG,
            Self::Day(list) => list[row] == NO_DAY,
            Self::Flag(list) => list[row] == NO_FLAG,
        }
    }

    /// Keeps the rows whose mark is true.
    pub fn retain(&mut self, keep: &[bool]) {
        let mut marks = keep.iter();
        each!(self, list => list.retain(|_| *marks.next().expect("one mark a row")));
    }

    /// The values of the rows in `order`, in that order.
    pub fn gather(&self, order: &[u32]) -> Self {
        fn pick<T: Copy>(list: &[T], order: &[u32]) -> Vec<T> {
            order.iter().map(|&row| list[row as usize]).collect()
        }
        match self {
            Self::Text(list) => Self::Text(pick(list, order)),
            Self::Key(list) => Self::Key(pick(list, order)),
            Self::Count(list) => Self::Count(pick(list, order)),
            Self::Long(list) => Self::Long(pick(list, order)),
            Self::Day(list) => Self::Day(pick(list, order)),
            Self::Flag(list) => Self::Flag(pick(list, order)),
        }
    }

    /// Appends all rows of another column of the same kind.
    pub fn append(&mut self, other: &Self) {
        match (self, other) {
            (Self::Text(to), Self::Text(from)) | (Self::Count(to), Self::Count(from)) => {
                to.extend_from_slice(from)
            }
            (Self::Key(to), Self::Key(from)) => to.extend_from_slice(from),
            (Self::Long(to), Self::Long(from)) => to.extend_from_slice(from),
            (Self::Day(to), Self::Day(from)) => to.extend_from_slice(from),
            (Self::Flag(to), Self::Flag(from)) => to.extend_from_slice(from),
            _ => unreachable!("columns of one table position always have one kind"),
        }
    }

    /// Takes the values of another column of the same kind and length where this one has none.
    pub fn fill_absent(&mut self, other: &Self) {
        fn fill<T: Copy + PartialEq>(list: &mut [T], other: &[T], absent: T) {
            let pairs = list.iter_mut().zip(other);
            pairs
                .filter(|(value, _)| **value == absent)
                .for_each(|(value, other)| *value = *other);
        }
        match (self, other) {
            (Self::Text(to), Self::Text(from)) => fill(to, from, NO_TEXT),
            (Self::Key(to), Self::Key(from)) => fill(to, from, 0),
            (Self::Count(to), Self::Count(from)) => fill(to, from, NO_COUNT),
            (Self::Long(to), Self::Long(from)) => fill(to, from, NO_LONG),
            (Self::Day(to), Self::Day(from)) => fill(to, from, NO_DAY),
            (Self::Flag(to), Self::Flag(from)) => fill(to, from, NO_FLAG),
            _ => unreachable!("columns of one table position always have one kind"),
        }
    }

    /// Bytes of memory that the rows take.
    pub fn bytes(&self) -> usize {
        each!(self, list => size_of_val(list.as_slice()))
    }

    /// The integer behind a value, sentinels included: what keys are hashed and compared by.
    pub fn raw(&self, row: usize) -> u64 {
        match self {
            Self::Text(list) | Self::Count(list) => u64::from(list[row]),
            Self::Key(list) => list[row],
            Self::Long(list) => list[row].cast_unsigned(),
            Self::Day(list) => u64::from(list[row].cast_unsigned()),
            Self::Flag(list) => u64::from(list[row]),
        }
    }
}

/// The distinct texts of one column; code 0 stands for "absent".
#[derive(Debug, Clone)]
pub struct Dictionary {
    texts: Vec<Box<str>>,
    codes: hashbrown::HashTable<u32>,
    hasher: foldhash::fast::FixedState,
}

impl Default for Dictionary {
    fn default() -> Self {
        Self {
            texts: vec!["".into()],
            codes: hashbrown::HashTable::new(),
            hasher: foldhash::fast::FixedState::default(),
        }
    }
}

impl Dictionary {
    /// The code of a text, added when new; `None` when the bytes are no UTF-8.
    #[inline]
    pub fn code(&mut self, text: &[u8]) -> Option<u32> {
        if text.is_empty() {
            return Some(NO_TEXT);
        }
        let hash = self.hasher.hash_one(text);
        let texts = &self.texts;
        if let Some(&code) = self
            .codes
            .find(hash, |&code| texts[code as usize].as_bytes() == text)
        {
            return Some(code);
        }
        self.insert(hash, std::str::from_utf8(text).ok()?)
    }

    /// The code of a text that has one.
    #[inline]
    pub fn find(&self, text: &[u8]) -> Option<u32> {
        let hash = self.hasher.hash_one(text);
        let texts = &self.texts;
        let is_it = |code: &u32| texts[*code as usize].as_bytes() == text;
        self.codes.find(hash, is_it).copied()
    }

    #[cold]
    fn insert(&mut self, hash: u64, text: &str) -> Option<u32> {
        let code = u32::try_from(self.texts.len()).ok()?;
        self.texts.push(text.into());
        let Self {
            texts,
            codes,
            hasher,
        } = self;
        codes.insert_unique(hash, code, |&code| {
            hasher.hash_one(texts[code as usize].as_bytes())
        });
        Some(code)
    }

    /// The text behind a code.
    pub fn text(&self, code: u32) -> &str {
        &self.texts[code as usize]
    }

    /// Number of codes, the absent one included.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// True when nothing but "absent" has a code.
    pub fn is_empty(&self) -> bool {
        self.texts.len() == 1
    }
}

/// The columns of one table; text columns share the dictionaries that the ingest of one export owns.
#[derive(Debug, Clone)]
pub struct Columns {
    /// Which table the columns are of, position by position.
    pub table: &'static TableSchema,
    /// One column a field.
    pub values: Vec<Values>,
}

impl Columns {
    /// No rows yet.
    pub fn empty(table: &'static TableSchema) -> Self {
        Self {
            table,
            values: table
                .fields
                .iter()
                .map(|field| Values::empty(field.kind))
                .collect(),
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.values.first().map_or(0, Values::len)
    }

    /// A column by name.
    pub fn column(&self, name: &str) -> &Values {
        let position = self
            .table
            .position(name)
            .expect("callers name columns of the table's own schema");
        &self.values[position]
    }

    /// Keeps the rows whose mark is true.
    pub fn retain(&mut self, keep: &[bool]) {
        self.values
            .iter_mut()
            .for_each(|column| column.retain(keep));
    }

    /// The rows in `order`, in that order.
    pub fn gather(&self, order: &[u32]) -> Self {
        Self {
            table: self.table,
            values: self
                .values
                .iter()
                .map(|column| column.gather(order))
                .collect(),
        }
    }

    /// Appends all rows of `other`.
    pub fn append(&mut self, other: &Self) {
        self.values
            .iter_mut()
            .zip(&other.values)
            .for_each(|(to, from)| to.append(from));
    }

    /// Bytes of memory that the rows take.
    pub fn bytes(&self) -> usize {
        self.values.iter().map(Values::bytes).sum()
    }
}

/// One dictionary for each column of a table; those of columns that are not text stay empty.
pub fn dictionaries(table: &TableSchema) -> Vec<Dictionary> {
    table.fields.iter().map(|_| Dictionary::default()).collect()
}
