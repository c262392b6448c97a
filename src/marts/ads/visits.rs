//! Visits of each period by what ads are told apart by.

use anyhow::Result;
use polars::prelude::*;

use super::names::CampaignNames;
use super::{PlaceList, of_session};
use crate::lake::text_codes::TextCodes;
use crate::marts::alike::{kinds, pieces};
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
    for (at, period) in periods.iter().enumerate() {
        for (from, to) in pieces(period.from, period.to) {
            let Some(scan) = stored.lake.scan(&SESSIONS, stored.as_of, from, to)? else {
                continue;
            };
            let columns = ["origin"].into_iter().chain(TEXTS).map(col);
            let frame = scan.select(columns.collect::<Vec<_>>()).collect()?;
            let mut of_session = |session: &SessionPlace, origin| {
                let channel = stored.origins.channels[stored.origins.position(origin)].clone();
                places.position(of_session(channel, session, names))
            };
            rows.extend(read(stored, &frame, at, &mut of_session)?);
        }
    }
    Ok((!rows.is_empty()).then_some(rows))
}

fn read(
    stored: &Stored<'_>,
    frame: &DataFrame,
    period: usize,
    place_of: &mut impl FnMut(&SessionPlace, u32) -> usize,
) -> Result<Vec<AdVisits>> {
    let origins = frame.column("origin")?.u32()?.iter();
    let origins: Vec<u32> = origins.map(|origin| origin.unwrap_or(0)).collect();
    let [contents, terms, pages] = TEXTS.map(|name| TextCodes::of(frame, name));
    let (contents, terms, pages) = (contents?, terms?, pages?);
    let kinds = kinds([&origins, &contents.codes, &terms.codes, &pages.codes]);
    let visits = kinds.into_iter().map(|kind| {
        let text = |column: &TextCodes| column.text(column.codes[kind.row]).into();
        let origin = origins[kind.row];
        let session = SessionPlace {
            campaign: stored.origins.campaign(origin).into(),
            content: text(&contents),
            term: text(&terms),
            page: text(&pages),
            ..SessionPlace::default()
        };
        AdVisits {
            period,
            place: place_of(&session, origin),
            sessions: u64::from(kind.rows),
        }
    });
    Ok(visits.collect())
}
