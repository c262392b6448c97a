//! What a pipeline must be beyond its shape: names, zones, numbers, addresses.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use lettre::message::Mailbox;
use regex::Regex;

use super::error::ConfigError;
use super::hint::{expected_one_of, nearest};
use super::plan::{DeliveryPlan, digits};
use super::settings::{ChannelRule, Delivery, Settings, Thresholds};
use super::source::Source;
use super::value::{Check, currency, kebab, last_line, title, zone};
use super::{mailbox, shipped, wording};
use crate::model::calendar::Calendar;
use crate::model::channel::ChannelId;

/// What the checks had to parse, so that nobody parses it again.
pub(super) struct Checked {
    pub zone: Tz,
    pub export_zones: Vec<Option<Tz>>,
    pub delivery: DeliveryPlan,
}

/// Checks everything, in the order of the file's documentation; the first fault is the answer.
pub(super) fn all(source: &Source<'_>, settings: &Settings) -> Result<Checked, ConfigError> {
    general(source, settings)?;
    let zone = zone(source, "time_zone", &settings.time_zone)?;
    let known = channels(source, settings)?;
    let export_zones = exports(source, settings, &known)?;
    lines(source, settings, &known)?;
    numbers(source, settings)?;
    stages(source, settings)?;
    Ok(Checked {
        zone,
        export_zones,
        delivery: delivery(source, &settings.delivery)?,
    })
}

fn general(source: &Source<'_>, settings: &Settings) -> Check {
    kebab(source, "name", &settings.name)?;
    title(source, "title", &settings.title)?;
    currency(source, "currency", &settings.currency)?;
    let known: Vec<&str> = Calendar::names().chain(["auto"]).collect();
    if !known.contains(&settings.calendar.as_str()) {
        let message = format!("there is no calendar \"{}\"", settings.calendar);
        return Err(source
            .refuse("calendar", message)
            .hint(format!("one of {}", known.join(", "))));
    }
    let paths = &settings.paths;
    for (path, value) in [
        ("lake", &paths.lake),
        ("out", &paths.out),
        ("formats", &paths.formats),
        ("templates", &paths.templates),
    ] {
        if value.trim().is_empty() {
            return Err(source.refuse(
                &format!("paths.{path}"),
                format!("\"{path}\" in [paths] is empty"),
            ));
        }
    }
    Ok(())
}

fn exports(
    source: &Source<'_>,
    settings: &Settings,
    known: &BTreeSet<String>,
) -> Result<Vec<Option<Tz>>, ConfigError> {
    let mut names = BTreeSet::new();
    let mut zones = Vec::new();
    for (index, export) in settings.exports.iter().enumerate() {
        let at = |key: &str| format!("exports.{index}.{key}");
        kebab(source, &at("name"), &export.name)?;
        if !names.insert(&export.name) {
            let message = format!("a second export is named \"{}\"", export.name);
            let hint = "rows of one name replace each other by key; list all files of one system in one [[exports]]";
            return Err(source.refuse(&at("name"), message).hint(hint));
        }
        if export.files.is_empty() || export.files.iter().any(|pattern| pattern.trim().is_empty()) {
            let message = format!("export \"{}\" names no files", export.name);
            return Err(source
                .refuse(&at("files"), message)
                .hint("for example files = [\"../exports/calls-*.csv\"]"));
        }
        if let Some(code) = &export.currency {
            currency(source, &at("currency"), code)?;
        }
        if let Some(id) = &export.channel {
            known_channel(source, &at("channel"), id, known)?;
        }
        for (list, words) in [
            ("spam_words", &export.spam_words),
            ("spam_contacts", &export.spam_contacts),
        ] {
            if words.iter().any(|word| word.trim().is_empty()) {
                let message = format!(
                    "\"{list}\" of export \"{}\" holds an empty text, which fits every row",
                    export.name
                );
                return Err(source.refuse(&at(list), message));
            }
        }
        let own = export
            .time_zone
            .as_deref()
            .map(|name| zone(source, &at("time_zone"), name));
        zones.push(own.transpose()?);
    }
    Ok(zones)
}

