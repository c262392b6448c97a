//! Rows of the table `forms`.

use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::tags;
use crate::marts::rows::Rows;
use crate::model::more_keys::{self, MORE_KEYS, MoreKey};
use crate::model::origin::Origin;

/// A submitted form. Absent texts are empty.
#[derive(Debug, Clone)]
pub struct Form {
    /// The export that it came from.
    pub export: Arc<str>,
    /// Its id in that export.
    pub id: String,
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// The form's name.
    pub form: Arc<str>,
    /// The page that it was sent from.
    pub page: Arc<str>,
    /// The kind of device, in the words of the export.
    pub device: Arc<str>,
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
    /// The source that the system states.
    pub lead_source: Arc<str>,
    /// The advertising tags on it.
    pub tags: Option<Origin>,
    /// Whether the export's rules call it spam.
    pub spam: bool,
}

/// Decodes the table.
pub(super) fn decode(rows: &Rows) -> Result<Vec<Form>> {
    let exports = rows.shared("export")?;
    let ids = rows.texts("form_id")?;
    let times = rows.times("at")?;
    let names = rows.shared("form")?;
    let pages = rows.shared("page")?;
    let devices = rows.shared("device")?;
    let phones = rows.keys("phone")?;
    let emails = rows.keys("email")?;
    let clients = rows.keys("client")?;
    let crm_contacts = rows.keys("crm_contact")?;
    let more = rows.shared(MORE_KEYS)?;
    let lead_sources = rows.shared("lead_source")?;
    let spam = rows.flags("spam")?;
    let tags = tags::decode(rows)?;
    let mut forms = Vec::with_capacity(rows.len());
    for (row, (id, tags)) in ids.into_iter().zip(tags).enumerate() {
        // Ingest rejects rows without their instant: none is passed over here.
        let Some(at) = times[row] else { continue };
        forms.push(Form {
            export: exports[row].clone(),
            id,
            at,
            form: names[row].clone(),
            page: pages[row].clone(),
            device: devices[row].clone(),
            phone: phones[row],
            email: emails[row],
            client: clients[row],
            crm_contact: crm_contacts[row],
            more_keys: more_keys::read(&more[row]),
            lead_source: lead_sources[row].clone(),
            tags,
            spam: spam[row],
        });
    }
    Ok(forms)
}
