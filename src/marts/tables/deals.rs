//! Rows of the table `deals`, and what became of them.

use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::ending::{Dates, Ending, Standing, Stated};
use super::tags;
use crate::config::rules::SalesRules;
use crate::marts::rows::Rows;
use crate::model::money::Minor;
use crate::model::more_keys::{self, MORE_KEYS, MoreKey};
use crate::model::origin::Origin;
use crate::model::tables::ATTRIBUTES;

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
    /// When it ended, if it did: on the day that the CRM states, else on the one that says most.
    pub ended_at: DateTime<Utc>,
    /// When it was planned to close.
    pub planned_close_at: Option<DateTime<Utc>>,
    /// When the person was first answered.
    pub first_response_at: Option<DateTime<Utc>>,
    /// The CRM's own pipeline.
    pub pipeline: Arc<str>,
    /// The stage that it is in.
    pub stage: Arc<str>,
    /// Whether and how it ended, by the pipeline's stage names and then by the CRM's state.
    pub standing: Standing,
    /// Its amount in `currency`; absent is 0. Of a refund below 0. Without what was given back on a day that nobody says.
    pub amount: Minor,
    /// What its goods cost the business, where the export says.
    pub cost: Option<Minor>,
    /// What was given back of it.
    pub refund: Option<GivenBack>,
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
    /// Further keys of the person.
    pub more_keys: Vec<MoreKey>,
    /// The advertising tags on it.
    pub tags: Option<Origin>,
    /// What the format names of it beside these, as [`crate::model::attributes`] writes it.
    pub attributes: Arc<str>,
    /// Whether the export's rules call it spam.
    pub spam: bool,
}

/// Money of a sale that was given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenBack {
    /// When; where it is not known, the amount of the sale is without it.
    pub at: Option<DateTime<Utc>>,
    /// How much, above zero.
    pub amount: Minor,
}

impl Deal {
    /// How it ended; `None` while it is open, or nobody knows.
    pub fn ending(&self) -> Option<Ending> {
        match self.standing {
            Standing::Ended(ending) => Some(ending),
            Standing::Open | Standing::OnTheWay | Standing::Unsaid { .. } => None,
        }
    }

    /// When it was won.
    pub fn won_at(&self) -> Option<DateTime<Utc>> {
        (self.ending() == Some(Ending::Won)).then_some(self.ended_at)
    }
}

#[cfg(test)]
impl Deal {
    /// An open deal of the export `crm` of which only the id is known, for tests.
    pub fn of_test(id: &str) -> Self {
        let epoch = DateTime::UNIX_EPOCH;
        Self {
            export: "crm".into(),
            id: id.to_owned(),
            created_at: epoch,
            updated_at: None,
            ended_at: epoch,
            planned_close_at: None,
            first_response_at: None,
            pipeline: "Main".into(),
            stage: "".into(),
            standing: Standing::Open,
            amount: Minor(0),
            cost: None,
            refund: None,
            currency: "".into(),
            manager: "".into(),
            loss_reason: "".into(),
            lead_source: "".into(),
            phone: None,
            email: None,
            client: None,
            crm_contact: None,
            more_keys: Vec::new(),
            tags: None,
            attributes: "".into(),
            spam: false,
        }
    }
}

