//! Visits of each period by what ads are told apart by.

use anyhow::Result;
use polars::prelude::*;

use super::names::CampaignNames;
use super::{PlaceList, of_session};
use crate::marts::paths::SessionPlace;
use crate::marts::stored::Stored;
use crate::marts::traffic::holds_goal_of;
use crate::marts::view;
use crate::model::ads::AdVisits;
use crate::model::period::Period;
use crate::model::tables::SESSIONS;

/// What sessions are grouped by beside their origin. Lists of goals are few.
const TEXTS: [&str; 4] = ["utm_content", "utm_term", "landing", "goals"];

/// The column of the period's position.
const PERIOD: &str = "period";

/// Visits by period and place, read in one go; `None` when there is not one session. Periods follow each other without a gap.
pub(super) fn visits(
    stored: &Stored<'_>,
    periods: &[Period],
    names: &CampaignNames,
    places: &mut PlaceList,
) -> Result<Option<Vec<AdVisits>>> {
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
        return Ok(None);
    };
    let texts = TEXTS.into_iter().map(col);
    let keys: Vec<Expr> = [position(periods).alias(PERIOD), col("origin")]
        .into_iter()
        .chain(texts)
        .collect();
    // Texts are decoded once a group, not once a session.
    let decoded = TEXTS.map(|name| col(name).cast(DataType::String));
    let select = |scan: LazyFrame| {
        let grouped = scan.group_by(keys).agg([len().alias("sessions")]);
        grouped.with_columns(decoded)
    };
    let days = (first.from, last.to);
    let frame = view::sessions(stored.lake, stored.as_of, days, &stored.origins, select)?;
    let Some(frame) = frame else {
        return Ok(None);
    };
    let rows = read(stored, &frame, names, places)?;
    Ok((!rows.is_empty()).then_some(rows))
}

/// The position of the period that a session's day is in.
fn position(periods: &[Period]) -> Expr {
    let mut position = lit(0_u32);
    for (at, period) in periods.iter().enumerate().skip(1) {
        let has_begun = col(SESSIONS.day).gt_eq(lit(period.from));
        position = when(has_begun).then(lit(at as u32)).otherwise(position);
    }
    // A literal has no width of its own.
    position.cast(DataType::UInt32)
}

fn read(
    stored: &Stored<'_>,
    frame: &DataFrame,
    names: &CampaignNames,
    places: &mut PlaceList,
) -> Result<Vec<AdVisits>> {
    let mut rows = Vec::with_capacity(frame.height());
    let stages = &stored.plan.stages;
    let [contents, terms, pages, goals] = TEXTS;
    let text = |name: &str| -> Result<&StringChunked> { Ok(frame.column(name)?.str()?) };
    let (contents, terms, pages) = (text(contents)?, text(terms)?, text(pages)?);
    let goals = text(goals)?;
    let origins = frame.column("origin")?.u32()?;
    let sessions = frame.column("sessions")?.u32()?;
    let positions = frame.column(PERIOD)?.u32()?;
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
        let sessions = u64::from(sessions.get(row).unwrap_or(0));
        let goals = goals.get(row).unwrap_or_default();
        let reached = stages
            .iter()
            .map(|stage| match holds_goal_of(stage, goals) {
                true => sessions,
                false => 0,
            });
        rows.push(AdVisits {
            period: positions.get(row).unwrap_or(0) as usize,
            place: places.position(place),
            sessions,
            reached: reached.collect(),
        });
    }
    Ok(rows)
}
