//! The period of a report that says it once: in the lines above the header, or in the name of the file.

use chrono::NaiveDate;
use regex::{Captures, Regex};

use super::HeadRow;

/// First and last day, as `2026-11-09`: a text that every order of dates reads.
pub(super) type Spell = (String, String);

/// The period of the lines above the header: the last that stand there, since a file of several tables dates each.
pub(super) fn above(preamble: &[HeadRow]) -> Option<Spell> {
    let dates = Dates::new();
    let mut found = None;
    let mut opened = None;
    for row in preamble {
        let text = String::from_utf8_lossy(&row.bytes);
        match dates.of(&text)[..] {
            [from, to] => found = period(from, to).or(found),
            // `# Start date: 20261109` and the same for the end, in whatever language.
            [day] if text.contains(':') => match opened.take().and_then(|from| period(from, day)) {
                Some(period) => found = Some(period),
                None => opened = Some(day),
            },
            _ => {}
        }
    }
    found
}

/// The period of a file's name: its first two dates. One date alone may be that of the download.
pub(super) fn of_name(label: &str) -> Option<Spell> {
    let name = label.rsplit(['/', '\\']).next()?;
    match Dates::new().of(name)[..] {
        [from, to, ..] => period(from, to),
        _ => None,
    }
}

/// Whether a line holds a date.
pub(super) fn tells_day(line: &str) -> bool {
    !Dates::new().of(line).is_empty()
}

fn period(from: NaiveDate, to: NaiveDate) -> Option<Spell> {
    (from <= to).then(|| (from.to_string(), to.to_string()))
}

/// Finds dates in running text.
struct Dates(Regex);

/// Year first, eight digits, day first, and with the month in words (English and Russian, by its first three letters).
const DATES: &str = r"(?x)
    \b (?P<y1>20\d\d) [-./] (?P<m1>\d\d?) [-./] (?P<d1>\d\d?) \b
    | \b (?P<y2>20\d\d) (?P<m2>\d\d) (?P<d2>\d\d) \b
    | \b (?P<d3>\d\d?) [.] (?P<m3>\d\d?) [.] (?P<y3>20\d\d) \b
    | \b (?P<d4>\d\d?) \s+ (?P<w4>\p{L}{3,}) \.? \s+ (?P<y4>20\d\d)
    | \b (?P<w5>\p{L}{3,}) \.? \s+ (?P<d5>\d\d?) , \s+ (?P<y5>20\d\d)
";

/// Beginnings of the names of months, in order; May and its genitive in Russian have no other common beginning.
const MONTHS: [&[&str]; 12] = [
    &["jan", "янв"],
    &["feb", "фев"],
    &["mar", "мар"],
    &["apr", "апр"],
    &["may", "май", "мая"],
    &["jun", "июн"],
    &["jul", "июл"],
    &["aug", "авг"],
    &["sep", "сен"],
    &["oct", "окт"],
    &["nov", "ноя"],
    &["dec", "дек"],
];

impl Dates {
    fn new() -> Self {
        Self(Regex::new(DATES).expect("the pattern is fixed"))
    }

    fn of(&self, text: &str) -> Vec<NaiveDate> {
        // To a pattern an underscore is a letter, and a name that ends in one would hide the date behind it.
        let text = text.replace('_', " ");
        let found = self.0.captures_iter(&text);
        found.filter_map(|found| date(&found)).collect()
    }
}

fn date(found: &Captures<'_>) -> Option<NaiveDate> {
    let part = |names: &[&str]| names.iter().find_map(|name| found.name(name));
    let number = |names: &[&str]| part(names)?.as_str().parse::<u32>().ok();
    let year = number(&["y1", "y2", "y3", "y4", "y5"])?;
    let month = match part(&["w4", "w5"]) {
        Some(word) => month(word.as_str())?,
        None => number(&["m1", "m2", "m3"])?,
    };
    let day = number(&["d1", "d2", "d3", "d4", "d5"])?;
    NaiveDate::from_ymd_opt(year.cast_signed(), month, day)
}

fn month(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    let begins = |names: &&[&str]| names.iter().any(|name| word.starts_with(name));
    let at = MONTHS.iter().position(begins)?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Option<Spell> {
        let row = |text: &&str| HeadRow {
            cells: Vec::new(),
            bytes: text.as_bytes().to_vec(),
            line: 1,
            end: 0,
        };
        above(&texts.iter().map(row).collect::<Vec<_>>())
    }

    fn week() -> Option<Spell> {
        Some(("2026-11-02".to_owned(), "2026-11-08".to_owned()))
    }

    #[test]
    fn a_period_above_the_header_is_read_in_the_ways_of_reports() {
        for texts in [
            &["# Start date: 20261102", "# End date: 20261108"][..],
            &[
                "# Date de début : 20261102,,,",
                "# Date de fin : 20261108,,,",
            ],
            &["# Free form 1", "# 20261102-20261108"],
            &["Campaign report", "2 November 2026 - 8 November 2026"],
            &["Campaign report", "\"November 2, 2026 - November 8, 2026\""],
            &["Отчёт по кампаниям", "2 ноября 2026 г. – 8 ноября 2026 г."],
            &["Период: 02.11.2026 - 08.11.2026"],
            &[
                "# Start date: 20251001",
                "# End date: 20251031",
                "# 20261102-20261108",
            ],
        ] {
            assert_eq!(lines(texts), week(), "{texts:?}");
        }
        assert_eq!(lines(&["Campaign report", "All time"]), None);
        assert_eq!(lines(&["Made on: 20261109"]), None);
    }

    #[test]
    fn a_period_in_the_name_of_a_file_is_its_first_two_dates() {
        for name in [
            "Time_series(2026.11.02-2026.11.08).csv",
            "Источники, сводка-2026-11-02-2026-11-08.csv",
            "archive.zip/traffic_20261102_20261108 (1).csv",
            "расход 02.11.2026-08.11.2026.csv",
        ] {
            assert_eq!(of_name(name), week(), "{name}");
        }
        assert_eq!(of_name("export-2026-11-09.csv"), None);
        assert_eq!(of_name("call-79001234567.csv"), None);
    }
}
