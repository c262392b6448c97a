//! From the settings as they are written to the plan: each file checks one part and gives back its typed form, so that
//! nobody checks or parses it again.

mod channels;
mod delivery;
mod experiments;
mod exports;
mod groups;
mod hooks;
mod lines;
mod links;
mod numbers;
mod paths;
mod schedule;
mod stages;
mod views;

use std::path::{Path, PathBuf};

use chrono_tz::Tz;

use self::groups::Groups;
use super::language::{Language, SHIPPED};
use super::plan::{Plan, ViewPlan};
use super::settings::Settings;
use super::source::SettingsText;
use super::value::{Check, currency, kebab, title, zone};
use crate::model::calendar::Calendar;
use crate::model::contact::{Countries, country_of_zone};
use crate::model::fault::Fault;

/// Makes the plan of a pipeline whose file is `file` (absolute). The parts are looked at in the order of the file's
/// documentation, and the first fault is the answer.
pub(super) fn plan(
    source: &SettingsText<'_>,
    settings: Settings,
    file: PathBuf,
) -> Result<Plan, Fault> {
    kebab(source, "name", &settings.name)?;
    title(source, "title", &settings.title)?;
    currency(source, "currency", &settings.currency)?;
    let folder = file.parent().map(Path::to_path_buf).unwrap_or_default();
    let paths = paths::resolve(source, &settings.paths, &settings.name, &folder)?;
    let zone = zone(source, "time_zone", &settings.time_zone)?;
    let calendar = calendar(source, &settings.calendar, zone, settings.language)?;
    let countries = countries(source, &settings.countries, zone)?;
    let channels = channels::resolve(source, settings.channels)?;
    let exports = exports::resolve(source, settings.exports, &channels.ids, &folder)?;
    let lines = lines::resolve(source, settings.lines, &channels.ids)?;
    numbers::check(
        source,
        &settings.inquiry,
        &settings.attribution,
        &settings.sales,
    )?;
    numbers::check_thresholds(source, &settings.thresholds)?;
    numbers::check_money(source, settings.money)?;
    numbers::check_lake(source, settings.lake)?;
    numbers::check_diagnosis(source, &settings.diagnosis)?;
    let (stages, deal_stages) = stages::resolve(source, settings.stages)?;
    let experiments = experiments::resolve(source, settings.experiments)?;
    let groups = Groups::load(source, settings.delivery.groups.as_deref(), &folder)?;
    let delivery = delivery::resolve(source, settings.delivery, &groups)?;
    let known = views::Known {
        channel_ids: &channels.ids,
        lines: &lines,
        groups: &groups,
        templates: &paths.templates,
    };
    let views = views::resolve(source, settings.views, &known, &delivery.to)?;
    let schedule = schedule::resolve(source, &settings.schedule, settings.periods.weeks, zone)?;
    let notices = delivery::notices(source, settings.notices, &groups)?;
    let hooks = hooks::resolve(source, settings.hooks)?;
    for name in settings.people.values() {
        title(source, "people", name)?;
    }
    let reports_at = links::base(source, settings.links.base.as_deref())?;
    let records = links::records(source, settings.links, &exports)?;
    has_words(source, "language", settings.language, &paths.templates)?;
    Ok(Plan {
        file,
        name: settings.name,
        title: settings.title,
        language: settings.language,
        zone,
        currency: settings.currency,
        countries,
        calendar,
        lake: paths.lake,
        upkeep: settings.lake,
        out: paths.out,
        formats: paths.formats,
        templates: paths.templates,
        exports,
        channels: channels.rules,
        lines,
        inquiry: settings.inquiry,
        attribution: settings.attribution,
        sales: settings.sales,
        money: settings.money,
        thresholds: settings.thresholds,
        funnel: settings.funnel,
        diagnosis: settings.diagnosis,
        targets: settings.plan,
        weeks: settings.periods.weeks,
        stages,
        deal_stages,
        experiments,
        delivery,
        view: ViewPlan::default(),
        views,
        schedule,
        notices,
        hooks,
        people: settings.people,
        reports_at,
        records,
    })
}

/// The countries of these codes; of none, that of the time zone and all others after it.
fn countries(source: &SettingsText<'_>, codes: &[String], zone: Tz) -> Result<Countries, Fault> {
    let named = Countries::named(codes).map_err(|unknown| {
        let known: Vec<&str> = Countries::known().collect();
        let message = format!("no numbering plan of the country \"{unknown}\" is known");
        let hint = format!("two capitals, one of {}", known.join(", "));
        source.refuse("countries", message).hint(hint)
    })?;
    Ok(named.unwrap_or_else(|| Countries::of_zone(zone.name())))
}

/// The calendar of a name; `auto` is that of the time zone's country, and where none of it is shipped, the language's own:
/// a firm in Moscow that reads English has Russian holidays.
fn calendar(
    source: &SettingsText<'_>,
    name: &str,
    zone: Tz,
    language: Language,
) -> Result<Calendar, Fault> {
    let of_country = || country_of_zone(zone.name()).map(str::to_lowercase);
    let meant = match name {
        "auto" => of_country()
            .filter(|country| Calendar::names().any(|shipped| shipped == country))
            .unwrap_or_else(|| language.calendar().to_owned()),
        named => named.to_owned(),
    };
    Calendar::shipped(&meant).ok_or_else(|| {
        let known: Vec<&str> = Calendar::names().chain(["auto"]).collect();
        source
            .refuse("calendar", format!("there is no calendar \"{name}\""))
            .hint(format!("one of {}", known.join(", ")))
    })
}

/// A language must have words: shipped ones, or a file among the pipeline's own templates.
fn has_words(source: &SettingsText<'_>, path: &str, language: Language, templates: &Path) -> Check {
    let own = templates.join("lang").join(format!("{language}.toml"));
    if language.shipped().is_some() || own.is_file() {
        return Ok(());
    }
    let known: Vec<&str> = SHIPPED.iter().map(|(code, _)| *code).collect();
    let message = format!("there are no words of the language \"{language}\"");
    let hint = format!("one of {}, or a file {}", known.join(", "), own.display());
    Err(source.refuse(path, message).hint(hint))
}