/// Checks the rules and gives back the ids that the rest of the pipeline may name.
fn channels(source: &Source<'_>, settings: &Settings) -> Result<BTreeSet<String>, ConfigError> {
    let channels = &settings.channels;
    let Some(base) = shipped::set(&channels.base) else {
        let message = format!("unknown channel set \"{}\"", channels.base);
        return Err(source
            .refuse("channels.base", message)
            .hint(expected_one_of(&channels.base, &shipped::set_names())));
    };
    let mut known: BTreeSet<String> = base
        .titles
        .into_keys()
        .chain([ChannelId::UNASSIGNED.to_owned()])
        .collect();
    for (index, rule) in channels.rules.iter().enumerate() {
        channel_rule(source, &format!("channels.rules.{index}"), rule)?;
        known.insert(rule.channel.clone());
    }
    for (id, text) in &channels.titles {
        let path = format!("channels.titles.{id}");
        kebab(source, &path, id)?;
        title(source, &path, text)?;
        known.insert(id.clone());
    }
    Ok(known)
}

fn channel_rule(source: &Source<'_>, at: &str, rule: &ChannelRule) -> Check {
    kebab(source, &format!("{at}.channel"), &rule.channel)?;
    if *rule
        == (ChannelRule {
            channel: rule.channel.clone(),
            ..ChannelRule::default()
        })
    {
        let message = format!(
            "the rule for \"{}\" has no condition, so every session would fit it",
            rule.channel
        );
        return Err(source.refuse(at, message));
    }
    for (key, pattern) in [
        ("source_matches", &rule.source_matches),
        ("medium_matches", &rule.medium_matches),
        ("campaign_matches", &rule.campaign_matches),
        ("referrer_matches", &rule.referrer_matches),
    ] {
        if let Some(Err(error)) = pattern.as_ref().map(|pattern| Regex::new(pattern)) {
            let message = format!("\"{key}\" is no regular expression: {}", last_line(&error));
            return Err(source.refuse(&format!("{at}.{key}"), message));
        }
    }
    if let Some(category) = rule
        .source_category
        .as_deref()
        .filter(|name| !shipped::CATEGORIES.contains(name))
    {
        let hint = expected_one_of(category, shipped::CATEGORIES);
        let message = format!("unknown source category \"{category}\"");
        return Err(source
            .refuse(&format!("{at}.source_category"), message)
            .hint(hint));
    }
    Ok(())
}

fn known_channel(source: &Source<'_>, path: &str, id: &str, known: &BTreeSet<String>) -> Check {
    if known.contains(id) {
        return Ok(());
    }
    let ids: Vec<&str> = known.iter().map(String::as_str).collect();
    let near = nearest(id, &ids)
        .map(|near| format!("did you mean \"{near}\"? "))
        .unwrap_or_default();
    let hint = format!("{near}a channel of your own needs a title: [channels.titles] {id} = \"…\"");
    Err(source
        .refuse(path, format!("unknown channel \"{id}\""))
        .hint(hint))
}

fn lines(source: &Source<'_>, settings: &Settings, known: &BTreeSet<String>) -> Check {
    let mut numbers = BTreeSet::new();
    for (index, line) in settings.lines.iter().enumerate() {
        let at = |key: &str| format!("lines.{index}.{key}");
        let number = digits(&line.number);
        let usual = line
            .number
            .chars()
            .all(|letter| letter.is_ascii_digit() || " +-()".contains(letter));
        if !usual || !(5..=15).contains(&number.len()) {
            let message = format!("\"{}\" is no telephone number", line.number);
            return Err(source
                .refuse(&at("number"), message)
                .hint("for example \"+7 814 200-00-01\""));
        }
        if !numbers.insert(number) {
            return Err(source.refuse(
                &at("number"),
                format!("line \"{}\" stands here twice", line.number),
            ));
        }
        title(source, &at("name"), &line.name)?;
        if let Some(id) = &line.channel {
            known_channel(source, &at("channel"), id, known)?;
        }
    }
    Ok(())
}

