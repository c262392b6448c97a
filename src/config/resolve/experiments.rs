//! Experiments, checked: variants that can be told apart, shares that add up, goals where they are needed.

use std::collections::BTreeSet;

use regex::{Regex, RegexBuilder};

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
    kebab(source, &format!("{at}.name"), &written.name)?;
    let shown = written
        .title
        .clone()
        .unwrap_or_else(|| written.name.clone());
    title(source, &format!("{at}.title"), &shown)?;
    if let Some((key, message, hint)) = fault_of(&written) {
        let message = format!("the experiment \"{}\" {message}", written.name);
        return Err(source.refuse(&format!("{at}{key}"), message).hint(hint));
    }
    let shares: f64 = written.variants.iter().map(|variant| variant.share).sum();
    let mut variants = Vec::with_capacity(written.variants.len());
    for (place, variant) in written.variants.into_iter().enumerate() {
        let path = format!("{at}.variants.{place}.matches");
        variants.push(Variant {
            pattern: pattern(source, &path, &variant.matches)?,
            name: variant.name,
            share: variant.share / shares,
        });
    }
    Ok(Experiment {
        name: written.name,
        title: shown,
        dimension: written.dimension,
        from: written.from,
        to: written.to,
        metric: written.metric,
        goals: written.goals,
        effect: written.effect,
        variants,
    })
}

/// What is wrong with an experiment: the setting behind its path, what it does, what to do.
fn fault_of(written: &WrittenExperiment) -> Option<(&'static str, String, &'static str)> {
    if written.to.is_some_and(|to| to < written.from) {
        let hint = "give the days in order, or leave `to` out";
        return Some((".to", "ends before it begins".to_owned(), hint));
    }
    if written.variants.len() < 2 {
        let hint = "add [[experiments.variants]]; the first one is the control";
        return Some(("", "has no two variants".to_owned(), hint));
    }
    let shares: f64 = written.variants.iter().map(|variant| variant.share).sum();
    let is_share = written.variants.iter().all(|variant| variant.share > 0.0);
    if !is_share || (shares - 1.0).abs() > ROUNDING {
        let hint = "shares are above 0 and add up to 1, for example 0.5 and 0.5";
        return Some(("", format!("has shares that add up to {shares}"), hint));
    }
    if (written.metric == ExperimentMetric::Goal) == written.goals.is_empty() {
        let hint = "metric = \"goal\" needs goals, metric = \"inquiries\" has none";
        return Some((
            ".metric",
            "has a metric that does not fit its goals".to_owned(),
            hint,
        ));
    }
    let is_effect = written.effect > 0.0 && written.effect.is_finite();
    let hint = "a relative change of the rate above 0, for example 0.2";
    (!is_effect).then(|| {
        (
            ".effect",
            format!("has the effect {}", written.effect),
            hint,
        )
    })
}

fn pattern(source: &SettingsText<'_>, path: &str, written: &str) -> Result<Regex, Fault> {
    let built = RegexBuilder::new(written).case_insensitive(true).build();
    built.map_err(|error| {
        source.refuse(
            path,
            format!("\"{written}\" is no regular expression: {error}"),
        )
    })
}
