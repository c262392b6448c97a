//! Rows of the table `deals`, and what became of them.

use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::tags;
use crate::config::rules::SalesRules;
use crate::marts::rows::Rows;
use crate::model::money::Minor;
use crate::model::origin::Origin;

/// A deal or lead. Absent texts are empty.
#[derive(Debug, Clone)]
pub struct Deal {
    /// The export that it came from.
    pub export: Arc<str>,
    /// Its id in that export.
    pub id: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When something in it last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// When the CRM says that it was closed; of an open deal a plan.
    pub closed_at: Option<DateTime<Utc>>,
    /// When the person was first answered.
    pub first_response_at: Option<DateTime<Utc>>,
    /// The stage that it is in.
    pub stage: Arc<str>,
    /// How it ended, by the pipeline's stage names and then by the CRM's state; `None` while it is open.
    pub ending: Option<Ending>,
    /// Its amount in `currency`; absent is 0.
    pub amount: Minor,
    /// Currency of the amount; empty is the export's.
    pub currency: Arc<str>,
    /// Who is in charge of it.
    pub manager: Arc<str>,
    /// Why it was lost.
    pub loss_reason: Arc<str>,
    /// The source that the CRM states.
    pub lead_source: Arc<str>,
    /// The person's number, hashed.
    pub phone: Option<u64>,
    /// The person's address, hashed.
    pub email: Option<u64>,
    /// The analytics' client.
    pub client: Option<u64>,
    /// The person's id in the CRM.
    pub crm_contact: Option<u64>,
    /// The advertising tags on it.
    pub tags: Option<Origin>,
    /// Whether the export's rules call it spam.
    pub spam: bool,
}

/// How a deal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It is a sale.
    Won,
    /// It is none.
    Lost,
}

impl Deal {
    /// When it was won or lost; where the CRM states no day, at its last change, else at its entry.
    pub fn ended_at(&self) -> DateTime<Utc> {
        let stated = self.closed_at.or(self.updated_at);
        stated.unwrap_or(self.created_at)
    }

    /// When it was won.
    pub fn won_at(&self) -> Option<DateTime<Utc>> {
        (self.ending == Some(Ending::Won)).then(|| self.ended_at())
    }
}

/// Decodes the table.
pub(super) fn decode(rows: &Rows, sales: &SalesRules) -> Result<Vec<Deal>> {
    let exports = rows.shared("export")?;
    let ids = rows.texts("deal_id")?;
    let created = rows.times("created_at")?;
    let updated = rows.times("updated_at")?;
    let closed = rows.times("closed_at")?;
    let answered = rows.times("first_response_at")?;
    let stages = rows.shared("stage")?;
    let statuses = rows.shared("status")?;
    let amounts = rows.longs("amount")?;
    let currencies = rows.shared("currency")?;
    let managers = rows.shared("manager")?;
    let reasons = rows.shared("loss_reason")?;
    let lead_sources = rows.shared("lead_source")?;
    let phones = rows.keys("phone")?;
    let emails = rows.keys("email")?;
    let clients = rows.keys("client")?;
    let crm_contacts = rows.keys("crm_contact")?;
    let spam = rows.flags("spam")?;
    let tags = tags::decode(rows)?;
    let mut deals = Vec::with_capacity(rows.len());
    for (row, (id, tags)) in ids.into_iter().zip(tags).enumerate() {
        // Ingest rejects rows without their instant: none is passed over here.
        let Some(created_at) = created[row] else {
            continue;
        };
        deals.push(Deal {
            export: exports[row].clone(),
            id,
            created_at,
            updated_at: updated[row],
            closed_at: closed[row],
            first_response_at: answered[row],
            ending: ending(sales, &stages[row], &statuses[row]),
            stage: stages[row].clone(),
            amount: Minor(amounts[row].unwrap_or(0)),
            currency: currencies[row].clone(),
            manager: managers[row].clone(),
            loss_reason: reasons[row].clone(),
            lead_source: lead_sources[row].clone(),
            phone: phones[row],
            email: emails[row],
            client: clients[row],
            crm_contact: crm_contacts[row],
            tags,
            spam: spam[row],
        });
    }
    Ok(deals)
}

/// The pipeline's own stage names first, then what the format says of the state.
fn ending(sales: &SalesRules, stage: &str, status: &str) -> Option<Ending> {
    if sales.is_won(stage, status == "won") {
        return Some(Ending::Won);
    }
    sales
        .is_lost(stage, status == "lost")
        .then_some(Ending::Lost)
}