fn numbers(source: &Source<'_>, settings: &Settings) -> Check {
    let Settings {
        inquiry,
        attribution,
        sales,
        thresholds,
        ..
    } = settings;
    let whole = |path: &str, value: u32, from: u32, to: u32| {
        if (from..=to).contains(&value) {
            Ok(())
        } else {
            Err(out_of_range(
                source,
                path,
                value,
                &format!("{from} to {to}"),
            ))
        }
    };
    let share = |path: &str, value: f64, ok: bool, range: &str| {
        if ok {
            Ok(())
        } else {
            Err(out_of_range(source, path, value, range))
        }
    };
    whole("inquiry.uniqueness_days", inquiry.uniqueness_days, 1, 3650)?;
    whole(
        "inquiry.target_call_min_s",
        inquiry.target_call_min_s,
        0,
        3600,
    )?;
    whole(
        "attribution.lookback_days",
        attribution.lookback_days,
        1,
        3650,
    )?;
    whole(
        "attribution.half_life_days",
        attribution.half_life_days,
        1,
        3650,
    )?;
    whole(
        "attribution.position_ends_percent",
        attribution.position_ends_percent,
        0,
        50,
    )?;
    whole("sales.deal_window_days", sales.deal_window_days, 1, 3650)?;
    whole("sales.horizon_days", sales.horizon_days, 1, 3650)?;
    whole(
        "sales.mature_days",
        sales.mature_days,
        1,
        sales.horizon_days,
    )?;
    whole("thresholds.min_events", thresholds.min_events, 1, 1_000_000)?;
    whole("thresholds.min_base", thresholds.min_base, 1, 1_000_000)?;
    whole("thresholds.base_periods", thresholds.base_periods, 2, 104)?;
    let Thresholds {
        alpha,
        channels_fdr,
        max_reject_share,
        ..
    } = *thresholds;
    share(
        "thresholds.alpha",
        alpha,
        alpha > 0.0 && alpha < 0.5,
        "above 0 and below 0.5",
    )?;
    share(
        "thresholds.channels_fdr",
        channels_fdr,
        channels_fdr > 0.0 && channels_fdr < 0.5,
        "above 0 and below 0.5",
    )?;
    share(
        "thresholds.max_reject_share",
        max_reject_share,
        (0.0..=1.0).contains(&max_reject_share),
        "0 to 1",
    )?;
    let smallest = settings.diagnosis.smallest_loss;
    share(
        "diagnosis.smallest_loss",
        smallest,
        (0.0..=1e6).contains(&smallest),
        "0 to 1000000",
    )
}

fn out_of_range(
    source: &Source<'_>,
    path: &str,
    value: impl std::fmt::Display,
    range: &str,
) -> ConfigError {
    source
        .refuse(
            path,
            format!("{value} is out of range for {}", wording::setting(path)),
        )
        .hint(format!("expected {range}"))
}

fn stages(source: &Source<'_>, settings: &Settings) -> Check {
    let mut codes = BTreeSet::new();
    for (index, stage) in settings.stages.iter().enumerate() {
        let at = |key: &str| format!("stages.{index}.{key}");
        kebab(source, &at("code"), &stage.code)?;
        if !codes.insert(&stage.code) {
            return Err(source.refuse(
                &at("code"),
                format!("a second stage has the code \"{}\"", stage.code),
            ));
        }
        title(source, &at("title"), &stage.title)?;
        if stage.goals.is_empty() {
            return Err(source.refuse(
                &at("goals"),
                format!("stage \"{}\" has no goals", stage.code),
            ));
        }
    }
    Ok(())
}

fn delivery(source: &Source<'_>, delivery: &Delivery) -> Result<DeliveryPlan, ConfigError> {
    let read = |path: &str, text: &str| {
        mailbox::parse(text).map_err(|message| {
            source
                .refuse(path, message)
                .hint("expected \"Name <name@example.com>\" or \"name@example.com\"")
        })
    };
    let mut to: Vec<Mailbox> = Vec::new();
    for (index, text) in delivery.to.iter().enumerate() {
        let path = format!("delivery.to.{index}");
        let mailbox = read(&path, text)?;
        // Mail servers tell no case of domains, and no sensible one that of names.
        let address = mailbox.email.to_string().to_lowercase();
        if to
            .iter()
            .any(|earlier| earlier.email.to_string().to_lowercase() == address)
        {
            return Err(source.refuse(
                &path,
                format!("{} would get the digest twice", mailbox.email),
            ));
        }
        to.push(mailbox);
    }
    let from = read("delivery.from", &delivery.from)?;
    let reply_to = delivery
        .reply_to
        .as_deref()
        .map(|text| read("delivery.reply_to", text))
        .transpose()?;
    Ok(DeliveryPlan {
        from,
        to,
        reply_to,
        attach: delivery.attach.clone(),
    })
}
