//! Formats that need code: rows of the file are not rows of the table.

mod legs;

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use chrono_tz::Tz;

use super::collect::Collected;
use super::identity::IdentityKey;
use crate::model::columns::{Columns, Dictionary};
use crate::model::fault::Fault;
use crate::model::tables::TableSchema;

/// What an adapter makes of an export.
pub struct Adapted {
    /// Rows of the format's table.
    pub columns: Columns,
    /// Their dictionaries.
    pub texts: Vec<Dictionary>,
    /// For each row the file that it is counted in.
    pub files: Vec<u32>,
    /// For each input row whether its information is in the result.
    pub used: Vec<bool>,
    /// What was made of the rows, for whoever looks at the file before it is taken in.
    pub notes: Vec<String>,
    /// What had to be concluded without the file's own word, by file.
    pub doubts: Vec<(u32, String)>,
    /// What may make the numbers of a file other ones than were meant.
    pub remarks: Vec<(u32, String)>,
}

/// What is wrong with one of the files.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct FileFault {
    /// The file, by position in the plan.
    pub file: u32,
    /// What is wrong.
    pub fault: Fault,
}

/// What an adapter is given beside the rows.
pub struct Input<'a> {
    /// The rows of the file, as the adapter's input table.
    pub rows: &'a Collected,
    /// Dictionaries of the input.
    pub texts: &'a [Dictionary],
    /// The export's `options` of the pipeline.
    pub options: &'a BTreeMap<String, toml::Value>,
    /// Zone that the times of the rows were read by.
    pub zone: Tz,
    /// Key for contacts.
    pub key: &'a IdentityKey,
}

/// An adapter by the name that formats use.
pub struct Adapter {
    /// Its name.
    pub name: &'static str,
    /// The columns that the format's rules fill for it.
    pub input: &'static TableSchema,
    /// The code.
    pub adapt: fn(&Input<'_>) -> Result<Adapted>,
}

/// All adapters: one file and one line here each.
pub const ADAPTERS: &[Adapter] = &[legs::ADAPTER, legs::FORMER];

/// The adapter of that name.
///
/// # Errors
/// When there is none.
pub fn named(name: &str) -> Result<&'static Adapter> {
    match ADAPTERS.iter().find(|adapter| adapter.name == name) {
        Some(adapter) => Ok(adapter),
        None => bail!("there is no adapter \"{name}\""),
    }
}
