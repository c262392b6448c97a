//! Deals as far as they are joined to inquiries: whose they are, and the money that they moved.

use chrono::{DateTime, Utc};

use super::inquiries::PersonKeys;
use crate::model::money::Minor;

/// One deal of a CRM.
#[derive(Debug, Clone, PartialEq)]
pub struct DealRecord {
    /// Its row in the table of deals.
    pub row: usize,
    /// Name of the export.
    pub source: String,
    /// Id inside the export.
    pub id: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it was last changed, where the export says.
    pub updated_at: Option<DateTime<Utc>>,
    /// The money that it moved; `None` is open or lost.
    pub money: Option<Money>,
    /// Its amount; of a refund below zero.
    pub amount: Minor,
    /// What its goods cost, where the export says.
    pub cost: Option<Minor>,
    /// Who it is with.
    pub keys: PersonKeys,
}

/// Which way the money of a deal went, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Money {
    /// The deal was won.
    Sale(DateTime<Utc>),
    /// Money of another deal was given back.
    Refund(DateTime<Utc>),
}

impl Money {
    /// When it went.
    pub fn at(self) -> DateTime<Utc> {
        match self {
            Self::Sale(at) | Self::Refund(at) => at,
        }
    }
}

impl DealRecord {
    /// When it was won.
    pub fn won_at(&self) -> Option<DateTime<Utc>> {
        match self.money {
            Some(Money::Sale(at)) => Some(at),
            Some(Money::Refund(_)) | None => None,
        }
    }
}

/// A won deal beside the moment it was won.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WonDeal {
    /// When it was won.
    pub won_at: DateTime<Utc>,
    /// Its amount.
    pub amount: Minor,
    /// What its goods cost, where the export says.
    pub cost: Option<Minor>,
    /// Name of the export.
    pub source: String,
    /// Id inside the export.
    pub id: String,
    /// The person, the same number for the same person.
    pub person: usize,
}
