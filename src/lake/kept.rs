//! Traffic of periods that was counted once. Users cannot be added up from days, so they are kept as they were counted.

use anyhow::Result;
use rusqlite::{OptionalExtension, Transaction, TransactionBehavior, params};

use super::Lake;
use super::catalog::Part;

/// How many countings of one period are kept: more only come of looking back to earlier times.
const COUNTINGS: u32 = 4;

/// What traffic was counted of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeOf {
    days: (i32, i32),
    hash: String,
}

impl MadeOf {
    /// A span of days, the parts that hold them, and what was asked of them in words.
    pub fn new(days: (i32, i32), parts: &[Part], asked: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            // A part is never changed: another one has another name.
            hasher.update(part.path.as_bytes()).update(b"\n");
        }
        hasher.update(asked.as_bytes());
        let hash = hasher.finalize().to_hex().to_string();
        Self { days, hash }
    }
}

/// A counting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The largest id of an origin among its sessions.
    pub origins: u32,
    /// Stands for the channels of the origins up to that.
    pub channels: u64,
    /// The traffic, as whoever counted it wrote it.
    pub traffic: String,
}

impl Lake {
    /// What was counted of the same before.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn kept_traffic(&self, of: &MadeOf) -> Result<Option<Kept>> {
        let sql = "SELECT origins, channels, traffic FROM kept_traffic
                   WHERE from_day = ?1 AND to_day = ?2 AND made_of = ?3";
        let mut statement = self.catalog.connection().prepare_cached(sql)?;
        let kept = statement.query_row(params![of.days.0, of.days.1, of.hash], |row| {
            Ok(Kept {
                origins: row.get(0)?,
                channels: row.get::<_, i64>(1)?.cast_unsigned(),
                traffic: row.get(2)?,
            })
        });
        Ok(kept.optional()?)
    }

    /// Keeps what was counted, all in one transaction.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn keep_traffic(&self, counted: &[(MadeOf, Kept)]) -> Result<()> {
        if counted.is_empty() {
            return Ok(());
        }
        let connection = self.catalog.connection();
        let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
        for (of, kept) in counted {
            transaction.execute(
                "INSERT OR REPLACE INTO kept_traffic VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    of.days.0,
                    of.days.1,
                    of.hash,
                    kept.origins,
                    kept.channels.cast_signed(),
                    kept.traffic
                ],
            )?;
            transaction.execute(
                "DELETE FROM kept_traffic WHERE from_day = ?1 AND to_day = ?2 AND rowid NOT IN
                   (SELECT rowid FROM kept_traffic WHERE from_day = ?1 AND to_day = ?2 ORDER BY rowid DESC LIMIT ?3)",
                params![of.days.0, of.days.1, COUNTINGS],
            )?;
        }
        Ok(transaction.commit()?)
    }
}
