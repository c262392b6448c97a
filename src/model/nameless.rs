//! What stands where a person's key is expected and identifies nobody: said to whoever reads the numbers.

use serde::{Deserialize, Serialize};

use super::contact::Found;

/// Rows of one file that name nobody in one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamelessCells {
    /// The column, as the file calls it.
    pub column: String,
    /// What stands there.
    pub found: Found,
    /// How many rows.
    pub rows: u64,
}

impl std::fmt::Display for NamelessCells {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { column, rows, .. } = self;
        match self.found {
            Found::Unreadable => {
                write!(
                    f,
                    "{rows} rows have a damaged or hidden contact in \"{column}\": read as absent"
                )
            }
            _ => write!(
                f,
                "{rows} rows have a placeholder in \"{column}\": it identifies nobody, read as absent"
            ),
        }
    }
}

/// What people are known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A client id of the web analytics.
    Client,
    /// A contact of the CRM.
    CrmContact,
}

/// One thing to say of keys that do not tell people apart, or do not lead to a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Nameless {
    /// Cells such as `undefined`, `0000000000` or `net@net.ru`: read as absent.
    Placeholder {
        /// The export's name in the pipeline.
        source: String,
        /// The column, as the files call it.
        column: String,
        /// Rows that have one there.
        rows: u64,
    },
    /// Telephone numbers and addresses that were damaged or hidden: read as absent.
    Unreadable {
        /// The export's name in the pipeline.
        source: String,
        /// The column, as the files call it.
        column: String,
        /// Rows that have one there.
        rows: u64,
    },
    /// Keys with more different numbers or addresses than one person has: they join nobody.
    Shared {
        /// What kind of key.
        key: KeyKind,
        /// How many keys.
        keys: u64,
        /// Contacts and deals that have them.
        records: u64,
    },
    /// Keys that far more contacts have than a person makes, and nothing else to tell these apart by: they join.
    Crowded {
        /// How many keys.
        keys: u64,
    },
    /// Client ids none of which is found among the visits: they are of another system, and lead to no channel.
    Foreign {
        /// The export's name in the pipeline.
        source: String,
        /// How many different ids.
        ids: u64,
    },
}
