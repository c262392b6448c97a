//! Which cell of a row a rule reads, and which cells say "nothing".

use chrono::{Days, NaiveDate};

use crate::ingest::cells::{self, DateOrder, Moment};
use crate::ingest::detect::Layout;
use crate::ingest::format::ColumnRule;
use crate::ingest::records::Chunk;
/// Cells that mean "nothing" in any column of numbers or dates.
const DASHES: &[&[u8]] = &[
    b"-",
    b"--",
    "—".as_bytes(),
    "–".as_bytes(),
    "не определено".as_bytes(),
    "Не определено".as_bytes(),
    "(not set)".as_bytes(),
];
/// No text of [`DASHES`] has more bytes: longer cells are compared with none.
const LONGEST_DASH: usize = 30;

/// Whether a cell means "nothing" where a number, a date or a flag is expected.
pub(super) fn is_dash(cell: &[u8]) -> bool {
    cell.len() <= LONGEST_DASH && DASHES.contains(&cell)
}

/// The first cell of those present that is not empty, else the rule's constant; those that a rule `skips`, as they say
/// nothing to it, are as good as empty. Only where the file has no such cell at all, what its header or its name tell: an
/// empty date in a row is not the date of the report.
pub(super) fn pick<'c>(
    rule: &'c ColumnRule,
    mut skips: impl FnMut(&[u8]) -> bool,
    layout: &'c Layout,
    slots: &[usize],
    chunk: &'c Chunk,
    row: usize,
) -> &'c [u8] {
    let mut nobodys = None;
    for slot in slots {
        let cell = cells::trim(chunk.cell(row, *slot));
        // A dash in the one column of telephones does not hide the number in the next.
        let is_nobodys = cells::is_null(cell) || skips(cell);
        if !cell.is_empty() && !is_nobodys {
            return cell;
        }
        nobodys = nobodys.or((!cell.is_empty()).then_some(cell));
    }
    if let Some(cell) = nobodys {
        return cell;
    }
    match &rule.constant {
        Some(constant) => constant.as_bytes(),
        None if slots.is_empty() => of_report(rule, layout),
        None => b"",
    }
}

/// The name of the date of the preamble that a rule falls back to.
pub(super) fn preamble_name(rule: &ColumnRule) -> Option<&str> {
    let mut names = rule.from.iter().map(String::as_str);
    names.find(|name| name.starts_with('@'))
}

/// What is said once for the whole report.
fn of_report<'c>(rule: &'c ColumnRule, layout: &'c Layout) -> &'c [u8] {
    let said = |name: &String| match (name.as_str(), &layout.period) {
        ("@period_from", Some((from, _))) => Some(from.as_bytes()),
        ("@period_to", Some((_, to))) => Some(to.as_bytes()),
        ("@name", _) => Some(layout.name.as_bytes()),
        ("@currency", _) => layout.currency.as_ref().map(|code| code.as_bytes()),
        _ => None,
    };
    rule.from.iter().find_map(said).unwrap_or_default()
}

/// The part of a cell that the rule wants: `google` of `google / organic` before the mark, `organic` behind it; what
/// stands between two marks where it names both. A cell without the mark is one part.
pub(super) fn part<'c>(rule: &ColumnRule, cell: &'c [u8]) -> &'c [u8] {
    let find = |cell: &[u8], mark: &String| memchr::memmem::find(cell, mark.as_bytes());
    let mut part = cell;
    if let Some(mark) = &rule.behind
        && let Some(at) = find(part, mark)
    {
        part = part[at + mark.len()..].trim_ascii_start();
    }
    if let Some(mark) = &rule.before
        && let Some(at) = find(part, mark)
    {
        part = part[..at].trim_ascii_end();
    }
    part
}

/// Whether a rule has words of its own for what stands in its cells.
pub(super) fn has_own_words(rule: &ColumnRule) -> bool {
    !rule.map.is_empty() || !rule.absent.is_empty()
}

/// The cell by the rule's own words: nothing for those that mean "absent", another text for those of its map.
pub(super) fn translate(rule: &ColumnRule, cell: &[u8]) -> String {
    let plain = cells::plain_spaces(cell);
    let text = String::from_utf8_lossy(&plain);
    let lower = text.to_lowercase();
    if rule.absent.contains(&lower) {
        return String::new();
    }
    let known = |word: &str| rule.map.get(word);
    let found = known(&lower)
        .or_else(|| known(bare_word(&lower)))
        .or_else(|| known("*"));
    found.cloned().unwrap_or_else(|| text.into_owned())
}

/// A word of a list without its number and what stands in brackets behind it: `5. closed won (sales pipeline)`.
fn bare_word(word: &str) -> &str {
    let numbered = word.split_once(". ");
    let bare = match numbered {
        Some((number, rest)) if number.bytes().all(|byte| byte.is_ascii_digit()) => rest,
        _ => word,
    };
    let in_brackets = bare.ends_with(')').then(|| bare.rsplit_once(" ("));
    in_brackets.flatten().map_or(bare, |(word, _)| word)
}

/// Digits of a number of days: a date has more.
const DIGITS_OF_DAYS: usize = 4;

/// The day that is so many days behind the first of the report; a date stands for itself.
pub(super) fn nth_day(cell: &[u8], layout: &Layout) -> Option<NaiveDate> {
    if cell.len() > DIGITS_OF_DAYS {
        return match cells::moment(cell, DateOrder::Ymd)? {
            Moment::Local(time) | Moment::Instant(time) => Some(time.date()),
        };
    }
    let (from, _) = layout.period.as_ref()?;
    let first: NaiveDate = from.parse().ok()?;
    first.checked_add_days(Days::new(cells::unsigned(cell)?))
}
