//! When a digest is due, in plain words or as a cron expression: `Monday 08:00`, `working day 1`, `15 8 * * 1`.

use chrono::{NaiveTime, Timelike, Weekday};

use crate::model::recurrence::{DayRule, MonthDay, Recurrence};

/// What a rule of the schedule is about; it decides which words make sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    Weekly,
    Monthly,
    Quarterly,
    /// Every day, or a day of the week: what is told of a month so far.
    Daily,
    /// One day a year.
    Yearly,
}

/// When people begin to read their mail, where no time is written.
const AT: NaiveTime = NaiveTime::from_hms_opt(8, 0, 0).expect("a time of the day");

/// Words that carry no meaning here.
const FILLERS: &[&str] = &[
    "on",
    "at",
    "in",
    "the",
    "of",
    "every",
    "each",
    "weekly",
    "monthly",
    "quarterly",
    "month",
    "quarter",
    "в",
    "во",
    "на",
    "по",
    "каждый",
    "каждую",
    "каждое",
    "каждого",
    "еженедельно",
    "ежемесячно",
    "ежеквартально",
    "месяца",
    "квартала",
];

/// Days of the week as people write them, by the first letters that tell them apart.
const WEEKDAYS: &[(&str, Weekday)] = &[
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
    ("пн", Weekday::Mon),
    ("вт", Weekday::Tue),
    ("ср", Weekday::Wed),
    ("чт", Weekday::Thu),
    ("пт", Weekday::Fri),
    ("сб", Weekday::Sat),
    ("вс", Weekday::Sun),
    ("понедельник", Weekday::Mon),
    ("вторник", Weekday::Tue),
    ("сред", Weekday::Wed),
    ("четверг", Weekday::Thu),
    ("пятниц", Weekday::Fri),
    ("суббот", Weekday::Sat),
    ("воскресень", Weekday::Sun),
];

/// What the words of a rule said so far.
#[derive(Default)]
struct RuleWords {
    weekday: Option<Weekday>,
    number: Option<u32>,
    is_working: bool,
    is_last: bool,
    at: Option<NaiveTime>,
}

/// Reads a rule.
///
/// # Errors
/// What is not understood.
pub(super) fn parse(written: &str, pace: Pace) -> Result<Recurrence, String> {
    let text = written.trim().to_lowercase();
    if is_cron(&text) {
        let rule = Recurrence::cron(&text)
            .map_err(|error| format!("\"{written}\" is no cron expression: {error}"))?;
        let never = || format!("\"{written}\" names a day that never comes");
        return Some(rule).filter(Recurrence::ever_comes).ok_or_else(never);
    }
    if let (Pace::Daily, Some(at)) = (pace, every_day(&text)) {
        let cron = format!("{} {} * * *", at.minute(), at.hour());
        return Recurrence::cron(&cron).map_err(|error| error.to_string());
    }
    let mut said = RuleWords::default();
    for word in text
        .split([' ', ',', '\u{a0}'])
        .filter(|word| !word.is_empty())
    {
        said.take(word)
            .ok_or_else(|| format!("\"{word}\" in \"{written}\" is not understood"))?;
    }
    let on = said
        .rule(pace)
        .ok_or_else(|| format!("\"{written}\" does not say which day"))?;
    Ok(Recurrence::on(on, said.at.unwrap_or(AT)))
}

/// What the words may be, for a hint.
pub(super) fn expected(pace: Pace) -> &'static str {
    match pace {
        Pace::Weekly => {
            "for example \"Monday 08:00\" or \"понедельник 08:00\", or cron: \"15 8 * * 1\" (minute hour day month weekday)"
        }
        Pace::Daily => {
            "for example \"every day 08:00\" or \"каждый день 08:00\", \"Monday 08:00\", or cron: \"0 8 * * 1-5\""
        }
        Pace::Yearly => "a cron expression, for example \"0 9 12 1 *\": 12 January, 09:00",
        Pace::Monthly | Pace::Quarterly => {
            "for example \"working day 1 09:00\", \"рабочий день 1\", \"day 5 09:00\", \"last day\", or cron: \"0 9 5 * *\""
        }
    }
}

/// The time of a rule that names no day: `08:00`, `every day 08:00`.
fn every_day(text: &str) -> Option<NaiveTime> {
    let words = text.split_whitespace();
    let mut words = words.filter(|word| {
        !matches!(
            *word,
            "every" | "day" | "daily" | "at" | "каждый" | "день" | "ежедневно" | "в"
        )
    });
    let at = words.next().map_or(Some(AT), |time| {
        NaiveTime::parse_from_str(time, "%H:%M").ok()
    })?;
    words.next().is_none().then_some(at)
}

/// Five fields of digits and signs, or of names of months and days.
fn is_cron(text: &str) -> bool {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let is_field =
        |field: &&str| field.starts_with(|first: char| first == '*' || first.is_ascii_digit());
    let has_time = text.contains(':');
    fields.len() >= 5 && fields[..3].iter().all(is_field) && !has_time
}

