//! Visits of each period by what ads are told apart by.

use anyhow::Result;
use polars::prelude::*;

use super::names::CampaignNames;
use super::{PlaceList, of_session};
use crate::marts::paths::SessionPlace;
use crate::marts::stored::Stored;
use crate::model::ads::AdVisits;
use crate::model::period::Period;
use crate::model::tables::SESSIONS;

/// What sessions are grouped by beside their origin.
const TEXTS: [&str; 3] = ["utm_content", "utm_term", "landing"];

/// Visits by period and place; `None` when there is not one session.
pub(super) fn visits(
    stored: &Stored<'_>,
    periods: &[Period],
    names: &CampaignNames,
    places: &mut PlaceList,
) -> Result<Option<Vec<AdVisits>>> {
    let mut rows = Vec::new();
    for (period, span) in periods.iter().enumerate() {
        let Some(scan) = stored
            .lake
            .scan(&SESSIONS, stored.as_of, span.from, span.to)?
        else {
            continue;
        };
        let keys: Vec<Expr> = ["origin"].into_iter().chain(TEXTS).map(col).collect();
        let grouped = scan.group_by(keys).agg([len().alias("sessions")]);
        // Texts are decoded once a group, not once a session.
        let decoded = TEXTS.map(|name| col(name).cast(DataType::String));
        let frame = grouped.with_columns(decoded).collect()?;
        add(stored, &frame, period, names, places, &mut rows)?;
    }
    Ok((!rows.is_empty()).then_some(rows))
}

fn add(
    stored: &Stored<'_>,
    frame: &DataFrame,
    period: usize,
    names: &CampaignNames,
    places: &mut PlaceList,
    rows: &mut Vec<AdVisits>,
) -> Result<()> {
    let [contents, terms, pages] = TEXTS;
    let text = |name: &str| -> Result<&StringChunked> { Ok(frame.column(name)?.str()?) };
    let (contents, terms, pages) = (text(contents)?, text(terms)?, text(pages)?);
    let origins = frame.column("origin")?.u32()?;
    let sessions = frame.column("sessions")?.u32()?;
    for row in 0..frame.height() {
        let origin = origins.get(row).unwrap_or(0);
        let session = SessionPlace {
            campaign: stored.origins.campaign(origin).into(),
            content: contents.get(row).unwrap_or_default().into(),
            term: terms.get(row).unwrap_or_default().into(),
            page: pages.get(row).unwrap_or_default().into(),
            ..SessionPlace::default()
        };
        let channel = stored.origins.channels[stored.origins.position(origin)].clone();
        let place = of_session(channel, &session, names);
        rows.push(AdVisits {
            period,
            place: places.position(place),
            sessions: u64::from(sessions.get(row).unwrap_or(0)),
        });
    }
    Ok(())
}