/// Decodes the table as it was known at `read_at`.
pub(super) fn decode(rows: &Rows, sales: &SalesRules, read_at: DateTime<Utc>) -> Result<Vec<Deal>> {
    let exports = rows.shared("export")?;
    let ids = rows.texts("deal_id")?;
    let created = rows.times("created_at")?;
    let updated = rows.times("updated_at")?;
    let closed = rows.times("closed_at")?;
    let planned = rows.times("planned_close_at")?;
    let stage_changed = rows.times("stage_changed_at")?;
    let answered = rows.times("first_response_at")?;
    let deleted = rows.answers("is_deleted")?;
    let costs = rows.longs("cost")?;
    let states = States::of(rows)?;
    let currencies = rows.shared("currency")?;
    let managers = rows.shared("manager")?;
    let reasons = rows.shared("loss_reason")?;
    let lead_sources = rows.shared("lead_source")?;
    let phones = rows.keys("phone")?;
    let emails = rows.keys("email")?;
    let clients = rows.keys("client")?;
    let crm_contacts = rows.keys("crm_contact")?;
    let more = rows.shared(MORE_KEYS)?;
    let spam = rows.flags("spam")?;
    let attributes = rows.shared(ATTRIBUTES)?;
    let tags = tags::decode(rows)?;
    let mut deals = Vec::with_capacity(rows.len());
    for (row, (id, tags)) in ids.into_iter().zip(tags).enumerate() {
        // Ingest rejects rows without their instant: none is passed over here.
        let Some(created_at) = created[row] else {
            continue;
        };
        // It stands in the lake, so that it replaces what was told of the deal before.
        if deleted[row] == Some(true) {
            continue;
        }
        let dates = Dates {
            created_at,
            updated_at: updated[row],
            closed_at: closed[row],
            stage_changed_at: stage_changed[row],
            planned_close_at: planned[row],
        };
        let stated = states.at(row, closed[row].is_some());
        let standing = stated.standing(sales);
        deals.push(Deal {
            export: exports[row].clone(),
            id,
            created_at,
            updated_at: updated[row],
            ended_at: dates.ended_at(read_at),
            planned_close_at: planned[row],
            first_response_at: answered[row],
            standing,
            pipeline: states.pipelines[row].clone(),
            stage: states.stages[row].clone(),
            amount: net(standing, &stated),
            // Some systems write a cost as a number below zero.
            cost: costs[row].map(|cost| Minor(cost.saturating_abs())),
            refund: states.given_back(row, standing),
            currency: currencies[row].clone(),
            manager: managers[row].clone(),
            loss_reason: reasons[row].clone(),
            lead_source: lead_sources[row].clone(),
            phone: phones[row],
            email: emails[row],
            client: clients[row],
            crm_contact: crm_contacts[row],
            more_keys: more_keys::read(&more[row]),
            tags,
            attributes: attributes[row].clone(),
            spam: spam[row],
        });
    }
    Ok(deals)
}

/// What a deal brought in the end: an amount of a refund is below zero, however the CRM writes it.
fn net(standing: Standing, stated: &Stated<'_>) -> Minor {
    let amount = stated.amount.0;
    match standing {
        Standing::Ended(Ending::Refund) => Minor(amount.saturating_abs().saturating_neg()),
        _ if stated.has_refund_day => stated.amount,
        _ => Minor(amount.saturating_sub(stated.refund.0)),
    }
}

/// The columns that the state of a deal is told by.
struct States {
    pipelines: Vec<Arc<str>>,
    stages: Vec<Arc<str>>,
    statuses: Vec<Arc<str>>,
    won: Vec<Option<bool>>,
    lost: Vec<Option<bool>>,
    closed: Vec<Option<bool>>,
    amounts: Vec<Option<i64>>,
    refunds: Vec<Option<i64>>,
    refunded: Vec<Option<DateTime<Utc>>>,
}

impl States {
    fn of(rows: &Rows) -> Result<Self> {
        Ok(Self {
            pipelines: rows.shared("pipeline")?,
            stages: rows.shared("stage")?,
            statuses: rows.shared("status")?,
            won: rows.answers("is_won")?,
            lost: rows.answers("is_lost")?,
            closed: rows.answers("is_closed")?,
            amounts: rows.longs("amount")?,
            refunds: rows.longs("refund")?,
            refunded: rows.times("refunded_at")?,
        })
    }

    fn at(&self, row: usize, has_closing_day: bool) -> Stated<'_> {
        // Some systems write what was given back as a number below zero.
        let refund = self.refunds[row].unwrap_or(0).saturating_abs();
        Stated {
            pipeline: &self.pipelines[row],
            stage: &self.stages[row],
            status: &self.statuses[row],
            is_won: self.won[row],
            is_lost: self.lost[row],
            is_closed: self.closed[row],
            has_closing_day,
            amount: Minor(self.amounts[row].unwrap_or(0)),
            refund: Minor(refund),
            has_refund_day: self.refunded[row].is_some(),
        }
    }

    /// What was given back of a sale. A day without an amount means all of it, as does the word "returned" beside a zero.
    fn given_back(&self, row: usize, standing: Standing) -> Option<GivenBack> {
        let at = self.refunded[row];
        let is_sale = matches!(standing, Standing::Ended(Ending::Won | Ending::Returned));
        let says_returned = standing == Standing::Ended(Ending::Returned)
            || matches!(&*self.statuses[row], "returned" | "refund");
        let stated = self.refunds[row].filter(|refund| *refund != 0 || !says_returned);
        let whole = || self.amounts[row].filter(|_| at.is_some() || says_returned);
        let amount = stated.or_else(whole)?.saturating_abs();
        (is_sale && amount > 0).then_some(GivenBack {
            at,
            amount: Minor(amount),
        })
    }
}

/// The state of each deal of a table that may lack the days.
///
/// # Errors
/// When a column is not there.
pub fn standings(rows: &Rows, sales: &SalesRules) -> Result<Vec<Standing>> {
    let states = States::of(rows)?;
    let standing = |row| states.at(row, false).standing(sales);
    Ok((0..rows.len()).map(standing).collect())
}