impl RuleWords {
    /// Takes one word; `None` when it says nothing, or another thing than a word before.
    fn take(&mut self, word: &str) -> Option<()> {
        if FILLERS.contains(&word) || matches!(word, "day" | "день" | "дня" | "числа" | "число")
        {
            return Some(());
        }
        if matches!(word, "working" | "business" | "рабочий" | "рабочего") {
            self.is_working = true;
            return Some(());
        }
        if matches!(word, "last" | "последний" | "последнего") {
            self.is_last = true;
            return Some(());
        }
        if word.contains(':') {
            return set(&mut self.at, NaiveTime::parse_from_str(word, "%H:%M").ok()?);
        }
        if let Some(weekday) = weekday(word) {
            return set(&mut self.weekday, weekday);
        }
        set(&mut self.number, ordinal(word)?)
    }

    fn rule(&self, pace: Pace) -> Option<DayRule> {
        let of_month = match (self.number, self.is_working, self.is_last) {
            (Some(number), true, false) => Some(MonthDay::Working(number)),
            (Some(number), false, false) => Some(MonthDay::Day(number)),
            // More than any month has, so that it is the last of them.
            (None, true, true) => Some(MonthDay::Working(31)),
            (None, false, true) => Some(MonthDay::Last),
            _ => None,
        };
        match (pace, self.weekday, of_month) {
            (Pace::Weekly, Some(weekday), None) => Some(DayRule::Weekday(weekday)),
            (Pace::Monthly, None, Some(day)) => Some(DayRule::OfMonth(day)),
            (Pace::Quarterly, None, Some(day)) => Some(DayRule::OfQuarter(day)),
            _ => None,
        }
    }
}

fn set<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

fn weekday(word: &str) -> Option<Weekday> {
    let fits = |(known, _): &&(&str, Weekday)| {
        let is_short = known.chars().count() == 2;
        if is_short {
            word == *known
        } else {
            word.starts_with(known)
        }
    };
    WEEKDAYS.iter().find(fits).map(|(_, weekday)| *weekday)
}

/// `1`, `1st`, `2nd`, `1-й`, `1-го`: a day of a month.
fn ordinal(word: &str) -> Option<u32> {
    let digits = word
        .find(|symbol: char| !symbol.is_ascii_digit())
        .unwrap_or(word.len());
    let (number, ending) = word.split_at(digits);
    let is_ending = matches!(
        ending,
        "" | "st" | "nd" | "rd" | "th" | "-й" | "-го" | "-ый" | "-ое"
    );
    let number = number.parse().ok()?;
    (is_ending && (1..=31).contains(&number)).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u32, minute: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, minute, 0).expect("a time")
    }

    #[test]
    fn people_write_one_rule_in_many_ways() {
        let monday = Recurrence::on(DayRule::Weekday(Weekday::Mon), at(8, 0));
        for written in [
            "Monday 08:00",
            "weekly on Monday 08:00",
            "mon",
            "every Monday at 8:00",
            "понедельник",
            "пн 08:00",
            "еженедельно по понедельникам в 08:00",
        ] {
            assert_eq!(
                parse(written, Pace::Weekly),
                Ok(monday.clone()),
                "{written}"
            );
        }
        let first = Recurrence::on(DayRule::OfMonth(MonthDay::Working(1)), at(9, 30));
        for written in [
            "working day 1 09:30",
            "monthly on working day 1, 09:30",
            "1st working day of the month at 9:30",
            "1-й рабочий день месяца в 9:30",
        ] {
            assert_eq!(
                parse(written, Pace::Monthly),
                Ok(first.clone()),
                "{written}"
            );
        }
        let fifth = Recurrence::on(DayRule::OfQuarter(MonthDay::Day(5)), at(8, 0));
        assert_eq!(parse("day 5", Pace::Quarterly), Ok(fifth.clone()));
        assert_eq!(parse("5 числа", Pace::Quarterly), Ok(fifth));
        let last = Recurrence::on(DayRule::OfMonth(MonthDay::Last), at(8, 0));
        assert_eq!(parse("последний день", Pace::Monthly), Ok(last));
        let cron = Recurrence::cron("15 8 * * 1").expect("a rule");
        assert_eq!(parse("15 8 * * 1", Pace::Weekly), Ok(cron));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (written, pace, word) in [
            ("Monday 25:00", Pace::Weekly, "25:00"),
            ("someday", Pace::Weekly, "someday"),
            ("Monday Tuesday", Pace::Weekly, "tuesday"),
            ("08:00", Pace::Weekly, "which day"),
            ("Monday", Pace::Monthly, "which day"),
            ("day 32", Pace::Monthly, "32"),
            ("15 8 * * 9", Pace::Weekly, "cron"),
            ("0 8 31 2 *", Pace::Weekly, "never comes"),
            ("", Pace::Weekly, "which day"),
        ] {
            let refused = parse(written, pace).expect_err(written);
            assert!(refused.contains(word), "{written}: {refused}");
        }
    }
}
