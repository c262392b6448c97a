//! Calls as Asterisk's `cdr_csv` writes them: one row for each leg, no header, the clock in UTC.

use anyhow::Result;
use std::path::Path;

use super::calendar::stamp;
use super::legs::{Leg, Switch};
use super::output::Rolling;
use super::records::Call;

/// Writes call legs, one file for each month of the PBX's clock.
pub struct Asterisk {
    files: Rolling,
    switch: Switch,
    sequence: u64,
}

impl Asterisk {
    /// Begins the export in `folder`.
    pub fn new(folder: &Path, effort: u32) -> Result<Self> {
        Ok(Self {
            files: Rolling::new(&folder.join("telephony"), "", effort)?,
            switch: Switch::new(),
            sequence: 90_000,
        })
    }

    /// Adds a call; returns its `linkedid`.
    pub fn write(&mut self, call: &Call) -> Result<String> {
        let (legs, linked) = self.switch.legs(call);
        let name = format!("Master-{}.csv.gz", &stamp(call.at, 0)[..7]);
        let rows: String = legs
            .into_iter()
            .map(|leg| self.row(&leg, &linked))
            .collect();
        self.files.write(&name, rows.as_bytes())?;
        Ok(linked)
    }

    /// Closes the last file.
    pub fn finish(mut self) -> Result<()> {
        self.files.finish()
    }

    fn row(&mut self, leg: &Leg, linked: &str) -> String {
        self.sequence += 1;
        let moment = |at| format!("\"{}\"", stamp(at, 0));
        let answer = leg.answer.map_or(String::new(), moment);
        let talked = leg.answer.map_or(0, |answer| leg.end - answer);
        format!(
            "\"\",\"{}\",\"{}\",\"{}\",\"{}\",\"{}\",\"{}\",\"{}\",\"{}\",{},{answer},{},{},{talked},\"{}\",\"DOCUMENTATION\",\"{}\",\"\",\"\",\"{linked}\",{}\n",
            leg.src,
            leg.dst,
            leg.context,
            leg.caller.replace('"', "\"\""),
            leg.channel,
            leg.dst_channel,
            leg.app,
            leg.data,
            moment(leg.start),
            moment(leg.end),
            leg.end - leg.start,
            leg.disposition,
            leg.unique,
            self.sequence
        )
    }
}
