//! Deals as HubSpot exports them, with a phone column that the firm added.

use anyhow::Result;
use std::path::Path;

use super::calendar::text;
use super::north_windows::{name, phone};
use super::output::{Rolling, quoted};

const COLUMNS: [&str; 13] = [
    "Record ID",
    "Deal Name",
    "Deal Stage",
    "Pipeline",
    "Close Date",
    "Deal owner",
    "Amount",
    "Currency",
    "Create Date",
    "Is Closed Won",
    "Is closed lost",
    "Original Traffic Source",
    "Phone Number",
];
const OPEN_STAGES: [&str; 4] = [
    "Appointment Scheduled",
    "Qualified To Buy",
    "Presentation Scheduled",
    "Contract Sent",
];
const OWNERS: [&str; 3] = ["Karen Hill", "Tim Osborne", "Nisha Patel"];
const GOODS: [&str; 4] = [
    "sash windows",
    "double glazing",
    "bay window",
    "composite door",
];

/// Deals of all firms before the sample begins: the service numbers them together.
const FIRST_ID: u64 = 18_200_000_300;

/// A deal with its future up to the day of the export; times are on the firm's clock.
pub struct HubSpotDeal {
    /// When it was created.
    pub created: i64,
    /// When it was or will be closed.
    pub closed: i64,
    /// Whether it is won then.
    pub won: bool,
    /// Serial number of the customer.
    pub customer: u64,
    /// The CRM's word for where the customer came from.
    pub origin: &'static str,
    /// Whole pounds.
    pub amount: i64,
    /// Random bits for owner and goods.
    pub noise: u64,
}

/// Writes deals into the one file of the export.
pub struct HubSpot {
    files: Rolling,
    id: u64,
    exported: i64,
}

impl HubSpot {
    /// Begins the export in `folder`, taken at `exported`.
    pub fn new(folder: &Path, exported: i64) -> Result<Self> {
        let header = quoted(&COLUMNS, ",") + "\n";
        Ok(Self {
            files: Rolling::new(&folder.join("crm"), header, 0)?,
            id: FIRST_ID,
            exported,
        })
    }

    /// Adds a deal as it stood at the export.
    pub fn write(&mut self, deal: &HubSpotDeal) -> Result<()> {
        // With gaps: the deals of other firms.
        self.id += 1 + deal.noise % 400;
        let moment = |at| text(at, 0, "%Y-%m-%d %H:%M");
        let closed = Some(deal.closed).filter(|at| *at <= self.exported);
        let won = closed.is_some() && deal.won;
        let lost = closed.is_some() && !deal.won;
        let stage = match closed {
            Some(_) if deal.won => "Closed Won",
            Some(_) => "Closed Lost",
            None => OPEN_STAGES[self.open_stage(deal)],
        };
        let name = format!(
            "{} - {}",
            name(deal.customer),
            GOODS[(deal.noise % 4) as usize]
        );
        let digits = phone(deal.customer);
        // A third of the phones are typed as they are dialled, the others in the way for abroad.
        let phone = if deal.noise.is_multiple_of(3) {
            digits
        } else {
            format!("+44 {} {}", &digits[1..5], &digits[5..])
        };
        let (id, owner) = (self.id.to_string(), OWNERS[(deal.noise / 8 % 3) as usize]);
        let cells = [
            &id,
            &name,
            stage,
            "Sales Pipeline",
            &closed.map_or(String::new(), moment),
            owner,
            &deal.amount.to_string(),
            "GBP",
            &moment(deal.created),
            &won.to_string(),
            &lost.to_string(),
            deal.origin,
            &phone,
        ];
        self.files
            .write("hubspot-deals.csv", (quoted(&cells, ",") + "\n").as_bytes())
    }

    /// How far an open deal has come by the export, as the index of one of four open stages.
    fn open_stage(&self, deal: &HubSpotDeal) -> usize {
        let open_for = self.exported - deal.created;
        let whole = (deal.closed - deal.created).max(1);
        (open_for * 4 / whole).clamp(0, 3) as usize
    }

    /// Closes the file.
    pub fn finish(mut self) -> Result<()> {
        self.files.finish()
    }
}
