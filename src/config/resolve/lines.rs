//! Telephone lines, their numbers as the lake keeps them.

use std::collections::BTreeSet;

use super::channels;
use crate::config::plan::Line;
use crate::config::settings;
use crate::config::source::SettingsText;
use crate::config::value::title;
use crate::model::contact::normal_phone;
use crate::model::fault::Fault;

/// Digits of the shortest number that is dialled (an extension of a PBX) and of the longest (ITU-T E.164).
const DIGITS: std::ops::RangeInclusive<usize> = 5..=15;

pub(super) fn resolve(
    source: &SettingsText<'_>,
    lines: Vec<settings::WrittenLine>,
    channel_ids: &BTreeSet<String>,
) -> Result<Vec<Line>, Fault> {
    let mut seen = BTreeSet::new();
    let mut resolved = Vec::with_capacity(lines.len());
    for (place, line) in lines.into_iter().enumerate() {
        let at = |key: &str| format!("lines.{place}.{key}");
        let digits = digits(source, &at("number"), &line.number)?;
        if !seen.insert(digits.clone()) {
            let message = format!("line \"{}\" stands here twice", line.number);
            return Err(source.refuse(&at("number"), message));
        }
        title(source, &at("name"), &line.name)?;
        let channel = line
            .channel
            .map(|id| channels::known(source, &at("channel"), id, channel_ids))
            .transpose()?;
        resolved.push(Line {
            number: as_kept(digits),
            name: line.name,
            channel,
        });
    }
    Ok(resolved)
}

/// All digits of a number that is written in a usual form.
fn digits(source: &SettingsText<'_>, path: &str, number: &str) -> Result<String, Fault> {
    let is_usual = |letter: char| letter.is_ascii_digit() || " +-()".contains(letter);
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    if number.chars().all(is_usual) && DIGITS.contains(&digits.len()) {
        return Ok(digits);
    }
    Err(source
        .refuse(path, format!("\"{number}\" is no telephone number"))
        .hint("for example \"+7 814 200-00-01\""))
}

/// The digits by which calls name the line; short ones of a PBX stand as they are.
fn as_kept(digits: String) -> String {
    let mut identifying = Vec::new();
    if normal_phone(digits.as_bytes(), &mut identifying) {
        String::from_utf8_lossy(&identifying).into_owned()
    } else {
        digits
    }
}
