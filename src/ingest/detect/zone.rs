//! The zone that a file gives its times: in the name of their column, or in a line above the header.

use std::sync::LazyLock;

use chrono_tz::Tz;
use regex::{Captures, Regex};

use super::clock_cell::is_clock_of;
use super::{HeadRow, same};
use crate::ingest::cells::DateOrder;
use crate::ingest::format::{ColumnRule, Format, Reading};

/// What a file says of its clock, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidZone {
    /// The zone.
    pub zone: Tz,
    /// The cell of the header, or the line above it, that says so.
    pub place: String,
}

/// UTC with hours and minutes ahead of it, or Moscow's time, ahead of which the zones of Russia are counted, too.
static OFFSETS: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?x)
        (?: ^ | [^\p{L}\d] )
        (?P<base> utc | gmt | msk | мск )
        (?: \s* (?P<sign> [+−–-] ) \s* (?P<hours> \d{1,2} ) (?: : (?P<minutes> \d\d ) | (?P<short> \d\d ) )? )?
        (?: $ | [^\p{L}\d] )
    ";
    Regex::new(pattern).expect("the pattern is fixed")
});

/// Zones by the words that people have for them, in lower case.
const WORDS: &[(&str, Tz)] = &[
    ("московск", chrono_tz::Europe::Moscow),
    ("по москве", chrono_tz::Europe::Moscow),
    ("moscow", chrono_tz::Europe::Moscow),
    ("eastern time", chrono_tz::America::New_York),
    ("central time", chrono_tz::America::Chicago),
    ("mountain time", chrono_tz::America::Denver),
    ("pacific time", chrono_tz::America::Los_Angeles),
];

/// The zones that stand for what no whole number of hours is ahead of UTC by: hours, minutes, zone.
const PARTS_OF_HOURS: &[(i32, i32, Tz)] = &[
    (3, 30, chrono_tz::Asia::Tehran),
    (4, 30, chrono_tz::Asia::Kabul),
    (5, 30, chrono_tz::Asia::Kolkata),
    (5, 45, chrono_tz::Asia::Kathmandu),
    (6, 30, chrono_tz::Asia::Yangon),
    (9, 30, chrono_tz::Australia::Darwin),
];

/// Hours that the clock of Moscow is ahead of UTC.
const MOSCOW_HOURS: i32 = 3;

/// The zone that a text names.
pub(super) fn zone_in(text: &str) -> Option<Tz> {
    let named = text.split(|symbol: char| !symbol.is_alphanumeric() && !"/_-+".contains(symbol));
    let by_name = |word: &str| word.contains('/').then(|| word.parse().ok()).flatten();
    if let Some(zone) = named.into_iter().find_map(by_name) {
        return Some(zone);
    }
    let lower = text.to_lowercase();
    if let Some(found) = OFFSETS.captures(&lower) {
        return of_offset(&found);
    }
    let word = WORDS.iter().find(|(word, _)| lower.contains(word));
    word.map(|(_, zone)| *zone)
}

fn of_offset(found: &Captures<'_>) -> Option<Tz> {
    let number = |names: &[&str]| -> Option<i32> {
        let mut parts = names.iter().filter_map(|name| found.name(name));
        parts
            .next()
            .map_or(Some(0), |part| part.as_str().parse().ok())
    };
    let is_moscow = matches!(&found["base"], "msk" | "мск");
    let hours = number(&["hours"])?;
    let minutes = number(&["minutes", "short"])?;
    let sign = match found.name("sign").map(|sign| sign.as_str()) {
        Some("+") => 1,
        Some(_) => -1,
        None if is_moscow => return Some(chrono_tz::Europe::Moscow),
        None => return Some(chrono_tz::UTC),
    };
    let from_utc = if is_moscow { MOSCOW_HOURS } else { 0 };
    ahead_of_utc(from_utc + sign * hours, sign * minutes)
}

fn ahead_of_utc(hours: i32, minutes: i32) -> Option<Tz> {
    match (hours, minutes) {
        (0, 0) => Some(chrono_tz::UTC),
        // In the names of these the sign is that of the way back.
        (hours, 0) => format!("Etc/GMT{:+}", -hours).parse().ok(),
        _ => {
            let mut known = PARTS_OF_HOURS.iter();
            let zone = known.find(|(h, m, _)| (*h, *m) == (hours, minutes));
            zone.map(|(_, _, zone)| *zone)
        }
    }
}

/// The zone in the name of a column, and the name without it: `Start time (UTC)`, `Дата и время, МСК`, `created_at_utc`.
fn of_name(name: &str) -> Option<(&str, Tz)> {
    let name = name.trim();
    let bracket = name.strip_suffix([')', ']']);
    let bracket = bracket.and_then(|name| name.rsplit_once(['(', '[']));
    let parted = bracket.or_else(|| name.rsplit_once(','));
    let parted = parted.or_else(|| name.rsplit_once([' ', '_']));
    let (bare, zone) = parted?;
    let zone = zone_in(zone)?;
    let bare = bare.trim_end().trim_end_matches(['_', ',']).trim_end();
    (!bare.is_empty()).then_some((bare, zone))
}

