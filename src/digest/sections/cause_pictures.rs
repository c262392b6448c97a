//! The pictures of a cause, the most telling one first: each cause shows itself in another thing.

use super::{compared, daily, hours, sides};
use crate::diagnosis::codes::{CauseCode, Conversion};
use crate::diagnosis::finding::{Finding, RankedCause};
use crate::digest::blocks::Block;
use crate::digest::page::Page;

/// The pictures of the cause that leads a finding.
pub(super) fn charts(page: &Page, finding: &Finding, cause: &RankedCause) -> Vec<Block> {
    let days = || daily::chart(page, finding);
    let facts = || compared::chart(page, cause);
    let charts = match cause.code {
        // Junk is seen in what visits look like before it is seen in what they bring.
        CauseCode::TrafficQuality => [facts(), days(), None],
        CauseCode::MixShift => [sides::visits_by_channel(page, cause), days(), None],
        CauseCode::Managers => [sides::untouched_by_manager(page, cause), facts(), None],
        CauseCode::Telephony => [hours::chart(page, finding), days(), facts()],
        // Inquiries by day are no picture of sales.
        CauseCode::Unknown if finding.conversion == Conversion::Second => [facts(), None, None],
        CauseCode::Forms
        | CauseCode::TrafficVolume
        | CauseCode::Tracking
        | CauseCode::DataGap
        | CauseCode::Seasonality
        | CauseCode::LeadQuality
        | CauseCode::CrmHygiene
        | CauseCode::Unknown => [days(), facts(), None],
    };
    charts.into_iter().flatten().collect()
}
