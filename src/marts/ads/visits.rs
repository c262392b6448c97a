//! Visits of each period by what ads are told apart by.

use anyhow::Result;
use polars::prelude::*;

use super::names::CampaignNames;
use super::{PlaceList, of_session};
use crate::lake::text_codes::TextCodes;
use crate::marts::alike::{Kind, kinds, pieces};
use crate::marts::paths::SessionPlace;
use crate::marts::stored::Stored;
use crate::marts::traffic::holds_goal_of;
use crate::marts::view;
use crate::model::ads::AdVisits;
use crate::model::period::Period;

/// What sessions are grouped by beside their origin. Lists of goals are few.
const TEXTS: [&str; 4] = ["utm_content", "utm_term", "landing", "goals"];

/// Visits by period and place; `None` when there is not one session.
pub(super) fn visits(
    stored: &Stored<'_>,
    periods: &[Period],
    names: &CampaignNames,
    places: &mut PlaceList,
) -> Result<Option<Vec<AdVisits>>> {
    let mut rows = Vec::new();
    for (at, period) in periods.iter().enumerate() {
        for piece in pieces(period.from, period.to) {
            let columns = ["origin"].into_iter().chain(TEXTS).map(col);
            let columns: Vec<Expr> = columns.collect();
            let select = |scan: LazyFrame| scan.select(columns);
            let frame = view::sessions(stored.lake, stored.as_of, piece, &stored.origins, select)?;
            let Some(frame) = frame else {
                continue;
            };
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
    let [contents, terms, pages, goals] = TEXTS.map(|name| TextCodes::of(frame, name));
    let (contents, terms, pages, goals) = (contents?, terms?, pages?, goals?);
    let kinds = kinds([
        &origins,
        &contents.codes,
        &terms.codes,
        &pages.codes,
        &goals.codes,
    ]);
    let stages = &stored.plan.stages;
    let visits = kinds.into_iter().map(|kind| {
        let origin = origins[kind.row];
        let session = SessionPlace {
            campaign: stored.origins.campaign(origin).into(),
            content: text_of(&contents, &kind).into(),
            term: text_of(&terms, &kind).into(),
            page: text_of(&pages, &kind).into(),
            ..SessionPlace::default()
        };
        let sessions = u64::from(kind.rows);
        let reached = stages.iter().map(|stage| {
            if holds_goal_of(stage, text_of(&goals, &kind)) {
                sessions
            } else {
                0
            }
        });
        AdVisits {
            period,
            place: place_of(&session, origin),
            sessions,
            reached: reached.collect(),
        }
    });
    Ok(visits.collect())
}

/// What the rows of a kind have in a column.
fn text_of<'a>(column: &'a TextCodes, kind: &Kind) -> &'a str {
    column.text(column.codes[kind.row])
}