/// Whether a cell of the header is the wanted one with the zone of its times behind it.
pub(super) fn same_but_zone(wanted: &str, cell: &str) -> bool {
    // Hardly any cell says a zone: most are told by their first letters.
    let begins = cell.chars().zip(wanted.chars()).take(2);
    let mut begins = begins.map(|(one, other)| one.to_lowercase().eq(other.to_lowercase()));
    begins.all(|is_same| is_same) && of_name(cell).is_some_and(|(bare, _)| same(wanted, bare))
}

/// What a file says of the clock of its times. A column that is called so goes before what stands above the header.
pub(super) fn said(
    format: &Format,
    header: &[String],
    feeds: &[Vec<usize>],
    clocks: &[Option<usize>],
    above: &[HeadRow],
) -> Option<SaidZone> {
    // Seconds since 1970 are of one zone, whatever their column is called.
    let is_wall_clock =
        |rule: &ColumnRule| rule.read == Reading::Time && rule.order != DateOrder::Unix;
    let rules = format.columns.iter().zip(feeds).zip(clocks);
    let times: Vec<_> = rules
        .filter(|((rule, cells), _)| is_wall_clock(rule) && !cells.is_empty())
        .collect();
    let cells = times
        .iter()
        .flat_map(|((_, cells), clock)| clock.iter().copied().chain(cells.iter().take(1).copied()));
    let of_cell = |at: usize| {
        let (_, zone) = of_name(header.get(at)?)?;
        let place = format!("the column \"{}\"", header[at]);
        Some(SaidZone { zone, place })
    };
    let by_column = cells.into_iter().find_map(of_cell);
    by_column.or_else(|| (!times.is_empty()).then(|| above_header(above)).flatten())
}

/// What stands before the zone of a whole report, in lower case.
const LABELS: [&str; 5] = [
    "часовой пояс",
    "часовая зона",
    "time zone",
    "timezone",
    "time_zone",
];

fn above_header(above: &[HeadRow]) -> Option<SaidZone> {
    let lines = above.split_last().map_or(above, |(_, lines)| lines);
    lines.iter().find_map(|row| {
        let text = String::from_utf8_lossy(&row.bytes);
        let lower = text.to_lowercase();
        let end = |label: &&str| lower.find(*label).map(|at| at + label.len());
        let zone = zone_in(text.get(LABELS.iter().find_map(end)?..)?)?;
        let place = format!("line {}", row.line);
        Some(SaidZone { zone, place })
    })
}

/// Whether a column holds the time of day of a rule's date, with or without its zone.
pub(super) fn is_clock(rule: &ColumnRule, name: &str) -> bool {
    is_clock_of(rule, name) || of_name(name).is_some_and(|(bare, _)| is_clock_of(rule, bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_named_by_its_offset_its_city_or_its_words() {
        for (text, zone) in [
            ("UTC", Some("UTC")),
            ("UTC+0", Some("UTC")),
            ("GMT+03:00", Some("Etc/GMT-3")),
            ("utc-5", Some("Etc/GMT+5")),
            ("UTC+0530", Some("Asia/Kolkata")),
            ("МСК", Some("Europe/Moscow")),
            ("МСК+4", Some("Etc/GMT-7")),
            ("московское время", Some("Europe/Moscow")),
            ("Europe/Samara", Some("Europe/Samara")),
            ("(GMT+03:00) Moscow", Some("Etc/GMT-3")),
            ("сек", None),
            ("UTC+15", None),
            ("utcoffset", None),
        ] {
            assert_eq!(zone_in(text).map(|zone| zone.name()), zone, "{text}");
        }
    }

    #[test]
    fn the_name_of_a_column_may_end_in_its_zone() {
        for (name, bare) in [
            ("Start time (UTC)", Some("Start time")),
            ("Дата и время (МСК)", Some("Дата и время")),
            ("Дата, UTC+5", Some("Дата")),
            ("created_at_utc", Some("created_at")),
            ("Start time UTC", Some("Start time")),
            ("Дата (план)", None),
            ("Дата и время", None),
            ("UTC", None),
        ] {
            assert_eq!(of_name(name).map(|(bare, _)| bare), bare, "{name}");
        }
        assert!(same_but_zone("Start time", "Start time (UTC)"));
        assert!(!same_but_zone("Start time", "Start time"));
        assert!(!same_but_zone("Start time", "End time (UTC)"));
    }

    #[test]
    fn a_line_above_the_header_gives_the_zone_of_the_report() {
        let row = |text: &str, line| HeadRow {
            cells: Vec::new(),
            bytes: text.as_bytes().to_vec(),
            line,
            end: 0,
        };
        let zone = |text: &str| {
            let said = above_header(&[row(text, 1), row("Дата;Форма", 2)]);
            said.map(|said| (said.zone.name(), said.place))
        };
        let first = |name| Some((name, "line 1".to_owned()));
        assert_eq!(zone("Часовой пояс: UTC+0"), first("UTC"));
        assert_eq!(
            zone("Time zone,America/New_York"),
            first("America/New_York")
        );
        assert_eq!(zone("Период: 01.11.2026 - 30.11.2026"), None);
    }
}
