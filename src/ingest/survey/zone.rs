//! The zone that a file gives its times, beside the one that the pipeline states.

use anyhow::Result;
use chrono::{DateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::ingest::ExportRules;
use crate::ingest::detect::Layout;
use crate::model::fault::Fault;

/// Half a year: a zone with a summer time has another offset then.
const HALF_A_YEAR: TimeDelta = TimeDelta::days(182);

/// Says by which zone a file is read that names one itself.
///
/// # Errors
/// When the pipeline states another one: whichever is wrong, the times would be.
pub(super) fn settle(layout: &mut Layout, rules: &ExportRules<'_>, label: &str) -> Result<()> {
    let Some(said) = &layout.zone else {
        return Ok(());
    };
    let Some(stated) = rules.zone else {
        let note = format!(
            "its times are those of {}: {} says so",
            said.zone, said.place
        );
        layout.notes.push(note);
        return Ok(());
    };
    if are_other_clocks(stated, said.zone, rules.now) {
        let message = format!(
            "{} says that its times are those of {}, time_zone of the export says {stated}",
            said.place, said.zone
        );
        let hint = "leave time_zone of the export out, or take the zone out of the file, if a call of which you know the time shows that it is wrong";
        return Err(Fault::new(message).at(label).hint(hint).into());
    }
    // Both say the same; the pipeline's name of it may know a summer time.
    layout.zone = None;
    Ok(())
}

/// Whether two clocks differ in summer and in winter.
fn are_other_clocks(one: Tz, other: Tz, now: DateTime<Utc>) -> bool {
    let offset = |zone: Tz, at: DateTime<Utc>| {
        let offset = zone.offset_from_utc_datetime(&at.naive_utc());
        offset.fix().local_minus_utc()
    };
    let differ = |at| offset(one, at) != offset(other, at);
    differ(now) && differ(now - HALF_A_YEAR)
}
