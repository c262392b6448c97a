//! Call-tracking links: which browser was behind a call of a site line. UTF-8, `;`.

use anyhow::Result;
use chrono::Datelike;
use std::path::Path;

use super::calendar::{MOSCOW, date_at, text};
use super::channels::PAGES;
use super::output::Rolling;
use super::records::{Call, Ends};
use super::sources::SOURCES;
use super::staff::LINES;

const HEADER: &str = "Дата и время;Номер абонента;Номер линии;ID звонка;ClientID;utm_source;utm_medium;utm_campaign;Страница\n";

/// Writes links, one file for each quarter.
pub struct CallTracking(Rolling);

impl CallTracking {
    /// Begins the export in `folder`.
    pub fn new(folder: &Path) -> Result<Self> {
        Ok(Self(Rolling::new(&folder.join("calltracking"), HEADER, 0)?))
    }

    /// Adds the link of a call, when call tracking recognised the browser.
    pub fn write(&mut self, call: &Call, linked: &str) -> Result<()> {
        let (Some(visitor), Ends::Inbound(customer, line)) = (call.tracked, call.ends) else {
            return Ok(());
        };
        let quarter = date_at(call.at, MOSCOW).quarter();
        let name = format!("links-{}-Q{quarter}.csv", text(call.at, MOSCOW, "%Y"));
        let [source, medium, campaign] = SOURCES[usize::from(visitor.source)].utm;
        let row = format!(
            "{};{};{};{linked};{};{source};{medium};{campaign};{}\n",
            text(call.at, MOSCOW, "%d.%m.%Y %H:%M:%S"),
            customer.phone(1),
            LINES[usize::from(line)].number,
            visitor.client,
            PAGES[usize::from(visitor.landing)],
        );
        self.0.write(&name, row.as_bytes())
    }

    /// Closes the last file.
    pub fn finish(mut self) -> Result<()> {
        self.0.finish()
    }
}
