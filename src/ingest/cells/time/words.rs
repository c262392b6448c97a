//! The words of dates, in Russian and English: months, weekdays. A word is known whole or by the beginning that is usual.

use chrono::Weekday;

/// The month of a word in lower case: `ноября`, `ноябрь`, `нояб`, `ноя`, `november`, `nov`, `sept`.
pub(super) fn month(word: &str) -> Option<u32> {
    let at = MONTHS.iter().position(|words| words.contains(&word))?;
    u32::try_from(at + 1).ok()
}

/// The words of each month, January first.
const MONTHS: [&[&str]; 12] = [
    &["январь", "января", "янв", "january", "jan"],
    &["февраль", "февраля", "фев", "февр", "february", "feb"],
    &["март", "марта", "мар", "march", "mar"],
    &["апрель", "апреля", "апр", "april", "apr"],
    &["май", "мая", "may"],
    &["июнь", "июня", "июн", "june", "jun"],
    &["июль", "июля", "июл", "july", "jul"],
    &["август", "августа", "авг", "august", "aug"],
    &[
        "сентябрь",
        "сентября",
        "сен",
        "сент",
        "september",
        "sep",
        "sept",
    ],
    &["октябрь", "октября", "окт", "october", "oct"],
    &["ноябрь", "ноября", "ноя", "нояб", "november", "nov"],
    &["декабрь", "декабря", "дек", "december", "dec"],
];

/// The weekday of a word in lower case.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    let at = WEEKDAYS.iter().position(|words| words.contains(&word))?;
    Weekday::try_from(u8::try_from(at).ok()?).ok()
}

/// The words of each weekday, Monday first.
const WEEKDAYS: [&[&str]; 7] = [
    &["понедельник", "пн", "пнд", "monday", "mon"],
    &["вторник", "вт", "втр", "tuesday", "tue", "tues"],
    &["среда", "ср", "срд", "wednesday", "wed"],
    &["четверг", "чт", "чтв", "thursday", "thu", "thur", "thurs"],
    &["пятница", "пт", "птн", "friday", "fri"],
    &["суббота", "сб", "сбт", "saturday", "sat"],
    &["воскресенье", "вс", "вск", "sunday", "sun"],
];
