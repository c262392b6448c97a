//! Experiments, checked: variants that can be told apart, shares that add up, goals where they are needed.

use std::collections::BTreeSet;

use regex::RegexBuilder;

use crate::config::plan::{Experiment, Variant};
use crate::config::settings::WrittenExperiment;
use crate::config::source::SettingsText;
use crate::config::value::{kebab, title};
use crate::model::experiment::ExperimentMetric;
use crate::model::fault::Fault;

/// Shares are written with few digits: a third is 0.333.
const ROUNDING: f64 = 0.01;

pub(super) fn resolve(
    source: &SettingsText<'_>,
    written: Vec<WrittenExperiment>,
) -> Result<Vec<Experiment>, Fault> {
    let mut names = BTreeSet::new();
    let mut experiments = Vec::with_capacity(written.len());
    for (place, experiment) in written.into_iter().enumerate() {
        let at = format!("experiments.{place}");
        if !names.insert(experiment.name.clone()) {
            let message = format!("a second experiment is called \"{}\"", experiment.name);
            return Err(source.refuse(&format!("{at}.name"), message));
        }
        experiments.push(one(source, &at, experiment)?);
    }
    Ok(experiments)
}

fn one(
    source: &SettingsText<'_>,
    at: &str,
    written: WrittenExperiment,
) -> Result<Experiment, Fault> {
    let key = |key: &str| format!("{at}.{key}");
    kebab(source, &key("name"), &written.name)?;
    let shown = written
        .title
        .clone()
        .unwrap_or_else(|| written.name.clone());
    title(source, &key("title"), &shown)?;
    let refuse =
        |path: &str, message: String, hint: &str| Err(source.refuse(path, message).hint(hint));
    if written.to.is_some_and(|to| to < written.from) {
        let message = format!("the experiment \"{}\" ends before it begins", written.name);
        return refuse(
            &key("to"),
            message,
            "give the days in order, or leave `to` out",
        );
    }
    if written.variants.len() < 2 {
        let message = format!("the experiment \"{}\" has no two variants", written.name);
        return refuse(
            at,
            message,
            "add [[experiments.variants]]; the first one is the control",
        );
    }
    let shares: f64 = written.variants.iter().map(|variant| variant.share).sum();
    let is_share = written.variants.iter().all(|variant| variant.share > 0.0);
    if !is_share || (shares - 1.0).abs() > ROUNDING {
        let message = format!(
            "the shares of the experiment \"{}\" add up to {shares}",
            written.name
        );
        return refuse(
            at,
            message,
            "shares are above 0 and add up to 1, for example 0.5 and 0.5",
        );
    }
    let goals_fit = (written.metric == ExperimentMetric::Goal) != written.goals.is_empty();
    if !goals_fit {
        let message = format!(
            "the experiment \"{}\" has a metric that does not fit its goals",
            written.name
        );
        return refuse(
            &key("metric"),
            message,
            "metric = \"goal\" needs goals, metric = \"inquiries\" has none",
        );
    }
    if !(written.effect > 0.0 && written.effect.is_finite()) {
        let message = format!(
            "the effect of the experiment \"{}\" is not above 0",
            written.name
        );
        return refuse(
            &key("effect"),
            message,
            "a relative change of the rate, for example 0.2",
        );
    }
    let variants = written.variants.into_iter().enumerate();
    let variant = |(place, variant): (usize, crate::config::settings::WrittenVariant)| {
        let pattern = RegexBuilder::new(&variant.matches)
            .case_insensitive(true)
            .build();
        let pattern = pattern.map_err(|error| {
            let path = format!("{at}.variants.{place}.matches");
            source.refuse(
                &path,
                format!("\"{}\" is no regular expression: {error}", variant.matches),
            )
        })?;
        Ok(Variant {
            name: variant.name,
            pattern,
            share: variant.share / shares,
        })
    };
    Ok(Experiment {
        name: written.name,
        title: shown,
        dimension: written.dimension,
        from: written.from,
        to: written.to,
        metric: written.metric,
        goals: written.goals,
        effect: written.effect,
        variants: variants.map(variant).collect::<Result<_, Fault>>()?,
    })
}
