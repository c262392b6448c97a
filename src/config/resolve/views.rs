//! What some readers see instead of the whole digest.

use std::collections::BTreeSet;
use std::path::Path;

use lettre::message::Mailbox;

use super::delivery::{are_one, recipients};
use super::groups::Groups;
use super::{channels, has_words};
use crate::config::hint::expected_one_of;
use crate::config::plan::{Line, ViewPlan};
use crate::config::rules::SECTIONS;
use crate::config::settings::View;
use crate::config::source::SettingsText;
use crate::config::value::{Check, kebab, title};
use crate::model::contact::normal_phone;
use crate::model::fault::Fault;
use crate::model::restriction::Restriction;

/// What views may name.
pub(super) struct Known<'a> {
    pub channel_ids: &'a BTreeSet<String>,
    pub lines: &'a [Line],
    pub groups: &'a Groups,
    pub templates: &'a Path,
}

pub(super) fn resolve(
    source: &SettingsText<'_>,
    views: Vec<View>,
    known: &Known<'_>,
    of_all: &[Mailbox],
) -> Result<Vec<ViewPlan>, Fault> {
    let mut resolved: Vec<ViewPlan> = Vec::with_capacity(views.len());
    for (place, view) in views.into_iter().enumerate() {
        let at = |key: &str| format!("views.{place}.{key}");
        let view = known.view(source, &at, view)?;
        if resolved.iter().any(|other| other.name == view.name) {
            let message = format!("view \"{}\" stands here twice", view.name);
            return Err(source.refuse(&at("name"), message));
        }
        let others = of_all
            .iter()
            .chain(resolved.iter().flat_map(|view| &view.to));
        is_read_once(source, &at("to"), &view.to, others)?;
        resolved.push(view);
    }
    Ok(resolved)
}

/// A reader of two views would see both parts, and who sees all needs no part.
fn is_read_once<'m>(
    source: &SettingsText<'_>,
    path: &str,
    to: &[Mailbox],
    mut others: impl Iterator<Item = &'m Mailbox>,
) -> Check {
    if to.is_empty() {
        let fault = source.refuse(path, "the view has no reader");
        return Err(fault.hint("add them to its `to`, or take the view out"));
    }
    let known = others.find(|known| to.iter().any(|reader| are_one(known, reader)));
    let Some(known) = known else { return Ok(()) };
    let message = format!(
        "{} gets another digest of this pipeline already",
        known.email
    );
    Err(source
        .refuse(path, message)
        .hint("a reader gets one letter: of all, or of one view"))
}

impl Known<'_> {
    fn view(
        &self,
        source: &SettingsText<'_>,
        at: &dyn Fn(&str) -> String,
        view: View,
    ) -> Result<ViewPlan, Fault> {
        kebab(source, &at("name"), &view.name)?;
        let of_people = view.title.unwrap_or_else(|| view.name.clone());
        title(source, &at("title"), &of_people)?;
        let channels = view.channels.into_iter();
        let channel = |id| channels::known(source, &at("channels"), id, self.channel_ids);
        let lines = view.lines.iter();
        let rows = Restriction {
            channels: channels.map(channel).collect::<Result<_, _>>()?,
            lines: lines
                .map(|line| self.line(source, &at("lines"), line))
                .collect::<Result<_, _>>()?,
            cities: named(source, &at("cities"), view.cities)?,
            managers: named(source, &at("managers"), view.managers)?,
        };
        for code in &view.sections {
            is_section(source, &at("sections"), code)?;
        }
        if let Some(language) = view.language {
            has_words(source, &at("language"), language, self.templates)?;
        }
        Ok(ViewPlan {
            to: recipients(source, &at("to"), &view.to, self.groups)?,
            name: view.name,
            title: of_people,
            rows,
            sections: view.sections,
            language: view.language,
            attach: view.attach,
        })
    }

    /// A line by its name or its number.
    fn line(&self, source: &SettingsText<'_>, path: &str, text: &str) -> Result<String, Fault> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let mut identifying = Vec::new();
        let number = match normal_phone(digits.as_bytes(), &mut identifying) {
            true => String::from_utf8_lossy(&identifying).into_owned(),
            false => digits,
        };
        let is_meant = |line: &&Line| line.name == text || line.number == number;
        if let Some(line) = self.lines.iter().find(is_meant) {
            return Ok(line.number.clone());
        }
        let names: Vec<&str> = self.lines.iter().map(|line| line.name.as_str()).collect();
        let fault = source.refuse(path, format!("no line \"{text}\" stands in [[lines]]"));
        Err(match names.is_empty() {
            true => fault.hint("add it: [[lines]] with its number and its name"),
            false => fault.hint(expected_one_of(text, &names)),
        })
    }
}

fn named(
    source: &SettingsText<'_>,
    path: &str,
    names: Vec<String>,
) -> Result<BTreeSet<String>, Fault> {
    for name in &names {
        title(source, path, name)?;
    }
    Ok(names.iter().map(|name| name.trim().to_owned()).collect())
}

fn is_section(source: &SettingsText<'_>, path: &str, code: &str) -> Check {
    if SECTIONS.contains(&code) {
        return Ok(());
    }
    let fault = source.refuse(path, format!("there is no section \"{code}\""));
    Err(fault.hint(expected_one_of(code, SECTIONS)))
}
