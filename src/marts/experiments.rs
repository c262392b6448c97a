//! What was counted of the variants of an experiment: one pass over the sessions of its days.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use chrono::{DateTime, Utc};
use polars::prelude::*;

use super::known::Known;
use crate::config::plan::Experiment;
use crate::model::experiment::{ExperimentCounts, ExperimentMetric, VariantCounts};
use crate::model::period::Period;
use crate::model::tables::SESSIONS;
use crate::model::zone;

/// The counts of every experiment that has begun by the end of a period, up to that end or its own.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn counts(known: &Known<'_>, period: &Period) -> Result<Vec<ExperimentCounts>> {
    let experiments = known.stored.plan.experiments.iter();
    let begun = experiments.filter(|experiment| experiment.from <= period.to);
    let counted = begun.filter_map(|experiment| of_one(known, experiment, period).transpose());
    counted.collect()
}

/// Sessions of clients in an experiment: when, and of which variant.
type Touches = HashMap<u64, Vec<(i64, usize)>>;

fn of_one(
    known: &Known<'_>,
    experiment: &Experiment,
    period: &Period,
) -> Result<Option<ExperimentCounts>> {
    let stored = known.stored;
    let to = experiment.to.map_or(period.to, |to| to.min(period.to));
    let Some(scan) = stored
        .lake
        .scan(&SESSIONS, stored.as_of, experiment.from, to)?
    else {
        return Ok(None);
    };
    let columns = [
        col("client"),
        col("start_at").to_physical().alias("at"),
        col(experiment.dimension.column())
            .cast(DataType::String)
            .alias("value"),
        col("goals").cast(DataType::String),
    ];
    let frame = scan.select(columns).collect()?;
    let mut variants = vec![VariantCounts::default(); experiment.variants.len()];
    let touches = read(&frame, experiment, &mut variants)?;
    let mut crossed = 0;
    for sessions in touches.values() {
        let seen: BTreeSet<usize> = sessions.iter().map(|(_, variant)| *variant).collect();
        seen.iter()
            .for_each(|variant| variants[*variant].users += 1);
        crossed += u64::from(seen.len() > 1);
    }
    if experiment.metric == ExperimentMetric::Inquiries {
        let end = zone::day_start(to, stored.plan.zone) + chrono::TimeDelta::days(1);
        count_inquiries(known, &touches, end, &mut variants);
    }
    Ok(Some(ExperimentCounts {
        name: experiment.name.clone(),
        to,
        variants,
        crossed,
    }))
}

/// Counts sessions and goals by variant; each distinct text is asked of the patterns once.
fn read(
    frame: &DataFrame,
    experiment: &Experiment,
    variants: &mut [VariantCounts],
) -> Result<Touches> {
    let clients = frame.column("client")?.u64()?;
    let times = frame.column("at")?.i64()?;
    let values = frame.column("value")?.str()?;
    let goals = frame.column("goals")?.str()?;
    let mut of_text: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    let mut touches = Touches::new();
    for row in 0..frame.height() {
        let Some(text) = values.get(row) else {
            continue;
        };
        let variant = of_text
            .entry(text)
            .or_insert_with(|| experiment.variant_of(text));
        let Some(variant) = *variant else { continue };
        let counts = &mut variants[variant];
        counts.sessions += 1;
        let reached = goals
            .get(row)
            .is_some_and(|list| experiment.reaches_goal(list));
        counts.conversions += u64::from(experiment.metric == ExperimentMetric::Goal && reached);
        if let (Some(client), Some(at)) = (clients.get(row), times.get(row))
            && client != 0
        {
            touches.entry(client).or_default().push((at, variant));
        }
    }
    Ok(touches)
}

/// Gives each inquiry to the variant of its client's last session in the experiment at or before it.
fn count_inquiries(
    known: &Known<'_>,
    touches: &Touches,
    end: DateTime<Utc>,
    variants: &mut [VariantCounts],
) {
    let inquiries = known.people.joined.inquiries.iter();
    for inquiry in inquiries.filter(|inquiry| inquiry.at() < end) {
        let at = inquiry.at().timestamp_millis();
        let clients: BTreeSet<u64> = inquiry
            .contacts
            .iter()
            .flat_map(|contact| contact.keys.clients())
            .collect();
        let sessions = clients
            .iter()
            .filter_map(|client| touches.get(client))
            .flatten();
        let last = sessions.filter(|(time, _)| *time <= at).max();
        if let Some((_, variant)) = last {
            variants[*variant].conversions += 1;
        }
    }
}
